"""Papers-with-Code tables (https://github.com/paperswithcode/paperswithcode-data, evaluation tables) as results."""

from __future__ import annotations

import gzip
import math
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson

from leaderboard.errors import InputError
from leaderboard.models import Reject, Result
from leaderboard.papers.identifiers import arxiv_id_of, date_of, url_of, year_of, year_of_arxiv_id

OnReject = Callable[[Reject], None]
_NUMBER = re.compile(
    r"\s*(?P<value>[-+\u2212]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:e[-+]?\d+)?)\s*(?P<unit>%?)\s*"
    r"(?:(?:±|\+/-|\\pm)\s*(?P<error>\d*\.?\d+)\s*%?)?\s*(?P<unit_after>[A-Za-z%]{0,8})\s*",
    re.IGNORECASE,
)


def is_pwc(data: object) -> bool:
    """Whether decoded JSON is a list of Papers-with-Code tasks."""
    return (
        isinstance(data, list) and bool(data) and isinstance(data[0], dict) and {"task", "datasets"} <= data[0].keys()
    )


def read_pwc_tables(path: str | Path, on_reject: OnReject | None = None) -> Iterator[Result]:
    """Every cell of the boards in a file of Papers-with-Code tables (JSON, may be packed) as a score.

    `source` is `pwc`; nothing has offsets, since there is no text. `paper_id` is the paper's address, or where the row
    has none, the file's name and the row's number. A cell that is no number goes to `on_reject`.

    Raises:
        InputError: the file cannot be read, or is something else.
    """
    try:
        content = Path(path).read_bytes()
        if content.startswith(b"\x1f\x8b"):
            content = gzip.decompress(content)
        data = orjson.loads(content)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(f"{path}: the packed file is damaged ({error}); fetch or write it anew") from error
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}") from error
    except orjson.JSONDecodeError as error:
        raise InputError(f"{path}: not valid JSON ({error})") from None
    if not is_pwc(data):
        raise InputError(f"{path}: no Papers-with-Code tables; allowed: a list of tasks, each with task and datasets")
    yield from results_of(data, str(path), on_reject)


def results_of(data: list[Any], name: str, on_reject: OnReject | None = None) -> Iterator[Result]:
    """The cells of decoded Papers-with-Code tasks as results; `name` is the file, for ids and rejects."""
    row_number = 0
    for task, dataset, sota in _boards(data):
        rows = [row for row in _list(sota, "rows") if isinstance(row, dict)]
        for row in rows:
            row_number += 1
            base = _paper_of(row, f"{Path(name).name}#{row_number}")
            metrics = row.get("metrics")
            for metric, cell in metrics.items() if isinstance(metrics, dict) else ():
                written = _parse(cell)
                if written is None:
                    if on_reject is not None:
                        where = f"{name}, row {row_number}"
                        message = f"{where}: metric {metric!r} is {cell!r}, which is no number"
                        on_reject(
                            Reject(
                                type="record",
                                file=name,
                                record=row_number,
                                paper_id=base["paper_id"],
                                text=str(cell),
                                reason="no_number",
                                message=message,
                            )
                        )
                    continue
                yield Result(**base, **written, **_named(dataset=dataset, metric=metric, task=task))


def _boards(tasks: list[Any]) -> Iterator[tuple[str | None, str, dict[str, Any]]]:
    """(task, data set, its table) of tasks, their subtasks, data sets and sub-data-sets, in the order of the file."""
    waiting: list[tuple[str | None, dict[str, Any]]] = [
        (None, item) for item in reversed(tasks) if isinstance(item, dict)
    ]
    while waiting:
        task, item = waiting.pop()
        if "task" in item:
            task = _text(item, "task")
            children = [*_list(item, "datasets"), *_list(item, "subtasks")]
        else:
            dataset, sota = _text(item, "dataset"), item.get("sota")
            if dataset is not None and isinstance(sota, dict):
                yield task, dataset, sota
            children = _list(item, "subdatasets")
        waiting += [(task, child) for child in reversed(children) if isinstance(child, dict)]


def _paper_of(row: dict[str, Any], otherwise: str) -> dict[str, Any]:
    """The fields of a result that tell the paper and the method of a row."""
    address, title = _text(row, "paper_url"), _text(row, "paper_title")
    date, arxiv_id = date_of(row.get("paper_date")), arxiv_id_of(address)
    year = year_of(date) if date else year_of_arxiv_id(arxiv_id) if arxiv_id else None
    return {
        "paper_id": address or otherwise,
        "title": None if title == address else title,
        "year": year,
        "date": date,
        "url": url_of(address),
        "kind": "score",
        "setting": "extra training data" if row.get("uses_additional_data") is True else None,
        "rule": "pwc-table",
        "source": "pwc",
        **_named(method=_text(row, "model_name")),
    }


def _named(**names: str | None) -> dict[str, Any]:
    """Each slot with its name and, as its text, the same."""
    return {key: name for slot, name in names.items() for key in (slot, f"{slot}_text")}


def _list(item: dict[str, Any], key: str) -> list[Any]:
    value = item.get(key)
    return value if isinstance(value, list) else []


def _text(item: dict[str, Any], key: str) -> str | None:
    value = item.get(key)
    return value.strip() or None if isinstance(value, str) else None


def _parse(cell: object) -> dict[str, Any] | None:
    """value, value_text, unit and error of a cell: a number, or a text such as "72.857", "93.1%" or "0.25 ± 0.01"."""
    if isinstance(cell, bool) or not isinstance(cell, (int, float, str)):
        return None
    if not isinstance(cell, str):
        return {"value": float(cell), "value_text": repr(cell)} if math.isfinite(cell) else None
    match = _NUMBER.fullmatch(cell)
    if match is None or not any(map(str.isdigit, match["value"])):
        return None
    value = float(match["value"].replace(",", "").replace("\u2212", "-"))
    if not math.isfinite(value):
        return None
    return {
        "value": value,
        "value_text": match["value"],
        "unit": match["unit"] or match["unit_after"] or None,
        "error": float(match["error"]) if match["error"] else None,
    }
