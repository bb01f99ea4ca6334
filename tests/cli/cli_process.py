"""Runs the command line as its users do: as a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from leaderboard.cli import main

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
COMMAND = [sys.executable, "-m", "leaderboard"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", "COLUMNS": "100"}


def leaderboard(
    *arguments: str | Path, stdin: bytes = b"", cwd: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], input=stdin, capture_output=True, cwd=cwd, env=ENVIRONMENT, timeout=60
    )


def in_process(*arguments: str | Path) -> int:
    """Run the command line within the test, where starting a process would add nothing; its exit status."""
    handler = signal.getsignal(signal.SIGTERM)
    try:
        main([*map(str, arguments)])
    except SystemExit as ended:
        return int(ended.code or 0)
    finally:
        signal.signal(signal.SIGTERM, handler)


def error_line(process: subprocess.CompletedProcess[bytes], status: int = 1) -> str:
    """The one line of a failure, after checking that it is one and that nothing went to standard output."""
    text = process.stderr.decode()
    assert process.returncode == status, text
    assert process.stdout == b""
    assert text.count("\n") == 1, text
    assert "Traceback" not in text
    assert text.startswith("leaderboard: ")
    return text.strip()
