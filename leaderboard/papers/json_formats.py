"""Papers as JSON: one object a line, or one document with a list of objects, in the forms that providers use.

The form is told record by record: our own, the arXiv snapshot, OpenAlex works, Semantic Scholar, paperlists; anything
else goes by the names of its keys.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

import orjson

from leaderboard.models import Paper, Reject
from leaderboard.papers.identifiers import date_of, year_of
from leaderboard.papers.record import BadRecordError, fields_of, is_empty, paper_from_fields
from leaderboard.papers.source import Source, UnreadableInputError

# Where APIs and exports put their list of works (OpenAlex, Semantic Scholar, CORE, Crossref, …).
LIST_KEYS = ("results", "data", "papers", "works", "items", "records", "entries", "documents", "articles")
DEEPEST = 100
_VENUE_AND_YEAR = re.compile(r"([A-Za-z]+)[-_ ]?((?:19|20)\d{2})(?!\d)")


def read_json_lines(source: Source) -> Iterator[Paper | Reject]:
    """One object a line; blank lines are passed over."""
    number = 0
    for line_number, line in source.lines():
        if not line or line.isspace():
            continue
        number += 1
        record: Any = None
        try:
            record = parse_json(line)
            if not isinstance(record, dict):
                raise BadRecordError("not_an_object", f"a paper is an object, this is {type(record).__name__}")
            if isinstance(record.get("id"), float) or isinstance(record.get("paper_id"), float):
                # An id such as 2206.1210 is a number for JSON: keep its digits as written.
                record = json.loads(line, parse_float=str)
            yield paper_from_json(record, source, number)
        except json.JSONDecodeError as error:
            if any("\udc80" <= character <= "\udcff" for character in line):
                reason, message = "bad_encoding", "the line is not valid UTF-8 (convert the file, e.g. with iconv)"
            else:
                reason, message = "invalid_json", f"column {error.colno}: {str(error).split(': line', 1)[0]}"
            yield source.reject(number, reason, f"line {line_number}, {message}")
        except BadRecordError as error:
            yield source.reject(number, error.reason, f"line {line_number}: {error.message}", _id_in(record))


def parse_json(line: str) -> Any:
    """One JSON value; raises json.JSONDecodeError."""
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        if "NaN" not in line and "Infinity" not in line:
            raise
        return json.loads(line)  # no JSON, but what Python and pandas write for a missing number


def read_json_document(source: Source) -> Iterator[Paper | Reject]:
    """A list of objects, an object that holds such a list, or one object after another; read piece by piece."""
    number = 0
    records = _records(source)
    while True:
        try:
            record = next(records, None)
        except UnreadableInputError as error:
            raise UnreadableInputError(error.reason, f"after {number} records: {error.message}") from error
        if record is None:
            return
        number += 1
        try:
            if not isinstance(record, dict):
                raise BadRecordError("not_an_object", f"a paper is an object, this is {type(record).__name__}")
            yield paper_from_json(record, source, number)
        except BadRecordError as error:
            yield source.reject(number, error.reason, error.message, _id_in(record))


def _records(source: Source) -> Iterator[Any]:
    """The objects at the top, in a list at the top, or in a list under one of LIST_KEYS of an object at the top."""
    import ijson  # type: ignore[import-untyped]

    depth = 0
    records_at: int | None = 0  # the depth of the records; None within an object whose list has been read
    builder: Any = None  # of the record under way
    key = ""  # the last key of an object at the top
    is_paper = False
    for event, value in _events(source):
        if event.startswith("end_"):
            depth -= 1
        if depth == 1 and event == "map_key":
            key = str(value)
            is_paper = is_paper or key.lower() in ("title", "abstract")
        if event == "start_array" and (
            depth == 0 or (depth == 1 and records_at != 1 and key in LIST_KEYS and not is_paper)
        ):
            records_at, builder = depth + 1, None
            depth += 1
            continue
        if builder is None and depth == records_at and event != "map_key" and not event.startswith("end_"):
            builder, is_paper = ijson.ObjectBuilder(), False
        if builder is not None:
            builder.event(event, value)
        if event.startswith("start_"):
            depth += 1
            if depth > DEEPEST:
                raise UnreadableInputError("invalid_json", f"objects within objects, {DEEPEST} deep")
        elif builder is not None and depth == records_at and event != "map_key":
            yield builder.value
            builder = None
        elif event.startswith("end_") and builder is None:
            records_at = 0 if depth == 0 else None if depth == 1 and records_at == 2 else records_at


def _events(source: Source) -> Iterator[tuple[str, Any]]:
    import ijson

    if source.encoding == "utf-8-sig":
        source.bytes.read(3)
    elif source.encoding != "utf-8":
        raise UnreadableInputError("bad_encoding", f"JSON is UTF-8, this is {source.encoding} (convert it with iconv)")
    try:
        # Without the paths of ijson.parse, whose length is the depth: that is the square of it in memory.
        yield from ijson.basic_parse(source.bytes, multiple_values=True)
    except ijson.JSONError as error:
        raise UnreadableInputError("invalid_json", f"{_one_line(str(error))}; what follows is lost") from error


def paper_from_json(record: Mapping[str, Any], source: Source, number: int) -> Paper:
    """Tell the form of one object and read it. Raises BadRecordError."""
    if "value_text" in record and "rule" in record:
        raise BadRecordError("not_a_paper", "it is a result of an extraction, not a paper")
    fields = fields_of(record)
    if "abstract_inverted_index" in record:
        _openalex(record, fields)
    elif "versions" in record or "authors_parsed" in record:
        _arxiv_snapshot(record, fields)
    elif "externalIds" in record or "externalids" in record:
        _semantic_scholar(record, fields)
    elif "gs_version_total" in record or ("track" in record and "status" in record):
        _paperlists(record, fields, source)
    return paper_from_fields(fields, fallback_id=source.record_id(number))


def _openalex(record: Mapping[str, Any], fields: dict[str, Any]) -> None:
    """https://docs.openalex.org/api-entities/works/work-object: the abstract is kept as word -> positions, or null."""
    index = record["abstract_inverted_index"]
    if index is not None and not isinstance(index, dict):
        raise BadRecordError("bad_field", "its abstract_inverted_index is no object")
    try:
        words = sorted((position, word) for word, positions in (index or {}).items() for position in positions)
    except TypeError as error:
        raise BadRecordError("bad_field", "its abstract_inverted_index does not give lists of positions") from error
    fields["abstract"] = " ".join(word for _, word in words)
    location = record.get("primary_location")
    if isinstance(location, dict):
        place = location.get("source")
        if isinstance(place, dict):
            fields.setdefault("venue", place.get("display_name"))
        fields.setdefault("url", location.get("landing_page_url"))
    authorships = record.get("authorships")
    if isinstance(authorships, list):
        fields["authors"] = authorships


