"""The data that the extraction reads: cues, metric words, common words, rules, weights."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import orjson


def toml(name: str) -> dict[str, Any]:
    """The content of a TOML file of this folder."""
    return tomllib.loads((files(__package__) / name).read_text(encoding="utf-8"))


def words(name: str) -> frozenset[str]:
    """The lines of a text file of this folder."""
    return frozenset((files(__package__) / name).read_text(encoding="utf-8").split("\n")) - {""}


@cache
def weights() -> dict[str, dict[str, float]]:
    """The fitted weights: for each decision, feature -> weight. Empty before the first fit."""
    path = files(__package__) / "weights.json"
    return orjson.loads(path.read_bytes()) if path.is_file() else {}
