"""Deterministic checks over a whole table of results. Each is a named flag with a sentence that says why.

They find what one abstract alone cannot show: a fraction among percents, one method with two values, a record too
good to be true. A flag is a doubt, not an error: nothing is taken away.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from leaderboard.lexicon import Lexicon
    from leaderboard.normalise import Normaliser

FLAGS: dict[str, str] = {
    "out_of_range": "the value is outside what its metric can be",
    "scale_leak": "a fraction among percents, or the other way round",
    "conflict": "the same method, data set and metric with another value",
    "record_jump": "better than the record by more than any record before it",
    "mean_of_columns": "the mean of the results beside it",
    "gain_over_100_points": "a difference of more than 100 points on a scale of 100",
    "before_dataset": "dated before its data set was released",
}
ENOUGH_RECORDS = 4  # records before one whose jump is judged: fewer gains say nothing of what is usual
ENOUGH_COLUMNS = 2  # results of whose mean a third may be
_AVERAGED = re.compile(r"\b(?:average|averaged|avg|mean|macro|overall)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Finding:
    """One doubt about one row: `row` is its position in the table, `why` a sentence for a person."""

    row: int
    paper_id: str
    flag: str
    why: str


def validate(table: pd.DataFrame) -> list[Finding]:
    """All findings over a table of results, in the order of its rows, then of FLAGS."""
    from leaderboard.table import as_table

    table = as_table(table).reset_index(drop=True)
    checks: tuple[Callable[[Any], Iterator[Finding]], ...] = (_out_of_range, _gains, _before_dataset, _means)
    findings = [finding for check in checks for finding in check(table)]
    for board in _boards_worth_a_look(table):
        findings += [*_conflicts(board), *_scale_leaks(board), *_record_jumps(board)]
    order = list(FLAGS)
    return sorted(set(findings), key=lambda f: (f.row, order.index(f.flag), f.why))


def flag_table(table: pd.DataFrame) -> pd.DataFrame:
    """The table with the flags of `validate` added to its column `flags`."""
    from leaderboard.table import as_table

    table = as_table(table)
    flags = [list(found) for found in table["flags"]]
    for finding in validate(table):
        if finding.flag not in flags[finding.row]:
            flags[finding.row].append(finding.flag)
    out = table.copy()
    out["flags"] = flags
    return out


def _out_of_range(table: pd.DataFrame) -> Iterator[Finding]:
    columns = ["paper_id", "kind", "value", "unit", "metric", "value_text"]
    for row, (paper_id, kind, value, unit, metric, text) in enumerate(_rows(table, columns)):
        if metric is None or kind == "gain":
            continue
        named = _normaliser().metric(metric, unit)
        _, flags = _normaliser().score(value, unit, named, kind)
        if "out_of_range" in flags:
            bounds = {"unit": "0 and 100 %", "signed_unit": "-100 and 100 %"}.get(named.range)
            allowed = f"must lie between {bounds}" if bounds else "cannot be negative"
            yield Finding(row, paper_id, "out_of_range", f"{metric} {allowed}, and this is {text}{unit or ''}")


def _gains(table: pd.DataFrame) -> Iterator[Finding]:
    columns = ["paper_id", "kind", "value", "unit", "change", "metric", "value_text"]
    for row, (paper_id, kind, value, unit, change, metric, text) in enumerate(_rows(table, columns)):
        if kind != "gain" or change not in {None, "difference"} or abs(value) <= 100:
            continue
        bounded = metric is not None and _normaliser().metric(metric).range in {"unit", "signed_unit"}
        if unit == "points" or (bounded and unit in {None, "%"}):
            why = f"a difference of {text} points in {metric or 'a percentage'} cannot be on a scale of 100"
            yield Finding(row, paper_id, "gain_over_100_points", why)


def _before_dataset(table: pd.DataFrame) -> Iterator[Finding]:
    for row, (paper_id, year, date, dataset) in enumerate(_rows(table, ["paper_id", "year", "date", "dataset"])):
        dated = int(date[:4]) if date else year
        entry = _lexicon().dataset(dataset) if dataset and dated else None
        if entry is not None and entry.year is not None and dated < entry.year:
            why = f"dated {dated}, but {entry.name} was released in {entry.year}"
            yield Finding(row, paper_id, "before_dataset", why)


def _means(table: pd.DataFrame) -> Iterator[Finding]:
    """A score that is, as far as it is written, the mean of the same paper's, method's and metric's other scores."""
    groups: dict[tuple[Any, ...], list[tuple[int, str, str | None]]] = {}
    columns = ["paper_id", "kind", "method", "own", "metric", "dataset", "value_text", "unit"]
    for row, (paper_id, kind, method, own, metric, dataset, text, unit) in enumerate(_rows(table, columns)):
        if kind == "score" and metric and not _AVERAGED.search(metric):
            groups.setdefault((paper_id, method, own, metric, unit), []).append((row, text, dataset))
    for (paper_id, *_), members in groups.items():
        if len(members) <= ENOUGH_COLUMNS or len({dataset for _, _, dataset in members}) < len(members):
            continue
        numbers = [_number(text) for _, text, _ in members]
        for i, (row, text, dataset) in enumerate(members):
            others = [number for j, number in enumerate(numbers) if j != i]
            mean = sum(others) / len(others)
            half = 0.5 * 10.0 ** -len(text.partition(".")[2])
            if len(set(others)) > 1 and abs(mean - numbers[i]) <= half * (1 + 1e-9):
                beside = ", ".join(other for j, (_, other, _) in enumerate(members) if j != i)
                why = f"{text} is the mean of {beside} beside it: an average, not a result on {dataset or 'one set'}?"
                yield Finding(row, paper_id, "mean_of_columns", why)


