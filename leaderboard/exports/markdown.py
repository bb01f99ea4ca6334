"""Boards as Markdown: tables as GitHub shows them, laid out as NLP-progress does (https://nlpprogress.com)."""

from __future__ import annotations

import re
from typing import IO
from urllib.parse import quote

import pandas as pd

from leaderboard.boards import Board

from .entries import Entry, direction, entries

_SIGNS = re.compile(r"([\\`*_{}\[\]<>|~$])")
_SPACE = re.compile(r"[\s\x00-\x1f\x7f\u2028\u2029]+")


def write_markdown(table: pd.DataFrame, stream: IO[bytes]) -> int:
    """Write each task as a chapter and each board as a section with a table, best first; returns what is left out."""
    boards, left_out = entries(table)
    chapters: dict[str, list[tuple[Board, list[Entry]]]] = {}
    for board, rows in boards:
        chapters.setdefault(board.task or "", []).append((board, rows))
    first = True
    for task, sections in chapters.items():
        if not first:
            stream.write(b"\n")
        first = False
        stream.write(f"## {_text(task[:1].upper() + task[1:]) or 'Task not named'}\n".encode())
        for board, rows in sections:
            stream.write(_section(board, rows).encode())
    return left_out


def _section(board: Board, rows: list[Entry]) -> str:
    name = f"{board.dataset} ({board.split})" if board.split else board.dataset
    said = [board.metric, f"in {board.unit}" if board.unit else "", board.setting or "", direction(board)]
    lines = [
        "",
        f"### {_text(name)}",
        "",
        f"Metric: {_text(', '.join(filter(None, said)))}.",
        "",
        "| Model | Score | Paper / Source | Code |",
        "| --- | ---: | --- | --- |",
    ]
    lines += [f"| {_text(row.method or '—')} | {row.shown_score} | {_source(row)} | |" for row in rows]
    return "\n".join([*lines, ""])


def _source(row: Entry) -> str:
    text = _text(row.shown_title)
    if row.url:
        text = f"[{text}]({quote(row.url, safe=':/?#=&%@+,;~.-_!*$')})"
    return f"{text} ({row.year})" if row.year is not None else text


def _text(text: str) -> str:
    """The text so that Markdown and HTML show it as it is, on one line."""
    return _SIGNS.sub(r"\\\1", _SPACE.sub(" ", text).strip().replace("&", "&amp;"))
