"""Results on their boards: what was read, as reviewers left it, as one table with the list of its boards.

Placing a million results takes most of a minute. What a visitor adds, or a reviewer says, touches few boards, and only
those are placed anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from leaderboard.dashboard.cache import cache_folder
from leaderboard.dashboard.sources import Part, Progress, parts_of, say_nothing
from leaderboard.models import Paper

if TYPE_CHECKING:
    import pandas as pd

    from leaderboard.audit.reviews import Review


@dataclass(frozen=True, slots=True)
class Prepared:
    """Parquet files with the results on their boards, the boards, the papers, and the records that could not be read.

    `results` has the columns of a result, then `board` (the key of its board, or null), sorted by it. `digest` names
    the content: equal digests mean equal tables.
    """

    digest: str
    results: Path
    boards: Path
    parts: tuple[Part, ...] = ()

    @property
    def papers(self) -> list[Path]:
        """The files of papers."""
        return [part.papers for part in self.parts if part.papers]

    @property
    def rejects(self) -> list[Path]:
        """The files of records that could not be read."""
        return [part.rejects for part in self.parts if part.rejects]


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What reviewers said, and the texts that they read; equal digests mean equal verdicts."""

    digest: str
    reviews: Sequence[Review]
    papers: Mapping[tuple[str, str], Paper]


def verdicts_in(path: Path) -> Verdicts | None:
    """The verdicts of a file of reviews; None where there is no such file, or none in it.

    Raises:
        InputError: it is no file of reviews.
    """
    if not path.exists():
        return None
    from leaderboard.audit.reviews import ReviewStore

    with ReviewStore(path, read_only=True) as store:
        reviews, papers = store.reviews(), store.papers()
    digest = hashlib.blake2b("\n".join(review.id for review in reviews).encode(), digest_size=16).hexdigest()
    return Verdicts(digest, reviews, papers) if reviews else None


def prepare(inputs: Sequence[str], texts: Sequence[str] = (), progress: Progress = say_nothing) -> Prepared:
    """Everything that `inputs` hold, on its boards; `texts` are papers whose texts belong to the results.

    Raises:
        InputError: a file cannot be read.
    """
    return place(parts_of(inputs, texts, progress), progress)


def place(parts: Sequence[Part], progress: Progress = say_nothing) -> Prepared:
    """Several inputs as one table whose results stand on their boards.

    Raises:
        InputError: a file of results cannot be read.
    """
    prepared = _named(parts, [part.digest for part in parts])
    if not _is_there(prepared):
        from leaderboard.boards import boards
        from leaderboard.table import read_results

        progress("Reading the results", None)
        table = read_results([part.results for part in parts if part.results])
        progress(f"Ranking {len(table):,} results", None)
        write_frame(_placed(table), prepared.results)
        write_frame(boards(table), prepared.boards)
    _keep(prepared)
    return prepared


def place_anew(base: Prepared, parts: Sequence[Part], verdicts: Verdicts | None) -> Prepared:
    """A placed table with further inputs and with reviewers' verdicts; what neither touches is taken over as it is.

    The outcome is that of placing everything at once, but for the spelling of names, which stays.

    Raises:
        InputError: a file of results cannot be read.
    """
    names = [base.digest, *(part.digest for part in parts), *([verdicts.digest] if verdicts else [])]
    prepared = _named([*base.parts, *parts], names)
    if not _is_there(prepared):
        _place_touched(base, parts, verdicts, prepared)
    _keep(prepared)
    return prepared


