from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path
from xml.etree import ElementTree

import pytest
import typer
from audit_records import confirmed, fixture, result
from typer.testing import CliRunner, Result

from leaderboard.audit import report, report_files
from leaderboard.audit.baseline import BaselinePaper, compare_with_baseline, read_baseline, write_baseline
from leaderboard.audit.commands import register
from leaderboard.audit.compare import compare
from leaderboard.audit.fixtures import text_digest
from leaderboard.audit.report import Audit
from leaderboard.cli import reporting
from leaderboard.errors import InputError

ROOT = Path(__file__).parents[2]
HOSTILE = (
    "<script>alert(1)</script> ![x](http://e.org/x.png) \x1b[31m \u202e | ``` _b_ &amp; It has an F1 of 91.3 on GLUE."
)

RIGHT = """
- id: right
  title: "VPD: Diffusion for Depth"
  abstract: VPD attains 0.254 RMSE on NYUv2.
  venue: ECCV
  year: 2023
  results:
    - {kind: score, value: "0.254", metric: RMSE, dataset: NYUv2, method: VPD}
"""
WRONG = """
- id: wrong
  title: "VPD: Diffusion for Depth"
  abstract: VPD attains 0.254 RMSE on NYUv2. It was run for a week.
  results:
    - {kind: score, value: "0.254", metric: RMSE, dataset: KITTI, method: VPD}
    - {kind: cost, value: "7", unit: days, metric: time, method: VPD}
"""


def run(*arguments: object) -> Result:
    app = typer.Typer()
    register(app, reporting)
    app.callback()(lambda: None)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "right.yaml").write_text(RIGHT, encoding="utf-8")
    (tmp_path / "wrong.yaml").write_text(WRONG, encoding="utf-8")
    return tmp_path


def test_fixtures_that_are_right_exit_with_0(files: Path) -> None:
    done = run("audit", files / "right.yaml")
    assert done.exit_code == 0, done.output
    assert "1 papers, 1 right in every result; 1 confirmed results" in done.output
    assert "score full" in done.output and "ECCV" in done.output


def test_differences_are_shown_with_their_sentence_and_exit_with_3(files: Path) -> None:
    done = run("audit", files)
    assert done.exit_code == 3
    lines = [line.strip() for line in done.stdout.splitlines()]
    assert f"wrong  {files / 'wrong.yaml'}:2  VPD: Diffusion for Depth" in lines
    place = lines.index("VPD attains 0.254 RMSE on NYUv2.")
    assert lines[place + 1] == "- score 0.254 | RMSE | KITTI | VPD"
    assert lines[place + 2].startswith("+ score 0.254 | RMSE | NYUv2 | VPD")
    assert lines[place + 3] == "differs in dataset"
    assert "- cost 7 days | time | - | VPD   (missed)" in lines


def test_totals_tell_no_paper_from_another(files: Path) -> None:
    done = run(
        "audit", files, "--totals", "--json", files / "a.json", "--html", files / "a.html", "--markdown", files / "a.md"
    )
    assert done.exit_code == 0
    for text in [done.stdout, *((files / f"a.{kind}").read_text(encoding="utf-8") for kind in ("json", "html", "md"))]:
        assert "NYUv2" not in text and "ECCV" not in text and "wrong.yaml" not in text
    assert json.loads((files / "a.json").read_text(encoding="utf-8"))["levels"]["score"]["MV"]["f1"] == 1.0


def test_a_baseline_that_is_met_exits_with_0_whatever_the_fixtures_say(files: Path) -> None:
    assert run("audit", files, "--write-baseline", files / "baseline.jsonl").exit_code == 0
    done = run("audit", files, "--baseline", files / "baseline.jsonl")
    assert done.exit_code == 0
    assert "since the baseline: 0 better, 0 worse, 0 neutral" in done.stdout
    first = (files / "baseline.jsonl").read_bytes()
    run("audit", files / "wrong.yaml", files / "right.yaml", "--write-baseline", files / "baseline.jsonl")
    assert (files / "baseline.jsonl").read_bytes() == first


