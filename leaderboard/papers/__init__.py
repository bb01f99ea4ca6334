"""Papers in: one reader per format, told apart by content; what cannot be read is reported, and the rest goes on."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from leaderboard.errors import InputError
from leaderboard.models import Paper, Reject
from leaderboard.papers.formats import FORMATS, check_format, reader_for
from leaderboard.papers.inputs import InputFile, expand
from leaderboard.papers.source import Source, UnreadableInputError, text_of_path

__all__ = ["FORMATS", "PaperStream", "read_papers"]

_log = logging.getLogger(__name__)


def read_papers(
    inputs: Sequence[str | Path] | str | Path,
    *,
    format: str | None = None,  # noqa: A002 - the name that the command line and the writers use
    on_reject: Callable[[Reject], None] | None = None,
) -> PaperStream:
    """Read papers from files, folders (all below them), globs and "-" (standard input), in the order given.

    The format of each file is told by its content, its suffix helping; `format` (one of FORMATS) sets it for all. Any
    file may be packed with gzip. Title, abstract and id are verbatim; a record without an id gets the name of its file
    and its number ("page.txt#3").

    A record that cannot be read is passed to `on_reject` (without it, logged) and the rest goes on. Papers come one by
    one: memory does not grow with the input.

    Raises:
        InputError: at once for an input that is not there; at the end if there was something and none of it could be
            read.
    """
    if isinstance(inputs, (str, Path)):
        inputs = [inputs]
    check_format(format)
    return PaperStream(expand(inputs), format, on_reject or _log_reject)


class PaperStream(Iterator[Paper]):
    """An iterator over papers that knows how far it has come."""

    def __init__(
        self, files: list[InputFile], format_name: str | None, on_reject: Callable[[Reject], None] = lambda reject: None
    ) -> None:
        self.files = tuple(files)
        self.papers_read = 0
        self.records_rejected = 0
        self.first_reject: Reject | None = None
        self._format = format_name
        self._on_reject = on_reject
        self._source: Source | None = None
        self._bytes_done = 0
        self._records = self._all()

    @property
    def bytes_total(self) -> int | None:
        """The size of all files as they are on the disk; None where it cannot be known (standard input)."""
        try:
            return sum(file.path.stat().st_size for file in self.files if file.path is not None) or None
        except OSError:
            return None

    @property
    def bytes_read(self) -> int:
        """How much of `bytes_total` has been read."""
        return self._bytes_done + (self._source.position if self._source is not None else 0)

    def __iter__(self) -> PaperStream:
        return self

    def __next__(self) -> Paper:
        for record in self._records:
            if isinstance(record, Paper):
                return record
            self._on_reject(record)
        raise StopIteration

    def records(self) -> Iterator[Paper | Reject]:
        """Papers and rejects in the order of the input, without calling `on_reject`."""
        return self._records

    def _all(self) -> Iterator[Paper | Reject]:
        problem: Reject | None = None
        for file in self.files:
            for record in self._one(file):
                if isinstance(record, Paper):
                    self.papers_read += 1
                else:
                    self.records_rejected += 1
                    self.first_reject = self.first_reject or record
                    if problem is None and record.reason != "empty_file":
                        problem = record
                yield record
        if self.papers_read == 0 and problem is not None:
            others = self.records_rejected - 1
            raise InputError(f"{problem.message} (nothing could be read{f'; {others} more rejects' if others else ''})")

    def _one(self, file: InputFile) -> Iterator[Paper | Reject]:
        try:
            source = self._source = Source(file.path, file.name)
        except OSError as error:
            yield _reject_of(file, "unreadable", f"cannot be read ({error.strerror or error})")
            return
        try:
            if not source.head_text and source.damage is None:
                yield source.reject(None, "empty_file", "the file is empty")
                return
            for record in reader_for(source, self._format, chosen=file.chosen)(source):
                while source.skipped:
                    yield source.skipped.pop(0)
                yield record
        except UnreadableInputError as error:
            yield source.reject(None, error.reason, error.message)
        except OSError as error:
            yield source.reject(None, "unreadable", f"reading failed ({error.strerror or error})")
        finally:
            self._bytes_done += source.position
            self._source = None
            source.close()
        yield from source.skipped
        if source.damage is not None:
            yield source.reject(None, "damaged_gzip", f"the packed file is damaged, the rest is lost ({source.damage})")


def _reject_of(file: InputFile, reason: str, message: str) -> Reject:
    name = "-" if file.path is None else text_of_path(file.path)
    return Reject(type="record", file=name, reason=reason, message=f"{name}: {message}")


def _log_reject(reject: Reject) -> None:
    _log.warning("%s", reject.message)
