"""The data that the extraction reads: cues, word classes, metric words, common words, units, rules, weights."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
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
def counts(name: str) -> dict[str, int]:
    """A table of this folder: on each line a text, a tab, a count."""
    lines = (files(__package__) / name).read_text(encoding="utf-8").splitlines()
    return {text: int(count) for text, _, count in (line.partition("\t") for line in lines)}


@dataclass(frozen=True, slots=True)
class Grammar:
    """The word classes of grammar.toml, which says what each of them is for."""

    dataset_nouns: frozenset[str]
    set_nouns: frozenset[str]
    part_nouns: frozenset[str]
    method_nouns: frozenset[str]
    subject_verbs: frozenset[str]
    before_verb: frozenset[str]
    object_words: frozenset[str]
    name_openers: frozenset[str]
    dataset_introducers: frozenset[str]
    after_ellipsis: frozenset[str]
    introducers: frozenset[str]
    name_fillers: frozenset[str]
    title_partings: frozenset[str]
    title_openers: frozenset[str]
    own_subjects: frozenset[str]
    naming_fillers: frozenset[str]
    introduction_barriers: frozenset[str]
    comparing_words: frozenset[str]
    training_words: frozenset[str]
    propose_loosely: frozenset[str]
    observer_titles: frozenset[str]
    term_stops: frozenset[str]
    improved: frozenset[str]
    worsened: frozenset[str]
    increased: frozenset[str]
    decreased: frozenset[str]
    setting_words: frozenset[str]
    position_words: frozenset[str]
    phrase_stops: frozenset[str]
    generic_heads: frozenset[str]
    amount_words: frozenset[str]
    crossed_words: frozenset[str]
    list_words: frozenset[str]


@cache
def grammar() -> Grammar:
    """The word classes, read at their first use."""
    classes = toml("grammar.toml")
    return Grammar(**{field.name: frozenset(classes[field.name]) for field in fields(Grammar)})


@cache
def weights() -> dict[str, dict[str, float]]:
    """The fitted weights: for each decision, feature -> weight. Empty before the first fit."""
    path = files(__package__) / "weights.json"
    return orjson.loads(path.read_bytes()) if path.is_file() else {}
