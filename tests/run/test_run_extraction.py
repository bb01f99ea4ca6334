"""The same extraction in one process and in several: the same outcome, bounded reading ahead, clear failures."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from leaderboard import run
from leaderboard.errors import LeaderboardError
from leaderboard.models import Paper, Reject
from leaderboard.run import extract_records, extract_table, mention_records, ordered, run_extraction
from leaderboard.run.ordered import CHUNK_SIZE, CHUNKS_AHEAD, HEAD_SIZE, map_ordered

PAPERS = [
    Paper(f"p{i}", f"Stone{i}: Sorting Stones", f"Stone{i} reaches {50 + i % 50}.{i % 10}% accuracy on MNIST.")
    for i in range(7 * CHUNK_SIZE)
]


def double(number: int) -> int:
    if number % 7 == 0:
        time.sleep(0.001)  # chunks end out of order
    return 2 * number


def die(number: int) -> int:
    if number > HEAD_SIZE + 2 * CHUNK_SIZE:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def refuse(number: int) -> int:
    if number == HEAD_SIZE + CHUNK_SIZE:
        raise LeaderboardError("number refused")
    return number


def test_outcomes_come_in_order_and_reading_ahead_is_bounded() -> None:
    taken = 0

    def numbers() -> Iterator[int]:
        nonlocal taken
        while taken < 4000:
            taken += 1
            yield taken - 1

    ahead = 0
    for place, outcome in enumerate(map_ordered(double, numbers(), workers=2)):
        assert outcome == 2 * place
        ahead = max(ahead, taken - place)
    assert taken == 4000
    assert ahead <= (2 * CHUNKS_AHEAD + 2) * CHUNK_SIZE


def test_one_worker_reads_nothing_ahead() -> None:
    numbers = iter(range(10))
    outcomes = map_ordered(double, numbers)
    assert next(outcomes) == 0
    assert next(numbers) == 1


def test_a_worker_that_dies_is_one_clear_line() -> None:
    with pytest.raises(LeaderboardError, match="a worker process ended unexpectedly") as caught:
        list(map_ordered(die, range(2000), workers=2))
    assert "\n" not in str(caught.value)


def test_an_error_in_a_worker_keeps_its_words() -> None:
    with pytest.raises(LeaderboardError, match=r"^number refused$"):
        list(map_ordered(refuse, range(2000), workers=2))


def test_fewer_than_one_worker_is_refused() -> None:
    with pytest.raises(ValueError, match="workers is 0"):
        list(map_ordered(double, [1], workers=0))


def test_the_outcome_does_not_depend_on_the_number_of_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ordered, "HEAD_SIZE", CHUNK_SIZE)
    reject = Reject(type="record", file="f", record=3, reason="no_text", message="m")
    records: list[Paper | Reject] = [*PAPERS[:3], reject, *PAPERS[3:300], reject, *PAPERS[300:]]
    one = list(extract_records(records))
    assert list(extract_records(records, workers=2)) == one
    assert [place for place, record in enumerate(one) if record == reject] == [3, 301]
    assert sum(len(record.results) for record in one if not isinstance(record, Reject)) >= len(PAPERS)


def test_a_paper_on_which_the_extraction_fails_does_not_cost_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    from leaderboard import extraction

    real = extraction.extract_paper

    def extract_paper(paper: Paper) -> extraction.Extraction:
        if paper.paper_id == "p1":
            raise RecursionError("too deep\nfor me")
        return real(paper)

    monkeypatch.setattr(extraction, "extract_paper", extract_paper)
    first, second, third = run_extraction(PAPERS[:3])
    assert first.results
    assert third.results
    assert second.results == []
    assert [(reject.type, reject.paper_id, reject.reason) for reject in second.rejects] == [
        ("record", "p1", "internal_error")
    ]
    assert second.rejects[0].message.startswith("paper p1: RecursionError: too deep for me (")


def test_broken_rules_end_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    from leaderboard import extraction

    def extract_paper(paper: Paper) -> None:
        raise LeaderboardError("the lexicon is broken")

    monkeypatch.setattr(extraction, "extract_paper", extract_paper)
    monkeypatch.setattr(extraction, "find_mentions", extract_paper)
    with pytest.raises(LeaderboardError, match="the lexicon is broken"):
        list(run_extraction(PAPERS[:3]))
    with pytest.raises(LeaderboardError, match="the lexicon is broken"):
        list(mention_records(PAPERS[:3]))


def test_mentions_of_papers_and_rejects_in_their_places() -> None:
    reject = Reject(type="record", reason="no_text", message="m")
    first, second = mention_records([PAPERS[0], reject])
    assert not isinstance(first, Reject)
    assert {mention.type for mention in first} >= {"value", "metric"}
    assert second == reject


def test_a_table_of_all_results() -> None:
    table = extract_table(PAPERS[:20])
    assert list(table["paper_id"].unique()) == [paper.paper_id for paper in PAPERS[:20]]
    assert run.extract_table is extract_table


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="needs process groups")
def test_workers_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text(
        "import itertools, time\n"
        "from leaderboard.run.ordered import map_ordered\n"
        "def slow(n):\n"
        "    time.sleep(0.001)\n"
        "    return n\n"
        "if __name__ == '__main__':\n"
        "    for n in map_ordered(slow, itertools.count(), workers=2):\n"
        "        if n == 1200: print('started', flush=True)\n"
    )
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, tmp_path / "slow.py"],
        stdout=subprocess.PIPE,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"started\n"
        process.kill()
    for _ in range(100):
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGKILL)
    pytest.fail("workers outlived their parent by ten seconds")
