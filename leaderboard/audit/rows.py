"""Results out of rows: lines of JSON, or a table read by `leaderboard.table`."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from leaderboard.models import RESULT_COLUMNS, Result

if TYPE_CHECKING:
    import pandas as pd

_REQUIRED = ("paper_id", "kind", "value", "value_text")


def result_of_row(row: Mapping[str, Any]) -> Result:
    """A Result from a mapping of the contract's columns; other columns are ignored, missing ones are null.

    Raises KeyError where paper_id, kind, value or value_text is missing.
    """
    values = {name: _plain(row[name]) for name in RESULT_COLUMNS if name in row}
    values = {name: value for name, value in values.items() if value is not None}
    values.setdefault("value_text", str(values.get("value", "")))
    for name in _REQUIRED:
        if name not in values:
            raise KeyError(name)
    values["value"] = float(values["value"])
    flags = values.get("flags", ())
    values["flags"] = tuple(flags.split(";")) if isinstance(flags, str) and flags else tuple(flags)
    return Result(**values)


def results_of_table(table: pd.DataFrame) -> Iterator[Result]:
    """The rows of a table as Results, in order."""
    columns = [name for name in RESULT_COLUMNS if name in table.columns]
    for row in table[columns].itertuples(index=False, name=None):
        yield result_of_row(dict(zip(columns, row, strict=True)))


def _plain(value: Any) -> Any:
    """Pandas' and numpy's scalars as Python's own, and each way of saying nothing as None."""
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return None
    if hasattr(value, "tolist"):
        value = value.tolist()
    return None if isinstance(value, float) and math.isnan(value) else value
