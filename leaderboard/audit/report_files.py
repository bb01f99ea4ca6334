"""An audit as files: HTML and Markdown with pictures for people, JSON and JUnit XML for machines."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import orjson

from leaderboard.audit import report
from leaderboard.audit.charts import audit_charts
from leaderboard.audit.compare import PaperComparison
from leaderboard.audit.files import write_atomically
from leaderboard.audit.report import Audit

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|<>~$&])")
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_json(audit: Audit, path: str | Path, *, totals: bool = False) -> None:
    """The audit as one JSON object, the data of `report.to_json`."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    write_atomically(path, orjson.dumps(report.to_json(audit, totals=totals), option=options))


def write_html(audit: Audit, path: str | Path, *, totals: bool = False) -> None:
    """One file with everything in it: it loads nothing, and shows hostile text as text."""
    from jinja2 import Environment

    source = resources.files("leaderboard.audit").joinpath("report.html.j2").read_text(encoding="utf-8")
    template = Environment(autoescape=True).from_string(source)
    write_atomically(path, template.render(charts=audit_charts(audit), **_content(audit, totals)))


def write_markdown(audit: Audit, path: str | Path, *, totals: bool = False) -> None:
    """A Markdown file, and its pictures as SVG in the folder `NAME-pictures` beside it."""
    target = Path(path)
    content = _content(audit, totals)
    lines = ["# Audit of extracted results", "", content["summary"], ""]
    if content["baseline"]:
        lines += [f"**{content['baseline']['summary']}**", ""]
    for title, head, rows in content["tables"]:
        lines += [f"## {title}", "", _markdown_row(head), "|---|" + "---:|" * (len(head) - 1)]
        lines += [*(_markdown_row(row) for row in rows), ""]
    folder = target.with_name(f"{target.stem}-pictures")
    for name, (title, svg) in audit_charts(audit).items():
        folder.mkdir(exist_ok=True)
        write_atomically(folder / f"{name}.svg", svg)
        lines += [f"![{title}]({folder.name.replace(' ', '%20')}/{name}.svg)", ""]
    if content["baseline"]:
        lines += ["## Since the baseline", "", *(f"{_escape(note)}\n" for note in content["baseline"]["notes"])]
        for paper in content["baseline"]["papers"]:
            lines += [
                f"### {_escape(paper['id'])}",
                "",
                *_fenced(line for change in paper["changes"] for line in change),
            ]
    if not totals:
        lines += ["## Differences", ""]
        for paper in content["papers"]:
            lines += [f"### {_escape(paper['id'])}", "", _escape(f"{paper['title']} ({paper['place']})"), ""]
            for difference in paper["differences"]:
                lines += [f"> {_escape(difference['sentence'])}", "", *_fenced(difference["lines"])]
    write_atomically(target, "\n".join(lines).rstrip("\n") + "\n")


def write_junit(audit: Audit, path: str | Path) -> None:
    """JUnit's XML, as continuous integration reads it: a suite for each file, a case for each fixture."""
    root = ElementTree.Element("testsuites", name="leaderboard audit")
    by_file: dict[str, list[PaperComparison]] = {}
    for paper in audit.comparison.papers:
        by_file.setdefault(paper.fixture.file, []).append(paper)
    for file, papers in by_file.items():
        failures = sum(not paper.right for paper in papers)
        counts: dict[str, Any] = {"tests": str(len(papers)), "failures": str(failures), "errors": "0", "skipped": "0"}
        suite = ElementTree.SubElement(root, "testsuite", name=_xml(file), **counts)
        for paper in papers:
            line = str(paper.fixture.line)
            case = ElementTree.SubElement(
                suite, "testcase", classname=_xml(file), name=_xml(paper.fixture.id), file=_xml(file), line=line
            )
            if not paper.right:
                message = f"{len(paper.differences)} of {len(paper.pairs)} results differ"
                failure = ElementTree.SubElement(case, "failure", message=message, type="difference")
                failure.text = _xml("\n".join(paper_lines(paper)))
    ElementTree.indent(root)
    write_atomically(path, ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def paper_lines(paper: PaperComparison) -> list[str]:
    """The differences of one paper, each with its sentence."""
    lines = []
    for pair in paper.differences:
        lines += [
            report.clean(report.sentence_of(paper.fixture, pair)),
            *(f"  {line}" for line in report.pair_lines(pair)),
        ]
    return lines


def _content(audit: Audit, totals: bool) -> dict[str, Any]:
    """What the HTML and Markdown files show, as plain text that they escape."""
    baseline = None
    if audit.baseline is not None:
        *notes, summary = report.baseline_notes(audit.baseline)
        changed = audit.baseline.by_paper.items() if not totals else ()
        papers = [
            {"id": report.clean(pid), "changes": [report.change_lines(graded) for graded in found]}
            for pid, found in changed
        ]
        baseline = {"summary": summary, "notes": [] if totals else notes, "papers": papers}
    return {
        "summary": report.summary(audit),
        "baseline": baseline,
        "totals": totals,
        "tables": report.tables(audit, totals=totals),
        "papers": [_paper_content(paper) for paper in audit.comparison.papers if not paper.right and not totals],
    }


def _paper_content(paper: PaperComparison) -> dict[str, Any]:
    fixture = paper.fixture
    return {
        "id": report.clean(fixture.id),
        "title": report.clean(fixture.title),
        "place": f"{fixture.file}:{fixture.line}",
        "differences": [
            {"sentence": report.clean(report.sentence_of(fixture, pair)), "lines": report.pair_lines(pair)}
            for pair in paper.differences
        ],
    }


def _markdown_row(cells: Any) -> str:
    return "| " + " | ".join(_escape(str(cell)) for cell in cells) + " |"


def _escape(text: str) -> str:
    """Hostile text as Markdown that shows it as it is, on one line."""
    return _MARKDOWN.sub(r"\\\1", " ".join(report.clean(text).split()))


def _fenced(lines: Any) -> list[str]:
    """Lines in a fence that is longer than any that they hold."""
    body = [line.replace("\n", " ") for line in lines]
    longest = max((len(run) for line in body for run in re.findall(r"`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}diff", *body, fence, ""]


def _xml(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
