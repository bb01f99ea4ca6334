from __future__ import annotations

import itertools
from typing import Any

from audit_records import result
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from leaderboard.audit.review_apply import DISPUTED, OUTDATED, ReviewedResult, apply_reviews, apply_to_results
from leaderboard.audit.reviews import Review, review_missing, review_result
from leaderboard.boards import rank
from leaderboard.models import Paper, Result
from leaderboard.table import to_table

PAPER = Paper(
    paper_id="p",
    title="Xnet",
    abstract="Xnet has 90.1 F1 on SQuAD and 42 BLEU on WMT14. It uses BERT-large.",
    year=2020,
)
TEXTS = {("p", review_missing(PAPER, "abstract", 9, 13, {}, "x").digest): PAPER}
CLOCK = (f"2026-01-01T00:00:00.{i:09d}" for i in itertools.count())


def found(value: str = "90.1", metric: str = "F1", dataset: str = "SQuAD", method: str = "Xnet", **more: Any) -> Result:
    start = PAPER.abstract.index(value)
    place = {
        "field": "abstract",
        "start": start,
        "end": start + len(value),
        "title": "Xnet",
        "score": float(value),
        "higher_is_better": True,
    }
    return result("p", value, metric, dataset, method, **(place | more))


def verdict(of: Result, kind: Any, reviewer: str = "ann", **corrected: Any) -> Review:
    made = review_result(PAPER, of, kind, reviewer, corrected=corrected or None)
    return Review(**{**{n: getattr(made, n) for n in Review.__slots__}, "reviewed_at": next(CLOCK)})


def missing(value: str, reviewer: str = "ann", **slots: Any) -> Review:
    start = PAPER.abstract.index(value)
    return review_missing(PAPER, "abstract", start, start + len(value), slots, reviewer)


def applied(results: list[Result], *reviews: Review) -> list[ReviewedResult]:
    return list(apply_to_results(results, reviews, TEXTS).results)


def states(results: list[Result], *reviews: Review) -> list[tuple[Any, ...]]:
    return [(r.status, r.result.value, r.result.metric, r.result.dataset) for r in applied(results, *reviews)]


def test_right_wrong_fix_missing_and_skip() -> None:
    first, second = found(), found("42", "accuracy", "WMT 2014", confidence=0.4)
    assert states([first, second], verdict(first, "right"), verdict(second, "wrong")) == [
        ("confirmed", 90.1, "F1", "SQuAD"),
        ("rejected", 42.0, "accuracy", "WMT 2014"),
    ]
    (fixed,) = applied([second], verdict(second, "fix", metric="BLEU score", method="BERT-large", unit="%"))
    assert (fixed.status, fixed.result.metric, fixed.result.metric_text, fixed.result.unit) == (
        "corrected",
        "BLEU",
        "BLEU score",
        "%",
    )
    assert fixed.result.metric_start is None  # the text has no "BLEU score"
    assert (
        PAPER.abstract[slice(fixed.result.method_start, fixed.result.method_end)]
        == fixed.result.method_text
        == "BERT-large"
    )
    assert fixed.result.confidence is None and fixed.result.higher_is_better is True
    (_, added) = applied([first], missing("42", metric="BLEU", dataset="WMT14 test"))
    assert (added.status, added.result.source, added.result.value, added.result.score) == (
        "added",
        "review",
        42.0,
        42.0,
    )
    assert (added.result.split, added.result.year, added.result.sentence) == (
        "test",
        2020,
        "Xnet has 90.1 F1 on SQuAD and 42 BLEU on WMT14.",
    )
    assert states([first], verdict(first, "skip")) == [(None, 90.1, "F1", "SQuAD")]


def test_a_fraction_that_is_corrected_stands_on_the_scale_of_its_metric() -> None:
    (fixed,) = applied([found()], verdict(found(), "fix", metric="accuracy", unit="", value_text="90.1"))
    assert fixed.result.score == 90.1
    (moved,) = applied([found()], verdict(found(), "fix", value_text="42"))
    assert PAPER.abstract[slice(moved.result.start, moved.result.end)] == "42" and moved.result.value == 42.0


def test_the_newest_verdict_counts_and_a_dispute_is_flagged() -> None:
    first = found()
    (row,) = applied([first], verdict(first, "wrong"), verdict(first, "right", "bob"))
    assert (row.status, row.result.flags, row.review and row.review.reviewer) == ("confirmed", (DISPUTED,), "bob")
    (row,) = applied([first], verdict(first, "wrong"), verdict(first, "right"))
    assert (row.status, row.result.flags) == ("confirmed", ())
    (row,) = applied([first], verdict(first, "fix", metric="EM"), verdict(first, "right"))
    assert (row.status, row.result.metric) == ("confirmed", "F1")
    (row,) = applied([first], verdict(first, "fix", metric="EM"), verdict(first, "fix", metric="EM", dataset="NQ"))
    assert (row.result.metric_text, row.result.dataset_text) == ("EM", "NQ")


def test_verdicts_outlive_newer_rules() -> None:
    old, new = found(metric="accuracy"), found(metric="F1")
    assert states([new], verdict(old, "fix", metric="F1")) == [("confirmed", 90.1, "F1", "SQuAD")]
    (row,) = applied([found(metric="EM")], verdict(old, "fix", metric="F1"))
    assert (row.status, row.result.metric) == ("corrected", "F1")
    (row,) = applied([new], verdict(old, "right"))
    assert (row.status, row.result.metric) == ("corrected", "accuracy")
    (row,) = applied([new], verdict(old, "wrong"))
    assert (row.status, row.result.flags) == (None, (OUTDATED,))
    assert states([], verdict(old, "right")) == [("confirmed", 90.1, "accuracy", "SQuAD")]
    assert states([], verdict(old, "wrong")) == []
    assert states([new], missing("90.1", metric="F1", dataset="SQuAD", method="Xnet")) == [
        ("confirmed", 90.1, "F1", "SQuAD")
    ]
    chain = [verdict(old, "fix", metric="F1"), verdict(new, "wrong")]
    assert states([new], *chain) == [("rejected", 90.1, "F1", "SQuAD")]
    assert states([], *chain) == []


