"""What the Board page shows of one board, without anything of Streamlit's."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from leaderboard.dashboard import words
from leaderboard.dashboard.store import Store

if TYPE_CHECKING:
    import pandas as pd

Board = Mapping[str, Any]
"""A row of the list of boards."""

_POINTS = 2000


@dataclass(frozen=True, slots=True)
class Filters:
    """Which results of a board are looked at. Ranks and records count these alone."""

    text: str = ""
    own: bool = False
    years: tuple[int, int] | None = None
    confidence: float = 0.0
    venues: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    copies: bool = False

    def address(self) -> dict[str, Any]:
        """The filters as parts of an address, under the keys of their inputs; what filters nothing is left out."""
        parts: dict[str, Any] = {
            "find": self.text,
            "own": "true" if self.own else "",
            "years": [str(year) for year in self.years or ()],
            "confidence": f"{self.confidence:g}" if self.confidence else "",
            "venue": list(self.venues),
            "conditions": list(self.settings),
            "copies": "true" if self.copies else "",
        }
        return {key: value for key, value in parts.items() if value}

    def passing(self, ranked: pd.DataFrame) -> pd.DataFrame:
        """The rows that pass, ranked among themselves. A result without a year or a confidence fails a filter on it."""
        import pandas as pd

        keep = pd.Series(True, index=ranked.index)
        if not self.copies:
            keep &= ranked["duplicate_of"].isna()
        if self.text.strip():
            text = self.text.strip()
            found = [
                ranked[name].fillna("").str.contains(text, case=False, regex=False) for name in ("method", "title")
            ]
            keep &= (found[0] | found[1]).astype(bool)
        if self.own:
            keep &= ranked["own"].fillna(False).astype(bool)
        if self.years:
            keep &= ranked["year"].between(*self.years).fillna(False).astype(bool)
        if self.confidence:
            keep &= ranked["confidence"].ge(self.confidence).fillna(False).astype(bool)
        if self.venues:
            keep &= ranked["venue"].isin(self.venues)
        if self.settings:
            keep &= ranked["setting"].isin(self.settings)
        out = ranked[keep].reset_index(drop=True)
        # Ranks keep the order and the ties of the scores, so the rank of a rank is the rank among those that are left.
        return out.assign(rank=out["rank"].rank(method="min").astype("Int64"))


def related(boards: pd.DataFrame, key: str) -> list[str]:
    """The keys of the boards that share data set and metric with a board: what its ranking has to know."""
    stem = "/".join(key.split("/")[:2])
    return [other for other in boards["key"] if other == stem or other.startswith(f"{stem}/")]


def ranked(store: Store, key: str) -> pd.DataFrame:
    """A whole board, ranked: the columns of `leaderboard.rank`."""
    from leaderboard.boards import rank_board

    return rank_board(store.board_rows(related(store.boards(), key)), key)


def board_of(boards: pd.DataFrame, key: str | None) -> dict[str, Any] | None:
    """The board of that key as a row of the list of boards; None if there is none."""
    found = boards[boards["key"] == key]
    return words.plain(found.iloc[0]) if len(found) else None


def closest(boards: pd.DataFrame, wanted: Mapping[str, Any]) -> dict[str, Any] | None:
    """Of the boards with the wanted data set, the one that agrees in most of what else is wanted.

    That is metric, split, setting and task, as far as they are named; of equals, the board of most papers. The data set
    may be written in other capitals. None if no board has it.
    """
    names = boards["dataset"].str.casefold()
    known = boards[names == str(wanted.get("dataset")).casefold()]
    if known.empty:
        return None
    agreement = [
        sum(
            weight
            for name, weight in (("metric", 8), ("split", 4), ("setting", 2), ("task", 1))
            if name in wanted and words.text_of(board[name]) == words.text_of(wanted[name])
        )
        for board in words.records(known)
    ]
    return words.plain(known.iloc[agreement.index(max(agreement))])


def nearest_datasets(boards: pd.DataFrame, key: str) -> list[str]:
    """Data sets with names like the one in a key that no board has."""
    from leaderboard.boards.names import nearest

    return nearest(key.split(":")[-1].split("/")[0], boards["dataset"].drop_duplicates().head(20_000).tolist())


def is_higher(board: Board) -> bool:
    """Whether a board's largest score stands first: where the direction is unknown, scores do and costs do not."""
    known = board["higher_is_better"]
    return bool(known) if known is not None else board["kind"] == "score"


def paper_address(row: Mapping[str, Any] | pd.Series[Any]) -> dict[str, Any]:
    """The parts of an address that name a result in its paper."""
    at = row["start"]
    return {"paper": row["paper_id"], "at": None if words.is_missing(at) else f"{row['field']}:{int(at)}"}


def axis_of(board: Board) -> str:
    """The title of a board's axis: metric, unit, direction."""
    unit = words.text_of(board.get("unit"))
    name = words.first_upper(words.text_of(board["metric"])) + (f" ({unit})" if unit else "")
    return f"{name}, {words.direction(board['higher_is_better'])}"


