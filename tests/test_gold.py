"""The gold, where it lies beside the project: floors under what is reached, and what the lexicons cover."""

from __future__ import annotations

import re
from typing import Literal

import pytest

from benchmarks import accuracy
from leaderboard import Paper
from leaderboard.extraction.pipeline import Engine
from leaderboard.lexicon import load_lexicon

pytestmark = pytest.mark.skipif(
    not (accuracy.SHARED / "gold" / "score.py").is_file(), reason="the annotated abstracts are not beside the project"
)

# F1 on check, below which no change may fall: V, MV, DMV, full.
FLOORS = {"score": (0.90, 0.79, 0.64, 0.42), "gain": (0.86, 0.70, 0.57, 0.44), "cost": (0.68, 0.58, 0.45, 0.33)}


def test_floors_on_check() -> None:
    table, details = accuracy.measure()
    print("\n".join([*table, "", *details]))
    for kind, floors in FLOORS.items():
        row = next(line for line in table if line.startswith("| check, 371") and f"| {kind} (" in line)
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert all(float(cell) >= floor for cell, floor in zip(cells[2:6], floors, strict=True)), row
        if kind == "score":
            assert float(cells[6].rstrip("%")) <= 6


def covered(engine: Engine, slot: Literal["metric", "dataset"]) -> tuple[int, int]:
    """How many of the gold's names that stand in their text are found as mentions at least in part, and of how many."""
    papers = {row["id"]: row for row in accuracy.lines(accuracy.SHARED / "gold" / "tune_papers.jsonl")}
    found = wanted = 0
    for entry in accuracy.lines(accuracy.SHARED / "gold" / "tune.jsonl"):
        names = {result[slot] for result in entry["results"] if result[slot]}
        if not names:
            continue
        row = papers[entry["id"]]
        paper = Paper(row["id"], row.get("title") or "", row["abstract"])
        mentions = [m for m in engine.mentions(paper) if m.type == slot]
        for name in names:
            places = [
                (field, match.start(), match.end())
                for field, text in (("title", paper.title), ("abstract", paper.abstract))
                for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)
            ]
            if places:
                wanted += 1
                found += any(
                    m.field == field and m.start < end and start < m.end
                    for m in mentions
                    for field, start, end in places
                )
    return found, wanted


def test_the_lexicons_cover_what_the_gold_names() -> None:
    engine = Engine()
    blind = Engine(lexicon=load_lexicon().without("dataset"))
    metrics, metrics_of = covered(engine, "metric")
    datasets, datasets_of = covered(engine, "dataset")
    shaped, shaped_of = covered(blind, "dataset")
    shares = (metrics / metrics_of, datasets / datasets_of, shaped / shaped_of)
    print("metrics {:.3f}, data sets {:.3f}, data sets by shape alone {:.3f}".format(*shares))
    assert shares[0] >= 0.95
    assert shares[1] >= 0.90
    assert shares[2] >= 2 / 3
