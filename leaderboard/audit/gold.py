"""The gold form of fixtures: JSON lines of `{"id", "results"}`, whose texts stand in files of papers beside them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from leaderboard.audit.fixtures import ConfirmedResult, Fixture, Problem, read_text, say_error
from leaderboard.errors import FixtureError


class _GoldResult(ConfirmedResult):
    """A result of a gold file: with the evidence, which is not needed here."""

    evidence: str = Field(default="", exclude=True)


class _GoldRow(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: str
    results: tuple[_GoldResult, ...]


def read_gold(file: Path, papers: Sequence[str | Path]) -> tuple[list[Fixture], list[Problem]]:
    """The fixtures of a gold file, and what is wrong with its lines. Raises FixtureError where no papers are named."""
    if not papers:
        raise FixtureError(f"{file}: a gold file holds no texts; name the file of its papers with --papers FILE")
    from leaderboard.papers import read_papers

    texts = {paper.paper_id: paper for paper in read_papers(list(papers))}
    fixtures: list[Fixture] = []
    problems: list[Problem] = []
    for number, line in enumerate(read_text(file).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = _GoldRow.model_validate_json(line)
        except ValidationError as error:
            found = error.errors()[0]
            field = ".".join(str(part) for part in found["loc"])
            problems.append(Problem(str(file), number, f"line {number}", field, say_error(found)))
            continue
        paper = texts.get(row.id)
        if paper is None:
            message = f"its text is in none of the files of papers: {', '.join(map(str, papers))}"
            problems.append(Problem(str(file), number, row.id, "id", message))
            continue
        fixtures.append(
            Fixture(
                id=row.id,
                title=paper.title,
                abstract=paper.abstract,
                year=paper.year,
                date=paper.date,
                venue=paper.venue or _venue_of_id(row.id),
                url=paper.url,
                results=tuple(ConfirmedResult(**r.model_dump()) for r in row.results),
                file=str(file),
                line=number,
            )
        )
    return fixtures, problems


def _venue_of_id(paper_id: str) -> str | None:
    """The venue in ids like `acl2022:long.140`, which is all that the gold files say of it."""
    head, colon, _ = paper_id.partition(":")
    return head.rstrip("0123456789") or None if colon else None
