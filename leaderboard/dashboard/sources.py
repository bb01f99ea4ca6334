"""From the files that the dashboard is started with, or that are dropped on it, to Parquet files of results and papers.

A file of results is used as it is. Papers are read and extracted, once for a content (see `cache`).
"""

from __future__ import annotations

import contextlib
import csv
import glob
import gzip
import io
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leaderboard.dashboard.cache import cache_folder, code_digest, digest_of, digest_of_bytes
from leaderboard.errors import InputError
from leaderboard.models import PAPER_COLUMNS, REJECT_COLUMNS, RESULT_COLUMNS, Paper, Reject

if TYPE_CHECKING:
    import pyarrow as pa

Progress = Callable[[str, float | None], None]
"""What is being done, and the share that is done (0 to 1; None where it cannot be known)."""

EXAMPLE = Path(__file__).parents[1] / "example" / "papers.jsonl"
_HEAD_SIZE = 1 << 16
_BATCH = 2048
_WORTH_A_PROCESS = 500  # papers; a process of its own takes a second to start
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Part:
    """What one input holds, before its results are placed on boards: a file of results, of papers, of rejects."""

    digest: str
    results: Path | None
    papers: Path | None = None
    rejects: Path | None = None


def say_nothing(what: str, share: float | None) -> None:
    """A progress that nobody watches."""


def expand(inputs: Sequence[str]) -> list[Path]:
    """The files and folders that the inputs name; globs are expanded in order of name.

    Raises:
        InputError: an input names nothing.
    """
    found: list[Path] = []
    for item in inputs:
        path = Path(item)
        names = [item] if path.exists() else sorted(glob.glob(item, recursive=True))  # noqa: PTH207 - of any folder
        matches = [Path(name) for name in names]
        if not matches:
            raise InputError(f"{item}: no such file or folder; check the name")
        found += matches
    return found


def is_results(path: Path) -> bool:
    """Whether a file holds results, told by the names of its columns or of the keys in its first line.

    Everything else is for the readers of papers to judge.
    """
    from leaderboard.table.schema import required_columns

    return path.is_file() and set(required_columns()) <= _names_in(path)


def _names_in(path: Path) -> set[str]:
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD_SIZE)
        if head.startswith(b"PAR1"):
            from pyarrow.parquet import read_schema

            return set(read_schema(path).names)
        if head.startswith(b"\x1f\x8b"):
            with gzip.open(path) as packed:
                head = packed.read(_HEAD_SIZE)
    except (OSError, EOFError, ValueError):
        return set()
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        return _names_in_array(path)
    line = next((row for row in head.decode("utf-8-sig", "replace").splitlines() if row.strip()), "")
    if line.lstrip().startswith("{"):
        import orjson

        with contextlib.suppress(orjson.JSONDecodeError):
            record = orjson.loads(line)
            return set(record) if isinstance(record, dict) else set()
        return set()
    try:
        return set(next(csv.reader(io.StringIO(line)), []))
    except csv.Error:
        return set()


def _names_in_array(path: Path) -> set[str]:
    """The names in a JSON array: of a result's columns, all of them for Papers-with-Code tables, which hold results."""
    import orjson

    from leaderboard.table.pwc import is_pwc

    try:
        content = path.read_bytes()
        data = orjson.loads(gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content)
    except (OSError, EOFError, ValueError):
        return set()
    if is_pwc(data):
        return set(RESULT_COLUMNS)
    return set(data[0]) if isinstance(data, list) and data and isinstance(data[0], dict) else set()


def parts_of(inputs: Sequence[str], texts: Sequence[str] = (), progress: Progress = say_nothing) -> list[Part]:
    """Everything that `inputs` hold, one part for each file of results, one for all papers that are extracted.

    Papers given beside results are extracted too, unless one of them is a paper of these results: then the file holds
    the texts that the results came from.

    Args:
        inputs: files of results, and files or folders of papers; none means the bundled example.
        texts: papers whose texts belong to the results, which are shown and not extracted again.
        progress: told what is being done.

    Raises:
        InputError: a file cannot be read.
    """
    paths = expand(inputs) if inputs else [EXAMPLE]
    progress("Looking at the files", None)
    tables = [path for path in paths if is_results(path)]
    papers = [path for path in paths if path not in tables]
    parts = [results_part(path) for path in tables]
    if texts:
        parts.append(papers_part(expand(texts), extract=False, progress=progress))
    if tables and papers:
        papers = _without_texts(papers, tables, parts, progress)
    if papers:
        parts.append(papers_part(papers, progress=progress))
    if all(part.results is None for part in parts):
        raise InputError(f"{', '.join(map(str, paths))}: no results in there; give a file of results or of papers")
    return parts


def _without_texts(papers: list[Path], tables: list[Path], parts: list[Part], progress: Progress) -> list[Path]:
    """The papers to extract; files that hold the texts of the results go to `parts` as they are."""
    from leaderboard.table import read_results

    known = set(read_results(tables)["paper_id"])
    rest = []
    for path in papers:
        part = papers_part([path], extract=False, progress=progress)
        assert part.papers is not None
        if any(paper.paper_id in known for paper in read_prepared_papers(part.papers)):
            parts.append(part)
        else:
            rest.append(path)
    return rest


