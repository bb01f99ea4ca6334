"""Papers as RIS or as Web of Science's tagged export, read record by record by rispy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from leaderboard.models import Paper, Reject
from leaderboard.papers.record import BadRecordError, fields_of, given_name_first, paper_from_fields
from leaderboard.papers.source import Source

RECORD_LIMIT = 1 << 20
"""The longest record, in characters, that is read; rispy needs the square of its lines for one field of many lines."""
_RIS_START, _WOS_START = re.compile(r"TY {1,2}- ?"), re.compile(r"PT \S")
_RIS_END, _WOS_END = re.compile(r"ER {1,2}-\s*$"), re.compile(r"ER\s*$")


def looks_like_ris(text: str) -> bool:
    """Whether a text begins as RIS or Web of Science's export does (lines before the first record are allowed)."""
    lines = text.splitlines()[:50]
    return any(_RIS_START.match(line) or re.match(r"FN (?:Clarivate|ISI|Thomson)", line) for line in lines)


def read_ris(source: Source) -> Iterator[Paper | Reject]:
    """One paper a record; AB or, without it, N2 is the abstract."""
    from rispy import RisParser, WokParser  # type: ignore[import-untyped]

    for number, (form, first_line, lines, whole) in enumerate(_records(source), 1):
        try:
            if not whole:
                raise BadRecordError("truncated", "the record does not end")
            implementation = WokParser() if form == "wos" else RisParser()
            try:
                records: list[dict[str, Any]] = implementation.parse_lines(iter(lines))
            except Exception as error:  # rispy raises whatever it stumbles over (KeyError, IndexError, …)
                raise BadRecordError("invalid_ris", f"it cannot be parsed ({type(error).__name__}: {error})") from error
            if not records:
                raise BadRecordError("invalid_ris", "it holds no tags")
            yield paper_from_fields(_fields(records[0]), fallback_id=source.record_id(number))
        except BadRecordError as error:
            yield source.reject(number, error.reason, f"line {first_line}: {error.message}")


def _fields(record: dict[str, Any]) -> dict[str, Any]:
    fields = fields_of({name.replace("_", ""): value for name, value in record.items()})
    fields["title"] = record.get("title") or record.get("primary_title") or record.get("document_title") or ""
    fields["abstract"] = record.get("abstract") or record.get("notes_abstract") or ""
    authors = record.get("author_full_name") or record.get("authors") or record.get("first_authors") or []
    fields["authors"] = [given_name_first(name) for name in authors if isinstance(name, str)]
    fields["venue"] = next(
        (
            record[name]
            for name in ("journal_name", "alternate_title3", "secondary_title", "publication_name", "alternate_title2")
            if record.get(name)
        ),
        None,
    )
    fields["date"] = record.get("date") or record.get("publication_year")
    return fields


def _records(source: Source) -> Iterator[tuple[str, int, list[str], bool]]:
    """The lines of each record, which of the two forms it has, where it begins, and whether it ends."""
    form, first_line, lines, size = "", 0, [""], 0
    lines.clear()
    for number, line in source.lines():
        started = _RIS_START.match(line) or (form != "ris" and _WOS_START.match(line))
        if started and (not lines or line.startswith("TY")):
            if lines:  # the record before lacks its end
                yield form, first_line, [*lines, _end(form)], True
            form, first_line, lines, size = ("ris" if line.startswith("TY") else "wos"), number, [], 0
        if not form or (not lines and not started):
            continue
        lines.append(line.rstrip("\r\n"))
        size += len(line)
        if (_RIS_END if form == "ris" else _WOS_END).match(line):
            yield form, first_line, lines, True
            lines = []
        elif size > RECORD_LIMIT:
            yield form, first_line, lines, False
            lines = []
    if lines:
        yield form, first_line, [*lines, _end(form)], source.damage is None


def _end(form: str) -> str:
    return "ER  - " if form == "ris" else "ER"