def _arxiv_snapshot(record: Mapping[str, Any], fields: dict[str, Any]) -> None:
    """The snapshot of arXiv's metadata: `versions` dates the paper; `update_date` only says when the record changed."""
    fields.setdefault("arxiv_id", record.get("id"))
    versions = record.get("versions")
    first = versions[0] if isinstance(versions, list) and versions else None
    if isinstance(first, dict):
        fields["date"] = date_of(first.get("created"))
    if is_empty(fields.get("date")) and is_empty(record.get("id")):
        fields["date"] = record.get("update_date")
    if record.get("authors_parsed"):
        fields["authors"] = record["authors_parsed"]


def _semantic_scholar(record: Mapping[str, Any], fields: dict[str, Any]) -> None:
    """https://api.semanticscholar.org/api-docs/graph: other catalogues' ids are in externalIds."""
    external = record.get("externalIds", record.get("externalids"))
    if isinstance(external, dict):
        ids = {str(name).lower(): value for name, value in external.items() if not is_empty(value)}
        for field, name in (("arxiv_id", "arxiv"), ("doi", "doi")):
            if name in ids:
                fields[field] = ids[name]


def _paperlists(record: Mapping[str, Any], fields: dict[str, Any], source: Source) -> None:
    """Lists of a conference's papers: conference and year stand in the file's name alone ("naacl2021.json")."""
    match = _VENUE_AND_YEAR.search(PurePath(source.name).name)
    if match:
        fields.setdefault("year", year_of(match[2]))
        fields.setdefault("venue", f"{match[1].upper()} {match[2]}")


def _id_in(record: Any) -> str | None:
    """The id of a record that is turned down, if it can be told."""
    value = fields_of(record).get("paper_id") if isinstance(record, dict) else None
    return str(value) if isinstance(value, (str, int)) else None


def _one_line(text: str) -> str:
    return " ".join(text.split())
