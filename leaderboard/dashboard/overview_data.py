"""What the Overview page shows, without anything of Streamlit's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from leaderboard.dashboard import words
from leaderboard.dashboard.board_data import ranked

if TYPE_CHECKING:
    import pandas as pd

    from leaderboard.dashboard.store import Store

_DATASETS, _METRICS = 16, 12


def records(store: Store, keys: Sequence[str]) -> dict[str, list[float]]:
    """The scores of the records of each board, oldest first."""
    from leaderboard.boards import best_so_far

    return {key: [float(score) for score in best_so_far(ranked(store, key))["score"]] for key in keys}


def newest_records(store: Store, limit: int = 10) -> pd.DataFrame:
    """The leaders of boards with two papers or more, the latest first.

    Columns: key, when, board, method, score, title, paper_id.
    """
    import pandas as pd

    boards = store.boards()
    leading = store.query(
        """SELECT b.key, r.paper_id, any_value(r.title) AS title, any_value(coalesce(r.date, r.year::VARCHAR)) AS when_,
        any_value(coalesce(r.date, r.year::VARCHAR || '-12-31')) AS day, any_value(b.papers) AS papers
        FROM boards b JOIN results r ON r.board = b.key AND r.paper_id = b.best_paper_id
        WHERE b.papers > 1 GROUP BY b.key, r.paper_id HAVING day IS NOT NULL
        ORDER BY day DESC, papers DESC, b.key LIMIT ?""",
        [limit],
    )
    chosen = boards.set_index("key").loc[leading["key"].tolist()].reset_index()
    rows = words.records(chosen)
    return pd.DataFrame(
        {
            "open": ["Open"] * len(rows),
            "key": leading["key"],
            "when": leading["when_"],
            "board": [words.board_name(board) for board in rows],
            "method": chosen["best_method"],
            "score": [words.score(board["best_score"], board["unit"]) for board in rows],
            "title": leading["title"],
            "paper_id": leading["paper_id"],
        }
    )


def coverage(boards: pd.DataFrame) -> pd.DataFrame:
    """How many results the data sets and metrics with most results have together, one row for a pair that has any.

    Columns: dataset, metric, entries, key (of the pair's liveliest board), best, dataset_total, metric_total.
    """
    usable = boards[boards["kind"] == "score"] if (boards["kind"] == "score").any() else boards
    datasets = usable.groupby("dataset")["entries"].sum().sort_values(ascending=False, kind="stable").head(_DATASETS)
    inside = usable[usable["dataset"].isin(datasets.index)]
    metrics = inside.groupby("metric")["entries"].sum().sort_values(ascending=False, kind="stable").head(_METRICS)
    inside = inside[inside["metric"].isin(metrics.index)]
    cells = (
        inside.groupby(["dataset", "metric"], sort=False)
        .agg(entries=("entries", "sum"), key=("key", "first"))
        .reset_index()
    )
    best = {board["key"]: board for board in words.records(inside)}
    cells["best"] = [
        words.joined(words.score(best[key]["best_score"], best[key]["unit"]), words.text_of(best[key]["best_method"]))
        for key in cells["key"]
    ]
    cells["entries"] = cells["entries"].astype("int64")
    cells["dataset_total"] = cells["dataset"].map(datasets).astype("int64")
    cells["metric_total"] = cells["metric"].map(metrics).astype("int64")
    return cells


def search(store: Store, text: str, limit: int) -> dict[str, pd.DataFrame]:
    """Boards, methods and papers that the words of a text name: each word somewhere in a board's name."""
    boards = store.boards()
    found = boards
    for word in text.split():
        holds = None
        for column in ("dataset", "metric", "task", "split", "setting", "best_method"):
            here = found[column].fillna("").str.contains(word, case=False, regex=False)
            holds = here if holds is None else holds | here
        found = found[holds.astype(bool)] if holds is not None else found
    found = found.head(limit).reset_index(drop=True)
    rows = words.records(found)
    shown = found.assign(
        name=[words.board_name(board) for board in rows],
        best=[words.score(board["best_score"], board["unit"]) for board in rows],
        years=[words.years(board["first_year"], board["last_year"]) for board in rows],
    )
    return {
        "boards": shown,
        "methods": store.find_methods(text, limit),
        "papers": store.find_papers(text, limit),
    }
