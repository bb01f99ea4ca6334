"""A function over a stream of items, in this process or in several; the outcomes come in the order of the items."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import resource_tracker
from typing import TypeVar

from leaderboard.errors import LeaderboardError

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")

CHUNK_SIZE = 64
"""Items that travel to a worker together: enough to make the journey cheap, few enough to keep memory small."""
CHUNKS_AHEAD = 4
"""Chunks under way per worker."""
HEAD_SIZE = 1024
"""The first items are done here: they take about as long as it takes a worker to start and to load its rules."""


def map_ordered(function: Callable[[Item], Outcome], items: Iterable[Item], *, workers: int = 1) -> Iterator[Outcome]:
    """The outcome of `function` for each item, in order.

    At most `(workers * CHUNKS_AHEAD + 1) * CHUNK_SIZE` items are taken ahead. Workers find `function` by its module and
    name. What the function raises ends the whole.

    Raises:
        LeaderboardError: a worker process ended.
        ValueError: fewer than one worker.
    """
    if workers < 1:
        raise ValueError(f"workers is {workers}; at least 1 is needed")
    stream = iter(items)
    for item in stream if workers == 1 else islice(stream, HEAD_SIZE):
        yield function(item)
    if workers > 1:
        first = list(islice(stream, CHUNK_SIZE))
        if first:
            yield from _in_processes(function, first, stream, workers)


def _in_processes(
    function: Callable[[Item], Outcome], first: list[Item], stream: Iterator[Item], workers: int
) -> Iterator[Outcome]:
    # "spawn" and not "fork": the parent may have threads (a progress display, a server), which a fork would cut.
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _prepare_worker)
    pending: deque[Future[list[Outcome]]] = deque()
    chunk = first
    try:
        while chunk or pending:
            while chunk and len(pending) < workers * CHUNKS_AHEAD:
                with _signals_held():  # here a worker may be started
                    pending.append(pool.submit(_outcomes, function, chunk))
                chunk = list(islice(stream, CHUNK_SIZE))
            yield from pending.popleft().result()
    except BrokenProcessPool as error:
        raise LeaderboardError(
            "a worker process ended unexpectedly (killed, or out of memory); run again with fewer workers (--workers 1)"
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _outcomes(function: Callable[[Item], Outcome], chunk: list[Item]) -> list[Outcome]:
    return [function(item) for item in chunk]


@contextlib.contextmanager
def _signals_held() -> Iterator[None]:
    """Hold the signals that end this process back for a moment, so that it does not leave a worker half started.

    A worker inherits that: Ctrl-C, which a terminal sends to all processes, is left to this one.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # it would let signals through again, were it started with the first worker
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _prepare_worker() -> None:
    """Leave Ctrl-C to the parent, and end with it even if it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)
