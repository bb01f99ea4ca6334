"""Overview: what is loaded, the liveliest boards, the newest records, what is covered, search over everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from leaderboard.dashboard import charts, overview_data, parts, session, words
from leaderboard.dashboard.marks import escape

if TYPE_CHECKING:
    import pandas as pd

    from leaderboard.dashboard.store import Store

_CARDS = 6
_FOUND = 20


def show() -> None:
    """Draw the page."""
    store = session.store()
    totals = parts.totals_of(store.digest)
    parts.title(
        "State of the art, as the abstracts report it",
        "Every number goes back to its sentence and to the rule that read it.",
    )
    text = st.text_input(
        "Search", key="find", bind="query-params", type="search", live=True, label_visibility="collapsed",
        icon=":material/search:", placeholder="Search data sets, metrics, tasks, methods and papers",
    )  # fmt: skip
    if text and text.strip():
        _search(store, text.strip())
        return
    parts.facts(
        [
            (f"{totals.papers:,}", "papers"),
            (f"{totals.results:,}", "results"),
            (f"{totals.boards:,}", "boards"),
            (words.years(totals.first_year, totals.last_year) or "none", "years"),
        ]
    )
    if not totals.results:
        parts.notice("No results yet.", "Add papers on the Extract page.")
        return
    boards = store.boards()
    if boards.empty:
        parts.notice(
            "No result names both a data set and a metric, so there are no boards.",
            "Look at the Paper and Gains pages.",
        )
    else:
        _liveliest(store, boards)
        _newest(store)
        _coverage(boards)
    _rejects(store)


def _liveliest(store: Store, boards: pd.DataFrame) -> None:
    parts.heading("Liveliest boards", "Those with results of most papers")
    chosen = words.records(boards.head(_CARDS))
    lines = parts.records_of(store.digest, tuple(board["key"] for board in chosen))
    for start in range(0, len(chosen), 3):
        for column, board in zip(st.columns(3, gap="small"), chosen[start : start + 3], strict=False):
            with (
                column,
                st.container(border=True, key=f"card-{start}-{boards.index[boards['key'] == board['key']][0]}"),
            ):
                best = words.score(board["best_score"], board["unit"])
                who = words.text_of(board["best_method"], "method not named")
                note = words.joined(
                    words.count(int(board["papers"]), "paper"), words.direction(board["higher_is_better"])
                )
                st.html(
                    f'<div class="lb-card-name" dir="auto">{escape(words.board_name(board))}</div>'
                    f'<div class="lb-card-best"><div><b>{escape(best)}</b>'
                    f'<div class="lb-quiet">{escape(who)}</div></div>'
                    f"{charts.sparkline(lines[board['key']], board['higher_is_better'])}</div>"
                    f'<div class="lb-quiet">{escape(note)}</div>'
                )
                _open_board(board["key"], f"card-open-{board['key']}", words.board_name(board))
    with parts.toolbar():
        parts.download_table(boards, "boards", "boards-csv", f"CSV of all {len(boards):,} boards")
        parts.link_to_view("overview")


def _open_board(key: str, widget: str, name: str) -> None:
    if st.button("Open board", key=widget, type="tertiary", icon=":material/arrow_forward:", icon_position="right"):
        parts.go("board", board=key)


def _newest(store: Store) -> None:
    newest = parts.newest_records(store.digest)
    if newest.empty:
        return
    parts.heading("Newest records", "The latest results that lead a board of two papers or more")
    frame = newest[["open", "when", "board", "method", "score", "title"]]
    st.dataframe(
        frame,
        hide_index=True,
        placeholder="",
        alt="Newest records",
        column_config={
            "open": st.column_config.ButtonColumn("", key="open-record", type="tertiary", width=70),
            "when": st.column_config.TextColumn("Date", width=100),
            "board": st.column_config.TextColumn("Board", width="large"),
            "method": st.column_config.TextColumn("Method", width="medium"),
            "score": st.column_config.TextColumn("Score", width=100),
            "title": st.column_config.TextColumn("Paper", width="large"),
        },
    )
    click = st.session_state.get("open-record")
    if click is not None:
        parts.go("board", board=newest.iloc[click["row"]]["key"])
    with parts.toolbar():
        parts.download_table(newest.drop(columns="open"), "newest records", "records-csv")


def _coverage(boards: pd.DataFrame) -> None:
    cells = overview_data.coverage(boards)
    if len(cells) < 2:
        return
    parts.heading(
        "Coverage",
        "Results by data set and metric; blank means none was found, not zero. Click a square to open its board.",
    )
    picked = parts.chart(
        lambda look: charts.coverage(cells, look),
        "coverage",
        f"Results by data set and metric: {cells['dataset'].nunique()} data sets, {cells['metric'].nunique()} metrics",
        "coverage",
        pick=True,
    )
    if picked:
        found = cells[(cells["dataset"] == picked.get("dataset")) & (cells["metric"] == picked.get("metric"))]
        if len(found):
            parts.go("board", board=found["key"].iloc[0])


def _rejects(store: Store) -> None:
    rejects = store.rejects()
    if rejects.empty:
        return
    with st.expander(f"{words.count(len(rejects), 'record')} could not be read", icon=":material/warning:"):
        shown = rejects[["file", "record", "reason", "message"]].head(1000)
        st.dataframe(shown, hide_index=True, placeholder="", alt="Records that could not be read")
        parts.download_table(rejects, "rejects", "overview-rejects-csv")


def _search(store: Store, text: str) -> None:
    found = overview_data.search(store, text, _FOUND)
    parts.link_to_view("overview", find=text)
    if all(frame.empty for frame in found.values()):
        parts.notice(f"Nothing found for {text}.", "Try a shorter word, or clear the search.")
        return
    titles: dict[str, tuple[str, dict[str, Any]]] = {
        "boards": (
            "Boards",
            {"name": "Board", "papers": "Papers", "best": "Best", "best_method": "By", "years": "Years"},
        ),
        "methods": ("Methods", {"method": "Method", "boards": "Boards", "results": "Results", "papers": "Papers"}),
        "papers": ("Papers", {"title": "Title", "year": "Year", "results": "Results"}),
    }
    for name, (heading, columns) in titles.items():
        frame = found[name]
        if frame.empty:
            continue
        parts.heading(heading, f"The first {_FOUND}" if len(frame) == _FOUND else words.count(len(frame), name[:-1]))
        shown = frame.assign(open="Open")[["open", *columns]]
        config: dict[str, Any] = {key: st.column_config.Column(label) for key, label in columns.items()}
        config["open"] = st.column_config.ButtonColumn("", key=f"open-{name}", type="tertiary", width=70)
        if "year" in columns:
            config["year"] = st.column_config.NumberColumn("Year", format="%d")
        st.dataframe(shown, hide_index=True, placeholder="", column_config=config, alt=heading)
        parts.download_table(frame, f"{heading} {text}", f"found-{name}-csv")
        click = st.session_state.get(f"open-{name}")
        if click is not None:
            row = frame.iloc[click["row"]]
            if name == "boards":
                parts.go("board", board=row["key"])
            elif name == "methods":
                parts.go("compare", methods=[row["method"]])
            else:
                parts.go("paper", paper=row["paper_id"])


show()
