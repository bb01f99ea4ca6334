"""Papers in, results or mentions out: `extract` and `mentions`."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import orjson

from leaderboard.commands.terminal import Tally, counted, say, wants_progress, with_progress
from leaderboard.errors import InputError, OutputError
from leaderboard.models import Mention, Paper, Reject
from leaderboard.papers import PaperStream, read_papers
from leaderboard.table import open_output, open_results_writer

WriteLine = Callable[[Paper | Reject | Mention], None]


def extract(
    inputs: Sequence[str],
    out: str | None,
    *,
    to: str | None = None,
    format_name: str | None = None,
    workers: int | None = None,
    rejects_to: str | None = None,
    papers_to: str | None = None,
    progress: bool | None = None,
) -> None:
    """Write the results of all papers to `out`; the papers as read and all rejects to files of their own if asked."""
    from leaderboard.run import extract_records

    stream = read_papers(inputs, format=format_name)
    check_places(stream, out, rejects_to, papers_to)
    tally = Tally("result")
    shown = wants_progress(progress, data_on_terminal=out is None)
    with (
        rejects_to_file(rejects_to) as write_reject,
        json_lines_to(papers_to) as write_paper,
        open_results_writer(out, to) as writer,
    ):
        records = extract_records(_noting_papers(stream, write_paper), workers=workers or default_workers())
        for record in with_progress(records, stream, tally, shown=shown):
            if isinstance(record, Reject):
                write_reject(record)
                continue
            tally.papers += 1
            tally.found += len(record.results)
            writer.write_all(record.results)
            for reject in record.rejects:
                write_reject(reject)
                if reject.type == "record":
                    tally.failed.append(reject)
    _report(stream, tally, out, shown=shown, rejects_listed=rejects_to is not None)


def mentions(
    inputs: Sequence[str],
    out: str | None,
    *,
    format_name: str | None = None,
    workers: int | None = None,
    rejects_to: str | None = None,
    progress: bool | None = None,
) -> None:
    """Write every mention of all papers to `out` as JSON lines."""
    from leaderboard.run import mention_records

    stream = read_papers(inputs, format=format_name)
    check_places(stream, out, rejects_to)
    tally = Tally("mention")
    shown = wants_progress(progress, data_on_terminal=out is None)
    with rejects_to_file(rejects_to) as write_reject, json_lines_to(out, standard_output=True) as write_mention:
        records = mention_records(stream.records(), workers=workers or default_workers())
        for record in with_progress(records, stream, tally, shown=shown):
            if isinstance(record, Reject):
                write_reject(record)
                if record.reason == "internal_error":
                    tally.failed.append(record)
                continue
            tally.papers += 1
            tally.found += len(record)
            for mention in record:
                write_mention(mention)
    _report(stream, tally, out, shown=shown, rejects_listed=rejects_to is not None)


def default_workers() -> int:
    """As many as this process may use cores."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


def check_places(stream: PaperStream, *outputs: str | None) -> None:
    """Refuse an output that is also an input, or two outputs in one place, before either is lost.

    Raises:
        OutputError: names the place.
    """
    taken = {os.path.realpath(file.path): "an input" for file in stream.files if file.path is not None and file.chosen}
    for output in outputs:
        if output is None:
            continue
        place = os.path.realpath(output)
        if place in taken and not _is_device(Path(place)):
            raise OutputError(f"{output} is {taken[place]} too; name another place")
        taken[place] = "another output"


def _is_device(path: Path) -> bool:
    return path.exists() and not path.is_file()  # /dev/null may be named twice


@contextlib.contextmanager
def json_lines_to(path: str | None, *, standard_output: bool = False) -> Iterator[WriteLine]:
    """A function that writes a record as a line of JSON to `path`; without a path to standard output or nowhere."""
    if path is None and not standard_output:
        yield lambda record: None
        return
    with open_output(path) as file:
        yield lambda record: _write_line(file.write, record)


@contextlib.contextmanager
def rejects_to_file(path: str | None) -> Iterator[WriteLine]:
    """As `json_lines_to`; the file appears also where nothing could be read, since it says why."""
    failure: InputError | None = None
    with json_lines_to(path) as write:
        try:
            yield write
        except InputError as error:
            failure = error
    if failure is not None:
        raise failure


def _write_line(write: Callable[[bytes], int], record: Paper | Reject | Mention) -> None:
    write(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))


def _noting_papers(stream: PaperStream, write_paper: WriteLine) -> Iterator[Paper | Reject]:
    for record in stream.records():
        if isinstance(record, Paper):
            write_paper(record)
        yield record


def _report(stream: PaperStream, tally: Tally, out: str | None, *, shown: bool, rejects_listed: bool) -> None:
    """At the end the counts, if progress was shown, and in any case how many records could not be read."""
    if shown:
        say(tally.describe() + (f" -> {out}" if out is not None else ""))
    hint = "" if rejects_listed else " (--rejects FILE lists all)"
    if stream.first_reject is not None:
        say(f"{counted(stream.records_rejected, 'record')} rejected{hint}; the first: {stream.first_reject.message}")
    if tally.failed:
        say(f"{counted(len(tally.failed), 'paper')} failed{hint}; the first: {tally.failed[0].message}")
