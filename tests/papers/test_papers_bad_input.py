"""What cannot be read is said with its place and reason, and the rest goes on."""

from __future__ import annotations

import gzip
import json
import logging
from pathlib import Path

import pytest
from paper_files import read, write

from leaderboard.errors import InputError
from leaderboard.papers import delimited, read_papers, source

BOMB = (
    '<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><feed xmlns="http://www.w3.org/2005/Atom">'
    "<entry><title>&c;</title></entry></feed>"
)
GOOD = '{"id": "a", "title": "t", "abstract": "We reach 92.3% accuracy."}\n'


@pytest.mark.parametrize(
    ("line", "reason", "message"),
    [
        (b'{"id": "b", "title": "cut', "invalid_json", "line 2, column"),
        (b"not json", "invalid_json", "line 2, column 1"),
        (b'["a"]', "not_an_object", "a paper is an object"),
        (b"42", "not_an_object", "a paper is an object"),
        (b'{"id": "b"}', "no_text", "neither a title nor an abstract"),
        (b'{"id": "b", "title": " ", "abstract": null}', "no_text", "neither a title nor an abstract"),
        (b'{"id": "b", "title": 7}', "bad_field", "its title is a number where text is expected"),
        (b'{"id": "b", "title": ["x", "y"]}', "bad_field", "its title is a list"),
        (b'{"id": {"x": 1}, "title": "t"}', "bad_field", "its id is an object"),
        (b'{"id": "b", "title": "\xff"}', "bad_encoding", "not valid UTF-8"),
        (b'{"id": "b", "title": "\\ud800"}', "invalid_json", "line 2"),
        (b'{"id": "b", "title": "\\ud800", "x": NaN}', "bad_encoding", "not valid UTF-8"),
        (b'{"id": "b", "abstract_inverted_index": [1]}', "bad_field", "abstract_inverted_index"),
        (b'{"id": "b", "abstract_inverted_index": {"a": 1}}', "bad_field", "abstract_inverted_index"),
        (b'{"id": "b", "abstract_inverted_index": {"a": ["x"], "b": [1]}}', "bad_field", "abstract_inverted_index"),
        (b'{"paper_id": "b", "title": "t", "value_text": "1", "rule": "r"}', "not_a_paper", "a result"),
        (b"[" * 100_000, "invalid_json", "line 2"),
    ],
)
def test_a_bad_line_among_good_ones(tmp_path: Path, line: bytes, reason: str, message: str) -> None:
    path = write(tmp_path / "papers.jsonl", GOOD.encode() + line + b"\n\n" + GOOD.encode())
    papers, rejects = read(path)
    assert [paper.paper_id for paper in papers] == ["a", "a"]
    assert [(reject.type, reject.file, reject.record, reject.reason) for reject in rejects] == [
        ("record", str(path), 2, reason)
    ]
    assert message in rejects[0].message
    assert rejects[0].message.startswith(f"{path}, record 2: ")
    assert len(rejects[0].message) < 300
    assert rejects[0].paper_id in (None, "b")


@pytest.mark.parametrize(
    ("row", "reason", "message"),
    [
        ('b,"never closed,2020', "invalid_csv", "line 4"),
        ('b,"x"y,2020', "invalid_csv", "line 4"),
        ("b,one,2020,more", "column_count", "it has 4 cells, the header has 3"),
        ("b,,2020", "no_text", "line 4"),
    ],
)
def test_a_bad_row_among_good_ones(tmp_path: Path, row: str, reason: str, message: str) -> None:
    rows = ["id,abstract,year", 'a,"fine', 'and dandy",2020', row, ",,", "c,fine,2021", 'd,"fine",2022']
    path = write(tmp_path / "papers.csv", "\n".join(rows) + "\n")
    papers, rejects = read(path)
    assert [paper.paper_id for paper in papers] == ["a", "c", "d"]
    assert [(reject.record, reject.reason) for reject in rejects] == [(2, reason)]
    assert message in rejects[0].message


def test_a_quote_that_closes_far_below_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "RECORD_LIMIT", 200)
    rows = "".join(f"r{i},fine\n" for i in range(100))
    papers, rejects = read(write(tmp_path / "papers.csv", f'id,abstract\nb,"open\n{rows}'))
    assert [reject.reason for reject in rejects] == ["invalid_csv"]
    assert len(papers) == 100


