"""What a well-formed fixture may still have wrong: values and names that its text does not hold."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from leaderboard.audit.fixtures import Fixture, Problem
from leaderboard.audit.slots import words

_NAMES = ("dataset", "method", "task", "baseline")  # a metric may stand behind its unit alone: the speed of 45 fps
_INSIDE_NUMBERS = re.compile(r"(?<=\d)(?:\{,\}|[\u2009\u202f\xa0 ](?=\d{3}(?!\d)))")  # 1{,}024 and 1 024


def doubts(fixture: Fixture) -> Iterator[Problem]:
    """A problem for each value that does not stand in the text, and each name of which no word does.

    A name may be put together from words apart ("top-1 and top-5 accuracy"), so one shared word is enough.
    """
    text = unicodedata.normalize("NFKC", _INSIDE_NUMBERS.sub("", f"{fixture.title}\n{fixture.abstract}"))
    text = text.replace("\u2212", "-")
    vocabulary = set(words(f"{text} {fixture.url or ''}"))
    letters = "".join(re.findall(r"\w", f"{text} {fixture.url or ''}".lower()))
    for number, result in enumerate(fixture.results, start=1):
        value = result.value.replace("\u2212", "-")
        spellings = {value, value.replace(",", ""), value.lower().partition("e")[0]}  # 3.2e-4 may stand as 3.2 x 10^-4
        if not any(re.search(rf"(?<![\d.]){re.escape(spelling)}(?!\d)", text) for spelling in spellings):
            yield _problem(fixture, number, "value", f'"{result.value}" does not stand in the text')
        for slot in _NAMES:
            name = getattr(result, slot)
            parts = words(name)
            if name and not set(parts) & vocabulary and not any(part in letters for part in parts):
                yield _problem(fixture, number, slot, f'no word of "{name}" stands in the text')


def _problem(fixture: Fixture, number: int, field: str, message: str) -> Problem:
    return Problem(fixture.file, fixture.line, fixture.id, f"results[{number}].{field}", message)
