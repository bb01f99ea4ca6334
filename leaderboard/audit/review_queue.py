"""Which result to review next: what teaches most, or matters most if it is wrong, comes first.

The priority of a result is a sum: how unsure extraction is of it (1 - confidence, 0.5 where it does not say), 0.5
where it is flagged, 0.5 more where it conflicts with another value or with a verdict, 0.5 / rank for its rank on a
board, and up to 0.25 where one of its rules has been reviewed less than five times. `why` says which of these there
are, in words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leaderboard.audit.compare import rule_parts
from leaderboard.audit.review_apply import DISPUTED, OUTDATED, apply_to_results
from leaderboard.audit.review_fixtures import by_rule
from leaderboard.audit.reviews import Review
from leaderboard.audit.rows import results_of_table
from leaderboard.models import Paper, Result

if TYPE_CHECKING:
    import pandas as pd

CONFLICTS = frozenset({"conflict", OUTDATED, DISPUTED})
UNKNOWN_CONFIDENCE = 0.5
FEW_REVIEWS = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A result that wants a verdict: its position in the table, how urgent it is, and why."""

    row: int
    result: Result
    priority: float
    why: str


def candidates(
    table: pd.DataFrame,
    reviews: Sequence[Review],
    papers: Mapping[tuple[str, str], Paper],
    *,
    reviewer: str | None = None,
    digests: Mapping[str, str] | None = None,
) -> list[Candidate]:
    """The results that still want a verdict, first things first.

    With `reviewer`, what others have judged is still open (so that two people can judge the same papers), and what this
    one has skipped is not; without, a result is open until anybody has judged it. `papers` and `digests` as for
    `apply_reviews`.
    """
    import pandas as pd

    from leaderboard.boards import ranked_table
    from leaderboard.table import as_table

    table = as_table(table)
    _, ranked, _ = ranked_table(table.assign(_row=range(len(table))))
    placed = zip(ranked["_row"].tolist(), ranked["rank"].tolist(), ranked["flags"].tolist(), strict=True)
    standing = {row: (None if rank is pd.NA else int(rank), set(found)) for row, rank, found in placed}
    mine = [review for review in reviews if reviewer in {None, review.reviewer}]
    skipped = {(r.paper_id, r.field, r.start, r.end) for r in mine if r.verdict == "skip"}
    results = list(results_of_table(table))
    judged = apply_to_results(results, mine, papers, digests=digests).results
    everybody = apply_to_results(results, reviews, papers, digests=digests).results
    seen = Counter(rule for review in reviews for rule in by_rule(review))
    found = []
    for i, result in enumerate(results):
        if judged[i].status is not None or (result.paper_id, result.field, result.start, result.end) in skipped:
            continue
        rank, flags = standing.get(i, (None, set()))
        flags = flags | set(result.flags) | set(everybody[i].result.flags)
        weight, reasons = _weigh(result.confidence, flags, rank, result.rule, seen)
        found.append(Candidate(i, result, weight, "; ".join(reasons)))
    return sorted(found, key=lambda candidate: (-candidate.priority, candidate.row))


def review_queue(
    table: pd.DataFrame,
    reviews: Sequence[Review],
    papers: Mapping[tuple[str, str], Paper],
    *,
    reviewer: str | None = None,
    digests: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """`candidates` as a table: the rows of `table` under their index, `priority` and `why` behind their columns."""
    import pandas as pd

    from leaderboard.table import as_table

    found = candidates(table, reviews, papers, reviewer=reviewer, digests=digests)
    out = as_table(table).iloc[[candidate.row for candidate in found]]
    why = pd.array([candidate.why for candidate in found], dtype="string")
    return out.assign(priority=[candidate.priority for candidate in found], why=why)


def _weigh(
    confidence: float | None, flags: set[str], rank: int | None, rules: str, seen: Counter[str]
) -> tuple[float, list[str]]:
    reasons = []
    weight = 1 - (UNKNOWN_CONFIDENCE if confidence is None else confidence)
    if confidence is not None and confidence < UNKNOWN_CONFIDENCE:
        reasons.append(f"low confidence ({confidence:.2f})")
    if flags:
        weight += 0.5
        reasons.append(f"flagged {', '.join(sorted(flags))}")
    if flags & CONFLICTS:
        weight += 0.5
    if rank is not None:
        weight += 0.5 / rank
        if rank <= 3:
            reasons.append(f"rank {rank} on its board")
    rule = min(rule_parts(rules), key=lambda part: seen[part])
    if seen[rule] < FEW_REVIEWS:
        weight += 0.25 * (1 - seen[rule] / FEW_REVIEWS)
        reasons.append(f"rule {rule} reviewed {seen[rule]} times")
    return weight, reasons
