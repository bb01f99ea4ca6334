"""Reviews applied to a table of results: confirmed, corrected, rejected and added rows.

At one place in a text (paper, digest, span) the newest verdict on a claim counts, whoever gave it. Newer rules may
extract something else there: what a person confirmed or corrected still wins, a rejection holds for the claim that
was rejected alone, and a result that is no longer extracted is put back. A verdict on a text that has changed since
is not applied.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from leaderboard.audit.reviews import EDITABLE, Review, ReviewStore
from leaderboard.audit.rows import results_of_table
from leaderboard.audit.slots import parse_value
from leaderboard.models import RESULT_COLUMNS, SLOTS, Paper, Result

if TYPE_CHECKING:
    import pandas as pd

    from leaderboard.normalise import Normaliser

Status = Literal["confirmed", "corrected", "rejected", "added"]
REVIEW_COLUMNS = ("review", "reviewer", "reviewed_at")
OUTDATED = "review_outdated"  # extraction says something else now than what was judged here
DISPUTED = "review_disputed"  # reviewers disagree, the newest verdict counts
_IDENTITY = tuple(name for name in EDITABLE if name != "setting")
Place = tuple[str, str, str | None, int | None, int | None]
Claim = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class ReviewedResult:
    """A result with what the reviews say of it; `status` is None where no verdict that stands is about it."""

    result: Result
    status: Status | None = None
    review: Review | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """What reviews make of results: all of them in order, added ones behind their paper's, and verdicts without
    effect.
    """

    results: tuple[ReviewedResult, ...]
    stale: tuple[Review, ...]  # the text of the paper has changed since


def apply_reviews(
    table: pd.DataFrame,
    reviews: Sequence[Review],
    papers: Mapping[tuple[str, str], Paper],
    *,
    digests: Mapping[str, str] | None = None,
    reviewed_only: bool = False,
    keep_rejected: bool = False,
) -> pd.DataFrame:
    """A table of results as the reviews make it, with the columns REVIEW_COLUMNS behind the others.

    `review` is `confirmed`, `corrected`, `rejected`, `added` or null. Corrected values stand in the columns of the
    result, so they win in every board and export; rejected rows are left out unless `keep_rejected`; `reviewed_only`
    leaves out what has no verdict. `papers` are the reviewed texts (`ReviewStore.papers()`); `digests` the digests of
    the texts as they are now, where known. `attrs["stale"]` counts the verdicts on texts that changed since.
    """
    import pandas as pd

    from leaderboard.table import as_table, to_table

    table = as_table(table)
    earlier = table["review"] if "review" in table.columns else None  # the table has been through this before
    table = table.drop(columns=[name for name in REVIEW_COLUMNS if name in table.columns])
    reviewed = table["paper_id"].isin({review.paper_id for review in reviews}).to_numpy(dtype=bool)
    touched = table[reviewed]
    applied = apply_to_results(list(results_of_table(touched)), reviews, papers, digests=digests)
    kept = [(i, r) for i, r in enumerate(applied.results) if keep_rejected or r.status != "rejected"]
    new = to_table(r.result for _, r in kept)
    # An added row has no row of its own to take further columns from.
    source = [i if i < len(touched) else None for i, _ in kept]
    for name in table.columns.difference(list(RESULT_COLUMNS), sort=False):
        new[name] = touched[name].reset_index(drop=True).reindex(pd.array(source, dtype="Int64")).array
    was = earlier[reviewed].tolist() if earlier is not None else [None] * len(touched)
    status = [
        was[i] if i < len(was) and r.status == "confirmed" and was[i] in {"corrected", "added"} else r.status
        for i, r in kept
    ]
    new["review"] = pd.array(status, dtype="string")
    new["reviewer"] = pd.array([r.review.reviewer if r.review else None for _, r in kept], dtype="string")
    new["reviewed_at"] = pd.array([r.review.reviewed_at if r.review else None for _, r in kept], dtype="string")
    rest = table[~reviewed].copy()
    for name in REVIEW_COLUMNS:
        rest[name] = pd.array([None] * len(rest), dtype="string")
    order = _order(table, reviewed, [r.result.paper_id for _, r in kept], source)
    out = pd.concat([rest, new[rest.columns]], ignore_index=True).iloc[order].reset_index(drop=True)
    if reviewed_only:
        out = out[out["review"].notna()].reset_index(drop=True)
    out.attrs["stale"] = len(applied.stale)
    return out


def apply_review_file(
    table: pd.DataFrame,
    path: str | Path,
    *,
    digests: Mapping[str, str] | None = None,
    reviewed_only: bool = False,
    keep_rejected: bool = False,
) -> pd.DataFrame:
    """`apply_reviews` with the verdicts of a file. Raises InputError where it is not there, or is no file of
    reviews.
    """
    with ReviewStore(path, read_only=True) as store:
        reviews, papers = store.reviews(), store.papers()
    return apply_reviews(
        table, reviews, papers, digests=digests, reviewed_only=reviewed_only, keep_rejected=keep_rejected
    )


def _order(table: pd.DataFrame, reviewed: Any, paper_ids: Sequence[str], source: Sequence[int | None]) -> list[int]:
    """The rows of the untouched, then of the new part, as positions in the order of the table; added ones go last in
    their paper, or at the end.
    """
    positions = reviewed.nonzero()[0].tolist()
    last = dict(zip(table["paper_id"].tolist(), range(len(table)), strict=True))
    keys: list[tuple[float, int]] = [(float(i), i) for i in (~reviewed).nonzero()[0].tolist()]
    for number, (paper_id, row) in enumerate(zip(paper_ids, source, strict=True)):
        place = last.get(paper_id, len(table)) + 0.5 if row is None else float(positions[row])
        keys.append((place, len(table) + number))
    return sorted(range(len(keys)), key=keys.__getitem__)


def apply_to_results(
    results: Sequence[Result],
    reviews: Iterable[Review],
    papers: Mapping[tuple[str, str], Paper],
    *,
    digests: Mapping[str, str] | None = None,
) -> Applied:
    """Apply reviews to results of any papers; added results come last. See `apply_reviews`."""
    by_paper: dict[str, list[int]] = {}
    for index, result in enumerate(results):
        by_paper.setdefault(result.paper_id, []).append(index)
    by_place: dict[Place, list[Review]] = {}
    stale: list[Review] = []
    changed: dict[tuple[str, str], bool] = {}
    for review in sorted(reviews, key=lambda review: review.reviewed_at):
        text = (review.paper_id, review.digest)
        if text not in changed:
            rows = [results[i] for i in by_paper.get(review.paper_id, ())]
            now = (digests or {}).get(review.paper_id)
            changed[text] = now != review.digest if now else not _same_text(rows, papers.get(text))
        if changed[text]:
            stale.append(review)
        elif review.verdict != "skip":
            by_place.setdefault((*text, review.field, review.start, review.end), []).append(review)
    outcome = [ReviewedResult(result) for result in results]
    added: list[ReviewedResult] = []
    for place, here in by_place.items():
        paper = papers.get(place[:2])
        at_place = [i for i in by_paper.get(place[0], ()) if _is_at(results[i], place)]
        judged, put_back = _apply_at_place([results[i] for i in at_place], here, paper)
        added += put_back
        for number, reviewed in judged.items():
            outcome[at_place[number]] = reviewed
    return Applied((*outcome, *added), tuple(stale))


@dataclass(slots=True)
class _Claims:
    """What stands at one place after all verdicts there, in the order in which they were given."""

    accepted: dict[Claim, Review] = field(default_factory=dict)
    superseded: dict[Claim, Claim] = field(default_factory=dict)  # a claim and what it was corrected to
    rejected: dict[Claim, Review] = field(default_factory=dict)

    def take(self, review: Review) -> None:
        original = _claim_of(review.original) if review.original is not None else None
        claim = _claim_of(review.claim) if review.claim is not None else None
        if original is not None:  # the newest verdict on a claim takes the place of those before
            self.rejected.pop(original, None)
            self.accepted.pop(original, None)
            earlier = self.superseded.pop(original, None)
            if earlier is not None:
                self.accepted.pop(earlier, None)
        if claim is None:
            assert original is not None  # a rejection is of something
            self.rejected[original] = review
            return
        self.rejected.pop(claim, None)
        self.accepted[claim] = review
        if original is not None and claim != original:
            self.superseded[original] = claim


def _apply_at_place(
    results: Sequence[Result], reviews: Sequence[Review], paper: Paper | None
) -> tuple[dict[int, ReviewedResult], list[ReviewedResult]]:
    """The results at one place that a verdict is about, by index, and those that extraction does not have."""
    claims = _Claims()
    for review in reviews:
        claims.take(review)
    flag = (DISPUTED,) if _disputed(reviews) else ()
    waiting = dict(claims.accepted)
    found: dict[int, ReviewedResult] = {}
    for index, result in enumerate(results):
        claim = _claim_of(_slots_of(result))
        claim = claims.superseded.get(claim, claim)
        if claim in waiting:
            found[index] = _corrected(result, waiting.pop(claim), paper, flag)
        elif claim in claims.rejected:
            found[index] = ReviewedResult(_flagged(result, flag), "rejected", claims.rejected[claim])
    now = {_claim_of(_slots_of(result)) for result in results}
    outdated = [claim for claim in claims.rejected if claim not in now]
    for index, result in enumerate(results):  # newer rules say something else here: what was confirmed wins
        if index in found:
            continue
        if waiting:
            found[index] = _corrected(result, waiting.pop(next(iter(waiting))), paper, flag)
        elif outdated:
            outdated.pop()
            found[index] = ReviewedResult(_flagged(result, (OUTDATED,)))
    return found, [_added(review, paper, flag) for review in waiting.values()]


def _corrected(result: Result, review: Review, paper: Paper | None, flag: tuple[str, ...]) -> ReviewedResult:
    slots = review.claim or {}
    names = EDITABLE if review.verdict in {"fix", "missing"} else _IDENTITY
    wanted, now = _canonical(slots), _canonical(_slots_of(result))
    changed = {name: slots.get(name) for name in names if wanted[name] != now[name]}
    edited = edit_result(result, changed, paper)
    return ReviewedResult(_flagged(edited, flag), "corrected" if changed else "confirmed", review)


def _added(review: Review, paper: Paper | None, flag: tuple[str, ...]) -> ReviewedResult:
    slots = dict(review.claim or {})
    text = str(slots.get("value_text") or "")
    base = Result(
        paper_id=review.paper_id,
        title=paper.title if paper else None,
        year=paper.year if paper else None,
        date=paper.date if paper else None,
        venue=paper.venue if paper else None,
        url=paper.url if paper else None,
        kind=slots.get("kind") or "score",
        value=_value_of(text),
        value_text=text,
        field="title" if review.field == "title" else "abstract" if review.field else None,
        start=review.start,
        end=review.end,
        sentence=_sentence(paper, review),
        rule=str((review.original or {}).get("rule") or "review"),
        source="review",
    )
    filled = {name: slots.get(name) for name in EDITABLE if name not in {"kind", "value_text"}}
    result = edit_result(base, filled, paper)
    status: Status = "confirmed" if review.verdict == "right" else "corrected" if review.original else "added"
    return ReviewedResult(_flagged(result, flag), status, review)


def edit_result(result: Result, changes: Mapping[str, Any], paper: Paper | None) -> Result:
    """A result with some of the fields of EDITABLE set anew, and everything that follows from them.

    Names get their canonical form, their spelling as typed, and their place where the paper's text holds it; the score
    and its direction follow from value, unit, metric and kind; the confidence is a person's and so null.
    """
    if not changes:
        return result
    normaliser = _normaliser()
    new: dict[str, Any] = {name: _plain(value) for name, value in changes.items() if name not in SLOTS}
    if "own" in new:
        new["own"] = bool(changes["own"])
    if "value_text" in new:
        new |= _value(result, str(new["value_text"]), paper)
    for slot in SLOTS:
        if slot not in changes:
            continue
        typed = _plain(changes[slot])
        new |= {slot: typed, f"{slot}_text": typed}
        new |= dict(zip((f"{slot}_{part}" for part in ("field", "start", "end")), _place(typed, paper), strict=True))
        if typed is None:
            continue
        if slot == "dataset":
            name, split = normaliser.dataset(typed)
            new["dataset"] = name
            if split and not changes.get("split"):
                new["split"] = split
        elif slot == "metric":
            new["metric"] = normaliser.metric(typed, changes.get("unit", result.unit)).canonical
        else:
            new[slot] = normaliser.task(typed) if slot == "task" else normaliser.method(typed)
    edited = dataclasses.replace(result, **new, confidence=None)
    metric = normaliser.metric(edited.metric, edited.unit) if edited.metric else None
    score, flags = normaliser.score(edited.value, edited.unit, metric, edited.kind, edited.metric_text)
    derived = {"out_of_range", "scale_unclear"}
    return dataclasses.replace(
        edited,
        score=score,
        higher_is_better=metric.higher_is_better if metric else None,
        change=edited.change if edited.kind == "gain" else None,
        improves=edited.improves if edited.kind == "gain" else None,
        flags=(*(flag for flag in edited.flags if flag not in derived), *flags),
    )


def _value_of(text: str) -> float:
    number = parse_value(text)
    assert number is not None  # reviews are checked when they are made
    return number


def _value(result: Result, text: str, paper: Paper | None) -> dict[str, Any]:
    """The fields that follow from another value; its place is the nearest one where the text holds it."""
    new: dict[str, Any] = {"value_text": text, "value": _value_of(text), "error": None}
    whole = "" if paper is None or result.field is None else getattr(paper, result.field)
    starts = [found.start() for found in re.finditer(re.escape(text), whole)]
    if result.start is None or not starts:
        return new | {"field": None, "start": None, "end": None}
    start = min(starts, key=lambda position: abs(position - (result.start or 0)))
    return new | {"start": start, "end": start + len(text)}


def _place(typed: str | None, paper: Paper | None) -> tuple[str | None, int | None, int | None]:
    """Where the text holds a name as typed: the first place, abstract before title."""
    for name in ("abstract", "title") if typed and paper else ():
        start = getattr(paper, name).find(typed)
        if start >= 0:
            return name, start, start + len(typed or "")
    return None, None, None


def _sentence(paper: Paper | None, review: Review) -> str | None:
    if paper is None or review.start is None or review.field is None:
        return None
    from leaderboard.audit.report import sentence_at

    return sentence_at(paper.title if review.field == "title" else paper.abstract, review.start)


def _slots_of(result: Result) -> dict[str, Any]:
    return {name: getattr(result, name) for name in EDITABLE}


def _claim_of(slots: Mapping[str, Any]) -> Claim:
    canonical = _canonical(slots)
    return tuple(canonical[name] for name in _IDENTITY)


def _canonical(slots: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of EDITABLE with names in canonical form, so that a spelling is no other claim."""
    normaliser = _normaliser()
    values = {name: _plain(slots.get(name)) for name in EDITABLE}
    values["value_text"] = parse_value(values["value_text"] or "")
    if values["metric"]:
        values["metric"] = normaliser.metric(values["metric"], values["unit"]).canonical
    if values["dataset"]:
        values["dataset"], split = normaliser.dataset(values["dataset"])
        values["split"] = values["split"] or split
    for name, canonical in (("method", normaliser.method), ("baseline", normaliser.method), ("task", normaliser.task)):
        if values[name]:
            values[name] = canonical(values[name])
    return values