def test_what_got_worse_exits_with_3_and_is_named(files: Path) -> None:
    baseline = files / "baseline.jsonl"
    run("audit", files, "--write-baseline", baseline)
    rows = [json.loads(line) for line in baseline.read_text(encoding="utf-8").splitlines()]
    assert [row["paper_id"] for row in rows] == ["right", "wrong"]
    better = {**rows[1]["results"][0], "dataset": "KITTI"}
    better.pop("dataset_text", None)
    rows[1]["results"] = [better]
    baseline.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    done = run("audit", files, "--baseline", baseline, "--json", files / "a.json")
    assert done.exit_code == 3
    assert "worse: changed, wrong dataset now" in done.stdout
    (change,) = json.loads((files / "a.json").read_text(encoding="utf-8"))["baseline"]["changes"]
    assert change["effect"] == "worse" and change["paper_id"] == "wrong" and "dataset" in change["fields"]


def test_a_file_of_results_serves_as_a_baseline(files: Path) -> None:
    rows = [
        {
            "paper_id": "right",
            "kind": "score",
            "value": 0.254,
            "value_text": "0.254",
            "metric": "RMSE",
            "dataset": "NYUv2",
            "method": "VPD",
            "field": "abstract",
            "start": 12,
            "end": 17,
        }
    ]
    (files / "results.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    done = run("audit", files / "right.yaml", "--baseline", files / "results.jsonl")
    assert done.exit_code == 0, done.output


def test_grading_of_changes() -> None:
    paper = fixture("p", confirmed("90", "F1", "GLUE", "Xnet"), confirmed("80", "EM"))
    right = result("p", "90", "F1", "GLUE", "Xnet", field="abstract", start=0, end=2)
    cases = [
        ([], [right], "better"),
        ([right], [], "worse"),
        ([], [result("p", "7", "F1", start=5, end=6)], "worse"),
        ([result("p", "7", "F1", start=5, end=6)], [], "better"),
        ([right], [result("p", "90", "F1", "SQuAD", "Xnet", field="abstract", start=0, end=2)], "worse"),
        (
            [right],
            [result("p", "90", "F1", "GLUE", "Xnet", field="abstract", start=0, end=2, setting="5-shot")],
            "neutral",
        ),
        ([right], [result("p", "90", "F1", "GLUE", "Xnet", field="abstract", start=0, end=2, own=False)], "worse"),
        (
            [right],
            [result("p", "90", "EM", "GLUE", "Xnet", metric_text="F1", field="abstract", start=0, end=2)],
            "worse",
        ),
        ([right], [right], None),
    ]
    for before, now, effect in cases:
        comparison = compare([paper], now)
        found = compare_with_baseline(comparison, {"p": BaselinePaper(None, tuple(before))})
        graded = [g.effect for changes in found.by_paper.values() for g in changes]
        assert graded == ([effect] if effect else []), (before, now)


def test_papers_that_cannot_be_compared_with_the_baseline_are_named() -> None:
    comparison = compare([fixture("a"), fixture("b", abstract="Other."), fixture("c")], [])
    digest = text_digest("", "A text.")
    baseline = {"a": BaselinePaper(digest, ()), "b": BaselinePaper(digest, ()), "d": BaselinePaper(digest, ())}
    found = compare_with_baseline(comparison, baseline)
    assert (found.new, found.text_changed, found.gone, found.worse) == (("c",), ("b",), ("d",), False)


def test_a_baseline_reads_back_what_matters(tmp_path: Path) -> None:
    found = result("p", "90", "F1", "GLUE", unit="%", metric_text="f-score", flags=("conflict",), confidence=0.5)
    write_baseline(compare([fixture("p", confirmed("90"))], [found]), tmp_path / "b.jsonl")
    (back,) = read_baseline(tmp_path / "b.jsonl")["p"].results
    assert (back.value, back.unit, back.metric, back.metric_text, back.confidence) == (90.0, "%", "F1", "f-score", None)


@pytest.mark.parametrize(
    "line", ["not json", "[]", '{"paper_id": "p"}', '{"paper_id": "p", "results": [{"kind": "score"}]}']
)
def test_a_broken_baseline_names_the_line(tmp_path: Path, line: str) -> None:
    (tmp_path / "b.jsonl").write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"b\.jsonl:2: "):
        read_baseline(tmp_path / "b.jsonl")
    with pytest.raises(InputError, match="cannot be read"):
        read_baseline(tmp_path / "none.jsonl")


