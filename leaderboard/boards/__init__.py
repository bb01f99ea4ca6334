"""Boards: results that share task, data set, split, metric and setting, ranked in the metric's direction.

A board is all `score` results, or all `cost` results, that may be compared. Gains are never ranked.
"""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pandas as pd

from leaderboard.errors import InputError
from leaderboard.models import RESULT_COLUMNS
from leaderboard.table import as_table

from . import metrics
from .finding import choose, rows_of_boards
from .grouping import Board, Placement, place, reasons
from .names import Codes, board_key, board_setting, fold_name, nearest, parse_key
from .ranking import Ranking, dates, rank_rows, ranked_rows

__all__ = [
    "BOARD_COLUMNS",
    "Board",
    "best_so_far",
    "board_key",
    "board_setting",
    "boards",
    "placements",
    "rank",
    "rank_all",
    "rank_board",
    "ranked_table",
    "unplaced",
]

BOARD_COLUMNS = (
    "task", "dataset", "split", "metric", "setting", "unit", "higher_is_better", "entries", "papers", "best_score",
    "best_method", "best_paper_id", "first_year", "last_year", "kind", "key",
)  # fmt: skip


def boards(table: pd.DataFrame) -> pd.DataFrame:
    """The boards of a table of results, those of most papers first.

    Columns: BOARD_COLUMNS. `entries` counts ranked results, `papers` papers (copies of one count once); the best ones
    are those at rank 1; years are null where no result has one. `kind` is `score` or `cost`; `key` names the board in
    links and in `rank_board`.
    """
    placement = place(as_table(table))
    return _listed(placement, rank_rows(placement)).reset_index(drop=True)


def _listed(placement: Placement, ranking: Ranking) -> pd.DataFrame:
    """The list of boards in its order, with each board's index in the placement as index."""
    order = ranking.order[ranking.original[ranking.order] < 0]
    board = placement.board[order]
    best = order[np.unique(board, return_index=True)[1]]
    rows = placement.rows
    year = rows["year"].fillna(pd.to_numeric(rows["date"].str[:4]).astype("Int64"))
    years = year.groupby(placement.board)
    out = pd.DataFrame(
        {
            "task": pd.array([b.task for b in placement.boards], dtype="string"),
            "dataset": pd.array([b.dataset for b in placement.boards], dtype="string"),
            "split": pd.array([b.split for b in placement.boards], dtype="string"),
            "metric": pd.array([b.metric for b in placement.boards], dtype="string"),
            "setting": pd.array([b.setting for b in placement.boards], dtype="string"),
            "unit": pd.array([b.unit for b in placement.boards], dtype="string"),
            "higher_is_better": pd.array([b.higher_is_better for b in placement.boards], dtype="boolean"),
            "entries": pd.array(np.bincount(board, minlength=len(placement.boards)), dtype="Int64"),
            "papers": pd.Series(placement.paper).groupby(placement.board).nunique().astype("Int64").array,
            "best_score": placement.score[best],
            "best_method": rows["method"].iloc[best].array,
            "best_paper_id": rows["paper_id"].iloc[best].array,
            "first_year": years.min().astype("Int64").array,
            "last_year": years.max().astype("Int64").array,
            "kind": pd.array([b.kind for b in placement.boards], dtype="string"),
            "key": pd.array([b.key for b in placement.boards], dtype="string"),
        }
    )
    ordered: pd.DataFrame = out.sort_values(
        ["papers", "entries", "dataset", "metric", "split", "setting", "key"],
        ascending=[False, False, True, True, True, True, True],
        na_position="first",
    )
    return ordered


def rank(
    table: pd.DataFrame,
    dataset: str,
    metric: str,
    task: str | None = None,
    split: str | None = None,
    setting: str | None = None,
    *,
    kind: str | None = None,
) -> pd.DataFrame:
    """One ranked board: the columns of a result, then `rank` and `duplicate_of`, then further ones.

    Names are matched whatever their case, blanks and hyphens, and by the lexicon's aliases. Where split or setting are
    not given, the board without them is preferred, else the largest; `attrs["board"]` of the table returned is the
    `Board` as a dict, `attrs["others"]` the keys of the other boards that the names fit.

    Ranks are competition ranks (1, 2, 2, 4) in the metric's direction; where that is unknown, the highest score (the
    lowest cost) stands first and each row has the flag `direction_unknown`. A copy of a counted fact has no rank.

    Raises:
        InputError: no such board; names the nearest.
    """
    table = as_table(table)
    if kind is not None:
        table = table[table["kind"] == kind]
    rows, split = rows_of_boards(table, dataset, metric, split)
    placement = place(rows)
    if not placement.boards:
        raise InputError(f"no result of {metric} on {dataset} can be ranked")
    sizes = np.bincount(placement.board, minlength=len(placement.boards)).tolist()
    chosen = choose(placement.boards, sizes, task, split, setting, _tasks_of(placement))
    return _one(placement, chosen)


