"""A web page saved as text: titles and abstracts are told from the page's furniture."""

from __future__ import annotations

from pathlib import Path

import pytest
from paper_files import SHARED, read, write

SHARED_PAGE = SHARED / "corpus" / "hf_similar_papers.txt"
HEAD = (
    "new\n\nGet trending papers in your email inbox once a day!\n\nSubscribe\n\nbyAK and the research community\n\n"
    "Mar 11\n\n"
)
FOOT = (
    "Previous\n\n1\n\n2\n\nNext\n\nTerms of use\n\n"
    "© 2026 A company that runs this site. It is not about papers. All rights are its own, and it says so at length.\n"
)


def abstract(name: str, value: str) -> str:
    return (
        f"Sorting small stones by colour is slow when it is done by hand. We present {name}, a sorter that looks at "
        f"each stone once. On the Pebbles benchmark, {name} reaches {value}% accuracy with a single camera."
    )


PAPERS = [(f"Stone{i}: Sorting Stones of Size {i}", abstract(f"Stone{i}", f"9{i}.5")) for i in range(1, 6)]


def pairs(path: Path) -> list[tuple[str, str]]:
    papers, _ = read(path)
    return [(paper.title, paper.abstract) for paper in papers]


@pytest.mark.skipif(not SHARED_PAGE.exists(), reason="the shared corpus is not beside the checkout")
def test_the_shared_page_holds_108_papers() -> None:
    papers, rejects = read(SHARED_PAGE)
    lines = [line for line in SHARED_PAGE.read_text(encoding="utf-8").split("\n") if line]
    assert len(papers) == 108
    assert rejects == []
    assert [text for paper in papers for text in (paper.title, paper.abstract)] == lines[-216:]
    assert papers[0].paper_id == "hf_similar_papers.txt#1"
    assert papers[-1].paper_id == "hf_similar_papers.txt#108"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("head", ["", HEAD])
@pytest.mark.parametrize("foot", ["", FOOT])
def test_titles_and_abstracts_come_out_between_head_and_foot(tmp_path: Path, end: str, head: str, foot: str) -> None:
    page = head + "".join(f"{title}\n\n{text}\n\n" for title, text in PAPERS) + foot
    papers, rejects = read(write(tmp_path / "page.txt", page.replace("\n", end)))
    assert [(paper.title, paper.abstract) for paper in papers] == PAPERS
    assert [paper.paper_id for paper in papers] == [f"page.txt#{i}" for i in range(1, 6)]
    assert rejects == []


def test_blank_lines_are_not_needed_where_abstracts_are_long_lines(tmp_path: Path) -> None:
    page = HEAD + "".join(f"{title}\n{text}\n" for title, text in PAPERS)
    assert pairs(write(tmp_path / "page.txt", page)) == PAPERS


def test_furniture_between_title_and_abstract_is_passed_over(tmp_path: Path) -> None:
    around = "Published on 3 May 2024\n\nAda Lovelace, Charles Babbage, Mary Somerville\n\n128\n\nAbstract\n\n"
    page = "".join(f"{title}\n\n{around}{text}\n\nView PDF\n\n12 upvotes\n\n" for title, text in PAPERS)
    assert pairs(write(tmp_path / "page.txt", page)) == PAPERS


def test_a_wrapped_abstract_keeps_its_line_breaks(tmp_path: Path) -> None:
    wrapped = abstract("A", "91").replace(". ", ".\n")
    page = "".join(f"Title number {i}\n\n{wrapped}\n\n" for i in range(3))
    assert pairs(write(tmp_path / "page.txt", page)) == [(f"Title number {i}", wrapped) for i in range(3)]


def test_the_sections_of_a_structured_abstract_stay_together(tmp_path: Path) -> None:
    labelled = f"Background: {abstract('A', '91')}\n\nResults: {abstract('A', '92')}"
    headed = f"{abstract('B', '91')}\n\nResults\n\n{abstract('B', '92')}"
    page = f"First title\n\n{labelled}\n\nSecond title\n\n{headed}\n"
    assert pairs(write(tmp_path / "page.txt", page)) == [("First title", labelled), ("Second title", headed)]


def test_prose_without_a_title_is_rejected_with_its_line(tmp_path: Path) -> None:
    page = "".join(f"{title}\n\n{text}\n\n" for title, text in PAPERS[:2])
    path = write(tmp_path / "page.txt", f"{abstract('Nobody', '50')}\n\n{page}{abstract('Stray', '50')}\n")
    papers, rejects = read(path)
    assert [paper.title for paper in papers] == [title for title, _ in PAPERS[:2]]
    assert [(reject.reason, reject.record) for reject in rejects] == [("no_title", 1), ("no_title", 4)]
    assert "line 1:" in rejects[0].message
    assert "line 11:" in rejects[1].message


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        (
            "A short title\n\nThe abstract. It is longer than its title.\n",
            "A short title",
            "The abstract. It is longer than its title.",
        ),
        ("A short title\r\n\r\nThe abstract.\r\nIt is longer.\r\n", "A short title", "The abstract.\r\nIt is longer."),
        ("One line, no title: we reach 92.3% accuracy.", "", "One line, no title: we reach 92.3% accuracy."),
        (
            "A title without a gap\nand text that goes on and on.\n",
            "",
            "A title without a gap\nand text that goes on and on.",
        ),
        (
            "This is a sentence.\n\nAnd this another, longer one.",
            "",
            "This is a sentence.\n\nAnd this another, longer one.",
        ),
        ("Abstract\n\nWe reach 92.3% accuracy on MNIST.", "", "Abstract\n\nWe reach 92.3% accuracy on MNIST."),
        ("  indented text, kept as it is. \n", "", "  indented text, kept as it is. "),
        ("x\n\ny", "", "x\n\ny"),
    ],
)
def test_a_text_is_one_abstract_and_has_a_title_only_where_that_is_clear(
    tmp_path: Path, text: str, title: str, body: str
) -> None:
    assert pairs(write(tmp_path / "one.txt", text)) == [(title, body)]
    assert read(tmp_path / "one.txt")[0][0].paper_id == "one.txt#1"
