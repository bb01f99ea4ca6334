"""Results in, boards or files for others out: `boards`, `rank` and `export`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from leaderboard.commands.terminal import counted, say
from leaderboard.table import read_results, write_table

if TYPE_CHECKING:
    import pandas as pd


def boards(
    results: Sequence[str],
    out: str | None,
    *,
    unplaced: bool = False,
    to: str | None = None,
    reviews: str | None = None,
    reviewed_only: bool = False,
) -> None:
    """Write the list of boards, or of the results that stand on none."""
    from leaderboard.boards import boards as list_boards
    from leaderboard.boards import unplaced as list_unplaced

    table = _read(results, reviews, reviewed_only)
    write_table(list_unplaced(table) if unplaced else list_boards(table), out, to)


def rank(
    results: Sequence[str],
    out: str | None,
    *,
    dataset: str,
    metric: str,
    task: str | None = None,
    split: str | None = None,
    setting: str | None = None,
    to: str | None = None,
    reviews: str | None = None,
    reviewed_only: bool = False,
) -> None:
    """Write one ranked board."""
    from leaderboard.boards import rank as rank_board

    table = _read(results, reviews, reviewed_only)
    write_table(rank_board(table, dataset=dataset, metric=metric, task=task, split=split, setting=setting), out, to)


def export(
    results: Sequence[str], out: str | None, *, to: str, reviews: str | None = None, reviewed_only: bool = False
) -> None:
    """Write the results in a format of others."""
    from leaderboard.exports import export as export_table

    left_out = export_table(_read(results, reviews, reviewed_only), to, out)
    if left_out:
        say(f"{counted(left_out, 'result')} left out: {to} holds boards, and they stand on none or are copies")


def _read(results: Sequence[str], reviews: str | None, reviewed_only: bool) -> pd.DataFrame:
    """The results, as reviewers left them where a file of reviews is named."""
    table = read_results(results)
    if reviews is None:
        return table
    from leaderboard.audit.review_apply import apply_review_file

    table = apply_review_file(table, reviews, reviewed_only=reviewed_only)
    if table.attrs["stale"]:
        say(f"{counted(table.attrs['stale'], 'verdict')} not applied: the text has changed since")
    return table
