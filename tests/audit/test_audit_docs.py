"""The worked example of docs/audit.md, run as it stands there, in a copy of the package that it may change."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from leaderboard.audit.fixtures import parse_fixtures
from leaderboard.audit.validators import FLAGS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "audit.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass
class Step:
    command: str
    output: str
    status: int = 0


def steps_of(block: str) -> list[Step]:
    steps: list[Step] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            steps.append(Step(line[2:], ""))
        elif found := re.fullmatch(r"\[exit (\d)\]", line):
            steps[-1].status = int(found[1])
        else:
            steps[-1].output += line + "\n"
    return steps


def pattern_of(output: str) -> re.Pattern[str]:
    """What a step prints, `...` standing for anything: a line of its own for any lines, within a line for its rest."""
    lines = []
    for line in output.splitlines():
        if line == "...":
            lines.append(r"(?:.*\n)*?")
        else:
            lines.append(r"[^\n]*".join(re.escape(part) for part in line.split("...")) + r"\n")
    return re.compile("".join(lines))


def test_the_worked_example(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "leaderboard", tmp_path / "leaderboard", ignore=shutil.ignore_patterns("__pycache__"))
    commands = tmp_path / "bin"
    commands.mkdir()
    for name, module in {"leaderboard": "-m leaderboard", "python": ""}.items():
        (commands / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {module} "$@"\n', encoding="utf-8")
        (commands / name).chmod(0o755)
    environment = {**os.environ, "PATH": f"{commands}:{os.environ['PATH']}", "PYTHONPATH": str(tmp_path)}
    blocks = BLOCK.findall(PAGE.split("## Fixture files")[0])
    assert [language for language, _ in blocks] == ["console", "python", "console", "console", "console"]
    count = 0
    for language, block in blocks:
        if language == "python":
            name = re.match(r"# (\S+)\n", block)
            assert name
            (tmp_path / name[1]).write_text(block, encoding="utf-8")
            continue
        for step in steps_of(block):
            if step.command == "cat papers.jsonl":
                (tmp_path / "papers.jsonl").write_text(step.output, encoding="utf-8")
            done = subprocess.run(
                ["sh", "-c", f"({step.command}) 2>&1"],
                cwd=tmp_path,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == step.status, f"$ {step.command}\n{done.stdout}"
            summary_only = step.command.startswith("leaderboard extract")  # on standard error, not shown on the page
            expected = re.compile(r"(?s).*") if summary_only else pattern_of(step.output)
            assert expected.fullmatch(done.stdout), f"$ {step.command}\n{done.stdout}\nis not\n{step.output}"
            count += 1
    assert count == 12


def test_the_other_examples_and_tables_of_the_page() -> None:
    (example,) = [block for language, block in BLOCK.findall(PAGE) if language == "yaml"]
    fixtures, problems = parse_fixtures(example)
    assert not problems and len(fixtures[0].results) == 1
    for flag, meaning in FLAGS.items():
        assert f"| `{flag}` | {meaning} |" in PAGE
