"""Reads paper abstracts, pulls out every reported result with rules, and ranks them into leaderboards.

    >>> from leaderboard import extract
    >>> for result in extract("We present VPD, which attains 0.254 RMSE on NYUv2."):
    ...     print(result.method, result.dataset, result.metric, result.value)
    VPD NYUv2 RMSE 0.254

What is named here is the public interface; it is what the command line calls. Names are loaded on first use, so that
`import leaderboard` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leaderboard.boards import best_so_far, boards, rank, unplaced
    from leaderboard.errors import FixtureError, InputError, LeaderboardError, LexiconError, OutputError
    from leaderboard.extraction import Explanation, Extraction, explain, extract, extract_paper, find_mentions
    from leaderboard.models import Mention, Paper, Reject, Result
    from leaderboard.papers import read_papers
    from leaderboard.run import extract_table, run_extraction
    from leaderboard.table import read_results, to_table, write_results

_HOME = {
    "leaderboard.boards": ("best_so_far", "boards", "rank", "unplaced"),
    "leaderboard.errors": ("FixtureError", "InputError", "LeaderboardError", "LexiconError", "OutputError"),
    "leaderboard.extraction": (
        "Explanation",
        "Extraction",
        "explain",
        "extract",
        "extract_paper",
        "find_mentions",
    ),
    "leaderboard.models": ("Mention", "Paper", "Reject", "Result"),
    "leaderboard.papers": ("read_papers",),
    "leaderboard.run": ("extract_table", "run_extraction"),
    "leaderboard.table": ("read_results", "to_table", "write_results"),
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}

__version__ = "0.1.0"
__all__ = [
    "Explanation",
    "Extraction",
    "FixtureError",
    "InputError",
    "LeaderboardError",
    "LexiconError",
    "Mention",
    "OutputError",
    "Paper",
    "Reject",
    "Result",
    "best_so_far",
    "boards",
    "explain",
    "extract",
    "extract_paper",
    "extract_table",
    "find_mentions",
    "rank",
    "read_papers",
    "read_results",
    "run_extraction",
    "to_table",
    "unplaced",
    "write_results",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_MODULE_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
