"""Reviews: the verdicts of people on results, in one SQLite file that stands beside the results.

A verdict is tied to a paper, the digest of its text and the span of the number, and keeps the result as the reviewer
saw it, so that it outlives re-extraction with newer rules. Reviews are only ever added (or retracted, which is itself
recorded); the newest one on a result counts. The texts reviewed are kept too, for fixtures and to tell when a text
changed.

The file is in WAL mode with full synchronisation: each verdict is one transaction that is on disk when `add` returns,
several people can write at once, and a process killed at any moment loses at most the verdict that it was writing.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from dataclasses import field as with_default
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, Self, get_args

from leaderboard.audit.fixtures import text_digest
from leaderboard.audit.slots import parse_value
from leaderboard.errors import InputError, LeaderboardError, OutputError
from leaderboard.models import SLOTS, Kind, Paper, Result

Verdict = Literal["right", "wrong", "fix", "missing", "skip"]
VERDICTS: tuple[Verdict, ...] = ("right", "wrong", "fix", "missing", "skip")
EDITABLE = ("kind", "value_text", "unit", "metric", "dataset", "split", "method", "own", "task", "baseline", "setting")
_SNAPSHOT = (*EDITABLE, *(f"{slot}_text" for slot in SLOTS), "rule", "confidence")

SCHEMA_VERSION = 2
APPLICATION_ID = 0x4C425256  # "LBRV": tells our files from other programs' databases
BUSY_SECONDS = 30.0
_MIGRATIONS = {
    1: """
        CREATE TABLE papers (
            paper_id TEXT NOT NULL, digest TEXT NOT NULL, title TEXT NOT NULL, abstract TEXT NOT NULL,
            year INTEGER, date TEXT, venue TEXT, url TEXT,
            PRIMARY KEY (paper_id, digest)
        ) STRICT;
        CREATE TABLE reviews (
            id TEXT PRIMARY KEY, paper_id TEXT NOT NULL, digest TEXT NOT NULL,
            field TEXT CHECK (field IN ('title', 'abstract')), start INTEGER, "end" INTEGER,
            verdict TEXT NOT NULL CHECK (verdict IN ('right', 'wrong', 'fix', 'missing', 'skip')),
            reviewer TEXT NOT NULL CHECK (reviewer <> ''), reviewed_at TEXT NOT NULL,
            original TEXT, corrected TEXT, note TEXT NOT NULL DEFAULT '',
            FOREIGN KEY (paper_id, digest) REFERENCES papers (paper_id, digest)
        ) STRICT;
    """,
    2: """
        ALTER TABLE reviews ADD COLUMN retracted_at TEXT;
        CREATE INDEX reviews_of_paper ON reviews (paper_id, digest);
    """,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One verdict. `original` is the result as it was shown (None for a missing one), `corrected` what is right.

    Both hold the fields of EDITABLE (`original` also the spellings, rule and confidence); `corrected` is given for
    `fix` and `missing`. `field`, `start` and `end` are the span of the number, None for a result that did not come
    from text.
    """

    paper_id: str
    digest: str
    field: str | None
    start: int | None
    end: int | None
    verdict: Verdict
    reviewer: str
    original: Mapping[str, Any] | None = None
    corrected: Mapping[str, Any] | None = None
    note: str = ""
    reviewed_at: str = with_default(default_factory=lambda: datetime.now(UTC).isoformat(timespec="milliseconds"))
    id: str = with_default(default_factory=lambda: uuid.uuid4().hex)

    @property
    def claim(self) -> Mapping[str, Any] | None:
        """What the reviewer says is right: the original, the correction, or None where there is no such result."""
        return {"right": self.original, "fix": self.corrected, "missing": self.corrected}.get(self.verdict)


def review_result(
    paper: Paper,
    result: Result,
    verdict: Verdict,
    reviewer: str,
    *,
    corrected: Mapping[str, Any] | None = None,
    note: str = "",
) -> Review:
    """A verdict on one extracted result; `corrected` holds the fields that a `fix` changes, and only for a `fix`."""
    original = {name: getattr(result, name) for name in _SNAPSHOT}
    if (verdict == "fix") != (corrected is not None):
        raise ValueError("a fix, and nothing else, says what is right")
    fixed = None if corrected is None else {name: original[name] for name in EDITABLE} | _checked(corrected)
    return Review(
        paper_id=paper.paper_id,
        digest=text_digest(paper.title, paper.abstract),
        field=result.field,
        start=result.start,
        end=result.end,
        verdict=verdict,
        reviewer=reviewer,
        original=original,
        corrected=fixed,
        note=note,
    )


