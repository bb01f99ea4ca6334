"""The table that a visitor sees: what the dashboard was started with, and what this visitor added."""

from __future__ import annotations

import argparse
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from leaderboard.dashboard import cache, placing, sources
from leaderboard.dashboard.placing import Prepared
from leaderboard.dashboard.sources import Part
from leaderboard.dashboard.store import Store
from leaderboard.errors import LeaderboardError

_ADDED = "_lb_added"
_PAGE = "_lb_page"
_OWN = "_lb_"


class _Registry:
    """The prepared tables of this server, so that each is made by one visitor and used by all."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.prepared: dict[tuple[str, ...], Prepared] = {}


@st.cache_resource(show_spinner=False)
def _registry() -> _Registry:
    return _Registry()


@st.cache_resource(show_spinner=False, max_entries=16)
def _open(digest: str, _prepared: Prepared) -> Store:
    return Store(_prepared)


def base() -> Prepared:
    """What the dashboard was started with; prepared at the first visit, with progress on the page.

    Raises:
        LeaderboardError: the files cannot be read.
    """
    arguments = tuple(sys.argv[1:])
    registry = _registry()
    if arguments not in registry.prepared:
        place = st.empty()
        with place.container():
            st.html('<h1 class="lb-title">Getting the results ready</h1>')
            bar = st.progress(0.0, "Waiting for the files")
            st.skeleton(height=280)
        with registry.lock:
            if arguments not in registry.prepared:
                registry.prepared[arguments] = _prepare(arguments, progress_on(bar))
        place.empty()
    return registry.prepared[arguments]


def progress_on(bar: Any) -> sources.Progress:
    """Progress that is shown on a bar; what is done may name a user's file, so its signs are taken as they are."""

    def show(what: str, share: float | None) -> None:
        plain = "".join(c if c.isalnum() or c in " .,:-" else f"\\{c}" for c in what)
        bar.progress(min(share or 0.0, 1.0), plain)

    return show


def _prepare(arguments: tuple[str, ...], progress: sources.Progress) -> Prepared:
    parser = argparse.ArgumentParser(prog="leaderboard app", exit_on_error=False, add_help=False)
    parser.add_argument("files", nargs="*")
    parser.add_argument("--papers", action="append", default=[])
    try:
        options, unknown = parser.parse_known_args(list(arguments))
    except argparse.ArgumentError as error:
        raise LeaderboardError(f"{error}; give files, and --papers FILE for the texts behind results") from error
    if unknown:
        raise LeaderboardError(
            f"{unknown[0]}: no such option; give files, and --papers FILE for the texts behind results"
        )
    cache.forget_old()
    return placing.prepare(options.files, options.papers, progress)


def added() -> list[Part]:
    """What this visitor added on the Extract page."""
    found: list[Part] = st.session_state.setdefault(_ADDED, [])
    return found


def add(addition: Part) -> None:
    """Add results to this visitor's table; the same ones twice are added once."""
    if all(part.digest != addition.digest for part in added()):
        st.session_state[_ADDED] = [*added(), addition]


def forget_added() -> None:
    """Go back to what the dashboard was started with."""
    st.session_state[_ADDED] = []


def store() -> Store:
    """The table of this visitor: as reviewers left it, but on the page where they judge what was extracted.

    Raises:
        LeaderboardError: the file of reviews is damaged.
    """
    prepared = base()
    verdicts = None if st.session_state.get(_PAGE) == "review" else _verdicts()
    if added() or verdicts:
        prepared = placing.place_anew(prepared, added(), verdicts)
    return _open(prepared.digest, prepared)


def _verdicts() -> placing.Verdicts | None:
    """The verdicts of the file of reviews, read anew when it has changed."""
    path = reviews_file()
    files = [file for file in (path, path.with_name(f"{path.name}-wal")) if file.exists()]
    return _verdicts_in(str(path), tuple((file.stat().st_mtime_ns, file.stat().st_size) for file in files))


@st.cache_resource(show_spinner=False, max_entries=4)
def _verdicts_in(path: str, stamp: tuple[tuple[int, int], ...]) -> placing.Verdicts | None:
    return placing.verdicts_in(Path(path))


def reviews_file() -> Path:
    """Where the verdicts on this table stand."""
    from leaderboard.audit.review_desk import default_reviews_path

    given = sys.argv[1:]
    return default_reviews_path(
        [a for i, a in enumerate(given) if not a.startswith("--") and (i == 0 or given[i - 1] != "--papers")]
    )


def store_of(parts: list[Part]) -> Store:
    """A table of its own, of what was dropped on a page.

    Raises:
        LeaderboardError: a file of results cannot be read.
    """
    prepared = placing.place(parts)
    return _open(prepared.digest, prepared)


def enter(page: str) -> None:
    """Forget the inputs of the page that was left, so that the next one starts from its address alone."""
    if st.session_state.get(_PAGE, page) != page:
        for key in [key for key in st.session_state if not str(key).startswith(_OWN)]:
            del st.session_state[key]
    st.session_state[_PAGE] = page


def chosen(key: str, valid: Callable[[Any], bool], default: Any) -> Any:
    """The value of an input that is bound to the address, put right before the input is drawn if it fits nothing."""
    value = st.session_state.get(key, st.query_params.get(key))
    if not valid(value):
        value = default
        st.session_state[key] = value
    return value
