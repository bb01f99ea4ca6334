"""What the user names as input (files, folders, globs, "-") as a list of files in a fixed order, each with a name."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from glob import glob, has_magic
from pathlib import Path

from leaderboard.errors import InputError

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to read; `name` is what the ids of its records begin with; `chosen` whether the user named it itself."""

    path: Path | None  # None: standard input
    name: str
    chosen: bool


def expand(inputs: Sequence[str | Path]) -> list[InputFile]:
    """The files that the inputs stand for: folders with all below them, in the order of their names; each file once.

    Hidden files and folders are left out. Raises InputError for an input that is not there, and for none.
    """
    if not inputs:
        raise InputError('no input; name a file, a folder, a glob or "-" for standard input')
    files: list[InputFile] = []
    for item in inputs:
        files.extend(_files_of(item))
    seen: set[str | None] = set()
    unique: list[InputFile] = []
    for file in files:
        key = None if file.path is None else os.path.realpath(file.path)
        if key not in seen:
            seen.add(key)
            unique.append(file)
    return _with_different_names(unique)


def _files_of(item: str | Path) -> Iterable[InputFile]:
    if str(item) == STANDARD_INPUT:
        return [InputFile(None, "stdin", chosen=True)]
    path = Path(item)
    if path.is_dir():
        return _below(path)
    if path.exists():
        return [InputFile(path, path.name, chosen=True)]
    if not has_magic(str(item)):
        raise InputError(f"{item}: no such file or folder")
    files: list[InputFile] = []
    for match in sorted(glob(str(item), recursive=True)):  # noqa: PTH207 - the pattern may be absolute
        found = Path(match)
        files.extend(_below(found) if found.is_dir() else [InputFile(found, found.name, chosen=False)])
    if not files:
        raise InputError(f"{item}: no file matches")
    return files


def _below(folder: Path) -> list[InputFile]:
    found: list[InputFile] = []

    def refuse(error: OSError) -> None:
        raise InputError(f"{error.filename}: cannot be read ({error.strerror})") from error

    for directory, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            path = Path(directory, name)
            if not name.startswith(".") and path.is_file():
                found.append(InputFile(path, path.relative_to(folder).as_posix(), chosen=False))
    if not found:
        raise InputError(f"{folder}: no files in this folder")
    return sorted(found, key=lambda file: Path(file.name).parts)


def _with_different_names(files: list[InputFile]) -> list[InputFile]:
    """The same files, where two had one name with as much of their paths as tells them apart."""
    names = [file.name for file in files]
    depth = 1
    while len(set(names)) < len(names) and depth < 64:
        depth += 1
        counts = Counter(names)
        for place, file in enumerate(files):
            if counts[names[place]] > 1 and file.path is not None:
                names[place] = "/".join(file.path.absolute().parts[-depth:]).removeprefix("//")
    return [replace(file, name=name) for file, name in zip(files, names, strict=True)]
