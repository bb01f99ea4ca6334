"""Writing fixtures in one canonical form, and bringing a file into that form with its comments kept.

The form: keys in the order of `FIXTURE_FIELDS`, one result a line, `value` quoted, empty fields and `own: true` left
out, texts folded at 120 characters. YAML is written by hand here, not dumped, because the form is narrow and no YAML
library keeps every comment where keys change their order; each text written is read back and compared before it
counts.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from leaderboard.audit.files import write_atomically
from leaderboard.audit.fixtures import FIXTURE_FIELDS, LOADER, RESULT_FIELDS, ConfirmedResult, Fixture, parse_fixtures
from leaderboard.errors import FixtureError

WIDTH = 120
_PLAIN = re.compile(r"[A-Za-z0-9](?:[\w .,!?'&+/()@*%^=-]*[\w.,!?'&+/()@*%^=-])?", re.ASCII)
_NOT_A_TEXT = re.compile(  # what some YAML reader takes for a number, date, truth or nothing
    r"(?i:y|n|yes|no|on|off|true|false|null|~|[-+]?\.?(?:inf|nan))|[-+]?[\d.][\d_,.:eExXoOa-fA-F+-]*"
)
_UNPRINTABLE = re.compile(r"[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}


def write_fixtures(fixtures: Iterable[Fixture], path: str | Path) -> None:
    """Write fixtures as one file, whole or not at all. Raises OutputError where the place cannot be written."""
    write_atomically(path, dump_fixtures(fixtures))


def dump_fixtures(fixtures: Iterable[Fixture]) -> str:
    """Fixtures as the text of a file; reading it gives equal fixtures."""
    fixtures = list(fixtures)
    text = "\n".join("\n".join(_entry_lines(fixture)) + "\n" for fixture in fixtures) or "[]\n"
    _check_same(fixtures, text, "<new>")
    return text


def format_fixtures(text: str, file: str = "<text>") -> str:
    """The same fixtures and comments in the canonical form; formatting twice changes nothing more.

    Raises FixtureError where the text is no valid fixture file.
    """
    fixtures, problems = parse_fixtures(text, file)
    if problems:
        raise FixtureError(str(problems[0]))
    comments = _find_comments(text)
    if not fixtures:
        return "\n".join([*(line for comment in comments for line in comment.lines), "[]\n"])
    places, end = _places(text)
    above: dict[_Place, list[str]] = {}
    beside: dict[_Place, list[str]] = {}
    footer: list[str] = []
    for comment in comments:
        if comment.alone:
            place = next((p for p in places if p.offset >= comment.offset), None) if comment.offset < end else None
            if place is None:
                footer += comment.lines
            else:
                above.setdefault(place, []).extend(comment.lines if place.key[1] == "" else [comment.text])
        else:
            place = next((p for p in reversed(places) if p.offset <= comment.offset), places[0])
            beside.setdefault(place, []).append(comment.text)
    lines: list[str] = []
    for number, fixture in enumerate(fixtures):
        notes = _Notes(number, {p.key: c for p, c in above.items()}, {p.key: c for p, c in beside.items()})
        lines += ([""] if number else []) + _entry_lines(fixture, notes)
    formatted = "\n".join([*lines, *footer]).rstrip("\n") + "\n"
    _check_same(fixtures, formatted, file)
    if sorted(c.text for c in _find_comments(formatted)) != sorted(c.text for c in comments):
        raise FixtureError(f"{file}: a comment would be lost by formatting; put it on a line of its own and try again")
    return formatted


# ---------------------------------------------------------------------------------------------- comments


@dataclass(frozen=True, slots=True)
class _Comment:
    offset: int
    text: str
    alone: bool  # on a line of its own
    blank_after: bool = False  # sets a comment off from what follows

    @property
    def lines(self) -> list[str]:
        return [self.text, ""] if self.blank_after else [self.text]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a comment can go: an entry, one of its keys, or one of its results."""

    offset: int
    key: tuple[int, str]  # number of the entry; "" for the entry itself, a key, or results[j]


@dataclass(slots=True)
class _Notes:
    """The comments of one entry, by place."""

    entry: int = 0
    above: dict[tuple[int, str], list[str]] = field(default_factory=dict)
    beside: dict[tuple[int, str], list[str]] = field(default_factory=dict)

    def apply(self, place: str, lines: list[str], indent: str) -> list[str]:
        """The lines of a place with its comments: above it, and one at the end of its first line."""
        above = list(self.above.get((self.entry, place), ()))
        beside = self.beside.get((self.entry, place), [])
        if len(beside) == 1 and (len(lines) == 1 or lines[0].endswith((">-", "results:"))):
            lines = [f"{lines[0]}  {beside[0]}", *lines[1:]]
        else:
            above += beside
        return [*(indent + comment if comment else "" for comment in above), *lines]


