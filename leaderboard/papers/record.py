"""From the fields of a record, whatever they are called, to a Paper.

Every reader ends here, so that ids, dates and addresses mean the same in every format. Text is taken as it is.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from leaderboard.models import Paper
from leaderboard.papers.identifiers import arxiv_id_of, date_of, doi_of, url_of, year_of, year_of_arxiv_id
from leaderboard.papers.source import writable

# What other tools call each field, the best source first. Compared in lower case, without spaces, "_", "-" and ".".
SYNONYMS: dict[str, tuple[str, ...]] = {
    "paper_id": (
        "paperid", "id", "recordid", "key", "citationkey", "pmid", "corpusid", "ut", "accessionnumber", "eid",
        "anthologyid",
    ),
    "title": ("title", "papertitle", "articletitle", "documenttitle", "displayname", "primarytitle", "ti"),
    "abstract": (
        "abstract", "paperabstract", "abstracttext", "abstractnote", "abstracts", "summary", "text", "notesabstract",
        "ab",
    ),
    "year": ("year", "publicationyear", "pubyear", "publishedyear", "yearpublished", "py"),
    "date": (
        "date", "publicationdate", "publisheddate", "datepublished", "pubdate", "published", "publishedat", "paperdate",
        "created", "submitted",
    ),
    "venue": (
        "venue", "conference", "booktitle", "journal", "journaltitle", "journalname", "publicationtitle", "sourcetitle",
        "publicationname", "containertitle", "proceeding", "proceedings", "hostvenue", "journalref", "so",
    ),
    "authors": (
        "authors", "author", "authorsparsed", "authorfullnames", "authorfullname", "authornames", "firstauthors", "au",
        "creators",
    ),
    "url": ("url", "urlabs", "paperurl", "site", "link", "landingpageurl", "articleurl", "urls", "pdf"),
    "doi": ("doi", "digitalobjectidentifier", "doilink"),
    "arxiv_id": ("arxivid", "arxiv", "eprint"),
}  # fmt: skip
_PLACE = {name: (field, place) for field, names in SYNONYMS.items() for place, name in enumerate(names)}
_SURROGATE = re.compile("[\ud800-\udfff]")
_SEPARATORS = re.compile(r"[\s_.\-]+|\(s\)$")


class BadRecordError(Exception):
    """A record that cannot be read as a paper: a reason code and a sentence."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


@lru_cache(maxsize=1024)
def place_of(name: str) -> tuple[str, int] | None:
    """Which field of a Paper a column or key of this name holds, and its place among the names of that field."""
    return _PLACE.get(_SEPARATORS.sub("", name.strip().lower()))


def holds_text(names: Iterable[str]) -> bool:
    """Whether one of these column names means a title or an abstract."""
    return any(place is not None and place[0] in ("title", "abstract") for place in map(place_of, names))


def is_empty(value: object) -> bool:
    """Whether a value says nothing: null, no text, an empty list, or not-a-number (an empty cell in some tables)."""
    return value is None or value == "" or value == [] or (isinstance(value, float) and math.isnan(value))


