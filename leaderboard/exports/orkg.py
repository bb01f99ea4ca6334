"""Boards as the CSV file that the Open Research Knowledge Graph imports (https://orkg.org), a row a contribution."""

from __future__ import annotations

import csv
import io
from typing import IO

import pandas as pd

from .entries import entries, number

COLUMNS = (
    "paper:title", "paper:authors", "paper:publication_year", "paper:doi", "paper:research_field",
    "contribution:research_problem", "Method", "Dataset", "Split", "Metric", "Score", "Unit", "Setting", "url",
)  # fmt: skip


def write_orkg_csv(table: pd.DataFrame, stream: IO[bytes]) -> int:
    """Write one contribution for each counted result; returns how many results are left out.

    The research field is left empty: it is one of ORKG's own list, which the importer asks for.
    """
    boards, left_out = entries(table)
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for board, rows in boards:
        for row in rows:
            paper = [row.shown_title, row.authors, row.year, row.doi, None, board.task]
            result = [row.method, board.dataset, board.split, board.metric, number(row.score), board.unit, row.setting]
            writer.writerow([*paper, *result, row.url])
    text.detach()
    return left_out