def _find_comments(text: str) -> list[_Comment]:
    """Every comment: what follows a # between YAML's tokens, or in the head of a block of text."""
    comments = []
    position = 0
    gaps = []
    for token in yaml.scan(text, Loader=LOADER):
        start, end = token.start_mark.index, token.end_mark.index
        if start > position:
            gaps.append((position, start))
        if isinstance(token, yaml.ScalarToken) and token.style in {"|", ">"}:
            gaps.append((start, text.find("\n", start)))
        position = max(position, end)
    gaps.append((position, len(text)))
    for start, end in gaps:
        for found in re.finditer(r"#[^\n]*", text[start:end]):
            offset = start + found.start()
            before = text[text.rfind("\n", 0, offset) + 1 : offset]
            blank = re.match(r"[^\n]*\n[ \t]*\n", text[offset:]) is not None
            comments.append(_Comment(offset, found[0].rstrip(), not before.strip(), blank))
    return comments


def _places(text: str) -> tuple[list[_Place], int]:
    """All places of a file in its order, and where the last entry ends."""
    root = yaml.compose(text, Loader=LOADER)
    assert root is not None  # there are fixtures
    places = []
    for number, entry in enumerate(root.value):
        for i, (key, value) in enumerate(entry.value):
            places.append(_Place(key.start_mark.index, (number, "" if i == 0 else str(key.value))))
            if key.value == "results":
                places += [
                    _Place(item.start_mark.index, (number, f"results[{j}]")) for j, item in enumerate(value.value)
                ]
    last = root.value[-1].value[-1][1]
    return places, last.end_mark.index


# ---------------------------------------------------------------------------------------------- writing


def _entry_lines(fixture: Fixture, notes: _Notes | None = None) -> list[str]:
    notes = notes or _Notes()
    lines: list[str] = []
    for name in FIXTURE_FIELDS:
        value = getattr(fixture, name)
        if name == "results":
            lines += _results_lines(fixture.results, notes)
        elif name == "covers":
            if value:
                items = ", ".join(_scalar(item, flow=True) for item in value)
                lines += notes.apply(name, [f"  covers: [{items}]"], "  ")
        elif name == "abstract":
            lines += notes.apply(name, _text_lines("abstract", value), "  ") if value else []
        elif name == "id" or value not in {None, ""}:
            shown = str(value) if isinstance(value, int) else _scalar(value)
            lines += notes.apply(name, [f"  {name}: {shown}"], "  ")
    first = next(i for i, line in enumerate(lines) if line and not line.lstrip().startswith("#"))
    above = [line.strip() for line in lines[:first]]
    own = notes.apply("", [f"- {lines[first][2:]}"], "")
    return [*own[:-1], *above, own[-1], *lines[first + 1 :]]


def _results_lines(results: Sequence[ConfirmedResult], notes: _Notes) -> list[str]:
    if not results:
        return notes.apply("results", ["  results: []"], "  ")
    lines = notes.apply("results", ["  results:"], "  ")
    for j, result in enumerate(results):
        parts = []
        for name in RESULT_FIELDS:
            value = getattr(result, name)
            if name == "own":
                parts += [] if value else ["own: false"]
            elif value:
                parts.append(f"{name}: {_quoted(value) if name == 'value' else _scalar(value, flow=True)}")
        lines += notes.apply(f"results[{j}]", ["    - {" + ", ".join(parts) + "}"], "    ")
    return lines


def _text_lines(name: str, text: str) -> list[str]:
    """A text as a folded block, or as a quoted scalar where folding would change it."""
    foldable = not _UNPRINTABLE.search(text) and "  " not in text and text == text.strip() and "\xa0" not in text[:1]
    if not foldable:
        return [f"  {name}: {_scalar(text)}"]
    fill = textwrap.TextWrapper(WIDTH, initial_indent="    ", subsequent_indent="    ")
    fill.break_long_words = fill.break_on_hyphens = False
    return [f"  {name}: >-", *fill.wrap(text)]


def _scalar(text: str, *, flow: bool = False) -> str:
    """A string as plain YAML where every reader takes it for the same string, else in double quotes."""
    plain = _PLAIN.fullmatch(text) and not _NOT_A_TEXT.fullmatch(text) and not (flow and "," in text)
    return text if plain else _quoted(text)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{_UNPRINTABLE.sub(_escape, escaped)}"'


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    return _ESCAPES.get(character) or (
        f"\\x{ord(character):02x}" if ord(character) < 256 else f"\\u{ord(character):04x}"
    )


def _check_same(fixtures: Sequence[Fixture], text: str, file: str) -> None:
    again, problems = parse_fixtures(text, file)
    if problems or [f.model_dump() for f in again] != [f.model_dump() for f in fixtures]:
        reason = str(problems[0]) if problems else "it reads back differently"
        raise FixtureError(f"{file}: these fixtures cannot be written as YAML: {reason}")
