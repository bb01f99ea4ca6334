"""One input as bytes and as lines: a file or standard input, unzipped, its encoding told, its damage noted."""

from __future__ import annotations

import codecs
import contextlib
import gzip
import io
import os
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

from leaderboard.models import Reject

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

HEAD_SIZE = 1 << 16
"""How many bytes are looked at to tell a format."""
MESSAGE_LIMIT = 500
PIECE_SIZE = 1 << 16
LINE_LIMIT = 1 << 26
"""The longest line, in characters, that is read: 64 Mi. A longer one is skipped, so that memory stays bounded."""
_BYTE_ORDER_MARKS = (  # UTF-32's mark begins with UTF-16's, so it comes first
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)


class UnreadableInputError(Exception):
    """An input of which nothing more can be read: a reason code and a sentence."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


class Source:
    """An open input.

    `path` is None for standard input; `name` is what record ids begin with and `file` what rejects name. `position` is
    the number of bytes read from the disk, for progress.
    """

    def __init__(self, path: Path | None, name: str) -> None:
        self.path = path
        self.name = text_of_path(name)
        self.file = "-" if path is None else text_of_path(path)
        self.damage: str | None = None
        self.lines_read = 0
        self.skipped: list[Reject] = []
        self._raw: IO[bytes] = sys.stdin.buffer if path is None else path.open("rb")
        self.is_regular = path is not None and self._raw.seekable()
        self.head = _read_fully(self._raw, HEAD_SIZE)
        self.zipped = self.head.startswith(b"\x1f\x8b")
        self.bytes: io.BufferedReader = io.BufferedReader(_Rest(self.head, self._raw), HEAD_SIZE)
        if self.zipped:
            unzipped = _Unzipped(gzip.GzipFile(fileobj=self.bytes, mode="rb"), self)
            self.head = _read_fully(unzipped, HEAD_SIZE)
            self.bytes = io.BufferedReader(_Rest(self.head, unzipped), HEAD_SIZE)
        self.encoding = next((name for mark, name in _BYTE_ORDER_MARKS if self.head.startswith(mark)), "utf-8")

    @property
    def position(self) -> int:
        """Bytes taken from the disk so far (the packed size for packed files)."""
        return self._raw.tell() if self.is_regular and not self._raw.closed else 0

    @property
    def head_text(self) -> str:
        """The beginning as text, to tell the format by; its last character may be cut."""
        return self.head.decode(self.encoding, "replace").removeprefix("\ufeff")

    def close(self) -> None:
        """Close the file; standard input is left open."""
        if self.path is not None:
            self._raw.close()

    def record_id(self, number: int) -> str:
        """The id of a record that has none of its own: the file's name and the record's number, from 1."""
        return f"{self.name}#{number}"

    def reject(self, record: int | None, reason: str, message: str, paper_id: str | None = None) -> Reject:
        """The reject of a record, or with None of the rest of the file; its message begins with the place."""
        where = f"{self.file}, record {record}" if record is not None else self.file
        message = f"{where}: {' '.join(writable(message).split())}"
        if len(message) > MESSAGE_LIMIT:
            message = f"{message[:MESSAGE_LIMIT]} …"
        paper_id = None if paper_id is None else writable(paper_id)
        return Reject(type="record", file=self.file, record=record, paper_id=paper_id, reason=reason, message=message)

    def lines(self) -> Iterator[tuple[int, str]]:
        r"""Numbered lines from 1, each with its end of line as it is; bytes that are not UTF-8 become lone surrogates.

        A line beyond LINE_LIMIT is left out and put among `skipped`; a last line that the damage of a packed file cuts
        is left out. Files that end their lines with "\r" alone are cut there.
        """
        end = "\r" if b"\r" in self.head and b"\n" not in self.head else "\n"
        with self._text(end) as text:
            while line := text.readline(LINE_LIMIT):
                self.lines_read += 1
                if line.endswith(end):
                    yield self.lines_read, line
                elif len(line) >= LINE_LIMIT:
                    message = f"line {self.lines_read} is longer than {LINE_LIMIT:,} characters and is skipped"
                    self.skipped.append(self.reject(None, "line_too_long", message))
                    while (rest := text.readline(LINE_LIMIT)) and not rest.endswith(end):
                        pass
                elif self.damage is None:
                    yield self.lines_read, line

    def pieces(self) -> Iterator[str]:
        """The text in pieces of no particular size; bytes that are not UTF-8 become lone surrogates."""
        with self._text("") as text:
            while piece := text.read(PIECE_SIZE):
                yield piece

    @contextlib.contextmanager
    def _text(self, newline: str) -> Iterator[io.TextIOWrapper]:
        text = io.TextIOWrapper(self.bytes, encoding=self.encoding, errors="surrogateescape", newline=newline)
        try:
            yield text
        except UnicodeDecodeError as error:
            raise UnreadableInputError(
                "bad_encoding", f"what follows line {self.lines_read} is not valid {self.encoding} ({error.reason})"
            ) from error
        finally:
            text.detach()


class _Rest(io.RawIOBase):
    """A stream that begins with bytes already taken from it."""

    def __init__(self, head: bytes, stream: IO[bytes] | io.RawIOBase) -> None:
        self._head = memoryview(head)
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        target = memoryview(buffer).cast("B")
        data: bytes | memoryview
        if self._head:
            data = self._head[: len(target)]
            self._head = self._head[len(data) :]
        else:
            data = self._stream.read(len(target)) or b""
        target[: len(data)] = data
        return len(data)


class _Unzipped(io.RawIOBase):
    """The content of a packed file up to where it is damaged; the damage is noted instead of raised."""

    def __init__(self, stream: gzip.GzipFile, source: Source) -> None:
        self._stream = stream
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        target = memoryview(buffer).cast("B")
        if self._source.damage is not None:
            return 0
        try:
            data = self._stream.read1(len(target))
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            self._source.damage = str(error).rstrip(".")
            return 0
        target[: len(data)] = data
        return len(data)


def writable(text: str) -> str:
    """The text without lone surrogates, which no output can hold: "?" stands in their place."""
    return text.encode("utf-8", "replace").decode("utf-8")


def text_of_path(path: str | Path) -> str:
    """A path as text that every output can hold: what is not UTF-8 in it is replaced."""
    return os.fsencode(path).decode("utf-8", "replace")


def _read_fully(stream: IO[bytes] | io.RawIOBase, size: int) -> bytes:
    """Up to `size` bytes, asking again while a pipe gives less."""
    parts: list[bytes] = []
    while size > 0 and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
