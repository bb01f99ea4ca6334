from __future__ import annotations

from typing import Any

import pytest
from audit_records import result
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from leaderboard.audit.agreement import agreement, cohens_kappa
from leaderboard.audit.fixture_format import dump_fixtures
from leaderboard.audit.fixtures import parse_fixtures
from leaderboard.audit.review_fixtures import accuracy_of_reviews, by_month, by_rule, fixtures_from_reviews
from leaderboard.audit.review_queue import review_queue
from leaderboard.audit.reviews import Review, review_missing, review_result
from leaderboard.models import Paper, Result
from leaderboard.table import to_table

PAPER = Paper(paper_id="p", title="Xnet", abstract="Xnet has 90.1 F1 on SQuAD and 42 BLEU on WMT14.", year=2020)
OTHER = Paper(paper_id="q", title="Ynet", abstract="Ynet has 95.5 F1 on SQuAD.", year=2021)
CLOCK = iter(f"2026-{1 + i // 100:02}-01T00:00:{i % 100 / 2:06.3f}" for i in range(1200))


def found(paper: Paper = PAPER, value: str = "90.1", metric: str = "F1", dataset: str = "SQuAD", **more: Any) -> Result:
    start = paper.abstract.index(value)
    place = {
        "field": "abstract",
        "start": start,
        "end": start + len(value),
        "score": float(value),
        "higher_is_better": True,
    }
    return result(paper.paper_id, value, metric, dataset, paper.title, **(place | more))


def timed(review: Review) -> Review:
    return Review(**{**{n: getattr(review, n) for n in Review.__slots__}, "reviewed_at": next(CLOCK)})


def verdict(of: Result, kind: Any, reviewer: str = "ann", paper: Paper = PAPER, **corrected: Any) -> Review:
    return timed(review_result(paper, of, kind, reviewer, corrected=corrected or None))


def missing(value: str, reviewer: str = "ann", **slots: Any) -> Review:
    start = PAPER.abstract.index(value)
    return timed(review_missing(PAPER, "abstract", start, start + len(value), slots, reviewer))


def texts(*reviews: Review) -> dict[tuple[str, str], Paper]:
    return {(r.paper_id, r.digest): {"p": PAPER, "q": OTHER}[r.paper_id] for r in reviews}


# ------------------------------------------------------------------------------------------------ queue


def test_the_queue_puts_first_what_teaches_most() -> None:
    rows = [
        found(OTHER, "95.5", confidence=0.99, rule="old"),
        found(confidence=0.95, rule="old"),
        found(value="42", metric="BLEU", dataset="WMT 2014", confidence=0.2, rule="old", flags=("scale_unclear",)),
        found(value="42", metric="", dataset="", confidence=0.95, rule="new"),
    ]
    elsewhere = Paper(paper_id="r", title="Ynet", abstract=OTHER.abstract)
    seen = [verdict(found(elsewhere, "95.5", rule="old"), "right", "bob", elsewhere) for _ in range(5)]
    queue = review_queue(to_table(rows), seen, {("r", seen[0].digest): elsewhere})
    assert queue.index.tolist() == [2, 0, 1, 3]
    assert queue["why"].tolist()[0] == "low confidence (0.20); flagged scale_unclear; rank 1 on its board"
    assert "rule new reviewed 0 times" in queue["why"].tolist()[3]
    assert queue["priority"].is_monotonic_decreasing


def test_the_queue_leaves_out_what_has_a_verdict_and_what_was_skipped() -> None:
    rows = [found(), found(value="42", metric="BLEU", dataset="WMT14"), found(OTHER, "95.5")]
    reviews = [verdict(rows[0], "right"), verdict(rows[1], "skip", "bob")]
    table = to_table(rows)
    assert set(review_queue(table, reviews, texts(*reviews)).index) == {2}
    assert set(review_queue(table, reviews, texts(*reviews), reviewer="ann").index) == {1, 2}
    assert set(review_queue(table, reviews, texts(*reviews), reviewer="bob").index) == {0, 2}
    changed = review_queue(table, reviews, texts(*reviews), digests={"p": "changed"})
    assert 0 in set(changed.index)
    assert review_queue(to_table([]), [], {}).empty


def test_conflicting_verdicts_come_first() -> None:
    rows = [found(OTHER, "95.5", confidence=0.5), found(confidence=0.5)]
    reviews = [verdict(rows[1], "right", "ann"), verdict(rows[1], "wrong", "bob")]
    queue = review_queue(to_table(rows), reviews, texts(*reviews), reviewer="eve")
    assert queue.index.tolist() == [1, 0] and "review_disputed" in queue["why"].tolist()[0]


# ------------------------------------------------------------------------------------------------ agreement


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1, max_size=30))
def test_kappa_is_the_usual_one(pairs: list[tuple[str, str]]) -> None:
    ours = cohens_kappa(pairs)
    left, right = zip(*pairs, strict=True)
    if len(set(left) | set(right)) == 1:
        assert ours is None
    else:
        assert ours == pytest.approx(cohen_kappa_score(left, right))


