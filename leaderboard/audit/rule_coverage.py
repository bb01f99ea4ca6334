"""How often each rule fires over a corpus, and what is turned down and why: dead rules, greedy rules, and the next gap.

Samples are spread evenly over what was seen (reservoir sampling with a fixed seed), so that the first papers of a
corpus do not stand for all of it and the same input gives the same samples.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from leaderboard.audit.compare import rule_parts
from leaderboard.models import Mention, Paper, Result

if TYPE_CHECKING:
    from leaderboard.extraction import Extraction

SEED = 1
NEAR = 60  # characters between a name and a value that count as near
_NAME = re.compile(r"(?<![\w@])(?:[A-Z][\w+]*(?:[-/.][\w+]+)*|[a-z]+[A-Z0-9][\w+-]*)(?![\w])")


@dataclass(slots=True)
class Samples:
    """A count, and a few of the things counted."""

    size: int
    count: int = 0
    shown: list[Any] = field(default_factory=list)
    confidence: float = 0.0  # the sum of those that have one
    with_confidence: int = 0

    def add(self, sample: Callable[[], Any], random_state: random.Random) -> None:
        """Count one more; keep it with the chance that all seen so far have."""
        self.count += 1
        if len(self.shown) < self.size:
            self.shown.append(sample())
        elif (place := random_state.randrange(self.count)) < self.size:
            self.shown[place] = sample()


@dataclass(slots=True)
class RuleCoverage:
    """What extraction did over a corpus: by rule, by reason of rejects, and names near values that nothing knows."""

    samples: int = 3
    papers: int = 0
    with_results: int = 0
    rules: dict[str, Samples] = field(default_factory=dict)
    reasons: dict[str, Samples] = field(default_factory=dict)
    unknown: Counter[str] = field(default_factory=Counter)
    _random: random.Random = field(default_factory=lambda: random.Random(SEED))

    def add(self, extraction: Extraction) -> None:
        """Count one paper's results and rejects."""
        self.papers += 1
        self.with_results += bool(extraction.results)
        for result in extraction.results:
            for rule in rule_parts(result.rule):
                found = self.rules.setdefault(rule, Samples(self.samples))
                found.add(lambda result=result: result, self._random)  # type: ignore[misc]
                if result.confidence is not None:
                    found.confidence += result.confidence
                    found.with_confidence += 1
        for reject in extraction.rejects:
            if reject.type == "number":
                seen = self.reasons.setdefault(reject.reason, Samples(self.samples))
                seen.add(lambda reject=reject: (reject, _context(extraction.paper, reject)), self._random)  # type: ignore[misc]

    def silent(self) -> list[str]:
        """The rules and reasons that the extraction knows and that never fired, in the order of their families."""
        from leaderboard.extraction.rules import DATASET_RULES, METHOD_RULES, METRIC_RULES, REASONS

        known = (*METRIC_RULES, *DATASET_RULES, *METHOD_RULES, *REASONS)
        return [name for name in known if name not in self.rules and name not in self.reasons]

    def add_unknown_names(self, paper: Paper, results: Iterable[Result], mentions: Iterable[Mention]) -> None:
        """Count the names near this paper's values that no mention covers."""
        self.unknown.update(set(unknown_names(paper, results, mentions)))


def unknown_names(paper: Paper, results: Iterable[Result], mentions: Iterable[Mention]) -> Iterator[str]:
    """Capitalised or mixed words within NEAR characters of a result's number that are no mention of any type."""
    covered: dict[str, list[tuple[int, int]]] = {}
    for mention in mentions:
        covered.setdefault(mention.field, []).append((mention.start, mention.end))
    for result in results:
        if result.field is None or result.start is None or result.end is None:
            continue
        text = paper.title if result.field == "title" else paper.abstract
        for found in _NAME.finditer(text, max(0, result.start - NEAR), result.end + NEAR):
            starts_sentence = re.search(r"(?:^|[.!?]\s+)$", text[: found.start()]) is not None and found[0].istitle()
            overlaps = any(s < found.end() and found.start() < e for s, e in covered.get(result.field, ()))
            if len(found[0]) > 1 and not starts_sentence and not overlaps:
                yield found[0]


def _context(paper: Paper, reject: Any) -> str:
    """The text around a number that was turned down, in one line."""
    if reject.field is None or reject.start is None or reject.end is None:
        return str(reject.text or "")
    text = paper.title if reject.field == "title" else paper.abstract
    before, after = text[max(0, reject.start - 50) : reject.start], text[reject.end : reject.end + 40]
    return " ".join(f"{before}[{text[reject.start : reject.end]}]{after}".split())
