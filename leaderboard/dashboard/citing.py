"""BibTeX of papers, for whoever takes a number along."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from leaderboard.models import Paper

_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_MINOR_WORDS = {"a", "an", "the", "on", "of", "in", "for", "to", "and", "with", "towards"}


def bibtex(papers: Iterable[Paper]) -> str:
    """One entry a paper, under keys that differ; what is not known of a paper is left out."""
    used: set[str] = set()
    entries = []
    for paper in papers:
        key = stem = _key(paper)
        suffix = 0
        while key in used:
            suffix += 1
            key = f"{stem}-{suffix + 1}"
        used.add(key)
        entries.append(_entry(key, paper))
    return "\n\n".join(entries)


def _entry(key: str, paper: Paper) -> str:
    year = paper.year or (paper.date[:4] if paper.date else None)
    fields = {
        "title": f"{{{_escape(paper.title or paper.paper_id)}}}",  # braces keep the capitals of names
        "author": " and ".join(_escape(author).replace(" and ", " {and} ") for author in paper.authors),
        "year": str(year or ""),
        "howpublished" if not paper.venue else "booktitle": _escape(paper.venue or ""),
        "eprint": _escape(paper.arxiv_id or ""),
        "archiveprefix": "arXiv" if paper.arxiv_id else "",
        "doi": _escape(paper.doi or ""),
        "url": re.sub(r"[{}\\\s]", "", paper.url or ""),
    }
    kind = "inproceedings" if paper.venue else "misc"
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{kind}{{{key},", *lines, "}"])


def _key(paper: Paper) -> str:
    family = paper.authors[0].split(",")[0].split()[-1:] if paper.authors and paper.authors[0].strip() else []
    words = [word for word in re.findall(r"\w+", paper.title) if word.lower() not in _MINOR_WORDS][:1]
    year = str(paper.year or (paper.date or "")[:4])
    plain = unicodedata.normalize("NFKD", "".join([*family, year, *words]))
    key = "".join(c for c in plain if c.isascii() and c.isalnum()).lower()
    return key or "".join(c for c in paper.paper_id if c.isascii() and c.isalnum()).lower() or "paper"


def _escape(text: str) -> str:
    return "".join(_SPECIAL.get(c, c) for c in " ".join(text.split()))
