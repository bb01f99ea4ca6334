"""Results and other tables out: JSON lines, CSV and Parquet, row by row, in memory that does not grow."""

from __future__ import annotations

import contextlib
import csv
import math
from collections.abc import Iterable, Sequence
from operator import attrgetter
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Literal, Protocol, get_args

import orjson

from leaderboard.errors import OutputError
from leaderboard.models import RESULT_COLUMNS, Result

from .output import open_output
from .schema import LIST_SEPARATOR, arrow_schema, columns

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Format = Literal["jsonl", "csv", "parquet"]
FORMATS: tuple[Format, ...] = get_args(Format)
ROW_GROUP_SIZE = 1 << 16
_BATCH_SIZE = 1 << 10


def format_of(path: str | Path | None, format: str | None = None) -> Format:  # noqa: A002
    """The format of an output: the one asked for, else by the suffix of its name, else CSV for standard output.

    Raises:
        OutputError: neither tells it, or the two do not fit.
    """
    suffixes = [suffix.lower() for suffix in Path(path).suffixes] if path is not None else []
    packed = suffixes[-1:] == [".gz"]
    suffix = (suffixes[-2] if len(suffixes) > 1 else "") if packed else (suffixes[-1] if suffixes else "")
    told = format or (suffix.removeprefix(".") if path is not None else "csv")
    for known in FORMATS:
        if told == known:
            if packed and known == "parquet":
                raise OutputError(f"{path}: Parquet is packed already; leave .gz away")
            return known
    where = f"{path}: " if path is not None else ""
    found = f"format {format!r}" if format else f"the suffix {suffix!r}" if suffix else "a name without suffix"
    raise OutputError(
        f"{where}{found} tells no format; use .jsonl, .csv or .parquet (or --to), .gz after the first two"
    )


class _RowWriter(Protocol):
    def write(self, rows: Sequence[Sequence[Any]]) -> None: ...

    def close(self) -> None: ...


class _JsonLines:
    """One JSON object a line, the columns in order."""

    def __init__(self, stream: IO[bytes], names: Sequence[str]) -> None:
        self._stream = stream
        self._names = tuple(names)

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        names = self._names
        self._stream.write(
            b"".join(orjson.dumps(dict(zip(names, row, strict=True)), option=orjson.OPT_APPEND_NEWLINE) for row in rows)
        )

    def close(self) -> None:
        pass


class _CsvLines:
    r"""CSV in UTF-8 with "\n" at the end of a line; null is the empty cell, a list is joined by ";"."""

    def __init__(self, stream: IO[bytes], names: Sequence[str]) -> None:
        self._stream = stream
        # The module quotes "\r" and "\n" in a cell only where they are in its own line end, which is cut in `_Sink`.
        self._writer = csv.writer(self._Sink(stream), lineterminator="\r\n")
        self._writer.writerow(names)

    class _Sink:
        def __init__(self, stream: IO[bytes]) -> None:
            self._write = stream.write

        def write(self, line: str) -> int:
            return self._write(f"{line[:-2]}\n".encode())

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        cell = _csv_cell
        self._writer.writerows([[cell(value) for value in row] for row in rows])

    def close(self) -> None:
        pass


def _csv_cell(value: Any) -> str | int | float | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, (list, tuple)):
        return LIST_SEPARATOR.join(map(str, value))
    return str(value)


class _Parquet:
    """Parquet with one row group for every ROW_GROUP_SIZE rows."""

    def __init__(self, stream: IO[bytes], schema: pa.Schema) -> None:
        from pyarrow.parquet import ParquetWriter

        self._schema = schema
        self._batches: list[pa.RecordBatch] = []
        self._waiting = 0
        self._writer = ParquetWriter(stream, schema, compression="zstd")

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        import pyarrow as pa

        if not rows:
            return
        cells = zip(*rows, strict=True)
        arrays = [pa.array(values, type=field.type) for values, field in zip(cells, self._schema, strict=True)]
        self._batches.append(pa.RecordBatch.from_arrays(arrays, schema=self._schema))
        self._waiting += len(rows)
        if self._waiting >= ROW_GROUP_SIZE:
            self._write_group()

    def _write_group(self) -> None:
        import pyarrow as pa

        self.write_table(pa.Table.from_batches(self._batches, schema=self._schema).combine_chunks())
        self._batches.clear()
        self._waiting = 0

    def write_table(self, table: pa.Table) -> None:
        self._writer.write_table(table, row_group_size=ROW_GROUP_SIZE)

    def close(self) -> None:
        try:
            if self._batches:
                self._write_group()
            self._writer.close()
        finally:
            self._writer.is_open = False  # or it would try again when it is collected, on a stream that is gone


