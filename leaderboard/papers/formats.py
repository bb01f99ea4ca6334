"""The formats that papers are read from, and how each is told by its content, with the file's suffix as a help."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import PurePath

from leaderboard.errors import InputError
from leaderboard.models import Paper, Reject
from leaderboard.papers.bibtex import looks_like_bibtex, read_bibtex
from leaderboard.papers.delimited import looks_delimited, read_delimited
from leaderboard.papers.json_formats import LIST_KEYS, parse_json, read_json_document, read_json_lines
from leaderboard.papers.parquet import read_parquet
from leaderboard.papers.prose import looks_like_page, read_page, read_text
from leaderboard.papers.ris import looks_like_ris, read_ris
from leaderboard.papers.source import Source, UnreadableInputError
from leaderboard.papers.xml_formats import read_atom, read_pubmed

Reader = Callable[[Source], Iterator[Paper | Reject]]

READERS: dict[str, Reader] = {
    "jsonl": read_json_lines,
    "json": read_json_document,
    "csv": read_delimited,
    "parquet": read_parquet,
    "page": read_page,
    "text": read_text,
    "atom": read_atom,
    "pubmed": read_pubmed,
    "ris": read_ris,
    "bibtex": read_bibtex,
}
FORMATS: tuple[str, ...] = tuple(READERS)
"""What `--from` and `read_papers(format=)` take."""

_OF_SUFFIX = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json", ".csv": "csv", ".tsv": "csv", ".tab": "csv",
    ".parquet": "parquet", ".pq": "parquet", ".ris": "ris", ".ciw": "ris", ".bib": "bibtex", ".bibtex": "bibtex",
}  # fmt: skip
_TEXT_SUFFIXES = {"", ".txt", ".text", ".abstract"}
_OTHER_KINDS = (
    (b"%PDF", "a PDF (save its abstract as text)"),
    (b"PK\x03\x04", "a zip archive or an office document (unpack it, or save the sheet as CSV)"),
    (b"\xd0\xcf\x11\xe0", "an old office document (save the sheet as CSV)"),
    (b"BZh", "packed with bzip2 (unpack it, or pack it with gzip)"),
    (b"\xfd7zXZ", "packed with xz (unpack it, or pack it with gzip)"),
    (b"\x28\xb5\x2f\xfd", "packed with zstd (unpack it, or pack it with gzip)"),
    (b"SQLite format 3", "an SQLite database"),
)


def reader_for(source: Source, format_name: str | None, *, chosen: bool) -> Reader:
    """The reader for an input: of the named format, else told by its content.

    `chosen` is whether the user named this very file, rather than its folder: then any text is an abstract. Raises
    UnreadableInputError where no format fits.
    """
    return READERS[format_name or tell_format(source, chosen=chosen)]


def check_format(format_name: str | None) -> None:
    """Raise InputError for a name that is no format."""
    if format_name is not None and format_name not in READERS:
        raise InputError(f"{format_name!r} is not a format of papers; one of: {', '.join(FORMATS)}")


def suffix_of(name: str) -> str:
    """The suffix that tells the format, `.gz` aside, in lower case."""
    path = PurePath(name.lower())
    return PurePath(path.stem).suffix if path.suffix in (".gz", ".gzip") else path.suffix


def tell_format(source: Source, *, chosen: bool = True) -> str:
    """The name of the format of an input. Raises UnreadableInputError where none fits."""
    suffix = suffix_of(source.name)
    by_suffix = _OF_SUFFIX.get(suffix)
    if source.head.startswith(b"PAR1"):
        return "parquet"
    text = source.head_text
    told = _tell_marked(text, by_suffix)
    if told is not None:
        return told
    if by_suffix is not None and by_suffix != "parquet" and b"\0" not in source.head[:1024]:
        return by_suffix
    if looks_like_ris(text):
        return "ris"
    if looks_like_bibtex(text):
        return "bibtex"
    kind = next((kind for magic, kind in _OTHER_KINDS if source.head.startswith(magic)), None)
    if kind is None and b"\0" in source.head and source.encoding in ("utf-8", "utf-8-sig"):
        kind = "binary data"
    if kind is not None or by_suffix == "parquet":
        raise UnreadableInputError("unknown_format", f"not papers but {kind or 'no Parquet file'}")
    if looks_delimited(text):
        return "csv"
    if looks_like_page(text):
        return "page"
    if chosen or suffix in _TEXT_SUFFIXES:
        return "text"
    raise UnreadableInputError("unknown_format", "not told to be papers (name the file itself or set --from)")


def _tell_marked(text: str, by_suffix: str | None) -> str | None:
    """The format of a text whose first characters are its mark: XML and JSON."""
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith("<"):
        if re.search(r"<(?:\w+:)?feed\b[^>]*http://www\.w3\.org/2005/Atom", start):
            return "atom"
        if re.search(r"<Pubmed(?:Book)?Article(?:Set)?\b", start):
            return "pubmed"
        if re.match(r"<!doctype html|<html|<head|<body", start, re.IGNORECASE):
            raise UnreadableInputError("unknown_format", "an HTML page (save it from the browser as text)")
        if start.startswith("<?xml"):
            raise UnreadableInputError("unknown_format", "XML, but neither an Atom feed nor PubMed's")
    if re.match(r"\[\s*(?:[{\]]|$)", start):
        return "json"
    if re.match(r"\{\s*(?:[\"}]|$)", start):
        return _lines_or_document(start, by_suffix)
    return None


def _lines_or_document(start: str, by_suffix: str | None) -> str:
    """Whether text that begins with an object is one object a line or one document."""
    first, end, rest = start.partition("\n")
    record = _parsed(first)
    if isinstance(record, dict):
        is_paper = bool(record.keys() & {"title", "abstract"})
        wraps = any(isinstance(record.get(key), list) for key in LIST_KEYS)
        return "json" if wraps and not is_paper else "jsonl"
    if by_suffix == "jsonl" or not end:
        return by_suffix or "json"
    # The first line is broken, or it is only the beginning of an object: the next line tells.
    second = next((line for line in rest.split("\n") if line.strip()), "")
    return "jsonl" if isinstance(_parsed(second), dict) else "json"


def _parsed(line: str) -> object:
    try:
        return parse_json(line)
    except json.JSONDecodeError:
        return None
