"""The README: its commands run and say what it shows, its Python runs, its table is what is measured."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import accuracy

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The fenced blocks of a language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_commands_say_what_the_readme_shows(tmp_path: Path) -> None:
    (text,) = blocks("text")
    (tmp_path / "leafnet.txt").write_text(text, encoding="utf-8")
    shim = tmp_path / "bin" / "leaderboard"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m leaderboard "$@"\n', encoding="utf-8")
    shim.chmod(0o755)
    environment = {**os.environ, "PATH": f"{shim.parent}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    ran = 0
    for block in blocks("console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, expected = part.partition("\n")
            done = subprocess.run(command, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
            assert done.stdout == expected, command
            ran += 1
    assert ran >= 4


def test_python_examples_run() -> None:
    results = doctest.testfile(str(ROOT / "README.md"), module_relative=False, verbose=False)
    assert results.attempted >= 2 and results.failed == 0


def test_linked_files_are_there() -> None:
    for target in re.findall(r"\]\(((?!http)[^)#]+)\)", README):
        assert (ROOT / target).is_file(), target


def test_the_accuracy_table_is_current() -> None:
    if not (accuracy.SHARED / "gold" / "score.py").is_file():
        pytest.skip("the annotated abstracts are not beside the project")
    table, _ = accuracy.measure()
    shown = README.split(accuracy.START)[1].split(accuracy.END)[0].strip().split("\n")
    assert shown == table, "run `make accuracy`"