class ResultsWriter:
    """Writes results to a file or to standard output; a context manager.

    The file appears when the `with` block ends without an error, and not at all otherwise. `count` is the number of
    results written so far.
    """

    def __init__(self, path: str | Path | None, format: str | None = None) -> None:  # noqa: A002
        self.count = 0
        self._rows: list[Sequence[Any]] = []
        self._values = attrgetter(*RESULT_COLUMNS)
        self._nullable_text = tuple(i for i, c in enumerate(columns()) if c.type == "string" and c.nullable)
        self._numbers = tuple(i for i, c in enumerate(columns()) if c.type == "number")
        self._stack = contextlib.ExitStack()
        kind = format_of(path, format)
        stream = self._stack.enter_context(open_output(path))
        try:
            self._writer = _row_writer(kind, stream, RESULT_COLUMNS)
        except BaseException as error:
            self._stack.__exit__(type(error), error, error.__traceback__)
            raise

    def write(self, result: Result) -> None:
        """Write one result.

        Raises:
            OutputError: its value is no finite number, or the place is full or gone.
        """
        row = list(self._values(result))
        if "" in row:  # CSV cannot tell it from null, so no format does
            for index in self._nullable_text:
                row[index] = row[index] or None
        for index in self._numbers:
            number = row[index]
            if number is not None and not math.isfinite(number):
                row[index] = None
                if RESULT_COLUMNS[index] == "value":
                    raise OutputError(
                        f"a result of {result.paper_id!r} cannot be written: value is {number} ({result.value_text!r})"
                    )
        self._rows.append(row)
        self.count += 1
        if len(self._rows) >= _BATCH_SIZE:
            self._flush()

    def write_all(self, results: Iterable[Result]) -> None:
        """Write results one after the other."""
        for result in results:
            self.write(result)

    def _flush(self) -> None:
        rows, self._rows = self._rows, []
        try:
            self._writer.write(rows)
        except (UnicodeEncodeError, orjson.JSONEncodeError) as error:
            raise OutputError(f"a result of {_culprit(rows)!r} cannot be written: {error}") from error

    def __enter__(self) -> ResultsWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            try:
                self._flush()
                self._writer.close()
            except BaseException as late:
                self._abandon(type(late), late, late.__traceback__)
                raise
            self._stack.close()
        else:
            self._abandon(kind, error, trace)

    def _abandon(self, kind: type[BaseException] | None, error: BaseException, trace: TracebackType | None) -> None:
        with contextlib.suppress(Exception):
            self._writer.close()
        self._stack.__exit__(kind, error, trace)

    def close(self) -> None:
        """Finish the file, for callers without a `with` block."""
        self.__exit__(None, None, None)


def _culprit(rows: Sequence[Sequence[Any]]) -> str:
    for row in rows:
        try:
            orjson.dumps(row)
        except orjson.JSONEncodeError:
            return str(row[0]).encode("ascii", "backslashreplace").decode()
    return "?"


def _row_writer(kind: Format, stream: IO[bytes], names: Sequence[str], schema: pa.Schema | None = None) -> _RowWriter:
    if kind == "jsonl":
        return _JsonLines(stream, names)
    if kind == "csv":
        return _CsvLines(stream, names)
    return _Parquet(stream, schema if schema is not None else arrow_schema())


def open_results_writer(path: str | Path | None, format: str | None = None) -> ResultsWriter:  # noqa: A002
    """A writer of results to `path`, or to standard output for None.

    The format is the one given (`jsonl`, `csv`, `parquet`), else by the suffix of `path`, else CSV; `.gz` may follow
    the first two.

    Raises:
        OutputError: no format can be told, or the place cannot be written.
    """
    return ResultsWriter(path, format)


def write_results(results: Iterable[Result], path: str | Path | None = None, format: str | None = None) -> int:  # noqa: A002
    """Write results to `path` (None: standard output) and return how many there were.

    Raises:
        OutputError: see `open_results_writer`.
    """
    with open_results_writer(path, format) as writer:
        writer.write_all(results)
    return writer.count


def write_table(table: pd.DataFrame, path: str | Path | None = None, format: str | None = None) -> None:  # noqa: A002
    """Write any table of this package (results, boards, a ranked board) to `path` (None: standard output).

    Raises:
        OutputError: see `open_results_writer`.
    """
    import pyarrow as pa

    kind = format_of(path, format)
    try:
        arrow = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None)
    except (pa.ArrowException, TypeError, OverflowError, UnicodeEncodeError) as error:
        reason = " ".join(str(error).split())
        raise OutputError(f"a column of the table cannot be written ({reason})") from error
    schema = pa.schema([_plain(field) for field in arrow.schema])
    arrow = arrow.cast(schema)
    with open_output(path) as stream, contextlib.closing(_row_writer(kind, stream, schema.names, schema)) as writer:
        if isinstance(writer, _Parquet):
            writer.write_table(arrow)
            return
        for batch in arrow.to_batches(max_chunksize=_BATCH_SIZE):
            writer.write(list(zip(*(column.to_pylist() for column in batch.columns), strict=True)))


def _plain(field: pa.Field[Any]) -> pa.Field[Any]:
    """The field without what only Arrow knows: dictionaries, large texts, a list of nothing."""
    import pyarrow as pa

    kind = field.type
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if pa.types.is_large_string(kind) or pa.types.is_null(kind):
        kind = pa.string()
    if pa.types.is_list(kind) and pa.types.is_null(kind.value_type):
        kind = pa.list_(pa.string())
    known = arrow_schema()
    if pa.types.is_null(field.type) and field.name in known.names:
        kind = known.field(field.name).type
    return field.with_type(kind)
