"""What was extracted from each fixture against what a person confirmed: which results match, and how well.

A predicted result counts at a level when its kind, its value and the slots of that level all match one confirmed
result that no other prediction has taken (a maximum matching, per paper): V the value, MV and the metric, DMV and the
data set, full and the method. Precision is the share of the predicted that count, recall the share of the confirmed
that are found. The figures of slots, rules and confidence rest on pairs: each confirmed result with the prediction of
the same kind and value that agrees with it in the most slots.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from leaderboard.audit.fixtures import ConfirmedResult, Fixture
from leaderboard.audit.slots import same_name, same_unit
from leaderboard.models import Result

LEVELS: dict[str, tuple[str, ...]] = {
    "V": (),
    "MV": ("metric",),
    "DMV": ("metric", "dataset"),
    "full": ("metric", "dataset", "method"),
}
KINDS = ("score", "gain", "cost")
PAIR_SLOTS = ("metric", "dataset", "method", "unit", "own", "task", "baseline")
_WEIGHTS = {"metric": 16, "dataset": 8, "method": 4, "unit": 2, "own": 1, "task": 1, "baseline": 1}

Outcome = Literal["right", "wrong slots", "wrong kind", "missed", "extra"]


@dataclass(frozen=True, slots=True)
class Ratio:
    """Counts of a comparison: how many were predicted, how many confirmed, how many of them match."""

    hits: int = 0
    predicted: int = 0
    confirmed: int = 0

    def __add__(self, other: Ratio) -> Ratio:
        return Ratio(self.hits + other.hits, self.predicted + other.predicted, self.confirmed + other.confirmed)

    @property
    def precision(self) -> float:
        """Share of the predicted that match, 0 where nothing was predicted."""
        return self.hits / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Share of the confirmed that were found, 0 where nothing was confirmed."""
        return self.hits / self.confirmed if self.confirmed else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.hits / (self.predicted + self.confirmed) if self.predicted + self.confirmed else 0.0


@dataclass(frozen=True, slots=True)
class Pair:
    """One confirmed result and the prediction beside it; one of the two is None where the other stands alone."""

    confirmed: ConfirmedResult | None
    predicted: Result | None
    wrong: tuple[str, ...] = ()  # the slots that differ; "kind" where that differs

    @property
    def renamed(self) -> tuple[str, ...]:
        """The slots that match by the text's spelling alone: their canonical name says something else."""
        if self.predicted is None or self.confirmed is None:
            return ()
        return tuple(
            slot
            for slot in LEVELS["full"]
            if slot not in self.wrong
            and getattr(self.predicted, slot)
            and not same_name(slot, [getattr(self.predicted, slot)], getattr(self.confirmed, slot), self.confirmed.kind)
        )

    @property
    def outcome(self) -> Outcome:
        """`right` where value, kind, metric, data set and method all match, even if a lesser slot differs."""
        if self.predicted is None:
            return "missed"
        if self.confirmed is None:
            return "extra"
        if "kind" in self.wrong:
            return "wrong kind"
        return "wrong slots" if set(self.wrong) & set(LEVELS["full"]) else "right"

    @property
    def level(self) -> str | None:
        """The highest level at which the pair matches, None where it does not."""
        if self.predicted is None or self.confirmed is None or "kind" in self.wrong:
            return None
        return [level for level, slots in LEVELS.items() if not set(slots) & set(self.wrong)][-1]


@dataclass(frozen=True, slots=True)
class PaperComparison:
    """One fixture, what was extracted from it, and how the two compare."""

    fixture: Fixture
    predicted: tuple[Result, ...]
    pairs: tuple[Pair, ...]
    levels: Mapping[str, Mapping[str, Ratio]]  # kind -> level -> counts

    @property
    def right(self) -> bool:
        """Whether everything confirmed was extracted in full, and nothing else."""
        return all(pair.outcome == "right" for pair in self.pairs)

    @property
    def differences(self) -> list[Pair]:
        """The pairs that are not right."""
        return [pair for pair in self.pairs if pair.outcome != "right"]


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How often a rule made a result, and how often that was right."""

    fired: int = 0
    value: int = 0  # a confirmed result of that kind has the value
    slot: int = 0  # and what the rule bound is right
    full: int = 0  # and its metric, data set and method

    @property
    def precision(self) -> float:
        """Share of its results in which what the rule bound is right."""
        return self.slot / self.fired if self.fired else 0.0


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Predictions of neighbouring confidence: how sure they were on average, and how many were right."""

    confidence: float
    right: float
    results: int


