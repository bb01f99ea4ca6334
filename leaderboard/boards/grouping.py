"""Which results stand on which board, and which on none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from . import metrics
from .names import Codes, board_key, board_setting, codes_of, combine, fold_name, fold_split
from .papers import paper_codes
from .tasks import TaskRow, nearest_task, told_apart, usual_task

USED_COLUMNS = (
    "paper_id", "title", "year", "date", "url", "kind", "method", "dataset", "metric", "task", "task_text", "split",
    "value", "value_text", "unit", "score", "higher_is_better", "setting", "own", "field", "start", "task_field",
    "task_start", "sentence", "source", "arxiv_id", "doi",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Board:
    """What a board is: its name in five parts, its unit and direction, its key for links.

    `task` is the task of its results; it is part of the key only where `told_apart`. `higher_is_better` is None where
    neither the results nor the lexicon say it.
    """

    key: str
    kind: str
    task: str | None
    dataset: str
    split: str | None
    metric: str
    setting: str | None
    unit: str | None
    higher_is_better: bool | None
    told_apart: bool

    @property
    def ascending(self) -> bool:
        """Whether the smallest score stands first: for an unknown direction that of costs, not of scores."""
        return not self.higher_is_better if self.higher_is_better is not None else self.kind == "cost"


@dataclass(frozen=True, slots=True)
class Placement:
    """The boards of a table, and for each placed row its position in the table, board, paper and score.

    `rows` has of the placed rows the columns in USED_COLUMNS, with a fresh index.
    """

    table: pd.DataFrame
    boards: list[Board]
    rows: pd.DataFrame
    position: Codes  # in the table
    board: Codes  # index into boards
    paper: Codes  # equal for copies of one paper
    score: np.ndarray[tuple[int], np.dtype[np.float64]]
    task_assumed: np.ndarray[tuple[int], np.dtype[np.bool_]]


def reasons(table: pd.DataFrame) -> pd.Series[str]:
    """Why each result stands on no board; null for those that stand on one.

    `gain`, `no_dataset`, `no_metric`, `no_dataset_or_metric`, `several_datasets`, `several_metrics`.
    """
    out = pd.Series(pd.NA, index=table.index, dtype="string")
    dataset, metric = table["dataset"], table["metric"]
    for slot, names in (("metric", metric), ("dataset", dataset)):
        several = [name for name in names.unique() if isinstance(name, str) and metrics.pooled(name, slot)]
        out[names.isin(several)] = f"several_{slot}s"
    out[metric.isna()] = "no_metric"
    out[dataset.isna()] = "no_dataset"
    out[dataset.isna() & metric.isna()] = "no_dataset_or_metric"
    out[table["kind"] == "gain"] = "gain"
    return out


def _fold_column(names: pd.Series[str]) -> tuple[Codes, dict[int, str]]:
    """Codes equal where the names fold alike (-1: null), and for each code its most frequent spelling."""
    spelling, unique = pd.factorize(names)
    folded = codes_of(fold_name(name) for name in unique)
    counts = np.bincount(spelling[spelling >= 0], minlength=len(unique))
    usual: dict[int, str] = {}
    for index in sorted(range(len(unique)), key=lambda i: (-counts[i], unique[i])):
        usual.setdefault(int(folded[index]), unique[index])
    codes = np.where(spelling >= 0, folded[spelling] if len(folded) else -1, -1)
    return codes.astype(np.int64), usual


def _mapped(names: pd.Series[str], by: dict[str, str | None]) -> tuple[Codes, list[str | None]]:
    spelling, unique = pd.factorize(names)
    values = [by[name] for name in unique]
    codes = codes_of(values)
    known: list[str | None] = [None] * (int(codes.max(initial=-1)) + 1)
    for code, value in zip(codes, values, strict=True):
        if code >= 0:
            known[code] = value
    return np.where(spelling >= 0, codes[spelling] if len(codes) else -1, -1).astype(np.int64), known


def place(table: pd.DataFrame) -> Placement:
    """The boards of a results table (as `as_table` gives it), in the order of their first result."""
    position = np.flatnonzero(reasons(table).isna().to_numpy())
    used = [name for name in USED_COLUMNS if name in table.columns]
    rows = table[used].iloc[position].reset_index(drop=True)
    score = metrics.scores(rows)
    if np.isnan(score).any():  # a value that no scale holds
        keep = ~np.isnan(score)
        position, rows, score = position[keep], rows[keep].reset_index(drop=True), score[keep]
    dataset, dataset_name = _fold_column(rows["dataset"])
    metric, metric_name = _fold_column(rows["metric"])
    split, split_name = _mapped(rows["split"], {name: fold_split(name) for name in rows["split"].dropna().unique()})
    setting, setting_name = _mapped(
        rows["setting"], {name: board_setting(name) for name in rows["setting"].dropna().unique()}
    )
    kind = codes_of(rows["kind"])
    paper = paper_codes(rows)
    group = combine(kind, dataset, metric, split, setting)
    task, task_name = _fold_column(rows["task"])
    names = {str(code): name for code, name in task_name.items()}
    told_task, assumed, usual = _by_task(rows, group, task, paper, names)
    board = combine(group, told_task)
    first = np.unique(board, return_index=True)[1]
    spelt = rows["metric"].iloc[first].tolist()
    kinds = rows["kind"].iloc[first].tolist()
    directions = metrics.board_directions(board, len(first), rows, spelt)
    units = _board_units(board, len(first), metrics.row_units(rows, score), kinds, spelt)
    boards = []
    for index, row in enumerate(first.tolist()):
        told = task_name[int(told_task[row])] if told_task[row] >= 0 else None
        parts: dict[str, Any] = {
            "kind": kinds[index],
            "dataset": dataset_name[int(dataset[row])],
            "metric": metric_name[int(metric[row])],
            "split": split_name[split[row]] if split[row] >= 0 else None,
            "setting": setting_name[setting[row]] if setting[row] >= 0 else None,
        }
        boards.append(
            Board(
                key=board_key(**parts, task=told),
                **parts,
                task=told or usual.get(int(group[row])),
                unit=units[index],
                higher_is_better=directions[index],
                told_apart=told is not None,
            )
        )
    return Placement(table, boards, rows, position, board, paper, score, assumed)


def _by_task(
    rows: pd.DataFrame, group: Codes, task: Codes, paper: Codes, names: dict[str, str]
) -> tuple[Codes, np.ndarray[tuple[int], np.dtype[np.bool_]], dict[int, str]]:
    """For each row the task that tells its board apart (-1: none) and whether it was assumed; each group's task."""
    told_task = np.full(len(rows), -1, dtype=np.int64)
    assumed = np.zeros(len(rows), dtype=bool)
    usual: dict[int, str] = {}
    if not (task >= 0).any():
        return told_task, assumed, usual
    pairs = np.unique(np.stack([group[task >= 0], task[task >= 0]]), axis=1)
    tasks_in_group = np.bincount(pairs[0])
    usual = {int(g): names[str(t)] for g, t in pairs.T.tolist()}  # right where there is one; the others follow
    several = np.flatnonzero(tasks_in_group > 1)
    if not len(several):
        return told_task, assumed, usual
    members = np.flatnonzero(np.isin(group, several))
    start = rows["task_start"].iloc[members]
    filled_in = start.isna().to_numpy()
    in_sentence = _in_sentence(rows.iloc[members])
    order = np.argsort(group[members], kind="stable")
    borders = np.flatnonzero(np.diff(group[members][order])) + 1
    for chunk in np.split(order, borders):
        here = members[chunk]
        task_rows = [
            TaskRow(str(t) if t >= 0 else None, int(p), bool(f) and t >= 0, bool(s))
            for t, p, f, s in zip(task[here], paper[here], filled_in[chunk], in_sentence[chunk], strict=True)
        ]
        told = told_apart(task_rows, names)
        if not told:
            chosen = usual_task(task_rows, metrics.task_of_dataset(str(rows["dataset"].iat[here[0]])), names)
            if chosen is not None:
                usual[int(group[here[0]])] = chosen
            continue
        for row, task_row in zip(here, task_rows, strict=True):
            nearest = nearest_task(task_row.task, told, names)
            told_task[row] = int(nearest)
            assumed[row] = nearest != task_row.task
    return told_task, assumed, usual


