"""The commands `reviews ...` and `fixture from-reviews`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from leaderboard.audit.reviews import Review

Results = Annotated[list[str], typer.Argument(metavar="RESULTS...", help="Files of results: JSON lines, CSV, Parquet.")]
Reviews = Annotated[Path, typer.Argument(metavar="REVIEWS", help="The file of reviews (*.reviews.sqlite).")]
ReviewsBeside = Annotated[
    Path | None,
    typer.Option("--reviews", metavar="FILE", help="The file of reviews. Default: NAME.reviews.sqlite beside RESULTS."),
]
Papers = Annotated[
    list[str] | None,
    typer.Option(
        "--papers", metavar="FILE", help="The papers as they are now, to tell exactly whose text has changed."
    ),
]


def fixture_from_reviews(
    reviews: Reviews,
    out: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="OUT", help="The new file. Default: standard output.")
    ] = None,
    partial: Annotated[
        bool, typer.Option("--partial", help="Also papers of which some results have no verdict, without those.")
    ] = False,
) -> None:
    """Write confirmed and corrected papers as fixtures, once each of their results has a verdict."""
    from leaderboard.audit.files import write_atomically
    from leaderboard.audit.fixture_format import dump_fixtures
    from leaderboard.audit.review_fixtures import fixtures_from_reviews
    from leaderboard.audit.reviews import ReviewStore
    from leaderboard.errors import OutputError
    from leaderboard.extraction import extract_paper

    with ReviewStore(reviews, read_only=True) as store:
        given, papers = store.reviews(), store.papers()
    found = fixtures_from_reviews(given, papers, lambda paper: extract_paper(paper).results, partial=partial)
    text = dump_fixtures(found.fixtures)
    if out is None:
        typer.echo(text, nl=False)
    elif out.exists():
        raise OutputError(f"{out}: stands already; name a new file, then join the two by hand")
    else:
        write_atomically(out, text)
    waiting = f"; {len(found.open)} papers still want verdicts (--partial takes them too)" if found.open else ""
    typer.echo(f"{len(found.fixtures)} fixtures{waiting}", err=True)


def reviews_show(reviews: Reviews) -> None:
    """How many verdicts there are, and what they say of the accuracy of extraction: by rule, reviewer and month."""
    from leaderboard.audit.report import clean, table_lines
    from leaderboard.audit.review_fixtures import accuracy_of_reviews, by_month, by_reviewer, by_rule
    from leaderboard.audit.reviews import ReviewStore

    with ReviewStore(reviews, read_only=True) as store:
        given = store.reviews()
    head = ("right", "wrong", "fixed", "missing", "precision", "recall")
    groups = {"": lambda review: ("all",), "rule": by_rule, "reviewer": by_reviewer, "month": by_month}
    for name, by in groups.items():
        rows = [
            (group, a.right, a.wrong, a.fixed, a.missing, _share(a.precision), _share(a.recall))
            for group, a in accuracy_of_reviews(given, by).items()
        ]
        for line in table_lines([(name, *head), *rows]):
            typer.echo(clean(line))
        typer.echo()


def reviews_queue(
    results: Results,
    reviews: ReviewsBeside = None,
    reviewer: Annotated[
        str | None, typer.Option(metavar="NAME", help="What this person has still to judge, whatever others have.")
    ] = None,
    count: Annotated[int, typer.Option("-n", "--count", min=1, help="How many to list.")] = 20,
) -> None:
    """List what to review next, with the reason why it comes first."""
    from leaderboard.audit.report import clean, describe
    from leaderboard.audit.review_queue import review_queue
    from leaderboard.audit.reviews import ReviewStore
    from leaderboard.audit.rows import results_of_table
    from leaderboard.table import read_results

    table = read_results(results)
    given: list[Review] = []
    papers = {}
    path = _beside(results, reviews)
    if path.exists():
        with ReviewStore(path, read_only=True) as store:
            given, papers = store.reviews(), store.papers()
    queue = review_queue(table, given, papers, reviewer=reviewer)
    top = queue.head(count)
    for result, priority, why in zip(results_of_table(top), top["priority"], top["why"], strict=True):
        typer.echo(clean(f"{priority:.2f}  {result.paper_id}: {describe(result)}   ({why})"))
    typer.echo(f"{len(queue)} of {len(table)} results want a verdict", err=True)


def reviews_apply(
    results: Results,
    out: Annotated[
        Path, typer.Option("-o", "--output", metavar="OUT", help="The reviewed table: .csv, .jsonl, .parquet.")
    ],
    reviews: ReviewsBeside = None,
    papers: Papers = None,
    reviewed_only: Annotated[bool, typer.Option("--reviewed-only", help="Only results with a verdict.")] = False,
    keep_rejected: Annotated[
        bool, typer.Option("--keep-rejected", help="Rejected results too, marked as such.")
    ] = False,
) -> None:
    """Write the table as the reviews make it: confirmed, corrected and added results, rejected ones left out."""
    from leaderboard.audit.review_apply import apply_review_file
    from leaderboard.audit.review_fixtures import digests_of
    from leaderboard.papers import read_papers
    from leaderboard.table import read_results, write_table

    table = apply_review_file(
        read_results(results),
        _beside(results, reviews),
        digests=digests_of(read_papers(papers)) if papers else None,
        reviewed_only=reviewed_only,
        keep_rejected=keep_rejected,
    )
    write_table(table, out)
    counts = ", ".join(f"{count} {name}" for name, count in table["review"].value_counts().items()) or "no verdicts"
    stale = table.attrs["stale"]
    changed = f"; {stale} verdicts not applied, the text has changed since" if stale else ""
    typer.echo(f"{len(table)} results: {counts}{changed}", err=True)


def reviews_agree(
    reviews: Reviews,
    first: Annotated[str, typer.Argument(metavar="REVIEWER", help="One reviewer.")],
    second: Annotated[str, typer.Argument(metavar="REVIEWER", help="The other.")],
) -> None:
    """How far two reviewers agree (Cohen's kappa on verdicts, F1 on tuples), and what they have to settle."""
    from leaderboard.audit.agreement import agreement
    from leaderboard.audit.report import clean
    from leaderboard.audit.reviews import ReviewStore
    from leaderboard.errors import InputError

    with ReviewStore(reviews, read_only=True) as store:
        given, texts = store.reviews(), store.papers()
    names = sorted({review.reviewer for review in given})
    for name in (first, second):
        if name not in names:
            raise InputError(f"{reviews}: no verdict by {name}; there are some by {', '.join(names) or 'nobody'}")
    found = agreement(given, first, second)
    titles = {paper_id: paper.title for (paper_id, _), paper in texts.items()}
    for item in found.disagreements:
        typer.echo(clean(f"{item.paper_id}  {titles.get(item.paper_id, '')}"))
        for name, review in ((first, item.first), (second, item.second)):
            typer.echo(clean(f"    {name}: {_describe(review)}"))
    typer.echo(
        f"both judged {found.items} results in {found.papers} papers: {found.same} verdicts the same, "
        f"kappa {_share(found.kappa)}; F1 on tuples {_share(found.f1)}; {len(found.disagreements)} to settle"
    )


def _describe(review: Review | None) -> str:
    if review is None:
        return "nothing"
    claim = review.claim or review.original or {}
    parts = [str(claim.get(name) or "-") for name in ("kind", "value_text", "metric", "dataset", "method")]
    return f"{review.verdict}: {' | '.join(parts)}" + (f" ({review.note})" if review.note else "")


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _beside(results: list[str], reviews: Path | None) -> Path:
    from leaderboard.audit.reviews import reviews_path

    return reviews or reviews_path(results[0])
