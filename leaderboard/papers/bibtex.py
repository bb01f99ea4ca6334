"""Papers as BibTeX with an abstract field, parsed entry by entry by bibtexparser."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any

from leaderboard.models import Paper, Reject
from leaderboard.papers.identifiers import arxiv_id_of
from leaderboard.papers.record import BadRecordError, fields_of, paper_from_fields
from leaderboard.papers.source import Source

ENTRY_LIMIT = 1 << 24
"""The longest entry, in characters, that is read."""
BRACES_DEEP = 4
_ENTRY = re.compile(r"^[ \t]*@\s*(?!string|comment|preamble)[A-Za-z]+\s*[{(]\s*[^\s,{}]+\s*,", re.M | re.I)
_BLOCK = re.compile(r"\s*@\s*([A-Za-z]+)\s*[{(]")
# What BibTeX puts in braces only to keep its capitals or its LaTeX escapes together; "{\ss}" needs its braces.
_PROTECTED = re.compile(r"\{(?!\\[A-Za-z])([^{}$]*)\}")
_BRACES_OF_LATEX = re.compile(r"\\[A-Za-z]+\s*(?:\[[^\]]*\])?$|[_^]$")


def looks_like_bibtex(text: str) -> bool:
    """Whether a text has a line that opens a BibTeX entry with a key."""
    return _ENTRY.search(text) is not None


def read_bibtex(source: Source) -> Iterator[Paper | Reject]:
    """One paper an entry with a title or an abstract.

    Braces that only protect capitals ("{BERT}") are BibTeX's encoding and not kept; LaTeX in the text is.
    """
    strings: list[str] = []
    number = 0
    for kind, first_line, text in _blocks(source):
        if kind == "string":
            strings.append(text)
        if kind in ("string", "comment", "preamble"):
            continue
        number += 1
        key = None
        try:
            if len(text) > ENTRY_LIMIT:
                raise BadRecordError("entry_too_long", f"it is longer than {ENTRY_LIMIT:,} characters")
            record = _parse("".join(strings), text)
            key = str(record["paper_id"])
            yield paper_from_fields(record, fallback_id=source.record_id(number))
        except BadRecordError as error:
            yield source.reject(number, error.reason, f"line {first_line}: {error.message}", key)


def _blocks(source: Source) -> Iterator[tuple[str, int, str]]:
    """The text of each block (entry, string, …), its kind and the line where it begins."""
    kind, first_line, lines, size = "", 0, [""], 0
    lines.clear()
    for number, line in source.lines():
        match = _BLOCK.match(line)
        if match:
            if kind:
                yield kind, first_line, "".join(lines)
            kind, first_line, lines, size = match[1].lower(), number, [], 0
        if kind and size <= ENTRY_LIMIT:
            lines.append(line)
            size += len(line)
    if kind:
        yield kind, first_line, "".join(lines)


def _parse(strings: str, text: str) -> dict[str, Any]:
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.model import DuplicateFieldKeyBlock, Entry

    logger = logging.getLogger("bibtexparser")
    level = logger.level
    logger.setLevel(logging.CRITICAL)  # what fails is reported as a reject, with its line in the file
    try:
        library = parse_string(strings + text)
    except Exception as error:
        raise BadRecordError("invalid_bibtex", f"it cannot be parsed ({type(error).__name__})") from error
    finally:
        logger.setLevel(level)
    failed = library.failed_blocks[0] if library.failed_blocks else None
    if library.entries:
        entry = library.entries[0]
        values = {field.key.lower(): field.value for field in entry.fields}
    elif isinstance(failed, DuplicateFieldKeyBlock) and isinstance(failed.ignore_error_block, Entry):
        entry = failed.ignore_error_block
        # The first of two fields of one name counts, as it does for BibTeX; such values still have their quotes.
        values = {field.key.lower(): str(field.value).strip()[1:-1] for field in reversed(entry.fields)}
    else:
        problem = failed.error if failed is not None else "no entry in it"
        message = getattr(problem, "abort_reason", None) or str(problem)
        raise BadRecordError("invalid_bibtex", f"it cannot be parsed: {' '.join(message.split())}")
    record = fields_of(values)
    record["paper_id"] = entry.key
    for name in ("title", "abstract"):
        if isinstance(record.get(name), str):
            record[name] = without_protecting_braces(record[name])
    for name in ("venue", "authors", "date", "url", "doi"):
        if isinstance(record.get(name), str):
            record[name] = " ".join(without_protecting_braces(record[name]).split())
    if arxiv_id_of(record.get("arxiv_id")) is None:
        record.pop("arxiv_id", None)  # "eprint" also holds the ids of other archives
    return record


def without_protecting_braces(text: str) -> str:
    r"""The text without braces that only group: "{BERT}: 90{\%}" is "BERT: 90\%". LaTeX and formulas keep theirs."""
    if "{" not in text:
        return text
    parts = text.split("$")
    for place in range(0, len(parts), 2):  # what stands between dollars is a formula
        for _ in range(BRACES_DEEP):
            parts[place], changes = _PROTECTED.subn(_unprotected, parts[place])
            if not changes:
                break
    return "$".join(parts)


def _unprotected(match: re.Match[str]) -> str:
    before = match.string[max(0, match.start() - 40) : match.start()]
    return match[0] if _BRACES_OF_LATEX.search(before) else match[1]
