"""Tables of results in: JSON lines, CSV, Parquet and Papers-with-Code tables, told apart by content."""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar

import orjson

from leaderboard.errors import InputError
from leaderboard.models import RESULT_COLUMNS, Result

from .arrow import check_arrow, missing_column
from .further import infer, text_cells
from .schema import (
    LIST_SEPARATOR,
    BadCellError,
    Column,
    arrow_schema,
    arrow_type,
    column_of,
    columns,
    has_result_dtypes,
    required_columns,
    shorten,
    to_pandas,
)

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_CHUNK = 1 << 15
_T = TypeVar("_T")
_Bytes = io.BufferedReader | io.BytesIO | gzip.GzipFile
_Place = Callable[[int], str]  # where the record of that position in a chunk stands, for a message
_WORDS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


def to_table(results: Iterable[Result]) -> pd.DataFrame:
    """Results as a table with exactly the columns RESULT_COLUMNS, one row each, in their order.

    Text is `string`, whole numbers `Int64`, numbers `float64` (null is NaN), truth values `boolean`, `flags`
    lists.

    Raises:
        InputError: a field of a result holds what its column does not allow.
    """
    builder = _Builder()
    builder.add_results(results, "result")
    return to_pandas(builder.table())


def read_results(paths: str | Path | Iterable[str | Path]) -> pd.DataFrame:
    """One table of the results in the files, in the order given: the columns of `to_table`, then further ones.

    A file holds JSON lines, CSV, Parquet or the JSON of Papers-with-Code tables, told by its content; the text formats
    may be packed with gzip. `-` is standard input. An absent column is null (or has the default of `Result`).

    Raises:
        InputError: a file cannot be read as results; names file, line, column, what was found and what is allowed.
    """
    import pyarrow as pa

    if isinstance(paths, (str, Path)):
        paths = [paths]
    tables = [_read_file(path) for path in paths]
    if not tables:
        return to_table([])
    table = tables[0] if len(tables) == 1 else pa.concat_tables(_alike(tables), promote_options="default")
    further = [name for name in table.column_names if name not in column_of()]
    return to_pandas(table.select([*RESULT_COLUMNS, *further]))


def as_table(table: pd.DataFrame) -> pd.DataFrame:
    """The table itself if it has the columns and dtypes of `to_table`, else a checked copy that has them.

    Raises:
        InputError: a column is missing or holds what it does not allow.
    """
    import pyarrow as pa

    if has_result_dtypes(table):
        return table
    try:
        arrow = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None)
    except (pa.ArrowException, TypeError, OverflowError, UnicodeEncodeError) as error:
        raise InputError(f"the table has a column of mixed or unknown type ({shorten(str(error), 160)})") from error
    out = to_pandas(check_arrow(arrow, "the table"))
    out.index = table.index
    return out


def _numbered(what: str, start: int) -> _Place:
    return lambda position: f"{what} {start + position + 1}"


def _lines(name: str, numbers: Sequence[int]) -> _Place:
    return lambda position: f"{name}, line {numbers[position]}"


def _chunks(items: Iterable[_T]) -> Iterator[tuple[int, list[_T]]]:
    iterator = iter(items)
    start = 0
    while chunk := list(itertools.islice(iterator, _CHUNK)):
        yield start, chunk
        start += len(chunk)


class _Builder:
    """Grows an Arrow table from checked chunks of columns; what is no column of a result is kept as further columns."""

    def __init__(self) -> None:
        self._batches: list[pa.RecordBatch] = []
        self._further: dict[str, list[Any]] = {}
        self._length = 0

    def add(self, cells: dict[str, Sequence[Any]], length: int, place: _Place) -> None:
        import pyarrow as pa

        arrays = []
        for column in columns():
            values = cells.get(column.name)
            try:
                cleaned = column.clean(values if values is not None else [None] * length)
                arrays.append(pa.array(cleaned, type=arrow_type(column.type)))
            except BadCellError as error:
                raise InputError(f"{place(error.position)}: {error.message}") from None
            except UnicodeEncodeError as error:
                raise InputError(f"{place(0)} or after: column {column.name} holds half a surrogate pair") from error
        self._batches.append(pa.RecordBatch.from_arrays(arrays, schema=arrow_schema()))
        for name, values in cells.items():
            if name not in column_of():
                column_so_far = self._further.setdefault(name, [])
                column_so_far += [None] * (self._length - len(column_so_far))
                column_so_far += values
        self._length += length

    def add_results(self, results: Iterable[Result], what: str) -> None:
        values = attrgetter(*RESULT_COLUMNS)
        for start, chunk in _chunks(results):
            cells = zip(*map(values, chunk), strict=True)
            self.add(dict(zip(RESULT_COLUMNS, cells, strict=True)), len(chunk), _numbered(what, start))

    def table(self) -> pa.Table:
        import pyarrow as pa

        table = pa.Table.from_batches(self._batches, schema=arrow_schema())
        for name, values in self._further.items():
            table = table.append_column(name, infer([*values, *([None] * (self._length - len(values)))]))
        return table


