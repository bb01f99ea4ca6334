"""What is added or reviewed gives the table that placing everything at once gives."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd
import pytest
from dashboard_pages import SENTENCE, result, write
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from leaderboard.audit.review_apply import apply_reviews
from leaderboard.audit.reviews import Review, review_result, text_digest
from leaderboard.dashboard import placing, sources, words
from leaderboard.dashboard.placing import Prepared, Verdicts
from leaderboard.dashboard.store import Store
from leaderboard.models import Paper, Result
from leaderboard.table import read_results, to_table

RESULT = st.builds(
    result,
    st.sampled_from(["Alpha", "Beta", "Gamma", "Delta"]),
    st.sampled_from(["81.5", "84.0", "90.25"]),
    metric=st.sampled_from(["accuracy", "F1"]),
    dataset=st.sampled_from(["Pets", "Flowers", "pets"]),
    split=st.sampled_from([None, "val"]),
    year=st.sampled_from([None, 2019, 2020]),
)
GAIN = st.builds(result, st.just("Zeta"), st.just("3.0"), kind=st.just("gain"), score=st.none())

_PHASES = (Phase.explicit, Phase.reuse, Phase.generate)  # making an example smaller takes minutes here


def rows_of(prepared: Prepared) -> list[str]:
    frame = Store(prepared).query("SELECT * FROM results")
    frame = frame[sorted(set(frame.columns) - {"reviewed_at", "reviewer", "review"})]
    return sorted(repr(record) for record in words.records(frame))


def boards_of(prepared: Prepared) -> pd.DataFrame:
    """The boards in the order of their keys, their names in small letters."""
    boards = Store(prepared).boards().sort_values("key", ignore_index=True)
    return boards.assign(dataset=boards["dataset"].str.casefold())


def part(folder: Path, name: str, results: list[Result]) -> sources.Part:
    return sources.results_part(write(folder / name, results))


def paper_of(found: Result) -> Paper:
    assert found.method and found.metric and found.dataset
    text = SENTENCE.format(method=found.method, value=found.value_text, metric=found.metric, dataset=found.dataset)
    return Paper(found.paper_id, "", text)


@settings(deadline=None, max_examples=10, phases=_PHASES, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(RESULT, GAIN), min_size=1, max_size=8), st.lists(RESULT, max_size=4), st.data())
def test_adding_and_reviewing_is_placing_everything(old: list[Result], new: list[Result], data: st.DataObject) -> None:
    judged = data.draw(st.lists(st.sampled_from(old), max_size=2, unique_by=lambda r: (r.paper_id, r.start)))
    reviews: list[Review] = []
    papers: dict[tuple[str, str], Paper] = {}
    for found in judged:
        paper = paper_of(found)
        verdict = data.draw(st.sampled_from(["right", "wrong", "fix"]))
        corrected = {"dataset": "Birds"} if verdict == "fix" else None
        reviews.append(review_result(paper, found, verdict, "me", corrected=corrected))
        papers[paper.paper_id, text_digest(paper.title, paper.abstract)] = paper
    verdicts = (
        Verdicts("v" * len(reviews) + str(hash(tuple(r.id for r in reviews))), reviews, papers) if reviews else None
    )
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        first = part(folder, "old.jsonl", old)
        second = [part(folder, "new.jsonl", new)] if new else []
        made = placing.place_anew(placing.place([first]), second, verdicts)
        table = read_results([p.results for p in [first, *second] if p.results])
        if verdicts:
            table = apply_reviews(table, reviews, papers)
        once = placing.place([part(folder, "all.jsonl", _results(table))])
        assert rows_of(made) == rows_of(once)
        pd.testing.assert_frame_equal(boards_of(made), boards_of(once))
        datasets = Store(made).boards()["dataset"]
        assert datasets.nunique() == datasets.str.casefold().nunique()


def _results(table: pd.DataFrame) -> list[Result]:
    from leaderboard.audit.rows import results_of_table

    return list(results_of_table(table[to_table([]).columns]))


def test_a_second_time_is_taken_from_the_cache(tmp_path: Path) -> None:
    base = placing.place([part(tmp_path, "old.jsonl", [result("Alpha", "81.5")])])
    more = [part(tmp_path, "new.jsonl", [result("Beta", "82.5")])]
    made = placing.place_anew(base, more, None)
    stamp = made.results.stat().st_ino
    assert placing.place_anew(base, more, None).results.stat().st_ino == stamp


def test_where_the_table_cannot_be_written_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base = placing.place([part(tmp_path, "old.jsonl", [result("Alpha", "81.5")])])
    store = Store(base)
    target = tmp_path / "cache" / "new.parquet"
    monkeypatch.setattr(Path, "replace", lambda self, other: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        store.write_with(store.query("SELECT * FROM results"), [], [], target)
    assert not [path for path in target.parent.iterdir() if "new.parquet" in path.name]
