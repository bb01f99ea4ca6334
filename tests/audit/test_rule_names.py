"""The coverage of rules over a corpus names those that never fire."""

from __future__ import annotations

from leaderboard import Paper
from leaderboard.audit.rule_coverage import RuleCoverage
from leaderboard.extraction import extract_paper


def test_rules_that_never_fire_are_named() -> None:
    coverage = RuleCoverage()
    coverage.add(extract_paper(Paper("p", "", "Our parser reaches 92.4% accuracy on TreeWiki.")))
    silent = coverage.silent()
    assert "value-metric" not in silent and "value-dataset" not in silent
    assert {"metrics-respectively", "human-method", "threshold"} <= set(silent)
