"""Short ways to make the records that the tests of the audit compare."""

from __future__ import annotations

from typing import Any

from leaderboard.audit.fixtures import ConfirmedResult, Fixture
from leaderboard.models import Result


def confirmed(value: str, metric: str = "", dataset: str = "", method: str = "", **more: Any) -> ConfirmedResult:
    return ConfirmedResult(
        **{"kind": "score", "value": value, "metric": metric, "dataset": dataset, "method": method, **more}
    )


def fixture(paper_id: str, *results: ConfirmedResult, **more: Any) -> Fixture:
    return Fixture(**{"id": paper_id, "abstract": "A text.", "results": results, **more})


def result(paper_id: str, value: str, metric: str = "", dataset: str = "", method: str = "", **more: Any) -> Result:
    fields: dict[str, Any] = {
        "paper_id": paper_id,
        "kind": "score",
        "value": float(value.replace(",", "")),
        "value_text": value,
        "metric": metric or None,
        "dataset": dataset or None,
        "method": method or None,
        "rule": "some_rule",
    }
    return Result(**(fields | more))
