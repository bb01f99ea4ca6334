"""A pytest plugin: `pytest --leaderboard-fixtures DIR` turns each fixture of a folder (or file) into one test.

pytest loads this at every start, so nothing of the package is imported before fixtures are collected.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from leaderboard.audit.compare import PaperComparison
    from leaderboard.audit.fixtures import Fixture

_OPTION = "--leaderboard-fixtures"
_SUFFIXES = {".yaml", ".yml"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    group = parser.getgroup("leaderboard", "results extracted from papers")
    group.addoption(
        _OPTION, action="append", default=[], metavar="DIR", help="a folder or file of fixtures: each becomes one test"
    )


def _roots(config: pytest.Config) -> list[Path]:
    return [(config.invocation_params.dir / given).resolve() for given in config.getoption(_OPTION)]


def pytest_configure(config: pytest.Config) -> None:
    """Collect the fixtures' folders beside what was asked for, so that the option alone is enough."""
    for root in _roots(config):
        if not root.exists():
            raise pytest.UsageError(f"{_OPTION}: {root}: no such file or folder")
        if not any(root == (config.invocation_params.dir / given).resolve() for given in config.args):
            config.args.append(str(root))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect YAML files below the folders named."""
    if file_path.suffix in _SUFFIXES and any(file_path.is_relative_to(root) for root in _roots(parent.config)):
        return FixtureFile.from_parent(parent, path=file_path)
    return None


class FixtureFile(pytest.File):
    """One file of fixtures."""

    def collect(self) -> Iterator[pytest.Item]:
        """A test for each entry; a file that breaks the rules for fixtures is an error of collection."""
        from leaderboard.audit.fixtures import load_fixtures
        from leaderboard.errors import LeaderboardError

        try:
            fixtures = load_fixtures([self.path])
        except LeaderboardError as error:
            raise self.CollectError(str(error)) from None
        for fixture in fixtures:
            yield FixtureItem.from_parent(self, name=fixture.id, fixture=fixture)


class DifferenceError(Exception):
    """What was extracted differs from what was confirmed."""

    def __init__(self, comparison: PaperComparison) -> None:
        super().__init__(comparison.fixture.id)
        self.comparison = comparison


class FixtureItem(pytest.Item):
    """The test of one fixture: everything confirmed is extracted, and nothing else."""

    def __init__(self, *, fixture: Fixture, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.fixture = fixture

    def runtest(self) -> None:
        """Extract and compare."""
        from leaderboard.audit.compare import compare_paper
        from leaderboard.extraction import extract_paper

        comparison = compare_paper(self.fixture, extract_paper(self.fixture.paper).results)
        if not comparison.right:
            raise DifferenceError(comparison)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The differences with their sentences, instead of a traceback."""
        if isinstance(excinfo.value, DifferenceError):
            from leaderboard.audit.report_files import paper_lines

            comparison = excinfo.value.comparison
            head = f"{len(comparison.differences)} of {len(comparison.pairs)} results differ (- confirmed, + extracted)"
            return "\n".join([head, *paper_lines(comparison)])
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the fixture stands."""
        return self.path, self.fixture.line - 1, f"fixture {self.name}"
