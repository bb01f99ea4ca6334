"""Board: one leaderboard, ranked, over time, filtered, with the sentence behind each number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from leaderboard.dashboard import board_data, charts, grids, marks, parts, session, words
from leaderboard.dashboard.board_data import Filters
from leaderboard.dashboard.store import NOT_NAMED

if TYPE_CHECKING:
    import pandas as pd

    from leaderboard.dashboard.store import Store

_OPTIONS = 1000
_ROWS = 1000
_FILTERS: dict[str, Any] = {
    "find": "", "own": False, "years": None, "confidence": 0.0, "venue": [], "conditions": [], "copies": False,
}  # fmt: skip


def show() -> None:
    """Draw the page."""
    store = session.store()
    boards = store.boards()
    if boards.empty:
        parts.title("No boards yet")
        parts.notice(
            "None of the results names a data set and a metric together, so nothing can be ranked.",
            "Add papers on the Extract page, or start with other files.",
        )
        return
    key = st.query_params.get("board")
    board = board_data.board_of(boards, key or boards["key"].iloc[0])
    if board is None:
        parts.title("No such board")
        near = board_data.nearest_datasets(boards, str(key))
        parts.notice(
            f"There is no board called {key}.",
            f"Nearest data sets: {', '.join(near)}." if near else "Choose a data set, or search on the Overview page.",
        )
        _choose(boards, board)
        return
    name = words.board_name(board)
    head = st.container()
    ranked = parts.ranked(store.digest, board["key"])
    _choose(boards, board)
    filters = _filters(ranked)
    shown = filters.passing(ranked)
    counted = int(ranked["rank"].notna().sum())
    kept = int(shown["rank"].notna().sum())
    with head:
        parts.title(
            f"{name}, {words.direction(board['higher_is_better'])}",
            words.joined(
                words.first_upper(words.text_of(board["task"])),
                words.count(counted, "result") if kept == counted else f"{kept:,} of {words.count(counted, 'result')}",
                words.count(int(board["papers"]), "paper"),
                words.years(board["first_year"], board["last_year"]),
            ),
        )
    with head, parts.toolbar():
        parts.link_to_view("board", board=board["key"], **filters.address(), view=st.session_state.get("view"))
        parts.cite(lambda: parts.bibtex_of(store, list(shown["paper_id"])), "the papers on this board")
    if shown.empty:
        parts.notice("No result passes the filters.", "Widen them, or clear them all.")
        years = ranked["year"].dropna().astype(int).tolist()
        whole = (min(years), max(years)) if len(set(years)) > 1 else None
        st.button("Clear filters", on_click=_clear_filters, args=(whole,), icon=":material/filter_alt_off:")
        return
    _charts(store, board, shown, name)
    _table(board, shown, name)


def _choose(boards: pd.DataFrame, board: dict[str, Any] | None) -> None:
    """The inputs that choose a board. They follow the address, and choosing changes the address."""
    now = board or {}
    tasks = list(boards["task"].dropna().drop_duplicates().head(_OPTIONS))
    first, second, third = st.columns([3, 4, 4], gap="small")
    with first:
        task = st.selectbox(
            "Task", tasks, index=None, key="task", bind="query-params", placeholder="Any task", accept_new_options=True,
            help="Narrows the data sets to those of a task",
        )  # fmt: skip
    known = boards[boards["task"].str.casefold() == task.casefold()] if task else boards
    if known.empty:
        parts.notice(f"No board has the task {task}.", "Type another one, or clear it to see all data sets.")
        known = boards
    with second:
        _selectbox(
            "Data set", "dataset", list(known["dataset"].drop_duplicates().head(_OPTIONS)), now.get("dataset"), known
        )
    if board is None:
        return
    here = boards[boards["dataset"] == board["dataset"]]
    with third:
        _selectbox("Metric", "metric", list(here["metric"].drop_duplicates()), board["metric"], here)
    here = here[here["metric"] == board["metric"]]
    varying = [name for name in ("split", "setting") if here[name].nunique(dropna=False) > 1]
    if varying:
        for column, name in zip(st.columns([3, 4, 4], gap="small"), varying, strict=False):
            with column:
                options = list(here[name].fillna(NOT_NAMED).drop_duplicates())
                _selectbox(name.title(), name, options, words.text_of(board[name], NOT_NAMED), here)


def _selectbox(label: str, name: str, options: list[str], value: str | None, known: pd.DataFrame) -> None:
    """An input for one part of a board's name; what is chosen leads to the closest board that has it."""
    free = name == "dataset"
    if value is not None and value not in options:
        options = [value, *options]
    st.session_state[f"_lb_choose_{name}"] = value

    def turn() -> None:
        chosen = st.session_state[f"_lb_choose_{name}"]
        if chosen is None:
            return
        if name == "dataset":
            wanted = {"dataset": chosen}  # its liveliest board, whatever the metric that was looked at
        else:
            now = (
                board_data.board_of(session.store().boards(), st.query_params.get("board") or known["key"].iloc[0])
                or {}
            )
            wanted = now | {name: "" if chosen == NOT_NAMED else chosen}
        found = board_data.closest(known, wanted)
        st.query_params["board"] = found["key"] if found else str(chosen)

    st.selectbox(
        label, options, index=None, key=f"_lb_choose_{name}", on_change=turn, accept_new_options=free,
        placeholder="Type to choose",
    )  # fmt: skip


