"""The folder of what the dashboard has prepared, under digests of the content it was prepared from."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from leaderboard.errors import InputError


@cache
def cache_folder() -> Path:
    """Where prepared files lie: `LEADERBOARD_CACHE`, else the user's cache folder, else a temporary one."""
    import platformdirs

    named = os.environ.get("LEADERBOARD_CACHE")
    for folder in [Path(named)] if named else [Path(platformdirs.user_cache_dir("leaderboard", appauthor=False))]:
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return folder
    return Path(tempfile.mkdtemp(prefix="leaderboard-"))


def forget_old(days: float = 60) -> None:
    """Remove what nobody has used for so long from the cache folder."""
    limit = time.time() - days * 86_400
    for path in cache_folder().iterdir():
        with contextlib.suppress(OSError):
            if max(path.stat().st_mtime, path.stat().st_atime) < limit:
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def code_files() -> list[Path]:
    """All code and data that decide what is extracted, in order: all of the package but what shows and audits it."""
    package = Path(__file__).parents[1]
    others = {package / "dashboard", package / "audit"}
    return sorted(
        path
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and others.isdisjoint(path.parents)
    )


@cache
def code_digest() -> str:
    """A digest of `code_files`, so that newer rules and weights never serve older results."""
    package = Path(__file__).parents[1]
    digest = hashlib.blake2b(digest_size=16)
    for path in code_files():
        digest.update(f"{path.relative_to(package)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def digest_of_bytes(content: bytes) -> str:
    """A digest of bytes."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def write_bytes(path: Path, content: bytes) -> None:
    """A file that appears whole or not at all."""
    from leaderboard.table import open_output

    with open_output(path, compress=False) as stream:
        stream.write(content)


def digest_of(paths: Iterable[Path], purpose: str) -> str:
    """A digest of files' bytes, of what is made of them and of the code that makes it; folders count with all in them.

    Raises:
        InputError: a file cannot be read.
    """
    digest = hashlib.blake2b(f"{purpose}\0{code_digest()}".encode(), digest_size=16)
    for path in paths:
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in files:
            try:
                with file.open("rb") as stream:
                    content = hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=16))
            except OSError as error:
                raise InputError(f"{file}: cannot be read: {error.strerror}; check its permissions") from error
            digest.update(f"\0{file.name}\0{content.hexdigest()}".encode())
    return digest.hexdigest()
