"""Results in, boards or files for others out: `boards`, `rank` and `export`."""

from __future__ import annotations

from collections.abc import Sequence

from leaderboard.table import read_results, write_table


def boards(results: Sequence[str], out: str | None, *, to: str | None = None) -> None:
    """Write the list of boards."""
    from leaderboard.boards import boards as list_boards

    write_table(list_boards(read_results(results)), out, to)


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
) -> None:
    """Write one ranked board."""
    from leaderboard.boards import rank as rank_board

    table = read_results(results)
    write_table(rank_board(table, dataset=dataset, metric=metric, task=task, split=split, setting=setting), out, to)


def export(results: Sequence[str], out: str | None, *, to: str) -> None:
    """Write the results in a format of others."""
    from leaderboard.exports import export as export_table

    export_table(read_results(results), to, out)
