"""The command line as a whole: help, usage of the rest of the commands, a light start, failures in one line."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import get_args

import pytest
import typer
from cli_process import COMMAND, ENVIRONMENT, ROOT, error_line, in_process, leaderboard

import leaderboard as package
from leaderboard import cli
from leaderboard.exports import EXPORT_FORMATS
from leaderboard.models import Result
from leaderboard.table import FORMATS, write_results

COMMANDS = ["extract", "mentions", "explain", "boards", "rank", "export", "audit", "app", "fixture"]
PAGE = "".join(
    f'{{"id": "p{year}", "title": "Stone{year}: Sorting", "year": {year}, '
    f'"abstract": "We present Stone{year}. Stone{year} reaches {value}% accuracy on MNIST."}}\n'
    for year, value in ((2019, 91.5), (2020, 93.5), (2021, 92.5))
)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("results") / "results.jsonl"
    assert leaderboard("extract", "-", "-o", path, stdin=PAGE.encode()).returncode == 0
    return path


def test_every_command_has_help_with_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert in_process("--help") == 0
    overview = capsys.readouterr().out
    for command in COMMANDS:
        assert f"\n  {command} " in overview
        assert "..." not in overview.partition(f"\n  {command} ")[2].partition("\n")[0]
    for command in ("extract", "mentions", "explain", "boards", "rank", "export", "app"):
        assert in_process(command, "--help") == 0
        assert f"\n  leaderboard {command}" in capsys.readouterr().out


def test_no_command_is_wrong_usage_and_shows_the_help() -> None:
    process = leaderboard()
    assert process.returncode == 2
    assert b"Commands:" in process.stdout + process.stderr


def test_the_version_is_the_package_s() -> None:
    process = leaderboard("--version")
    assert process.stdout.decode() == f"leaderboard {package.__version__}\n"
    with contextlib.suppress(metadata.PackageNotFoundError):
        assert metadata.version("leaderboard") == package.__version__


def test_starting_loads_nothing_heavy() -> None:
    heavy = ("pandas", "numpy", "pyarrow", "streamlit", "altair", "duckdb", "rich", "regex", "pydantic")
    code = f"import sys, leaderboard.cli; print([name for name in {heavy} if name in sys.modules])"
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, env=ENVIRONMENT, check=True)
    assert process.stdout.decode().strip() == "[]"


def test_public_names() -> None:
    assert set(package.__all__) <= set(dir(package))
    for name in package.__all__:
        assert getattr(package, name) is not None
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = package.nothing
    assert package.extract("Stone reaches 92.3% accuracy on MNIST.")[0].value == 92.3


def test_the_command_line_names_all_table_formats() -> None:
    assert set(get_args(cli.TableFormat)) == set(FORMATS)
    assert get_args(cli.ExportFormat) == EXPORT_FORMATS


def test_boards_and_rank(results: Path, tmp_path: Path) -> None:
    process = leaderboard("boards", results, "--to", "jsonl")
    assert process.returncode == 0
    [board] = [json.loads(line) for line in process.stdout.splitlines()]
    assert (board["dataset"], board["metric"], board["entries"], board["best_score"]) == ("MNIST", "accuracy", 3, 93.5)
    board_of = ("--dataset", "MNIST", "--metric", "accuracy")
    assert in_process("rank", results, *board_of, "-o", tmp_path / "rank.jsonl") == 0
    rows = [json.loads(line) for line in (tmp_path / "rank.jsonl").read_text().splitlines()]
    assert [(row["rank"], row["year"], row["value"]) for row in rows] == [
        (1, 2020, 93.5),
        (2, 2021, 92.5),
        (3, 2019, 91.5),
    ]
    process = leaderboard("rank", results, *board_of)
    assert process.stdout.decode().splitlines()[0].startswith("paper_id,")


def test_unplaced_results_and_exports(tmp_path: Path) -> None:
    results = tmp_path / "results.csv"
    placed = Result(
        paper_id="p1", title="T", year=2020, kind="score", method="Stone", dataset="MNIST", metric="accuracy",
        value=92.3, value_text="92.3", unit="%", score=92.3, higher_is_better=True, rule="r",
    )  # fmt: skip
    write_results([placed, replace(placed, dataset=None, value=71.5, value_text="71.5", score=71.5)], results)
    assert in_process("boards", results, "--unplaced", "-o", tmp_path / "unplaced.jsonl") == 0
    [line] = (tmp_path / "unplaced.jsonl").read_text().splitlines()
    assert json.loads(line)["value"] == 71.5
    for name in EXPORT_FORMATS:
        assert in_process("export", results, "--to", name, "-o", tmp_path / name) == 0
    process = leaderboard("export", results, "--to", "markdown")
    assert process.stdout == (tmp_path / "markdown").read_bytes()
    assert b"| Stone |" in process.stdout
    assert process.stderr.startswith(b"leaderboard: 1 result left out: markdown holds boards")


def test_a_board_that_is_not_there_and_a_file_that_is_no_table(results: Path, tmp_path: Path) -> None:
    line = error_line(leaderboard("rank", results, "--dataset", "MNISTT", "--metric", "accuracy"))
    assert "MNIST" in line
    (tmp_path / "bad.jsonl").write_text("oops\n")
    assert "bad.jsonl" in error_line(leaderboard("boards", tmp_path / "bad.jsonl"))
    assert in_process("boards", tmp_path / "nowhere.jsonl") == 1


@pytest.mark.parametrize(
    ("error", "line", "status"),
    [
        (package.InputError("a.txt: no such file"), "leaderboard: error: a.txt: no such file", 1),
        (package.InputError("two\nlines\x1b[31m"), "leaderboard: error: two lines\\x1b[31m", 1),
        (KeyboardInterrupt(), "leaderboard: interrupted; no output was written", 130),
        (ZeroDivisionError("oops"), "leaderboard: internal error: ZeroDivisionError: oops; ", 1),
        (typer.Exit(3), "", 3),
    ],
)
def test_every_failure_becomes_one_line_and_a_status(
    error: BaseException, line: str, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    @cli.reporting
    def command() -> None:
        raise error

    with pytest.raises(typer.Exit) as caught:
        command()
    shown = capsys.readouterr()
    assert caught.value.exit_code == status
    assert shown.out == ""
    assert shown.err.startswith(line)
    assert shown.err.count("\n") == (1 if line else 0)


def test_an_unexpected_fault_shows_where_it_comes_from_if_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    @cli.reporting
    def command() -> None:
        raise ZeroDivisionError

    monkeypatch.setenv(cli.TRACEBACK, "1")
    with pytest.raises(ZeroDivisionError):
        command()


def test_the_dashboard_says_what_is_missing() -> None:
    assert "nowhere.jsonl: no such file" in error_line(leaderboard("app", "nowhere.jsonl"))


def test_the_dashboard_is_served_with_streamlit_s_flags_and_ends_with_ctrl_c(tmp_path: Path, results: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [*COMMAND, "app", str(results), "--", "--server.port", str(port), "--server.headless", "true"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=tmp_path, start_new_session=True,
        env={**ENVIRONMENT, "PYTHONWARNINGS": ""},
    )  # fmt: skip
    with process:
        try:
            for _ in range(150):
                with (
                    contextlib.suppress(OSError),
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health") as reply,
                ):
                    assert reply.read() == b"ok"
                    break
                time.sleep(0.2)
            else:
                pytest.fail("the dashboard did not come up in half a minute")
            os.killpg(process.pid, signal.SIGINT)
            assert process.stdout is not None
            shown = process.stdout.read().decode()
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 0, shown
    assert f"http://127.0.0.1:{port}" in shown


def test_the_source_tree_is_what_is_tested() -> None:
    assert Path(package.__file__).parent.parent == ROOT
