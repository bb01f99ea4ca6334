"""`app`: the dashboard, as a process of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from leaderboard.dashboard.launch import command, environment
from leaderboard.errors import InputError


def serve(files: Sequence[str], flags: Sequence[str]) -> int:
    """Serve the dashboard until it is stopped; its exit status.

    Raises:
        InputError: a file is not there.
    """
    for file in files:
        if not Path(file).exists():
            raise InputError(f"{file}: no such file")
    with subprocess.Popen(command(files, flags), env=environment()) as server:
        while True:
            try:
                status = server.wait()
            except KeyboardInterrupt:
                continue  # the server has been told too and ends by itself
            return 128 - status if status < 0 else status
