"""Boards as Papers-with-Code tables, the form in which its archive was published."""

from __future__ import annotations

from typing import IO, Any

import orjson
import pandas as pd

from .entries import Entry, dataset_label, entries


def write_pwc_json(table: pd.DataFrame, stream: IO[bytes]) -> int:
    """Write a list of tasks with their data sets and tables; returns how many results are left out.

    The form has no place for split and setting: they stand behind the name of the data set ("COCO test-dev (5-shot)"),
    as on the archive's own boards. Values are on the board's scale. A task that no result names is "".
    """
    boards, left_out = entries(table)
    tasks: dict[str, dict[str, dict[str, Any]]] = {}
    rows_of: dict[tuple[str, str], dict[tuple[Any, ...], dict[str, Any]]] = {}
    for board, rows in boards:
        task, name = board.task or "", dataset_label(board)
        sota = tasks.setdefault(task, {}).setdefault(name, {"metrics": [], "rows": []})
        metric = _free_name(board.metric, sota["metrics"])
        sota["metrics"].append(metric)
        known = rows_of.setdefault((task, name), {})
        for row in rows:
            _add(sota["rows"], known, row, metric)
    out = [_task(task, datasets) for task, datasets in tasks.items()]
    stream.write(orjson.dumps(out, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    return left_out


def _free_name(metric: str, taken: list[str]) -> str:
    """The metric's name; where a score and a cost share it, the second gets a number."""
    name, count = metric, 2
    while name in taken:
        name, count = f"{metric} ({count})", count + 1
    return name


def _add(rows: list[dict[str, Any]], known: dict[tuple[Any, ...], dict[str, Any]], row: Entry, metric: str) -> None:
    """Put a value into the row of its method and paper; a second value of one metric gets a row of its own."""
    which = 0
    while True:
        key = (row.method, row.paper_id, row.setting, which)
        if key not in known:
            known[key] = _row(row)
            rows.append(known[key])
        if metric not in known[key]["metrics"]:
            known[key]["metrics"][metric] = row.score
            return
        which += 1


def _row(row: Entry) -> dict[str, Any]:
    return {
        "model_name": row.method or "",
        "paper_title": row.title or "",
        "paper_url": row.url or "",
        "paper_date": row.date,
        "code_links": [],
        "model_links": [],
        "metrics": {},
        "uses_additional_data": "extra training data" in (row.setting or ""),
    }


def _task(task: str, datasets: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        "task": task,
        "description": "",
        "categories": [],
        "synonyms": [],
        "subtasks": [],
        "source_link": None,
        "datasets": [
            {
                "dataset": name,
                "description": "",
                "dataset_links": [],
                "dataset_citations": [],
                "subdatasets": [],
                "sota": sota,
            }
            for name, sota in datasets.items()
        ],
    }
