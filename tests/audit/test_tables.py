from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from audit_records import result
from hypothesis import given, settings
from hypothesis import strategies as st
from test_audit_command import run

from leaderboard.audit.changes import result_changes
from leaderboard.audit.reviews import ReviewStore, review_missing, review_result, reviews_path
from leaderboard.audit.rows import results_of_table
from leaderboard.audit.rule_coverage import RuleCoverage, unknown_names
from leaderboard.audit.table_diff import diff_tables
from leaderboard.audit.validators import FLAGS, flag_table, validate
from leaderboard.boards import rank
from leaderboard.extraction import extract_paper, find_mentions
from leaderboard.lexicon import DatasetEntry, load_lexicon
from leaderboard.models import Paper, Result
from leaderboard.table import read_results, to_table, write_results


def score(
    paper_id: str, value: str, metric: str = "accuracy", dataset: str = "ImageNet", method: str = "Xnet", **more: Any
) -> Result:
    return result(
        paper_id,
        value,
        metric,
        dataset,
        method,
        **({"score": float(value), "higher_is_better": True, "unit": "%"} | more),
    )


def flags_of(*rows: Result) -> list[tuple[int, str]]:
    return [(finding.row, finding.flag) for finding in validate(to_table(rows))]


# ------------------------------------------------------------------------------------------------ validators


def test_out_of_range() -> None:
    table = to_table(
        [
            score("p", "173.3"),
            score("q", "99.9"),
            score("r", "-2", unit=None),
            score("s", "150", kind="gain", score=None),
        ]
    )
    found = validate(table)
    assert [(f.row, f.flag) for f in found if f.flag == "out_of_range"] == [(0, "out_of_range"), (2, "out_of_range")]
    assert found[0].why == "accuracy must lie between 0 and 100 %, and this is 173.3%"
    assert (0, "out_of_range") not in flags_of(
        score("p", "300", metric="perplexity", unit=None, higher_is_better=False)
    )


def test_conflict_names_the_other_value() -> None:
    found = validate(
        to_table([score("p", "90.1"), score("q", "88.2"), score("r", "90.13"), score("s", "70.5", method="Ynet")])
    )
    assert [f.row for f in found if f.flag == "conflict"] == [0, 1, 2]
    assert "Xnet has 90.1 here, but 88.2 in q" in {f.why for f in found}.pop() or any(
        "88.2 in q" in f.why for f in found
    )


def test_scale_leak() -> None:
    rows = [score(f"p{i}", f"{90 + i}.5", method=f"m{i}") for i in range(5)]
    found = validate(to_table([*rows, score("q", "0.93", method="leak", unit=None, score=0.93)]))
    assert [(f.row, f.flag, f.why) for f in found] == [
        (5, "scale_leak", "0.93 stands among scores around 92: fraction and percent mixed?")
    ]


def test_record_jump() -> None:
    history = [70.0, 72.0, 73.0, 75.0, 76.0]
    rows = [score(f"p{i}", str(v), method=f"m{i}", year=2010 + i) for i, v in enumerate(history)]
    assert flags_of(*rows, score("new", "78", method="n", year=2020)) == []
    found = validate(to_table([*rows, score("new", "95", method="n", year=2020)]))
    assert [(f.row, f.flag, f.why) for f in found] == [
        (5, "record_jump", "95 beats the record of 76 by 19; none before did by more than 2")
    ]
    assert flags_of(*rows[:3], score("new", "95", method="n", year=2020)) == []


def test_mean_of_columns() -> None:
    def row(value: str, dataset: str | None, **more: Any) -> Result:
        return score("p", value, dataset=dataset, **more)

    found = validate(to_table([row("80.0", "MNLI"), row("90.0", "SST-2"), row("85.0", "GLUE")]))
    assert [(f.row, f.flag) for f in found] == [(2, "mean_of_columns")]
    assert found[0].why == "85.0 is the mean of 80.0, 90.0 beside it: an average, not a result on GLUE?"
    assert flags_of(row("80.0", "MNLI"), row("90.0", "SST-2"), row("86.0", "GLUE")) == []
    assert flags_of(row("80.0", "MNLI"), row("90.0", "SST-2"), row("85.0", "GLUE", method="Other")) == []
    assert flags_of(row("85.0", "MNLI"), row("85.0", "SST-2"), row("85.0", "GLUE")) == []


