"""The records that flow through the package, frozen: Paper in, Mention, Result and Reject out.

Their fields are public (people script against them); pydantic validates them where they are read from files, while the
extraction itself builds them directly.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

Field = Literal["title", "abstract"]
Kind = Literal["score", "gain", "cost"]
MentionType = Literal["value", "metric", "dataset", "task", "method"]
SLOTS: tuple[str, ...] = ("method", "dataset", "metric", "task", "baseline")


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper as read: an id, a title, an abstract, and what is known of where it appeared."""

    paper_id: str
    title: str = ""
    abstract: str = ""
    year: int | None = None
    date: str | None = None  # YYYY-MM-DD
    venue: str | None = None
    authors: tuple[str, ...] = ()
    url: str | None = None
    doi: str | None = None
    arxiv_id: str | None = None  # without version


@dataclass(frozen=True, slots=True)
class Mention:
    """A span of a paper's text that names something. Offsets are half-open, into the field as given."""

    paper_id: str
    field: Field
    start: int
    end: int
    text: str
    type: MentionType
    canonical: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One reported number with its slots: a row of the table.

    `value` is the number as written, `score` the same on the metric's own scale (percent for metrics bounded by 0 and
    1, base units for costs, None for gains). Every `*_start`/`*_end` is a half-open offset into the field named by
    `*_field`, as the text was given.
    """

    paper_id: str
    title: str | None = None
    year: int | None = None
    date: str | None = None
    venue: str | None = None
    url: str | None = None
    kind: Kind
    method: str | None = None
    dataset: str | None = None
    metric: str | None = None
    task: str | None = None
    baseline: str | None = None
    method_text: str | None = None
    dataset_text: str | None = None
    metric_text: str | None = None
    task_text: str | None = None
    baseline_text: str | None = None
    split: str | None = None
    value: float
    value_text: str
    unit: str | None = None
    error: float | None = None
    qualifier: str | None = None
    change: Literal["difference", "relative", "factor", "share"] | None = None
    improves: bool | None = None
    score: float | None = None
    higher_is_better: bool | None = None
    setting: str | None = None
    own: bool = True
    field: Field | None = None
    start: int | None = None
    end: int | None = None
    method_field: Field | None = None
    method_start: int | None = None
    method_end: int | None = None
    dataset_field: Field | None = None
    dataset_start: int | None = None
    dataset_end: int | None = None
    metric_field: Field | None = None
    metric_start: int | None = None
    metric_end: int | None = None
    task_field: Field | None = None
    task_start: int | None = None
    task_end: int | None = None
    baseline_field: Field | None = None
    baseline_start: int | None = None
    baseline_end: int | None = None
    sentence: str | None = None
    rule: str = ""
    confidence: float | None = None
    source: str = "text"
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """Something that was turned down, so that nothing is lost silently.

    `type` is `record` (a record that could not be read: no offsets) or `number` (a number of a text that is no result).
    """

    type: Literal["record", "number"]
    file: str | None = None
    record: int | None = None
    paper_id: str | None = None
    field: Field | None = None
    start: int | None = None
    end: int | None = None
    text: str | None = None
    reason: str
    message: str


RESULT_COLUMNS: tuple[str, ...] = tuple(f.name for f in fields(Result))
PAPER_COLUMNS: tuple[str, ...] = tuple(f.name for f in fields(Paper))
MENTION_COLUMNS: tuple[str, ...] = tuple(f.name for f in fields(Mention))
REJECT_COLUMNS: tuple[str, ...] = tuple(f.name for f in fields(Reject))
