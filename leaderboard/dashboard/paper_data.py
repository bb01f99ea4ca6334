"""What the Paper page shows of one paper, without anything of Streamlit's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from leaderboard.dashboard import words
from leaderboard.dashboard.marks import KINDS, Mark, result_marks
from leaderboard.models import Paper

if TYPE_CHECKING:
    import pandas as pd

    from leaderboard.extraction import Explanation

FIELDS = ("title", "abstract")


def text_of(paper: Paper, field: str) -> str:
    """A paper's title or abstract as given."""
    return paper.title if field == "title" else paper.abstract


def overlay(
    paper: Paper, explanation: Explanation | None, rows: Sequence[Mapping[str, Any]], *, everything: bool
) -> dict[str, list[Mark]]:
    """The marks of a paper, by field: those of these results, or of everything that was seen, numbers turned down too.

    Results whose value does not stand where they say (made from another version of the text) are not marked.
    """
    marks: dict[str, list[Mark]] = {}
    for field in FIELDS:
        text = text_of(paper, field)
        found: list[Mark] = []
        for row in rows:
            if stands(row, text, field) is not False:
                found += result_marks(row, field)
        if explanation is not None and everything:
            taken = {(mark.start, mark.end) for mark in found}
            found += [
                Mark(m.start, m.end, m.type, f"{KINDS[m.type]}: {m.canonical or m.text}")
                for m in explanation.mentions
                if m.field == field and m.type != "value" and (m.start, m.end) not in taken
            ]
        if explanation is not None and everything:
            found += [
                Mark(r.start, r.end, "rejected", f"No result: {r.message}")
                for r in explanation.rejects
                if r.field == field
                and r.start is not None
                and r.end is not None
                and not any(m.start <= r.start and r.end <= m.end for m in found)  # part of a name: nothing to strike
            ]
        marks[field] = found
    return marks


def stands(row: Mapping[str, Any], text: str, field: str) -> bool | None:
    """Whether a result's value stands in the text where the result says; None if it speaks of another field."""
    if row.get("field") != field or words.is_missing(row.get("start")) or words.is_missing(row.get("end")):
        return None
    return text[int(row["start"]) : int(row["end"])] == row.get("value_text")


def outdated(paper: Paper, rows: Iterable[Mapping[str, Any]]) -> int:
    """How many results do not fit the text that is loaded."""
    return sum(stands(row, text_of(paper, str(row.get("field"))), str(row.get("field"))) is False for row in rows)


def kinds_in(marks: Mapping[str, Sequence[Mark]]) -> list[str]:
    """The kinds of marks that are there, in the order of the legend."""
    present = {mark.kind for found in marks.values() for mark in found}
    return [kind for kind in KINDS if kind in present]


def reasons_of(row: Mapping[str, Any], explanation: Explanation | None) -> list[str]:
    """Why the rules made this result, if today's rules make it too."""
    if explanation is None:
        return []
    same_place = [
        (result, reasons)
        for result, reasons in zip(explanation.results, explanation.reasons, strict=True)
        if result.field == row.get("field") and result.start == row.get("start")
    ]
    for result, reasons in same_place:
        if all(getattr(result, slot) == (row.get(slot) or None) for slot in ("metric", "dataset", "method")):
            return list(reasons)
    return []


def place_of(address: str | None, rows: pd.DataFrame) -> int | None:
    """Which row an address like `abstract:120` means."""
    if not address or ":" not in address:
        return None
    field, _, start = address.partition(":")
    if not start.isdecimal():
        return None
    found = rows.index[(rows["field"] == field) & (rows["start"] == int(start))]
    return int(found[0]) if len(found) else None


def rejects_table(rejects: Sequence[Any]) -> pd.DataFrame:
    """The numbers turned down: text, reason, message, field, start, end."""
    import pandas as pd

    names = ("text", "message", "reason", "field", "start", "end")
    return pd.DataFrame([[getattr(reject, name) for name in names] for reject in rejects], columns=list(names))