def _in_sentence(rows: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether each row's task stands in the sentence of its number, told by the distance of the two."""
    out = []
    wanted = rows[["field", "start", "task_field", "task_start", "task_text", "sentence", "value_text"]]
    for field, start, task_field, task_start, task_text, sentence, value_text in wanted.itertuples(index=False):
        found = False
        if isinstance(sentence, str) and isinstance(task_text, str) and field == task_field and start is not pd.NA:
            places = [i for i in range(len(sentence)) if sentence.startswith(value_text, i)]
            shift = int(task_start) - int(start)
            found = any(i + shift >= 0 and sentence.startswith(task_text, i + shift) for i in places)
        out.append(found)
    return np.array(out, dtype=bool)


def _board_units(
    board: Codes, count: int, units: list[str | None], kinds: list[str], metric: list[str]
) -> list[str | None]:
    """The unit of each board's scores: `%` for a metric bounded by 0 and 1, else that of most rows, else the metric's.

    A cost without a unit is one whose unit was not written, a score without one has none.
    """
    codes, names = pd.factorize(pd.Series(units, dtype=object), use_na_sentinel=False)
    named = pd.notna(names[codes]) | (np.array(kinds)[board] == "score") if len(codes) else np.zeros(0, dtype=bool)
    votes = pd.DataFrame({"board": board[named], "unit": codes[named]}).value_counts().reset_index()
    votes["name"] = ["" if pd.isna(names[code]) else names[code] for code in votes["unit"]]
    votes = votes.sort_values(["count", "name"], ascending=[False, True]).drop_duplicates("board")
    of_board = {b: name or None for b, name in zip(votes["board"].tolist(), votes["name"].tolist(), strict=True)}
    return [
        (metrics.usual_unit(metric[index], of_board.get(index)) if kinds[index] == "score" else of_board.get(index))
        for index in range(count)
    ]
