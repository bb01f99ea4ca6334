"""Extraction of many papers in a process of its own, so that the server stays quick and every core takes part.

    python -m leaderboard.dashboard.extracting PAPERS.parquet RESULTS.parquet

Its output has a line for every so many papers: how many are done, and how many results they gave.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from leaderboard.errors import LeaderboardError

_EVERY = 200


def extract_file(papers: Path, results: Path, progress: Callable[[int, int], None], *, workers: int = 1) -> None:
    """Extract a file of prepared papers into a file of results.

    `progress` is told how many papers are done and how many results they gave.

    Raises:
        LeaderboardError: the rules' own data is broken, or the place cannot be written.
    """
    from leaderboard.dashboard.sources import read_prepared_papers
    from leaderboard.run import run_extraction
    from leaderboard.table import open_results_writer

    with open_results_writer(results) as writer:
        for done, extraction in enumerate(run_extraction(read_prepared_papers(papers), workers=workers), 1):
            writer.write_all(extraction.results)
            if done % _EVERY == 0:
                progress(done, writer.count)


def extract_file_apart(papers: Path, results: Path, progress: Callable[[int, int], None]) -> None:
    """The same in a process of its own, on all cores.

    Raises:
        LeaderboardError: the process failed; says how.
    """
    from leaderboard.dashboard.launch import environment

    command = [sys.executable, "-m", __name__, str(papers), str(results)]
    with (
        tempfile.TemporaryFile() as complaints,
        subprocess.Popen(
            command,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
        ) as child,
    ):
        assert child.stdout is not None
        try:
            for line in child.stdout:
                done, _, count = line.partition(" ")
                progress(int(done), int(count))
        except BaseException:  # the visitor left, or the server ends: nobody waits for the outcome
            child.kill()
            raise
        status = child.wait()
        complaints.seek(0)
        said = complaints.read().decode(errors="replace").strip().splitlines()
    if status:
        raise LeaderboardError(f"the extraction failed: {said[-1] if said else f'it ended with status {status}'}")


def main(papers: str, results: str) -> int:
    """Extract, and tell the parent process how far it is; the exit status."""
    try:
        extract_file(
            Path(papers),
            Path(results),
            lambda done, count: print(done, count, flush=True),
            workers=os.cpu_count() or 1,
        )
    except LeaderboardError as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:  # the server is gone
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
