"""Papers as XML, read element by element: arXiv's Atom feed and PubMed. Entities are refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from leaderboard.models import Paper, Reject
from leaderboard.papers.record import BadRecordError, paper_from_fields
from leaderboard.papers.source import Source, UnreadableInputError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

ATOM = "{http://www.w3.org/2005/Atom}"
ARXIV = "{http://arxiv.org/schemas/atom}"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def read_atom(source: Source) -> Iterator[Paper | Reject]:
    """One paper an entry of a feed; the texts as decoded, with the line breaks that the feed has."""
    return _read(source, {f"{ATOM}entry"}, _atom_entry)


def read_pubmed(source: Source) -> Iterator[Paper | Reject]:
    """One paper a PubmedArticle or PubmedBookArticle; the sections of an abstract are joined by line breaks."""
    return _read(source, {"PubmedArticle", "PubmedBookArticle"}, _pubmed_article)


def _read(
    source: Source, tags: set[str], to_fields: Callable[[Element], dict[str, object]]
) -> Iterator[Paper | Reject]:
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    number = 0
    path: list[Element] = []
    try:
        for event, element in iterparse(source.bytes, events=("start", "end")):
            if event == "start":
                path.append(element)
                continue
            path.pop()
            if element.tag not in tags:
                continue
            number += 1
            try:
                yield paper_from_fields(to_fields(element), fallback_id=source.record_id(number))
            except BadRecordError as error:
                yield source.reject(number, error.reason, error.message)
            if path:
                path[-1].clear()  # what has been read is let go, so that memory does not grow with the feed
    except ParseError as error:
        raise UnreadableInputError("invalid_xml", f"after {number} records: {error}; what follows is lost") from error
    except DefusedXmlException as error:
        raise UnreadableInputError("unsafe_xml", f"after {number} records: {error} is refused") from error
    except (LookupError, ValueError) as error:  # an encoding that is unknown or of many bytes
        raise UnreadableInputError("bad_encoding", f"after {number} records: {error}") from error


def _atom_entry(entry: Element) -> dict[str, object]:
    title, summary = _text(entry.find(f"{ATOM}title")), _text(entry.find(f"{ATOM}summary"))
    if title.strip() == "Error":  # arXiv's way to report a bad query
        raise BadRecordError("provider_error", f"the feed reports an error: {' '.join(summary.split())}")
    links = {link.get("rel", "alternate"): link.get("href") for link in entry.findall(f"{ATOM}link")}
    identifier = _text(entry.find(f"{ATOM}id")).strip()
    return {
        "paper_id": identifier,
        "title": title,
        "abstract": summary or _text(entry.find(f"{ATOM}content")),
        "date": _text(entry.find(f"{ATOM}published")) or _text(entry.find(f"{ATOM}updated")),
        "venue": _text(entry.find(f"{ARXIV}journal_ref")),
        "authors": [_text(name) for name in entry.findall(f"{ATOM}author/{ATOM}name")],
        "url": links.get("alternate"),
        "doi": _text(entry.find(f"{ARXIV}doi")),
    }


def _pubmed_article(record: Element) -> dict[str, object]:
    article = record.find(".//Article")
    if article is None:
        article = record.find(".//BookDocument")
    if article is None:
        raise BadRecordError("bad_field", "it has no Article")
    pmid = _text(record.find(".//PMID")).strip()
    dois = article.findall("ELocationID[@EIdType='doi']") or record.findall(
        "./PubmedData/ArticleIdList/ArticleId[@IdType='doi']"
    )
    year, date = _pubmed_date(article)
    return {
        "paper_id": pmid,
        "title": _text(article.find("ArticleTitle")) or _text(article.find("VernacularTitle")),
        "abstract": "\n".join(filter(None, map(_section, article.findall("Abstract/AbstractText")))),
        "year": year,
        "date": date,
        "venue": _text(article.find("Journal/Title")) or _text(article.find("Book/BookTitle")),
        "authors": [name for name in map(_pubmed_author, article.findall("AuthorList/Author")) if name],
        "url": f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid.isdigit() else None,
        "doi": _text(dois[0]).strip() if dois else None,
    }


def _section(element: Element) -> str:
    label, text = element.get("Label"), _text(element).strip()
    return f"{label}: {text}" if label and text else text


def _pubmed_author(author: Element) -> str:
    names = [_text(author.find(part)).strip() for part in ("ForeName", "LastName", "Suffix")]
    return " ".join(filter(None, names)) or _text(author.find("CollectiveName")).strip()


def _pubmed_date(article: Element) -> tuple[str | None, str | None]:
    """Year and, where month and day are given, date: of the electronic publication, else of the issue."""
    best: tuple[str | None, str | None] = (None, None)
    for path in ("ArticleDate", "Journal/JournalIssue/PubDate", "ContributionDate", "Book/PubDate"):
        element = article.find(path)
        if element is None:
            continue
        year = _text(element.find("Year")).strip() or _text(element.find("MedlineDate")).strip()
        month = _text(element.find("Month")).strip().lower()
        number = _MONTHS.index(month[:3]) + 1 if month[:3] in _MONTHS else int(month) if month.isdigit() else None
        day = _text(element.find("Day")).strip()
        if re.fullmatch(r"\d{4}", year) and number and day.isdigit():
            return year, f"{year}-{number:02}-{int(day):02}"
        if best[0] is None and year:
            best = (year, None)
    return best


def _text(element: Element | None) -> str:
    """All text below an element, inline markup left out."""
    return "" if element is None else "".join(element.itertext())
