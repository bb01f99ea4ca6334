"""The same extraction over many papers, in one process or in several, with the same outcome."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from leaderboard.errors import LeaderboardError
from leaderboard.models import Mention, Paper, Reject
from leaderboard.run.ordered import map_ordered

if TYPE_CHECKING:
    import pandas as pd

    from leaderboard.extraction import Extraction

__all__ = ["extract_records", "extract_table", "mention_records", "run_extraction"]


def run_extraction(papers: Iterable[Paper], *, workers: int = 1) -> Iterator[Extraction]:
    """Extract paper by paper, in the order given.

    With more than one worker the papers are spread over as many processes; the outcome does not depend on their number.
    Papers are taken as they are needed, a bounded number ahead, so that memory does not grow with the input. A paper on
    which the extraction fails gives an extraction without results and one reject, `internal_error`.

    More than one worker needs a program that its workers can import: in a script, call this below
    `if __name__ == "__main__":`.

    Raises:
        LeaderboardError: a worker process ended unexpectedly, or the rules' own data is broken.
    """
    for record in extract_records(papers, workers=workers):
        if not isinstance(record, Reject):
            yield record


def extract_records(records: Iterable[Paper | Reject], *, workers: int = 1) -> Iterator[Extraction | Reject]:
    """As `run_extraction`, for a stream that holds rejects of records too: they keep their places in it."""
    return map_ordered(_extraction_of, records, workers=workers)


def mention_records(records: Iterable[Paper | Reject], *, workers: int = 1) -> Iterator[list[Mention] | Reject]:
    """The mentions of each paper, as `extract_records` gives extractions; a reject where finding them fails."""
    return map_ordered(_mentions_of, records, workers=workers)


def extract_table(papers: Iterable[Paper], *, workers: int = 1) -> pd.DataFrame:
    """The results of all papers as one table: its columns are RESULT_COLUMNS, its rows in the order of the papers."""
    from leaderboard.table import to_table

    return to_table(result for extraction in run_extraction(papers, workers=workers) for result in extraction.results)


def _extraction_of(record: Paper | Reject) -> Extraction | Reject:
    from leaderboard.extraction import Extraction, extract_paper

    if isinstance(record, Reject):
        return record
    try:
        return extract_paper(record)
    except LeaderboardError:
        raise
    except Exception as error:  # one paper must not cost the others
        return Extraction(record, rejects=[_internal_error(record, error)])


def _mentions_of(record: Paper | Reject) -> list[Mention] | Reject:
    from leaderboard.extraction import find_mentions

    if isinstance(record, Reject):
        return record
    try:
        return find_mentions(record)
    except LeaderboardError:
        raise
    except Exception as error:
        return _internal_error(record, error)


def _internal_error(paper: Paper, error: Exception) -> Reject:
    fault = " ".join(f"{type(error).__name__}: {error}".split())
    return Reject(
        type="record",
        paper_id=paper.paper_id,
        reason="internal_error",
        message=f"paper {paper.paper_id}: {fault} (a fault of leaderboard: please report it with this paper's text)",
    )
