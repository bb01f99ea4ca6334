"""What the exports of boards share: the boards with their entries as plain values, and how a score is shown."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from leaderboard.boards import Board, ranked_table
from leaderboard.papers.identifiers import arxiv_id_of, doi_of, url_of


@dataclass(frozen=True, slots=True)
class Entry:
    """One ranked row of a board, its absent values None."""

    rank: int
    paper_id: str
    title: str | None
    year: int | None
    date: str | None
    url: str | None
    method: str | None
    value: float
    score: float
    error: float | None
    setting: str | None
    authors: str | None
    doi: str | None

    @property
    def shown_score(self) -> str:
        """The score for a person, with its error on the same scale."""
        if self.error is None:
            return number(self.score)
        scale = self.score / self.value if self.value else 1.0
        return f"{number(self.score)} ± {number(self.error * abs(scale))}"

    @property
    def shown_title(self) -> str:
        """What to call the paper."""
        return self.title or self.paper_id


def number(value: float) -> str:
    """The number without the noise of binary fractions and without an exponent where it is short: 73.3, 1200000."""
    text = f"{value:.10g}"
    return f"{value:.0f}" if "e+" in text and abs(value) < 1e15 else text


def entries(table: pd.DataFrame) -> tuple[list[tuple[Board, list[Entry]]], int]:
    """The boards of a table, those of most papers first, with their counted rows; how many rows are not among them."""
    boards, ranked, index = ranked_table(table)
    counted = ranked["rank"].notna().to_numpy(dtype=bool)
    out: list[tuple[Board, list[Entry]]] = [(board, []) for board in boards]
    for entry, board_index in zip(_entries(ranked[counted]), index[counted].tolist(), strict=True):
        out[board_index][1].append(entry)
    return out, len(table) - int(counted.sum())


def _entries(counted: pd.DataFrame) -> Iterator[Entry]:
    wanted = ["rank", "paper_id", "title", "year", "date", "url", "method", "value", "score", "error", "setting"]
    columns = [counted[name].tolist() for name in wanted]
    for name in ("authors", "doi"):
        columns += [counted[name].tolist() if name in counted.columns else [None] * len(counted)]
    for cells in zip(*columns, strict=True):
        rank, paper_id, title, year, date, url, method, value, score, error, setting, authors, doi = map(plain, cells)
        yield Entry(
            rank=rank,
            paper_id=paper_id,
            title=title,
            year=year if year is not None else int(date[:4]) if date else None,
            date=date,
            url=url_of(url) or address_of(paper_id),
            method=method,
            value=value,
            score=score,
            error=error,
            setting=setting,
            authors="; ".join(authors) if isinstance(authors, list) else authors,
            doi=doi_of(doi) or doi_of(paper_id) or doi_of(url),
        )


def plain(value: Any) -> Any:
    """A cell of a table as a plain value; null is None."""
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    return value


def address_of(paper_id: str) -> str | None:
    """The address that an arXiv id or a DOI stands for; None for other ids."""
    arxiv_id = arxiv_id_of(paper_id)
    if arxiv_id:
        return f"https://arxiv.org/abs/{arxiv_id}"
    doi = doi_of(paper_id) if "10." in paper_id else None
    return url_of(paper_id) or (f"https://doi.org/{doi}" if doi else None)


def direction(board: Board) -> str:
    """The board's direction in words."""
    if board.higher_is_better is None:
        return "direction unknown"
    return "higher is better" if board.higher_is_better else "lower is better"


def dataset_label(board: Board) -> str:
    """The data set with its split, and in brackets the setting that tells the board apart."""
    name = f"{board.dataset} {board.split}" if board.split else board.dataset
    return f"{name} ({board.setting})" if board.setting else name
