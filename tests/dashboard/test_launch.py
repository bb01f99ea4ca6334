from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

from leaderboard.dashboard.launch import MAIN, command, environment

ROOT = Path(__file__).parents[2]


def test_command_hands_files_and_options_over() -> None:
    made = command(["a.csv", "-b.jsonl"], ["--server.port", "8502"])
    assert made == [
        *(sys.executable, "-m", "streamlit", "run", str(MAIN)),
        *("--server.port", "8502", "--", "a.csv", "-b.jsonl"),
    ]


def test_texts_go_to_the_dashboard_and_not_to_streamlit() -> None:
    made = command(["a.csv"], ["--papers", "p.jsonl", "--server.port", "8502"])
    assert made[5:] == ["--server.port", "8502", "--", "--papers", "p.jsonl", "a.csv"]


def test_environment_lets_the_child_import_this_package() -> None:
    root = str(ROOT)
    assert environment({})["PYTHONPATH"] == root
    assert environment({"PYTHONPATH": "/x"})["PYTHONPATH"].split(":") == ["/x", root]
    assert environment({"PYTHONPATH": root})["PYTHONPATH"] == root


def test_both_settings_are_the_same() -> None:
    """Streamlit reads the one beside the script: app.py in a checkout, main.py in the package."""
    one, other = (folder / ".streamlit" / "config.toml" for folder in (ROOT, MAIN.parent))
    assert tomllib.loads(one.read_text()) == tomllib.loads(other.read_text())
    assert tomllib.loads(one.read_text())["browser"]["gatherUsageStats"] is False


def test_launching_imports_neither_streamlit_nor_pandas() -> None:
    code = (
        "import sys, leaderboard.dashboard.launch\n"
        "print(sorted({'streamlit', 'pandas', 'altair', 'pyarrow', 'duckdb'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment())
    assert done.stdout.strip() == "[]"