def hostile_audit(tmp_path: Path) -> Audit:
    paper = fixture(
        "<b>id</b>\x00", confirmed("91.3", "F1|x", "`GLUE`"), abstract=HOSTILE, title=HOSTILE, file="f.yaml"
    )
    found = result("<b>id</b>\x00", "91.3", "EM", "`GLUE`", sentence=HOSTILE, rule="<i>")
    comparison = compare([paper], [found])
    earlier = {"<b>id</b>\x00": BaselinePaper(None, (result("x", "91.3", "<u>"),))}
    return Audit(comparison, compare_with_baseline(comparison, earlier))


def test_hostile_text_is_shown_as_text(tmp_path: Path) -> None:
    audit = hostile_audit(tmp_path)
    report_files.write_html(audit, tmp_path / "a.html")
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    for part in ("<script", "<b>", "<i>", "<u>", "\x1b", "\u202e", "<img"):
        assert part not in page
    assert "&lt;script&gt;alert(1)" in page and "<svg" in page
    assert "http://" not in page.replace("http://www.w3.org/", "").replace("http://e.org/x.png", "")
    report_files.write_markdown(audit, tmp_path / "a.md")
    text = (tmp_path / "a.md").read_text(encoding="utf-8")
    assert "\\<script\\>" in text and "\\!\\[x\\]" in text and "````diff" not in text.replace("````diff\n", "", 9)
    assert not {"\x1b", "\u202e", "\x00"} & set(text + report.to_text(audit))
    for name in ("errors-by-slot", "errors-by-rule"):
        ElementTree.parse(tmp_path / "a-pictures" / f"{name}.svg")
    report_files.write_junit(audit, tmp_path / "a.xml")
    (suite,) = ElementTree.parse(tmp_path / "a.xml").getroot()
    assert suite.attrib["tests"] == suite.attrib["failures"] == "1"
    assert "differs in metric" in (suite[0][0].text or "")


def test_fixture_commands(files: Path) -> None:
    good = files / "right.yaml"
    assert run("fixture", "check", good).exit_code == 0
    done = run("fixture", "check", files)
    assert (
        done.exit_code == 3
        and 'wrong.yaml:2: wrong, results[1].dataset: no word of "KITTI" stands in the text' in done.stdout
    )
    assert run("fixture", "fmt", "--check", good).exit_code == 3
    assert good.read_text(encoding="utf-8") == RIGHT
    assert run("fixture", "fmt", good).exit_code == 0
    assert run("fixture", "fmt", "--check", good).exit_code == 0
    assert ">-\n    VPD attains" in good.read_text(encoding="utf-8")


def test_a_new_fixture_is_what_is_extracted_now(tmp_path: Path) -> None:
    paper = {"paper_id": "p1", "title": "VPD", "abstract": "VPD attains 0.254 RMSE on NYUv2."}
    (tmp_path / "papers.jsonl").write_text(json.dumps(paper) + "\n", encoding="utf-8")
    done = run("fixture", "new", tmp_path / "papers.jsonl")
    assert done.exit_code == 0 and done.stdout.startswith("# Extracted, not yet confirmed")
    out = tmp_path / "new.yaml"
    assert run("fixture", "new", tmp_path / "papers.jsonl", "-o", out).exit_code == 0
    assert run("audit", out).exit_code == 0
    done = run("fixture", "new", tmp_path / "papers.jsonl", "-o", out)
    assert done.exit_code == 1 and "stands already" in done.output
    assert run("fixture", "new", tmp_path / "papers.jsonl", "--id", "p2").exit_code == 1