def review_missing(
    paper: Paper, field: str, start: int, end: int, slots: Mapping[str, Any], reviewer: str, *, note: str = ""
) -> Review:
    """A result that extraction did not find: the span of its number, and its slots (EDITABLE; absent ones are null)."""
    text = paper.title if field == "title" else paper.abstract
    if not text[start:end].strip():
        raise ValueError(f"there is no number at {start}:{end} of the {field}")
    corrected = (
        dict.fromkeys(EDITABLE) | {"kind": "score", "own": True} | _checked({**slots, "value_text": text[start:end]})
    )
    return Review(
        paper_id=paper.paper_id,
        digest=text_digest(paper.title, paper.abstract),
        field=field,
        start=start,
        end=end,
        verdict="missing",
        reviewer=reviewer,
        corrected=corrected,
        note=note,
    )


def _checked(slots: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(slots) - set(EDITABLE)
    if unknown:
        raise ValueError(f"no slots that can be corrected: {', '.join(sorted(unknown))}")
    if "value_text" in slots and parse_value(slots["value_text"] or "") is None:
        raise ValueError(f"{slots['value_text']!r} is not a number; write it as in the text, without its unit")
    if "kind" in slots and slots["kind"] not in get_args(Kind):
        raise ValueError(f"{slots['kind']!r} is no kind of result; write score, gain or cost")
    if "own" in slots and not isinstance(slots["own"], bool):
        raise ValueError("own is true or false")
    return {name: None if value == "" else value for name, value in slots.items()}


def reviews_path(results: str | Path) -> Path:
    """Where the reviews of a file of results stand by default: `results.jsonl` -> `results.reviews.sqlite`."""
    path = Path(results)
    name = path.name.removesuffix(".gz")
    return path.with_name(f"{name.rsplit('.', 1)[0] or name}.reviews.sqlite")


class ReviewStore:
    """The reviews of one file. Safe to use from several threads and processes at once; close it, or use `with`.

    Opening creates the file unless `read_only`, and brings an older schema up to date after copying the file to
    `NAME.v1.bak`. Raises InputError for a file that is not a store of reviews, OutputError where it cannot be written.
    """

    def __init__(self, path: str | Path, *, read_only: bool = False) -> None:
        self.path = Path(path)
        self.read_only = read_only
        self._lock = threading.Lock()
        if read_only and not self.path.exists():
            raise InputError(f"{self.path}: no such file of reviews")
        with _plain_errors(self.path):
            self._connection = _connect(self.path, read_only)
            try:
                if not read_only:
                    _use_wal(self._connection)
                self._migrate()
            except BaseException:
                self._connection.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the last one to close it folds the write-ahead log into it."""
        with self._lock:
            self._connection.close()

    def add(self, review: Review, paper: Paper) -> None:
        """Save one verdict with the text that it is about; on disk when this returns. Saving it twice changes
        nothing.
        """
        if review.digest != text_digest(paper.title, paper.abstract) or review.paper_id != paper.paper_id:
            raise ValueError("the review is about another text than the paper's")
        row = (
            *(review.id, review.paper_id, review.digest, review.field, review.start, review.end),
            *(review.verdict, review.reviewer, review.reviewed_at),
            *(_to_json(review.original), _to_json(review.corrected), review.note),
        )
        text = (paper.paper_id, review.digest, paper.title, paper.abstract)
        about = (paper.year, paper.date, paper.venue, paper.url)
        with self._writing() as connection:
            connection.execute("INSERT OR IGNORE INTO papers VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*text, *about))
            connection.execute(
                'INSERT INTO reviews (id, paper_id, digest, field, start, "end", verdict, reviewer, reviewed_at,'
                " original, corrected, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
                row,
            )

    def retract(self, review_id: str) -> bool:
        """Take a verdict back (it stays on record); False where there is no such verdict, or it is taken back
        already.
        """
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        with self._writing() as connection:
            query = "UPDATE reviews SET retracted_at = ? WHERE id = ? AND retracted_at IS NULL"
            return connection.execute(query, (now, review_id)).rowcount == 1

    def reviews(self, *, paper_id: str | None = None, reviewer: str | None = None) -> list[Review]:
        """The verdicts that stand, oldest first, of one paper or one reviewer where asked for."""
        names = [f.name for f in fields(Review)]
        columns = ", ".join(f'"{name}"' for name in names)
        query = (
            f"SELECT {columns} FROM reviews WHERE retracted_at IS NULL"
            " AND (:paper IS NULL OR paper_id = :paper) AND (:reviewer IS NULL OR reviewer = :reviewer)"
            " ORDER BY reviewed_at, rowid"
        )
        with self._lock, _plain_errors(self.path):
            rows = self._connection.execute(query, {"paper": paper_id, "reviewer": reviewer}).fetchall()
        return [_from_row(dict(zip(names, row, strict=True))) for row in rows]

    def papers(self) -> dict[tuple[str, str], Paper]:
        """The texts that were reviewed, by paper id and digest."""
        query = "SELECT paper_id, digest, title, abstract, year, date, venue, url FROM papers ORDER BY rowid"
        with self._lock, _plain_errors(self.path):
            rows = self._connection.execute(query).fetchall()
        return {
            (row[0], row[1]): Paper(
                paper_id=row[0], title=row[2], abstract=row[3], year=row[4], date=row[5], venue=row[6], url=row[7]
            )
            for row in rows
        }

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        if self.read_only:
            raise OutputError(f"{self.path}: was opened for reading only")
        with self._lock, _plain_errors(self.path), _transaction(self._connection) as connection:
            yield connection

    def _migrate(self) -> None:
        version = _version(self._connection, self.path)
        if version == SCHEMA_VERSION:
            return
        if self.read_only:
            raise InputError(
                f"{self.path}: has the schema of an older version ({version}); open it once where it can be written"
            )
        with _transaction(self._connection) as connection:
            version = _version(connection, self.path)  # somebody else may have been faster
            if 0 < version < SCHEMA_VERSION:
                _back_up(self.path, version)
            for number in range(version + 1, SCHEMA_VERSION + 1):
                for statement in _MIGRATIONS[number].split(";"):
                    if statement.strip():
                        connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _connect(path: Path, read_only: bool) -> sqlite3.Connection:
    if not read_only:
        return _open(path, "rwc")
    connection = _open(path, "ro")
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema")
    except sqlite3.OperationalError:
        connection.close()
        # In a folder that cannot be written SQLite may not make the shared-memory file that a log needs; without a log
        # there is nothing to share.
        if path.with_name(path.name + "-wal").exists():
            raise
        return _open(path, "ro&immutable=1")
    return connection


def _open(path: Path, mode: str) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch to WAL mode; SQLite does not wait by itself for another connection that is just switching."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
    connection.execute("PRAGMA synchronous = FULL")


@contextlib.contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _version(connection: sqlite3.Connection, path: Path) -> int:
    """The schema version of the file, 0 for an empty one. Raises InputError for a file of another program."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    application = int(connection.execute("PRAGMA application_id").fetchone()[0])
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if application != APPLICATION_ID and (tables or version):
        raise InputError(f"{path}: is a database of another program, not of reviews")
    if version > SCHEMA_VERSION:
        raise InputError(f"{path}: was written by a newer version of this program (schema {version}); update first")
    return version


def _back_up(path: Path, version: int) -> None:
    """Copy the file, as it is before a migration, to NAME.vN.bak; an older copy is never written over."""
    target = path.with_name(f"{path.name}.v{version}.bak")
    number = 1
    while target.exists():
        number += 1
        target = path.with_name(f"{path.name}.v{version}.{number}.bak")
    partial = target.with_name(target.name + ".part")
    partial.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(path)) as source, contextlib.closing(sqlite3.connect(partial)) as copy:
        source.backup(copy)
    partial.replace(target)


