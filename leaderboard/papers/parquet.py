"""Papers as a Parquet table with columns named title and abstract."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from typing import IO

from leaderboard.models import Paper, Reject
from leaderboard.papers.record import BadRecordError, fields_of, holds_text, paper_from_fields, place_of
from leaderboard.papers.source import Source, UnreadableInputError

ROWS_AT_A_TIME = 1024


def read_parquet(source: Source) -> Iterator[Paper | Reject]:
    """One paper a row, a thousand rows at a time; only the columns that mean something to us are read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    number = 0
    with contextlib.ExitStack() as stack:
        file: IO[bytes]
        if source.path is not None and source.is_regular and not source.zipped:
            file = stack.enter_context(source.path.open("rb"))
        else:  # a Parquet file is read from its end: what comes through a pipe or packed is put on the disk first
            file = stack.enter_context(tempfile.TemporaryFile())
            shutil.copyfileobj(source.bytes, file)
            file.seek(0)
        try:
            table = pq.ParquetFile(file)
            columns = table.schema_arrow.names
            if not holds_text(columns):
                raise UnreadableInputError(
                    "no_text_column", f"no column named title or abstract (there are: {', '.join(columns[:8])})"
                )
            known = [name for name in columns if place_of(name) is not None]
            # One thread: several keep more memory the longer they read (500,000 abstracts: 236 MB against 158).
            for batch in table.iter_batches(batch_size=ROWS_AT_A_TIME, columns=known, use_threads=False):
                for row in batch.to_pylist():
                    number += 1
                    try:
                        yield paper_from_fields(fields_of(row), fallback_id=source.record_id(number))
                    except BadRecordError as error:
                        yield source.reject(number, error.reason, error.message)
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise UnreadableInputError(
                "invalid_parquet", f"after {number} rows: {' '.join(str(error).split())}"
            ) from error