def _filters(ranked: pd.DataFrame) -> Filters:
    # Open from the start where the address filters; later it is the visitor's to open and close.
    filtered = any(key in st.query_params for key in _FILTERS)
    opened = st.session_state.setdefault("filters-opened", filtered)
    with st.expander("Filters", icon=":material/filter_alt:", expanded=opened, key="filters-open"):
        left, middle, right = st.columns(3, gap="medium")
        with left:
            text = st.text_input(
                "Method or title holds",
                key="find",
                bind="query-params",
                type="search",
                placeholder="Type part of a name",
            )
            own = st.toggle("The papers' own systems only", key="own", bind="query-params")
            copies = False
            if ranked["duplicate_of"].notna().any():
                copies = st.toggle("Show copies of the same fact", key="copies", bind="query-params")
        with middle:
            years = sorted(ranked["year"].dropna().astype(int).unique().tolist())
            span = None
            if len(years) > 1:
                whole = (years[0], years[-1])
                _keep_inside("years", whole)
                span = st.slider("Years", years[0], years[-1], whole, key="years", bind="query-params")
                span = None if span == whole else span
            confidence = 0.0
            if ranked["confidence"].notna().any():
                confidence = st.slider(
                    "Confidence, at least", 0.0, 1.0, step=0.05, key="confidence", bind="query-params"
                )
        with right:
            chosen = {}
            for label, key, column in (("Venue", "venue", "venue"), ("Setting", "conditions", "setting")):
                options = ranked[column].dropna().value_counts().head(_OPTIONS).index.tolist()
                if options:
                    chosen[key] = st.multiselect(label, options, key=key, bind="query-params", placeholder="Any")
    return Filters(
        text or "", own, span, confidence,
        tuple(chosen.get("venue", ())), tuple(chosen.get("conditions", ())), copies,
    )  # fmt: skip


def _keep_inside(key: str, whole: tuple[int, int]) -> None:
    """Widen a span of years that another board left behind, where it lies outside of this one's."""
    span = st.session_state.get(key)
    if span is not None and not (whole[0] <= span[0] <= span[1] <= whole[1]):
        st.session_state[key] = whole


def _clear_filters(whole: tuple[int, int] | None) -> None:
    for key, empty in _FILTERS.items():
        value = whole if key == "years" else empty
        if value is not None:
            st.session_state[key] = value


def _charts(store: Store, board: dict[str, Any], shown: pd.DataFrame, name: str) -> None:
    axis = board_data.axis_of(board)
    higher = board_data.is_higher(board)
    counted = shown[shown["rank"].notna()]
    costs = board_data.costs_beside(parts.costs_of(store.digest, board["key"]), shown)
    names = ["Best so far", "Distribution"] + (["Against cost"] if len(costs) else [])
    tabs = st.tabs(names, key="view", bind="query-params")
    picked = None
    if tabs[0].open:
        with tabs[0]:
            picked = _progress(board, shown, axis, name, higher)
    if tabs[1].open:
        with tabs[1]:
            parts.chart(
                lambda look: charts.distribution(board_data.histogram(counted["score"].dropna()), axis, look),
                f"{name} distribution",
                f"How the {len(counted)} results of {name} are distributed",
                "distribution",
            )
    if len(names) > 2 and tabs[2].open:
        with tabs[2]:
            picked = _against_cost(costs, axis, name, higher)
    if picked and "row" in picked:
        parts.go("paper", **board_data.paper_address(shown.iloc[int(picked["row"])]))


