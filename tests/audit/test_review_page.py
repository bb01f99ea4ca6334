from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from audit_records import result
from streamlit.testing.v1 import AppTest

from leaderboard.audit.fixtures import parse_fixtures
from leaderboard.audit.review_desk import default_reviews_path, numbers_of, suggestions
from leaderboard.audit.reviews import ReviewStore
from leaderboard.dashboard import sources
from leaderboard.dashboard.launch import MAIN
from leaderboard.extraction import extract_paper, find_mentions
from leaderboard.models import Mention, Paper

LANTERN = (
    "Lantern reads a document once. It has a perplexity of 18.4 on WikiText-103 and an accuracy of 71.2% on LAMBADA. "
    "We saw 42 things."
)
QUILL = "Quill searches for spellings. On LibriSpeech it has a word error rate of 4.2%. <script>alert(1)</script>"
ROWS = [
    {"paper_id": "lantern", "title": "Lantern: Reading Long Documents", "abstract": LANTERN},
    {"paper_id": "quill", "title": "Quill: Spelling as Search", "abstract": QUILL},
]


@pytest.fixture
def papers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("LEADERBOARD_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("LEADERBOARD_REVIEWS", raising=False)
    sources.cache_folder.cache_clear()
    (tmp_path / "papers.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    yield tmp_path / "papers.jsonl"
    st.cache_data.clear()
    st.cache_resource.clear()
    sources.cache_folder.cache_clear()


def open_page(monkeypatch: pytest.MonkeyPatch, *files: Path, **parameters: str) -> AppTest:
    monkeypatch.setattr(sys, "argv", ["main.py", *map(str, files)])
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    app.switch_page("views/review.py")
    for name, value in parameters.items():
        app.query_params[name] = value
    return step(app)


def step(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception, app.exception[0].message
    return app


def click(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click()
    return step(app)


def text_of(app: AppTest) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", str(element.proto.body)) for element in app.get("html"))


def verdicts(papers: Path) -> list[tuple[str, str, str]]:
    with ReviewStore(papers.with_name("papers.reviews.sqlite"), read_only=True) as store:
        return [(r.paper_id, r.verdict, r.reviewer) for r in store.reviews()]


def test_from_the_queue_to_a_fixture(papers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page(monkeypatch, papers)
    app.text_input(key="reviewer").set_value("ann")
    step(app)
    assert "3 to go" in text_of(app)
    first = "quill" if "spellings" in text_of(app) else "lantern"
    click(app, "verdict-right")
    assert verdicts(papers) == [(first, "right", "ann")] and "2 to go" in text_of(app)
    click(app, "verdict-right")
    click(app, "undo")
    assert len(verdicts(papers)) == 1 and "2 to go" in text_of(app)
    click(app, "verdict-fix")
    app.text_input(key="slot-split").set_value("test")
    app.text_input(key="slot-task").set_value("reading")
    click(app, "keep")
    click(app, "verdict-right")
    assert [v for _, v, _ in verdicts(papers)] == ["right", "fix", "right"]
    assert "Nothing is left to review." in text_of(app)
    click(app, "make-fixtures")
    fixtures, problems = parse_fixtures(app.code[0].value)
    assert not problems and sorted(f.id for f in fixtures) == ["lantern", "quill"]
    results = [r for f in fixtures for r in f.results]
    assert len(results) == 3 and sum(r.task == "reading" for r in results) == 1


def test_a_missing_result_and_a_wrong_one(papers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page(monkeypatch, papers, paper="lantern")
    click(app, "verdict-missing")
    number = app.selectbox(key="slot-number")
    assert number.options[0].startswith("42  …") and "(a result already)" in number.options[-1]
    offered = app.button_group(key="slot-offer-dataset")
    assert offered.options[0] == "LAMBADA" and "WikiText-103" in offered.options  # the nearest first
    offered.select("LAMBADA")
    step(app)
    assert app.text_input(key="slot-dataset").value == "LAMBADA"
    app.text_input(key="slot-metric").set_value("things seen")
    click(app, "keep")
    click(app, "verdict-wrong")
    with ReviewStore(papers.with_name("papers.reviews.sqlite"), read_only=True) as store:
        missing, wrong = store.reviews()
    assert missing.corrected and LANTERN[slice(missing.start, missing.end)] == missing.corrected["value_text"] == "42"
    assert missing.corrected["metric"] == "things seen" and wrong.verdict == "wrong"
    click(app, "verdict-missing")
    click(app, "back")
    assert "verdict-right" in [button.key for button in app.button]


def test_what_one_reviewer_judged_is_open_for_the_next(papers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page(monkeypatch, papers, paper="quill")
    app.text_input(key="reviewer").set_value("ann")
    click(step(app), "verdict-right")
    assert "Nothing is left to review." in text_of(app)
    app.text_input(key="reviewer").set_value("bob")
    step(app)
    assert "1 to go" in text_of(app)
    click(app, "verdict-wrong")
    assert "ann and bob both judged 1" in text_of(app)
    app.text_input(key="reviewer").set_value(" ")
    assert "Who is reviewing?" in text_of(step(app))


def test_a_board_shows_what_reviewers_left(papers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page(monkeypatch, papers, paper="quill")
    click(app, "verdict-fix")
    app.text_input(key="slot-value").set_value("4.2")
    app.text_input(key="slot-split").set_value("test-clean")
    click(app, "keep")
    app.switch_page("views/paper.py")
    app.query_params["paper"] = "quill"
    step(app)
    (grid,) = [element.value for element in app.dataframe if "review" in element.value]
    assert grid["review"].tolist() == ["corrected"]
    app.switch_page("views/review.py")
    del app.query_params["paper"]
    assert "2 to go" in text_of(step(app))  # what was extracted is judged, not what it was corrected to


def test_a_place_that_cannot_be_written_is_said(papers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADERBOARD_REVIEWS", str(papers.parent / "no" / "such" / "folder.sqlite"))
    app = open_page(monkeypatch, papers)
    assert "cannot be written" in text_of(app) and "Set LEADERBOARD_REVIEWS" in text_of(app)


def test_where_reviews_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LEADERBOARD_REVIEWS", raising=False)
    (tmp_path / "a.csv").write_text("", encoding="utf-8")
    assert default_reviews_path([]) == Path("example.reviews.sqlite")
    assert default_reviews_path([str(tmp_path / "a.csv"), "b"]) == tmp_path / "a.reviews.sqlite"
    assert default_reviews_path([str(tmp_path)]) == tmp_path / f"{tmp_path.name}.reviews.sqlite"
    assert default_reviews_path([str(tmp_path / "*.csv")]) == tmp_path / "a.reviews.sqlite"
    monkeypatch.setenv("LEADERBOARD_REVIEWS", "/x/y.sqlite")
    assert default_reviews_path(["a"]) == Path("/x/y.sqlite")


def test_suggestions_come_from_the_result_then_the_text() -> None:
    mentions = [
        Mention("p", "abstract", 50, 55, "SQuAD", "dataset", "SQuAD 1.1"),
        Mention("p", "abstract", 10, 13, "NQ", "dataset", "Natural Questions"),
        Mention("p", "abstract", 30, 32, "F1", "metric", "F1"),
    ]
    found = result("p", "90", "F1", "MNLI", start=12, end=14, field="abstract", dataset_text="MultiNLI")
    assert suggestions("dataset", found, mentions) == [
        "MNLI",
        "MultiNLI",
        "NQ",
        "SQuAD",
        "Natural Questions",
        "SQuAD 1.1",
    ]
    assert suggestions("dataset", None, mentions, near=49) == ["SQuAD", "NQ", "SQuAD 1.1", "Natural Questions"]
    assert suggestions("metric", None, mentions) == ["F1"] and suggestions("task", None, mentions) == []


def test_numbers_to_mark() -> None:
    paper = Paper(
        paper_id="p",
        title="GPT-4 in 2 steps",
        abstract="VPD attains 0.254 RMSE on NYUv2 and \u22120.4 or 1,024 or 3.2e-4 (5%).",
    )
    numbers = numbers_of(paper, extract_paper(paper).results)
    for number in numbers:
        text = paper.title if number.field == "title" else paper.abstract
        assert text[number.start : number.end] == number.text and f"[{number.text}]" in number.context
    assert {n.text for n in numbers} == {"2", "0.254", "\u22120.4", "1,024", "3.2e-4", "5"}
    assert numbers[-1].taken and not numbers[0].taken
    assert find_mentions(paper)
