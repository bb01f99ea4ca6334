"""An audit as one record, and as text for a terminal; `report_files` writes the other forms of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from leaderboard.audit.baseline import BaselineComparison, GradedChange
from leaderboard.audit.compare import KINDS, LEVELS, Comparison, Pair, PaperComparison, Ratio
from leaderboard.audit.fixtures import ConfirmedResult, Fixture
from leaderboard.models import Result

Table = tuple[str, tuple[str, ...], Sequence[tuple[object, ...]]]  # title, head, rows; the first column names the row
_YEAR_AT_END = re.compile(r"[\s'’-]*\b(?:(?:19|20)\d\d|\d\d)$")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9($\\])")


@dataclass(frozen=True)
class Audit:
    """Everything that one audit found; `baseline` is None where none was given."""

    comparison: Comparison
    baseline: BaselineComparison | None = None

    @property
    def errors_by_slot(self) -> dict[str, int]:
        """What is wrong most: missed, extra, wrong kind, or the first of the slots that differ, with counts."""
        counts: Counter[str] = Counter()
        for pair in self.differences:
            counts[next((s for s in LEVELS["full"] if s in pair.wrong), "") or pair.outcome] += 1
        return dict(counts.most_common())

    @property
    def errors_by_rule(self) -> dict[str, int]:
        """Rule -> in how many of its results what it bound is not right, for rules that have any."""
        wrong = {rule: count.fired - count.slot for rule, count in self.comparison.rules.items()}
        return dict(sorted(((r, n) for r, n in wrong.items() if n), key=lambda item: (-item[1], item[0])))

    @property
    def differences(self) -> list[Pair]:
        """Every pair of every paper that is not right."""
        return [pair for paper in self.comparison.papers for pair in paper.differences]

    @property
    def right_papers(self) -> int:
        """Papers from which everything confirmed was extracted, and nothing else."""
        return sum(paper.right for paper in self.comparison.papers)

    def groups(self) -> dict[str, dict[str, dict[str, dict[str, Ratio]]]]:
        """The figures by venue (whatever the year), field of science and year, each for the fixtures that say it."""
        keys = {
            "venue": lambda f: f.venue and _YEAR_AT_END.sub("", f.venue),
            "field": lambda f: f.field,
            "year": lambda f: f.year and str(f.year),
        }
        grouped = {name: self.comparison.by(key) for name, key in keys.items()}
        return {name: groups for name, groups in grouped.items() if groups}


def to_json(audit: Audit, *, totals: bool = False) -> dict[str, Any]:
    """The audit as plain data; with `totals` nothing that tells one paper from another."""
    comparison = audit.comparison
    data: dict[str, Any] = {
        "papers": len(comparison.papers),
        "right_papers": audit.right_papers,
        "levels": {
            kind: {level: ratio_data(ratio) for level, ratio in by_level.items()}
            for kind, by_level in comparison.levels.items()
        },
        "slots": {slot: ratio_data(ratio) for slot, ratio in comparison.slots.items()},
        "not_own": ratio_data(comparison.not_own),
        "wrong_kind": comparison.wrong_kind,
        "rules": {
            rule: {
                "fired": c.fired,
                "value": c.value,
                "slot": c.slot,
                "full": c.full,
                "precision": round(c.precision, 4),
            }
            for rule, c in comparison.rules.items()
        },
        "calibration": {
            "expected_error": comparison.calibration_error(),
            "bins": [
                {"confidence": b.confidence, "right": b.right, "results": b.results} for b in comparison.calibration()
            ],
        },
        "errors_by_slot": audit.errors_by_slot,
        "errors_by_rule": audit.errors_by_rule,
    }
    if totals:
        return data
    data["groups"] = {
        name: {
            g: {k: {lv: ratio_data(r) for lv, r in ls.items()} for k, ls in kinds.items()}
            for g, kinds in groups.items()
        }
        for name, groups in audit.groups().items()
    }
    data["differences"] = [difference_data(paper, pair) for paper in comparison.papers for pair in paper.differences]
    if audit.baseline is not None:
        data["baseline"] = {
            "better": audit.baseline.count("better"),
            "worse": audit.baseline.count("worse"),
            "neutral": audit.baseline.count("neutral"),
            "new": list(audit.baseline.new),
            "text_changed": list(audit.baseline.text_changed),
            "gone": list(audit.baseline.gone),
            "changes": [
                {
                    "paper_id": paper_id,
                    "type": graded.change.type,
                    "effect": graded.effect,
                    "why": graded.why,
                    "fields": list(graded.change.fields),
                    "before": result_data(graded.change.before),
                    "after": result_data(graded.change.after),
                }
                for paper_id, changes in audit.baseline.by_paper.items()
                for graded in changes
            ],
        }
    return data


def ratio_data(ratio: Ratio) -> dict[str, float]:
    """A ratio with its counts, rounded to four digits as the gold scorer does."""
    return {
        "precision": round(ratio.precision, 4),
        "recall": round(ratio.recall, 4),
        "f1": round(ratio.f1, 4),
        "hits": ratio.hits,
        "predicted": ratio.predicted,
        "confirmed": ratio.confirmed,
    }


def difference_data(paper: PaperComparison, pair: Pair) -> dict[str, Any]:
    """One difference with its sentence."""
    return {
        "paper_id": paper.fixture.id,
        "file": paper.fixture.file,
        "line": paper.fixture.line,
        "outcome": pair.outcome,
        "wrong": list(pair.wrong),
        "sentence": sentence_of(paper.fixture, pair),
        "confirmed": pair.confirmed.model_dump() if pair.confirmed else None,
        "predicted": result_data(pair.predicted),
    }


def result_data(result: Result | None) -> dict[str, Any] | None:
    """What an audit shows of an extracted result."""
    if result is None:
        return None
    names = (
        "kind",
        "value_text",
        "unit",
        "metric",
        "dataset",
        "method",
        "own",
        "task",
        "baseline",
        "rule",
        "confidence",
    )
    return {name: getattr(result, name) for name in names}


def sentence_of(fixture: Fixture, pair: Pair) -> str:
    """The sentence that a pair's number stands in; the start of the abstract where it cannot be told."""
    if pair.predicted is not None and pair.predicted.sentence:
        return pair.predicted.sentence
    value = pair.confirmed.value if pair.confirmed else pair.predicted.value_text if pair.predicted else ""
    number = re.compile(rf"(?<![\d.]){re.escape(value)}(?![\d]|\.\d)")
    for text in (fixture.abstract, fixture.title):
        for sentence in _SENTENCE_END.split(text):
            if number.search(sentence):
                return " ".join(sentence.split())
    return " ".join(fixture.abstract.split())[:200]


