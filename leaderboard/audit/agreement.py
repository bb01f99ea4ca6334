"""How far two reviewers agree on what both have judged: Cohen's kappa on verdicts, F1 on tuples, and where they
differ.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from leaderboard.audit.compare import maximum_matching
from leaderboard.audit.reviews import Review
from leaderboard.audit.slots import parse_value, same_name

Item = tuple[Any, ...]
_JUDGED = ("right", "wrong", "fix")


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One number on which two reviewers come to different ends; None where that reviewer did not mention it."""

    paper_id: str
    field: str | None
    start: int | None
    end: int | None
    first: Review | None
    second: Review | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of two reviewers.

    `kappa` is Cohen's (1960) on right, wrong and fix over the `items` that both judged, None where none or where both
    always said the same one thing. `f1` compares the results that each holds true (value, kind, metric, data set and
    method, as an audit compares them) in the `papers` that both judged, None without any.
    """

    reviewers: tuple[str, str]
    items: int
    papers: int
    same: int
    kappa: float | None
    f1: float | None
    disagreements: tuple[Disagreement, ...]


def agreement(reviews: Iterable[Review], first: str, second: str) -> Agreement:
    """The agreement of two reviewers; the newest verdict of each on a result counts."""
    verdicts = {name: _newest(reviews_of) for name, reviews_of in _by_reviewer(reviews, first, second).items()}
    one, two = verdicts[first], verdicts[second]
    both = [item for item in one if item in two and one[item].verdict in _JUDGED and two[item].verdict in _JUDGED]
    pairs = [(one[item].verdict, two[item].verdict) for item in both]
    papers = {item[:2] for item in one} & {item[:2] for item in two}
    held = [[r for item, r in side.items() if item[:2] in papers and r.claim is not None] for side in (one, two)]
    hits = maximum_matching([[j for j, b in enumerate(held[1]) if _same_tuple(a, b)] for a in held[0]])
    total = len(held[0]) + len(held[1])
    return Agreement(
        reviewers=(first, second),
        items=len(both),
        papers=len(papers),
        same=sum(a == b for a, b in pairs),
        kappa=cohens_kappa(pairs),
        f1=2 * hits / total if total else None,
        disagreements=tuple(_disagreements(one, two, papers)),
    )


def cohens_kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """(observed - expected) / (1 - expected) agreement; None without pairs, or where chance alone gives full
    agreement.
    """
    if not pairs:
        return None
    observed = sum(a == b for a, b in pairs) / len(pairs)
    left, right = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    expected = sum(left[name] * right[name] for name in left) / len(pairs) ** 2
    return None if expected == 1 else (observed - expected) / (1 - expected)


def _by_reviewer(reviews: Iterable[Review], first: str, second: str) -> dict[str, list[Review]]:
    found: dict[str, list[Review]] = {first: [], second: []}
    for review in sorted(reviews, key=lambda review: review.reviewed_at):
        if review.reviewer in found and review.verdict != "skip":
            found[review.reviewer].append(review)
    return found


def _newest(reviews: Iterable[Review]) -> dict[Item, Review]:
    """A reviewer's newest verdict on each item: a place in a text, and there the result that was shown."""
    found: dict[Item, Review] = {}
    for review in reviews:
        shown = review.original
        claim = tuple(shown.get(name) for name in ("kind", "metric", "dataset", "method")) if shown else None
        item = (review.paper_id, review.digest, review.field, review.start, review.end, claim)
        found.pop(item, None)
        found[item] = review
    return found


def _same_tuple(one: Review, two: Review) -> bool:
    a, b = one.claim or {}, two.claim or {}
    return (
        (one.paper_id, one.digest, a.get("kind")) == (two.paper_id, two.digest, b.get("kind"))
        and parse_value(a.get("value_text") or "") == parse_value(b.get("value_text") or "")
        and all(
            same_name(slot, [a.get(slot)], b.get(slot) or "", str(a.get("kind")))
            for slot in ("metric", "dataset", "method")
        )
    )


def _disagreements(one: dict[Item, Review], two: dict[Item, Review], papers: set[Item]) -> Iterable[Disagreement]:
    """Items that both judged with another end, and missing results that only one of them added."""
    for item in dict.fromkeys([*one, *two]):
        a, b = one.get(item), two.get(item)
        if item[:2] not in papers:
            continue
        if a is None or b is None:
            alone = a or b
            if alone is None or alone.verdict != "missing":
                continue
        elif (a.claim is None) == (b.claim is None) and (a.claim is None or _same_tuple(a, b)):
            continue
        yield Disagreement(item[0], item[2], item[3], item[4], a, b)
