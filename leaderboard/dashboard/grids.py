"""How tables of results look in the grid: their columns in order, titles, widths and forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import streamlit as st
from streamlit import column_config as cells

from leaderboard.dashboard import parts, words

if TYPE_CHECKING:
    import pandas as pd

Config = dict[str, Any]


def _confidence() -> Any:
    return cells.ProgressColumn(
        "Confidence",
        min_value=0,
        max_value=100,
        format="%.0f %%",
        width="small",
        help="The chance that the whole row is right",
    )


def _link() -> Any:
    return cells.LinkColumn("Link", display_text=":material/open_in_new:", width=60, help="The paper's own page")


def _with_common(frame: pd.DataFrame, rows: pd.DataFrame, config: Config) -> None:
    """Add the columns that say where a result comes from, those without content left out."""
    frame["link"] = [parts.web_address(url) for url in rows["url"]]
    config["link"] = _link()
    if rows["setting"].notna().any():
        frame["setting"] = rows["setting"]
        config["setting"] = cells.TextColumn("Setting")
    frame["own"] = ["own" if own is True else "other's" for own in rows["own"].tolist()]
    config["own"] = cells.TextColumn("System", width="small", help="The paper's own system, or one it compares with")
    if rows["confidence"].notna().any():
        frame["confidence"] = rows["confidence"] * 100
        config["confidence"] = _confidence()
    if "review" in rows and rows["review"].notna().any():
        frame["review"] = rows["review"]
        config["review"] = cells.TextColumn("Review", width="small", help="What a reviewer said of it")
    if any(len(flags) for flags in rows["flags"]):
        frame["flags"] = [[flag.replace("_", " ") for flag in flags] for flags in rows["flags"]]
        config["flags"] = cells.ListColumn("Doubts", help="What speaks against the number")


def board(board: Mapping[str, Any], rows: pd.DataFrame) -> tuple[pd.DataFrame, Config]:
    """A ranked board."""
    import pandas as pd

    unit = words.text_of(board.get("unit"))
    title = f"Score {words.arrow(board['higher_is_better'])}".strip()
    frame = pd.DataFrame({"rank": rows["rank"], "method": rows["method"], "score": rows["score"]})
    config: Config = {
        "rank": cells.NumberColumn("Rank", width=60, pinned=True, help="Equal scores share a rank: 1, 2, 2, 4"),
        "method": cells.TextColumn("Method", width=150),
        "score": cells.NumberColumn(
            f"{title} ({unit})" if unit else title,
            help=f"On the metric's own scale; {words.direction(board['higher_is_better'])}",
        ),
    }
    if rows["error"].notna().any():
        frame["error"] = rows["error"]
        config["error"] = cells.NumberColumn("±", width="small")
    frame["written"] = [words.as_written(row) for row in words.records(rows[["value_text", "unit"]])]
    config["written"] = cells.TextColumn("As written", width="small", help="The number as the abstract writes it")
    frame["year"] = rows["year"]
    config["year"] = cells.NumberColumn("Year", format="%d", width=70)
    frame["open"] = "Read"
    config["open"] = cells.ButtonColumn(
        "Abstract", key="open-paper", type="tertiary", width=80, help="The abstract, marked"
    )
    frame["title"] = rows["title"].fillna(rows["paper_id"])
    config["title"] = cells.TextColumn("Paper", width="large")
    _with_common(frame, rows, config)
    if rows["venue"].notna().any():
        frame["venue"] = rows["venue"]
        config["venue"] = cells.TextColumn("Venue")
    if rows["duplicate_of"].notna().any():
        frame["copy"] = rows["duplicate_of"]
        config["copy"] = cells.TextColumn("Copy of", help="The same fact, counted once, in this paper")
    if rows["sentence"].notna().any():
        frame["sentence"] = rows["sentence"]
        config["sentence"] = cells.TextColumn("Sentence", width="large")
    return frame, config


def results(rows: pd.DataFrame) -> tuple[pd.DataFrame, Config]:
    """The results of one paper or of one extraction."""
    import pandas as pd

    records = words.records(rows[["value_text", "unit"]])
    frame = pd.DataFrame({"kind": rows["kind"], "value": [words.as_written(row) for row in records]})
    config: Config = {
        "kind": cells.TextColumn("Kind", width="small"),
        "value": cells.TextColumn("Value", width="small"),
    }
    for name, title in (("metric", "Metric"), ("dataset", "Data set"), ("split", "Split"), ("method", "Method"),
                        ("baseline", "Over"), ("task", "Task")):  # fmt: skip
        if name in ("metric", "dataset", "method") or rows[name].notna().any():
            frame[name] = rows[name]
            config[name] = cells.TextColumn(title)
    _with_common(frame, rows, config)
    del frame["link"], config["link"]
    frame["rule"] = rows["rule"]
    config["rule"] = cells.TextColumn("Rule", help="The rule that linked the number")
    return frame, config


def show(frame: pd.DataFrame, config: Config, alt: str, **options: Any) -> Any:
    """Draw a grid."""
    return st.dataframe(frame, hide_index=True, column_config=config, placeholder="", alt=alt, **options)


def gains(rows: pd.DataFrame) -> tuple[pd.DataFrame, Config]:
    """Gains: who, over whom, by how much."""
    import pandas as pd

    records = words.records(rows)
    better = {True: "better", False: "worse", None: "not said"}
    frame = pd.DataFrame(
        {
            "method": rows["method"],
            "gain": [f"{words.text_of(row['qualifier'])} {words.as_written(row)}".strip() for row in records],
            "metric": rows["metric"],
            "baseline": rows["baseline"],
            "dataset": rows["dataset"],
            "better": [better[row["improves"]] for row in records],
            "year": rows["year"],
            "open": "Read",
            "title": rows["title"].fillna(rows["paper_id"]),
        }
    )
    config: Config = {
        "method": cells.TextColumn("Method", width="medium"),
        "gain": cells.TextColumn("By", width="small", help="As the abstract writes it"),
        "metric": cells.TextColumn("Metric"),
        "baseline": cells.TextColumn("Over", width="medium"),
        "dataset": cells.TextColumn("Data set"),
        "better": cells.TextColumn("For", width="small", help="Whether the change is for the better"),
        "year": cells.NumberColumn("Year", format="%d", width=70),
        "open": cells.ButtonColumn(
            "Abstract", key="open-paper", type="tertiary", width=80, help="The abstract, marked"
        ),
        "title": cells.TextColumn("Paper", width="large"),
    }
    _with_common(frame, rows, config)
    if rows["sentence"].notna().any():
        frame["sentence"] = rows["sentence"]
        config["sentence"] = cells.TextColumn("Sentence", width="large")
    return frame, config
