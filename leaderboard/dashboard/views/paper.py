"""Paper: the abstract as given with its mentions marked, its results with their reasons, the numbers turned down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from leaderboard.dashboard import board_data, grids, marks, paper_data, parts, session, words

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
    _head(store, paper, rows, paper_id)
    explanation = _explain(paper) if paper is not None else None
    if paper is not None:
        _text(paper, rows, explanation, chosen)
    else:
        _sentences(rows, chosen)
    _results(rows, explanation, paper_id, chosen)
    if explanation is not None:
        _rejects(explanation, paper_id)


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


def _head(store: Store, paper: Paper | None, rows: pd.DataFrame, paper_id: str) -> None:
    first = words.plain(rows.iloc[0]) if len(rows) else {}
    title = paper.title if paper is not None else words.text_of(first.get("title"))
    known: dict[str, Any] = {
        name: getattr(paper, name, None) or first.get(name) for name in ("venue", "year", "date", "url", "doi")
    }
    if paper is None:
        parts.title(title or paper_id)
    elif not title:
        parts.title(paper_id)
    else:
        st.html('<div id="lb-title-here"></div>')
    authors = ", ".join(paper.authors[:8]) + (" and others" if len(paper.authors) > 8 else "") if paper else ""
    meta = [
        authors,
        words.text_of(known["venue"]),
        words.text_of(known["date"]) or words.text_of(known["year"]),
        paper_id,
    ]
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        parts.quiet(" · ".join(part for part in meta if part))
    with parts.toolbar():
        address = parts.web_address(known["url"])
        if address:
            st.link_button("Open the paper", address, icon=":material/open_in_new:", type="tertiary")
        parts.link_to_view("paper", paper=paper_id, at=st.query_params.get("at"), marks=st.session_state.get("marks"))
        parts.cite(lambda: parts.bibtex_of(store, [paper_id]), "this paper")


@st.cache_data(show_spinner=False, max_entries=256, hash_funcs={"leaderboard.models.Paper": repr})
def _explain(paper: Paper) -> Explanation:
    from leaderboard.extraction import explain

    return explain(paper)


def _text(paper: Paper, rows: pd.DataFrame, explanation: Explanation | None, chosen: int | None) -> None:
    options = [_EVERYTHING, _RESULTS] + ([_CHOSEN] if chosen is not None else [])
    default = _CHOSEN if chosen is not None else _EVERYTHING
    session.chosen("marks", lambda value: value in options, default)
    what = st.segmented_control("Marked", options, key="marks", bind="query-params", required=True)
    records = words.records(rows)
    wanted = records if what != _CHOSEN or chosen is None else [records[chosen]]
    found = paper_data.overlay(paper, explanation, wanted, mentions=what == _EVERYTHING, rejects=what == _EVERYTHING)
    st.html(
        marks.legend(paper_data.kinds_in(found))
        + marks.passage(paper.title, found["title"], css_class="lb-paper-title")
        + '<div style="height:0.6rem"></div>'
        + marks.passage(paper.abstract, found["abstract"])
    )
    stale = paper_data.outdated(paper, records)
    if stale:
        parts.notice(
            f"{words.count(stale, 'result')} of this paper do not fit this text, and are not marked.",
            "They were made from another version of it: extract it again.",
            bad=True,
        )


def _sentences(rows: pd.DataFrame, chosen: int | None) -> None:
    records = words.records(rows)
    wanted = records if chosen is None else [records[chosen]]
    seen: dict[str, list[marks.Mark]] = {}
    for row in wanted:
        if not words.is_missing(row["sentence"]):
            seen.setdefault(str(row["sentence"]), []).extend(marks.sentence_marks(row))
    if not seen:
        parts.notice("The text of this paper is not loaded.", "Start the dashboard with the papers too: --papers FILE.")
        return
    kinds = paper_data.kinds_in(seen)
    blocks = "".join(
        f'<div class="lb-evidence">{marks.passage(text, m, css_class="lb-sentence")}</div>' for text, m in seen.items()
    )
    st.html(marks.legend(kinds) + blocks)
    parts.quiet("Only the sentences of its results are loaded. With --papers FILE the whole abstract is shown.")


def _results(rows: pd.DataFrame, explanation: Explanation | None, paper_id: str, chosen: int | None) -> None:
    parts.heading(f"Results ({len(rows):,})", "Select one to see where it stands and why it was taken.")
    if rows.empty:
        parts.notice(
            "No result was found in this abstract.", "The numbers below were seen and turned down, if there are any."
        )
        return
    frame, config = grids.results(rows)
    default = {"selection": {"rows": [chosen] if chosen is not None else []}}
    state = grids.show(
        frame,
        config,
        "Results of this paper",
        on_select="rerun",
        selection_mode="single-row",
        selection_default=default,
        key=f"results-{paper_id}",
    )
    with parts.toolbar():
        parts.download_table(rows, f"results {paper_id}", "results-csv")
    selected = state["selection"]["rows"]
    at = int(selected[0]) if selected and selected[0] < len(rows) else None
    if at != chosen and at is not None:
        st.session_state.pop("marks", None)
        parts.go("paper", **board_data.paper_address(rows.iloc[at]))
    for index, row in enumerate(words.records(rows)):
        if at is not None and index != at:
            continue
        _why(row, explanation, expanded=at is not None or len(rows) == 1)


def _why(row: dict[str, Any], explanation: Explanation | None, *, expanded: bool) -> None:
    slots = [
        words.as_written(row),
        words.text_of(row["metric"]),
        words.text_of(row["dataset"]),
        words.text_of(row["method"]),
    ]
    lines = [
        f"Rule: {words.text_of(row['rule'], 'none named')}",
        "Confidence: " + ("not known" if words.is_missing(row["confidence"]) else f"{row['confidence']:.0%}"),
    ]
    if len(row["flags"]):
        lines.append("Doubts: " + ", ".join(row["flags"]))
    lines += paper_data.reasons_of(row, explanation)
    items = "".join(f"<li>{marks.escape(line)}</li>" for line in lines)
    summary = marks.escape(" · ".join(slot for slot in slots if slot))
    st.html(
        f'<details class="lb-why" {"open" if expanded else ""}><summary>{summary}</summary><ul>{items}</ul></details>'
    )


def _rejects(explanation: Explanation, paper_id: str) -> None:
    frame = paper_data.rejects_table(explanation.rejects)
    parts.heading(f"Numbers turned down ({len(frame):,})", "Every number that is no result, and why.")
    if frame.empty:
        parts.quiet("None.")
        return
    st.dataframe(
        frame,
        hide_index=True,
        placeholder="",
        alt="Numbers turned down",
        column_config={
            "text": st.column_config.TextColumn("Number"),
            "message": st.column_config.TextColumn("Why", width="large"),
            "reason": st.column_config.TextColumn("Reason code"),
            "field": st.column_config.TextColumn("Field"),
            "start": st.column_config.NumberColumn("From", format="%d"),
            "end": st.column_config.NumberColumn("To", format="%d"),
        },
    )
    with parts.toolbar():
        parts.download_table(frame, f"turned down {paper_id}", "rejects-csv")


show()
