"""Helpers of the reader tests: write a file, read it, and say what came and what was turned down."""

from __future__ import annotations

from pathlib import Path

from leaderboard.models import Paper, Reject
from leaderboard.papers import read_papers

SHARED = Path(__file__).parents[3] / "shared"


def read(*inputs: Path | str, format_name: str | None = None) -> tuple[list[Paper], list[Reject]]:
    rejects: list[Reject] = []
    papers = list(read_papers(inputs, format=format_name, on_reject=rejects.append))
    return papers, rejects


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