def _read_file(path: str | Path) -> pa.Table:
    name = "standard input" if str(path) == "-" else str(path)
    try:
        if str(path) == "-":
            return _read_stream(io.BytesIO(sys.stdin.buffer.read()), name)
        with Path(path).open("rb") as stream:
            return _read_stream(stream if stream.seekable() else io.BytesIO(stream.read()), name)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(f"{name}: the packed file is damaged ({error}); fetch or write it anew") from error
    except IsADirectoryError:
        raise InputError(f"{name} is a folder; name the files of results in it") from None
    except OSError as error:
        raise InputError(f"cannot read {name}: {error.strerror or error}") from error


def _read_stream(stream: _Bytes, name: str) -> pa.Table:
    head = stream.read(4)
    stream.seek(0)
    if head == b"PAR1":
        return _read_parquet(stream, name)
    if head[:2] == b"\x1f\x8b":
        with gzip.GzipFile(fileobj=stream, mode="rb") as unzipped:
            return _read_text(unzipped, name)
    return _read_text(stream, name)


def _read_text(stream: _Bytes, name: str) -> pa.Table:
    with io.BufferedReader(stream, 1 << 16) as content:
        beginning = content.peek(1 << 16)[: 1 << 16].removeprefix(b"\xef\xbb\xbf").lstrip()
        if beginning.startswith(b"["):
            return _read_json_array(content, name)
        if not beginning or beginning.startswith(b"{"):
            return _read_json_lines(content, name)
        return _read_csv(content, name)


