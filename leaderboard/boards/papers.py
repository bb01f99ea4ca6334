"""Which records are copies of one paper: the same arXiv id, DOI or title."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import numpy as np
import pandas as pd

from leaderboard.papers.identifiers import arxiv_id_of, doi_of

from .names import Codes

_SIGNS = re.compile(r"[\W_]+")
_SHORTEST_TITLE = 3  # words: "Introduction" or "Deep Learning" names more than one paper


def title_key(title: str | None) -> str | None:
    """The title without case, accents and signs; None if it is too short to tell papers apart."""
    if not title:
        return None
    plain = title.lower()
    if not title.isascii():
        plain = unicodedata.normalize("NFKD", title).casefold()
        plain = "".join(char for char in plain if not unicodedata.combining(char))
    words = _SIGNS.sub(" ", plain).split()
    return " ".join(words) if len(words) >= _SHORTEST_TITLE else None


def paper_codes(table: pd.DataFrame) -> Codes:
    """An integer for each row of a results table, equal for rows of one paper, whichever copy they come from.

    Copies share an arXiv id (in `paper_id`, `url` or a further column `arxiv_id`), a DOI (likewise), or the title,
    unless two papers of that title have arXiv ids that differ.
    """
    wanted = [name for name in ("paper_id", "title", "url", "arxiv_id", "doi") if name in table.columns]
    first = ~table["paper_id"].duplicated().to_numpy()
    papers = table.loc[first, wanted]
    columns = {name: [None if pd.isna(v) else str(v) for v in papers[name].tolist()] for name in wanted}
    nothing = [None] * len(papers)
    arxiv = [
        next(filter(None, map(arxiv_id_of, texts)), None)
        for texts in zip(columns.get("arxiv_id", nothing), columns["paper_id"], columns["url"], strict=True)
    ]
    doi = [
        next(filter(None, map(_doi, texts)), None)
        for texts in zip(columns.get("doi", nothing), columns["paper_id"], columns["url"], strict=True)
    ]
    union = _Union(len(papers))
    union.join(arxiv)
    union.join(doi)
    titles: dict[str, list[int]] = {}
    for index, key in enumerate(map(title_key, columns["title"])):
        if key is not None:
            titles.setdefault(key, []).append(index)
    for same in titles.values():
        if len(same) > 1 and len({arxiv[index] for index in same} - {None}) < 2:
            union.join_all(same)
    of_paper = np.array([union.find(index) for index in range(len(papers))], dtype=np.int64)
    positions, _ = pd.factorize(table["paper_id"])
    return of_paper[positions] if len(of_paper) else of_paper


def _doi(text: str | None) -> str | None:
    return doi_of(text) if text and "10." in text else None


class _Union:
    """Sets of integers that grow together (union-find)."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def find(self, index: int) -> int:
        parent = self._parent
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    def join_all(self, members: Iterable[int]) -> None:
        roots = [self.find(member) for member in members]
        for root in roots:
            self._parent[self.find(root)] = self.find(roots[0])

    def join(self, keys: Iterable[str | None]) -> None:
        seen: dict[str, int] = {}
        for index, key in enumerate(keys):
            if key is not None and seen.setdefault(key, index) != index:
                self.join_all([seen[key], index])
