"""What a person sees: messages and progress on standard error, and text made safe for a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from leaderboard.models import Reject

if TYPE_CHECKING:
    from leaderboard.papers import PaperStream

T = TypeVar("T")

REFRESHES_PER_SECOND = 5
UPDATE_EVERY = 32


def printable(text: str) -> str:
    """The text with control characters (escape sequences, bells, carriage returns) written out, line breaks kept."""
    if text.isprintable():
        return text
    return "".join(
        character
        if character.isprintable() or character == "\n"
        else character.encode("unicode_escape", "surrogatepass").decode()
        for character in text
    )


def counted(number: int, noun: str) -> str:
    """A number of things: "1 paper", "1,204 papers"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def say(message: str) -> None:
    """One line for the user, on standard error."""
    print(f"leaderboard: {' '.join(printable(message).split())}", file=sys.stderr, flush=True)


def wants_progress(forced: bool | None, *, data_on_terminal: bool) -> bool:
    """Whether to show progress: as asked; else on a terminal to which no data go."""
    if forced is not None:
        return forced
    return sys.stderr.isatty() and not (data_on_terminal and sys.stdout.isatty())


@dataclass
class Tally:
    """What has been done so far, for progress and for the line at the end."""

    noun: str  # what is found in a paper: "result", "mention"
    papers: int = 0
    found: int = 0
    failed: list[Reject] = field(default_factory=list)

    def describe(self) -> str:
        """Such as "1,204 papers, 3,310 results"."""
        return f"{counted(self.papers, 'paper')}, {counted(self.found, self.noun)}"


def with_progress(items: Iterable[T], stream: PaperStream, tally: Tally, *, shown: bool) -> Iterator[T]:
    """The same items; meanwhile, if `shown`, how much of the input has been read and what was found."""
    if not shown:
        yield from items
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    total = stream.bytes_total
    with Progress(
        SpinnerColumn(),
        *([BarColumn(bar_width=30), TextColumn("{task.percentage:>3.0f}%")] if total else []),
        TextColumn("{task.description}", markup=False),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        refresh_per_second=REFRESHES_PER_SECOND,
        transient=True,
    ) as progress:
        task = progress.add_task(tally.describe(), total=total)
        for count, item in enumerate(items, 1):
            yield item
            if count % UPDATE_EVERY == 0:
                progress.update(task, completed=stream.bytes_read, description=tally.describe())