def test_wrong_input_is_one_line_and_1(files: Path) -> None:
    (files / "bad.yaml").write_text("- id: x\n", encoding="utf-8")
    for arguments in (
        ["audit", files / "bad.yaml"],
        ["audit", files / "none"],
        ["audit", files, "--baseline", files / "none.jsonl"],
        ["fixture", "fmt", files / "bad.yaml"],
    ):
        done = run(*arguments)
        assert done.exit_code == 1
        assert done.stderr.startswith("leaderboard: error: ") and done.stderr.count("\n") == 1


def test_a_gold_file_needs_its_papers(files: Path) -> None:
    gold = {
        "id": "g",
        "results": [
            {"kind": "score", "value": "0.254", "metric": "RMSE", "dataset": "NYUv2", "method": "VPD", "evidence": "x"}
        ],
    }
    (files / "gold.jsonl").write_text(json.dumps(gold) + "\n", encoding="utf-8")
    (files / "papers.jsonl").write_text(
        json.dumps({"id": "g", "title": "VPD", "abstract": "VPD attains 0.254 RMSE on NYUv2."}) + "\n", encoding="utf-8"
    )
    done = run("audit", files / "gold.jsonl")
    assert done.exit_code == 1 and "--papers" in done.stderr
    assert run("audit", files / "gold.jsonl", "--papers", files / "papers.jsonl").exit_code == 0
    (files / "gold.jsonl").write_text(
        '{"id": "h", "results": []}\n{"id": "g", "results": [{"kind": "best"}]}\n', encoding="utf-8"
    )
    done = run("fixture", "check", files / "gold.jsonl", "--papers", files / "papers.jsonl")
    assert (
        done.exit_code == 3
        and "gold.jsonl:1: h, id: its text is in none" in done.stdout
        and "gold.jsonl:2: line 2" in done.stdout
    )


def pytest_on(*arguments: object, folder: Path) -> subprocess.CompletedProcess[str]:
    """A user's pytest, with the plugin as the package installs it (or named, where the package runs from source)."""
    installed = any(point.value == "leaderboard.audit.pytest_plugin" for point in entry_points(group="pytest11"))
    plugin = [] if installed else ["-p", "leaderboard.audit.pytest_plugin"]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *plugin, *map(str, arguments)]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(folder)}
    return subprocess.run(
        command, capture_output=True, text=True, cwd=folder, env=environment, check=False, timeout=120
    )


def test_pytest_turns_each_fixture_into_a_test(files: Path) -> None:
    (files / "test_other.py").write_text("def test_other(): pass\n", encoding="utf-8")
    done = pytest_on("--leaderboard-fixtures", ".", folder=files)
    assert done.returncode == 1
    assert "1 failed, 2 passed" in done.stdout, done.stdout + done.stderr
    assert "- score 0.254 | RMSE | KITTI | VPD" in done.stdout and "Traceback" not in done.stdout
    done = pytest_on("--leaderboard-fixtures", "right.yaml", "test_other.py", folder=files)
    assert "2 passed" in done.stdout
    (files / "bad.yaml").write_text("- id: x\n", encoding="utf-8")
    done = pytest_on("--leaderboard-fixtures", "bad.yaml", folder=files)
    assert "results: is missing" in done.stdout and done.returncode == 2
    assert "no such file" in pytest_on("--leaderboard-fixtures", "none", folder=files).stderr


def test_the_plugin_loads_nothing_of_the_package_before_it_is_needed() -> None:
    heavy = "('leaderboard', 'pydantic', 'pandas', 'yaml')"
    code = f"import leaderboard.audit.pytest_plugin, sys; print(*(m for m in sys.modules if m.startswith({heavy})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.split() == ["leaderboard", "leaderboard.audit", "leaderboard.audit.pytest_plugin"]
