"""Papers-with-Code tables (https://github.com/paperswithcode/paperswithcode-data, evaluation tables) as results.

These tables hold neither direction nor unit nor split: names are normalised by the lexicon, which knows them.
"""

from __future__ import annotations

import gzip
import math
import re
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import orjson

from leaderboard.errors import InputError
from leaderboard.models import Reject, Result
from leaderboard.papers.identifiers import arxiv_id_of, date_of, url_of, year_of, year_of_arxiv_id

if TYPE_CHECKING:
    from leaderboard.normalise import Normaliser

OnReject = Callable[[Reject], None]
_NUMBER = re.compile(
    r"\s*(?P<value>[-+\u2212]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:e[-+]?\d+)?)\s*(?P<unit>%?)\s*"
    r"(?:(?:±|\+/-|\\pm)\s*(?P<error>\d*\.?\d+)\s*%?)?\s*(?P<unit_after>[A-Za-z%]{0,8})\s*",
    re.IGNORECASE | re.ASCII,
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
        cells = [_cells(row) for row in rows]
        percent = _percent_metrics(cells)
        for row, its_cells in zip(rows, cells, strict=True):
            row_number += 1
            base = _paper_of(row, f"{Path(name).name}#{row_number}") | _board_of(task, dataset, row)
            for metric, cell in its_cells.items():
                written = _parse(cell)
                if written is not None:
                    yield Result(**base | _measured(metric, written, metric in percent, base["split"]))
                elif on_reject is not None:
                    on_reject(_reject(name, row_number, base["paper_id"], metric, cell))


def _cells(row: dict[str, Any]) -> dict[str, object]:
    cells = row.get("metrics")
    return cells if isinstance(cells, dict) else {}


def _percent_metrics(rows: list[dict[str, object]]) -> frozenset[str]:
    """The metrics whose column goes beyond 1: there 0.9 is 0.9%, elsewhere it is a fraction."""
    out = set()
    for cells in rows:
        for metric, cell in cells.items():
            written = _parse(cell)
            if written is not None and abs(written["value"]) > 1:
                out.add(metric)
    return frozenset(out)


def _measured(metric: str, written: dict[str, Any], percent: bool, split: str | None) -> dict[str, Any]:
    """The fields that tell metric and number."""
    normaliser = _normaliser()
    unit = written["unit"]
    named = normaliser.metric(metric, unit)
    kind: Literal["score", "cost"] = "cost" if named.cost else "score"
    bounded = named.range in ("unit", "signed_unit")
    score, flags = normaliser.score(written["value"], unit or ("%" if percent and bounded else None), named, kind)
    return {
        **written,
        "kind": kind,
        "metric": named.canonical,
        "metric_text": metric,
        "split": split or named.split,
        "score": score,
        "higher_is_better": named.higher_is_better,
        "flags": flags,
    }


def _board_of(task: str | None, dataset: str, row: dict[str, Any]) -> dict[str, Any]:
    """The fields that tell task, data set, split and setting; a setting may stand in brackets behind the data set."""
    from leaderboard.boards.names import board_setting

    normaliser = _normaliser()
    bracket = re.fullmatch(r"(.+?)\s*\(([^()]*)\)", dataset)
    setting = bracket[2] if bracket and board_setting(bracket[2]) else None
    canonical, split = normaliser.dataset(bracket[1] if bracket and setting else dataset)
    further = "extra training data" if row.get("uses_additional_data") is True else None
    return {
        "dataset": canonical,
        "dataset_text": dataset,
        "split": split,
        "task": normaliser.task(task) if task else None,
        "task_text": task,
        "setting": "; ".join(filter(None, [setting, further])) or None,
    }


def _reject(name: str, row_number: int, paper_id: str, metric: str, cell: object) -> Reject:
    return Reject(
        type="record",
        file=name,
        record=row_number,
        paper_id=paper_id,
        text=str(cell),
        reason="no_number",
        message=f"{name}, row {row_number}: metric {metric!r} is {cell!r}, which is no number",
    )


def _method(model: str) -> str:
    """The model's canonical name if the lexicon has just that name: what stands behind it ("… (ensemble)") matters."""
    from leaderboard.boards.names import fold_name
    from leaderboard.lexicon import load_lexicon

    known = load_lexicon().method(model)
    if known and fold_name(model) in map(fold_name, (known.name, *known.aliases)):
        return known.name
    return model


@cache
def _normaliser() -> Normaliser:
    from leaderboard.lexicon import load_lexicon
    from leaderboard.normalise import Normaliser

    return Normaliser(load_lexicon())


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
    address, title, model = (_text(row, key) for key in ("paper_url", "paper_title", "model_name"))
    date, arxiv_id = date_of(row.get("paper_date")), arxiv_id_of(address)
    year = year_of(date) if date else year_of_arxiv_id(arxiv_id) if arxiv_id else None
    return {
        "paper_id": address or otherwise,
        "title": None if title == address else title,
        "year": year,
        "date": date,
        "url": url_of(address),
        "method": _method(model) if model else None,
        "method_text": model,
        "rule": "pwc-table",
        "source": "pwc",
    }


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
        number = {"value": float(cell), "value_text": repr(cell), "unit": None, "error": None}
        return number if math.isfinite(cell) else None
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
