"""A dashboard served to a real browser."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from leaderboard.dashboard.launch import command, environment

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

HOSTILE = {
    "id": "hostile",
    "title": "EvilNet <img src=https://outside.example/title.png> :red[red] **bold**",
    "abstract": (
        "<script>fetch('https://outside.example/script')</script> ![picture](https://outside.example/picture.png) "
        ":red[coloured] :material/home: $x^2$ <b>bold</b> [link](https://outside.example/link) "
        "\u202eright to left\u202c "
        "EvilNet reaches 91.25% accuracy on MNIST. "
        + "long" * 200
        + " &amp; <iframe src='https://outside.example/'></iframe>"
    ),
    "year": 2020,
    "url": "javascript:fetch('https://outside.example/url')",
    "venue": "<img src=https://outside.example/venue.png>",
}
"""A paper whose every field tries to be taken as markup or to fetch something."""


@contextmanager
def served(folder: Path, files: Sequence[Path | str] = ()) -> Iterator[str]:
    """The address of a dashboard on these files, started as `leaderboard app` does, with its cache in `folder`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    flags = ["--server.port", str(port), "--server.headless", "true"]
    env = environment(
        {
            **os.environ,
            "LEADERBOARD_CACHE": str(folder / "cache"),
            "LEADERBOARD_REVIEWS": "reviews.db",
            "LOGNAME": "reviewer",
        }
    )
    log = folder / "server.log"
    with log.open("wb") as stream:
        server = subprocess.Popen(
            command([str(file) for file in files], flags), env=env, cwd=folder, stdout=stream, stderr=subprocess.STDOUT
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{address}/_stcore/health", server, log)
        yield address
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait(health: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(health, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the dashboard did not start:\n{log.read_text(errors='replace')[-2000:]}\n{sys.version}")