def _boards_worth_a_look(table: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The ranked rows of each board with a flag or enough rows for a jump; `_row` is their position in the table."""
    import numpy as np

    from leaderboard.boards import ranked_table

    _, ranked, board = ranked_table(table.assign(_row=range(len(table))))
    flagged = np.array([bool({"conflict", "scale_leak"} & set(flags)) for flags in ranked["flags"]], dtype=bool)
    sizes = np.bincount(board, minlength=1)
    starts = np.concatenate([[0], np.cumsum(sizes)])  # the rows of a board stand together
    for number in np.union1d(board[flagged], np.flatnonzero(sizes > ENOUGH_RECORDS)).tolist():
        yield ranked.iloc[starts[number] : starts[number + 1]]


def _conflicts(board: pd.DataFrame) -> Iterator[Finding]:
    rows = [r for r in _rows(board, ["_row", "paper_id", "method", "value_text", "flags"]) if "conflict" in r[4]]
    for row, paper_id, method, text, _ in rows:
        others = [
            f"{other_text} in {other_paper}"
            for other, other_paper, other_method, other_text, _ in rows
            if other != row and _fold(other_method) == _fold(method) and other_text != text
        ]
        if others:
            more = f" and {len(others) - 3} more" if len(others) > 3 else ""
            yield Finding(row, paper_id, "conflict", f"{method} has {text} here, but {', '.join(others[:3])}{more}")


def _scale_leaks(board: pd.DataFrame) -> Iterator[Finding]:
    median = board["score"].median()
    for row, paper_id, text, flags in _rows(board, ["_row", "paper_id", "value_text", "flags"]):
        if "scale_leak" in flags:
            why = f"{text} stands among scores around {median:.4g}: fraction and percent mixed?"
            yield Finding(row, paper_id, "scale_leak", why)


def _record_jumps(board: pd.DataFrame) -> Iterator[Finding]:
    from leaderboard.boards import best_so_far

    if len(board) <= ENOUGH_RECORDS:
        return
    largest, count, before = 0.0, 0, None
    columns = ["_row", "paper_id", "value_text", "score", "gain"]
    for row, paper_id, text, score, gain in _rows(best_so_far(board), columns):
        if gain is not None:
            if count >= ENOUGH_RECORDS and gain > largest * (1 + 1e-9):
                why = (
                    f"{text} beats the record of {before:.4g} by {gain:.4g}; none before did by more than {largest:.4g}"
                )
                yield Finding(row, paper_id, "record_jump", why)
            largest = max(largest, gain)
        count, before = count + 1, score


def _rows(table: pd.DataFrame, columns: list[str]) -> Iterator[tuple[Any, ...]]:
    """Some columns of a table, row by row, nulls as None."""
    plain = [[None if _is_null(v) else v for v in table[name].tolist()] for name in columns]
    return zip(*plain, strict=True)


def _is_null(value: Any) -> bool:
    return value is None or type(value).__name__ == "NAType" or (isinstance(value, float) and value != value)


def _number(text: str) -> float:
    from leaderboard.audit.slots import parse_value

    return parse_value(text) or 0.0


def _fold(name: str | None) -> str:
    return "".join(character for character in (name or "").lower() if character.isalnum())


@cache
def _lexicon() -> Lexicon:
    from leaderboard.lexicon import load_lexicon

    return load_lexicon()


@cache
def _normaliser() -> Normaliser:
    from leaderboard.normalise import Normaliser

    return Normaliser(_lexicon())
