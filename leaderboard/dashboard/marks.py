"""Hostile text as HTML that shows exactly its characters, with the spans that matter marked.

Nothing of the text is ever read as markup: every character goes through `html.escape`, and the marks are our own tags.
"""

from __future__ import annotations

import html
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

KINDS: dict[str, str] = {
    "value": "Value",
    "metric": "Metric",
    "dataset": "Data set",
    "method": "Method",
    "task": "Task",
    "baseline": "Baseline",
    "rejected": "Number turned down",
}
"""What can be marked, and what it is called in a legend."""

_SLOTS = ("metric", "dataset", "method", "task", "baseline")
_UNSHOWABLE = str.maketrans({"\0": "\u2400", "\r": "&#13;"})  # a parser drops the first and turns the second into "\n"


@dataclass(frozen=True, slots=True)
class Mark:
    """A half-open span of a text, what it is (a key of `KINDS`) and a note for whoever points at it."""

    start: int
    end: int
    kind: str
    note: str = ""


def escape(text: object) -> str:
    """The text as HTML that shows exactly its characters; half a character shows as U+FFFD."""
    clean = str(text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return html.escape(clean).translate(_UNSHOWABLE)


def marked(text: str, marks: Iterable[Mark]) -> str:
    """The text as HTML with its marks; where marks overlap, the piece carries all of their kinds.

    Marks that do not lie inside the text are left out.
    """
    inside = [mark for mark in marks if 0 <= mark.start < mark.end <= len(text)]
    cuts = sorted({0, len(text), *(m.start for m in inside), *(m.end for m in inside)})
    starting: dict[int, list[Mark]] = {}
    for mark in inside:
        starting.setdefault(mark.start, []).append(mark)
    pieces: list[str] = []
    active: list[Mark] = []
    for start, end in itertools.pairwise(cuts):
        active = [mark for mark in active if mark.end > start] + starting.get(start, [])
        piece = escape(text[start:end])
        if not active:
            pieces.append(piece)
            continue
        kinds = " ".join(f"lb-{kind}" for kind in dict.fromkeys(mark.kind for mark in active))
        notes = "; ".join(dict.fromkeys(mark.note or KINDS[mark.kind] for mark in active))
        pieces.append(f'<mark class="lb-mark {kinds}" title="{escape(notes)}" data-start="{start}">{piece}</mark>')
    return "".join(pieces)


def passage(text: str, marks: Iterable[Mark] = (), *, css_class: str = "lb-text") -> str:
    """A block with the text and its marks, isolated so that marks of writing direction stay inside."""
    return f'<div class="{css_class}" dir="auto">{marked(text, marks)}</div>'


def legend(kinds: Iterable[str]) -> str:
    """A line that names the styles of the marks."""
    items = "".join(f'<span><mark class="lb-mark lb-{kind}">{KINDS[kind]}</mark></span>' for kind in kinds)
    return f'<div class="lb-legend" role="note" aria-label="What the marks mean">{items}</div>'


def result_marks(row: Mapping[str, Any], field: str) -> list[Mark]:
    """The marks of one result (as `words.plain` gives it) in a field of its paper: its value and each slot's name."""
    spans = [("value", row.get("field"), row.get("start"), row.get("end"), row.get("value_text"))]
    spans += [
        (slot, row.get(f"{slot}_field"), row.get(f"{slot}_start"), row.get(f"{slot}_end"), row.get(slot))
        for slot in _SLOTS
    ]
    return [
        Mark(int(start), int(end), kind, f"{KINDS[kind]}: {name}")
        for kind, where, start, end, name in spans
        if where == field and start is not None and end is not None
    ]


def sentence_marks(row: Mapping[str, Any]) -> list[Mark]:
    """The marks of one result inside its sentence, for when the whole text is not at hand.

    Offsets are into the whole field, so where the sentence begins is found by the value and the slots: the place where
    most of them stand as spelled. Empty if the value cannot be placed.
    """
    sentence, value, start = row.get("sentence"), row.get("value_text"), row.get("start")
    if not isinstance(sentence, str) or not isinstance(value, str) or not value or start is None:
        return []
    spelled = {slot: row.get(f"{slot}_text") for slot in _SLOTS if row.get(f"{slot}_field") == row.get("field")}
    marks = result_marks(row, str(row.get("field")))
    best: list[Mark] = []
    at = sentence.find(value)
    while at >= 0:
        shift = at - int(start)
        fitting = [
            Mark(mark.start + shift, mark.end + shift, mark.kind, mark.note)
            for mark in marks
            if mark.start + shift >= 0
            and sentence[mark.start + shift : mark.end + shift]
            == (value if mark.kind == "value" else spelled.get(mark.kind))
        ]
        if len(fitting) > len(best):
            best = fitting
        at = sentence.find(value, at + 1)
    return best