def test_gain_above_100_points() -> None:
    def gain(value: str, **more: Any) -> Result:
        return score("p", value, kind="gain", score=None, **({"change": "difference"} | more))

    assert flags_of(gain("140", unit="points")) == [(0, "gain_over_100_points")]
    assert flags_of(gain("140", unit="%")) == [(0, "gain_over_100_points")]
    assert (
        flags_of(
            gain("140", unit="%", change="relative"), gain("140", unit="x", change="factor"), gain("14", unit="points")
        )
        == []
    )
    assert flags_of(gain("140", metric="PSNR", unit="dB")) == []


def test_before_its_data_set() -> None:
    dated = [e for e in load_lexicon() if isinstance(e, DatasetEntry) and e.year is not None]
    if not dated:
        pytest.skip("no data set of the lexicon has a year")
    year = dated[0].year or 0
    rows = [
        score("p", "90", dataset=dated[0].name, year=year - 1),
        score("q", "91", dataset=dated[0].name, method="y", year=year),
        score("r", "92", dataset=dated[0].name, method="z"),
        score("s", "93", dataset=dated[0].name, method="w", year=year + 1, date=f"{year - 2}-01-01"),
    ]
    found = [finding for finding in validate(to_table(rows)) if finding.flag == "before_dataset"]
    assert [f.row for f in found] == [0, 3]
    assert found[0].why == f"dated {year - 1}, but {dated[0].name} was released in {year}"


def test_flags_join_those_that_are_there() -> None:
    table = flag_table(to_table([score("p", "173.3", flags=("scale_unclear",)), score("q", "88", method="y")]))
    assert [list(flags) for flags in table["flags"]] == [["scale_unclear", "out_of_range"], []]
    assert list(rank(table, "ImageNet", "accuracy")["flags"][0]) == ["scale_unclear", "out_of_range"]
    assert [list(f) for f in flag_table(table)["flags"]] == [["scale_unclear", "out_of_range"], []]
    assert validate(to_table([])) == []


# ------------------------------------------------------------------------------------------------ diff


def at(start: int, value: str, **more: Any) -> Result:
    return score("p", value, field="abstract", start=start, end=start + len(value), **more)


def test_changes_follow_the_place_in_the_text() -> None:
    old = [at(0, "90"), at(10, "80"), at(20, "70")]
    new = [at(0, "90"), at(10, "80", metric="F1", rule="other"), at(30, "60")]
    changes = result_changes(old, new)
    assert [(c.type, c.result.value, c.fields) for c in changes] == [
        ("changed", 80.0, ("metric",)),
        ("lost", 70.0, ()),
        ("gained", 60.0, ()),
    ]
    assert result_changes(old, [at(0, "90", rule="renamed"), *old[1:]]) == []


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["F1", "EM"])), max_size=5),
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["F1", "EM"])), max_size=5),
)
def test_every_result_is_the_same_changed_lost_or_gained(
    old: list[tuple[int, str]], new: list[tuple[int, str]]
) -> None:
    before, after = ([at(10 * p, "90", metric=m) for p, m in side] for side in (old, new))
    changes = result_changes(before, after)
    lost, gained = (sum(c.type == t for c in changes) for t in ("lost", "gained"))
    assert len(before) - lost == len(after) - gained
    assert (changes == []) == (sorted(old) == sorted(new))


def test_diff_of_tables_names_papers_and_new_records() -> None:
    old = to_table([score("p", "90", year=2020), score("q", "80", method="y", year=2019)])
    new = to_table(
        [
            score("p", "90", year=2020),
            score("r", "95", method="z", year=2021),
            score("r", "1.5", metric="error rate", dataset="MNIST", higher_is_better=False),
        ]
    )
    found = diff_tables(old, new)
    assert (found.new_papers, found.gone_papers) == (("r",), ("q",))
    assert (found.count("gained"), found.count("lost"), found.count("changed")) == (2, 1, 0)
    records = {record.board: record for record in found.records}
    assert (records["ImageNet / accuracy / score"].before, records["ImageNet / accuracy / score"].before_method) == (
        90.0,
        "Xnet",
    )
    assert records["MNIST / error rate / score"].before is None
    assert diff_tables(new, new).changes == {} and diff_tables(new, new).records == ()


