"""What the tests of the dashboard share: a page run by AppTest on files, and a few results to show."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from leaderboard.dashboard.launch import MAIN
from leaderboard.models import Result

SENTENCE = "Our {method} reaches {value} {metric} on {dataset}."


def result(
    method: str, value: str, *, metric: str = "accuracy", dataset: str = "Pets", year: int | None = 2020, **more: Any
) -> Result:
    """A result whose sentence is the whole abstract of a paper named after the method."""
    sentence = SENTENCE.format(method=method, value=value, metric=metric, dataset=dataset)
    spans: dict[str, Any] = {}
    for slot, name in (("method", method), ("metric", metric), ("dataset", dataset)):
        at = sentence.index(name)
        spans |= {f"{slot}_field": "abstract", f"{slot}_start": at, f"{slot}_end": at + len(name), f"{slot}_text": name}
    at = sentence.index(value)
    fields: dict[str, Any] = {
        "paper_id": f"paper-{method}",
        "title": f"{method}: a way to tell pets apart",
        "year": year,
        "url": f"https://example.org/{method}",
        "kind": "score",
        "method": method,
        "dataset": dataset,
        "metric": metric,
        "value": float(value),
        "value_text": value,
        "score": float(value),
        "higher_is_better": True,
        "field": "abstract",
        "start": at,
        "end": at + len(value),
        "sentence": sentence,
        "rule": "metric_value",
        "confidence": 0.9,
    }
    return Result(**{**fields, **spans, **more})


RESULTS = [
    result("Alpha", "81.5", year=2018, venue="ACL", confidence=0.4),
    result("Beta", "84.0", year=2019, venue="CVPR"),
    result("Gamma", "83.0", year=2020, venue="CVPR", own=False),
    result("Delta", "88.25", year=2021, confidence=0.7),
    result("Epsilon", "88.25", year=2022, error=0.5),
    result("Alpha", "12.5", metric="error rate", year=2018, higher_is_better=False),
    result("Beta", "9.5", metric="error rate", year=2019, higher_is_better=False),
    result("Alpha", "61.0", dataset="Flowers", year=2018),
    result("Beta", "60.0", dataset="Flowers", year=2019),
]


def write(path: Path, results: list[Result]) -> Path:
    """A file of results."""
    from leaderboard.table import write_results

    write_results(results, path)
    return path


def open_page(monkeypatch: pytest.MonkeyPatch, page: str, *files: Path | str, **parameters: str | list[str]) -> AppTest:
    """A page of the dashboard on these files, run once, without an exception."""
    monkeypatch.setattr(sys, "argv", ["main.py", *map(str, files)])
    app = AppTest.from_file(str(MAIN), default_timeout=30)
    app.switch_page(f"views/{page}.py")
    for name, value in parameters.items():
        app.query_params[name] = value
    return run(app)


def run(app: AppTest) -> AppTest:
    """Run the page again; an exception fails the test."""
    app.run()
    assert not app.exception, app.exception[0].message
    return app


def html_of(app: AppTest) -> str:
    """All HTML of a page."""
    return "\n".join(str(element.proto.body) for element in app.get("html"))
