"""Papers as a table of text: CSV and its relatives, with a header that names title and abstract."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator

from leaderboard.models import Paper, Reject
from leaderboard.papers.record import BadRecordError, fields_of, holds_text, paper_from_fields, place_of
from leaderboard.papers.source import LINE_LIMIT, Source, UnreadableInputError

DELIMITERS = ",\t;|"
RECORD_LIMIT = 1 << 24
"""The longest record, in characters, that is read: 16 Mi. A quote that never closes is given up there."""


def read_delimited(source: Source) -> Iterator[Paper | Reject]:
    """One paper a row.

    A row that cannot be read (a quote that never closes, too many cells) is rejected and reading goes on with the line
    after the one where it begins.
    """
    lines = _Lines(source)
    header, delimiter = _header(lines)
    number = 0
    for row, line_number, problem in _rows(lines, delimiter, len(header)):
        if problem is None and not any(cell.strip() for cell in row):
            continue
        number += 1
        try:
            if problem is not None:
                raise problem
            if any(cell.strip() for cell in row[len(header) :]):
                raise BadRecordError("column_count", f"it has {len(row)} cells, the header has {len(header)}")
            fields = fields_of(dict(zip(header, row, strict=False)))
            yield paper_from_fields(fields, fallback_id=source.record_id(number))
        except BadRecordError as error:
            yield source.reject(number, error.reason, f"line {line_number}: {error.message}")


def delimiter_of(header_line: str) -> str | None:
    """The delimiter under which a line is a header with a title or an abstract; None if it is none."""
    for delimiter in DELIMITERS:
        try:
            cells = next(csv.reader([header_line], delimiter=delimiter), [])
        except csv.Error:
            continue
        if len(cells) > 1 and holds_text(cells):
            return delimiter
    return None


def looks_delimited(text: str) -> bool:
    """Whether the first line of a text is a header of at least two columns that we know, and no sentence."""
    first = next((line.strip() for line in text.split("\n") if line.strip()), "")
    delimiter = delimiter_of(first)
    if delimiter is None or first.endswith("."):
        return False
    cells = next(csv.reader([first], delimiter=delimiter))
    return sum(place_of(cell) is not None for cell in cells) > 1 and all(len(cell) <= 40 for cell in cells)


def _header(lines: _Lines) -> tuple[list[str], str]:
    first = next((line for line in lines if line.strip()), "")
    if first.lower().startswith("sep=") and len(first.rstrip("\r\n")) == 5:  # written by Excel above the header
        delimiter: str | None = first[4]
        first = next((line for line in lines if line.strip()), "")
    else:
        delimiter = delimiter_of(first)
    lines.taken.clear()
    try:
        header = next(csv.reader([first], delimiter=delimiter or ","), [])
    except csv.Error as error:
        raise UnreadableInputError("no_text_column", f"its first line is no header: {error}") from error
    if not holds_text(header):
        shown = ", ".join(cell.strip()[:30] for cell in header[:8])
        raise UnreadableInputError(
            "no_text_column", f"no column named title or abstract (the first line has: {shown or 'nothing'})"
        )
    return header, delimiter or ","


class _Lines:
    """Lines for csv.reader to pull, which remembers those of the record under way so that they can be put back."""

    def __init__(self, source: Source) -> None:
        self._source = source.lines()
        self._waiting: deque[tuple[int, str]] = deque()
        self.taken: list[tuple[int, str]] = []
        self._size = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        numbered = self._waiting.popleft() if self._waiting else next(self._source)
        self._size = self._size + len(numbered[1]) if self.taken else len(numbered[1])
        self.taken.append(numbered)
        if self._size > RECORD_LIMIT and len(self.taken) > 1:
            raise csv.Error(f"it goes on for more than {RECORD_LIMIT:,} characters")
        return numbered[1]

    def put_back_all_but_first(self) -> None:
        self._waiting.extendleft(reversed(self.taken[1:]))
        self.taken.clear()


def _rows(lines: _Lines, delimiter: str, columns: int) -> Iterator[tuple[list[str], int, BadRecordError | None]]:
    """Rows with the number of the line where each begins, or what is wrong with the row that begins there."""
    # The csv module's one limit is global; ours is below it, and lines are bounded by their source.
    csv.field_size_limit(max(csv.field_size_limit(), LINE_LIMIT))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            line_number, first = lines.taken[0]
            lines.put_back_all_but_first()
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            unquoted = first.rstrip("\r\n").split("\t")
            if delimiter == "\t" and len(unquoted) == columns:  # tables with tabs often do not quote
                yield unquoted, line_number, None
            else:
                yield [], line_number, BadRecordError("invalid_csv", f"not a row of a table: {error}")
            continue
        line_number = lines.taken[0][0]
        lines.taken.clear()
        yield row, line_number, None