def test_quotes_in_tables_with_tabs_that_do_not_quote(tmp_path: Path) -> None:
    path = write(tmp_path / "papers.tsv", 'id\tabstract\na\t"Big" stones first\nb\tplain\n')
    papers, rejects = read(path)
    assert [paper.abstract for paper in papers] == ['"Big" stones first', "plain"]
    assert rejects == []


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("papers.csv", "a,b\n1,2\n", "no column named title or abstract (the first line has: a, b)"),
        ("papers.parquet", "PAR1 and nothing more", "after 0 rows"),
        ("papers.parquet", "no parquet", "not papers but no Parquet file"),
        ("papers.json", '[{"title": "t", ', "what follows is lost"),
        ("papers.json", "[" * 1000, "objects within objects, 100 deep"),
        ("page.html", "<!doctype html><html></html>", "save it from the browser as text"),
        ("data.xml", "<?xml version='1.0'?><a/>", "neither an Atom feed nor PubMed's"),
        ("feed.xml", '<feed xmlns="http://www.w3.org/2005/Atom"><title>cut', "it ends before the first record"),
        ("feed.xml", '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>', "the record does not end"),
        ("feed.xml", BOMB, "it cannot be parsed: undefined entity"),
        ("paper.pdf", "%PDF-1.7", "a PDF"),
        ("papers.zip", "PK\x03\x04", "a zip archive"),
        ("noise", "\x00\x01\x02\x03", "binary data"),
        ("blank.txt", " \n\n", "neither a title nor an abstract"),
        ("refs.ris", "TY  - JOUR\nER  - \n", "neither a title nor an abstract"),
        ("refs.bib", "@article{a, title = {open\n", "cannot be parsed"),
    ],
)
def test_a_file_of_which_nothing_can_be_read_is_an_error(tmp_path: Path, name: str, content: str, message: str) -> None:
    path = write(tmp_path / name, content)
    with pytest.raises(InputError) as caught:
        read(path)
    assert str(caught.value).startswith(str(path))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    other = write(tmp_path / "good.jsonl", GOOD)
    papers, rejects = read(path, other)
    assert len(papers) == 1
    assert len(rejects) == 1


def test_an_empty_file_is_no_error(tmp_path: Path) -> None:
    for content in (b"", gzip.compress(b""), b"\xef\xbb\xbf"):
        papers, rejects = read(write(tmp_path / "empty.jsonl", content))
        assert papers == []
        assert [reject.reason for reject in rejects] == ["empty_file"]


@pytest.mark.parametrize("line_end", ["", "\n"])
def test_a_broken_entry_of_a_feed_does_not_take_its_neighbours_along(tmp_path: Path, line_end: str) -> None:
    entry = "<entry><id>{}</id><title>T</title><summary>S</summary></entry>"
    entries = [entry.format(i) for i in range(5)]
    entries.insert(2, "<entry><id>x</id><title>a < b &amp c</title></entry>")
    feed = (
        f'<feed xmlns="http://www.w3.org/2005/Atom">{line_end}' + line_end.join(entries) + "<entry><id>cut</id></oops>"
    )
    papers, rejects = read(write(tmp_path / "feed.xml", feed))
    assert [paper.paper_id for paper in papers] == list("01234")
    assert [(reject.record, reject.reason) for reject in rejects] == [(3, "invalid_xml"), (7, "truncated")]
    assert f"line {4 if line_end else 1}: it cannot be parsed: not well-formed" in rejects[0].message


def test_records_of_a_feed_come_whole_whatever_the_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = "".join(
        f"<atom:entry ><atom:id>{i}</atom:id><atom:title>é{i}</atom:title></atom:entry >" for i in range(20)
    )
    feed = f'<?xml version="1.0" encoding="ISO-8859-1"?><atom:feed xmlns:atom="http://www.w3.org/2005/Atom">{entries}</atom:feed>'
    path = write(tmp_path / "feed.xml", feed.encode("latin-1"))
    for size in (1, 7, 100, 1 << 16):
        monkeypatch.setattr(source, "PIECE_SIZE", size)
        papers, rejects = read(path)
        assert [(paper.paper_id, paper.title) for paper in papers] == [(str(i), f"é{i}") for i in range(20)]
        assert rejects == []


def test_a_feed_without_entries_is_no_error(tmp_path: Path) -> None:
    assert read(write(tmp_path / "feed.xml", '<feed xmlns="http://www.w3.org/2005/Atom"></feed>')) == ([], [])