@contextlib.contextmanager
def _plain_errors(path: Path) -> Iterator[None]:
    """SQLite's errors, and the file system's, as one line that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        raise _plain_error(path, error) from None
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror or error}; nothing was saved") from None
    except UnicodeEncodeError:
        raise OutputError(
            f"{path}: half a character (a lone surrogate) cannot be saved; repair the paper's text"
        ) from None


def _plain_error(path: Path, error: sqlite3.Error) -> LeaderboardError:
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_FULL:
            return OutputError(f"{path}: the disk is full; the verdict was not saved, make room and give it again")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return OutputError(
                f"{path}: cannot be written; keep the reviews in a folder that you may write (--reviews)"
            )
        case sqlite3.SQLITE_IOERR:
            return OutputError(f"{path}: the disk does not take more (full, or failing); the verdict was not saved")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return OutputError(f"{path}: another program has kept it locked for {BUSY_SECONDS:.0f} seconds; try again")
        case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT:
            return InputError(f"{path}: is not a file of reviews, or is damaged; restore a copy or name another file")
        case _:
            return OutputError(f"{path}: the reviews cannot be used: {error}")


def _to_json(value: Mapping[str, Any] | None) -> str | None:
    return None if value is None else json.dumps(dict(value), ensure_ascii=False, sort_keys=True)


def _from_row(row: dict[str, Any]) -> Review:
    row |= {name: json.loads(row[name]) for name in ("original", "corrected") if row[name] is not None}
    return Review(**row)
