"""Ranking: competition ranks in the metric's direction, copies counted once, doubts flagged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leaderboard.models import RESULT_COLUMNS

from .grouping import Placement
from .metrics import bounded
from .names import Codes, codes_of, combine, fold_name

_LEAK_RATIO = (25.0, 400.0)  # a fraction among percents is off by 100; scores of one board differ by up to four times


@dataclass(frozen=True, slots=True)
class Ranking:
    """The placed rows put in order: `order` lists them by board, rank and what settles ties.

    `rank` and `original` are by placed row: its competition rank (NaN for a copy), and the row that counts in its place
    (-1: it counts itself).
    """

    order: Codes
    rank: NDArray[np.float64]
    original: Codes


def rank_rows(placement: Placement) -> Ranking:
    """Ranks and order of the placed rows.

    Ties stand by date, then paper_id, method, place in the text, and place in the table; a copy stands right behind the
    row that counts.
    """
    rows, board, score = placement.rows, placement.board, rounded(placement.score)
    when = dates(rows)
    when_code = np.searchsorted(np.unique(when), when)
    ascending = np.array([b.ascending for b in placement.boards], dtype=bool)
    signed = np.where(ascending[board], score, -score) if len(rows) else score
    original = _duplicates(placement, score, when_code)
    counts = original < 0
    ranks = pd.Series(np.where(counts, signed, np.nan)).groupby(board).rank(method="min")
    rank = np.asarray(ranks, dtype=np.float64)
    head = np.where(counts, np.arange(len(rows)), original)
    names = [_by_name(rows[name])[head] for name in ("paper_id", "method")]
    start = rows["start"].to_numpy(dtype=np.float64, na_value=np.inf)[head]
    order = np.lexsort(
        (placement.position, ~counts, placement.position[head], start, *reversed(names), when_code[head], signed, board)
    )
    return Ranking(order, rank, original)


def _by_name(names: pd.Series[str]) -> Codes:
    """Codes in the order of the names; null comes last."""
    codes, unique = pd.factorize(names, sort=True)
    return np.where(codes < 0, len(unique), codes).astype(np.int64)


def ranked_rows(placement: Placement, ranking: Ranking, chosen: int | None = None) -> tuple[pd.DataFrame, Codes]:
    """The placed rows in the order of their boards and ranks, and for each the index of its board.

    The columns are those of a result, then `rank` (1, 2, 2, 4; null for a copy), `duplicate_of` (null, or the paper_id
    of the copy that counts), then the table's further ones. Where the table has no `score` or `higher_is_better`, the
    lexicon's knowledge of the metric fills it in. `flags` has the doubts `out_of_range`, `conflict`, `scale_leak`,
    `direction_unknown`, `task_assumed` beside those that were there.

    `chosen` is the index of the one board wanted (None: all).
    """
    order = ranking.order
    if chosen is not None:
        order = order[placement.board[order] == chosen]
    board = placement.board[order]
    out = placement.table.iloc[placement.position[order]].reset_index(drop=True)
    direction = pd.array([b.higher_is_better for b in placement.boards], dtype="boolean")
    original = ranking.original[order]
    paper_id = placement.rows["paper_id"].take(original).reset_index(drop=True)
    out["score"] = placement.score[order]
    out["higher_is_better"] = out["higher_is_better"].fillna(pd.Series(direction[board], dtype="boolean"))
    out["rank"] = pd.Series(ranking.rank[order]).astype("Int64")
    out["duplicate_of"] = paper_id.mask(pd.Series(original < 0))
    marks = _marks(placement, rounded(placement.score), ranking.original < 0)
    flags = [list(row_flags) for row_flags in out["flags"].tolist()]
    for flag, marked in marks.items():
        for row in np.flatnonzero(marked[order]).tolist():
            if flag not in flags[row]:
                flags[row].append(flag)
    out["flags"] = pd.Series(flags, index=out.index, dtype=object)
    further = [name for name in out.columns if name not in RESULT_COLUMNS and name not in ("rank", "duplicate_of")]
    return out[[*RESULT_COLUMNS, "rank", "duplicate_of", *further]], board


def rounded(score: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scores without the noise of binary fractions, to twelve digits, so that 73.3 and 100 times 0.733 tie."""
    with np.errstate(divide="ignore"):
        digits = 11 - np.floor(np.log10(np.abs(score)))
    digits = np.where(np.isfinite(digits), np.clip(digits, -280, 300), 0)
    with np.errstate(over="ignore", invalid="ignore"):
        factor = 10.0 ** np.abs(digits)
        out = np.where(digits >= 0, np.round(score * factor) / factor, np.round(score / factor) * factor)
    return np.where(np.isfinite(out), out, score)


def dates(rows: pd.DataFrame) -> NDArray[np.str_]:
    """The day of each row as YYYY-MM-DD: its date; the last day of its year where there is no date; "9999" for neither.

    The last day, because a paper known by its year alone must not take the precedence from one known by its day.
    """
    year = rows["year"].astype("string").str.zfill(4) + "-12-31"
    day: NDArray[np.str_] = rows["date"].fillna(year).fillna("9999").to_numpy(dtype=str)
    return day


