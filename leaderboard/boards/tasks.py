"""Which tasks tell boards apart.

An abstract names several tasks, and techniques that look like tasks, so that a name alone must not split a board. Tasks
that share data set, metric, split and setting are told apart if each of at least two

- was filled in by a person or stands on an imported board (the task has no place in a text), or
- stands in the sentence of the number in two papers, or beside the other task in one paper, and in no less than one of
  twenty papers with that data set and metric, while neither name only says more than the other ("classification",
  "image classification").

Everything else, above all a result without a task, goes to the board whose task it names most nearly, else to the
largest.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from .names import nested


@dataclass(frozen=True, slots=True)
class TaskRow:
    """What is known of one result's task: its name as folded, and how it came to the result."""

    task: str | None
    paper: int
    filled_in: bool  # by a person or from a board: it has no place in a text
    in_sentence: bool


def told_apart(rows: Iterable[TaskRow], names: dict[str, str]) -> list[str]:
    """The tasks that tell boards apart, largest first; fewer than two: none is. `names` gives a folded task's name."""
    all_papers: set[int] = set()
    papers: defaultdict[str, set[int]] = defaultdict(set)
    firm: defaultdict[str, set[int]] = defaultdict(set)
    filled_in: set[str] = set()
    for row in rows:
        all_papers.add(row.paper)
        if row.task is None:
            continue
        papers[row.task].add(row.paper)
        if row.filled_in:
            filled_in.add(row.task)
        elif row.in_sentence:
            firm[row.task].add(row.paper)
    by_paper: defaultdict[int, set[str]] = defaultdict(set)
    for task, where in firm.items():
        for paper in where:
            by_paper[paper].add(task)
    contrasted = {
        task
        for tasks in by_paper.values()
        for task in tasks
        if any(not nested(names[task], names[other]) for other in tasks)
    }
    largest_first = sorted(papers, key=lambda task: (task not in filled_in, -len(papers[task]), task))
    told: list[str] = []
    for task in largest_first:
        supported = (len(firm[task]) > 1 or task in contrasted) and len(firm[task]) >= len(all_papers) / 20
        if task in filled_in or (supported and not any(nested(names[task], names[other]) for other in told)):
            told.append(task)
    told.sort(key=lambda task: (-len(papers[task]), task))
    return told if len(told) > 1 else []


def nearest_task(task: str | None, told: list[str], names: dict[str, str]) -> str:
    """The task among those told apart whose board a result belongs to."""
    if task is None or task in told:
        return task or told[0]
    return next((other for other in told if nested(names[task], names[other])), told[0])


def usual_task(rows: Iterable[TaskRow], of_dataset: str | None, names: dict[str, str]) -> str | None:
    """The name of the task of a board that tells none apart.

    It is the one that most papers name, those beside the number first; `of_dataset`, the task that the lexicon has for
    the data set, counts as two more that name it beside the number, if any names it at all.
    """
    votes = Counter[str]()
    seen: set[tuple[str, int]] = set()
    for row in rows:
        if row.task is not None and (row.task, row.paper) not in seen:
            seen.add((row.task, row.paper))
            votes[names[row.task]] += 1000 if row.filled_in or row.in_sentence else 1
    if of_dataset is not None and of_dataset in votes:
        votes[of_dataset] += 2500
    return min(votes, key=lambda task: (-votes[task], task)) if votes else None
