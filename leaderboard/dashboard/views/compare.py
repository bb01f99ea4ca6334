"""Compare: two to six methods over the boards that they share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from leaderboard.dashboard import charts, compare_data, parts, session, words

if TYPE_CHECKING:
    import pandas as pd

    from leaderboard.dashboard.store import Store

_OPTIONS = 500
_MOST = 6


def show() -> None:
    """Draw the page."""
    store = session.store()
    parts.title("Compare methods", "Two to six of them, over the boards that they share.")
    known = parts.methods_of(store.digest, "", _OPTIONS)
    methods = st.multiselect(
        "Methods",
        known["method"].tolist(),
        key="methods",
        bind="query-params",
        max_selections=_MOST,
        accept_new_options=True,
        placeholder="Type names of methods",
    )
    if len(methods) < 2:
        parts.notice(
            "Name at least two methods." if not methods else "Name one more method.",
            "Type part of a name above, or select rows on a board and compare them.",
        )
        _suggest(store, methods[0] if methods else "")
        return
    keys, count = compare_data.shared_boards(store, methods)
    with parts.toolbar():
        parts.link_to_view("compare", methods=methods)
    if not keys:
        parts.notice("These methods share no board.", "Leave one out, or add another one.")
        _suggest(store, methods[0])
        return
    scores = compare_data.best_scores(store, methods, keys, lambda key: parts.ranked(store.digest, key))
    _tally(scores, methods)
    drawn = scores[scores["share"].notna()]
    if len(drawn) > 1:
        parts.heading(
            "Board by board", "How near each comes to the best of them; 100 is the best, whatever the metric."
        )
        parts.chart(
            lambda look: charts.compare(drawn, methods, look),
            " and ".join(methods),
            f"{', '.join(methods)} over {drawn['key'].nunique()} boards",
            "compare",
        )
    _scores(scores, methods, count)


def _suggest(store: Store, method: str) -> None:
    """Pairs of methods that share a board, to go on with."""
    pairs = parts.pairs_of(store.digest, method)
    if pairs.empty:
        return

    def take() -> None:  # only a callback may set an input of the page that is already drawn
        row = pairs.iloc[st.session_state["open-pair"]["row"]]
        st.session_state["methods"] = [row["method"], row["other"]]

    parts.heading("It shares boards with" if method else "Methods that share boards")
    st.dataframe(
        pairs.assign(open="Compare")[["open", "method", "other", "boards"]],
        hide_index=True,
        alt="Pairs of methods that share boards",
        column_config={
            "open": st.column_config.ButtonColumn("", key="open-pair", type="tertiary", width=90, on_click=take),
            "method": st.column_config.TextColumn("Method", width="medium"),
            "other": st.column_config.TextColumn("And", width="medium"),
            "boards": st.column_config.NumberColumn("Shared boards", width="small"),
        },
    )
    parts.download_table(pairs, f"pairs {method}", "pairs-csv")


def _tally(scores: pd.DataFrame, methods: list[str]) -> None:
    tally = compare_data.tally(scores, methods)
    shared = scores["key"].nunique()
    parts.heading("Wins, losses, ties", f"Each against each other, over {words.count(shared, 'shared board')}.")
    st.dataframe(
        tally,
        hide_index=True,
        alt="Wins, losses and ties",
        column_config={
            "method": st.column_config.TextColumn("Method"),
            "boards": st.column_config.NumberColumn("Boards"),
            "wins": st.column_config.NumberColumn("Wins"),
            "losses": st.column_config.NumberColumn("Losses"),
            "ties": st.column_config.NumberColumn("Ties"),
        },
    )
    parts.download_table(tally, f"tally {' '.join(methods)}", "tally-csv")


def _scores(scores: pd.DataFrame, methods: list[str], count: int) -> None:
    wide = compare_data.wide(scores, methods)
    parts.heading("Scores", "The best score of each method on each board.")
    order = ["open", "board", *methods, "leader", "direction"]
    st.dataframe(
        wide.assign(open="Open")[order],
        hide_index=True,
        placeholder="",
        alt="Scores by board",
        column_config={
            "open": st.column_config.ButtonColumn("", key="open-board", type="tertiary", width=70),
            "board": st.column_config.TextColumn("Board", width="medium"),
            "leader": st.column_config.TextColumn("Best of them"),
            "direction": st.column_config.TextColumn("Direction"),
        },
    )
    click = st.session_state.get("open-board")
    if click is not None:
        parts.go("board", board=wide.iloc[click["row"]]["key"])
    with parts.toolbar():
        parts.download_table(wide, f"compare {' '.join(methods)}", "compare-csv")
        if count > compare_data.BOARDS:
            parts.quiet(f"The {compare_data.BOARDS} liveliest of {count:,} shared boards are compared.")


show()