def _place_touched(base: Prepared, parts: Sequence[Part], verdicts: Verdicts | None, target: Prepared) -> None:
    import pandas as pd

    from leaderboard.boards import boards, placements
    from leaderboard.dashboard.store import Store
    from leaderboard.table import read_results

    store = Store(base)
    files = [part.results for part in parts if part.results]
    added = read_results(files) if files else None
    reviewed = sorted({review.paper_id for review in verdicts.reviews}) if verdicts else []
    before = store.query("SELECT * FROM results WHERE paper_id IN (SELECT unnest(?::VARCHAR[]))", [reviewed])
    changed = before.drop(columns="board")
    if added is not None:
        changed = pd.concat([changed, added], ignore_index=True) if len(changed) else added
    if verdicts:
        from leaderboard.audit.review_apply import apply_reviews

        changed = apply_reviews(changed, verdicts.reviews, verdicts.papers)
    known = store.boards()
    touched = {_stem(key) for key in [*before["board"].dropna(), *placements(changed)["key"].dropna()]}
    anew = known["key"].map(_stem).isin(touched)
    keys = known.loc[anew, "key"].tolist()
    neighbours = store.query(
        """SELECT * FROM results WHERE board IN (SELECT unnest(?::VARCHAR[]))
        AND paper_id NOT IN (SELECT unnest(?::VARCHAR[]))""",
        [keys, reviewed],
    ).drop(columns="board")
    table = pd.concat([neighbours, changed], ignore_index=True) if len(neighbours) else changed
    rest = known[~anew]
    found = _spelt_as(known, boards(table))
    order = ["papers", "entries", "dataset", "metric", "split", "setting", "key"]
    every = pd.concat([rest, found], ignore_index=True) if len(rest) and len(found) else found if len(found) else rest
    write_frame(
        every.sort_values(order, ascending=[False, False, *[True] * 5], na_position="first", ignore_index=True),
        target.boards,
    )
    store.write_with(_placed(table), keys, reviewed, target.results)


def _stem(key: str) -> str:
    """What the keys of boards of one kind, data set and metric have in common: these are placed together."""
    return "/".join(key.split("/")[:2])


def _spelt_as(known: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """The boards with their data sets and metrics spelt as on the boards that were there before.

    A name is spelt as most results of the whole table spell it, and only a part of them was at hand.
    """
    out = found.copy()
    for position, column in enumerate(("dataset", "metric")):
        spelling: dict[str, str] = {}
        for key, kind, name in zip(known["key"], known["kind"], known[column], strict=True):
            spelling.setdefault(_part(key, kind, position), name)
        out[column] = [
            spelling.get(_part(key, kind, position), name)
            for key, kind, name in zip(found["key"], found["kind"], found[column], strict=True)
        ]
        out[column] = out[column].astype(found[column].dtype)
    return out


def _part(key: str, kind: str, position: int) -> str:
    return key.removeprefix(f"{kind}:").split("/")[position]


def _placed(table: pd.DataFrame) -> pd.DataFrame:
    from leaderboard.boards import placements

    return table.assign(board=placements(table)["key"]).sort_values("board", kind="stable")


def _named(parts: Sequence[Part], names: Iterable[str]) -> Prepared:
    digest = hashlib.blake2b("\n".join(names).encode(), digest_size=16).hexdigest()
    folder = cache_folder()
    return Prepared(digest, folder / f"{digest}.results.parquet", folder / f"{digest}.boards.parquet", tuple(parts))


def _is_there(prepared: Prepared) -> bool:
    return prepared.results.exists() and prepared.boards.exists()


def _keep(prepared: Prepared) -> None:
    """Note that these files are used, so that they are not forgotten."""
    papers = [part.papers.parent for part in prepared.parts if part.papers]
    for path in (prepared.results, prepared.boards, *papers):
        with contextlib.suppress(OSError):
            os.utime(path)


def write_frame(frame: pd.DataFrame, path: Path) -> None:
    """A frame as a Parquet file that appears whole or not at all."""
    import pyarrow as pa
    from pyarrow.parquet import write_table

    from leaderboard.table import open_output

    with open_output(path) as stream:
        write_table(
            pa.Table.from_pandas(frame, preserve_index=False), stream, compression="zstd", row_group_size=1 << 15
        )