def test_agreement_of_two_reviewers() -> None:
    one, two, three = found(), found(value="42", metric="BLEU", dataset="WMT14"), found(OTHER, "95.5")
    reviews = [
        *(verdict(one, "right", name) for name in ("ann", "bob")),
        verdict(two, "wrong", "ann"),
        verdict(two, "fix", "bob", metric="sacreBLEU"),
        verdict(three, "right", "ann", OTHER),
        verdict(two, "skip", "eve"),
    ]
    got = agreement(reviews, "ann", "bob")
    assert (got.items, got.papers, got.same) == (2, 1, 1)
    assert got.kappa == pytest.approx((0.5 - 0.25) / 0.75)
    assert got.f1 == pytest.approx(2 * 1 / 3)
    (settle,) = got.disagreements
    assert settle.first and settle.second and (settle.first.verdict, settle.second.verdict) == ("wrong", "fix")
    nobody = agreement(reviews, "ann", "eve")
    assert (nobody.items, nobody.kappa, nobody.f1, nobody.disagreements) == (0, None, None, ())


def test_a_later_verdict_takes_the_place_of_an_earlier_one_and_missing_results_count() -> None:
    one = found()
    reviews = [
        verdict(one, "wrong", "ann"),
        verdict(one, "right", "ann"),
        verdict(one, "right", "bob"),
        missing("42", "bob", metric="BLEU"),
    ]
    got = agreement(reviews, "ann", "bob")
    assert (got.same, got.kappa, len(got.disagreements)) == (1, None, 1)
    assert got.disagreements[0].first is None and got.f1 == pytest.approx(2 / 3)
    same = agreement([verdict(one, "fix", n, metric=m) for n, m in (("ann", "F1 score"), ("bob", "F1"))], "ann", "bob")
    assert same.f1 == 1.0 and same.disagreements == ()


# ------------------------------------------------------------------------------------------------ fixtures


def test_papers_become_fixtures_once_each_result_has_a_verdict() -> None:
    one, two = found(), found(value="42", metric="accuracy", dataset="WMT14", unit="%")
    other = found(OTHER, "95.5")
    extracted = {"p": [one, two], "q": [other]}
    reviews = [verdict(one, "right"), verdict(other, "skip", paper=OTHER)]
    got = fixtures_from_reviews(reviews, texts(*reviews), lambda paper: extracted[paper.paper_id])
    assert (got.fixtures, got.open) == ((), ("p",))
    got = fixtures_from_reviews(reviews, texts(*reviews), lambda paper: extracted[paper.paper_id], partial=True)
    assert [len(f.results) for f in got.fixtures] == [1]
    reviews.append(verdict(two, "fix", metric="BLEU", unit=""))
    (fixture,) = fixtures_from_reviews(reviews, texts(*reviews), lambda paper: extracted[paper.paper_id]).fixtures
    assert [(r.value, r.metric, r.dataset, r.unit, r.method) for r in fixture.results] == [
        ("90.1", "F1", "SQuAD", "", "Xnet"),
        ("42", "BLEU", "WMT14", "", "Xnet"),
    ]
    assert (fixture.title, fixture.abstract, fixture.year) == (PAPER.title, PAPER.abstract, 2020)
    assert [f.model_dump() for f in parse_fixtures(dump_fixtures([fixture]))[0]] == [fixture.model_dump()]


def test_rejected_results_make_a_fixture_that_forbids_them_and_missing_ones_are_in_it() -> None:
    one = found(metric="accuracy")
    reviews = [verdict(one, "wrong"), missing("42", metric="BLEU", dataset="WMT14")]
    (fixture,) = fixtures_from_reviews(reviews, texts(*reviews), lambda paper: [one]).fixtures
    assert [(r.value, r.metric) for r in fixture.results] == [("42", "BLEU")]
    (fixture,) = fixtures_from_reviews(reviews, texts(*reviews), lambda paper: []).fixtures  # no longer extracted
    assert [(r.value, r.metric) for r in fixture.results] == [("42", "BLEU")]


def test_the_text_reviewed_last_counts() -> None:
    newer = Paper(paper_id="p", title="Xnet", abstract="Xnet now has 91 F1 on SQuAD.")
    first = verdict(found(), "right")
    second = verdict(found(newer, "91"), "right", paper=newer)
    papers = {(first.paper_id, first.digest): PAPER, (second.paper_id, second.digest): newer}
    (fixture,) = fixtures_from_reviews([first, second], papers, lambda paper: [found(newer, "91")]).fixtures
    assert fixture.abstract == newer.abstract and [r.value for r in fixture.results] == ["91"]


def test_accuracy_of_reviews() -> None:
    one, two = found(rule="a+b"), found(value="42", rule="b")
    reviews = [
        verdict(one, "wrong"),
        verdict(one, "right", "bob"),
        verdict(two, "fix", metric="BLEU"),
        missing("42"),
        verdict(two, "skip"),
    ]
    (all_,) = accuracy_of_reviews(reviews).values()
    assert (all_.right, all_.wrong, all_.fixed, all_.missing) == (1, 0, 1, 1)
    assert all_.precision == 0.5 and all_.recall == pytest.approx(1 / 3)
    rules = accuracy_of_reviews(reviews, by_rule)
    assert {rule: a.precision for rule, a in rules.items()} == {"a": 1.0, "b": 0.5}
    assert sum(a.judged for a in accuracy_of_reviews(reviews, by_month).values()) == 2
    assert accuracy_of_reviews([]) == {}
