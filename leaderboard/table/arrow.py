"""Whole columns from outside (Parquet, a frame made elsewhere), brought to the table's types and checked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from leaderboard.errors import InputError

from .schema import LIST_SEPARATOR, BadCellError, Column, arrow_type, columns, required_columns, shorten

if TYPE_CHECKING:
    import pyarrow as pa


def missing_column(where: str, column: str, found: Iterable[str]) -> str:
    """The message that a column which results cannot do without is not among those found."""
    names = list(found)
    hint = "; these look like papers: run `leaderboard extract` on them first" if "abstract" in names else ""
    return (
        f"{where}: column {column} is missing; found: {shorten(', '.join(names), 80) or 'none'}; "
        f"results need {', '.join(required_columns())}{hint}"
    )


def check_arrow(table: pa.Table, name: str) -> pa.Table:
    """An Arrow table in the types of the results table, its content checked; further columns behind."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for required in required_columns():
        if required not in table.column_names:
            raise InputError(missing_column(name, required, table.column_names))
    arrays: dict[str, Any] = {}
    for column in columns():
        kind = arrow_type(column.type)
        if column.name not in table.column_names:
            fill: Any = pa.scalar([] if column.type == "list" else column.default, type=kind)
            arrays[column.name] = pa.chunked_array([pa.repeat(fill, table.num_rows)])
            continue
        found: Any = table.column(column.name)
        if column.type == "list" and (pa.types.is_string(found.type) or pa.types.is_large_string(found.type)):
            found = pc.split_pattern(pc.fill_null(found, ""), LIST_SEPARATOR)
        try:
            array = found.cast(kind)
        except pa.ArrowException:
            raise InputError(
                f"{name}: column {column.name} holds {found.type}; allowed: {column.expects} ({kind})"
            ) from None
        arrays[column.name] = _check_column(column, array, name)
    arrays.update((name, table.column(name)) for name in table.column_names if name not in arrays)
    return pa.table(arrays)


def _check_column(column: Column, array: Any, name: str) -> Any:
    """As `Column.clean`, by whole columns; one by one only to name the row that is wrong."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if column.type == "number":
        array = pc.if_else(pc.is_nan(array), pa.scalar(None, array.type), array)
    elif column.type == "string" and column.nullable:
        array = pc.if_else(pc.equal(array, pa.scalar("")), pa.scalar(None, array.type), array)
    row = 0
    try:
        if column.type == "list":
            pass
        elif column.allowed is not None or column.name == "date":
            column.clean(array.unique().to_pylist())
        elif column.type == "number":
            ends: Any = pc.min_max(array).as_py()
            column.clean([ends["min"], ends["max"]] if array.null_count < len(array) else [])
        empty = column.type == "string" and pc.any(pc.equal(array, pa.scalar(""))).as_py() is True
        if column.required and (array.null_count or empty):
            raise BadCellError(0, "")
    except BadCellError:
        for chunk in array.chunks:
            try:
                column.clean(chunk.to_pylist())
            except BadCellError as error:
                raise InputError(f"{name}, row {row + error.position + 1}: {error.message}") from None
            row += len(chunk)
    if array.null_count and not column.nullable:
        return array.fill_null([] if column.type == "list" else column.default)
    return array
