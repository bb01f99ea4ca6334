"""One paper on a page: its text with marks, its results with their reasons, its numbers turned down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from leaderboard.dashboard import grids, marks, paper_data, parts, words

if TYPE_CHECKING:
    import pandas as pd

    from leaderboard.extraction import Explanation
    from leaderboard.models import Paper


@st.cache_data(show_spinner=False, max_entries=256, hash_funcs={"leaderboard.models.Paper": repr})
def explained(paper: Paper) -> Explanation:
    """What today's rules make of a paper, worked out once."""
    from leaderboard.extraction import explain

    return explain(paper)


def title(paper: Paper, found: dict[str, list[marks.Mark]], level: int = 1) -> None:
    """The title as a heading with its marks, by default that of its page."""
    text = marks.marked(paper.title, found["title"]) if paper.title.strip() else marks.escape(paper.paper_id)
    st.html(f'<h{level} class="lb-title lb-paper-title" dir="auto">{text}</h{level}>')


def abstract(paper: Paper, found: dict[str, list[marks.Mark]]) -> None:
    """The abstract as given, with its marks and what they mean."""
    st.html(marks.legend(paper_data.kinds_in(found)) + marks.passage(paper.abstract, found["abstract"]))


def sentences(rows: Sequence[dict[str, Any]]) -> bool:
    """The sentences of results with their marks, each once; False if there are none."""
    seen: dict[str, list[marks.Mark]] = {}
    for row in rows:
        if not words.is_missing(row["sentence"]):
            seen.setdefault(str(row["sentence"]), []).extend(marks.sentence_marks(row))
    blocks = [
        f'<div class="lb-evidence">{marks.passage(sentence, found, css_class="lb-sentence")}</div>'
        for sentence, found in seen.items()
    ]
    if blocks:
        st.html(marks.legend(paper_data.kinds_in(seen)) + "".join(blocks))
    return bool(blocks)


def reasons(rows: Sequence[dict[str, Any]], explanation: Explanation | None, *, opened: bool) -> None:
    """For each result its rule, its confidence, its doubts and why it was taken."""
    blocks = []
    for row in rows:
        lines = [
            f"Rule: {words.text_of(row['rule'], 'none named')}",
            "Confidence: " + ("not known" if row["confidence"] is None else f"{row['confidence']:.0%}"),
        ]
        if row["flags"]:
            lines.append("Doubts: " + ", ".join(flag.replace("_", " ") for flag in row["flags"]))
        lines += paper_data.reasons_of(row, explanation)
        slots = (words.as_written(row), *(words.text_of(row[slot]) for slot in ("metric", "dataset", "method")))
        items = "".join(f"<li>{marks.escape(line)}</li>" for line in lines)
        blocks.append(
            f'<details class="lb-why" {"open" if opened else ""}>'
            f'<summary dir="auto">{marks.escape(words.joined(*slots))}</summary><ul>{items}</ul></details>'
        )
    st.html("".join(blocks))


def rejects(explanation: Explanation, name: str) -> None:
    """The numbers turned down, and why."""
    frame = paper_data.rejects_table(explanation.rejects)
    parts.heading(f"Numbers turned down ({len(frame):,})", "Every other number in the text, and why it is no result.")
    if frame.empty:
        parts.quiet("None.")
        return
    config = {
        "text": st.column_config.TextColumn("Number", width="small"),
        "message": st.column_config.TextColumn("Why", width="large"),
        "reason": st.column_config.TextColumn("Reason code"),
        "field": st.column_config.TextColumn("Field", width="small"),
        "start": st.column_config.NumberColumn("From", format="%d", width="small"),
        "end": st.column_config.NumberColumn("To", format="%d", width="small"),
    }
    grids.show(frame, config, "Numbers turned down")
    parts.download_table(frame, f"turned down {name}", "rejects-csv")


def results(rows: pd.DataFrame, name: str, key: str, chosen: int | None = None) -> int | None:
    """The results as a table from which one can be chosen; the row chosen."""
    frame, config = grids.results(rows)
    state = grids.show(
        frame,
        config,
        "Results of this paper",
        on_select="rerun",
        selection_mode="single-row",
        selection_default={"selection": {"rows": [chosen] if chosen is not None else []}},
        key=key,
    )
    parts.download_table(rows, f"results {name}", f"{key}-csv")
    selected = state["selection"]["rows"]
    return int(selected[0]) if selected and selected[0] < len(rows) else None