@dataclass(frozen=True)
class Comparison:
    """All fixtures compared, with the figures over them."""

    papers: tuple[PaperComparison, ...]
    levels: Mapping[str, Mapping[str, Ratio]] = field(init=False)
    slots: Mapping[str, Ratio] = field(init=False)
    rules: Mapping[str, RuleCount] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "levels", self.levels_of(self.papers))
        object.__setattr__(self, "slots", _slot_ratios(self.papers))
        object.__setattr__(self, "rules", _rule_counts(self.papers))

    @staticmethod
    def levels_of(papers: Iterable[PaperComparison]) -> dict[str, dict[str, Ratio]]:
        """Kind -> level -> counts over some papers; kind `all` is the sum of the kinds."""
        total = {kind: dict.fromkeys(LEVELS, Ratio()) for kind in ("all", *KINDS)}
        for paper in papers:
            for kind, by_level in paper.levels.items():
                for level, ratio in by_level.items():
                    total[kind][level] += ratio
                    total["all"][level] += ratio
        return total

    def by(self, key: Callable[[Fixture], str | None]) -> dict[str, dict[str, dict[str, Ratio]]]:
        """Group -> kind -> level -> counts, for groups such as the venue; fixtures without one are left out."""
        groups: dict[str, list[PaperComparison]] = {}
        for paper in self.papers:
            group = key(paper.fixture)
            if group:
                groups.setdefault(group, []).append(paper)
        return {group: self.levels_of(papers) for group, papers in sorted(groups.items())}

    @property
    def wrong_kind(self) -> int:
        """Predictions whose value was confirmed, but only as another kind."""
        return sum(pair.outcome == "wrong kind" for paper in self.papers for pair in paper.pairs)

    @property
    def not_own(self) -> Ratio:
        """Of the results matched at least by value and metric: those of other systems than the paper's own."""
        total = Ratio()
        for pair in (pair for paper in self.papers for pair in paper.pairs if pair.level in {"MV", "DMV", "full"}):
            assert pair.predicted is not None and pair.confirmed is not None  # a level needs both
            said, true = not pair.predicted.own, not pair.confirmed.own
            total += Ratio(int(said and true), int(said), int(true))
        return total

    def calibration(self, bins: int = 5) -> list[CalibrationBin]:
        """Predictions with a confidence in bins of equal size, least sure first."""
        scored = sorted(
            (pair.predicted.confidence, pair.outcome == "right")
            for paper in self.papers
            for pair in paper.pairs
            if pair.predicted is not None and pair.predicted.confidence is not None
        )
        bins = max(1, min(bins, len(scored)))
        edges = [round(i * len(scored) / bins) for i in range(bins + 1)]
        found = []
        for start, end in itertools.pairwise(edges):
            chunk = scored[start:end]
            if chunk:
                sure, right = sum(c for c, _ in chunk), sum(r for _, r in chunk)
                found.append(CalibrationBin(sure / len(chunk), right / len(chunk), len(chunk)))
        return found

    def calibration_error(self, bins: int = 5) -> float | None:
        """Expected calibration error: the mean gap between confidence and share right, weighted by bin size."""
        found = self.calibration(bins)
        total = sum(b.results for b in found)
        return sum(abs(b.confidence - b.right) * b.results for b in found) / total if total else None


def compare(fixtures: Sequence[Fixture], predicted: Iterable[Result]) -> Comparison:
    """Compare all results extracted from the fixtures' papers; results of other papers are ignored."""
    by_paper: dict[str, list[Result]] = {fixture.id: [] for fixture in fixtures}
    for result in predicted:
        if result.paper_id in by_paper:
            by_paper[result.paper_id].append(result)
    return Comparison(tuple(compare_paper(fixture, by_paper[fixture.id]) for fixture in fixtures))


def compare_paper(fixture: Fixture, predicted: Sequence[Result]) -> PaperComparison:
    """Compare the results extracted from one paper with those confirmed."""
    levels = {}
    for kind in KINDS:
        found = [result for result in predicted if result.kind == kind]
        confirmed = [result for result in fixture.results if result.kind == kind]
        levels[kind] = {
            level: Ratio(maximum_matching(_edges(found, confirmed, slots)), len(found), len(confirmed))
            for level, slots in LEVELS.items()
        }
    return PaperComparison(fixture, tuple(predicted), tuple(pair_results(fixture.results, predicted)), levels)


def slot_matches(slot: str, predicted: Result, confirmed: ConfirmedResult) -> bool:
    """Whether one slot of a prediction says what was confirmed, by its canonical name or as the text spells it."""
    if slot == "own":
        return predicted.own == confirmed.own
    if slot == "unit":
        return same_unit(predicted.unit, confirmed.unit)
    spellings = (getattr(predicted, slot), getattr(predicted, f"{slot}_text"))
    return same_name(slot, spellings, getattr(confirmed, slot), confirmed.kind)