def _duplicates(placement: Placement, score: NDArray[np.float64], when: Codes) -> Codes:
    """For each row the row that counts in its place, or -1 if it counts itself.

    A fact is a board, a paper (whichever copy), a full setting and a score. Within it, rows are the same if they name
    the same method or one of them none; rows of one record also have to agree on whose result it is. The earliest copy
    counts, one read from text before one imported.
    """
    rows = placement.rows
    out = np.full(len(rows), -1, dtype=np.int64)
    setting = codes_of(None if pd.isna(s) else fold_name(s) for s in rows["setting"].tolist())
    values = pd.factorize(score)[0].astype(np.int64)
    fact = combine(placement.board, placement.paper, setting, values) if len(rows) else out
    members = np.flatnonzero(pd.Series(fact).duplicated(keep=False).to_numpy())
    if not len(members):
        return out
    imported = (rows["source"].iloc[members] != "text").to_numpy(dtype=bool)
    order = members[np.lexsort((placement.position[members], imported, when[members], fact[members]))]
    columns = rows[["paper_id", "method", "own"]].iloc[order]
    accepted: list[tuple[int, str, str | None, bool]] = []
    last = -1
    for row, (paper_id, method, own) in zip(order.tolist(), columns.itertuples(index=False), strict=True):
        if fact[row] != last:
            accepted, last = [], fact[row]
        name = None if pd.isna(method) else fold_name(method)
        for other, other_paper, other_name, other_own in accepted:
            same_name = name is None or other_name is None or name == other_name
            if same_name and (paper_id != other_paper or own == other_own):
                out[row] = other
                break
        else:
            accepted.append((row, paper_id, name, own))
    return out


def _marks(placement: Placement, score: NDArray[np.float64], counts: NDArray[np.bool_]) -> dict[str, NDArray[np.bool_]]:
    """For each doubt that shows only beside other results, the placed rows that it falls on."""
    unknown = np.array([b.higher_is_better is None for b in placement.boards], dtype=bool)
    percent = np.array(
        [b.kind == "score" and b.unit == "%" and bounded(b.metric) for b in placement.boards], dtype=bool
    )
    return {
        "out_of_range": percent[placement.board] & (np.abs(score) > 100),
        "conflict": _conflicts(placement, score, counts),
        "scale_leak": _scale_leaks(placement, score),
        "direction_unknown": unknown[placement.board],
        "task_assumed": placement.task_assumed,
    }


def _conflicts(placement: Placement, score: NDArray[np.float64], counts: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Rows whose method has another value on the same board in the same setting, beyond rounding.

    Two values agree if they differ by at most half a unit of the last digit of the one with fewer digits.
    """
    rows = placement.rows
    out = np.zeros(len(rows), dtype=bool)
    has_method = rows["method"].notna().to_numpy() & counts
    if not has_method.any():
        return out
    method = codes_of(None if pd.isna(m) else fold_name(m) for m in rows["method"].tolist())
    setting = codes_of(None if pd.isna(s) else fold_name(s) for s in rows["setting"].tolist())
    decimals = rows["value_text"].str.extract(r"\.(\d+)", expand=False).str.len().fillna(0).to_numpy(dtype=np.float64)
    value = rows["value"].to_numpy(dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.where(value == 0, 1.0, np.abs(score / value))
    frame = pd.DataFrame(
        {
            "group": combine(placement.board, method, setting),
            "score": score,
            "tolerance": 0.5 * 10.0**-decimals * scale * (1 + 1e-9),
        }
    )[has_method]
    by = frame.groupby("group")
    spread = by["score"].transform("max") - by["score"].transform("min")
    out[has_method] = (spread > by["tolerance"].transform("max")).to_numpy()
    return out


def _scale_leaks(placement: Placement, score: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Scores up to 1 without a unit among some a hundred times larger (0.9 among 90s), or the other way round."""
    rows = placement.rows
    median = pd.Series(score).groupby(placement.board).transform("median").to_numpy(dtype=np.float64)
    is_score = np.array([b.kind == "score" for b in placement.boards], dtype=bool)
    if not len(rows):
        return np.zeros(0, dtype=bool)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(score > 0, median / score, 0.0)
    low = (score > 0) & (score <= 1) & (ratio >= _LEAK_RATIO[0]) & (ratio <= _LEAK_RATIO[1])
    high = (median > 0) & (median <= 1) & (score > 1) & (ratio >= 1 / _LEAK_RATIO[1]) & (ratio <= 1 / _LEAK_RATIO[0])
    unwritten: NDArray[np.bool_] = rows["unit"].isna().to_numpy(dtype=bool)
    leaks: NDArray[np.bool_] = (low | high) & unwritten & is_score[placement.board]
    return leaks
