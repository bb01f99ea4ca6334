from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from dashboard_pages import RESULTS, html_of, open_page, run, write
from streamlit.testing.v1 import AppTest

from leaderboard import rank
from leaderboard.dashboard import parts
from leaderboard.table import read_results


@pytest.fixture
def results(tmp_path: Path) -> Path:
    return write(tmp_path / "results.jsonl", RESULTS)


def board(app: AppTest) -> pd.DataFrame:
    return app.dataframe[0].value


def test_opens_on_the_liveliest_board_ranked(monkeypatch: pytest.MonkeyPatch, results: Path) -> None:
    app = open_page(monkeypatch, "board", results)
    assert "Accuracy on Pets, higher is better" in html_of(app)
    expected = rank(read_results(results), dataset="Pets", metric="accuracy")
    assert board(app)["method"].tolist() == expected["method"].tolist()
    assert board(app)["rank"].tolist() == [1, 1, 3, 4, 5]
    assert board(app)["link"].tolist()[0] == "https://example.org/Delta"


def test_lower_is_better_is_said_and_ranked_so(monkeypatch: pytest.MonkeyPatch, results: Path) -> None:
    app = open_page(monkeypatch, "board", results, board="pets/errorrate")
    assert "Error rate on Pets, lower is better" in html_of(app)
    assert board(app)["method"].tolist() == ["Beta", "Alpha"]


def test_choosing_another_data_set_opens_its_board(monkeypatch: pytest.MonkeyPatch, results: Path) -> None:
    app = open_page(monkeypatch, "board", results)
    app.selectbox(key="_lb_choose_dataset").select("Flowers")
    run(app)
    assert app.query_params["board"] == "flowers/accuracy"
    assert board(app)["method"].tolist() == ["Alpha", "Beta"]


def test_filters_rank_what_is_left(monkeypatch: pytest.MonkeyPatch, results: Path) -> None:
    app = open_page(monkeypatch, "board", results)
    app.toggle(key="own").set_value(True)
    app.slider(key="confidence").set_value(0.6)
    app.slider(key="years").set_value((2019, 2021))
    run(app)
    assert board(app)[["rank", "method"]].to_numpy().tolist() == [[1, "Delta"], [2, "Beta"]]
    assert "2 of 5 results" in html_of(app)


def test_an_address_with_filters_shows_the_same(monkeypatch: pytest.MonkeyPatch, results: Path) -> None:
    app = open_page(monkeypatch, "board", results, board="pets/accuracy", find="a", years=["2019", "2021"], own="true")
    assert board(app)["method"].tolist() == ["Delta", "Beta"]


def test_filters_that_leave_nothing_say_so_and_can_be_cleared(monkeypatch: pytest.MonkeyPatch, results: Path) -> None:
    app = open_page(monkeypatch, "board", results, find="nobody")
    assert "No result passes the filters" in html_of(app)
    app.button[0].click()
    run(app)
    assert len(board(app)) == 5


def test_a_board_that_is_not_there_says_so(monkeypatch: pytest.MonkeyPatch, results: Path) -> None:
    app = open_page(monkeypatch, "board", results, board="petz/f1")
    assert "There is no board called petz/f1" in html_of(app)
    assert "Nearest data sets: Pets" in html_of(app)


def test_the_sentence_stands_behind_the_number(monkeypatch: pytest.MonkeyPatch, results: Path) -> None:
    body = html_of(open_page(monkeypatch, "board", results))
    assert 'title="Value: 88.25" data-start="18">88.25</mark>' in body
    assert ">accuracy</mark>" in body


def test_csv_has_the_rows_shown(results: Path) -> None:
    ranked = rank(read_results(results), dataset="Pets", metric="accuracy")
    back = pd.read_csv(pd.io.common.BytesIO(parts.csv_of(ranked)))
    assert back["method"].tolist() == ranked["method"].tolist()
    assert back["score"].tolist() == ranked["score"].tolist()
    assert list(back.columns) == list(ranked.columns)


def test_results_without_a_data_set_give_an_empty_state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from dataclasses import replace

    path = write(tmp_path / "r.jsonl", [replace(RESULTS[0], dataset=None, dataset_text=None)])
    app = open_page(monkeypatch, "board", path)
    assert "No boards yet" in html_of(app)
