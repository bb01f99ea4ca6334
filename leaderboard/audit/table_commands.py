"""The commands `validate`, `diff` and `rules`: checks of a table, of two tables, and of the rules over a corpus."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leaderboard.audit.exits import FINDINGS

if TYPE_CHECKING:
    from leaderboard.audit.rule_coverage import RuleCoverage
    from leaderboard.audit.table_diff import TableDiff

Results = Annotated[list[str], typer.Argument(metavar="RESULTS...", help="Files of results: JSON lines, CSV, Parquet.")]


def validate(
    results: Results,
    flag: Annotated[
        list[str] | None, typer.Option("--flag", metavar="FLAG", help="Only this flag; may be given several times.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="OUT", help="Also the table with the flags added.")
    ] = None,
    json: Annotated[Path | None, typer.Option(metavar="OUT", help="Also the findings as JSON.")] = None,
) -> None:
    """List what is doubtful in a table of results, each with the reason why; exit 3 where anything is.

    Flags: out_of_range, scale_leak, conflict, record_jump, mean_of_columns, gain_over_100_points, before_dataset.
    """
    from dataclasses import asdict

    import orjson

    from leaderboard.audit.files import write_atomically
    from leaderboard.audit.report import clean
    from leaderboard.audit.validators import FLAGS, flag_table
    from leaderboard.audit.validators import validate as findings_of
    from leaderboard.table import read_results, write_table

    if unknown := sorted(set(flag or ()) - set(FLAGS)):
        raise typer.BadParameter(
            f"no such flag: {', '.join(unknown)}; there are {', '.join(FLAGS)}", param_hint="--flag"
        )
    table = read_results(results)
    found = [finding for finding in findings_of(table) if not flag or finding.flag in flag]
    for finding in found:
        typer.echo(clean(f"{finding.paper_id}: {finding.flag}: {finding.why}"))
    counts = ", ".join(f"{name} {n}" for name in FLAGS if (n := sum(f.flag == name for f in found)))
    typer.echo(f"{len(table)} results, {len(found) or 'no'} findings{': ' + counts if counts else ''}", err=True)
    if out is not None:
        write_table(flag_table(table), out)
    if json is not None:
        write_atomically(json, orjson.dumps([asdict(f) for f in found], option=orjson.OPT_INDENT_2))
    if found:
        raise typer.Exit(FINDINGS)


def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="The earlier file of results.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The later one.")],
    json: Annotated[Path | None, typer.Option(metavar="OUT", help="Also everything as one JSON object.")] = None,
) -> None:
    """What a second table of results gained, lost and changed, paper by paper, and which boards have a new record."""
    import orjson

    from leaderboard.audit.files import write_atomically
    from leaderboard.audit.table_diff import diff_tables
    from leaderboard.table import read_results

    found = diff_tables(read_results([old]), read_results([new]))
    for line in _diff_lines(found):
        typer.echo(line)
    if json is not None:
        write_atomically(json, orjson.dumps(_diff_data(found), option=orjson.OPT_INDENT_2))


def rules(
    papers: Annotated[list[str], typer.Argument(metavar="PAPERS...", help="Papers in any format that extract reads.")],
    samples: Annotated[int, typer.Option(min=0, help="Samples of each rule and each reason.")] = 3,
    names: Annotated[int, typer.Option(min=0, help="How many unknown names near values to list.")] = 40,
    workers: Annotated[int, typer.Option(min=1, help="Processes to extract with.")] = 1,
    json: Annotated[Path | None, typer.Option(metavar="OUT", help="Also everything as one JSON object.")] = None,
) -> None:
    """How often each rule fires over a corpus, which numbers are turned down and why, and what no lexicon knows.

    Rules that never or too often fire, and the most frequent names near values that are no mention, show where to go
    next.
    """
    import orjson

    from leaderboard.audit.files import write_atomically
    from leaderboard.audit.rule_coverage import RuleCoverage
    from leaderboard.extraction import find_mentions
    from leaderboard.papers import read_papers
    from leaderboard.run import run_extraction

    coverage = RuleCoverage(samples)
    for extraction in run_extraction(read_papers(papers), workers=workers):
        coverage.add(extraction)
        if names and extraction.results:
            coverage.add_unknown_names(extraction.paper, extraction.results, find_mentions(extraction.paper))
    for line in _coverage_lines(coverage, names):
        typer.echo(line)
    if json is not None:
        write_atomically(json, orjson.dumps(_coverage_data(coverage, names), option=orjson.OPT_INDENT_2))


def _diff_lines(found: TableDiff) -> Iterator[str]:
    from leaderboard.audit.report import clean, describe

    for paper_id, changes in found.changes.items():
        only = (
            " (new paper)" if paper_id in found.new_papers else " (paper gone)" if paper_id in found.gone_papers else ""
        )
        yield clean(f"{paper_id}{only}")
        for change in changes:
            what = f"    {change.type}" + (f" in {', '.join(change.fields)}" if change.fields else "")
            yield what
            for sign, result in (("-", change.before), ("+", change.after)):
                if result is not None:
                    yield clean(f"      {sign} {describe(result)}")
    for record in found.records:
        was = f"was {record.before:g} by {record.before_method or '-'}" if record.before is not None else "new board"
        yield clean(f"record: {record.board}: {record.score:g} by {record.method or '-'} ({record.paper_id}); {was}")
    counts = ", ".join(f"{found.count(kind)} {kind}" for kind in ("gained", "lost", "changed"))
    papers = f"{len(found.new_papers)} new papers, {len(found.gone_papers)} gone"
    yield f"{counts}; {papers}; {len(found.records)} boards with a new record"


def _diff_data(found: TableDiff) -> dict[str, Any]:
    from dataclasses import asdict

    from leaderboard.audit.report import result_data

    return {
        **{kind: found.count(kind) for kind in ("gained", "lost", "changed")},
        "new_papers": found.new_papers,
        "gone_papers": found.gone_papers,
        "records": [asdict(record) for record in found.records],
        "changes": [
            {
                "paper_id": paper_id,
                "type": change.type,
                "fields": change.fields,
                "before": result_data(change.before),
                "after": result_data(change.after),
            }
            for paper_id, changes in found.changes.items()
            for change in changes
        ],
    }


def _coverage_lines(coverage: RuleCoverage, names: int) -> Iterator[str]:
    from leaderboard.audit.report import clean, describe

    yield f"{coverage.papers} papers, {coverage.with_results} with results"
    yield ""
    yield "results by rule"
    for rule, found in sorted(coverage.rules.items(), key=lambda item: (-item[1].count, item[0])):
        sure = f", mean confidence {found.confidence / found.with_confidence:.2f}" if found.with_confidence else ""
        yield f"  {found.count:7d}  {clean(rule)}{sure}"
        for result in found.shown:
            yield clean(f"           {result.paper_id}: {describe(result)}")
            yield clean(f"             {' '.join((result.sentence or '').split())}")
    yield ""
    yield "numbers turned down by reason"
    for reason, seen in sorted(coverage.reasons.items(), key=lambda item: (-item[1].count, item[0])):
        message = f": {seen.shown[0][0].message}" if seen.shown else ""
        yield f"  {seen.count:7d}  {clean(reason + message)}"
        for reject, context in seen.shown:
            yield clean(f"           {reject.paper_id}: {context}")
    if silent := coverage.silent():
        yield ""
        yield "never fired: " + ", ".join(silent)
    if names:
        yield ""
        yield "names near values that are no mention, by number of papers"
        for name, count in _most_common(coverage, names):
            yield clean(f"  {count:7d}  {name}")


def _most_common(coverage: RuleCoverage, names: int) -> list[tuple[str, int]]:
    return sorted(coverage.unknown.items(), key=lambda item: (-item[1], item[0]))[:names]


def _coverage_data(coverage: RuleCoverage, names: int) -> dict[str, Any]:
    from leaderboard.audit.report import result_data

    return {
        "papers": coverage.papers,
        "with_results": coverage.with_results,
        "rules": {
            rule: {
                "count": found.count,
                "mean_confidence": found.confidence / found.with_confidence if found.with_confidence else None,
                "samples": [
                    {"paper_id": r.paper_id, "sentence": r.sentence, **(result_data(r) or {})} for r in found.shown
                ],
            }
            for rule, found in sorted(coverage.rules.items())
        },
        "rejects": {
            reason: {
                "count": seen.count,
                "samples": [{"paper_id": r.paper_id, "text": r.text, "context": context} for r, context in seen.shown],
            }
            for reason, seen in sorted(coverage.reasons.items())
        },
        "never_fired": coverage.silent(),
        "unknown_names": dict(_most_common(coverage, names)),
    }
