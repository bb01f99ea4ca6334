"""Where data goes: standard output, or a file that appears whole or not at all."""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from leaderboard.errors import OutputError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


@contextlib.contextmanager
def open_output(path: str | Path | None, *, compress: bool | None = None) -> Iterator[IO[bytes]]:
    """A binary stream to `path`, or to standard output for None.

    The bytes go to a temporary file beside `path`, which takes its place when the block ends without an error and is
    removed otherwise. A link is followed; a pipe or device is written to directly. `compress` asks for gzip (by default
    where the name ends in `.gz`); the packed bytes hold no name and no time.

    Raises:
        OutputError: the place cannot be written.
    """
    if compress is None:
        compress = path is not None and str(path).lower().endswith(".gz")
    with _open_place(path) as stream:
        if not compress:
            yield stream
            return
        packed = gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=stream, mtime=0)
        try:
            yield cast(IO[bytes], packed)
        finally:
            packed.close()


@contextlib.contextmanager
def _open_place(path: str | Path | None) -> Iterator[IO[bytes]]:
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    target = Path(os.path.realpath(path))
    try:
        status = target.stat()
    except OSError:
        status = None
    if status is not None and stat.S_ISDIR(status.st_mode):
        raise OutputError(f"{path} is a folder; name a file in it")
    if status is not None and not stat.S_ISREG(status.st_mode):  # a pipe or device must not be replaced by a file
        with _reporting(path):
            file = _File(target, path)
        with io.BufferedWriter(file) as stream:
            yield stream
        return
    with _reporting(path):
        handle, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", suffix=".part", dir=target.parent)
    part = Path(name)
    try:
        with io.BufferedWriter(_File(handle, path)) as stream:
            yield stream
            stream.flush()
            with _reporting(path):
                os.fsync(handle)
        with _reporting(path):
            part.chmod(stat.S_IMODE(status.st_mode) if status is not None else 0o666 & ~_umask())
            part.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


class _File(io.FileIO):
    """A file whose failures name the place that the user asked for; others' errors inside the block stay their own."""

    def __init__(self, place: Path | int, path: str | Path) -> None:
        super().__init__(place, "wb")
        self._path = path

    def write(self, data: ReadableBuffer, /) -> int:
        with _reporting(self._path):
            return super().write(data)


@contextlib.contextmanager
def _reporting(path: str | Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"cannot write {path}: {reason}; name a place that exists and can be written") from error


def _umask() -> int:
    mask = os.umask(0o022)  # the only way to read it is to set it
    os.umask(mask)
    return mask
