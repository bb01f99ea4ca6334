"""`extract`, `mentions` and `explain` as processes: what they write, where, and what they say when they cannot."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from cli_process import COMMAND, ENVIRONMENT, SHARED, error_line, in_process, leaderboard

from leaderboard.models import MENTION_COLUMNS, PAPER_COLUMNS, REJECT_COLUMNS, RESULT_COLUMNS

COUNT = 1200  # more than are done before workers are started
TEXT = "We present Stone, a sorter. Stone reaches 92.3% accuracy on MNIST, with 7 cameras."


def papers_file(path: Path, count: int) -> Path:
    lines = [
        json.dumps(
            {"id": f"p{i}", "title": "Stone: Sorting", "abstract": TEXT.replace("92.3", f"{i % 90}.5"), "year": 2020}
        )
        for i in range(count)
    ]
    for place in range(1, count, 50):
        lines.insert(place, "oops")
    path.write_text("\n".join(lines) + "\n")
    return path


def parquet_of_one_paper() -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.table({"title": ["Stone"], "abstract": [TEXT]}), stream)
    return stream.getvalue()


@pytest.fixture(scope="module")
def some_papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return papers_file(tmp_path_factory.mktemp("papers") / "papers.jsonl", COUNT)


def leftovers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_results_in_every_format_are_the_same(tmp_path: Path) -> None:
    source = tmp_path / "one.txt"
    source.write_text(TEXT)
    for name in ("r.csv", "r.csv.gz", "r.jsonl", "r.jsonl.gz", "r.parquet"):
        assert in_process("extract", source, "-o", tmp_path / name) == 0
    lines = [json.loads(line) for line in (tmp_path / "r.jsonl").read_text().splitlines()]
    assert [tuple(line) for line in lines] == [RESULT_COLUMNS] * len(lines)
    assert ("one.txt#1", "accuracy", "MNIST", 92.3) in [
        (line["paper_id"], line["metric"], line["dataset"], line["value"]) for line in lines
    ]
    assert all(TEXT[line["start"] : line["end"]] == line["value_text"] for line in lines)
    assert pq.read_table(tmp_path / "r.parquet").to_pylist() == lines
    assert gzip.decompress((tmp_path / "r.jsonl.gz").read_bytes()) == (tmp_path / "r.jsonl").read_bytes()
    table = (tmp_path / "r.csv").read_bytes()
    assert gzip.decompress((tmp_path / "r.csv.gz").read_bytes()) == table
    process = leaderboard("extract", source)
    assert (process.returncode, process.stdout, process.stderr) == (0, table, b"")
    process = leaderboard("extract", "-", "--to", "csv", "-o", "-", stdin=TEXT.encode())
    assert process.stdout == table.replace(b"one.txt#1", b"stdin#1")
    rows = list(csv.DictReader(io.StringIO(table.decode(), newline="")))
    assert [row["value_text"] for row in rows] == [line["value_text"] for line in lines]


def test_one_worker_and_two_write_the_same_bytes(tmp_path: Path, some_papers: Path) -> None:
    outputs = {}
    for workers in ("1", "2"):
        folder = tmp_path / workers
        folder.mkdir()
        outputs_of = ["-o", "r.csv", "--rejects", "x.jsonl", "--papers", "p.jsonl.gz"]
        process = leaderboard("extract", some_papers, *outputs_of, "--workers", workers, cwd=folder)
        assert process.returncode == 0
        assert process.stderr.decode().startswith(f"leaderboard: {COUNT // 50} records rejected; the first: ")
        outputs[workers] = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert outputs["1"] == outputs["2"]
    papers = [json.loads(line) for line in gzip.decompress(outputs["1"]["p.jsonl.gz"]).splitlines()]
    assert [tuple(paper) for paper in papers] == [PAPER_COLUMNS] * COUNT
    rejects = [json.loads(line) for line in outputs["1"]["x.jsonl"].splitlines()]
    assert {tuple(reject) for reject in rejects} == {REJECT_COLUMNS}
    assert [reject["record"] for reject in rejects if reject["type"] == "record"] == list(range(2, COUNT + 2, 50))
    assert {reject["file"] for reject in rejects if reject["type"] == "record"} == {str(some_papers)}


def test_the_papers_file_gives_the_same_results_again(tmp_path: Path, some_papers: Path) -> None:
    first, again, papers = tmp_path / "a.jsonl", tmp_path / "b.jsonl", tmp_path / "p.jsonl"
    assert in_process("extract", some_papers, "-o", first, "--papers", papers, "--workers", "1") == 0
    assert in_process("extract", papers, "-o", again, "--workers", "1") == 0
    assert (tmp_path / "a.jsonl").read_bytes() == (tmp_path / "b.jsonl").read_bytes()


def test_a_reader_that_has_enough_is_no_failure(some_papers: Path) -> None:
    for command in ("extract", "mentions"):
        process = subprocess.Popen(
            [*COMMAND, command, str(some_papers), "--workers", "2"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT,
        )  # fmt: skip
        with process:
            assert process.stdout is not None
            assert process.stderr is not None
            assert process.stdout.readline()
            process.stdout.close()
            assert process.stderr.read() == b""
        assert process.returncode == 0


def test_mentions_are_lines_of_json(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(TEXT)
    assert in_process("mentions", tmp_path / "one.txt", "-o", tmp_path / "m.jsonl") == 0
    mentions = [json.loads(line) for line in (tmp_path / "m.jsonl").read_text().splitlines()]
    assert [tuple(mention) for mention in mentions] == [MENTION_COLUMNS] * len(mentions)
    assert {(mention["type"], mention["text"]) for mention in mentions} >= {
        ("metric", "accuracy"),
        ("dataset", "MNIST"),
    }
    assert all(TEXT[mention["start"] : mention["end"]] == mention["text"] for mention in mentions)
    process = leaderboard("mentions", tmp_path / "one.txt")
    assert (process.stdout, process.stderr) == ((tmp_path / "m.jsonl").read_bytes(), b"")


def test_explain_is_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "one.jsonl"
    text = TEXT.replace("a sorter", "a\x1b[m sorter")
    source.write_text(json.dumps({"id": "p", "year": 2020, "title": "Stone: Sorting", "abstract": text}) + "\noops\n")
    assert in_process("explain", source) == 0
    shown, messages = capsys.readouterr()
    assert "paper p\n  2020\n" in shown
    assert "title\n  [Stone|method]: Sorting\n" in shown
    assert "[MNIST|dataset]" in shown
    assert "score: 92.3 %" in shown
    assert "\n  7  abstract" in shown.partition("numbers turned down")[2]
    assert "\x1b" not in shown
    assert "a\\x1b[m sorter" in shown
    assert messages.startswith(f"leaderboard: {source}, record 2: ")
    assert in_process("explain", source, "--color") == 0
    assert "\x1b[34mMNIST\x1b[0m" in capsys.readouterr().out


def test_explain_reads_standard_input_and_is_cut_short_quietly() -> None:
    process = subprocess.Popen(
        [*COMMAND, "explain", "-"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT,
    )  # fmt: skip
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write("".join(f'{{"id": "p{i}", "abstract": "{TEXT}"}}\n' for i in range(500)).encode())
        process.stdin.close()
        assert process.stdout.readline() == b"paper p0\n"
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_explain_finds_a_paper_by_its_id(some_papers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert in_process("explain", some_papers, "--id", "p7") == 0
    assert capsys.readouterr().out.count("paper p") == 1
    assert in_process("explain", some_papers, "--id", "nobody") == 1
    line = capsys.readouterr().err.splitlines()[-1]
    assert line == f"leaderboard: error: no paper with the id 'nobody' among {COUNT:,} papers"


@pytest.mark.parametrize(
    "arguments",
    [
        ["extract"],
        ["extract", "p.jsonl", "--nothing"],
        ["extract", "p.jsonl", "-o", "out.xls"],
        ["extract", "p.jsonl", "-o", "out.parquet.gz"],
        ["extract", "p.jsonl", "--to", "xml"],
        ["extract", "p.jsonl", "--from", "word"],
        ["extract", "p.jsonl", "--workers", "0"],
        ["extract", "p.jsonl", "--papers", "papers.csv"],
        ["mentions"],
        ["mentions", "p.jsonl", "-o", "mentions.csv.gz"],
        ["rank", "r.jsonl"],
        ["nothing"],
    ],
)
def test_wrong_usage_is_status_2(arguments: list[str]) -> None:
    process = leaderboard(*arguments)
    assert process.returncode == 2
    assert process.stdout == b""
    assert b"Usage: leaderboard" in process.stderr
    assert b"Traceback" not in process.stderr


def test_a_failure_is_one_line_and_leaves_what_was_there(tmp_path: Path, some_papers: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("as it was\n")
    assert "nowhere.txt: no such file" in error_line(leaderboard("extract", tmp_path / "nowhere.txt", "-o", out))
    bad = tmp_path / "bad.csv"
    bad.write_text("a,b\n1,2\n")
    process = leaderboard(
        "extract", bad, "-o", out, "--rejects", tmp_path / "x.jsonl", "--papers", tmp_path / "p.jsonl"
    )
    assert "no column named title or abstract" in error_line(process)
    assert json.loads((tmp_path / "x.jsonl").read_text())["reason"] == "no_text_column"
    assert "is a folder" in error_line(leaderboard("extract", some_papers, "-o", tmp_path, "--to", "csv"))
    assert "cannot write" in error_line(leaderboard("extract", some_papers, "-o", tmp_path / "no" / "out.csv"))
    assert out.read_text() == "as it was\n"
    assert leftovers(tmp_path) == ["bad.csv", "out.jsonl", "x.jsonl"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_one_line(some_papers: Path) -> None:
    assert "No space left" in error_line(leaderboard("extract", some_papers, "-o", "/dev/full", "--to", "jsonl"))


def test_outputs_do_not_overwrite_inputs_or_each_other(tmp_path: Path) -> None:
    source = papers_file(tmp_path / "p.jsonl", 3)
    before = source.read_bytes()
    assert "is an input too" in error_line(leaderboard("extract", source, "-o", source))
    process = leaderboard("extract", source, "-o", tmp_path / "r.jsonl", "--rejects", tmp_path / "r.jsonl")
    assert "is another output too" in error_line(process)
    assert source.read_bytes() == before
    assert leftovers(tmp_path) == ["p.jsonl"]
    assert leaderboard("extract", source, "-o", "/dev/null", "--to", "csv", "--rejects", "/dev/null").returncode == 0


def test_an_empty_input_is_an_empty_table(tmp_path: Path) -> None:
    process = leaderboard("extract", "-", stdin=b"")
    assert process.returncode == 0
    assert process.stdout.decode() == ",".join(RESULT_COLUMNS) + "\n"
    assert b"the file is empty" in process.stderr


def test_progress_and_counts_go_to_standard_error(some_papers: Path, tmp_path: Path) -> None:
    process = leaderboard("extract", some_papers, "-o", tmp_path / "r.csv", "--workers", "1", "--progress")
    lines = process.stderr.decode().splitlines()
    assert (process.returncode, process.stdout) == (0, b"")
    assert lines[-2].startswith(f"leaderboard: {COUNT:,} papers, ")
    assert lines[-2].endswith(f" results -> {tmp_path / 'r.csv'}")
    assert lines[-1].startswith(f"leaderboard: {COUNT // 50} records rejected (--rejects FILE lists all); the first: ")


def test_pipes_may_be_named_as_files(tmp_path: Path, some_papers: Path) -> None:
    for name, content in (("p.jsonl", some_papers.read_bytes()), ("p.parquet", parquet_of_one_paper())):
        pipe = tmp_path / name
        os.mkfifo(pipe)
        process = subprocess.Popen(
            [*COMMAND, "extract", str(pipe), "--workers", "1", "--progress"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=ENVIRONMENT,
        )  # fmt: skip
        with process:
            pipe.write_bytes(content)
            assert process.stdout is not None
            assert process.stdout.read().count(b"\n") > 1
        assert process.returncode == 0


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interruption_leaves_nothing_behind(tmp_path: Path, some_papers: Path, number: int, status: int) -> None:
    process = subprocess.Popen(
        [*COMMAND, "extract", "-", "-o", str(tmp_path / "out.csv"), "--workers", "2"],
        stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT, start_new_session=True,
    )  # fmt: skip
    with process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write(some_papers.read_bytes())
        process.stdin.flush()
        for _ in range(200):  # until the output has been begun
            if leftovers(tmp_path):
                break
            time.sleep(0.05)
        time.sleep(1)
        if number == signal.SIGINT:  # Ctrl-C reaches every process of the terminal
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        message = process.stderr.read().decode()
        process.stdin.close()
    assert process.returncode == status
    assert message.count("\n") <= 1
    assert "Traceback" not in message
    assert leftovers(tmp_path) == []


@pytest.mark.skipif(not SHARED.exists(), reason="the shared corpus is not beside the checkout")
def test_the_shared_page(tmp_path: Path) -> None:
    page, out, papers_out = SHARED / "corpus" / "hf_similar_papers.txt", tmp_path / "r.jsonl", tmp_path / "p.jsonl"
    assert in_process("extract", page, "-o", out, "--papers", papers_out) == 0
    papers = {paper["paper_id"]: paper for paper in map(json.loads, papers_out.read_text().splitlines())}
    results = [json.loads(line) for line in out.read_text().splitlines()]
    assert len(papers) == 108
    assert results
    for result in results:
        for part in ("", "method_", "dataset_", "metric_", "task_", "baseline_"):
            field, start, end = (result[f"{part}{name}"] for name in ("field", "start", "end"))
            text = result["value_text" if part == "" else f"{part}text"]
            assert field is None or papers[result["paper_id"]][field][start:end] == text
