"""The small words around names (splits, generic nouns, averages, languages, units), read from words.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_PATH = Path(__file__).parent / "words.toml"


@dataclass(frozen=True, slots=True)
class Words:
    """Each mapping goes from a form as `plain` gives it to what it stands for."""

    splits: dict[str, str]
    set_nouns: frozenset[str]
    dataset_nouns: frozenset[str]
    method_nouns: frozenset[str]
    metric_nouns: frozenset[str]
    task_nouns: frozenset[str]
    dataset_lead: frozenset[str]
    metric_lead: frozenset[str]
    aggregation: dict[str, str]
    averaging: dict[str, str]
    languages: dict[str, str]
    series: tuple[str, ...]
    units: dict[str, tuple[str, float]]


def plain(text: str) -> str:
    """Lower case, hyphens and underscores as blanks, one blank at a time."""
    return " ".join(text.lower().replace("-", " ").replace("_", " ").split())


def _forms(table: dict[str, list[str]]) -> dict[str, str]:
    return {plain(form): name for name, forms in table.items() for form in forms}


@cache
def load_words() -> Words:
    """The words, read on the first call and kept. A unit's value is its base unit and the factor to it."""
    data = tomllib.loads(_PATH.read_text(encoding="utf-8"))
    generic = {kind: frozenset(map(plain, forms)) for kind, forms in data["generic"].items()}
    units = {unit: (base, float(factor)) for base, factors in data["units"].items() for unit, factor in factors.items()}
    languages: dict[str, str] = data["languages"]
    return Words(
        splits=_forms(data["splits"]),
        set_nouns=generic["set"],
        dataset_nouns=generic["dataset"],
        method_nouns=generic["method"],
        metric_nouns=generic["metric"],
        task_nouns=generic["task"],
        dataset_lead=frozenset(map(plain, data["lead"]["dataset"])),
        metric_lead=frozenset(map(plain, data["lead"]["metric"])),
        aggregation=_forms(data["aggregation"]),
        averaging=_forms(data["averaging"]),
        languages=languages | {name.lower(): name for name in languages.values()},
        series=tuple(data["series"]["names"]),
        units=units,
    )
