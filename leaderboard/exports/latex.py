"""Boards as LaTeX tables with booktabs; the keys cited are those of the BibTeX export."""

from __future__ import annotations

from typing import IO

import pandas as pd

from leaderboard.boards import Board

from .bibtex import citation_keys
from .entries import Entry, dataset_label, direction, entries
from .tex import tex


def write_latex(table: pd.DataFrame, stream: IO[bytes]) -> int:
    """Write one table for each board, best first; returns how many results are left out."""
    boards, left_out = entries(table)
    keys = citation_keys(table)
    stream.write(b"% needs \\usepackage{booktabs}; the references are those of `leaderboard export --to bibtex`\n")
    for board, rows in boards:
        stream.write(_table(board, rows, keys).encode())
    return left_out


def _table(board: Board, rows: list[Entry], keys: dict[str, str]) -> str:
    unit = f" [{tex(board.unit)}]" if board.unit else ""
    task = f"{tex(board.task)} on " if board.task else ""
    caption = f"{task}{tex(dataset_label(board))}: {tex(board.metric)}{unit}, {direction(board)}."
    lines = [
        "",
        r"\begin{table}",
        r"  \centering",
        rf"  \caption{{{caption[:1].upper()}{caption[1:]}}}",
        rf"  \label{{tab:{_label(board.key)}}}",
        r"  \begin{tabular}{rlrlr}",
        r"    \toprule",
        rf"    Rank & Method & {tex(board.metric)}{unit} & Paper & Year \\",
        r"    \midrule",
    ]
    for row in rows:
        cite = rf"\cite{{{keys[row.paper_id]}}}"
        cells = [str(row.rank), tex(row.method or "—"), tex(row.shown_score), cite, str(row.year or "")]
        lines.append(f"    {' & '.join(cells)} \\\\")
    return "\n".join([*lines, r"    \bottomrule", r"  \end{tabular}", r"\end{table}", ""])


def _label(key: str) -> str:
    return "".join(char if char.isalnum() else "-" for char in key)
