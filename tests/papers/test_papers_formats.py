"""Every format, told by its content whatever the file is called, packed or not, with the fields that it knows."""

from __future__ import annotations

import gzip
import json
from dataclasses import asdict
from pathlib import Path
from typing import get_args

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from paper_files import SHARED, read, write

from leaderboard.cli import PaperFormat
from leaderboard.errors import InputError
from leaderboard.models import Paper
from leaderboard.papers import FORMATS

TITLE = "Stone: Sorting Stones"
ABSTRACT = "We present Stone. It reaches 92.3% accuracy\non Pebbles, ±0.5, with β = 2."
OWN = Paper(
    paper_id="arxiv:2206.12126v3",
    title=TITLE,
    abstract=ABSTRACT,
    year=2022,
    date="2022-06-24",
    venue="StoneConf",
    authors=("Ada Lovelace", "Babbage, Charles"),
    url="https://arxiv.org/abs/2206.12126v3",
    doi="10.1000/stone",
    arxiv_id="2206.12126",
)
OWN_LINE = json.dumps(asdict(OWN), ensure_ascii=False)
SNAPSHOT = {
    "id": "0704.0001", "submitter": "A", "authors": "C. Bal\\'azs, E. L. Berger", "title": "Calculation\n  of things",
    "comments": None, "journal-ref": "Phys.Rev.D76:013009,2007", "doi": "10.1103/PhysRevD.76.013009",
    "categories": "hep-ph",
    "abstract": "  A fully differential calculation.\n",
    "versions": [{"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"}],
    "update_date": "2008-11-26", "authors_parsed": [["Balázs", "C.", ""], ["Berger", "E. L.", "Jr."]],
}  # fmt: skip
OPENALEX = {
    "id": "https://openalex.org/W1", "doi": "https://doi.org/10.1000/Stone", "title": TITLE, "display_name": TITLE,
    "publication_year": 2021, "publication_date": "2021-05-03",
    "primary_location": {"landing_page_url": "https://example.org/stone", "source": {"display_name": "StoneConf"}},
    "authorships": [{"author": {"display_name": "Ada Lovelace"}}],
    "abstract_inverted_index": {"stones": [1, 3], "Sorting": [0], "with": [2]},
}  # fmt: skip
SCHOLAR = {
    "paperId": "649def34", "externalIds": {"ArXiv": "2206.12126", "DOI": "10.1000/Stone", "CorpusId": 7},
    "title": TITLE,
    "abstract": None, "venue": "", "journal": {"name": "J. Stones"}, "year": 2022, "publicationDate": "2022-06-24",
    "authors": [{"authorId": "1", "name": "Ada Lovelace"}], "url": "https://www.semanticscholar.org/paper/649def34",
}  # fmt: skip
PAPERLISTS = {
    "id": "x.1", "title": TITLE, "abstract": ABSTRACT, "track": "main", "status": "Long",
    "author": "Ada Lovelace; Charles Babbage",
    "site": "https://example.org/x.1/", "pdf": "https://example.org/x.1.pdf",
}  # fmt: skip
ATOM = f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">
  <title>arXiv Query</title>
  <entry>
    <id>http://arxiv.org/abs/2206.12126v3</id><published>2022-06-24T07:00:00Z</published>
    <updated>2023-01-01T00:00:00Z</updated>
    <title>{TITLE}</title><summary>  {ABSTRACT.replace("&", "&amp;")} x &lt; 3.
</summary><author><name>Ada Lovelace</name></author><arxiv:doi>10.1000/Stone</arxiv:doi>
    <link href="https://arxiv.org/abs/2206.12126v3" rel="alternate" type="text/html"/>
    <link href="https://arxiv.org/pdf/2206.12126v3" rel="related"/><arxiv:journal_ref>StoneConf</arxiv:journal_ref>
  </entry>