def _progress(board: dict[str, Any], shown: pd.DataFrame, axis: str, name: str, higher: bool) -> dict[str, Any] | None:
    points, records, dated = board_data.progress_points(shown, board["unit"])
    if points.empty:
        parts.notice("None of these results has a year, so there is no line over time.", "The table below ranks them.")
        return None
    picked = parts.chart(
        lambda look: charts.progress(points, records, axis, higher, look),
        name,
        f"Best {name} so far: {words.count(len(records), 'record')} among {words.count(dated, 'result')}",
        "progress",
        pick=True,
    )
    undated = int(shown["rank"].notna().sum()) - dated
    parts.quiet(
        words.joined(
            f"{words.count(undated, 'result')} without a year not drawn" if undated else "",
            f"{len(points):,} of {dated:,} results drawn, all records among them" if len(points) < dated else "",
        )
    )
    return picked


def _against_cost(costs: pd.DataFrame, axis: str, name: str, higher: bool) -> dict[str, Any] | None:
    kinds = costs["cost_metric"].value_counts().index.tolist()
    kind = kinds[0] if len(kinds) == 1 else st.pills("Cost", kinds[:8], default=kinds[0], required=True, key="cost")
    points = costs[costs["cost_metric"] == kind].reset_index(drop=True)
    points["on_frontier"] = board_data.frontier(points, higher_is_better=higher)
    return parts.chart(
        lambda look: charts.frontier(points, f"{words.first_upper(str(kind))}, lower is better", axis, look),
        f"{name} against {kind}",
        f"{name} against {kind} of {words.count(len(points), 'system')}; the frontier joins those that nothing beats",
        "frontier",
        pick=True,
    )


def _table(board: dict[str, Any], shown: pd.DataFrame, name: str) -> None:
    rows = shown.head(_ROWS)
    frame, config = grids.board(board, rows)
    state = grids.show(frame, config, f"{name}, ranked", on_select="rerun", selection_mode="multi-row", key="rows")
    click = st.session_state.get("open-paper")
    if click is not None:
        parts.go("paper", **board_data.paper_address(rows.iloc[click["row"]]))
    with parts.toolbar():
        parts.download_table(rows, name, "rows-csv")
        if len(shown) > len(rows):
            parts.download_table(shown, f"{name} all", "all-csv", f"CSV of all {len(shown):,}")
            parts.quiet(f"The first {len(rows):,} of {len(shown):,} rows are shown.")
    _evidence(rows, [row for row in state["selection"]["rows"] if row < len(rows)])


def _evidence(rows: pd.DataFrame, selected: list[int]) -> None:
    chosen = rows.iloc[selected] if selected else rows.head(3)
    methods = list(dict.fromkeys(rows.iloc[selected]["method"].dropna()))
    parts.heading(
        "Behind the numbers", "Select rows of the table to see their sentences, and to compare their methods."
    )
    if 2 <= len(methods) <= 6 and st.button(f"Compare these {len(methods)} methods", icon=":material/compare_arrows:"):
        parts.go("compare", methods=methods)
    found = [(row, marks.sentence_marks(row)) for row in words.records(chosen) if not words.is_missing(row["sentence"])]
    if not found:
        parts.quiet("These results came without sentences.")
        return
    kinds = {mark.kind for _, sentence in found for mark in sentence}
    blocks = [
        '<div class="lb-evidence"><div class="lb-quiet">'
        + marks.escape(words.joined(f"#{row['rank']}", words.text_of(row["method"]), words.text_of(row["title"])))
        + f"</div>{marks.passage(row['sentence'], sentence, css_class='lb-sentence')}</div>"
        for row, sentence in found
    ]
    st.html(marks.legend([kind for kind in marks.KINDS if kind in kinds]) + "".join(blocks))


show()
