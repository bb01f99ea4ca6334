"""Annotated abstracts as training material: which value of a text carries which gold results."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from leaderboard.audit.fixtures import load_fixtures
from leaderboard.extraction.analysis import Analysis
from leaderboard.lexicon import Lexicon
from leaderboard.models import Paper


@dataclass
class Example:
    """One annotated paper: its analysis, and for each of its values the gold results that it carries."""

    paper: Paper
    analysis: Analysis
    gold: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    lost: list[dict[str, Any]] = field(default_factory=list)
    named: str | None = None  # what the annotators call the paper's own system, where they say so

    @property
    def own_name(self) -> str | None:
        """The name of the paper's own system, "" if it has none, None where nothing tells."""
        methods = Counter(r["method"] for results in self.gold.values() for r in results if r["own"])
        return methods.most_common(1)[0][0] if methods and self.named is None else self.named

    def kinds(self) -> list[str]:
        """The gold kind of each value, in order."""
        return [self.gold[i][0]["kind"] if i in self.gold else "none" for i in range(len(self.analysis.values))]


def number(text: str) -> float | None:
    """The value of a gold number, or None."""
    cleaned = str(text).replace(",", "").replace("\\", "").replace("%", "").replace("\u2212", "-").strip(" $+~")
    try:
        return float(cleaned)
    except ValueError:
        return None


def read_papers(path: Path) -> dict[str, Paper]:
    """The papers of a JSON lines file (`.gz` too) with id, title and abstract, by id."""
    open_text = gzip.open if path.suffix == ".gz" else open
    with open_text(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines if line.strip()]
    return {row["id"]: Paper(row["id"], row.get("title") or "", row.get("abstract") or "") for row in rows}


def read_examples(gold: Path, papers: Path, lexicon: Lexicon) -> list[Example]:
    """The annotated papers of a gold file, each gold result placed at a value of the text.

    A result names its place by `evidence` (characters of the text that hold the number) or by `field` and `start`.
    """
    texts = read_papers(papers)
    with gold.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines if line.strip()]
    return [_example(row, texts[row["id"]], lexicon) for row in rows if row["id"] in texts]


def read_fixtures(folder: Path, lexicon: Lexicon) -> list[Example]:
    """The project's own fixtures as annotated papers."""
    examples = []
    for fixture in load_fixtures([folder]):
        paper = Paper(f"fixture:{fixture.id}", fixture.title, fixture.abstract)
        results = [{name: getattr(result, name) for name in _FIELDS} for result in fixture.results]
        examples.append(_example({"results": results}, paper, lexicon))
    return examples


_FIELDS = ("kind", "value", "unit", "metric", "dataset", "method", "own", "task", "baseline")


def _example(row: dict[str, Any], paper: Paper, lexicon: Lexicon) -> Example:
    analysis = Analysis(paper, lexicon)
    example = Example(paper, analysis, named=row.get("own_name"))
    places = [analysis.document.locate(value.start, value.end) for value in analysis.values]
    for result in row["results"]:
        wanted = number(result["value"])
        same = [i for i, value in enumerate(analysis.values) if wanted is not None and abs(value.number) == abs(wanted)]
        evidence = result.get("evidence") or ""
        inside = []
        for name, text in (("abstract", paper.abstract), ("title", paper.title)):
            at = text.find(evidence) if evidence else -1
            if at >= 0:
                inside += [i for i in same if places[i].field == name and at <= places[i].start < at + len(evidence)]
        exact = [i for i in same if (places[i].field, places[i].start) == (result.get("field"), result.get("start"))]
        pool = exact or inside or same
        if not pool:
            example.lost.append(result)
            continue
        # A number that stands twice in its evidence: the one not taken yet, unless the slots alone tell them apart.
        free = [i for i in pool if i not in example.gold]
        chosen = free[0] if free else pool[0]
        if chosen in example.gold and example.gold[chosen][0]["kind"] != result["kind"]:
            continue
        example.gold.setdefault(chosen, []).append(result)
    return example