</feed>"""
PUBMED = """<?xml version="1.0" ?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2019//EN" "https://dtd.nlm.nih.gov/x.dtd">
<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>123</PMID><Article>
<Journal><JournalIssue><PubDate><Year>2018</Year><Month>May</Month><Day>7</Day></PubDate></JournalIssue>
<Title>J. Stones</Title></Journal>
<ArticleTitle>Sorting <i>small</i> stones.</ArticleTitle><ELocationID EIdType="doi">10.1000/Stone</ELocationID>
<Abstract><AbstractText Label="METHODS">Ten H<sub>2</sub>O baths.</AbstractText>
<AbstractText Label="RESULTS">P&lt;0.05; 92.3%.</AbstractText></Abstract>
<AuthorList><Author><LastName>Lovelace</LastName><ForeName>Ada</ForeName></Author>
<Author><CollectiveName>The Group</CollectiveName></Author></AuthorList>
</Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"""
RIS = """TY  - CONF
ID  - stone22
T1  - Stone: Sorting Stones
AU  - Lovelace, Ada
PY  - 2022
DA  - 2022/06/24
JO  - StoneConf
N2  - We present Stone.
DO  - 10.1000/Stone
UR  - https://example.org/s
ER  -
"""
BIBTEX = r"""% a comment
@string{conf = "StoneConf"}
@comment{nothing}
@inproceedings{lovelace-2022-stone,
    title = "{S}tone: {S}orting {\ss}tones",
    author = "Lovelace, Ada  and
      Babbage, Charles",
    booktitle = conf,
    month = jun,
    year = "2022",
    doi = {10.1000/Stone},
    url = "https://example.org/s",
    eprint = "2206.12126",
    abstract = "We reach 92.3{\%} of $x^{2}$ and \textbf{more}."
}
"""
CSV = (
    "Paper Title,Abstract,Year,DOI,Authors,Notes\r\n"
    '"Stone: ""Sorting"" Stones","We present,\r\nStone.",2022,10.1000/Stone,"Lovelace, Ada; Babbage, Charles",x\r\n'
)
PAGE = "".join(f"Title number {i}\n\n{'We sort stones by size and by colour. ' * 6}\n\n" for i in range(2))

SAMPLES = {
    "jsonl": OWN_LINE + "\n" + OWN_LINE + "\n",
    "json": json.dumps([SCHOLAR, OPENALEX], indent=1),
    "csv": CSV,
    "page": PAGE,
    "text": ABSTRACT,
    "atom": ATOM,
    "pubmed": PUBMED,
    "ris": RIS,
    "bibtex": BIBTEX,
}


def one(tmp_path: Path, content: object, name: str = "file", format_name: str | None = None) -> Paper:
    text = content if isinstance(content, (str, bytes)) else json.dumps(content)
    papers, rejects = read(write(tmp_path / name, text), format_name=format_name)
    assert rejects == []
    assert len(papers) == 1
    return papers[0]


def parquet(path: Path, **columns: object) -> Path:
    pq.write_table(pa.table(columns), path)
    return path


def test_the_command_line_names_all_formats() -> None:
    assert get_args(PaperFormat) == FORMATS
    assert set(SAMPLES) | {"parquet"} == set(FORMATS)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("name", SAMPLES)
def test_formats_are_told_by_content(tmp_path: Path, name: str, packed: bool, mark: str) -> None:
    data = (mark + SAMPLES[name]).encode()
    path = write(tmp_path / "in" / "file", gzip.compress(data) if packed else data)
    told, rejects = read(path)
    named, _ = read(path, format_name=name)
    plain, _ = read(write(tmp_path / "file", SAMPLES[name]), format_name=name)
    assert rejects == []
    assert told == named == plain
    assert told


@pytest.mark.parametrize("name", ["csv", "jsonl", "text", "page", "ris", "bibtex"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_utf_16_is_read_where_its_mark_says_so(tmp_path: Path, name: str, encoding: str) -> None:
    data = (SAMPLES[name] if encoding == "utf-16" else "\ufeff" + SAMPLES[name]).encode(encoding)
    assert read(write(tmp_path / "file", data))[0] == read(write(tmp_path / "in" / "file", SAMPLES[name]))[0]


def test_own_form_comes_back_as_it_was_written(tmp_path: Path) -> None:
    assert one(tmp_path, OWN_LINE) == OWN
    assert one(tmp_path, [json.loads(OWN_LINE)]) == OWN


def test_arxiv_snapshot(tmp_path: Path) -> None:
    paper = one(tmp_path, SNAPSHOT)
    assert paper == Paper(
        paper_id="0704.0001",
        title="Calculation\n  of things",
        abstract="  A fully differential calculation.\n",
        year=2007,
        date="2007-04-02",
        venue="Phys.Rev.D76:013009,2007",
        authors=("C. Balázs", "E. L. Berger Jr."),
        url="https://arxiv.org/abs/0704.0001",
        doi="10.1103/physrevd.76.013009",
        arxiv_id="0704.0001",
    )


@pytest.mark.parametrize("wrap", [lambda x: x, lambda x: {"meta": {"count": 1}, "results": [x]}, lambda x: [x]])
@pytest.mark.parametrize("indent", [None, 2])
def test_openalex(tmp_path: Path, wrap: object, indent: int | None) -> None:
    paper = one(tmp_path, json.dumps(wrap(OPENALEX), indent=indent))  # type: ignore[operator]
    assert paper.paper_id == "https://openalex.org/W1"
    assert paper.abstract == "Sorting stones with stones"
    assert (paper.year, paper.date, paper.venue, paper.doi) == (2021, "2021-05-03", "StoneConf", "10.1000/stone")
    assert (paper.url, paper.authors) == ("https://example.org/stone", ("Ada Lovelace",))


@pytest.mark.parametrize(
    ("document", "ids"),
    [
        ([{"id": "a", "title": "t"}, {"id": "b", "title": "t", "data": [{"title": "no"}]}], ["a", "b"]),
        ({"meta": [1, {"x": []}], "results": [{"id": "a", "title": "t"}], "more": {"y": [1]}}, ["a"]),
        ({"results": [{"id": "a", "title": "t"}], "z": [[]], "data": [{"id": "b", "title": "t"}]}, ["a", "b"]),
        ({"id": "a", "title": "t", "results": [{"id": "no", "title": "t"}]}, ["a"]),
        ({"id": "a", "abstract": "t", "data": [1]}, ["a"]),
        ({"results": []}, []),
        ([], []),
    ],
)
def test_lists_of_papers_within_json(tmp_path: Path, document: object, ids: list[str]) -> None:
    for indent in (None, 1):
        papers, rejects = read(write(tmp_path / "papers.json", json.dumps(document, indent=indent)))
        assert [paper.paper_id for paper in papers] == ids
        assert rejects == []


def test_documents_one_after_another(tmp_path: Path) -> None:
    text = json.dumps({"id": "a", "title": "t"}, indent=1) + "\n" + json.dumps([{"id": "b", "title": "t"}], indent=1)
    papers, _ = read(write(tmp_path / "papers.json", text))
    assert [paper.paper_id for paper in papers] == ["a", "b"]


def test_openalex_without_abstract_is_its_title(tmp_path: Path) -> None:
    paper = one(tmp_path, {**OPENALEX, "abstract_inverted_index": None})
    assert (paper.title, paper.abstract) == (TITLE, "")


def test_semantic_scholar(tmp_path: Path) -> None:
    paper = one(tmp_path, {"total": 1, "offset": 0, "data": [SCHOLAR]})
    assert (paper.paper_id, paper.arxiv_id, paper.doi) == ("649def34", "2206.12126", "10.1000/stone")
    assert (paper.venue, paper.year, paper.date) == ("J. Stones", 2022, "2022-06-24")
    assert paper.url == SCHOLAR["url"]


def test_paperlists_have_venue_and_year_in_the_name_of_the_file(tmp_path: Path) -> None:
    paper = one(tmp_path, json.dumps([PAPERLISTS], indent=1), "naacl2021.json")
    assert (paper.paper_id, paper.year, paper.venue) == ("x.1", 2021, "NAACL 2021")
    assert (paper.url, paper.authors) == ("https://example.org/x.1/", ("Ada Lovelace", "Charles Babbage"))


def test_atom(tmp_path: Path) -> None:
    paper = one(tmp_path, ATOM)
    assert paper.paper_id == "http://arxiv.org/abs/2206.12126v3"
    assert paper.abstract == f"  {ABSTRACT} x < 3.\n"
    assert (paper.arxiv_id, paper.doi, paper.date, paper.venue) == (
        "2206.12126",
        "10.1000/stone",
        "2022-06-24",
        "StoneConf",
    )
    assert (paper.url, paper.authors) == ("https://arxiv.org/abs/2206.12126v3", ("Ada Lovelace",))


def test_an_error_that_arrives_as_an_entry_is_rejected(tmp_path: Path) -> None:
    feed = ATOM.replace(f"<title>{TITLE}</title>", "<title>Error</title>")
    with pytest.raises(InputError, match="the feed reports an error"):
        read(write(tmp_path / "feed.xml", feed))


def test_pubmed(tmp_path: Path) -> None:
    assert one(tmp_path, PUBMED) == Paper(
        paper_id="123",
        title="Sorting small stones.",
        abstract="METHODS: Ten H2O baths.\nRESULTS: P<0.05; 92.3%.",
        year=2018,
        date="2018-05-07",
        venue="J. Stones",
        authors=("Ada Lovelace", "The Group"),
        url="https://pubmed.ncbi.nlm.nih.gov/123/",
        doi="10.1000/stone",
    )


def test_ris(tmp_path: Path) -> None:
    assert one(tmp_path, RIS) == Paper(
        paper_id="stone22",
        title=TITLE,
        abstract="We present Stone.",
        year=2022,
        date="2022-06-24",
        venue="StoneConf",
        authors=("Ada Lovelace",),
        url="https://example.org/s",
        doi="10.1000/stone",
    )


def test_bibtex(tmp_path: Path) -> None:
    assert one(tmp_path, BIBTEX) == Paper(
        paper_id="lovelace-2022-stone",
        title=r"Stone: Sorting {\ss}tones",
        abstract=r"We reach 92.3\% of $x^{2}$ and \textbf{more}.",
        year=2022,
        venue="StoneConf",
        authors=("Ada Lovelace", "Charles Babbage"),
        url="https://example.org/s",
        doi="10.1000/stone",
        arxiv_id="2206.12126",
    )


def test_csv(tmp_path: Path) -> None:
    assert one(tmp_path, CSV) == Paper(
        paper_id="10.1000/Stone",
        title='Stone: "Sorting" Stones',
        abstract="We present,\r\nStone.",
        year=2022,
        authors=("Ada Lovelace", "Charles Babbage"),
        url="https://doi.org/10.1000/stone",
        doi="10.1000/stone",
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("header", [("Title", "ABSTRACT"), ("paper_title", "Abstract Note"), ("title", "summary")])
def test_csv_headers_and_delimiters(tmp_path: Path, delimiter: str, header: tuple[str, str]) -> None:
    content = f"{delimiter.join(('id', *header))}\n7{delimiter}A title{delimiter}An abstract\n"
    paper = one(tmp_path, content)
    assert (paper.paper_id, paper.title, paper.abstract) == ("7", "A title", "An abstract")
    assert one(tmp_path, f"sep={delimiter}\n{content}", "excel.csv") == paper


def test_csv_of_abstracts_alone(tmp_path: Path) -> None:
    paper = one(tmp_path, "abstract\nWe reach 92.3% accuracy.\n", "file.csv")
    assert (paper.paper_id, paper.abstract) == ("file.csv#1", "We reach 92.3% accuracy.")


@pytest.mark.parametrize("packed", [False, True])
def test_parquet(tmp_path: Path, packed: bool) -> None:
    path = parquet(
        tmp_path / "plain",
        Title=["A", None, "C"],
        abstract=pa.array(["a", "b", "c"]).dictionary_encode(),
        YEAR=[2020, 2021, None],
        published=pa.array([18628, 18629, None], pa.date32()),
        authors=[["X", "Y"], [], None],
    )
    if packed:
        path = write(tmp_path / "packed", gzip.compress(path.read_bytes()))
    papers, rejects = read(path)
    assert rejects == []
    assert [(paper.title, paper.abstract, paper.year, paper.date) for paper in papers] == [
        ("A", "a", 2020, "2021-01-01"),
        ("", "b", 2021, "2021-01-02"),
        ("C", "c", None, None),
    ]
    assert papers[0].authors == ("X", "Y")
    assert [paper.paper_id for paper in papers] == [f"{path.name}#{i}" for i in (1, 2, 3)]


@pytest.mark.parametrize(
    ("line", "paper_id"),
    [
        ('{"id": "arXiv:1", "title": "t"}', "arXiv:1"),
        ('{"id": 7, "title": "t"}', "7"),
        ('{"id": 2206.1210, "title": "t"}', "2206.1210"),
        ('{"paper_id": " a b ", "id": "other", "title": "t"}', " a b "),
        ('{"arxiv_id": "2206.12126v2", "title": "t"}', "2206.12126v2"),
        ('{"id": "", "title": "t"}', "file#1"),
        ('{"id": null, "title": "t"}', "file#1"),
        ('{"title": "t", "year": NaN}', "file#1"),
    ],
)
def test_ids_are_verbatim(tmp_path: Path, line: str, paper_id: str) -> None:
    assert one(tmp_path, line).paper_id == paper_id
    if "NaN" not in line:
        assert one(tmp_path, f"[{line}]").paper_id == paper_id


def test_text_in_two_columns_of_one_meaning_is_taken_from_the_better_name(tmp_path: Path) -> None:
    assert one(tmp_path, {"text": "full text", "abstract": "short", "title": "t"}).abstract == "short"
    assert one(tmp_path, {"text": "full text", "abstract": "", "title": "t"}).abstract == "full text"


SHARED_SAMPLES = {
    "arxiv_api.atom.xml": 100,
    "example_full.ris": 2,
    "example_multiline.ris": 3,
    "example_utf_chars.ris": 1,
    "example_wos.ris": 2,
    "paperlists_naacl2021.json": 40,
    "pubmed_29768149.xml": 1,
}


@pytest.mark.skipif(not (SHARED / "samples").exists(), reason="the shared samples are not beside the checkout")
@pytest.mark.parametrize(("name", "count"), SHARED_SAMPLES.items())
def test_shared_samples_are_read_in_full(name: str, count: int) -> None:
    papers, rejects = read(SHARED / "samples" / name)
    assert (len(papers), rejects) == (count, [])
    assert all(paper.title or paper.abstract for paper in papers)
