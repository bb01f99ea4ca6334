from __future__ import annotations

import pandas as pd
import pytest
from dashboard_pages import RESULTS, result
from hypothesis import given, settings
from hypothesis import strategies as st

from leaderboard import rank
from leaderboard.dashboard import board_data, charts
from leaderboard.dashboard.board_data import Filters
from leaderboard.table import to_table


def ranked(results: list) -> pd.DataFrame:  # type: ignore[type-arg]
    return rank(to_table(results), dataset="Pets", metric="accuracy")


def many(count: int) -> pd.DataFrame:
    return ranked([result(f"M{i}", f"{50 + i * 37 % 4001 / 100:.2f}", year=2000 + i % 25) for i in range(count)])


@settings(deadline=None, max_examples=30)
@given(st.lists(st.sampled_from(["10.0", "20.0", "30.0", "40.0"]), min_size=1, max_size=12), st.integers(2000, 2011))
def test_filtered_ranks_are_those_of_the_results_left(values: list[str], first: int) -> None:
    results = [result(f"M{i}", value, year=2000 + i) for i, value in enumerate(values)]
    shown = Filters(years=(first, 2011)).passing(ranked(results))
    left = [r for r in results if r.year is not None and r.year >= first]
    if left:
        expected = ranked(left)
        assert shown[["method", "rank"]].to_numpy().tolist() == expected[["method", "rank"]].to_numpy().tolist()
    else:
        assert shown.empty


def test_filters_go_into_the_address_and_nothing_else_does() -> None:
    assert Filters().address() == {}
    filters = Filters("net", True, (2019, 2021), 0.5, ("ACL",), ("5-shot",), True)
    assert filters.address() == {
        "find": "net",
        "own": "true",
        "years": ["2019", "2021"],
        "confidence": "0.5",
        "venue": ["ACL"],
        "conditions": ["5-shot"],
        "copies": "true",
    }


def test_text_is_looked_for_as_it_is() -> None:
    assert Filters("al.ha").passing(ranked(RESULTS)).empty
    assert Filters(" ALPHA ").passing(ranked(RESULTS))["method"].tolist() == ["Alpha"]


def test_every_record_is_drawn_of_very_many_results() -> None:
    points, records, dated = board_data.progress_points(many(5000), "%")
    assert dated == 5000
    assert len(points) < 2200
    assert set(records["row"]) <= set(points["row"])
    assert records["score"].is_monotonic_increasing
    assert records["gain"].iloc[0] == "first"
    assert (records["gain"].iloc[1:].str.startswith("+")).all()


def test_results_without_a_year_are_not_drawn() -> None:
    points, _, dated = board_data.progress_points(ranked([*RESULTS[:3], result("Late", "99.0", year=None)]), None)
    assert dated == 3
    assert "Late" not in points["method"].tolist()


@settings(deadline=None)
@given(st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=1, max_size=50))
def test_a_histogram_counts_every_score_once(scores: list[float]) -> None:
    bins = board_data.histogram(pd.Series(scores))
    assert bins["count"].sum() == len(scores)
    assert len(bins) <= 27
    assert (bins["end"] > bins["start"]).all()


def test_the_frontier_joins_what_nothing_beats() -> None:
    points = pd.DataFrame({"cost": [1.0, 2.0, 2.0, 3.0, 4.0], "score": [50.0, 60.0, 55.0, 58.0, 61.0]})
    assert board_data.frontier(points, higher_is_better=True).tolist() == [True, True, False, False, True]
    low = points.assign(score=-points["score"])
    assert board_data.frontier(low, higher_is_better=False).tolist() == [True, True, False, False, True]


def test_costs_go_with_the_method_of_their_paper() -> None:
    costs = pd.DataFrame(
        [
            ["paper-Alpha", "Alpha", "latency", 5.0],
            ["paper-Beta", "Beta", "latency", 9.0],
            ["paper-Beta", "Other", "latency", 1.0],
            ["paper-Alpha", "Alpha", "parameters", 3.0],
        ],
        columns=["paper_id", "method", "cost_metric", "cost"],
    )
    beside = board_data.costs_beside(costs, ranked(RESULTS))
    assert sorted(beside[["method", "cost_metric", "cost"]].to_numpy().tolist()) == [
        ["Alpha", "latency", 5.0],
        ["Beta", "latency", 9.0],
    ]


def test_the_closest_board() -> None:
    from leaderboard.boards import boards

    found = boards(to_table([*RESULTS, result("Zeta", "70.0", split="val"), result("Eta", "71.0", split="val")]))
    assert board_data.closest(found, {"dataset": "PETS"})["key"] == "pets/accuracy"  # type: ignore[index]
    wanted = {"dataset": "Pets", "metric": "accuracy", "split": "val"}
    assert board_data.closest(found, wanted)["key"] == "pets/accuracy/val"  # type: ignore[index]
    assert board_data.closest(found, {"dataset": "Birds"}) is None


@pytest.mark.parametrize("look", [charts.LIGHT, charts.DARK])
def test_charts_are_saved_as_pictures(look: charts.Look) -> None:
    table = ranked(RESULTS)
    points, records, _ = board_data.progress_points(table, "%")
    beside = pd.DataFrame(
        {"cost": [1.0, 90.0], "score": [5.0, 6.0], "method": ["A", "B"], "row": [0, 1], "on_frontier": True}
    )
    cells = pd.DataFrame(
        {
            "dataset": ["A", "B"],
            "metric": ["m", "n"],
            "entries": [1, 9],
            "best": "x",
            "dataset_total": 1,
            "metric_total": 1,
        }
    )
    shares = pd.DataFrame({"board": ["x", "x"], "method": ["A", "B"], "shown": "1", "share": [90.0, 100.0]})
    gains = pd.DataFrame(
        {"metric": ["F1", "F1"], "amount": [0.5, 90.0], "better": ["better", "worse"], "method": "A", "over": "B"}
    ).assign(shown="1", dataset="D", paper="P", paper_id="p", at="")
    pictures = [
        charts.progress(points, records, "Accuracy", True, look),
        charts.distribution(board_data.histogram(table["score"]), "Accuracy", look),
        charts.frontier(beside, "Latency", "Accuracy", look),
        charts.coverage(cells, look),
        charts.compare(shares, ["A", "B"], look),
        charts.gains(gains, "Points", look),
    ]
    for picture in pictures:
        assert charts.save(picture, "svg", "A title & more", look).startswith(b"<svg")
    assert charts.save(pictures[0], "png", "A title", look).startswith(b"\x89PNG")