def sentence_at(text: str, position: int) -> str:
    """The sentence of a text that holds the character at a position."""
    start = max((found.end() for found in _SENTENCE_END.finditer(text, 0, position)), default=0)
    end = _SENTENCE_END.search(text, position)
    return text[start : end.start() if end else len(text)].strip()


def clean(text: object) -> str:
    """A text without characters that could steer a terminal or turn the direction of writing."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", str(text))


# ---------------------------------------------------------------------------------------------- text


def to_text(audit: Audit, *, totals: bool = False) -> str:
    """The audit for a person at a terminal: figures, then (unless `totals`) each difference with its sentence."""
    return "\n".join(_text_lines(audit, totals)) + "\n"


def _text_lines(audit: Audit, totals: bool) -> Iterator[str]:
    if not totals:
        for paper in audit.comparison.papers:
            if not paper.right:
                yield from _paper_lines(paper)
    if audit.baseline is not None:
        notes = baseline_notes(audit.baseline)
        yield from notes[-1:] if totals else [*_baseline_lines(audit.baseline), *notes]
        yield ""
    yield summary(audit)
    for title, head, rows in tables(audit, totals=totals):
        yield ""
        yield from table_lines([(title, *head[1:]), *rows])
    yield ""
    error = audit.comparison.calibration_error()
    if error is not None:
        yield f"expected calibration error {error:.3f}"
    if audit.errors_by_slot:
        yield "wrong most: " + ", ".join(f"{name} {count}" for name, count in audit.errors_by_slot.items())


def summary(audit: Audit) -> str:
    """How many fixtures are right, in one line."""
    count, confirmed = len(audit.comparison.papers), audit.comparison.levels["all"]["V"].confirmed
    return f"{count} papers, {audit.right_papers} right in every result; {confirmed} confirmed results"


def tables(audit: Audit, *, totals: bool = False) -> list[Table]:
    """The figures as tables (title, head, rows): by kind and level, by slot, by rule, by bin of confidence, by
    group.
    """
    comparison = audit.comparison
    head = ("", "confirmed", "predicted", "precision", "recall", "F1")
    by_level = [
        (f"{kind} {level}", *_ratio_cells(ratio))
        for kind in ("all", *KINDS)
        if comparison.levels[kind]["V"].confirmed or comparison.levels[kind]["V"].predicted
        for level, ratio in comparison.levels[kind].items()
    ]
    by_slot = [(s, *_ratio_cells(ratio)) for s, ratio in [*comparison.slots.items(), ("not own", comparison.not_own)]]
    found: list[Table] = [("kind and level", head, by_level), ("slot", head, by_slot)]
    rules = [(r, c.fired, c.value, c.slot, c.full, f"{c.precision:.3f}") for r, c in comparison.rules.items()]
    found.append(("rule", ("", "fired", "value right", "slot right", "all right", "precision"), rules))
    bins = [(f"{b.confidence:.2f}", f"{b.right:.2f}", b.results) for b in comparison.calibration()]
    found.append(("mean confidence", ("", "share right", "results"), bins))
    if not totals:
        for name, groups in audit.groups().items():
            rows = [(group, *_ratio_cells(kinds["all"]["full"])) for group, kinds in groups.items()]
            found.append((f"{name}, all kinds, full", head, rows))
    return [(title, head, [tuple(map(clean, row)) for row in rows]) for title, head, rows in found if rows]


def _paper_lines(paper: PaperComparison) -> Iterator[str]:
    fixture = paper.fixture
    yield f"{clean(fixture.id)}  {fixture.file}:{fixture.line}  {clean(fixture.title)}"
    sentence = ""
    for pair in paper.differences:
        found = sentence_of(fixture, pair)
        if found != sentence:
            sentence = found
            yield f"    {clean(sentence)}"
        yield from (f"      {line}" for line in pair_lines(pair))
    yield ""


def pair_lines(pair: Pair) -> list[str]:
    """A difference as lines of a diff: - confirmed, + extracted, and what differs."""
    lines = []
    if pair.confirmed is not None:
        lines.append(f"- {describe_confirmed(pair.confirmed)}" + ("" if pair.predicted else "   (missed)"))
    if pair.predicted is not None:
        rule = f"by {pair.predicted.rule}" if pair.predicted.rule else ""
        sure = f", {pair.predicted.confidence:.2f}" if pair.predicted.confidence is not None else ""
        what = "" if pair.confirmed else "no confirmed result, "
        lines.append(f"+ {describe(pair.predicted)}   ({what}{rule}{sure})")
    if pair.wrong:
        lines.append(f"  differs in {', '.join(pair.wrong)}")
    return [clean(line) for line in lines]


def _baseline_lines(baseline: BaselineComparison) -> Iterator[str]:
    for paper_id, changes in baseline.by_paper.items():
        yield f"{clean(paper_id)}  since the baseline:"
        for graded in changes:
            yield from (f"      {line}" for line in change_lines(graded))


def baseline_notes(baseline: BaselineComparison) -> list[str]:
    """What was not compared with the baseline, and last how many changes were for the better and for the worse."""
    names = {"new": baseline.new, "text changed": baseline.text_changed, "gone": baseline.gone}
    notes = [
        f"{name} since the baseline, not compared: {len(papers)} ({clean(', '.join(papers[:5]))}"
        + (", ...)" if len(papers) > 5 else ")")
        for name, papers in names.items()
        if papers
    ]
    counts = ", ".join(f"{baseline.count(effect)} {effect}" for effect in ("better", "worse", "neutral"))
    return [*notes, f"since the baseline: {counts}"]


def change_lines(graded: GradedChange) -> list[str]:
    """A change since the baseline as lines of a diff."""
    change = graded.change
    lines = [f"{graded.effect}: {change.type}, {graded.why}"]
    if change.before is not None:
        lines.append(f"  - {describe(change.before)}")
    if change.after is not None:
        lines.append(f"  + {describe(change.after)}")
    return [clean(line) for line in lines]


def describe(result: Result) -> str:
    """An extracted result in one line."""
    names = [result.metric, result.dataset, result.method, result.task, result.baseline]
    return _one_line(result.kind, result.value_text, result.unit or "", [n or "" for n in names], result.own)


def describe_confirmed(result: ConfirmedResult) -> str:
    """A confirmed result in one line, in the same form."""
    names = [result.metric, result.dataset, result.method, result.task, result.baseline]
    return _one_line(result.kind, result.value, result.unit, names, result.own)


def _one_line(kind: str, value: str, unit: str, names: list[str], own: bool) -> str:
    metric, dataset, method, task, baseline = names
    number = value if not unit or value.endswith(unit) else f"{value}{unit}" if unit == "%" else f"{value} {unit}"
    line = f"{kind} {number} | {metric or '-'} | {dataset or '-'} | {method or '-'}"
    for name, said in (("task", task), ("over", baseline)):
        line += f" | {name} {said}" if said else ""
    return line if own else f"{line} | not own"


def _ratio_cells(ratio: Ratio) -> tuple[object, ...]:
    return (ratio.confirmed, ratio.predicted, f"{ratio.precision:.3f}", f"{ratio.recall:.3f}", f"{ratio.f1:.3f}")


def table_lines(rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    """Rows as aligned columns, the first to the left and the others to the right."""
    cells = [list(map(clean, row)) for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        first, *others = (
            cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join([first, *others]).rstrip()
