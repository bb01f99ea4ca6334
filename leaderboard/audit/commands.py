"""The commands `audit` and `fixture`, and how all commands of the audit join the command line.

What a command needs is imported when it runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leaderboard.audit.exits import FINDINGS
from leaderboard.audit.review_commands import (
    fixture_from_reviews,
    reviews_agree,
    reviews_apply,
    reviews_queue,
    reviews_show,
)
from leaderboard.audit.table_commands import diff, rules, validate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from leaderboard.audit.fixtures import Fixture
    from leaderboard.audit.report import Audit

    Command = Callable[..., None]


Fixtures = Annotated[
    list[str],
    typer.Argument(metavar="FIXTURE...", help="Fixture files, folders of them, or globs; gold files with --papers."),
]
Papers = Annotated[
    list[Path] | None, typer.Option("--papers", metavar="FILE", help="Papers that name the texts of a gold file.")
]


def register(app: typer.Typer, reporting: Callable[[Command], Command]) -> None:
    """Add the commands of the audit; `reporting` wraps each, so that a failure becomes one line and an exit status."""
    app.command("audit")(reporting(audit))
    fixture_app = typer.Typer(no_args_is_help=True, help="Write, check and format fixtures.", rich_markup_mode=None)
    fixture_app.command("new")(reporting(fixture_new))
    fixture_app.command("check")(reporting(fixture_check))
    fixture_app.command("fmt")(reporting(fixture_fmt))
    fixture_app.command("from-reviews")(reporting(fixture_from_reviews))
    app.add_typer(fixture_app, name="fixture")
    reviews_app = typer.Typer(no_args_is_help=True, help="Use the verdicts of reviewers.", rich_markup_mode=None)
    reviews_app.command("queue")(reporting(reviews_queue))
    reviews_app.command("apply")(reporting(reviews_apply))
    reviews_app.command("show")(reporting(reviews_show))
    reviews_app.command("agree")(reporting(reviews_agree))
    app.add_typer(reviews_app, name="reviews")
    app.command("validate")(reporting(validate))
    app.command("diff")(reporting(diff))
    app.command("rules")(reporting(rules))


def audit(
    fixtures: Fixtures,
    baseline: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Compare with this run: a file of --write-baseline, or of results."),
    ] = None,
    write_baseline: Annotated[
        Path | None, typer.Option(metavar="OUT", help="Save what is extracted now as the new baseline.")
    ] = None,
    papers: Papers = None,
    totals: Annotated[
        bool, typer.Option("--totals", help="Figures alone: nothing that tells one paper from another.")
    ] = False,
    html: Annotated[Path | None, typer.Option(metavar="OUT", help="Also a report as HTML, in one file.")] = None,
    markdown: Annotated[
        Path | None, typer.Option(metavar="OUT", help="Also a report as Markdown, its pictures beside it.")
    ] = None,
    junit: Annotated[Path | None, typer.Option(metavar="OUT", help="Also JUnit XML, a case for each fixture.")] = None,
    json: Annotated[Path | None, typer.Option(metavar="OUT", help="Also everything as one JSON object.")] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes to extract with.")] = 1,
) -> None:
    """Extract from fixtures and compare with what was confirmed.

    Prints each difference with its sentence, and precision, recall and F1 by kind, level, slot and rule. With
    --baseline it exits with 3 where something got worse since; without one, where something differs from what was
    confirmed. With --totals and no baseline the figures are all, and the exit status is 0.
    """
    from leaderboard.audit import report, report_files
    from leaderboard.audit.baseline import write_baseline as save_baseline
    from leaderboard.audit.fixtures import load_fixtures

    found = run_audit(load_fixtures(fixtures, papers=papers or ()), baseline=baseline, workers=workers)
    typer.echo(report.to_text(found, totals=totals), nl=False)
    if write_baseline:
        save_baseline(found.comparison, write_baseline)
    if html:
        report_files.write_html(found, html, totals=totals)
    if markdown:
        report_files.write_markdown(found, markdown, totals=totals)
    if junit:
        report_files.write_junit(found, junit)
    if json:
        report_files.write_json(found, json, totals=totals)
    if found.baseline is not None:
        if found.baseline.worse:
            raise typer.Exit(FINDINGS)
    elif found.differences and not totals and not write_baseline:
        raise typer.Exit(FINDINGS)


def run_audit(fixtures: Sequence[Fixture], *, baseline: Path | None = None, workers: int = 1) -> Audit:
    """Extract from the fixtures' papers and compare; what the command and the tests call."""
    from leaderboard.audit.baseline import compare_with_baseline, read_baseline
    from leaderboard.audit.compare import compare
    from leaderboard.audit.report import Audit
    from leaderboard.run import run_extraction

    earlier = read_baseline(baseline) if baseline is not None else None  # before the work, so that a typo shows at once
    extractions = run_extraction((fixture.paper for fixture in fixtures), workers=workers)
    comparison = compare(fixtures, (result for extraction in extractions for result in extraction.results))
    return Audit(comparison, compare_with_baseline(comparison, earlier) if earlier is not None else None)


