"""What a second table of results gained, lost and changed, and which boards have a new record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from leaderboard.audit.changes import Change, changes_by_paper
from leaderboard.audit.rows import results_of_table

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A board whose best score is better than before; `before` and `before_method` are None for a new board."""

    board: str  # its data set, split, metric, setting and kind, for a person
    key: str
    score: float
    method: str | None
    paper_id: str
    before: float | None
    before_method: str | None


@dataclass(frozen=True, slots=True)
class TableDiff:
    """Changes by paper, papers that only one table has, and boards with a new record."""

    changes: Mapping[str, list[Change]]
    new_papers: tuple[str, ...]
    gone_papers: tuple[str, ...]
    records: tuple[NewRecord, ...]

    def count(self, change_type: str) -> int:
        """How many results were `gained`, `lost` or `changed`."""
        return sum(change.type == change_type for changes in self.changes.values() for change in changes)


def diff_tables(old: pd.DataFrame, new: pd.DataFrame) -> TableDiff:
    """Compare two tables of results: result by result where they share a paper, and board by board."""
    papers = [list(dict.fromkeys(table["paper_id"].tolist())) for table in (old, new)]
    return TableDiff(
        changes=changes_by_paper(results_of_table(old), results_of_table(new)),
        new_papers=tuple(sorted(set(papers[1]) - set(papers[0]))),
        gone_papers=tuple(sorted(set(papers[0]) - set(papers[1]))),
        records=tuple(_new_records(old, new)),
    )


def _new_records(old: pd.DataFrame, new: pd.DataFrame) -> list[NewRecord]:
    from leaderboard.boards import boards

    before = {row["key"]: row for row in boards(old).to_dict("records")}
    found = []
    for row in boards(new).to_dict("records"):
        was = before.get(row["key"])
        if was is not None and not _better(row["best_score"], was["best_score"], row["higher_is_better"], row["kind"]):
            continue
        parts = (row[name] for name in ("dataset", "split", "metric", "setting", "kind"))
        found.append(
            NewRecord(
                board=" / ".join(str(part) for part in parts if _plain(part)),
                key=row["key"],
                score=row["best_score"],
                method=_plain(row["best_method"]),
                paper_id=row["best_paper_id"],
                before=was["best_score"] if was is not None else None,
                before_method=_plain(was["best_method"]) if was is not None else None,
            )
        )
    return found


def _better(score: float, before: float, higher_is_better: Any, kind: str) -> bool:
    higher = bool(higher_is_better) if isinstance(higher_is_better, bool) else kind == "score"
    return score > before if higher else score < before


def _plain(value: Any) -> Any:
    return value if isinstance(value, str) else None
