from __future__ import annotations

from pathlib import Path

from test_tables import reviewed
from typer.testing import CliRunner, Result

from leaderboard.cli import app


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_boards_ranks_and_exports_show_what_reviewers_left(tmp_path: Path) -> None:
    results, path = reviewed(tmp_path)
    listed = run("boards", results, "--reviews", path)
    assert listed.exit_code == 0, listed.output
    assert "BLEU" in listed.stdout and "ImageNet" in listed.stdout
    assert "BLEU" not in run("boards", results).stdout
    only = run("boards", results, "--reviews", path, "--reviewed-only").stdout
    assert "BLEU" in only and "ImageNet" not in only
    ranked = run("rank", results, "--dataset", "WMT 2014", "--metric", "BLEU", "--reviews", path)
    assert ranked.exit_code == 0 and "added" in ranked.stdout
    exported = run("export", results, "--to", "csv", "--reviews", path, "--reviewed-only")
    assert exported.exit_code == 0 and exported.stdout.count("\n") == 3
    assert run("boards", results, "--reviewed-only").exit_code == 2
    assert run("boards", results, "--reviews", tmp_path / "none.sqlite").exit_code == 1
