"""The committed run that an audit is compared with: which results got better, which got worse.

A baseline file is JSON lines, one a paper: its id, the digest of its text and what was extracted from it, so that a
change to a rule shows in a diff as the papers that it touched. A file of results as `leaderboard extract` writes it
serves as a baseline too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import orjson

from leaderboard.audit.changes import Change, result_changes
from leaderboard.audit.compare import LEVELS, Comparison, Pair, PaperComparison, compare_paper
from leaderboard.audit.files import write_atomically
from leaderboard.audit.fixtures import Fixture, text_digest
from leaderboard.audit.rows import result_of_row, results_of_table
from leaderboard.errors import InputError
from leaderboard.models import SLOTS, Result

Effect = Literal["better", "worse", "neutral"]
_KEPT = (
    *("kind", "value", "value_text", "unit", "metric", "dataset", "method", "task", "baseline", "split", "error"),
    *(
        "qualifier",
        "change",
        "improves",
        "score",
        "higher_is_better",
        "setting",
        "own",
        "field",
        "start",
        "end",
        "rule",
    ),
)


@dataclass(frozen=True, slots=True)
class BaselinePaper:
    """What was extracted from a paper, and from which text (None where the file does not say)."""

    digest: str | None
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class GradedChange:
    """A change since the baseline, and whether it brought the paper nearer to what was confirmed."""

    change: Change
    effect: Effect
    why: str


@dataclass(frozen=True, slots=True)
class BaselineComparison:
    """What changed since the baseline. Papers that are new, or whose text changed, are named but not graded."""

    by_paper: Mapping[str, tuple[GradedChange, ...]]
    new: tuple[str, ...]
    text_changed: tuple[str, ...]
    gone: tuple[str, ...]

    def count(self, effect: Effect) -> int:
        """How many changes had that effect."""
        return sum(graded.effect == effect for changes in self.by_paper.values() for graded in changes)

    @property
    def worse(self) -> bool:
        """Whether anything got worse."""
        return self.count("worse") > 0


def write_baseline(comparison: Comparison, path: str | Path) -> None:
    """Write what was extracted from the fixtures as the new baseline, papers in the order of their ids."""
    lines = []
    for paper in sorted(comparison.papers, key=lambda paper: paper.fixture.id):
        row = {
            "paper_id": paper.fixture.id,
            "digest": text_digest(paper.fixture.title, paper.fixture.abstract),
            "results": [_compact(result) for result in paper.predicted],
        }
        lines.append(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
    write_atomically(path, b"".join(lines))


def read_baseline(path: str | Path) -> dict[str, BaselinePaper]:
    """A baseline by paper id, from a baseline file or a file of results. Raises InputError where it is neither."""
    file = Path(path)
    if file.suffix != ".jsonl":
        return _of_results(results_of_table(_read_table(file)))
    try:
        lines = file.read_bytes().splitlines()
    except OSError as error:
        raise InputError(f"{file}: the baseline cannot be read: {error.strerror}") from None
    papers: dict[str, BaselinePaper] = {}
    flat: list[Result] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = orjson.loads(line)
            if "results" in row:
                results = tuple(result_of_row({"paper_id": row["paper_id"], **r}) for r in row["results"])
                papers[row["paper_id"]] = BaselinePaper(row.get("digest"), results)
            else:
                flat.append(result_of_row(row))
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
            said = f"lacks {error}" if isinstance(error, KeyError) else "is no line of a baseline"
            raise InputError(f"{file}:{number}: {said}; write one with `leaderboard audit --write-baseline`") from None
    return papers | _of_results(flat)


def compare_with_baseline(comparison: Comparison, baseline: Mapping[str, BaselinePaper]) -> BaselineComparison:
    """Grade every change since the baseline by what the fixtures confirm."""
    by_paper: dict[str, tuple[GradedChange, ...]] = {}
    new, text_changed = [], []
    from_results = all(paper.digest is None for paper in baseline.values())
    for paper in comparison.papers:
        fixture = paper.fixture
        before = baseline.get(fixture.id, BaselinePaper(None, ()) if from_results else None)
        if before is None:
            new.append(fixture.id)
        elif before.digest not in {None, text_digest(fixture.title, fixture.abstract)}:
            text_changed.append(fixture.id)
        elif graded := tuple(_grade(fixture, paper, before.results)):
            by_paper[fixture.id] = graded
    gone = tuple(sorted(set(baseline) - {paper.fixture.id for paper in comparison.papers}))
    return BaselineComparison(by_paper, tuple(new), tuple(text_changed), () if from_results else gone)


def _grade(fixture: Fixture, now: PaperComparison, before: tuple[Result, ...]) -> Iterable[GradedChange]:
    was = compare_paper(fixture, before)
    grades_before, grades_now = _grades(was.pairs), _grades(now.pairs)
    for change in result_changes(before, now.predicted):
        old = grades_before[id(change.before)] if change.before is not None else None
        new = grades_now[id(change.after)] if change.after is not None else None
        worth_before, worth_now = _worth(old), _worth(new)
        effect: Effect = "better" if worth_now > worth_before else "worse" if worth_now < worth_before else "neutral"
        yield GradedChange(change, effect, _why(old, new))


def _grades(pairs: Iterable[Pair]) -> dict[int, Pair]:
    return {id(pair.predicted): pair for pair in pairs if pair.predicted is not None}


def _worth(pair: Pair | None) -> float:
    """0 for no result, below for one that should not be there, above for the share of it that was confirmed."""
    if pair is None:
        return 0.0
    if pair.level is None:
        return -1.0
    names = 1 + list(LEVELS).index(pair.level)
    # A wrong task or unit counts, less than any name; so does a canonical name that is not what was confirmed.
    return names - (len(pair.wrong) + len(pair.renamed)) / 100


def _why(old: Pair | None, new: Pair | None) -> str:
    if old is None and new is not None:
        return {"right": "found at last", "extra": "is no confirmed result"}.get(new.outcome, _wrong(new))
    if new is None and old is not None:
        return {"right": "was right", "extra": "was no confirmed result"}.get(
            old.outcome, f"was found, but {_wrong(old)}"
        )
    assert old is not None and new is not None
    if old.outcome == new.outcome == "extra":
        return "is no confirmed result, as before"
    if new.wrong != old.wrong:
        return f"{_wrong(new)} now"
    if new.renamed != old.renamed:
        return f"canonical {', '.join(new.renamed)} is not what was confirmed" if new.renamed else "is named right now"
    return "no slot that was confirmed changed"


def _wrong(pair: Pair) -> str:
    if pair.outcome == "extra":
        return "is no confirmed result"
    return f"wrong {', '.join(pair.wrong)}" if pair.wrong else "is right"


def _compact(result: Result) -> dict[str, Any]:
    """A result without its nulls, and without what follows from the paper or changes with every calibration."""
    row = {name: getattr(result, name) for name in _KEPT}
    spelled = {f"{slot}_text": getattr(result, f"{slot}_text") for slot in SLOTS}
    row |= {name: text for name, text in spelled.items() if text != row[name.removesuffix("_text")]}
    return {name: value for name, value in row.items() if value is not None}


def _of_results(results: Iterable[Result]) -> dict[str, BaselinePaper]:
    papers: dict[str, list[Result]] = {}
    for result in results:
        papers.setdefault(result.paper_id, []).append(result)
    return {paper_id: BaselinePaper(None, tuple(found)) for paper_id, found in papers.items()}


def _read_table(file: Path) -> Any:
    from leaderboard.table import read_results

    return read_results([file])
