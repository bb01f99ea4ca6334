"""The types of the results table, derived from `Result`, and the one check that every row from outside goes through."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import MISSING, dataclass, fields
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin, get_type_hints

from leaderboard.models import RESULT_COLUMNS, Result

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

ColumnType = Literal["string", "integer", "number", "boolean", "list"]
LIST_SEPARATOR = ";"
_TYPE_OF: dict[Any, ColumnType] = {str: "string", int: "integer", float: "number", bool: "boolean"}
_ACCEPTED: dict[ColumnType, frozenset[type]] = {
    "string": frozenset({str, NoneType}),
    "integer": frozenset({int, float, NoneType}),
    "number": frozenset({float, int, NoneType}),
    "boolean": frozenset({bool, NoneType}),
    "list": frozenset({list, tuple, NoneType}),
}
_DESCRIPTION: dict[ColumnType, str] = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "list": "a list of texts",
}
_DATE = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
_INT64 = range(-(2**63), 2**63)


class BadCellError(ValueError):
    """A value that a column does not allow: its position in the values given, and what is wrong as half a sentence."""

    def __init__(self, position: int, message: str) -> None:
        super().__init__(message)
        self.position = position
        self.message = message


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the results table: its type, whether it may be null, what stands for an absent value."""

    name: str
    type: ColumnType
    nullable: bool
    required: bool  # it has no default, so a file of results without it is not one
    default: Any
    allowed: frozenset[str] | None = None

    @property
    def expects(self) -> str:
        """What the column allows, for a message."""
        if self.allowed is not None:
            what = ", ".join(sorted(self.allowed))
        elif self.name == "date":
            what = "a date as YYYY-MM-DD"
        elif self.name == "confidence":
            what = "a number from 0 to 1"
        else:
            what = _DESCRIPTION[self.type]
        return f"{what} or nothing" if self.nullable else what

    def clean(self, values: Sequence[Any]) -> list[Any]:
        """The values with absent ones filled in, "" as null where the column may be null, whole floats as integers.

        Raises:
            BadCellError: at the first value that the column does not allow.
        """
        kinds = set(map(type, values))
        if not kinds <= _ACCEPTED[self.type]:
            self._fail(values, lambda v: type(v) not in _ACCEPTED[self.type])
        out = list(values)
        if kinds == {NoneType} and not self.required:
            return [[] for _ in out] if self.type == "list" else [self.default] * len(out)
        if self.type == "list":
            self._fail_where(out, lambda v: bool(v) and not all(type(item) is str for item in v))
            return [list(v) if v else [] for v in out]
        if self.type == "string" and self.nullable and "" in out:
            out = [v or None for v in out]
        if self.type == "integer":
            if float in kinds:
                self._fail_where(out, lambda v: type(v) is float and not v.is_integer() and not math.isnan(v))
                out = [None if v != v else int(v) if type(v) is float else v for v in out]
            if any(v not in _INT64 for v in out if v is not None):
                self._fail(out, lambda v: v is not None and v not in _INT64)
        if self.type == "number":
            out = [None if v is None or v != v else _float(v) for v in out]
            if math.inf in out or -math.inf in out:
                self._fail(out, lambda v: v in (math.inf, -math.inf))
        if not self.nullable and None in out:
            if self.required:
                self._fail(out, lambda v: v is None)
            out = [self.default if v is None else v for v in out]
        self._check_content(out)
        return out

    def _check_content(self, values: list[Any]) -> None:
        if self.allowed is not None and not set(values) <= self.allowed | {None}:
            self._fail(values, lambda v: v is not None and v not in (self.allowed or ()))
        if self.name == "date":
            wrong = {v for v in set(values) if v is not None and not _DATE.fullmatch(v)}
            if wrong:
                self._fail(values, lambda v: v in wrong)
        if self.name == "confidence":
            self._fail_where(values, lambda v: v is not None and not 0 <= v <= 1)
        if self.required and self.type == "string" and "" in values:
            self._fail(values, lambda v: v == "")

    def _fail_where(self, values: Sequence[Any], wrong: Callable[[Any], bool]) -> None:
        if any(map(wrong, values)):
            self._fail(values, wrong)

    def _fail(self, values: Sequence[Any], wrong: Callable[[Any], bool]) -> None:
        position = next(i for i, value in enumerate(values) if wrong(value))
        found = values[position]
        shown = "empty" if found is None or found == "" else shorten(repr(found))
        raise BadCellError(position, f"column {self.name} is {shown}; allowed: {self.expects}")


def _float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf


def shorten(text: str, limit: int = 60) -> str:
    """The text on one line, cut to `limit` characters, for a message."""
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


@cache
def columns() -> tuple[Column, ...]:
    """The columns of the results table in order, with the types that `Result` declares."""
    hints = get_type_hints(Result)
    out = []
    for field in fields(Result):
        hint = hints[field.name]
        nullable = get_origin(hint) is UnionType or NoneType in get_args(hint)
        if nullable:
            hint = next(arg for arg in get_args(hint) if arg is not NoneType)
        allowed = None
        if get_origin(hint) is Literal:
            allowed, hint = frozenset(get_args(hint)), str
        kind: ColumnType = "list" if get_origin(hint) is tuple else _TYPE_OF[hint]
        required = field.default is MISSING
        out.append(Column(field.name, kind, nullable, required, None if required else field.default, allowed))
    return tuple(out)


@cache
def column_of() -> dict[str, Column]:
    """The columns of the results table by name."""
    return {column.name: column for column in columns()}


def required_columns() -> tuple[str, ...]:
    """The columns that a file of results cannot do without."""
    return tuple(column.name for column in columns() if column.required)


@cache
def arrow_type(kind: ColumnType) -> pa.DataType:
    """The Arrow type that stands for a column type in memory and in Parquet."""
    import pyarrow as pa

    types: dict[ColumnType, pa.DataType] = {
        "string": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "list": pa.list_(pa.string()),
    }
    return types[kind]


@cache
def arrow_schema() -> pa.Schema:
    """The results table as an Arrow schema."""
    import pyarrow as pa

    return pa.schema([pa.field(c.name, arrow_type(c.type), c.nullable) for c in columns()])


def to_pandas(table: pa.Table) -> pd.DataFrame:
    """An Arrow table in the dtypes of the results table: string, Int64, float64 (null is NaN), boolean, lists."""
    import pandas as pd
    import pyarrow as pa

    dtypes = {
        pa.string(): pd.StringDtype(),
        pa.large_string(): pd.StringDtype(),
        pa.int64(): pd.Int64Dtype(),
        pa.bool_(): pd.BooleanDtype(),
    }
    frame: pd.DataFrame = table.to_pandas(types_mapper=dtypes.get)
    for index, field in enumerate(table.schema):
        if pa.types.is_list(field.type):  # pandas would hold arrays, which neither compare nor print as lists
            cells = pd.Series(table.column(index).to_pylist(), index=frame.index, dtype=object)
            frame[field.name] = cells
    return frame


def has_result_dtypes(table: pd.DataFrame) -> bool:
    """Whether a frame has every column of the results table in its own dtype."""
    import pandas as pd

    expected: dict[ColumnType, Any] = {
        "string": pd.StringDtype(),
        "integer": pd.Int64Dtype(),
        "number": "float64",
        "boolean": pd.BooleanDtype(),
        "list": object,
    }
    present = set(table.columns)
    return present.issuperset(RESULT_COLUMNS) and all(table[c.name].dtype == expected[c.type] for c in columns())
