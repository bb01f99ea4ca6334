"""What a page for reviewing needs, without anything of the page: where reviews stand, names and numbers to offer."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from leaderboard.audit.reviews import reviews_path
from leaderboard.models import Mention, Paper, Result

ENVIRONMENT = "LEADERBOARD_REVIEWS"
Slot = Literal["metric", "dataset", "method", "task", "baseline"]
_TYPE_OF = {"metric": "metric", "dataset": "dataset", "method": "method", "task": "task", "baseline": "method"}
_NUMBER = re.compile(r"(?<![\w.,])(?<!\w-)[-+\u2212]?\d+(?:,\d{3})*(?:\.\d+)?(?:e[-+]?\d+)?(?![\w]*\d)", re.IGNORECASE)
_AROUND = 40  # characters shown on each side of a number that is offered


@dataclass(frozen=True, slots=True)
class NumberSpan:
    """A number of a text, half-open, with the text around it; `taken` where a result is made of it already."""

    field: Literal["title", "abstract"]
    start: int
    end: int
    text: str
    context: str
    taken: bool


def default_reviews_path(inputs: Sequence[str]) -> Path:
    """The file of reviews for what a dashboard was started with.

    The environment variable LEADERBOARD_REVIEWS names it; else it stands beside the first input, or, for the bundled
    example, as `example.reviews.sqlite` in the folder one is in.
    """
    named = os.environ.get(ENVIRONMENT)
    if named:
        return Path(named)
    if not inputs:
        return Path("example.reviews.sqlite")
    first = Path(inputs[0])
    if first.is_dir():
        return first / f"{first.resolve().name or 'papers'}.reviews.sqlite"
    if not first.exists() and (found := sorted(glob.glob(inputs[0], recursive=True))):  # noqa: PTH207 - may be absolute
        first = Path(found[0])
    return reviews_path(first)


def suggestions(
    slot: Slot, result: Result | None, mentions: Iterable[Mention], *, near: int | None = None
) -> list[str]:
    """Names to offer for a slot: the one that stands there, then those that the text holds, then canonical ones.

    Names of the lexicon come in where a mention has one; which mention is nearest to the number comes first. `near` is
    where the number stands if there is no result yet.
    """
    offered: list[str] = []
    if result is not None:
        offered += [getattr(result, slot) or "", getattr(result, f"{slot}_text") or ""]
    place = result.start if result is not None and result.start is not None else near or 0
    fitting = sorted((m for m in mentions if m.type == _TYPE_OF[slot]), key=lambda m: (abs(m.start - place), m.start))
    offered += [mention.text for mention in fitting]
    offered += [mention.canonical for mention in fitting if mention.canonical]
    return [name for name in dict.fromkeys(" ".join(name.split()) for name in offered) if name]


def numbers_of(paper: Paper, results: Iterable[Result]) -> list[NumberSpan]:
    """All numbers of a paper's text in their order, those first of which no result is made yet."""
    spans = [(r.field, r.start, r.end) for r in results if r.start is not None and r.end is not None]
    found = []
    for field, text in (("title", paper.title), ("abstract", paper.abstract)):
        for number in _NUMBER.finditer(text):
            start, end = number.span()
            taken = any(f == field and start < (e or 0) and (s or 0) < end for f, s, e in spans)
            around = text[max(0, start - _AROUND) : start] + f"[{number[0]}]" + text[end : end + _AROUND]
            context = " ".join(around.split())
            found.append(NumberSpan("title" if field == "title" else "abstract", start, end, number[0], context, taken))
    return sorted(found, key=lambda span: span.taken)
