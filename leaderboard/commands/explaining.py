"""`explain`: for a person, one paper's text with its mentions, its results with their reasons, its rejected numbers."""

from __future__ import annotations

import io
import sys
import textwrap
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from leaderboard.commands.terminal import printable, say
from leaderboard.errors import InputError
from leaderboard.models import SLOTS, Field, Mention, Reject, Result
from leaderboard.papers import read_papers

if TYPE_CHECKING:
    from leaderboard.extraction import Explanation

WIDTH = 100
_STYLES = {"value": "1", "metric": "32", "dataset": "34", "task": "36", "method": "35"}  # SGR codes of a terminal


def explain(
    inputs: list[str], paper_id: str | None, *, format_name: str | None = None, color: bool | None = None
) -> None:
    """Print the explanation of every paper of the input, or of those with the id.

    Raises:
        InputError: no paper has the id.
    """
    from leaderboard.extraction import explain as explain_paper

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(
            errors="backslashreplace"
        )  # a terminal that cannot show a character still shows the rest
    marks = _Marks(sys.stdout.isatty() if color is None else color)
    stream = read_papers(inputs, format=format_name, on_reject=lambda reject: say(reject.message))
    found = 0
    for paper in stream:
        if paper_id is None or paper_id in (paper.paper_id, paper.arxiv_id, paper.doi):
            found += 1
            for line in explanation_lines(explain_paper(paper), marks):
                print(line)
            print()
    if paper_id is not None and not found:
        raise InputError(f"no paper with the id {paper_id!r} among {stream.papers_read:,} papers")


class _Marks:
    """How mentions are marked within a text: by colour on a terminal, else by brackets and the type."""

    def __init__(self, color: bool) -> None:
        self.color = color

    def __call__(self, text: str, kind: str) -> str:
        return f"\x1b[{_STYLES[kind]}m{text}\x1b[0m" if self.color else f"[{text}|{kind}]"

    def heading(self, text: str) -> str:
        """A line that begins a part."""
        return f"\x1b[1m{text}\x1b[0m" if self.color else text


def explanation_lines(explanation: Explanation, marks: _Marks) -> Iterator[str]:
    """The lines of an explanation."""
    paper = explanation.paper
    yield marks.heading(f"paper {printable(paper.paper_id)}")
    about = [str(paper.year) if paper.year else None, paper.venue, paper.url]
    if any(about):
        yield f"  {printable(', '.join(filter(None, about)))}"
    for name in ("title", "abstract"):
        field: Field = "title" if name == "title" else "abstract"
        text = paper.title if field == "title" else paper.abstract
        if text:
            yield marks.heading(name)
            marked = mark_text(text, [m for m in explanation.mentions if m.field == field], marks)
            yield from (f"  {line}" for line in marked.split("\n"))
    yield marks.heading(f"results: {len(explanation.results)}")
    for number, (result, reasons) in enumerate(zip(explanation.results, explanation.reasons, strict=True), 1):
        yield from _result_lines(number, result, reasons)
    yield marks.heading(f"numbers turned down: {len(explanation.rejects)}")
    yield from map(_reject_line, explanation.rejects)


def mark_text(text: str, mentions: Iterable[Mention], marks: _Marks) -> str:
    """The text with its mentions marked; of mentions that overlap, the longest is shown, then the first."""
    free = bytearray(len(text))
    chosen: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.start - m.end, m.start)):
        if not any(free[mention.start : mention.end]):
            free[mention.start : mention.end] = b"\1" * (mention.end - mention.start)
            chosen.append(mention)
    parts: list[str] = []
    done = 0
    for mention in sorted(chosen, key=lambda m: m.start):
        parts += [
            printable(text[done : mention.start]),
            marks(printable(text[mention.start : mention.end]), mention.type),
        ]
        done = mention.end
    return "".join([*parts, printable(text[done:])])


def _result_lines(number: int, result: Result, reasons: Iterable[str]) -> Iterator[str]:
    whose = "" if result.own else " (another's system)"
    amount = " ".join(filter(None, (result.qualifier, result.value_text, result.unit)))
    yield f"  {number}. {result.kind}: {printable(amount)}{whose}"
    for slot in SLOTS:
        name, written = getattr(result, slot), getattr(result, f"{slot}_text")
        if name is not None:
            yield f"     {slot:<9}{printable(name)}{_place(result, slot)}{_as_written(name, written)}"
    for label in ("split", "setting", "change"):
        if getattr(result, label) is not None:
            yield f"     {label:<9}{printable(str(getattr(result, label)))}"
    yield f"     value    {_offsets(result.field, result.start, result.end)}"
    if result.sentence:
        yield from textwrap.wrap(
            printable(" ".join(result.sentence.split())),
            WIDTH,
            initial_indent="     sentence ",
            subsequent_indent=" " * 14,
        )
    confidence = f", confidence {result.confidence:.2f}" if result.confidence is not None else ""
    yield f"     rule     {result.rule}{confidence}"
    if result.flags:
        yield f"     flags    {'; '.join(result.flags)}"
    for reason in reasons:
        yield f"       - {printable(reason)}"


def _place(result: Result, slot: str) -> str:
    field, start, end = (getattr(result, f"{slot}_{part}") for part in ("field", "start", "end"))
    return "" if field is None else f"  {_offsets(field, start, end)}"


def _as_written(name: str, written: str | None) -> str:
    return "" if written is None or written == name else f"  written {printable(repr(written))}"


def _offsets(field: str | None, start: int | None, end: int | None) -> str:
    return f"{field} {start}-{end}" if field is not None else "not from the text"


def _reject_line(reject: Reject) -> str:
    place = _offsets(reject.field, reject.start, reject.end)
    return f"  {printable(reject.text or '')}  {place}  {reject.reason}: {printable(reject.message)}"
