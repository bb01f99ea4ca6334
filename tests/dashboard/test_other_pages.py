from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from dashboard_pages import RESULTS, html_of, open_page, run, write

from leaderboard.table import read_results

PAPERS = [
    {
        "id": "one",
        "title": "FooNet: small networks for digits",
        "abstract": "We present FooNet. FooNet reaches an accuracy of 99.1% on MNIST, trained on 60,000 images.",
        "year": 2021,
        "url": "https://example.org/foo",
    },
    {
        "id": "two",
        "title": "BarNet",
        "abstract": "BarNet improves accuracy on MNIST by 2.5% over FooNet and runs at 45 fps.",
        "year": 2022,
    },
]


@pytest.fixture
def results(tmp_path: Path) -> Path:
    return write(tmp_path / "results.parquet", RESULTS)


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    path = tmp_path / "papers.jsonl"
    path.write_text("".join(json.dumps(paper) + "\n" for paper in PAPERS))
    return path


def test_overview_says_what_is_loaded(monkeypatch: pytest.MonkeyPatch, results: Path) -> None:
    body = html_of(open_page(monkeypatch, "overview", results))
    for figure in ("<b>5</b><span>papers", "<b>9</b><span>results", "<b>3</b><span>boards", "2018 to 2022"):
        assert figure in body
    assert "Accuracy on Pets" in body


def test_overview_opens_with_the_bundled_example(monkeypatch: pytest.MonkeyPatch) -> None:
    body = html_of(open_page(monkeypatch, "overview"))
    assert "Liveliest boards" in body
    assert "ImageNet" in body


def test_search_finds_boards_methods_and_papers(monkeypatch: pytest.MonkeyPatch, results: Path) -> None:
    app = open_page(monkeypatch, "overview", results, find="beta")
    assert [frame.value.shape[0] for frame in app.dataframe] == [1, 1, 1]
    app = open_page(monkeypatch, "overview", results, find="pets error")
    assert app.dataframe[0].value["name"].tolist() == ["Error rate on Pets"]
    app = open_page(monkeypatch, "overview", results, find="xyzzy")
    assert "Nothing found for xyzzy" in html_of(app)


def test_papers_are_extracted_on_start_and_kept(monkeypatch: pytest.MonkeyPatch, papers: Path, tmp_path: Path) -> None:
    body = html_of(open_page(monkeypatch, "overview", papers))
    assert "<b>2</b><span>papers" in body
    made = {path.name: path.stat().st_ino for path in (tmp_path / "cache").iterdir()}
    assert made
    open_page(monkeypatch, "overview", papers)
    assert {path.name: path.stat().st_ino for path in (tmp_path / "cache").iterdir()} == made


def test_paper_shows_its_text_marked_its_results_and_its_rejects(monkeypatch: pytest.MonkeyPatch, papers: Path) -> None:
    app = open_page(monkeypatch, "paper", papers, paper="one")
    body = html_of(app)
    start = PAPERS[0]["abstract"].index("99.1")  # type: ignore[attr-defined]
    assert f'data-start="{start}">99.1</mark>' in body
    assert app.dataframe[0].value["value"].tolist() == ["99.1%"]
    assert "60,000" in app.dataframe[1].value["text"].tolist()
    assert "Rule: " in body


def test_paper_from_results_alone_shows_its_sentences(monkeypatch: pytest.MonkeyPatch, results: Path) -> None:
    body = html_of(open_page(monkeypatch, "paper", results, paper="paper-Alpha"))
    assert ">81.5</mark>" in body
    assert "Only the sentences of its results are loaded" in body


def test_texts_given_beside_results_are_shown_and_not_extracted(
    monkeypatch: pytest.MonkeyPatch, papers: Path, tmp_path: Path
) -> None:
    from leaderboard import read_papers
    from leaderboard.run import run_extraction
    from leaderboard.table import write_results

    found = [result for extraction in run_extraction(read_papers([papers])) for result in extraction.results]
    kept = write(tmp_path / "kept.csv", found)
    app = open_page(monkeypatch, "paper", kept, "--papers", papers, paper="one")
    assert "trained on" in html_of(app)
    assert write_results(found, tmp_path / "again.csv") == len(read_results(kept))


def test_results_of_another_text_are_said_to_be_so(
    monkeypatch: pytest.MonkeyPatch, papers: Path, tmp_path: Path
) -> None:
    from dataclasses import replace

    stale = write(tmp_path / "stale.jsonl", [replace(RESULTS[0], paper_id="one")])
    app = open_page(monkeypatch, "paper", stale, "--papers", papers, paper="one")
    assert "1 result of this paper do not fit this text" in html_of(app)


def test_list_of_papers_is_searched(monkeypatch: pytest.MonkeyPatch, results: Path) -> None:
    app = open_page(monkeypatch, "paper", results, find="gamma")
    assert app.dataframe[0].value["paper_id"].tolist() == ["paper-Gamma"]


def test_unknown_paper(monkeypatch: pytest.MonkeyPatch, results: Path) -> None:
    assert "No paper with the id nobody is loaded" in html_of(open_page(monkeypatch, "paper", results, paper="nobody"))