def test_rows_of_a_table_are_the_results_it_was_made_of() -> None:
    rows = [
        at(3, "90", flags=("a", "b"), year=2020, error=0.5),
        score("q", "1,024".replace(",", ""), method="y", own=False),
    ]
    assert list(results_of_table(to_table(rows))) == rows


# ------------------------------------------------------------------------------------------------ rules


def test_coverage_counts_rules_and_reasons_with_samples() -> None:
    texts = [f"In 20{i:02} we ran {i + 2} models. VPD attains 0.{i + 10} RMSE on NYUv2." for i in range(12)]
    once, twice = RuleCoverage(samples=2), RuleCoverage(samples=2)
    for coverage in (once, twice):
        for i, text in enumerate(texts):
            coverage.add(extract_paper(Paper(paper_id=f"p{i}", abstract=text)))
    assert once.papers == once.with_results == 12
    assert sum(found.count for found in once.reasons.values()) == 24
    assert all(
        found.count >= len(found.shown) > 0 and len(found.shown) <= 2
        for found in (*once.rules.values(), *once.reasons.values())
    )
    assert max(found.count for found in once.rules.values()) == 12
    assert {r: [x.paper_id for x in s.shown] for r, s in once.rules.items()} == {
        r: [x.paper_id for x in s.shown] for r, s in twice.rules.items()
    }


def test_names_near_values_that_are_no_mention() -> None:
    text = "VPD attains 0.254 RMSE on NYUv2, unlike Qwertzuiop and many others that were ever tried here by Farawayton."
    paper = Paper(paper_id="p", abstract=text)
    extraction = extract_paper(paper)
    names = set(unknown_names(paper, extraction.results, find_mentions(paper)))
    assert "Qwertzuiop" in names or any(m.text == "Qwertzuiop" for m in find_mentions(paper))
    assert not names & {"VPD", "RMSE", "NYUv2", "Farawayton"}


# ------------------------------------------------------------------------------------------------ commands


@pytest.fixture
def results(tmp_path: Path) -> Path:
    write_results([score("p", "173.3"), score("q", "88.0", method="y")], tmp_path / "results.jsonl")
    return tmp_path / "results.jsonl"


def test_validate_lists_findings(results: Path) -> None:
    done = run("validate", results, "--json", results.with_name("v.json"), "-o", results.with_name("flagged.csv"))
    assert done.exit_code == 3
    assert done.stdout == "p: out_of_range: accuracy must lie between 0 and 100 %, and this is 173.3%\n"
    assert "2 results, 1 findings: out_of_range 1" in done.stderr
    assert [row["flag"] for row in json.loads(results.with_name("v.json").read_text(encoding="utf-8"))] == [
        "out_of_range"
    ]
    assert [list(f) for f in read_results(results.with_name("flagged.csv"))["flags"]] == [["out_of_range"], []]
    assert run("validate", results, "--flag", "conflict").exit_code == 0
    assert run("validate", results, "--flag", "nonsense").exit_code == 2
    assert run("validate", results.with_name("none.jsonl")).exit_code == 1
    assert all(name in " ".join(run("validate", "--help").stdout.split()) for name in FLAGS)


def test_diff_of_two_files(results: Path) -> None:
    write_results([score("p", "90.0"), score("q", "88.0", method="y")], results.with_name("new.csv"))
    done = run("diff", results, results.with_name("new.csv"), "--json", results.with_name("d.json"))
    assert done.exit_code == 0
    assert (
        done.stdout.splitlines()[-1] == "1 gained, 1 lost, 0 changed; 0 new papers, 0 gone; 0 boards with a new record"
    )
    assert "      - score 173.3% | accuracy | ImageNet | Xnet" in done.stdout.splitlines()
    assert json.loads(results.with_name("d.json").read_text(encoding="utf-8"))["lost"] == 1


