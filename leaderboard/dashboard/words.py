"""Boards, scores and filters said in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

CHANGES = {
    "difference": "difference",
    "relative": "relative change",
    "factor": "factor",
    "share": "share of the other's",
}


def is_missing(value: object) -> bool:
    """Whether a cell is empty: None, NaN, NA, the empty text or the empty list."""
    if value is None or isinstance(value, (str, list, tuple)):
        return not value
    import pandas as pd

    return bool(pd.isna(value))  # type: ignore[call-overload]


def plain(row: pd.Series[Any]) -> dict[str, Any]:
    """A row of a frame as Python's own values; what is missing is None."""
    return {str(name): _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, (str, list)):
        return value
    return None if is_missing(value) else value.item() if hasattr(value, "item") else value


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as Python's own values; what is missing is None."""
    names = list(frame.columns)
    columns = [[_plain(value) for value in frame[name].tolist()] for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def text_of(value: object, missing: str = "") -> str:
    """A cell as text, or what stands for a missing one."""
    return missing if is_missing(value) else str(value)


def first_upper(text: str) -> str:
    """The text with its first letter in upper case, unless its first word has its own spelling (nDCG, mAP)."""
    first = text.split(" ", 1)[0]
    return text if first[1:] != first[1:].lower() else text[:1].upper() + text[1:]


def direction(higher_is_better: object) -> str:
    """The direction of a metric in words."""
    if is_missing(higher_is_better):
        return "direction unknown"
    return "higher is better" if higher_is_better else "lower is better"


def arrow(higher_is_better: object) -> str:
    """The direction of a metric as an arrow; empty if unknown."""
    return "" if is_missing(higher_is_better) else "↑" if higher_is_better else "↓"


def board_name(board: Mapping[str, Any]) -> str:
    """What a board is called: "Top-1 accuracy on ImageNet (val), 5-shot", with its task if that tells boards apart."""
    name = f"{first_upper(text_of(board.get('metric')))} on {text_of(board.get('dataset'))}"
    if not is_missing(board.get("split")):
        name += f" ({board['split']})"
    further = [board.get("setting"), board.get("task") if str(board.get("key", "")).count("/") == 4 else None]
    return ", ".join([name, *(str(part) for part in further if not is_missing(part))])


def number(value: object) -> str:
    """A number as people write it: at most six figures, thousands grouped, no exponent where one can be avoided."""
    if is_missing(value):
        return ""
    amount = float(value)  # type: ignore[arg-type]
    if amount and not 1e-4 <= abs(amount) < 1e15:
        return f"{amount:.4g}"
    if abs(amount) >= 1000:
        return f"{amount:,.0f}" if amount == round(amount) or abs(amount) >= 1e5 else f"{amount:,.2f}"
    return f"{amount:.6g}"


def score(value: object, unit: object = None, error: object = None) -> str:
    """A score with its ± and its unit: "73.3 ± 0.2 %"."""
    shown = number(value)
    if shown and not is_missing(error):
        shown += f" ± {number(error)}"
    return f"{shown} {unit}" if shown and not is_missing(unit) else shown


def as_written(row: Mapping[str, Any]) -> str:
    """A result's value as the abstract writes it, with its unit."""
    value, unit = text_of(row.get("value_text")), text_of(row.get("unit"))
    if not unit:
        return value
    return f"{value}{unit}" if unit in {"%", "x"} else f"{value} {unit}"


def count(amount: int, singular: str, plural: str | None = None) -> str:
    """So many of something: "1 paper", "2,000 papers"."""
    return f"{amount:,} {singular if amount == 1 else plural or singular + 's'}"


def years(first: object, last: object) -> str:
    """A span of years: "2015 to 2024", "2019", or nothing."""
    if is_missing(first) or is_missing(last):
        return ""
    return str(first) if first == last else f"{first} to {last}"


def joined(*parts: str) -> str:
    """The parts that are not empty, with dots between."""
    return " · ".join(part for part in parts if part)
