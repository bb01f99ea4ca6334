"""What the extraction gets right, on every measure that is at hand: python -m benchmarks.accuracy [--write README.md]

Prints one Markdown table (what is absent is left out), then details: intervals by bootstrap over papers, calibration by
bins. The gold files and their scorers stand beside the project in ../shared; nothing of them is part of it.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from leaderboard.extraction import extract_paper, find_mentions
from leaderboard.models import Mention, Paper

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
KINDS = ("score", "gain", "cost")
LEVELS = ("V", "MV", "DMV", "full")
START, END = "<!-- accuracy: start -->", "<!-- accuracy: end -->"
Rows = list[dict[str, Any]]


def module(path: Path) -> Any:
    """A Python file of ../shared as a module."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec and spec.loader
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def lines(path: Path) -> Rows:
    """The objects of a JSON lines file."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def extracted(papers: Iterable[dict[str, Any]]) -> Rows:
    """The results of papers given as {id, title, abstract}, as rows of the contract."""
    rows: Rows = []
    for paper in papers:
        rows += map(asdict, extract_paper(Paper(paper["id"], paper.get("title") or "", paper["abstract"])).results)
    return rows


def f1_line(report: dict[str, Any]) -> list[str]:
    """The cells of one report: F1 at each level, and the share that is of another kind."""
    other = report["wrong_kind"] / max(1, report["predicted"])
    return [*(f"{report[level]['f1']:.3f}" for level in LEVELS), f"{other:.1%}"]


def interval(scorer: Any, gold: Rows, rows: Rows, level: str, rounds: int = 200) -> tuple[float, float]:
    """The 95% interval of F1 on scores, by bootstrap over papers."""
    by_paper: dict[str, Rows] = {}
    for row in rows:
        by_paper.setdefault(row["paper_id"], []).append(row)
    counts = []
    for entry in gold:
        report, _ = scorer.evaluate([entry], by_paper.get(entry["id"], []), "score")
        hits = round(report[level]["recall"] * report["gold"]) if report["gold"] else 0
        counts.append((hits, report["gold"], report["predicted"]))
    chance = random.Random(1)
    values = []
    for _ in range(rounds):
        sample = chance.choices(counts, k=len(counts))
        hit, wanted, said = (sum(c[k] for c in sample) for k in range(3))
        values.append(2 * hit / max(1, wanted + said))
    values.sort()
    return values[int(0.025 * rounds)], values[int(0.975 * rounds) - 1]


def calibration(scorer: Any, gold: Rows, rows: Rows, bins: int = 5) -> tuple[float, list[tuple[float, float, int]]]:
    """Expected calibration error over bins of equal size: (error, [(mean confidence, share right, results)])."""
    by_paper: dict[str, Rows] = {}
    for row in rows:
        by_paper.setdefault(row["paper_id"], []).append(row)
    pairs: list[tuple[float, bool]] = []
    for entry in gold:
        for kind in KINDS:
            said = [r for r in by_paper.get(entry["id"], []) if r["kind"] == kind]
            wanted = [r for r in entry["results"] if r["kind"] == kind]
            _, taken = scorer.matching(said, wanted, ("metric", "dataset", "method"))
            right = set(taken.values())
            pairs += [(r["confidence"] or 0.0, k in right) for k, r in enumerate(said)]
    pairs.sort()
    table = []
    for k in range(bins):
        part = pairs[k * len(pairs) // bins : (k + 1) * len(pairs) // bins]
        if part:
            table.append((sum(c for c, _ in part) / len(part), sum(r for _, r in part) / len(part), len(part)))
    error = sum(abs(c - r) * n for c, r, n in table) / max(1, len(pairs))
    return error, table


def tagged_sentences(path: Path) -> Iterable[tuple[str, list[tuple[int, int, str]]]]:
    """The sentences of a file of tagged tokens, with the spans of their tags (start, end, type)."""
    text, spans = "", []  # type: ignore[var-annotated]
    for line in [*path.read_text(encoding="utf-8").split("\n"), ""]:
        if not line.strip():
            if text:
                yield text, spans
            text, spans = "", []
            continue
        token, _, tag = line.split("\t")
        start = len(text) + (1 if text else 0)
        text = f"{text} {token}" if text else token
        if tag.startswith("B-"):
            spans.append((start, len(text), tag[2:].lower()))
        elif tag.startswith("I-") and spans:
            spans[-1] = (spans[-1][0], len(text), spans[-1][2])


def mention_measures(path: Path) -> dict[str, tuple[float, float]]:
    """For metrics and data sets of tagged sentences: (share found at least in part, F1 of exact spans)."""
    found = {"metric": [0, 0, 0, 0], "dataset": [0, 0, 0, 0]}  # in part, exact, tagged, said
    for text, spans in tagged_sentences(path):
        mentions: list[Mention] = find_mentions(Paper("sentence", "", text))
        for kind, counts in found.items():
            said = {(m.start, m.end) for m in mentions if m.type == kind}
            tagged = [(start, end) for start, end, tag in spans if tag == kind]
            counts[0] += sum(any(s < end and start < e for s, e in said) for start, end in tagged)
            counts[1] += sum(span in said for span in tagged)
            counts[2] += len(tagged)
            counts[3] += len(said)
    return {kind: (c[0] / max(1, c[2]), 2 * c[1] / max(1, c[2] + c[3])) for kind, c in found.items()}


@cache
def measure() -> tuple[list[str], list[str]]:
    """(the lines of the table, the lines of the details)."""
    table = ["| measured on | kind | V | MV | DMV | full | of another kind |", "|---|---|---|---|---|---|---|"]
    details: list[str] = []
    if not (SHARED / "gold" / "score.py").is_file():
        return [], ["the gold files are not beside the project (../shared): nothing to measure"]
    sys.path.insert(0, str(SHARED / "gold"))
    scorer = module(SHARED / "gold" / "score.py")
    for part in ("check", "tune"):
        gold = lines(SHARED / "gold" / f"{part}.jsonl")
        rows = extracted(lines(SHARED / "gold" / f"{part}_papers.jsonl"))
        clean = [entry for entry in gold if not entry["id"].startswith("arxiv:")]
        for kind in KINDS:
            report, _ = scorer.evaluate(gold, rows, kind)
            table.append(
                f"| {part}, {report['papers']} papers | {kind} ({report['gold']}) | {' | '.join(f1_line(report))} |"
            )
            if kind == "score":
                spans = ", ".join(
                    "{} {:.3f}-{:.3f}".format(level, *interval(scorer, gold, rows, level)) for level in LEVELS
                )
                details.append(f"{part}, scores, 95% intervals: {spans}")
                details.append(
                    f"{part}, whose result (F1 of other systems than the paper's own): {report['not_own']['f1']:.3f}"
                )
        report, _ = scorer.evaluate(clean, rows, "score")
        table.append(f"| {part}, clean texts alone | score ({report['gold']}) | {' | '.join(f1_line(report))} |")
        error, bins = calibration(scorer, gold, rows)
        details.append(
            f"{part}, confidence: expected calibration error {error:.3f}; said/right by bin: "
            + ", ".join(f"{c:.2f}/{r:.2f}" for c, r, _ in bins)
        )
    tuples = SHARED / "pwc" / "dev_tuples.jsonl"
    corpus = SHARED / "corpus" / "abstracts.jsonl.gz"
    if tuples.is_file() and corpus.is_file():
        import gzip

        wanted = lines(tuples)
        ids = {row["id"] for row in wanted}
        with gzip.open(corpus, "rt", encoding="utf-8") as file:
            papers = [paper for paper in map(json.loads, file) if paper["id"] in ids]
        recall = module(SHARED / "pwc" / "recall.py").recall(wanted, extracted(papers))
        details.append(
            "Papers-with-Code tuples found: "
            + ", ".join(f"{level} {recall[level]:.3f}" for level in ("V", "MV", "DV", "DMV"))
        )
    tagged = SHARED / "tdmsci" / "train.conll"
    if tagged.is_file():
        for kind, (part_found, exact) in mention_measures(tagged).items():
            details.append(
                f"tagged sentences (TDMSci), {kind} mentions: found at least in part {part_found:.3f}, "
                f"exact spans F1 {exact:.3f}"
            )
    return table, details


def write_table(readme: Path, table: Sequence[str]) -> None:
    """Put the table between its two marks in a Markdown file."""
    text = readme.read_text(encoding="utf-8")
    before, rest = text.split(START)
    after = rest.split(END)[1]
    readme.write_text(before + START + "\n" + "\n".join(table) + "\n" + END + after, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--write", type=Path, metavar="FILE", help="also put the table between its marks in this Markdown file"
    )
    arguments = parser.parse_args()
    table, details = measure()
    print("\n".join([*table, "", *details]))
    if arguments.write and table:
        write_table(arguments.write, table)


if __name__ == "__main__":
    main()