def results_part(path: Path) -> Part:
    """A file of results."""
    return Part(digest_of([path], "results"), path)


def part_of(papers: Sequence[Paper]) -> Part:
    """Papers at hand, extracted."""
    content = "\0".join(repr(paper) for paper in papers)
    return _papers_part(digest_of_bytes(f"{code_digest()}\0{content}".encode()), lambda _: iter(papers), extract=True)


def papers_part(paths: Sequence[Path], *, extract: bool = True, progress: Progress = say_nothing) -> Part:
    """Papers read, and extracted unless only their texts are wanted.

    Raises:
        InputError: no paper can be read.
    """
    from leaderboard.papers import read_papers

    def read(rejects: list[Reject]) -> Iterator[Paper]:
        return read_papers(paths, on_reject=rejects.append)

    return _papers_part(digest_of(paths, "papers" if extract else "texts"), read, extract=extract, progress=progress)


def _papers_part(
    digest: str,
    read: Callable[[list[Reject]], Iterator[Paper]],
    *,
    extract: bool,
    progress: Progress = say_nothing,
) -> Part:
    folder = cache_folder() / f"{digest}.papers"
    if not folder.is_dir():
        part = Path(tempfile.mkdtemp(prefix=f".{digest}.", dir=cache_folder()))
        try:
            _fill(part, read, extract, progress)
            with contextlib.suppress(OSError):  # another process was faster: its folder holds the same
                part.replace(folder)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    results = folder / "results.parquet" if extract else None
    return Part(digest, results, folder / "papers.parquet", folder / "rejects.parquet")


def _fill(folder: Path, read: Callable[[list[Reject]], Iterator[Paper]], extract: bool, progress: Progress) -> None:
    rejects: list[Reject] = []
    count = 0

    def counted(papers: Iterable[Paper]) -> Iterator[Paper]:
        nonlocal count
        for count, paper in enumerate(papers, 1):
            if count % _BATCH == 0:
                progress(f"Reading papers: {count:,}", None)
            yield paper

    papers_file = folder / "papers.parquet"
    write_records(papers_file, counted(read(rejects)), PAPER_COLUMNS, paper_schema())
    write_records(folder / "rejects.parquet", rejects, REJECT_COLUMNS, reject_schema())
    if not count:
        reason = rejects[0].message if rejects else "there is no paper in it"
        raise InputError(f"{reason}; give a file of papers (title and abstract) or of results")
    if extract:
        from leaderboard.dashboard.extracting import extract_file, extract_file_apart

        def told(done: int, results: int) -> None:
            progress(f"Extracting results: {done:,} of {count:,} papers, {results:,} results", done / count)

        progress(f"Extracting results from {count:,} papers", 0.0)
        run = extract_file if count < _WORTH_A_PROCESS else extract_file_apart
        run(papers_file, folder / "results.parquet", told)


def whole_characters(text: str) -> str:
    """The text with each half of a character, which no file can hold, as U+FFFD, so that offsets stay what they are."""
    return text if text.isascii() else _LONE_SURROGATE.sub("\ufffd", text)


def paper_schema() -> pa.Schema:
    """The columns of a file of papers."""
    import pyarrow as pa

    types: dict[str, Any] = {"year": pa.int64(), "authors": pa.list_(pa.string())}
    return pa.schema([(name, types.get(name, pa.string())) for name in PAPER_COLUMNS])


def reject_schema() -> pa.Schema:
    """The columns of a file of rejects."""
    import pyarrow as pa

    types: dict[str, Any] = {name: pa.int64() for name in ("record", "start", "end")}
    return pa.schema([(name, types.get(name, pa.string())) for name in REJECT_COLUMNS])


def write_records(path: Path, records: Iterable[Any], names: Sequence[str], schema: pa.Schema) -> None:
    """Records (frozen dataclasses) as a Parquet file, in whole characters."""
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    def cell(value: Any) -> Any:
        if isinstance(value, str):
            return whole_characters(value)
        return [cell(item) for item in value] if isinstance(value, tuple) else value

    with ParquetWriter(path, schema, compression="zstd") as writer:
        rows: list[list[Any]] = []

        def flush() -> None:
            columns = zip(*rows, strict=True)
            arrays = [pa.array(list(cells), type=field.type) for cells, field in zip(columns, schema, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            rows.clear()

        for record in records:
            rows.append([cell(getattr(record, name)) for name in names])
            if len(rows) == _BATCH:
                flush()
        if rows:
            flush()


def read_prepared_papers(path: Path) -> Iterator[Paper]:
    """The papers of a file that `prepare` wrote, in their order."""
    from pyarrow.parquet import ParquetFile

    with ParquetFile(path) as file:
        for batch in file.iter_batches(_BATCH):
            for row in batch.to_pylist():
                yield Paper(**{**row, "authors": tuple(row["authors"] or ())})
