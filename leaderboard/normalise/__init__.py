"""One name for one thing, and one scale for one metric: what makes results from different abstracts comparable.

Names that the lexicon knows get its canonical name, with the qualifiers of the text in one order and spelling; others
keep the text's own spelling. Scores of metrics bounded by 0 and 1 (or -1 and 1) are given in percent, costs in base
units (seconds, bytes, FLOPs, joules, per second, parameters). Lengths, angles and times that are scores are given in
the metric's usual unit (MPJPE in mm) or else in metres, degrees, seconds, so that 3 mm and 0.3 cm stand on one scale.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from leaderboard.lexicon import Lexicon
from leaderboard.lexicon.words import load_words
from leaderboard.normalise.datasets import DatasetNamer
from leaderboard.normalise.metrics import MetricNamer, NamedMetric
from leaderboard.normalise.text import LONGEST, clean_name

__all__ = ["NamedMetric", "Normaliser", "clean_name"]

_CACHE = 65536
_BRACKETS = re.compile(r"(.+?)\s*\(([^()]+)\)")
_LENGTHS = frozenset({"m", "°", "s"})
_FRAMES = re.compile(r"fps|f/s|frames?[ /](?:per )?s(?:ec(?:onds?)?)?", re.IGNORECASE)
_SPEED = re.compile(
    r"(?:(?:average|detection|inference|mean|processing|real-time|running|runtime|test|tracking) )*"
    r"(?:speed|rate|throughput)"
)


class Normaliser:
    """Canonical names and scores. Pure and memoised: the same text gives the same answer."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._words = load_words()
        self._metric: Callable[[str], NamedMetric] = lru_cache(_CACHE)(MetricNamer(lexicon).name)
        self._dataset: Callable[[str], tuple[str, str | None]] = lru_cache(_CACHE)(DatasetNamer(lexicon).name)
        self._method: Callable[[str], str] = lru_cache(_CACHE)(self._name_method)
        self._task: Callable[[str], str] = lru_cache(_CACHE)(self._name_task)

    def metric(self, text: str, unit: str | None = None) -> NamedMetric:
        """The metric that the text names, with its qualifiers ("macro-averaged F1-score" -> "macro F1").

        A unit of length, angle or time turns an accuracy into an error ("an accuracy of 3 mm": lower is better); a
        speed in frames per second is FPS.
        """
        named = self._metric(text)
        if not unit:
            return named
        base = self._unit(unit)
        if named.cost:
            if _FRAMES.fullmatch(unit) and _SPEED.fullmatch(named.canonical):
                return self._metric("FPS")
        elif base and base[0] in _LENGTHS and named.range != "nonnegative":
            return replace(named, higher_is_better=False, range="nonnegative", unit=None)
        elif unit == "%" and named.canonical == "error":
            return self._metric("error rate")
        return named

    def dataset(self, text: str) -> tuple[str, str | None]:
        """The data set that the text names, and its split ("the ImageNet validation set" -> ImageNet, val)."""
        return self._dataset(text)

    def method(self, text: str) -> str:
        """The method that the text names ("ResNet50 model" -> ResNet-50)."""
        return self._method(text)

    def task(self, text: str) -> str:
        """The task that the text names ("Named Entity Recognition (NER) task" -> named entity recognition)."""
        return self._task(text)

    def score(
        self,
        value: float,
        unit: str | None,
        metric: NamedMetric | None,
        kind: str,
        metric_text: str | None = None,
    ) -> tuple[float | None, tuple[str, ...]]:
        """The value on the metric's own scale, with flags: `scale_unclear`, `out_of_range`. None for gains.

        `value` is the number as written, `unit` as the text means it; `metric_text` names the metric where it has not
        been named yet. Ranges follow the metrics' definitions, as the lexicon gives them.
        """
        if kind == "gain" or not math.isfinite(value):
            return None, ()
        metric = metric or self.metric(metric_text or "", unit)
        if kind == "cost" or metric.cost:
            return self._cost(value, unit, metric)
        return self._quality(value, unit, metric)

    def _quality(self, value: float, unit: str | None, metric: NamedMetric) -> tuple[float, tuple[str, ...]]:
        bounded = metric.range in ("unit", "signed_unit")
        lowest = -100.0 if metric.range == "signed_unit" else -math.inf if metric.range == "any" else 0.0
        flags: list[str] = []
        if not unit:
            if bounded and abs(value) <= 1:
                if abs(value) == 1:
                    flags.append("scale_unclear")  # 1 of 1, or 1 of 100
                value = _times(value, 100)
            elif bounded and 1 < abs(value) < 2:
                flags.append("scale_unclear")
            elif metric.unit == "%" and 0 < abs(value) < 1:
                flags.append("scale_unclear")
                value = _times(value, 100)
        elif unit not in ("%", "points"):
            base = self._unit(unit)
            own = self._unit(metric.unit) if metric.unit else None
            if base and base[0] == "":
                value = _times(value, base[1])
            elif base and own and own[0] == base[0]:
                value, bounded = _times(value, base[1] / own[1]), False
            elif base:
                value, bounded = _times(value, base[1]), False
        if (bounded and value > 100) or value < lowest:
            flags.append("out_of_range")
        return value, tuple(flags)

    def _cost(self, value: float, unit: str | None, metric: NamedMetric) -> tuple[float, tuple[str, ...]]:
        flags: tuple[str, ...] = ("out_of_range",) if value < 0 else ()
        if not unit or unit in ("%", "points", "x"):
            return value, flags
        if unit == "B" and metric.unit == "B":
            return value, flags
        base = self._unit(unit)
        if base is None:
            return value, (*flags, "scale_unclear")
        return _times(value, base[1]), flags

    def _unit(self, unit: str) -> tuple[str, float] | None:
        """The unit's base and its factor; "GPU hours" count as hours."""
        units = self._words.units
        for form in (unit, unit.lower(), unit.split()[-1] if unit.split() else unit, unit.lower().split(" ")[-1]):
            if form in units:
                return units[form]
        return None

    def _name_method(self, text: str) -> str:
        name = clean_name(text)
        while len(name) <= LONGEST:
            if entry := self._lexicon.method(name):
                return entry.name
            match = _BRACKETS.fullmatch(name)
            if match and (entry := self._lexicon.method(match[2]) or self._lexicon.method(match[1])):
                return entry.name
            head, _, last = name.rpartition(" ")
            if head.lower().startswith("the "):
                head = head[4:]
            if not head or last.lower() not in self._words.method_nouns or self._lexicon.method(head) is None:
                return name
            name = head
        return name

    def _name_task(self, text: str) -> str:
        name = clean_name(text)
        while len(name) <= LONGEST:
            if entry := self._lexicon.task(name) or (self._lexicon.task(name[:-1]) if name.endswith("s") else None):
                return entry.name
            match = _BRACKETS.fullmatch(name)
            if match and (entry := self._lexicon.task(match[1]) or self._lexicon.task(match[2])):
                return entry.name
            head, _, last = name.rpartition(" ")
            if head and last.lower() in self._words.task_nouns:
                name = head
            elif name[:4].lower() == "the " and len(name) > 4:
                name = name[4:]
            else:
                return name
        return name


def _times(value: float, factor: float) -> float:
    """The product without the noise of binary fractions: 0.733 times 100 is 73.3."""
    return float(f"{value * factor:.12g}")
