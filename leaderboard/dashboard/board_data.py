"""What the Board page shows of one board, without anything of Streamlit's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from leaderboard.dashboard import words
from leaderboard.dashboard.store import Store

if TYPE_CHECKING:
    import pandas as pd

Board = Mapping[str, Any]
"""A row of the list of boards."""

PARTS = ("task", "split", "setting")
"""What tells boards of one data set and metric apart."""


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


def progress_points(ranked: pd.DataFrame, unit: object) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What the best-so-far chart draws: all dated results, and the records among them (see `charts.progress`)."""
    import pandas as pd

    from leaderboard.boards import best_so_far

    dated = ranked[ranked["rank"].notna()].copy()
    dated["row"] = dated.index
    # A paper known by its year alone ranks as of its last day. Where none is known by its day, the middle of the year
    # says the same and looks right on the axis.
    day = "-12-31" if dated["date"].notna().any() else "-07-01"
    year = dated["year"].astype("string").str.zfill(4) + day
    dated["when"] = pd.to_datetime(dated["date"].fillna(year), errors="coerce")
    today = pd.Timestamp.now().normalize()
    dated["when"] = dated["when"].where(dated["when"].isna() | (dated["when"] <= today), today)
    dated["dated"] = dated["date"].fillna(dated["year"].astype("string"))
    dated["paper"] = dated["title"].fillna(dated["paper_id"])
    dated["method"] = dated["method"].fillna(dated["paper"])
    dated["shown"] = [words.score(s, unit, e) for s, e in zip(dated["score"], dated["error"], strict=True)]
    dated = dated[dated["when"].notna()]
    records = best_so_far(dated)
    gain = records["gain"] if "gain" in records else pd.Series(dtype="float64")
    records = records.assign(gain=["first" if g != g else "+" + words.score(g, unit) for g in gain])
    names = ["when", "score", "method", "shown", "dated", "paper", "row"]
    return dated[names].reset_index(drop=True), records[[*names, "gain"]]


def costs_beside(store: Store, ranked: pd.DataFrame, board: Board) -> pd.DataFrame:
    """Costs that the papers of a board report for the methods on it: cost_metric, cost, method, score, row.

    A cost belongs to a method of the same paper by name; one that names no data set or the board's own counts.
    """
    papers = list(ranked["paper_id"].drop_duplicates())[:2000]
    costs = store.query(
        f"""SELECT paper_id, method, metric AS cost_metric, unit AS cost_unit, score AS cost FROM results
        WHERE kind = 'cost' AND method IS NOT NULL AND score IS NOT NULL AND metric IS NOT NULL
        AND (dataset IS NULL OR dataset = ?) AND paper_id IN ({", ".join("?" * len(papers))})""",
        [board["dataset"], *papers],
    )
    scores = ranked[ranked["rank"].notna()].assign(row=lambda frame: frame.index)
    merged = scores[["paper_id", "method", "score", "row"]].merge(costs, on=["paper_id", "method"])
    return merged.drop_duplicates(["row", "cost_metric"]).reset_index(drop=True)


def frontier(points: pd.DataFrame, *, higher_is_better: bool) -> pd.Series[bool]:
    """Which points nothing beats in both cost (lower is better) and score."""
    import pandas as pd

    signed = points["score"] if higher_is_better else -points["score"]
    order = pd.DataFrame({"cost": points["cost"], "score": -signed}).sort_values(["cost", "score"], kind="stable").index
    best = signed.loc[order].cummax()
    on = signed.loc[order].gt(best.shift(fill_value=float("-inf")))
    return on.reindex(points.index)
