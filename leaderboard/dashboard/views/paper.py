"""Paper: the abstract as given with its mentions marked, its results with their reasons, the numbers turned down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from leaderboard.dashboard import board_data, paper_data, paper_parts, parts, session, words

if TYPE_CHECKING:
    import pandas as pd

    from leaderboard.dashboard.store import Store
    from leaderboard.extraction import Explanation
    from leaderboard.models import Paper

_LISTED = 200
_EVERYTHING, _RESULTS, _CHOSEN = "Everything", "Results", "The chosen result"


def show() -> None:
    """Draw the page."""
    store = session.store()
    paper_id = st.query_params.get("paper")
    if not paper_id:
        _list(store)
        return
    paper = store.paper(paper_id)
    rows = store.results_of(paper_id)
    if paper is None and rows.empty:
        parts.title("No such paper")
        parts.notice(f"No paper with the id {paper_id} is loaded.", "Look it up in the list of papers.")
        _back()
        return
    chosen = paper_data.place_of(st.query_params.get("at"), rows)
    _back()
    if paper is None:
        parts.title(words.text_of(rows["title"].iloc[0], paper_id))
        _about(store, None, rows, paper_id)
        _sentences(rows, chosen)
        _results(rows, None, paper_id, chosen)
        return
    explanation = paper_parts.explained(paper)
    options = [_EVERYTHING, _RESULTS] + ([_CHOSEN] if chosen is not None else [])
    what = session.chosen("marks", lambda value: value in options, _CHOSEN if chosen is not None else _EVERYTHING)
    records = words.records(rows)
    wanted = [records[chosen]] if what == _CHOSEN and chosen is not None else records
    found = paper_data.overlay(paper, explanation, wanted, everything=what == _EVERYTHING)
    paper_parts.title(paper, found)
    _about(store, paper, rows, paper_id)
    st.segmented_control("Marked", options, key="marks", bind="query-params", required=True)
    paper_parts.abstract(paper, found)
    stale = paper_data.outdated(paper, records)
    if stale:
        parts.notice(
            f"{words.count(stale, 'result')} of this paper do not fit this text, and are not marked.",
            "They were made from another version of it: extract it again.",
            bad=True,
        )
    _results(rows, explanation, paper_id, chosen)
    paper_parts.rejects(explanation, paper_id)


def _list(store: Store) -> None:
    parts.title("Papers", "Find one by its title or id; those with most results come first.")
    text = st.text_input(
        "Title or id", key="find", bind="query-params", type="search", live=True, placeholder="Type part of a title"
    )
    found = store.find_papers(text or "", _LISTED)
    if found.empty:
        parts.notice("No paper fits.", "Type fewer letters, or add papers on the Extract page.")
        return
    shown = found.assign(open="Open")[["open", "title", "year", "results", "paper_id"]]
    shown["title"] = shown["title"].fillna(shown["paper_id"])
    st.dataframe(
        shown,
        hide_index=True,
        placeholder="",
        column_config={
            "open": st.column_config.ButtonColumn("", key="open-paper", type="tertiary", width=70),
            "title": st.column_config.TextColumn("Title", width="large"),
            "year": st.column_config.NumberColumn("Year", format="%d", width="small"),
            "results": st.column_config.NumberColumn("Results", width="small"),
            "paper_id": st.column_config.TextColumn("Id"),
        },
        alt="Papers",
    )
    click = st.session_state.get("open-paper")
    if click is not None:
        parts.go("paper", paper=shown.iloc[click["row"]]["paper_id"])
    with parts.toolbar():
        parts.link_to_view("paper", find=text)
        parts.download_table(found, "papers", "papers-csv")
        if len(found) == _LISTED:
            parts.quiet(f"The first {_LISTED} are shown.")


def _back() -> None:
    if st.button("All papers", icon=":material/arrow_back:", type="tertiary"):
        parts.go("paper")


def _about(store: Store, paper: Paper | None, rows: pd.DataFrame, paper_id: str) -> None:
    """Who wrote it, where and when, and where it can be read."""
    first = words.plain(rows.iloc[0]) if len(rows) else {}
    known: dict[str, Any] = {
        name: getattr(paper, name, None) or first.get(name) for name in ("venue", "year", "date", "url")
    }
    authors = ", ".join(paper.authors[:8]) + (" and others" if len(paper.authors) > 8 else "") if paper else ""
    when = words.text_of(known["date"]) or words.text_of(known["year"])
    parts.quiet(words.joined(authors, words.text_of(known["venue"]), when, paper_id))
    with parts.toolbar():
        address = parts.web_address(known["url"])
        if address:
            st.link_button("Open the paper", address, icon=":material/open_in_new:", type="tertiary")
        parts.link_to_view("paper", paper=paper_id, at=st.query_params.get("at"), marks=st.session_state.get("marks"))
        parts.cite(lambda: parts.bibtex_of(store, [paper_id]), "this paper")


def _sentences(rows: pd.DataFrame, chosen: int | None) -> None:
    records = words.records(rows)
    if paper_parts.sentences(records if chosen is None else [records[chosen]]):
        parts.quiet("Only the sentences of its results are loaded. With --papers FILE the whole abstract is shown.")
    else:
        parts.notice("The text of this paper is not loaded.", "Start the dashboard with the papers too: --papers FILE.")


def _results(rows: pd.DataFrame, explanation: Explanation | None, paper_id: str, chosen: int | None) -> None:
    parts.heading(f"Results ({len(rows):,})", "Select one to see where it stands and why it was taken.")
    if rows.empty:
        parts.notice("No result was found in this abstract.", "Its numbers were turned down, if it has any.")
        return
    at = paper_parts.results(rows, paper_id, f"results-{paper_id}", chosen)
    if at is not None and at != chosen and not words.is_missing(rows.iloc[at]["start"]):
        st.session_state.pop("marks", None)
        parts.go("paper", **board_data.paper_address(rows.iloc[at]))
    parts.heading("Why")
    records = words.records(rows)
    paper_parts.reasons(records if at is None else [records[at]], explanation, opened=at is not None or len(rows) == 1)


show()
