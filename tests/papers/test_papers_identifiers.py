"""Identifiers, dates and addresses are brought to one form, and nothing else is taken for one."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaderboard.papers.identifiers import arxiv_id_of, date_of, doi_of, url_of, year_of, year_of_arxiv_id
from leaderboard.papers.record import split_authors


@pytest.mark.parametrize(
    ("text", "arxiv_id", "year"),
    [
        ("2206.12126", "2206.12126", 2022),
        ("2206.12126v3", "2206.12126", 2022),
        ("arXiv:2206.12126v3", "2206.12126", 2022),
        ("arxiv:0704.0001", "0704.0001", 2007),
        ("oai:arXiv.org:1207.0580", "1207.0580", 2012),
        ("https://arxiv.org/abs/2206.12126v3", "2206.12126", 2022),
        ("http://arxiv.org/pdf/2206.12126v3.pdf", "2206.12126", 2022),
        ("https://doi.org/10.48550/arXiv.2206.12126", "2206.12126", 2022),
        ("10.48550/ARXIV.2206.12126", "2206.12126", 2022),
        ("cs/0112017", "cs/0112017", 2001),
        ("cmp-lg/9404003v2", "cmp-lg/9404003", 1994),
        ("math.GT/0309136", "math/0309136", 2003),
        ("http://arxiv.org/abs/gr-qc/0103067v1", "gr-qc/0103067", 2001),
        ("2213.12126", None, None),  # there is no month 13
        ("0612.1234", None, None),  # before April 2007 ids had another form
        ("2021.naacl-main.62", None, None),
        ("10.18653/v1/2021.naacl-main.62", None, None),
        ("12.345", None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_arxiv_ids(text: str | None, arxiv_id: str | None, year: int | None) -> None:
    assert arxiv_id_of(text) == arxiv_id
    if arxiv_id is not None:
        assert year_of_arxiv_id(arxiv_id) == year


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("10.1109/CVPR.2016.90", "10.1109/cvpr.2016.90"),
        ("https://doi.org/10.1109/CVPR.2016.90", "10.1109/cvpr.2016.90"),
        ("http://dx.doi.org/10.1000/x", "10.1000/x"),
        ("doi: 10.1000/x.", "10.1000/x"),
        ("10.1000/a 10.1000/b", "10.1000/a"),
        ("DOI 10.1000/a", "10.1000/a"),
        ("11.1000/a", None),
        ("none", None),
        (None, None),
    ],
)
def test_dois(text: str | None, doi: str | None) -> None:
    assert doi_of(text) == doi


@pytest.mark.parametrize(
    ("value", "date", "year"),
    [
        ("2021-05-03", "2021-05-03", 2021),
        ("2021-05-03T10:11:12Z", "2021-05-03", 2021),
        ("2021/5/3", "2021-05-03", 2021),
        ("Mon, 2 Apr 2007 19:18:42 GMT", "2007-04-02", 2007),
        (datetime.date(2021, 5, 3), "2021-05-03", 2021),
        (datetime.datetime(2021, 5, 3, 1, 2), "2021-05-03", 2021),
        ("2021-13-03", None, 2021),
        ("2014//", None, 2014),
        ("May 2021", None, 2021),
        ("3.5.2021", None, 2021),
        ("2021.0", None, 2021),
        (2021, None, 2021),
        (2021.0, None, 2021),
        ("12021", None, None),
        ("soon", None, None),
        (True, None, None),
        (None, None, None),
    ],
)
def test_dates_and_years(value: object, date: str | None, year: int | None) -> None:
    assert date_of(value) == date
    assert year_of(value) == year


@pytest.mark.parametrize(
    ("text", "url"),
    [
        (" https://example.org/a ", "https://example.org/a"),
        ("HTTP://example.org", "HTTP://example.org"),
        ("javascript:alert(1)", None),
        ("https://a b", None),
        ("//example.org", None),
        ("https://", None),
        ("http://[", None),
        ("paper.pdf", None),
    ],
)
def test_only_web_addresses_are_addresses(text: str, url: str | None) -> None:
    assert url_of(text) == url


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Cao, Jie and Zhang, Yi", ("Jie Cao", "Yi Zhang")),
        ("Jie Cao and Yi Zhang", ("Jie Cao", "Yi Zhang")),
        ("Jie Cao, Yi Zhang, and Ann Li", ("Jie Cao", "Yi Zhang", "Ann Li")),
        ("Jie Cao, Yi Zhang", ("Jie Cao", "Yi Zhang")),
        ("Cao, Jie; Zhang, Yi", ("Jie Cao", "Yi Zhang")),
        ("Zhang, Yi", ("Yi Zhang",)),
        ("Jie Cao and others", ("Jie Cao",)),
        ("OpenAI", ("OpenAI",)),
        ("", ()),
        (" ; ", ()),
    ],
)
def test_author_lists(text: str, names: tuple[str, ...]) -> None:
    assert split_authors(text) == names


@given(st.text())
def test_no_text_is_too_odd(text: str) -> None:
    for function in (arxiv_id_of, doi_of, date_of, year_of, url_of, split_authors):
        function(text)  # type: ignore[operator]