def fixture_check(fixtures: Fixtures, papers: Papers = None) -> None:
    """Say everything that is wrong with fixture files; exit 3 where anything is."""
    from leaderboard.audit.fixture_checks import doubts
    from leaderboard.audit.fixtures import check_fixtures

    found, problems = check_fixtures(fixtures, papers=papers or ())
    problems += [problem for fixture in found for problem in doubts(fixture)]
    for problem in sorted(problems, key=lambda p: (p.file, p.line)):
        typer.echo(str(problem))
    results = sum(len(fixture.results) for fixture in found)
    typer.echo(f"{len(found)} fixtures, {results} results: {len(problems) or 'no'} problems", err=True)
    if problems:
        raise typer.Exit(FINDINGS)


def fixture_fmt(
    fixtures: Fixtures,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit 3 where something would change.")
    ] = False,
) -> None:
    """Bring fixture files into the one form, comments kept."""
    from leaderboard.audit.files import write_atomically
    from leaderboard.audit.fixture_format import format_fixtures
    from leaderboard.audit.fixtures import fixture_files, read_text

    texts = [(file, read_text(file)) for file in fixture_files(fixtures)]
    formatted = [(file, text, format_fixtures(text, str(file))) for file, text in texts]
    changed = [(file, new) for file, text, new in formatted if new != text]
    for file, new in changed:
        typer.echo(f"{'would change' if check else 'changed'} {file}", err=True)
        if not check:
            write_atomically(file, new)
    typer.echo(f"{len(texts)} files, {len(changed)} {'to change' if check else 'changed'}", err=True)
    if check and changed:
        raise typer.Exit(FINDINGS)


def fixture_new(
    papers: Annotated[list[str], typer.Argument(metavar="PAPER...", help="Papers in any format that extract reads.")],
    out: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="OUT", help="The new file. Default: standard output.")
    ] = None,
    identifier: Annotated[str | None, typer.Option("--id", help="Only the paper with this id.")] = None,
) -> None:
    """Write fixtures from what is extracted now, for a person to put right: nothing in them is confirmed yet."""
    from leaderboard.audit.files import write_atomically
    from leaderboard.audit.fixture_format import dump_fixtures
    from leaderboard.audit.fixtures import fixture_of
    from leaderboard.errors import InputError, OutputError
    from leaderboard.papers import read_papers
    from leaderboard.run import run_extraction

    if out is not None and out.exists():
        raise OutputError(f"{out}: stands already; new fixtures are not written over old ones")
    chosen = [paper for paper in read_papers(papers) if identifier in {None, paper.paper_id}]
    if not chosen:
        raise InputError(f"{', '.join(papers)}: no paper {f'with the id {identifier}' if identifier else 'at all'}")
    text = dump_fixtures(fixture_of(e.paper, e.results) for e in run_extraction(chosen))
    text = "# Extracted, not yet confirmed: read each text, put its results right, and take this line away.\n" + text
    if out is None:
        typer.echo(text, nl=False)
    else:
        write_atomically(out, text)
