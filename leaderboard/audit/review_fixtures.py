"""From reviews to fixtures, and what all reviews say of the accuracy of extraction: by rule, and over time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from leaderboard.audit.compare import rule_parts
from leaderboard.audit.fixtures import Fixture, fixture_of, text_digest
from leaderboard.audit.review_apply import apply_to_results
from leaderboard.audit.reviews import Review
from leaderboard.models import Paper, Result


@dataclass(frozen=True, slots=True)
class ReviewedPapers:
    """Fixtures of the papers whose every result has a verdict, and the ids of those that still want one."""

    fixtures: tuple[Fixture, ...]
    open: tuple[str, ...]


def fixtures_from_reviews(
    reviews: Sequence[Review],
    papers: Mapping[tuple[str, str], Paper],
    extract: Callable[[Paper], Iterable[Result]],
    *,
    partial: bool = False,
) -> ReviewedPapers:
    """The reviewed texts as fixtures, each with what was confirmed, corrected and added.

    `extract` says which results the text has now: a paper counts as confirmed once each of them has a verdict, or,
    with `partial`, once any has (those without are then left out). Of a paper with several texts the last reviewed
    one counts.
    """
    latest: dict[str, str] = {}
    for review in sorted(reviews, key=lambda review: review.reviewed_at):
        if review.verdict != "skip":
            latest.pop(review.paper_id, None)
            latest[review.paper_id] = review.digest
    fixtures, still_open = [], []
    for paper_id, digest in latest.items():
        paper = papers[paper_id, digest]
        of_paper = [review for review in reviews if (review.paper_id, review.digest) == (paper_id, digest)]
        applied = apply_to_results(
            list(extract(paper)), of_paper, {(paper_id, digest): paper}, digests={paper_id: digest}
        )
        if any(reviewed.status is None for reviewed in applied.results) and not partial:
            still_open.append(paper_id)
            continue
        held = [r.result for r in applied.results if r.status in {"confirmed", "corrected", "added"}]
        fixtures.append(fixture_of(paper, sorted(held, key=_in_text)))
    return ReviewedPapers(tuple(fixtures), tuple(still_open))


def _in_text(result: Result) -> tuple[bool, int]:
    return (result.field != "title", -1 if result.start is None else result.start)


@dataclass(frozen=True, slots=True)
class ReviewedAccuracy:
    """Verdicts on what was extracted, and what was missing; `precision` and `recall` are None where nothing tells."""

    right: int = 0
    wrong: int = 0
    fixed: int = 0
    missing: int = 0

    @property
    def judged(self) -> int:
        """How many extracted results have a verdict."""
        return self.right + self.wrong + self.fixed

    @property
    def precision(self) -> float | None:
        """Share of the judged results that were right as they stood."""
        return self.right / self.judged if self.judged else None

    @property
    def recall(self) -> float | None:
        """Share of the true results, as far as reviewers saw, that were extracted right."""
        true = self.right + self.fixed + self.missing
        return self.right / true if true else None


def accuracy_of_reviews(
    reviews: Iterable[Review], by: Callable[[Review], Iterable[str]] = lambda review: ("all",)
) -> dict[str, ReviewedAccuracy]:
    """Group -> accuracy over the newest verdict on each result, whoever gave it; groups in order of their names.

    `by` names the groups of a review: `by_rule`, `by_month`, `by_reviewer`, or any function.
    """
    newest: dict[tuple[object, ...], Review] = {}
    for review in sorted(reviews, key=lambda review: review.reviewed_at):
        if review.verdict != "skip":
            shown = tuple(sorted((review.original or {}).items(), key=str)) if review.original else None
            newest[review.paper_id, review.digest, review.field, review.start, review.end, str(shown)] = review
    groups: dict[str, list[Review]] = {}
    for review in newest.values():
        for group in by(review):
            groups.setdefault(group, []).append(review)
    return {group: _count(found) for group, found in sorted(groups.items())}


def _count(reviews: Sequence[Review]) -> ReviewedAccuracy:
    verdicts = [review.verdict for review in reviews]
    return ReviewedAccuracy(*(verdicts.count(name) for name in ("right", "wrong", "fix", "missing")))


def by_rule(review: Review) -> list[str]:
    """The rules that made the result; none for a missing one."""
    return rule_parts(str(review.original.get("rule") or "")) if review.original else []


def by_month(review: Review) -> tuple[str]:
    """The month of the verdict, YYYY-MM."""
    return (review.reviewed_at[:7],)


def by_reviewer(review: Review) -> tuple[str]:
    """Who gave the verdict."""
    return (review.reviewer,)


def digests_of(papers: Iterable[Paper]) -> dict[str, str]:
    """Paper id -> the digest of its text as it is now."""
    return {paper.paper_id: text_digest(paper.title, paper.abstract) for paper in papers}
