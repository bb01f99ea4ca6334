"""Papers as XML, read record by record: arXiv's Atom feed and PubMed. A document's own entities are not known."""

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
RECORD_LIMIT = 1 << 24
"""The longest record, in characters, that is read."""
TAG_LIMIT = 256
ARXIV = "{http://arxiv.org/schemas/atom}"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def read_atom(source: Source) -> Iterator[Paper | Reject]:
    """One paper an entry of a feed; the texts as decoded, with the line breaks that the feed has."""
    root = re.search(r"<(?:[\w.-]+:)?feed\b[^>]*>", source.head_text)
    return _read(source, "entry", root[0] if root else f'<feed xmlns="{ATOM[1:-1]}">', _atom_entry)


def read_pubmed(source: Source) -> Iterator[Paper | Reject]:
    """One paper a PubmedArticle or PubmedBookArticle; the sections of an abstract are joined by line breaks."""
    return _read(source, "Pubmed(?:Book)?Article", "<PubmedArticleSet>", _pubmed_article)


def _read(
    source: Source, tag: str, root: str, to_fields: Callable[[Element], dict[str, object]]
) -> Iterator[Paper | Reject]:
    """Cut the records out of the text and parse each by itself, so that one that is broken does not cost the rest.

    `tag` is a pattern of the records' name; `root` the start of the document, which holds their namespaces.
    """
    from xml.etree.ElementTree import ParseError, fromstring
    from xml.parsers.expat import ErrorString

    closing = "</" + re.split(r"[\s/>]", root[1:], maxsplit=1)[0] + ">"
    number = 0
    for number, (line, record) in enumerate(_records(source, tag), 1):
        try:
            if record is None:
                raise BadRecordError("truncated", "the record does not end")
            try:
                element = fromstring(f"{root}{record}{closing}")[0]  # no DTD can stand here, so no entity bomb either
            except ParseError as error:
                raise BadRecordError("invalid_xml", f"it cannot be parsed: {ErrorString(error.code)}") from error
            except UnicodeEncodeError as error:
                raise BadRecordError("bad_encoding", f"it is not valid {source.encoding}") from error
            yield paper_from_fields(to_fields(element), fallback_id=source.record_id(number))
        except BadRecordError as error:
            yield source.reject(number, error.reason, f"line {line}: {error.message}")
    if not number and closing not in source.head_text:
        raise UnreadableInputError("truncated", "it ends before the first record")


def _records(source: Source, tag: str) -> Iterator[tuple[int, str | None]]:
    """The text of each record and the line where it begins; None for one that does not end."""
    begin = re.compile(rf"<((?:[\w.-]+:)?{tag})(?=[\s>])")
    line, text, searched = 1, "", 0
    name: str | None = None  # of the record under way, which begins the text
    for piece in _pieces(source):
        text += piece
        while True:
            if name is None:
                match = begin.search(text)
                # Of what stands between records, only what may be the beginning of a tag is kept.
                last = match.start() if match else text.rfind("<", max(len(text) - TAG_LIMIT, 0))
                cut = last if last >= 0 else len(text)
                line += text.count("\n", 0, cut)
                text = text[cut:]
                if match is None:
                    break
                name, searched = match[1], 0
            end = text.find(f"</{name}", searched)
            close = text.find(">", end) + 1 if end >= 0 else 0
            if not close and len(text) <= RECORD_LIMIT:
                searched = max(end if end >= 0 else len(text) - TAG_LIMIT, 0)
                break
            close = close or len(text)
            yield line, text[:close] if end >= 0 else None
            line += text.count("\n", 0, close)
            text, name = text[close:], None
    if name is not None:
        yield line, None


def _pieces(source: Source) -> Iterator[str]:
    declared = re.match(rb"\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w.-]+)", source.head)
    if source.encoding == "utf-8" and declared:
        source.encoding = declared[1].decode()
    try:
        yield from source.pieces()
    except LookupError as error:
        raise UnreadableInputError("bad_encoding", f"its encoding {source.encoding!r} is unknown") from error


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
