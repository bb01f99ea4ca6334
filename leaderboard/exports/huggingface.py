"""Boards in Hugging Face's two forms for evaluation results, as YAML.

The forms are those of huggingface_hub's `EvalResultEntry` (files in `.eval_results/`) and `EvalResult` (`model-index`
in a model card's front matter). Neither has a place for everything: data sets and tasks are named by this package's
canonical names, since no table knows their identifiers on the Hub, and what is left goes into notes and names.
"""

from __future__ import annotations

import re
import unicodedata
from typing import IO, Any

import pandas as pd
import yaml

from leaderboard.boards import Board

from .entries import Entry, entries


def write_eval_results(table: pd.DataFrame, stream: IO[bytes]) -> int:
    """Write a list of evaluation results; returns how many results are left out.

    `task_id` names metric, split and setting, `notes` says them in words, with the method that the value belongs to.
    """
    boards, left_out = entries(table)
    items = [_eval_result(board, row) for board, rows in boards for row in rows]
    _dump(items, stream)
    return left_out


def _eval_result(board: Board, row: Entry) -> dict[str, Any]:
    parts = [board.metric, board.split, board.setting]
    item: dict[str, Any] = {
        "dataset": {"id": slug(board.dataset), "task_id": "_".join(slug(part) for part in parts if part)},
        "value": _value(row),
    }
    if row.date:
        item["date"] = row.date
    if row.url:
        item["source"] = {"url": row.url, "name": row.shown_title}
    said = [row.method, board.metric, board.split, row.setting, board.unit and f"in {board.unit}"]
    return item | {"notes": ", ".join(filter(None, said))}


def write_model_index(table: pd.DataFrame, stream: IO[bytes]) -> int:
    """Write the front matter of a model card with one model for each method; returns how many results are left out.

    Results whose method has no name belong to no model and are left out.
    """
    boards, left_out = entries(table)
    models: dict[str, dict[tuple[Any, ...], dict[str, Any]]] = {}
    for board, rows in boards:
        for row in rows:
            if row.method is None:
                left_out += 1
                continue
            results = models.setdefault(row.method, {})
            key = (board.task, board.dataset, board.split, row.paper_id)
            results.setdefault(key, _model_result(board, row))["metrics"].append(_metric(board, row))
    index = [{"name": name, "results": list(results.values())} for name, results in models.items()]
    stream.write(b"---\n")
    _dump({"model-index": index}, stream)
    stream.write(b"---\n")
    return left_out


def _model_result(board: Board, row: Entry) -> dict[str, Any]:
    task = {"type": slug(board.task), "name": board.task} if board.task else {"type": "other"}
    dataset = {"type": slug(board.dataset), "name": board.dataset}
    if board.split:
        dataset["split"] = board.split
    out: dict[str, Any] = {"task": task, "dataset": dataset, "metrics": []}
    if row.url:
        out["source"] = {"name": row.shown_title, "url": row.url}
    return out


def _metric(board: Board, row: Entry) -> dict[str, Any]:
    name = f"{board.metric} ({row.setting})" if row.setting else board.metric
    return {"type": slug(board.metric), "value": _value(row), "name": name}


def _value(row: Entry) -> float:
    return float(f"{row.score:.12g}")


def slug(name: str) -> str:
    """The name as an identifier: lower case, words joined by hyphens."""
    text = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[^\w.+@]+", "-", text).strip("-.") or "unnamed"


def _dump(data: Any, stream: IO[bytes]) -> None:
    text: str = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=10**9)
    stream.write(text.encode())
