"""The project's own fixtures against the committed baseline, as `leaderboard audit --baseline` runs them."""

from __future__ import annotations

from pathlib import Path

from leaderboard.audit import report
from leaderboard.audit.commands import run_audit
from leaderboard.audit.fixtures import load_fixtures

FIXTURES = Path(__file__).parents[2] / "fixtures"
REFRESH = "look at each change, then: leaderboard audit fixtures --write-baseline fixtures/baseline.jsonl"


def test_nothing_got_worse_since_the_committed_baseline() -> None:
    audit = run_audit(load_fixtures([FIXTURES]), baseline=FIXTURES / "baseline.jsonl")
    assert audit.baseline is not None
    graded = [
        f"{paper_id}: {line}"
        for paper_id, changes in audit.baseline.by_paper.items()
        for change in changes
        if change.effect == "worse"
        for line in report.change_lines(change)
    ]
    assert not graded, "\n".join([*graded, REFRESH])
    stale = [*audit.baseline.new, *audit.baseline.text_changed, *audit.baseline.gone]
    assert not stale, f"the baseline does not know these fixtures, or other texts of them: {stale}; {REFRESH}"
