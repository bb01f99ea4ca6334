"""From the names that a person types to one board."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from leaderboard.errors import InputError

from . import metrics
from .grouping import Board, reasons
from .names import board_setting, fold_name, fold_split, nearest, nested


def rows_of_boards(
    table: pd.DataFrame, dataset: str, metric: str, split: str | None
) -> tuple[pd.DataFrame, str | None]:
    """The rows that share data set and metric whatever their spelling, and the split asked for.

    Raises:
        InputError: no placed result has that data set, or that metric on it; names the nearest.
    """
    usable = reasons(table).isna()
    folded = {name: fold_name(name) for name in table.loc[usable, "dataset"].unique()}
    wanted = fold_name(dataset)
    if wanted not in folded.values():
        name, found_split = metrics.normaliser().dataset(dataset)
        if fold_name(name) in folded.values():
            wanted, split = fold_name(name), split or found_split
        else:
            raise InputError(f"no board has the data set {dataset!r}; {_suggest(dataset, list(folded))}")
    of_dataset = usable & table["dataset"].isin([name for name, key in folded.items() if key == wanted])
    names = {name: fold_name(name) for name in table.loc[of_dataset, "metric"].unique()}
    key = fold_name(metric)
    if key not in names.values():
        key = fold_name(metrics.named(metric).canonical)
        if key not in names.values():
            counts = table.loc[of_dataset, "metric"].value_counts()
            usual = [str(name) for name in counts.index]
            raise InputError(
                f"no board of {dataset!r} has the metric {metric!r}; {_suggest(metric, usual, all_of=True)}"
            )
    chosen = of_dataset & table["metric"].isin([name for name, folded_name in names.items() if folded_name == key])
    return table[chosen], split


def _suggest(name: str, known: Sequence[str], *, all_of: bool = False) -> str:
    if not known:
        return "there are no boards at all"
    near = nearest(name, known) or (list(known) if all_of else [])
    if not near:
        return f"none of the {len(known)} data sets has a name like it (`leaderboard boards` lists them)"
    shown = ", ".join(near[:5])
    return f"nearest: {shown}" if len(near) <= 5 else f"there are: {shown}, …"


def choose(
    boards: Sequence[Board],
    sizes: Sequence[int],
    task: str | None,
    split: str | None,
    setting: str | None,
    tasks_of: Sequence[frozenset[str]],
) -> int:
    """The index of the board that fits what was asked for.

    What was not asked for is preferred to be absent (no split, no setting); among those left, the largest counts.

    Raises:
        InputError: no board fits; says which there are.
    """
    fitting: Sequence[int] = range(len(boards))
    asked = f"{boards[0].metric} on {boards[0].dataset}"
    if split is not None:
        fold = fold_split(split)
        kept = [i for i in fitting if boards[i].split == fold]
        fitting = kept or _refuse(asked, "split", split, [boards[i].split for i in fitting])
    if setting is not None:
        fold = board_setting(setting) or setting
        kept = [i for i in fitting if boards[i].setting == fold]
        fitting = kept or _refuse(asked, "setting", setting, [boards[i].setting for i in fitting])
    if task is not None:
        kept = _of_task(boards, fitting, task, tasks_of)
        fitting = kept or _refuse(asked, "task", task, [boards[i].task for i in fitting])
    return min(
        fitting, key=lambda i: (boards[i].split is not None, boards[i].setting is not None, -sizes[i], boards[i].key)
    )


def _of_task(
    boards: Sequence[Board], fitting: Sequence[int], task: str, tasks_of: Sequence[frozenset[str]]
) -> list[int]:
    """The boards of a task: those named so, else those with a result of it, else those whose name says more or less."""
    fold = fold_name(task)
    canonical = fold_name(metrics.normaliser().task(task))
    for wanted in (fold, canonical):
        named = [i for i in fitting if boards[i].task is not None and fold_name(boards[i].task or "") == wanted]
        named = named or [i for i in fitting if wanted in tasks_of[i]]
        if named:
            return named
    return [i for i in fitting if boards[i].task is not None and nested(boards[i].task or "", task)]


def _refuse(asked: str, what: str, found: str, there: Sequence[str | None]) -> list[int]:
    names = sorted({name or f"(no {what})" for name in there})
    raise InputError(f"no board of {asked} has the {what} {found!r}; there are: {', '.join(names)}")