def maximum_matching(edges: Sequence[Sequence[int]]) -> int:
    """The size of a maximum matching; `edges[i]` are the right-hand nodes that left-hand node i may take (Kuhn
    1955).
    """
    taken: dict[int, int] = {}

    def place(left: int, seen: set[int]) -> bool:
        for right in edges[left]:
            if right not in seen:
                seen.add(right)
                if right not in taken or place(taken[right], seen):
                    taken[right] = left
                    return True
        return False

    return sum(place(left, set()) for left in range(len(edges)))


def _edges(found: Sequence[Result], confirmed: Sequence[ConfirmedResult], slots: Sequence[str]) -> list[list[int]]:
    return [
        [
            j
            for j, true in enumerate(confirmed)
            if result.value == true.number and all(slot_matches(slot, result, true) for slot in slots)
        ]
        for result in found
    ]


def pair_results(confirmed: Sequence[ConfirmedResult], predicted: Sequence[Result]) -> list[Pair]:
    """Each confirmed result with the prediction beside it, in the order of the text, extras last.

    Among results of one kind and value any pairing is a maximum matching by value, so the pairs that agree in the most
    slots are taken first. What is left is paired by value alone, which shows results of the wrong kind.
    """
    pairs: dict[int, Pair] = {}
    free = list(range(len(predicted)))
    for same_kind in (True, False):
        weighed = []
        for i, true in enumerate(confirmed):
            if i in pairs:
                continue
            for j in free:
                found = predicted[j]
                if found.value == true.number and (found.kind == true.kind) == same_kind:
                    wrong = tuple(slot for slot in PAIR_SLOTS if not slot_matches(slot, found, true))
                    weighed.append((sum(_WEIGHTS[slot] for slot in wrong), i, j, wrong))
        for _, i, j, wrong in sorted(weighed):
            if i not in pairs and j in free:
                pairs[i] = Pair(confirmed[i], predicted[j], wrong if same_kind else ("kind", *wrong))
                free.remove(j)
    alone = (Pair(true, None) if i not in pairs else pairs[i] for i, true in enumerate(confirmed))
    return [*alone, *(Pair(None, predicted[j]) for j in free)]


def rule_parts(rule: str) -> list[str]:
    """The rules that a result's `rule` names: `a+b` says that rule a bound one of its slots, and b another."""
    return list(dict.fromkeys(part for part in rule.split("+") if part)) or ["(none)"]


def slots_of_parts(parts: Sequence[str]) -> list[tuple[str, ...]]:
    """What each part of a rule's name bound: of three parts metric, data set and method; else all of them together."""
    names = LEVELS["full"]
    return [(name,) for name in names] if len(parts) == len(names) else [names] * len(parts)


def _slot_ratios(papers: Iterable[PaperComparison]) -> dict[str, Ratio]:
    """For each slot: of the names that were filled in, how many are right (and the same for kind, value and unit).

    An unpaired result counts against every slot that it fills; `value` and `kind` are filled always.
    """
    total = dict.fromkeys(("value", "kind", *(slot for slot in PAIR_SLOTS if slot != "own")), Ratio())
    for pair in (pair for paper in papers for pair in paper.pairs):
        both = pair.predicted is not None and pair.confirmed is not None
        for slot in total:
            if slot in {"value", "kind"}:
                said, true = pair.predicted is not None, pair.confirmed is not None
                right = both and slot not in pair.wrong
            else:
                said = pair.predicted is not None and bool(getattr(pair.predicted, slot))
                true = pair.confirmed is not None and bool(getattr(pair.confirmed, slot))
                right = both and said and true and slot not in pair.wrong
            total[slot] += Ratio(int(right), int(said), int(true))
    return total


def _rule_counts(papers: Iterable[PaperComparison]) -> dict[str, RuleCount]:
    counts: dict[str, RuleCount] = {}
    for pair in (pair for paper in papers for pair in paper.pairs):
        parts = rule_parts(pair.predicted.rule) if pair.predicted is not None else []
        for rule, slots in zip(parts, slots_of_parts(parts), strict=True):
            count = counts.get(rule, RuleCount())
            counts[rule] = RuleCount(
                count.fired + 1,
                count.value + (pair.level is not None),
                count.slot + (pair.level is not None and not set(slots) & set(pair.wrong)),
                count.full + (pair.outcome == "right"),
            )
    return dict(sorted(counts.items(), key=lambda item: (-item[1].fired, item[0])))
