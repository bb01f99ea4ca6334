"""For any content: readers never fail but with InputError, lose nothing silently, and keep texts as they are."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paper_files import read
from test_papers_formats import SAMPLES

from leaderboard.errors import InputError
from leaderboard.models import Paper, Reject
from leaderboard.papers import FORMATS, read_papers

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)
PIECES = st.sampled_from([piece for text in SAMPLES.values() for piece in text.splitlines(keepends=True)])


def read_bytes(data: bytes, format_name: str | None = None, name: str = "file") -> tuple[list[Paper], list[Reject]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        return read(path, format_name=format_name)


@pytest.mark.parametrize("format_name", [None, *FORMATS])
@given(
    data=st.one_of(
        st.binary(), st.lists(PIECES).map(lambda pieces: "".join(pieces).encode()), st.text().map(str.encode)
    )
)
@settings(max_examples=40, deadline=None)
def test_any_bytes_are_read_or_turned_down(format_name: str | None, data: bytes) -> None:
    rejects: list[Reject] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file")
        path.write_bytes(data)
        try:
            papers = list(read_papers(path, format=format_name, on_reject=rejects.append))
        except InputError as error:
            assert "\n" not in str(error)
            assert rejects
            return
    for paper in papers:
        assert paper.title.strip() or paper.abstract.strip()
        assert orjson.loads(orjson.dumps(paper))["paper_id"] == paper.paper_id
    for reject in rejects:
        assert reject.type == "record"
        orjson.dumps(reject)


@given(texts=st.lists(st.tuples(TEXT, TEXT), min_size=1))
@settings(max_examples=50, deadline=None)
def test_texts_are_kept_to_the_character(texts: list[tuple[str, str]]) -> None:
    records = [{"id": f"p{i}", "title": title, "abstract": abstract} for i, (title, abstract) in enumerate(texts)]
    table = io.StringIO(newline="")
    writer = csv.DictWriter(table, ["id", "title", "abstract"], quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(records)
    columns = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(records), columns)
    contents = {
        "jsonl": "".join(json.dumps(record) + "\n" for record in records).encode(),
        "json": json.dumps(records, indent=1).encode(),
        "csv": table.getvalue().encode(),
        "parquet": columns.getvalue(),
    }
    for format_name, data in contents.items():
        papers, rejects = read_bytes(data, format_name)
        assert rejects == []
        assert [(paper.title, paper.abstract) for paper in papers] == texts


@given(text=TEXT)
@settings(max_examples=100, deadline=None)
def test_a_plain_text_is_kept_to_the_character(text: str) -> None:
    papers, _ = read_bytes(text.encode(), "text")
    [paper] = papers
    text = text.removeprefix("\ufeff")
    assert paper.title + paper.abstract in text or text.startswith(paper.title)
    assert text.rstrip("\r\n").endswith(paper.abstract)
    if not paper.title:
        assert paper.abstract == text.rstrip("\r\n")


@given(
    paper=st.builds(
        Paper,
        paper_id=TEXT,
        title=TEXT,
        abstract=st.just("") | TEXT,
        year=st.none() | st.integers(1800, 2199),
        date=st.none() | st.dates().map(str),
        venue=st.none() | TEXT.map(str.strip),
        authors=st.lists(TEXT.map(str.strip)).map(tuple),
        url=st.none() | st.just("https://example.org/p"),
        doi=st.none() | st.just("10.1000/p"),
        arxiv_id=st.none() | st.just("2206.12126"),
    )
)
@settings(max_examples=100, deadline=None)
def test_the_papers_file_reads_back_as_it_was(paper: Paper) -> None:
    [once], _ = read_bytes(orjson.dumps(paper), "jsonl")
    [twice], _ = read_bytes(orjson.dumps(once), "jsonl")
    assert once == twice
    for name in ("paper_id", "title", "abstract", "date", "venue", "authors", "doi", "arxiv_id"):
        if getattr(paper, name):
            assert getattr(once, name) == getattr(paper, name)
    if paper.year is not None:
        assert once.year == paper.year