def _read_json_array(stream: IO[bytes], name: str) -> pa.Table:
    from .pwc import is_pwc, results_of

    try:
        data = orjson.loads(stream.read().removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise InputError(f"{name}: not valid JSON ({error})") from None
    builder = _Builder()
    if is_pwc(data):
        builder.add_results(results_of(data, name), f"{name}, row")
        return builder.table()
    for start, chunk in _chunks(data):
        _add_records(builder, chunk, _numbered(f"{name}, item", start))
    return builder.table()


def _read_json_lines(stream: IO[bytes], name: str) -> pa.Table:
    builder = _Builder()
    lines = ((number, line) for number, line in enumerate(stream, 1) if not line.isspace())
    for _, chunk in _chunks(lines):
        numbers = [number for number, _ in chunk]
        records = []
        for number, line in chunk:
            try:
                records.append(orjson.loads(line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line))
            except orjson.JSONDecodeError as error:
                raise InputError(f"{name}, line {number}: not valid JSON ({error}): {_shown(line)}") from None
        _add_records(builder, records, _lines(name, numbers))
    return builder.table()


def _shown(line: bytes) -> str:
    return shorten(line[:200].decode("utf-8", "replace"))


def _add_records(builder: _Builder, records: Sequence[Any], place: _Place) -> None:
    for position, record in enumerate(records):
        if type(record) is not dict:
            raise InputError(f"{place(position)}: {shorten(repr(record))} is no result; allowed: one object a result")
    header = list(records[0])
    if all(list(record) == header for record in records):  # as this package writes them: columns without look-ups
        cells = dict(zip(header, zip(*map(dict.values, records), strict=True), strict=True))
        if cells.keys() >= set(required_columns()):
            builder.add(cells, len(records), place)
            return
    names = dict.fromkeys(name for record in records for name in record)
    for name in required_columns():
        for position, record in enumerate(records):
            if name not in record:
                raise InputError(missing_column(place(position), name, record))
    builder.add({name: [record.get(name) for record in records] for name in names}, len(records), place)


def _read_csv(stream: IO[bytes], name: str) -> pa.Table:
    csv.field_size_limit(max(csv.field_size_limit(), 1 << 30))  # a sentence has no limit of 128 kB
    with io.TextIOWrapper(stream, encoding="utf-8-sig", newline="") as text:
        reader = csv.reader(text, strict=True)
        try:
            return _csv_table(reader, name)
        except csv.Error as error:
            raise InputError(f"{name}, line {reader.line_num}: not valid CSV ({error})") from None
        except UnicodeDecodeError as error:
            where = f"{name}, after line {reader.line_num}"
            raise InputError(f"{where}: not UTF-8 ({error.reason}); save it as UTF-8") from None


def _csv_table(reader: Any, name: str) -> pa.Table:
    builder = _Builder()
    header = next(reader)
    _check_header(header, name)
    for _, chunk in _chunks(_csv_rows(reader, len(header), name)):
        place = _lines(name, [number for number, _ in chunk])
        cells: dict[str, Sequence[Any]] = {}
        for heading, values in zip(header, zip(*(row for _, row in chunk), strict=True), strict=True):
            column = column_of().get(heading)
            cells[heading] = text_cells(values) if column is None else _parse(column, values, place)
        builder.add(cells, len(chunk), place)
    return builder.table()


def _csv_rows(reader: Any, width: int, name: str) -> Iterator[tuple[int, list[str]]]:
    while True:
        line = reader.line_num + 1
        row = next(reader, None)
        if row is None:
            return
        if not row:
            continue
        if len(row) != width:
            raise InputError(f"{name}, line {line}: {len(row)} cells, but the first line names {width} columns")
        yield line, row


def _check_header(header: Sequence[str], name: str) -> None:
    twice = {heading for heading in header if header.count(heading) > 1}
    if twice:
        raise InputError(f"{name}, line 1: column {min(twice)!r} stands twice")
    for column in required_columns():
        if column not in header:
            raise InputError(missing_column(f"{name}, line 1", column, header))


def _parse(column: Column, cells: Sequence[str], place: _Place) -> list[Any]:
    """The cells of a CSV column as values of its type; what cannot be one is left as it is, for `clean` to complain."""
    if column.type == "string":
        return list(cells) if not column.nullable else [cell or None for cell in cells]
    if column.type == "list":
        return [cell.split(LIST_SEPARATOR) if cell else [] for cell in cells]
    if column.type == "boolean":
        return [_WORDS.get(cell, cell) if cell else None for cell in cells]
    convert = _integer if column.type == "integer" else _number
    try:
        return [convert(cell) if cell else None for cell in cells]
    except ValueError:
        for position, cell in enumerate(cells):
            try:
                convert(cell) if cell else None
            except ValueError:
                message = f"column {column.name} is {shorten(repr(cell))}; allowed: {column.expects}"
                raise InputError(f"{place(position)}: {message}") from None
        raise


def _number(cell: str) -> float:
    if "_" in cell:  # Python's own notation, which no table means
        raise ValueError(cell)
    return float(cell)


def _integer(cell: str) -> int | float:
    try:
        return int(cell) if "_" not in cell else _number(cell)
    except ValueError:
        return _number(cell)


def _read_parquet(stream: _Bytes, name: str) -> pa.Table:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        table = parquet.read_table(pa.PythonFile(stream, mode="r"))
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{name}: not valid Parquet ({shorten(str(error), 120)})") from None
    return check_arrow(table.replace_schema_metadata(None), name)


def _alike(tables: Sequence[pa.Table]) -> list[pa.Table]:
    """The tables with each further column in one type: text where they differ."""
    import pyarrow as pa

    kinds: dict[str, set[pa.DataType]] = {}
    for table in tables:
        for field in table.schema:
            kinds.setdefault(field.name, set()).add(field.type)
    mixed = {name for name, types in kinds.items() if len(types - {pa.null()}) > 1}
    out = []
    for table in tables:
        for index, field in enumerate(table.schema):
            if field.name in mixed:
                values = [
                    None if v is None else v if isinstance(v, str) else _text(v)
                    for v in table.column(index).to_pylist()
                ]
                table = table.set_column(index, field.name, pa.array(values, type=pa.string()))
        out.append(table)
    return out


def _text(value: Any) -> str:
    return orjson.dumps(value, default=str).decode()
