"""Columns beyond those of a result (a rank, a reviewer's name, …): kept, in the simplest type that holds them all."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

import orjson

_INTEGER = re.compile(r"-?(?:0|[1-9]\d{0,17})")
_WORDS = {"true": True, "false": False}


class Cell(str):
    """A cell of a CSV file, whose type is still to be told."""

    __slots__ = ()


def text_cells(cells: Sequence[str]) -> list[Cell | None]:
    """The cells of a CSV column without a known type; the empty cell is null."""
    return [Cell(cell) if cell else None for cell in cells]


def infer(values: Sequence[Any]) -> Any:
    """The values of a further column as an Arrow array.

    Cells of a CSV file become whole numbers, numbers or truth values if every one is written as this package writes
    those ("007" stays text). Values of several types become text.
    """
    import pyarrow as pa

    kinds = set(map(type, values)) - {type(None)}
    if not kinds:
        return pa.array(values, type=pa.string())
    if kinds == {Cell}:
        values = _typed(values)
    elif kinds - {Cell} and Cell in kinds:
        values = [str(v) if isinstance(v, Cell) else v for v in values]
    try:
        array: Any = pa.array(values)
    except (pa.ArrowException, OverflowError):
        return pa.array([v if v is None or isinstance(v, str) else _json(v) for v in values], type=pa.string())
    if pa.types.is_null(array.type):
        return pa.array(values, type=pa.string())
    if pa.types.is_list(array.type) and pa.types.is_null(array.type.value_type):
        return pa.array(values, type=pa.list_(pa.string()))
    if pa.types.is_struct(array.type):
        return pa.array([None if v is None else _json(v) for v in values], type=pa.string())
    return array


def _json(value: Any) -> str:
    return orjson.dumps(value, default=str).decode()


def _typed(cells: Sequence[str | None]) -> list[Any]:
    present = {cell for cell in cells if cell is not None}
    convert: Any = str
    if present <= _WORDS.keys():
        convert = _WORDS.__getitem__
    elif all(map(_INTEGER.fullmatch, present)):
        convert = int
    elif all(map(_is_number, present)):
        convert = float
    return [None if cell is None else convert(cell) for cell in cells]


def _is_number(cell: str) -> bool:
    try:
        number = float(cell)
    except ValueError:
        return False
    return math.isfinite(number) and (repr(number) == cell or bool(_INTEGER.fullmatch(cell)))