def _tasks_of(placement: Placement) -> list[frozenset[str]]:
    """The folded names of the tasks that the results of each board have."""
    out: list[set[str]] = [set() for _ in placement.boards]
    for index, name in zip(placement.board.tolist(), placement.rows["task"].tolist(), strict=True):
        if isinstance(name, str):
            out[index].add(fold_name(name))
    return [frozenset(names) for names in out]


def rank_board(table: pd.DataFrame, key: str) -> pd.DataFrame:
    """The ranked board of that key, as `rank` gives it.

    Raises:
        InputError: the table has no board of that key; names the nearest.
    """
    table = as_table(table)
    kind, dataset, metric = parse_key(key)
    chosen = (table["kind"] == kind).to_numpy(dtype=bool)
    for slot, wanted in (("dataset", dataset), ("metric", metric)):
        names = [name for name in table[slot].dropna().unique() if fold_name(name) == wanted]
        chosen &= table[slot].isin(names).to_numpy(dtype=bool)
    placement = place(table[chosen])
    keys = [board.key for board in placement.boards]
    if key not in keys:
        near = nearest(key, boards(table)["key"].tolist())
        raise InputError(f"no board has the key {key!r}" + (f"; nearest: {', '.join(near)}" if near else ""))
    return _one(placement, keys.index(key))


def _one(placement: Placement, chosen: int) -> pd.DataFrame:
    out, _ = ranked_rows(placement, rank_rows(placement), chosen)
    out.attrs["board"] = asdict(placement.boards[chosen])
    out.attrs["others"] = [b.key for index, b in enumerate(placement.boards) if index != chosen]
    return out


def rank_all(table: pd.DataFrame) -> list[tuple[Board, pd.DataFrame]]:
    """Every board of a table with its ranked rows, in the order of `boards`."""
    every, ranked, board = ranked_table(table)
    starts = np.searchsorted(board, np.arange(len(every) + 1))
    return [
        (b, ranked.iloc[start:end].reset_index(drop=True))
        for b, start, end in zip(every, starts, starts[1:], strict=False)
    ]


def ranked_table(table: pd.DataFrame) -> tuple[list[Board], pd.DataFrame, Codes]:
    """Every board of a table, the ranked rows of all of them, board after board, and the index of each row's board.

    Boards are in the order of `boards`, rows as `rank` gives them.
    """
    placement = place(as_table(table))
    ranking = rank_rows(placement)
    order = _listed(placement, ranking).index.to_numpy(dtype=np.int64)
    ranked, board = ranked_rows(placement, ranking)
    new_index = np.empty(len(order), dtype=np.int64)
    new_index[order] = np.arange(len(order))
    rows = np.argsort(new_index[board], kind="stable")
    return [placement.boards[i] for i in order], ranked.iloc[rows].reset_index(drop=True), new_index[board][rows]


def placements(table: pd.DataFrame) -> pd.DataFrame:
    """For each row of a table, under its index, `key` (of its board, or null) and `reason` (why it stands on none)."""
    checked = as_table(table)
    placement = place(checked)
    key = np.full(len(checked), None, dtype=object)
    key[placement.position] = [placement.boards[index].key for index in placement.board.tolist()]
    out = pd.DataFrame({"key": pd.array(key, dtype="string"), "reason": reasons(checked).array}, index=checked.index)
    out.loc[out["key"].isna() & out["reason"].isna(), "reason"] = "no_score"
    return out


def unplaced(table: pd.DataFrame) -> pd.DataFrame:
    """The scores and costs that stand on no board, with `reason` behind the columns of a result.

    Reasons: `no_dataset`, `no_metric`, `no_dataset_or_metric`, `several_datasets`, `several_metrics` (several under one
    number), `no_score` (a value that no scale holds). Gains are not among them: no board is for them.
    """
    table = as_table(table)
    reason = reasons(table)
    open_rows = reason.isna()
    reason[open_rows & pd.Series(np.isnan(metrics.scores(table)), index=table.index)] = "no_score"
    chosen = (reason.notna() & (reason != "gain")).to_numpy(dtype=bool)
    out = table[chosen].copy()
    out.insert(len(RESULT_COLUMNS), "reason", reason[chosen])
    return out.reset_index(drop=True)


def best_so_far(ranked: pd.DataFrame) -> pd.DataFrame:
    """The records of a ranked board, oldest first: each result better than every earlier one; ties keep the first.

    `record_date` (YYYY-MM-DD; the last day of the year where only that is known) and `gain` (the score's difference to
    the record before, positive; NaN for the first) come behind the columns of `ranked`. Copies and results without a
    date or year set no record.
    """
    counted = ranked[ranked["rank"].notna()]
    when = dates(counted)
    usable = when != "9999"
    rows = counted[usable].assign(record_date=pd.array(when[usable], dtype="string"))
    rows = rows.sort_values(["record_date", "rank"], kind="stable")
    best = rows["rank"].cummin()
    rows = rows[(best < best.shift(fill_value=np.iinfo(np.int64).max)).to_numpy(dtype=bool)]
    rows = rows.assign(gain=rows["score"].astype("float64").diff().abs())
    records: pd.DataFrame = rows.reset_index(drop=True)
    return records