def progress_points(ranked: pd.DataFrame, unit: object) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """What the best-so-far chart draws (see `charts.progress`): dated results, the records, how many results there are.

    Of very many results a part is drawn: every record, the best ones, and of the others each so-many-th in rank.
    """
    import pandas as pd

    from leaderboard.boards import best_so_far

    counted = ranked[ranked["rank"].notna()]
    # A paper known by its year alone ranks as of its last day. Where none is known by its day, the middle of the year
    # says the same and looks right on the axis.
    day = "-12-31" if counted["date"].notna().any() else "-07-01"
    when = counted["date"].fillna(counted["year"].astype("string").str.zfill(4) + day)
    dated = counted[when.notna()]
    records = best_so_far(dated.assign(row=dated.index))
    drawn = dated
    if len(dated) > _POINTS:
        rest = dated.iloc[_POINTS // 4 :: -(-len(dated) // (_POINTS // 2))]
        chosen = dated.index[: _POINTS // 4].union(rest.index).union(pd.Index(records["row"].astype(int)))
        drawn = dated.loc[chosen.sort_values()]
    points = pd.DataFrame(
        {
            "when": pd.to_datetime(when.loc[drawn.index], errors="coerce"),
            "score": drawn["score"],
            "method": drawn["method"].fillna(drawn["title"]).fillna(drawn["paper_id"]),
            "shown": [words.score(s, unit, e) for s, e in zip(drawn["score"], drawn["error"], strict=True)],
            "dated": drawn["date"].fillna(drawn["year"].astype("string")),
            "paper": drawn["title"].fillna(drawn["paper_id"]),
            "row": drawn.index,
        }
    )
    today = pd.Timestamp.now().normalize()
    points["when"] = points["when"].where(points["when"] <= today, today)
    gains = ["first" if g != g else f"+{words.score(g, unit)}" for g in records["gain"]]
    heads = points.loc[records["row"].astype(int)].assign(gain=gains)
    return points.reset_index(drop=True), heads.reset_index(drop=True), len(dated)


def histogram(scores: pd.Series[float], bins: int = 24) -> pd.DataFrame:
    """How many scores lie where: start, end, count, within, in steps that people count in."""
    import numpy as np
    import pandas as pd

    low, high = float(scores.min()), float(scores.max())
    raw = (high - low) / bins or abs(high) / 10 or 1.0
    magnitude = 10.0 ** np.floor(np.log10(raw))
    step = magnitude * min(m for m in (1, 2, 5, 10) if magnitude * m >= raw * 0.999)
    start = np.floor(low / step)
    edges = (start + np.arange(int(np.floor(high / step) - start) + 2)) * step
    edges[0], edges[-1] = min(edges[0], low), max(edges[-1], high)  # a quotient may have been rounded past its score
    counts, _ = np.histogram(scores, edges)
    frame = pd.DataFrame({"start": edges[:-1], "end": edges[1:], "count": counts})
    frame["within"] = [f"{words.number(a)} to {words.number(b)}" for a, b in itertools.pairwise(edges)]
    return frame[frame["count"] > 0].reset_index(drop=True)


def costs_of(store: Store, board: Board) -> pd.DataFrame:
    """Costs that the papers of a board report: paper_id, method, cost_metric, cost.

    Those that name another data set than the board's are left out.
    """
    return store.query(
        """SELECT DISTINCT paper_id, method, metric AS cost_metric, score AS cost FROM results
        WHERE kind = 'cost' AND method IS NOT NULL AND score IS NOT NULL AND metric IS NOT NULL
        AND (dataset IS NULL OR dataset = ?) AND paper_id IN (SELECT paper_id FROM results WHERE board = ?)""",
        [board["dataset"], board["key"]],
    )


def costs_beside(costs: pd.DataFrame, ranked: pd.DataFrame) -> pd.DataFrame:
    """The ranked results with a cost of the same method in the same paper: score, row, method, cost_metric, cost.

    Costs of which all systems have the same are left out.
    """
    scores = ranked.loc[ranked["rank"].notna(), ["paper_id", "method", "score"]]
    merged = scores.assign(row=scores.index).merge(costs, on=["paper_id", "method"])
    merged = merged.drop_duplicates(["row", "cost_metric"])
    kinds = merged.groupby("cost_metric")["cost"].nunique()
    return merged[merged["cost_metric"].isin(kinds.index[kinds > 1])].reset_index(drop=True)


def frontier(points: pd.DataFrame, *, higher_is_better: bool) -> pd.Series[bool]:
    """Which points nothing beats in both cost (lower is better) and score."""
    import pandas as pd

    signed = points["score"] if higher_is_better else -points["score"]
    order = pd.DataFrame({"cost": points["cost"], "score": -signed}).sort_values(["cost", "score"], kind="stable").index
    best = signed.loc[order].cummax()
    on = signed.loc[order].gt(best.shift(fill_value=float("-inf")))
    return on.reindex(points.index)