def test_compare_counts_wins_and_losses_in_each_direction(monkeypatch: pytest.MonkeyPatch, results: Path) -> None:
    app = open_page(monkeypatch, "compare", results, methods=["Alpha", "Beta"])
    tally = app.dataframe[0].value.set_index("method")
    assert tally.loc["Alpha"].tolist() == [3, 1, 2, 0]
    assert tally.loc["Beta"].tolist() == [3, 2, 1, 0]
    wide = app.dataframe[1].value.set_index("board")
    assert wide.loc["Error rate on Pets", "leader"] == "Beta"
    assert wide.loc["Accuracy on Flowers", "leader"] == "Alpha"


def test_compare_asks_for_names_and_suggests_pairs(monkeypatch: pytest.MonkeyPatch, results: Path) -> None:
    app = open_page(monkeypatch, "compare", results)
    assert "Name at least two methods" in html_of(app)
    assert app.dataframe[0].value.iloc[0][["method", "other", "boards"]].tolist() == ["Alpha", "Beta", 3]
    app = open_page(monkeypatch, "compare", results, methods=["Alpha", "Nobody"])
    assert "These methods share no board" in html_of(app)


def test_gains_show_who_over_whom(monkeypatch: pytest.MonkeyPatch, papers: Path) -> None:
    app = open_page(monkeypatch, "gains", papers)
    row = app.dataframe[0].value.iloc[0]
    assert (row["method"], row["baseline"], row["gain"]) == ("BarNet", "FooNet", "2.5%")
    app.text_input(key="find").set_value("nobody")
    assert "No gain passes the filters" in html_of(run(app))


def test_gains_of_results_without_any(monkeypatch: pytest.MonkeyPatch, results: Path) -> None:
    assert "None of these results is a gain" in html_of(open_page(monkeypatch, "gains", results))


def test_pasted_abstract_gives_its_result_which_can_be_added(monkeypatch: pytest.MonkeyPatch, results: Path) -> None:
    app = open_page(monkeypatch, "extract", results)
    assert "Nothing to read yet" in html_of(app)
    app.text_area(key="_lb_paste_abstract").set_value("Our QuxNet reaches 97.5% accuracy on MNIST.")
    run(app)
    slots = app.dataframe[0].value[["value", "metric", "dataset"]]
    assert slots.to_numpy().tolist() == [["97.5%", "accuracy", "MNIST"]]
    app.button(key="add").click()
    assert "Added on this visit" in html_of(run(app))
    app.switch_page("views/board.py")
    app.query_params["board"] = "mnist/accuracy"
    run(app)
    assert app.dataframe[0].value["score"].tolist() == [97.5]


def test_a_link_fills_in_the_pasted_abstract(monkeypatch: pytest.MonkeyPatch, results: Path) -> None:
    app = open_page(monkeypatch, "extract", results, abstract="Our QuxNet reaches 97.5% accuracy on Pets.")
    assert app.dataframe[0].value["value"].tolist() == ["97.5%"]


def test_uploads_of_papers_results_and_rubbish(monkeypatch: pytest.MonkeyPatch, results: Path, papers: Path) -> None:
    app = open_page(monkeypatch, "extract", results, **{"from": "Files"})
    packed = gzip.compress(papers.read_bytes() + b'{"id": "three"}\n')
    uploader = app.file_uploader(key="uploads")
    uploader.upload("papers.jsonl.gz", packed, "application/gzip")
    uploader.upload("broken.parquet", b"PAR1 and no more")
    body = html_of(run(app))
    assert "broken.parquet could not be read" in body
    assert "uploads/" not in body
    assert "<b>2</b><span>papers" in body
    assert "<b>1</b><span>records not readable" in body
    assert "99.1%" in app.dataframe[0].value["value"].tolist()


def test_files_that_cannot_be_opened_say_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "results.jsonl"
    broken.write_text('{"paper_id": "a", "kind": "score", "value": "many", "value_text": "many"}\n')
    body = html_of(open_page(monkeypatch, "overview", broken))
    assert "These files could not be opened" in body
    assert "results.jsonl" in body
    assert "no such file or folder" in html_of(open_page(monkeypatch, "overview", tmp_path / "missing.csv"))
    assert "no such option" in html_of(open_page(monkeypatch, "overview", "--colour"))


def test_a_paper_of_hostile_text_is_shown_as_text(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    text = (
        "<script>alert(1)</script> ![x](https://example.org/x.png) :red[EvilNet] reaches 91.2% accuracy on <b>MNIST</b>"
    )
    path = tmp_path / "p.jsonl"
    path.write_text(
        json.dumps({"id": "<i>x</i>", "title": text, "abstract": text, "url": "javascript:alert(1)"}) + "\n"
    )
    for page, parameters in (("overview", {}), ("board", {}), ("paper", {"paper": "<i>x</i>"}), ("gains", {})):
        body = html_of(open_page(monkeypatch, page, path, **parameters))
        assert "<script" not in body
        assert "<b>MNIST" not in body
        assert "javascript:" not in body


def test_a_number_in_a_name_is_not_struck_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    text = "FooNet has 91.2 F1 on SQuAD 2.0 after 3 epochs."
    path.write_text(json.dumps({"id": "one", "title": "FooNet", "abstract": text}) + "\n")
    app = open_page(monkeypatch, "paper", path, paper="one")
    assert "2.0" in app.dataframe[1].value["text"].tolist()
    assert ">SQuAD 2.0</mark>" in html_of(app)
    assert 'lb-rejected" title' in html_of(app)