def test_a_list_that_breaks_off_gives_what_came_before(tmp_path: Path) -> None:
    records = ", ".join(json.dumps({"id": str(i), "title": "t"}) for i in range(5))
    papers, rejects = read(write(tmp_path / "papers.json", f"[{records}, {{"))
    assert [paper.paper_id for paper in papers] == list("01234")
    assert [(reject.record, reject.reason) for reject in rejects] == [(None, "invalid_json")]


def test_broken_entries_of_bibtex_and_ris_do_not_take_their_neighbours_along(tmp_path: Path) -> None:
    bibtex = "@article{a, title={A}}\n@article{b, title={B\n@article{c, title={C}, keywords={x}, keywords={y}}\n"
    papers, rejects = read(write(tmp_path / "refs.bib", bibtex))
    assert [(paper.paper_id, paper.title) for paper in papers] == [("a", "A"), ("c", "C")]
    assert [(reject.record, reject.reason) for reject in rejects] == [(2, "invalid_bibtex")]
    assert "line 2:" in rejects[0].message
    ris = "TY  - JOUR\nTI  - A\nTY  - JOUR\nstray\nER  - \nTY  - JOUR\nTI  - C\nER  - \n"
    papers, rejects = read(write(tmp_path / "refs.ris", ris))
    assert [paper.title for paper in papers] == ["A", "C"]
    assert [(reject.record, reject.reason) for reject in rejects] == [(2, "no_text")]
    assert "line 3:" in rejects[0].message


@pytest.mark.parametrize("name", ["papers.jsonl", "papers.csv", "page.txt", "one.txt", "refs.ris", "refs.bib"])
def test_a_packed_file_that_is_cut_gives_the_whole_records_before_the_cut(tmp_path: Path, name: str) -> None:
    number = range(2000)
    text = {
        "papers.jsonl": "".join(f'{{"id": "{i}", "title": "Title {i * 7919}"}}\n' for i in number),
        "papers.csv": "id,title\n" + "".join(f"{i},Title {i * 7919}\n" for i in number),
        "page.txt": "".join(f"Title {i * 7919}\n\n{f'We sort {i * 7919} stones by size. ' * 6}\n\n" for i in number),
        "one.txt": "".join(f"We reach {i * 7919}% accuracy. " for i in number),
        "refs.ris": "".join(f"TY  - JOUR\nTI  - Title {i * 7919}\nER  - \n" for i in number),
        "refs.bib": "".join(f"@article{{k{i}, title={{Title {i * 7919}}}}}\n" for i in number),
    }[name]
    whole, _ = read(write(tmp_path / "whole" / name, text))
    data = gzip.compress(text.encode())
    path = write(tmp_path / name, data[: len(data) // 2])
    if name == "one.txt":
        with pytest.raises(InputError, match="the packed file is damaged"):
            read(path)
        return
    papers, rejects = read(path)
    assert len(whole) == 2000
    assert 0 < len(papers) < 2000
    assert papers == whole[: len(papers)]
    assert rejects[-1].reason == "damaged_gzip"
    assert len(rejects) <= 2


def test_a_line_without_end_is_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "LINE_LIMIT", 1000)
    huge = '{"id": "b", "title": "' + "x" * 5000 + '"}\n'
    papers, rejects = read(write(tmp_path / "papers.jsonl", GOOD + huge + GOOD))
    assert len(papers) == 2
    assert [reject.reason for reject in rejects] == ["line_too_long"]
    assert "line 2 is longer than 1,000 characters" in rejects[0].message


def test_nul_characters_are_text_where_the_format_allows_them(tmp_path: Path) -> None:
    papers, _ = read(write(tmp_path / "papers.jsonl", r'{"id": "a", "title": "a\u0000b"}'))
    assert papers[0].title == "a\0b"
    papers, rejects = read(write(tmp_path / "papers.jsonl", GOOD.encode() + b'{"id": "b", "title": "a\0b"}\n'))
    assert [reject.reason for reject in rejects] == ["invalid_json"]
    papers, _ = read(write(tmp_path / "one.txt", "a\0b"), format_name="text")
    assert papers[0].abstract == "a\0b"


def test_what_is_turned_down_is_logged_where_nobody_asks_for_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert len(list(read_papers(write(tmp_path / "papers.jsonl", GOOD + "oops\n")))) == 1
    assert "record 2: line 2, column 1" in caplog.text


def test_an_unknown_format_is_named() -> None:
    with pytest.raises(InputError, match="'word' is not a format of papers; one of: jsonl, json, csv"):
        read_papers(["x"], format="word")