def test_rules_over_papers(tmp_path: Path) -> None:
    rows = [
        {
            "paper_id": "p",
            "title": "VPD",
            "abstract": "VPD attains 0.254 RMSE on NYUv2, and was trained in 2019.\x1b[31m",
        }
    ]
    (tmp_path / "papers.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    done = run("rules", tmp_path / "papers.jsonl", "--json", tmp_path / "r.json")
    assert done.exit_code == 0 and "1 papers, 1 with results" in done.stdout and "\x1b" not in done.stdout
    assert "p: score 0.254 | RMSE | NYUv2 | VPD" in done.stdout and "[2019]" in done.stdout
    data = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert sum(found["count"] for found in data["rejects"].values()) >= 1 and data["rules"]


PAPER = Paper(paper_id="p", title="Xnet", abstract="Xnet has 90.1 F1 on SQuAD and 42 BLEU on WMT14.", year=2020)


def reviewed(tmp_path: Path) -> tuple[Path, Path]:
    found = score("p", "90.1", "F1", "SQuAD", unit=None, title="Xnet", year=2020, field="abstract", start=9, end=13)
    write_results([found, score("other", "80")], tmp_path / "results.jsonl")
    path = reviews_path(tmp_path / "results.jsonl")
    with ReviewStore(path) as store:
        store.add(review_result(PAPER, found, "fix", "ann", corrected={"dataset": "SQuAD 2.0"}), PAPER)
        store.add(review_result(PAPER, found, "wrong", "bob"), PAPER)
        store.add(review_result(PAPER, found, "right", "ann"), PAPER)
        store.add(
            review_missing(
                PAPER, "abstract", 30, 32, {"metric": "BLEU", "dataset": "WMT 2014", "method": "Xnet"}, "ann"
            ),
            PAPER,
        )
    return tmp_path / "results.jsonl", path


def test_reviews_are_applied_shown_compared_and_queued(tmp_path: Path) -> None:
    results, path = reviewed(tmp_path)
    done = run("reviews", "apply", results, "-o", tmp_path / "out.csv")
    assert done.exit_code == 0 and "3 results: 1 confirmed, 1 added" in done.stderr
    table = read_results(tmp_path / "out.csv")
    assert table["review"].fillna("").tolist() == ["confirmed", "added", ""] and table["source"].tolist() == [
        "text",
        "review",
        "text",
    ]
    run("reviews", "apply", results, "-o", tmp_path / "only.parquet", "--reviewed-only")
    assert len(read_results(tmp_path / "only.parquet")) == 2
    rows = [{"paper_id": "p", "title": "Xnet", "abstract": "Rewritten: 90.1."}]
    (tmp_path / "papers.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    done = run("reviews", "apply", results, "-o", tmp_path / "stale.csv", "--papers", tmp_path / "papers.jsonl")
    assert "4 verdicts not applied, the text has changed since" in done.stderr
    done = run("reviews", "queue", results)
    assert (
        done.exit_code == 0
        and "other: score 80% | accuracy | ImageNet | Xnet" in done.stdout
        and "p: " not in done.stdout
    )
    assert "2 of 2 results" in run("reviews", "queue", results, "--reviewer", "eve").stderr
    done = run("reviews", "show", path)
    assert done.exit_code == 0 and "some_rule" in done.stdout and "ann" in done.stdout
    done = run("reviews", "agree", path, "ann", "bob")
    assert done.exit_code == 0 and "both judged 1 results in 1 papers: 0 verdicts the same, kappa 0.000" in done.stdout
    assert "    ann: right: score | 90.1 | F1 | SQuAD | Xnet" in done.stdout
    assert run("reviews", "agree", path, "ann", "eve").exit_code == 1
    assert run("reviews", "apply", tmp_path / "stale.csv", "-o", tmp_path / "x.csv").exit_code == 1


def test_fixtures_from_reviews(tmp_path: Path) -> None:
    _, path = reviewed(tmp_path)
    out = tmp_path / "new.yaml"
    done = run("fixture", "from-reviews", path, "-o", out, "--partial")
    assert done.exit_code == 0, done.output
    assert '{kind: score, value: "42", metric: BLEU, dataset: WMT14, method: Xnet}' in out.read_text(encoding="utf-8")
    assert run("fixture", "from-reviews", path, "-o", out).exit_code == 1
    assert run("fixture", "from-reviews", tmp_path / "none.sqlite").exit_code == 1
