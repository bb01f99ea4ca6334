"""The papers of a table as BibTeX, one entry each."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import IO, Any

import pandas as pd

from leaderboard.boards.papers import paper_codes, title_key
from leaderboard.papers.identifiers import arxiv_id_of, doi_of, url_of

from .entries import address_of, plain
from .tex import tex

_FIELDS = ("paper_id", "title", "date", "year", "venue", "url", "authors", "doi", "arxiv_id")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SHORT_WORD = 3


@dataclass(slots=True)
class _Work:
    """What the copies of one paper say of it, the first that says anything; and the ids of all."""

    paper_id: str
    title: str | None = None
    date: str | None = None
    year: int | None = None
    venue: str | None = None
    url: str | None = None
    authors: Any = None
    doi: str | None = None
    arxiv_id: str | None = None

    def add(self, said: dict[str, Any]) -> None:
        for name, value in said.items():
            if getattr(self, name) is None:
                setattr(self, name, value)
        self.arxiv_id = self.arxiv_id or arxiv_id_of(said["paper_id"]) or arxiv_id_of(said["url"])
        for text in (said["paper_id"], said["url"]):
            if self.doi is None and text and "10." in text:
                self.doi = doi_of(text)

    @property
    def key(self) -> str:
        """A word of the title, the year, and a digest of what identifies the paper (`moss2021_3fa91c`).

        It depends on the paper alone, so that it stays the same from table to table.
        """
        identity = self.arxiv_id or self.doi or title_key(self.title) or self.paper_id
        digest = hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:6]
        letters = unicodedata.normalize("NFKD", self.title or "").encode("ascii", "ignore").decode().lower()
        words = re.findall("[a-z]+", letters)
        word = next((word for word in words if len(word) > _SHORT_WORD), next(iter(words), "paper"))
        return f"{word}{self.published or ''}_{digest}"

    @property
    def published(self) -> int | None:
        """The year of publication."""
        return self.year if self.year is not None else int(self.date[:4]) if self.date else None

    def entry(self, key: str) -> str:
        """The paper as a BibTeX entry."""
        authors = self.authors if isinstance(self.authors, list) else re.split(r"\s*;\s*", self.authors or "")
        own_doi = self.doi if self.doi and not self.doi.startswith("10.48550/arxiv") else None
        fields = {
            "title": f"{{{tex(self.title or self.paper_id)}}}",
            "author": " and ".join(tex(author) for author in authors if author),
            "year": str(self.published or ""),
            "month": _MONTHS[int(self.date[5:7]) - 1] if self.date else "",
            "howpublished": tex(self.venue or ""),
            "eprint": self.arxiv_id or "",
            "archiveprefix": "arXiv" if self.arxiv_id else "",
            "doi": tex(own_doi or ""),
            "url": _escaped(url_of(self.url) or address_of(self.paper_id) or ""),
        }
        lines = [f"  {name} = {{{value}}},\n" for name, value in fields.items() if value]
        return f"@misc{{{key},\n{''.join(lines)}}}\n"


def write_bibtex(table: pd.DataFrame, stream: IO[bytes]) -> int:
    """Write one entry for each paper, copies of a paper as one, in the order of the table; returns 0."""
    works = _works(table)[0]
    for number, (key, work) in enumerate(_keyed(works)):
        stream.write((("\n" if number else "") + work.entry(key)).encode())
    return 0


def citation_keys(table: pd.DataFrame) -> dict[str, str]:
    """The key under which `write_bibtex` writes the paper of each paper_id."""
    works, of_paper = _works(table)
    keys = [key for key, _ in _keyed(works)]
    return {paper_id: keys[index] for paper_id, index in of_paper.items()}


def _keyed(works: list[_Work]) -> list[tuple[str, _Work]]:
    """The works with their keys; should two have the same, the second gets a letter."""
    taken: dict[str, int] = {}
    out = []
    for work in works:
        key = work.key
        taken[key] = taken.get(key, 0) + 1
        out.append((key if taken[key] == 1 else f"{key}-{taken[key]}", work))
    return out


def _works(table: pd.DataFrame) -> tuple[list[_Work], dict[str, int]]:
    columns = {name: table[name].tolist() if name in table.columns else [None] * len(table) for name in _FIELDS}
    works: dict[int, _Work] = {}
    index_of: dict[int, int] = {}
    of_paper: dict[str, int] = {}
    for code, cells in zip(paper_codes(table).tolist(), zip(*columns.values(), strict=True), strict=True):
        paper_id = cells[0]
        if paper_id in of_paper:
            continue
        if code not in works:
            index_of[code] = len(works)
            works[code] = _Work(paper_id)
        of_paper[paper_id] = index_of[code]
        works[code].add(dict(zip(_FIELDS, map(plain, cells), strict=True)))
    return list(works.values()), of_paper


def _escaped(address: str) -> str:
    r"""The address without what BibTeX or \url would stumble over."""
    return re.sub(r"[{}\\\s]", lambda sign: "".join(f"%{byte:02X}" for byte in sign[0].encode()), address)
