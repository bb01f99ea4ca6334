"""What the Compare page shows: methods over the boards that they share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from leaderboard.dashboard import board_data, words
from leaderboard.dashboard.store import Store

if TYPE_CHECKING:
    import pandas as pd

BOARDS = 40
"""So many shared boards are compared, those of most papers first."""


def shared_boards(store: Store, methods: Sequence[str]) -> tuple[list[str], int]:
    """The keys of the boards on which at least two of the methods stand, at most `BOARDS`, and how many there are."""
    names = ", ".join(["lower(?)"] * len(methods))
    found = store.query(
        f"""SELECT board, any_value(b.papers) AS papers, count(DISTINCT lower(r.method)) AS methods
        FROM results r JOIN boards b ON r.board = b.key WHERE lower(r.method) IN ({names})
        GROUP BY board HAVING count(DISTINCT lower(r.method)) > 1 ORDER BY methods DESC, papers DESC, board""",
        methods,
    )
    return [str(key) for key in found["board"].head(BOARDS)], len(found)


def best_scores(
    store: Store, methods: Sequence[str], keys: Sequence[str], ranked: Callable[[str], pd.DataFrame]
) -> pd.DataFrame:
    """The best score of each method on each board: one row for a method on a board.

    Columns: key, board, higher_is_better, method, score, shown, rank, share (percent of the best among the methods, NaN
    where that says nothing), leads (whether no other of them is better), paper_id.
    """
    import pandas as pd

    rows = []
    for key in keys:
        board = board_data.board_of(store.boards(), key)
        if board is None:
            continue
        table = ranked(key)
        table = table[table["rank"].notna()]
        lower = table["method"].str.casefold()
        found = [(name, table[(lower == name.casefold()).fillna(False)].head(1)) for name in methods]
        here = [(name, words.plain(row.iloc[0])) for name, row in found if len(row)]
        if len(here) < 2:
            continue
        first = min(row["rank"] for _, row in here)
        best = next(row["score"] for _, row in here if row["rank"] == first)
        for name, row in here:
            share = _share(row["score"], best, higher_is_better=board_data.is_higher(board))
            rows.append(
                {
                    "key": key,
                    "board": words.board_name(board),
                    "higher_is_better": board["higher_is_better"],
                    "method": name,
                    "score": row["score"],
                    "shown": words.score(row["score"], board["unit"], row["error"]),
                    "rank": row["rank"],
                    "share": share,
                    "leads": row["rank"] == first,
                    "paper_id": row["paper_id"],
                }
            )
    names = ("key", "board", "higher_is_better", "method", "score", "shown", "rank", "share", "leads", "paper_id")
    return pd.DataFrame(rows, columns=list(names))


def _share(score: float | None, best: float | None, *, higher_is_better: bool) -> float | None:
    if score is None or best is None or score <= 0 or best <= 0:
        return None
    return 100 * (score / best if higher_is_better else best / score)


def wide(scores: pd.DataFrame, methods: Sequence[str]) -> pd.DataFrame:
    """One row a board: key, board, direction, a column for each method with its score as shown, leader."""
    import pandas as pd

    rows = []
    for key, here in scores.groupby("key", sort=False):
        first = here.iloc[0]
        shown = dict(zip(here["method"], here["shown"], strict=True))
        rows.append(
            {
                "key": key,
                "board": first["board"],
                "direction": words.direction(first["higher_is_better"]),
                **{method: shown.get(method) for method in methods},
                "leader": ", ".join(here.loc[here["leads"], "method"]),
            }
        )
    return pd.DataFrame(rows)


def tally(scores: pd.DataFrame, methods: Sequence[str]) -> pd.DataFrame:
    """Each method against the others, board by board: method, boards, wins, losses, ties."""
    import pandas as pd

    count = {method: {"method": method, "boards": 0, "wins": 0, "losses": 0, "ties": 0} for method in methods}
    for _, here in scores.groupby("key", sort=False):
        ranks = dict(zip(here["method"], here["rank"], strict=True))
        for method, rank in ranks.items():
            count[method]["boards"] += 1  # type: ignore[operator]
            for other, against in ranks.items():
                if other != method:
                    outcome = "ties" if rank == against else "wins" if rank < against else "losses"
                    count[method][outcome] += 1  # type: ignore[operator]
    return pd.DataFrame(count.values())
