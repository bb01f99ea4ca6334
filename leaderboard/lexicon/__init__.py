"""The names the package knows: metrics, data sets, tasks and methods, as TOML beside this file.

`load_lexicon()` reads and checks them once; nothing is read at import.
"""

from __future__ import annotations

from functools import cache

from .entries import TYPES, DatasetEntry, Entry, EntryType, MethodEntry, MetricEntry, MetricRange, TaskEntry
from .fold import fold, fold_text
from .lexicon import Lexicon

__all__ = [
    "TYPES",
    "DatasetEntry",
    "Entry",
    "EntryType",
    "Lexicon",
    "MethodEntry",
    "MetricEntry",
    "MetricRange",
    "TaskEntry",
    "fold",
    "fold_text",
    "load_lexicon",
]


@cache
def load_lexicon() -> Lexicon:
    """The lexicon, read on the first call and kept.

    Raises:
        LexiconError: a file of the lexicon is broken; the message names file, entry and field.
    """
    from .reader import read_lexicon  # pydantic and the TOML parser are needed only here

    return read_lexicon()[0]
