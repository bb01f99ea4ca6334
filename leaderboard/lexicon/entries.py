"""The entries of the lexicon, frozen: what the package knows of a metric, a data set, a task, a method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

EntryType = Literal["metric", "dataset", "task", "method"]
MetricRange = Literal["unit", "signed_unit", "nonnegative", "any"]


@dataclass(frozen=True, slots=True)
class MetricEntry:
    """A metric: its direction, the range of its values, its usual unit, and whether it is a cost (speed, memory, ...).

    `range` is `unit` for 0 to 1 (or 0 to 100 %), `signed_unit` for -1 to 1, `nonnegative` for 0 upwards, `any`.
    `higher_is_better` is None where it depends on the use. `ambiguous` says that the name also stands for other things,
    so that the context has to decide.
    """

    type: ClassVar[EntryType] = "metric"
    name: str
    aliases: tuple[str, ...] = ()
    higher_is_better: bool | None = None
    range: MetricRange = "any"
    unit: str | None = None
    cost: bool = False
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class DatasetEntry:
    """A data set or benchmark: the task it is mostly used for, the year of its release, the names of its own splits."""

    type: ClassVar[EntryType] = "dataset"
    name: str
    aliases: tuple[str, ...] = ()
    task: str | None = None
    year: int | None = None
    splits: tuple[str, ...] = ()
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class TaskEntry:
    """A task, with the metric it is usually judged by."""

    type: ClassVar[EntryType] = "task"
    name: str
    aliases: tuple[str, ...] = ()
    metric: str | None = None
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class MethodEntry:
    """A well-known system or model."""

    type: ClassVar[EntryType] = "method"
    name: str
    aliases: tuple[str, ...] = ()
    ambiguous: bool = False


Entry = MetricEntry | DatasetEntry | TaskEntry | MethodEntry
TYPES: tuple[EntryType, ...] = ("metric", "dataset", "task", "method")
