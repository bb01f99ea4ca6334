"""What a table of results leaves open about its metrics (direction, scale, unit), filled in from the lexicon."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leaderboard.lexicon import load_lexicon
from leaderboard.lexicon.words import load_words
from leaderboard.normalise import NamedMetric, Normaliser


@cache
def normaliser() -> Normaliser:
    """The normaliser over the package's own lexicon, made on the first call."""
    return Normaliser(load_lexicon())


@cache
def named(metric: str) -> NamedMetric:
    """What the lexicon knows of a metric."""
    return normaliser().metric(metric)


def task_of_dataset(dataset: str) -> str | None:
    """The task that the lexicon has for a data set."""
    known = load_lexicon().dataset(dataset)
    return known.task if known else None


def pooled(name: str, slot: str) -> bool:
    """Whether a name stands for several under one number ("SQuAD and RACE") and is not one that the lexicon knows."""
    if " and " not in name:
        return False
    lexicon = load_lexicon()
    return (lexicon.dataset(name) if slot == "dataset" else lexicon.metric(name)) is None


def scores(table: pd.DataFrame) -> NDArray[np.float64]:
    """The scores of a table; where one is missing, what the normaliser makes of value, unit and metric."""
    out = table["score"].to_numpy(dtype=np.float64, copy=True)
    missing = np.isnan(out) & (table["kind"] != "gain").to_numpy(dtype=bool) & table["metric"].notna().to_numpy()
    if missing.any():
        rows = table.loc[missing, ["value", "unit", "metric", "kind"]]
        filled = [
            normaliser().score(value, None if pd.isna(unit) else unit, named(metric), kind)[0]
            for value, unit, metric, kind in rows.itertuples(index=False)
        ]
        out[missing] = [np.nan if score is None else score for score in filled]
    return out


def board_directions(
    board: NDArray[np.int64], count: int, table: pd.DataFrame, metrics: list[str]
) -> list[bool | None]:
    """Whether higher is better on each of `count` boards: what most of its results say, else what the lexicon says.

    `board` is the board of each row, `metrics` the metric of each board.
    """
    said = table["higher_is_better"]
    weight = said.astype("Float64").mul(2).sub(1).to_numpy(dtype=np.float64, na_value=0)
    votes = np.bincount(board, weights=weight, minlength=count)
    return [
        bool(vote > 0) if vote else named(metric).higher_is_better for vote, metric in zip(votes, metrics, strict=True)
    ]


def row_units(table: pd.DataFrame, score: NDArray[np.float64]) -> list[str | None]:
    """The unit in which each row's score is: `%`, the unit as written where the score is the value, else its base."""
    units = load_words().units
    known: dict[tuple[str | None, bool, bool], str | None] = {}
    value = table["value"].to_numpy(dtype=np.float64)
    same = np.isclose(score, value, rtol=1e-9, atol=0)
    percent = np.isclose(score, value * 100, rtol=1e-9, atol=0) & ~same
    out: list[str | None] = []
    written = [None if pd.isna(unit) else unit for unit in table["unit"].tolist()]
    for unit, is_same, is_percent in zip(written, same.tolist(), percent.tolist(), strict=True):
        key = (unit, is_same, is_percent)
        if key not in known:
            if unit is None:
                known[key] = "%" if is_percent else None
            elif is_same:
                known[key] = unit
            else:
                known[key] = (units.get(unit) or ("", 1.0))[0] or None
        out.append(known[key])
    return out


def bounded(metric: str) -> bool:
    """Whether the metric's scores are percentages of a whole."""
    return named(metric).range in ("unit", "signed_unit")


def usual_unit(metric: str, written: str | None) -> str | None:
    """The unit of a metric's scores, given the one that most of its results were written in (None: none)."""
    if bounded(metric) and written in (None, "%", "points"):
        return "%"
    return written or named(metric).unit