def test_two_results_of_one_number_are_judged_apart() -> None:
    one, two = found(), found(metric="accuracy")
    assert [r.status for r in applied([one, two], verdict(two, "right"))] == [None, "confirmed"]
    assert [r.result.flags for r in applied([one, two], verdict(two, "wrong"))] == [(), ()]
    assert [r.status for r in applied([two, one], verdict(one, "wrong"), verdict(two, "right"))] == [
        "confirmed",
        "rejected",
    ]


def test_a_text_that_changed_keeps_its_verdicts_from_counting() -> None:
    first = found()
    for moved in (found(sentence="It was rewritten and has 90.1 F1."), found(title="Other"), found(start=3, end=7)):
        outcome = apply_to_results([moved], [verdict(first, "wrong")], TEXTS)
        assert [r.status for r in outcome.results] == [None] and len(outcome.stale) == 1
    outcome = apply_to_results([first], [verdict(first, "wrong")], TEXTS, digests={"p": "other"})
    assert [r.status for r in outcome.results] == [None] and len(outcome.stale) == 1


def test_a_reviewed_table_keeps_its_order_and_further_columns() -> None:
    rows = [result("a", "1"), found(), result("b", "2"), found("42", "accuracy", "WMT 2014"), result("c", "3")]
    table = to_table(rows)
    table["note"] = list("vwxyz")
    reviews = [
        verdict(rows[1], "fix", dataset="SQuAD 2.0"),
        verdict(rows[3], "wrong"),
        missing("42", metric="BLEU", dataset="WMT 2014"),
    ]
    out = apply_reviews(table, reviews, TEXTS, keep_rejected=True)
    assert out["paper_id"].tolist() == ["a", "p", "b", "p", "p", "c"]
    assert out["review"].fillna("").tolist() == ["", "corrected", "", "rejected", "added", ""]
    assert out["note"].fillna("").tolist() == ["v", "w", "x", "y", "", "z"]
    kept = apply_reviews(table, reviews, TEXTS)
    assert "rejected" not in set(kept["review"].dropna()) and len(kept) == 5
    only = apply_reviews(table, reviews, TEXTS, reviewed_only=True)
    assert set(only["review"]) == {"corrected", "added"} and only["reviewer"].tolist() == ["ann", "ann"]
    again = apply_reviews(kept, reviews, TEXTS)
    assert_frame_equal(again, kept)


def test_corrected_values_win_in_the_boards() -> None:
    rows = [found(), result("q", "95", "F1", "SQuAD", "Ynet", score=95.0, higher_is_better=True)]
    table = apply_reviews(to_table(rows), [verdict(rows[0], "fix", method="Znet", unit="%")], TEXTS)
    assert rank(table, "SQuAD", "F1")["method"].tolist() == ["Ynet", "Znet"]
    table = apply_reviews(to_table(rows), [verdict(rows[0], "wrong")], TEXTS)
    assert rank(table, "SQuAD", "F1")["method"].tolist() == ["Ynet"]


def test_no_reviews_change_nothing() -> None:
    table = to_table([found(), result("a", "1")])
    out = apply_reviews(table, [], {})
    assert_frame_equal(out.drop(columns=["review", "reviewer", "reviewed_at"]), table)
    assert out["review"].isna().all()
    empty = apply_reviews(to_table([]), [missing("42", metric="BLEU")], TEXTS)
    assert empty["review"].tolist() == ["added"]


METRICS = st.sampled_from(["F1", "accuracy", "BLEU"])
steps = st.lists(
    st.tuples(
        METRICS, st.sampled_from(["right", "wrong", "fix", "missing", "skip"]), METRICS, st.sampled_from(["ann", "bob"])
    ),
    max_size=8,
)


@settings(deadline=None)
@given(st.lists(METRICS, max_size=3, unique=True), steps)
def test_any_history_of_verdicts_can_be_applied_and_then_changes_nothing_more(
    metrics: list[str], history: list[tuple[str, Any, str, str]]
) -> None:
    reviews = []
    for original, kind, metric, reviewer in history:
        if kind == "missing":
            made = missing("90.1", reviewer, metric=metric, dataset="SQuAD", method="Xnet")
            reviews.append(Review(**{**{n: getattr(made, n) for n in Review.__slots__}, "reviewed_at": next(CLOCK)}))
        else:
            reviews.append(
                verdict(found(metric=original), kind, reviewer, **({"metric": metric} if kind == "fix" else {}))
            )
    results = [found(metric=metric) for metric in metrics]
    once = apply_to_results(results, reviews, TEXTS).results
    kept = [r.result for r in once if r.status != "rejected"]
    twice = apply_to_results(kept, reviews, TEXTS).results
    key = lambda rows: sorted((r.status or "", str(r.result.metric)) for r in rows if r.status != "rejected")  # noqa: E731
    accepted = {m for s, m in key(once) if s}
    assert {m for s, m in key(twice) if s} == accepted
    assert sum(r.status is not None for r in twice if r.status != "rejected") == sum(
        r.status is not None for r in once if r.status != "rejected"
    )
    if reviews and reviews[-1].verdict in {"right", "fix", "missing"}:
        assert reviews[-1].claim is not None and reviews[-1].claim["metric"] in accepted
