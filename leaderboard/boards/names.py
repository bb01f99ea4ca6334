"""How boards compare names and settings, and what a board is called in a link."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from urllib.parse import quote, unquote

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leaderboard.lexicon.words import load_words, plain

Codes = NDArray[np.int64]

_GAP = re.compile(r"[\s_\-\u2010-\u2015\u2212]+")
_PLURAL = re.compile(r"(?<=[a-z]{3})s\b")
_NUMBERS = {
    "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "eight": "8", "ten": "10",
}  # fmt: skip
# What makes numbers incomparable, and nothing else: shots (with the ways of few-shot classification), how many labels
# were used, and training on another data set than the one tested on.
_SHOTS = re.compile(rf"(?<![\w.])(\d+|{'|'.join(_NUMBERS)}|few|many|k|n)[\s-]*shots?\b")
_WAYS = re.compile(rf"(?<![\w.])(\d+|{'|'.join(_NUMBERS)})[\s-]*ways?\b")
_SHARE = re.compile(
    r"(?<![\w.])(\d+(?:\.\d+)?)\s*(?:%|percent)\s*(?:of\s+)?(?:the\s+|its\s+|all\s+)?"
    r"(?:(?:image|training|train|human)?\s*(?:label|labels|labeled|labelled|annotated|annotation|annotations|supervision|"
    r"data|set|examples|samples)\b)"
)
_LABELS = re.compile(
    r"(?<![\w.])(\d[\d,]*)\s*(?:labels?|label(?:l)?ed\s+(?:examples?|samples?|images?|data))\b(\s+(?:per|a|each)\s+class)?"
)
_TRANSFER = re.compile(
    r"\b(?:(?:pre-?)?trained (?:only )?(?:on|with)|trained from|transfer(?:red)? (?:from|to)|fine-?tuned on|"
    r"adapted from|source:)\s+[^;,]+"
)
_TRANSFER_WORD = re.compile(r"\b(?:cross|out[- ]of)[- ](?:data[- ]?set|domain|corpus)\b|\btransfer\b")


@lru_cache(1 << 17)
def fold_name(name: str) -> str:
    """The name without case, blanks and hyphens, in which `CIFAR-10`, `cifar 10` and `CIFAR10` are one.

    A gap between two digits stays a gap ("task 1 1" is not "task 11"); other signs stay too ("chrF++" is not "chrF").
    """
    text = unicodedata.normalize("NFKC", name).casefold().strip()
    return _GAP.sub(lambda gap: "-" if text[gap.start() - 1].isdigit() and text[gap.end()].isdigit() else "", text)


@lru_cache(1 << 12)
def fold_split(split: str) -> str:
    """The split's usual name: `validation`, `Val` and `valid` are `val`, `Test Clean` is `test-clean`."""
    return load_words().splits.get(plain(split), "-".join(split.casefold().replace("_", " ").replace("-", " ").split()))


@lru_cache(1 << 14)
def board_setting(setting: str | None) -> str | None:
    """What of a result's setting tells boards apart: `5-way 1-shot`, `zero-shot`, `1% labels`, `trained on GTA5`.

    None if nothing does; model size, ensembling, number of crops and the like do not.
    """
    if not setting:
        return None
    text = " ".join(unicodedata.normalize("NFKC", setting).casefold().split())
    parts = [f"{_NUMBERS.get(ways[1], ways[1])}-way" for ways in _WAYS.finditer(text)]
    shots = [_NUMBERS.get(match[1], match[1]) for match in _SHOTS.finditer(text)]
    parts += ["zero-shot" if count == "0" else f"{count}-shot" for count in shots]
    parts += [f"{float(share[1]):g}% labels" for share in _SHARE.finditer(text)]
    parts += [f"{n[1].replace(',', '')} labels{' per class' if n[2] else ''}" for n in _LABELS.finditer(text)]
    transfers = [match[0].strip() for match in _TRANSFER.finditer(text)]
    transfers = transfers or [match[0] for match in _TRANSFER_WORD.finditer(text)]
    parts += [part.replace("-", " ") if part.startswith("cross") else part for part in transfers]
    return " ".join(dict.fromkeys(parts)) or None


def task_words(task: str) -> frozenset[str]:
    """The words of a task's name, for telling whether one name only says more than another."""
    return frozenset(_PLURAL.sub("", word) for word in re.findall(r"\w+", task.casefold()))


def nested(one: str, other: str) -> bool:
    """Whether one task's name has all the words of the other ("classification", "image classification")."""
    a, b = task_words(one), task_words(other)
    return bool(a and b) and (a <= b or b <= a)


def board_key(
    kind: str,
    dataset: str,
    metric: str,
    split: str | None = None,
    setting: str | None = None,
    task: str | None = None,
) -> str:
    """The key of a board: the same for the same board in every table, in ASCII, fit for a link.

    `task` is only given where boards are told apart by it. An example: `imagenet/top1accuracy/val`.
    """
    parts = [fold_name(dataset), fold_name(metric), fold_split(split) if split else "", setting or ""]
    parts.append(fold_name(task) if task else "")
    key = "/".join(map(_quoted, parts)).rstrip("/")
    return f"{kind}:{key}" if kind != "score" else key


def parse_key(key: str) -> tuple[str, str, str]:
    """Kind, folded data set and folded metric of a board's key, which may be any text."""
    kind, colon, rest = key.partition(":")
    parts = [unquote(part) for part in (rest if colon else key).split("/")]
    return kind if colon else "score", parts[0], parts[1] if len(parts) > 1 else ""


@lru_cache(1 << 16)
def _quoted(part: str) -> str:
    return quote(part, safe="@+.,()=")


def codes_of(names: Iterable[str | None]) -> Codes:
    """Small integers that are equal where the names are; -1 for null."""
    codes, _ = pd.factorize(pd.Series(list(names), dtype=object), use_na_sentinel=True)
    return codes.astype(np.int64)


def combine(*codes: Codes) -> Codes:
    """One integer for each combination of codes, numbered in the order of first appearance."""
    out = codes[0]
    for more in codes[1:]:
        out = pd.factorize(out * (int(more.max(initial=-1)) + 2) + more + 1)[0].astype(np.int64)
    return pd.factorize(out)[0].astype(np.int64)


def nearest(name: str, known: Sequence[str], count: int = 5) -> list[str]:
    """The known names most like `name`, best first; those that contain it, or that it contains, come before others."""
    import difflib

    wanted = fold_name(name)
    folded = {fold_name(other): other for other in reversed(known)}
    inside = [key for key in folded if wanted and (wanted in key or (len(key) > 2 and key in wanted))]
    inside.sort(key=lambda key: (abs(len(key) - len(wanted)), key))
    like = difflib.get_close_matches(wanted, folded, n=count, cutoff=0.6)
    return [folded[key] for key in dict.fromkeys([*inside[:count], *like])][:count]
