"""Gains: who claims what over whom, by how much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from leaderboard.dashboard import board_data, charts, gains_data, grids, parts, session, words
from leaderboard.dashboard.gains_data import GROUPS, Filters

if TYPE_CHECKING:
    import pandas as pd

_ROWS = 1000
_OPTIONS = 500


def show() -> None:
    """Draw the page."""
    store = session.store()
    parts.title(
        "Claimed gains", "By how much papers say they are better, and than whom. Gains are never ranked as scores."
    )
    counts = parts.gain_groups(store.digest)
    if not any(counts.values()):
        parts.notice("None of these results is a gain.", "Look at the boards, or add papers on the Extract page.")
        return
    present = [group for group, count in counts.items() if count]
    session.chosen("change", lambda value: value in present, max(present, key=counts.__getitem__))
    group = st.segmented_control("Said in", present, key="change", bind="query-params", required=True) or present[0]
    filters = _filters(store, group)
    rows, count = gains_data.gains(store, filters, _ROWS)
    with parts.toolbar():
        parts.link_to_view(
            "gains",
            change=group,
            find=filters.text,
            metric=filters.metric,
            dataset=filters.dataset,
            named="true" if filters.named else None,
        )
    if rows.empty:
        parts.notice("No gain passes the filters.", "Clear some of them.")
        return
    points = gains_data.points(store, filters)
    picked = None
    if len(points) > 1:
        picked = parts.chart(
            lambda look: charts.gains(points, GROUPS[group][1], look),
            f"gains {group}",
            f"{words.count(len(points), 'gain')} of the {points['metric'].nunique()} most frequent metrics",
            "gains",
            pick=True,
        )
    if picked and picked.get("paper_id"):
        parts.go("paper", paper=picked["paper_id"], at=picked.get("at"))
    _table(rows, count, group)


def _filters(store: Any, group: str) -> Filters:
    first, second, third = st.columns([4, 3, 3], gap="small", vertical_alignment="bottom")
    with first:
        text = st.text_input(
            "Method, baseline, metric, data set or title holds",
            key="find",
            bind="query-params",
            type="search",
            placeholder="Type part of a name",
        )
    chosen: dict[str, str | None] = {}
    for place, label, column in ((second, "Metric", "metric"), (third, "Data set", "dataset")):
        with place:
            chosen[column] = st.selectbox(
                label,
                parts.gain_names(store.digest, group, column, _OPTIONS),
                index=None,
                key=column,
                bind="query-params",
                accept_new_options=True,
                placeholder="Any",
            )
    named = st.toggle("Only where both systems are named", key="named", bind="query-params")
    return Filters(group, text or "", chosen["metric"], chosen["dataset"], named)


def _table(rows: pd.DataFrame, count: int, group: str) -> None:
    frame, config = grids.gains(rows)
    grids.show(frame, config, "Gains, largest first")
    click = st.session_state.get("open-paper")
    if click is not None:
        parts.go("paper", **board_data.paper_address(rows.iloc[click["row"]]))
    with parts.toolbar():
        parts.download_table(rows, f"gains {group}", "gains-csv")
        shown = f"The largest {len(rows):,} of {count:,}" if count > len(rows) else words.count(count, "gain")
        parts.quiet(shown)


show()
