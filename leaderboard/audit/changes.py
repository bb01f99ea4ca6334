"""What a second run over papers gained, lost and changed: results paired one to one, paper by paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from leaderboard.models import SLOTS, Result

ChangeType = Literal["gained", "lost", "changed"]
COMPARED = ("kind", *SLOTS, "split", "unit", "qualifier", "change", "improves", "setting", "own", "score")


@dataclass(frozen=True, slots=True)
class Change:
    """One result that two runs do not share. `before` is None for a gained result, `after` for a lost one."""

    paper_id: str
    before: Result | None
    after: Result | None
    fields: tuple[str, ...] = ()  # what differs, for a changed one

    @property
    def type(self) -> ChangeType:
        """Which of the two runs has it."""
        return "gained" if self.before is None else "lost" if self.after is None else "changed"

    @property
    def result(self) -> Result:
        """The result as it is now, or was."""
        result = self.after or self.before
        assert result is not None
        return result


def changes_by_paper(before: Iterable[Result], after: Iterable[Result]) -> dict[str, list[Change]]:
    """Paper id -> its changes, for papers that have any, in the order in which the papers first appear."""
    grouped: dict[str, tuple[list[Result], list[Result]]] = {}
    for side, results in enumerate((before, after)):
        for result in results:
            grouped.setdefault(result.paper_id, ([], []))[side].append(result)
    found = {paper_id: result_changes(*sides) for paper_id, sides in grouped.items()}
    return {paper_id: changes for paper_id, changes in found.items() if changes}


def result_changes(before: Sequence[Result], after: Sequence[Result]) -> list[Change]:
    """The changes between two lists of one paper's results.

    A result keeps its identity with its place in the text (or, without one, with its value): of those that share it,
    the most alike are paired first. What is left over was lost or gained.
    """
    weighed = []
    for i, old in enumerate(before):
        for j, new in enumerate(after):
            if _same_number(old, new):
                fields = tuple(name for name in COMPARED if getattr(old, name) != getattr(new, name))
                weighed.append((len(fields), i, j, fields))
    old_left, new_left = set(range(len(before))), set(range(len(after)))
    changes = []
    for _, i, j, fields in sorted(weighed):
        if i in old_left and j in new_left:
            old_left.remove(i)
            new_left.remove(j)
            if fields:
                changes.append(Change(after[j].paper_id, before[i], after[j], fields))
    changes += [Change(before[i].paper_id, before[i], None) for i in sorted(old_left)]
    changes += [Change(after[j].paper_id, None, after[j]) for j in sorted(new_left)]
    return sorted(changes, key=_place)


def _place(change: Change) -> tuple[bool, int]:
    """In the order of the text, title first; what has no place there goes first of all."""
    result = change.result
    return result.field == "abstract", -1 if result.start is None else result.start


def _same_number(old: Result, new: Result) -> bool:
    if old.start is None or new.start is None:
        return old.value == new.value and old.kind == new.kind
    return old.field == new.field and old.start < (new.end or 0) and new.start < (old.end or 0)
