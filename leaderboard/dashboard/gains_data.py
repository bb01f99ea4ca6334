"""What the Gains page shows: who claims what over whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from leaderboard.dashboard import board_data, words
from leaderboard.dashboard.store import Store

if TYPE_CHECKING:
    import pandas as pd

GROUPS: dict[str, tuple[str, str]] = {
    "Points": ("difference", "Difference, in points or the metric's unit"),
    "Percent": ("relative", "Relative change, in percent"),
    "Times": ("factor", "Factor"),
    "Share": ("share", "Share of the other's, in percent"),
}
"""How gains are told apart, which must not be mixed on one scale: name, `change`, title of the axis."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which gains are looked at."""

    group: str
    text: str = ""
    metric: str | None = None
    dataset: str | None = None
    named: bool = False

    def condition(self) -> tuple[str, list[Any]]:
        """The condition in SQL, and its parameters."""
        parts, values = ["kind = 'gain'", "change = ?"], [GROUPS[self.group][0]]
        for word in self.text.split():
            names = ("method", "baseline", "metric", "dataset", "title")
            parts.append(f"({' OR '.join(f'contains(lower({name}), lower(?))' for name in names)})")
            values += [word] * len(names)
        for column, name in (("metric", self.metric), ("dataset", self.dataset)):
            if name:
                parts.append(f"lower({column}) = lower(?)")
                values.append(name)
        if self.named:
            parts.append("method IS NOT NULL AND baseline IS NOT NULL")
        return " AND ".join(parts), values


def groups(store: Store) -> dict[str, int]:
    """How many gains there are of each group."""
    frame = store.query("SELECT change, count(*) AS n FROM results WHERE kind = 'gain' GROUP BY change")
    counts = dict(zip(frame["change"], frame["n"], strict=True))
    return {group: int(counts.get(change, 0)) for group, (change, _) in GROUPS.items()}


def names(store: Store, group: str, column: str, limit: int) -> list[str]:
    """The metrics or data sets with most gains of a group."""
    frame = store.query(
        f"""SELECT {column} AS name FROM results WHERE kind = 'gain' AND change = ? AND {column} IS NOT NULL
        GROUP BY name ORDER BY count(*) DESC, name LIMIT ?""",
        [GROUPS[group][0], limit],
    )
    return frame["name"].tolist()


def gains(store: Store, filters: Filters, limit: int) -> tuple[pd.DataFrame, int]:
    """The largest gains that pass, and how many pass."""
    where, values = filters.condition()
    counted = store.query(f"SELECT count(*) AS n FROM results WHERE {where}", values)
    frame = store.query(
        f"""SELECT * FROM results WHERE {where}
        ORDER BY value DESC, paper_id, start, method, metric, dataset LIMIT ?""",
        [*values, limit],
    )
    return frame.drop(columns="board"), int(counted["n"].iloc[0])


def points(store: Store, filters: Filters, metrics: int = 14, limit: int = 2000) -> pd.DataFrame:
    """What `charts.gains` draws: the gains of the most frequent metrics, of very many a fixed sample."""
    import pandas as pd

    where, values = filters.condition()
    rows = store.query(
        f"""WITH passing AS (SELECT * FROM results WHERE {where} AND metric IS NOT NULL AND value > 0),
        frequent AS (SELECT metric FROM passing GROUP BY metric ORDER BY count(*) DESC, metric LIMIT {metrics})
        SELECT * FROM passing WHERE metric IN (SELECT metric FROM frequent)
        ORDER BY hash(paper_id, start, metric), paper_id LIMIT {limit}""",
        values,
    )
    records = words.records(rows)
    better = {True: "better", False: "worse", None: "not said"}
    return pd.DataFrame(
        {
            "metric": rows["metric"],
            "amount": rows["value"],
            "better": [better[row["improves"]] for row in records],
            "method": rows["method"].fillna("not named"),
            "over": rows["baseline"].fillna("not named"),
            "shown": [words.as_written(row) for row in records],
            "dataset": rows["dataset"].fillna("not named"),
            "paper": rows["title"].fillna(rows["paper_id"]),
            "paper_id": rows["paper_id"],
            "at": [board_data.paper_address(row)["at"] or "" for row in records],
        }
    )