@cache
def _normaliser() -> Normaliser:
    from leaderboard.lexicon import load_lexicon
    from leaderboard.normalise import Normaliser

    return Normaliser(load_lexicon())


def _plain(value: Any) -> Any:
    return None if value == "" else value


def _flagged(result: Result, flags: tuple[str, ...]) -> Result:
    new = tuple(flag for flag in flags if flag not in result.flags)
    return dataclasses.replace(result, flags=(*result.flags, *new)) if new else result


def _disputed(reviews: Sequence[Review]) -> bool:
    """Whether the newest verdicts of two reviewers on one claim come to different ends."""
    newest: dict[tuple[Claim | None, str], Claim | None] = {}
    for review in reviews:
        original = _claim_of(review.original) if review.original is not None else None
        newest[original, review.reviewer] = _claim_of(review.claim) if review.claim is not None else None
    ends: dict[Claim | None, set[Claim | None]] = {}
    for (original, _), end in newest.items():
        ends.setdefault(original, set()).add(end)
    return any(len(end) > 1 for original, end in ends.items() if original is not None)


def _is_at(result: Result, place: Place) -> bool:
    return (result.field, result.start, result.end) == place[2:]


def _same_text(results: Sequence[Result], paper: Paper | None) -> bool:
    """Whether results can have come from this text, as far as their spans and sentences tell."""
    if paper is None:
        return not results
    for result in results:
        if result.field is None or result.start is None or result.end is None:
            continue
        text = paper.title if result.field == "title" else paper.abstract
        if text[result.start : result.end] != result.value_text:
            return False
        if result.sentence and result.sentence not in text:
            return False
        if result.title and result.title != paper.title:
            return False
    return True
