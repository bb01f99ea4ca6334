"""How the dashboard is started, for the command line: this module imports neither streamlit nor pandas."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

MAIN = Path(__file__).with_name("main.py")


def command(files: Sequence[str] = (), extra: Sequence[str] = ()) -> list[str]:
    """The command that serves the dashboard.

    Args:
        files: files of results or of papers; none means the bundled example.
        extra: options of Streamlit itself, such as `--server.port 8502`; and `--papers FILE`, which names papers that
            are the texts of the results and are not extracted.

    The theme and the rest of the settings come from `.streamlit/config.toml` beside `main.py`, which Streamlit reads
    wherever it is started from; `STREAMLIT_*` variables and `extra` win over it.
    """
    options, own = list(extra), []
    while "--papers" in options:
        at = options.index("--papers")
        own += options[at : at + 2]
        del options[at : at + 2]
    return [sys.executable, "-m", "streamlit", "run", str(MAIN), *options, "--", *own, *files]


def environment(base: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment for `command`: `base` (default: this process's own) and where the running package lies.

    The child must import the same package as its parent, also when that was started from a source tree.
    """
    env = dict(os.environ if base is None else base)
    root = str(MAIN.parents[2])
    paths = [path for path in env.get("PYTHONPATH", "").split(os.pathsep) if path]
    if root not in paths:
        env["PYTHONPATH"] = os.pathsep.join([*paths, root])
    return env
