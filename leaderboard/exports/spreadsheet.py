"""Results and boards as an Excel workbook; text stays text, whatever it begins with."""

from __future__ import annotations

import datetime
from typing import IO, Any

import pandas as pd
import xlsxwriter  # type: ignore[import-untyped]

from leaderboard.boards import boards
from leaderboard.errors import OutputError
from leaderboard.table.schema import LIST_SEPARATOR

from .entries import plain

# https://support.microsoft.com/office: specifications and limits of Excel.
MOST_ROWS = 1_048_576
_LONGEST_TEXT = 32_767
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def write_xlsx(table: pd.DataFrame, stream: IO[bytes]) -> int:
    """Write the sheets `results` and `boards`; returns 0, since every result is there.

    A text that a spreadsheet would take for a formula is stored as text and marked as such, so that it stays one when
    somebody edits it. A text beyond Excel's limit of 32,767 characters is cut, with "…" at its end.

    Raises:
        OutputError: more rows than a sheet holds.
    """
    if len(table) >= MOST_ROWS:
        raise OutputError(
            f"{len(table):,} results are more than the {MOST_ROWS - 1:,} that a sheet holds; use csv or parquet"
        )
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, options | {"constant_memory": True}) as book:
        book.set_properties({"title": "Results", "created": datetime.datetime(2000, 1, 1)})  # the same bytes each time
        heading = book.add_format({"bold": True, "bottom": 1})
        quoted = book.add_format({"quote_prefix": True})
        for name, frame in (("results", table), ("boards", boards(table))):
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for column, title in enumerate(frame.columns):
                sheet.write_string(0, column, str(title), heading)
            if len(frame.columns):
                sheet.autofilter(0, 0, len(frame), len(frame.columns) - 1)
            cells = zip(*(frame[title].tolist() for title in frame.columns), strict=True)
            for row, values in enumerate(cells, 1):
                for column, value in enumerate(values):
                    _write(sheet, row, column, plain(value), quoted)
    return 0


def _write(sheet: Any, row: int, column: int, value: Any, quoted: Any) -> None:
    if value is None or value == [] or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, (int, float)):
        sheet.write_number(row, column, value)
    else:
        text = LIST_SEPARATOR.join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
        if len(text) > _LONGEST_TEXT:
            text = f"{text[: _LONGEST_TEXT - 1]}…"
        sheet.write_string(row, column, text, quoted if text.startswith(_FORMULA_SIGNS) else None)