def fields_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a Paper that a record holds; of several names for one field, the first that is not empty."""
    found: dict[str, Any] = {}
    places: dict[str, int] = {}
    for name, value in record.items():
        place = place_of(name)
        if place is None or is_empty(value):
            continue
        field, rank = place
        if rank < places.get(field, len(_PLACE)):
            found[field], places[field] = value, rank
    return found


def paper_from_fields(fields: Mapping[str, Any], *, fallback_id: str) -> Paper:
    """Build a Paper from values named as its fields are.

    Title, abstract and id must be text (an id may be a number) and are kept verbatim. Of what else cannot be
    understood (a year in words, an address that is none), nothing is kept; what an arXiv id, a DOI or a date implies is
    filled in. Raises BadRecordError where there is no text at all or a text is not a text.
    """
    title, abstract = _text(fields, "title"), _text(fields, "abstract")
    if not title.strip() and not abstract.strip():
        raise BadRecordError("no_text", "it has neither a title nor an abstract")
    paper_id = _identifier(fields.get("paper_id"))
    given_arxiv, given_doi = _identifier(fields.get("arxiv_id")), _identifier(fields.get("doi"))
    url = url_of(_first_text(fields.get("url"))) or url_of(paper_id)
    arxiv_id = arxiv_id_of(given_arxiv) or arxiv_id_of(paper_id) or arxiv_id_of(url) or arxiv_id_of(given_doi)
    doi = doi_of(given_doi) or doi_of(url) or doi_of(paper_id)
    if url is None and arxiv_id is not None:
        url = f"https://arxiv.org/abs/{arxiv_id}"
    elif url is None and doi is not None:
        url = f"https://doi.org/{doi}"
    date = date_of(fields.get("date"))
    year = year_of(fields.get("year")) or year_of(date or fields.get("date"))
    if year is None and arxiv_id is not None:
        year = year_of_arxiv_id(arxiv_id)
    return Paper(
        paper_id=paper_id or given_arxiv or given_doi or fallback_id,
        title=title,
        abstract=abstract,
        year=year,
        date=date,
        venue=_first_text(fields.get("venue")),
        authors=_authors(fields.get("authors")),
        url=url,
        doi=doi,
        arxiv_id=arxiv_id,
    )


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if is_empty(value):
        return ""
    if not isinstance(value, str):
        raise BadRecordError("bad_field", f"its {name} is {_kind(value)} where text is expected")
    # Bytes that are not UTF-8 arrive as lone surrogates (see Source.lines): such a text cannot be quoted exactly.
    if not value.isascii() and _SURROGATE.search(value):
        raise BadRecordError("bad_encoding", f"its {name} is not valid UTF-8 (convert the file with iconv)")
    return value


def _identifier(value: object) -> str | None:
    """An id as text, verbatim: numbers as they were written (readers keep them so), texts as they are."""
    if is_empty(value) or isinstance(value, bool):
        return None
    if isinstance(value, list):
        return _identifier(value[0])
    if isinstance(value, dict):
        raise BadRecordError("bad_field", f"its id is {_kind(value)} where text or a number is expected")
    return writable(str(value)) if str(value).strip() else None


def _first_text(value: object) -> str | None:
    if isinstance(value, list):
        value = next((item for item in value if isinstance(item, str)), None)
    if isinstance(value, dict):
        value = value.get("name") or value.get("display_name")
    if not isinstance(value, str) or not value.strip():
        return None
    return writable(value).strip()


def _authors(value: object) -> tuple[str, ...]:
    """Names in the order given: from a list of texts, of objects with a name, of [last, first, …], or from one text."""
    if isinstance(value, str):
        return split_authors(value)
    if not isinstance(value, (list, tuple)):
        return ()
    return tuple(name for name in map(_author, value) if name)


def _author(value: object) -> str | None:
    if isinstance(value, (list, tuple)):  # arXiv's authors_parsed: [last, first, suffix, …]
        parts = [part for part in value[:3] if isinstance(part, str)]
        return " ".join([*parts[1:2], *parts[:1], *parts[2:3]]).strip() or None
    if isinstance(value, dict):
        inner = value.get("author")
        value = inner if isinstance(inner, dict) else value
        name = value.get("name") or value.get("display_name") or value.get("full_name")
        if not name:
            name = " ".join(str(value[key]) for key in ("given", "first", "family", "last") if value.get(key))
        value = name
    return _first_text(value)


def split_authors(text: str) -> tuple[str, ...]:
    """The names in a text that joins them with ";", "and" or ",": "Cao, Jie and Zhang, Yi" is two, not four."""
    text = " ".join(writable(text).split())
    if ";" in text:
        parts: Iterable[str] = text.split(";")
    elif re.search(r"\sand\s", text):
        head, *rest = re.split(r",?\s+and\s+", text)
        # "A B, C D and E F" joins with commas before its "and"; "Cao, Jie and Zhang, Yi" has one comma in each name.
        parts = [*(head.split(",") if rest and "," not in rest[-1] else [head]), *rest]
    elif text.count(",") == 1 and " " not in text.split(",")[0].strip():
        parts = [text]  # "Zhang, Yi"
    else:
        parts = text.split(",")
    names = (given_name_first(part) for part in parts)
    return tuple(name for name in names if name and name != "others")  # BibTeX's "and others"


def given_name_first(name: str) -> str:
    """The name with the given name first: "Cao, Jie" becomes "Jie Cao"."""
    last, comma, first = " ".join(name.split()).partition(", ")
    return f"{first} {last}" if comma else last


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", bool: "true or false", int: "a number", float: "a number"}
    return names.get(type(value), f"a {type(value).__name__}")
