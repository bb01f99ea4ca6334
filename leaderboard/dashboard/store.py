"""What the pages ask of the results: SQL over Parquet files in process, so that a page loads only what it shows."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leaderboard.models import Paper

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from leaderboard.dashboard.placing import Prepared

NOT_NAMED = "not named"
"""What stands for a split or setting that is not there, where one is chosen."""
_NO_PAPERS = ", ".join(f"NULL::VARCHAR AS {field.name}" for field in fields(Paper))


@dataclass(frozen=True, slots=True)
class Totals:
    """How much is loaded."""

    papers: int
    results: int
    scores: int
    gains: int
    costs: int
    boards: int
    first_year: int | None
    last_year: int | None


class Store:
    """A table of results on their boards, and the papers behind it.

    Safe to use from several threads: each query has its own cursor. Frames have the dtypes of `leaderboard.table`.
    """

    def __init__(self, prepared: Prepared) -> None:
        import duckdb

        self.prepared = prepared
        self.digest = prepared.digest
        self._connection = duckdb.connect()
        self._lock = threading.Lock()
        self._boards: pd.DataFrame | None = None
        self._connection.execute(f"CREATE VIEW results AS SELECT * FROM {_files([prepared.results])}")
        self._connection.execute(f"CREATE VIEW boards AS SELECT * FROM {_files([prepared.boards])}")
        for view, paths, empty in (
            ("papers", prepared.papers, _NO_PAPERS),
            (
                "rejects",
                prepared.rejects,
                "NULL::VARCHAR AS paper_id, NULL::VARCHAR AS reason, NULL::VARCHAR AS message",
            ),
        ):
            source = f"SELECT * FROM {_files(paths)}" if paths else f"SELECT {empty} WHERE false"
            self._connection.execute(f"CREATE VIEW {view} AS {source}")

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> pd.DataFrame:
        """The rows of a query, in the dtypes of the results table."""
        from leaderboard.table.schema import to_pandas

        return to_pandas(self._execute(sql, parameters).to_arrow_table())

    def _execute(self, sql: str, parameters: Sequence[Any] = ()) -> duckdb.DuckDBPyRelation:
        return self._connection.cursor().sql(sql, params=list(parameters))

    def write_with(self, changed: pd.DataFrame, boards: Sequence[str], papers: Sequence[str], path: Path) -> None:
        """Write the table without the results of these boards and papers and with the changed ones; whole or not."""
        import pyarrow as pa

        cursor = self._connection.cursor()
        cursor.register("changed", pa.Table.from_pandas(changed, preserve_index=False))
        part = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
        try:
            cursor.execute(
                f"""COPY (
                    SELECT results.* FROM results
                    ANTI JOIN (SELECT unnest($boards::VARCHAR[]) AS board) USING (board)
                    ANTI JOIN (SELECT unnest($papers::VARCHAR[]) AS paper_id) USING (paper_id)
                    UNION ALL BY NAME SELECT * FROM changed ORDER BY board
                ) TO {_literal(part)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 32768)""",
                {"boards": list(boards), "papers": list(papers)},
            )
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)

    def totals(self) -> Totals:
        """How much is loaded."""
        row = self._execute(
            """SELECT count(DISTINCT paper_id), count(*), count(*) FILTER (kind = 'score'),
            count(*) FILTER (kind = 'gain'), count(*) FILTER (kind = 'cost'), (SELECT count(*) FROM boards),
            min(year), max(year), (SELECT count(*) FROM papers) FROM results"""
        ).fetchall()[0]
        return Totals(max(row[0], row[-1]), *row[1:-1])

    def rejects(self) -> pd.DataFrame:
        """The records that could not be read."""
        return self.query("SELECT * FROM rejects")

    def boards(self) -> pd.DataFrame:
        """The list of boards as `leaderboard.boards.boards` makes it, those of most papers first."""
        with self._lock:
            if self._boards is None:
                self._boards = self.query("SELECT * FROM boards")
            return self._boards

    def board_rows(self, keys: Sequence[str]) -> pd.DataFrame:
        """All results on these boards."""
        frame = self.query(f"SELECT * FROM results WHERE board IN ({', '.join('?' * len(keys))})", keys)
        return frame.drop(columns="board")

    def results_of(self, paper_id: str) -> pd.DataFrame:
        """All results of a paper, in the order of its text."""
        return self.query(
            """SELECT * FROM results WHERE paper_id = ?
            ORDER BY field DESC NULLS LAST, start NULLS LAST, metric, dataset""",
            [paper_id],
        )

    def paper(self, paper_id: str) -> Paper | None:
        """A paper's text and what is known of it; None if only its results are loaded."""
        found = (
            self._execute("SELECT * FROM papers WHERE paper_id = ? LIMIT 1", [paper_id]).to_arrow_table().to_pylist()
        )
        return Paper(**{**found[0], "authors": tuple(found[0]["authors"] or ())}) if found else None

    def cited(self, paper_ids: Sequence[str]) -> list[Paper]:
        """What is known of these papers, without their abstracts, in the order given."""
        marks = ", ".join("?" * len(paper_ids))
        if not paper_ids:
            return []
        found = self._execute(
            f"""SELECT paper_id, title, '' AS abstract, year, date, venue, authors, url, doi, arxiv_id FROM papers
            WHERE paper_id IN ({marks})""",
            paper_ids,
        ).to_arrow_table()
        known = {row["paper_id"]: Paper(**{**row, "authors": tuple(row["authors"] or ())}) for row in found.to_pylist()}
        rest = self._execute(
            f"""SELECT paper_id, any_value(title) AS title, any_value(year) AS year, any_value(date) AS date,
            any_value(venue) AS venue, any_value(url) AS url
            FROM results WHERE paper_id IN ({marks}) GROUP BY paper_id""",
            paper_ids,
        ).to_arrow_table()
        for row in rest.to_pylist():
            known.setdefault(row["paper_id"], Paper(**{**row, "title": row["title"] or ""}))
        return [known[paper_id] for paper_id in paper_ids if paper_id in known]

    def find_papers(self, text: str, limit: int) -> pd.DataFrame:
        """Papers whose title or id holds the text, those with most results first: paper_id, title, year, results."""
        return self.query(
            """WITH everything AS (
                SELECT paper_id, any_value(title) AS title, any_value(year) AS year, count(*) AS results
                FROM results GROUP BY paper_id
                UNION ALL
                SELECT paper_id, title, year, 0 FROM papers
            )
            SELECT paper_id, any_value(title) AS title, any_value(year) AS year, sum(results)::BIGINT AS results
            FROM everything WHERE contains(lower(title), lower($1)) OR contains(lower(paper_id), lower($1))
            GROUP BY paper_id ORDER BY results DESC, paper_id LIMIT $2""",
            [text, limit],
        )

    def find_methods(self, text: str, limit: int) -> pd.DataFrame:
        """Methods whose name holds the text, those on most boards first: method, boards, results, papers."""
        return self.query(
            """SELECT method, count(DISTINCT board) AS boards, count(*) AS results, count(DISTINCT paper_id) AS papers
            FROM results WHERE method IS NOT NULL AND board IS NOT NULL AND contains(lower(method), lower(?))
            GROUP BY method ORDER BY boards DESC, results DESC, method LIMIT ?""",
            [text, limit],
        )

    def pairs(self, method: str, limit: int) -> pd.DataFrame:
        """Pairs of methods (the first as given, or any) that share most boards: method, other, boards."""
        return self.query(
            """WITH lively AS (
                SELECT method, count(DISTINCT board) AS boards FROM results
                WHERE method IS NOT NULL AND board IS NOT NULL GROUP BY method
                ORDER BY lower(method) = lower($1) DESC, boards DESC, method LIMIT 400
            ), entries AS (
                SELECT DISTINCT r.method, r.board FROM results r JOIN lively USING (method) WHERE r.board IS NOT NULL
            )
            SELECT a.method, b.method AS other, count(*) AS boards FROM entries a JOIN entries b ON a.board = b.board
            WHERE lower(a.method) <> lower(b.method)
            AND CASE WHEN $1 = '' THEN a.method < b.method ELSE lower(a.method) = lower($1) END
            GROUP BY a.method, b.method ORDER BY boards DESC, a.method, other LIMIT $2""",
            [method, limit],
        )


def _files(paths: Sequence[Path]) -> str:
    quoted = ", ".join(map(_literal, paths))
    return f"read_parquet([{quoted}], union_by_name = true)"


def _literal(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
