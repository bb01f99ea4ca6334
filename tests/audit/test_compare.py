from __future__ import annotations

import importlib.util
import itertools
import json
import random
from pathlib import Path
from types import ModuleType

import pytest
from audit_records import confirmed, fixture, result
from hypothesis import given, settings
from hypothesis import strategies as st

from leaderboard.audit.compare import KINDS, LEVELS, Ratio, compare, maximum_matching, pair_results
from leaderboard.audit.slots import parse_value, same_name, same_unit

GOLD = Path(__file__).parents[3] / "shared" / "gold"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("73.30", 73.3),
        ("1,024", 1024.0),
        ("73.3\\%", 73.3),
        ("\u22120.4", -0.4),
        ("~5", 5.0),
        ("1e-3", 0.001),
        ("nan", None),
        ("inf", None),
        ("", None),
        ("ten", None),
    ],
)
def test_values(text: str, number: float | None) -> None:
    assert parse_value(text) == number


@pytest.mark.parametrize(
    ("slot", "found", "said", "same"),
    [
        ("metric", "F1 score", "F1", True),
        ("metric", "word error rate", "WER", True),
        ("metric", "root-mean-squared error (RMSE)", "RMSE", True),
        ("metric", "top-1 accuracy", "accuracy", False),
        ("metric", "average accuracy", "accuracy", True),
        ("metric", "top-1 accuracy", "top-5 accuracy", False),
        ("metric", "AP", "AP50", False),
        ("metric", "", "", True),
        ("metric", "F1", "", False),
        ("metric", "", "F1", False),
        ("dataset", "the CIFAR-10 dataset", "cifar10", True),
        ("dataset", "CIFAR-10", "CIFAR-100", False),
        ("dataset", "SQuAD", "SQuAD 2.0", False),
        ("dataset", "WMT14 en-de", "WMT 2014 English-German", True),
        ("dataset", "en-de", "de-en", False),
        ("dataset", "CoNLL-03", "CoNLL 2003", True),
        ("method", "our BERT model", "BERT", True),
        ("method", "BERT-large fine-tuned on everything", "BERT", False),
        ("baseline", "the LinUCB algorithm", "LinUCB", True),
        ("task", "parsing", "tagging", False),
    ],
)
def test_names(slot: str, found: str, said: str, same: bool) -> None:
    assert same_name(slot, [found], said) is same


def test_ways_to_say_speed_are_one_for_gains_and_costs_only() -> None:
    assert same_name("metric", ["fps"], "inference speed", "cost")
    assert same_name("metric", ["speedup"], "training time", "gain")
    assert not same_name("metric", ["fps"], "inference speed", "score")
    assert same_name("metric", ["parameters"], "", "cost")
    assert not same_name("metric", ["accuracy"], "", "gain")


def test_units() -> None:
    assert same_unit("×", "x") and same_unit("percent", "%") and same_unit("GFLOPs", "gflop") and same_unit(None, "")
    assert not same_unit("M", "m") and not same_unit("%", "points")


def test_levels_count_each_confirmed_result_once() -> None:
    paper = fixture(
        "p", confirmed("90", "F1", "Alpha", "Xnet"), confirmed("90", "F1", "Beta", "Xnet"), confirmed("3", kind="gain")
    )
    found = [
        result("p", "90", "F1", "Beta", "Xnet"),
        result("p", "90", "F1", "Alpha", "Ynet"),
        result("p", "90", "F1", "Gamma", "Xnet"),
        result("p", "3", kind="cost"),
        result("other", "90", "F1", "Alpha", "Xnet"),
    ]
    comparison = compare([paper], found)
    score = comparison.levels["score"]
    assert score["V"] == Ratio(2, 3, 2) and score["DMV"] == Ratio(2, 3, 2) and score["full"] == Ratio(1, 3, 2)
    assert comparison.levels["gain"]["V"] == Ratio(0, 0, 1) and comparison.levels["cost"]["V"] == Ratio(0, 1, 0)
    assert comparison.levels["all"]["full"] == Ratio(1, 4, 3)
    assert comparison.wrong_kind == 1
    assert [pair.outcome for pair in comparison.papers[0].pairs] == ["wrong slots", "right", "wrong kind", "extra"]
    assert comparison.papers[0].pairs[0].wrong == ("method",)


def test_slot_figures_rules_and_whose_result() -> None:
    paper = fixture(
        "p", confirmed("90", "F1", "Alpha", "Xnet", own=False), confirmed("80", "F1"), confirmed("70", "EM", "Alpha")
    )
    found = [
        result("p", "90", "F1", "Alpha", "Znet", own=False, rule="one"),
        result("p", "80", "F1", "Delta", rule="two"),
        result("p", "1", "F1", rule="two", own=False),
    ]
    comparison = compare([paper], found)
    assert comparison.slots["value"] == Ratio(2, 3, 3)
    assert comparison.slots["metric"] == Ratio(2, 3, 3)
    assert comparison.slots["dataset"] == Ratio(1, 2, 2)
    assert comparison.slots["method"] == Ratio(0, 1, 1)
    assert comparison.not_own == Ratio(1, 1, 1)
    compared = compare([paper], [result("p", "90", "F1", "Beta", "Xnet", rule="m+d+w")]).rules
    assert [(c.fired, c.value, c.slot, c.full) for c in compared.values()] == [(1, 1, 0, 0), (1, 1, 1, 0), (1, 1, 1, 0)]
    one, two = comparison.rules["one"], comparison.rules["two"]
    assert (one.fired, one.value, one.full) == (1, 1, 0) and (two.fired, two.value, two.full) == (2, 1, 0)


def test_calibration_bins_of_equal_size() -> None:
    paper = fixture("p", *(confirmed(str(i)) for i in range(5)))
    found = [result("p", str(i), confidence=0.1 + i / 10) for i in range(10)]
    bins = compare([paper], found).calibration(bins=2)
    assert [(round(b.confidence, 2), b.right, b.results) for b in bins] == [(0.3, 1.0, 5), (0.8, 0.0, 5)]
    assert compare([paper], found).calibration_error(2) == pytest.approx((0.7 + 0.8) / 2)
    assert compare([paper], []).calibration_error() is None


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 4), max_size=5, unique=True), max_size=5))
def test_maximum_matching_is_as_large_as_the_largest_by_trying_all(edges: list[list[int]]) -> None:
    best = max(
        len(set(choice) - {None}) if len([c for c in choice if c is not None]) == len(set(choice) - {None}) else 0
        for choice in itertools.product(*[[None, *rights] for rights in edges])
    )
    assert maximum_matching(edges) == best


@settings(deadline=None)
@given(st.lists(st.sampled_from(["1", "2"]), max_size=4), st.lists(st.sampled_from(["1", "2"]), max_size=4))
def test_pairs_hold_each_result_once_and_as_many_as_values_allow(true: list[str], said: list[str]) -> None:
    pairs = pair_results([confirmed(v) for v in true], [result("p", v) for v in said])
    assert sum(p.confirmed is not None for p in pairs) == len(true)
    assert sum(p.predicted is not None for p in pairs) == len(said)
    assert sum(p.level is not None for p in pairs) == sum(min(true.count(v), said.count(v)) for v in ("1", "2"))


def test_groups() -> None:
    papers = [fixture("p", confirmed("1"), venue="ACL"), fixture("q", confirmed("1"), venue="ACL"), fixture("r")]
    groups = compare(papers, [result("p", "1")]).by(lambda f: f.venue)
    assert list(groups) == ["ACL"] and groups["ACL"]["all"]["full"] == Ratio(1, 1, 2)


# ------------------------------------------------------------------------ against the scorer of the gold files


@pytest.fixture(scope="module")
def scorer() -> ModuleType:
    path = GOLD / "score.py"
    if not path.exists():
        pytest.skip("../shared is not there")
    spec = importlib.util.spec_from_file_location("gold_score", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_agrees_with_the_scorer_of_the_gold_files(scorer: ModuleType) -> None:
    """On random subsets of tune, against predictions made by damaging the gold: every figure is the scorer's."""
    rows = [json.loads(line) for line in (GOLD / "tune.jsonl").read_text(encoding="utf-8").splitlines()]
    names = {slot: [r[slot] for row in rows for r in row["results"]] for slot in ("metric", "dataset", "method")}
    random_state = random.Random(7)
    for _ in range(6):
        subset = random_state.sample(rows, 80)
        predicted = []
        for row in subset:
            for true in row["results"]:
                copies = random_state.choice([0, 1, 1, 1, 2])
                predicted += [_damage(row["id"], true, names, random_state) for _ in range(copies)]
        gold = [
            fixture(r["id"], *(confirmed(**{k: v for k, v in x.items() if k != "evidence"}) for x in r["results"]))
            for r in subset
        ]
        results = [
            result(
                p["paper_id"],
                p["value"],
                kind=p["kind"],
                own=p["own"],
                **{k: p[k] or None for k in (*names, *(f"{s}_text" for s in names))},
            )
            for p in predicted
        ]
        comparison = compare(gold, results)
        for kind in KINDS:
            report, _ = scorer.evaluate(subset, predicted, kind)
            for level in LEVELS:
                ratio = comparison.levels[kind][level]
                ours = {
                    "precision": round(ratio.precision, 4),
                    "recall": round(ratio.recall, 4),
                    "f1": round(ratio.f1, 4),
                }
                assert ours == report[level], (kind, level)


def _damage(
    paper_id: str, true: dict[str, str], names: dict[str, list[str]], random_state: random.Random
) -> dict[str, object]:
    row: dict[str, object] = {"paper_id": paper_id, "kind": true["kind"], "value": true["value"], "own": true["own"]}
    if random_state.random() < 0.1:
        row["value"] = "12.5"
    if random_state.random() < 0.1:
        row["kind"] = random_state.choice(KINDS)
    for slot, others in names.items():
        name = true[slot]
        match random_state.randrange(8):
            case 0:
                name = random_state.choice(others)
            case 1:
                name = f"the {name.upper()} score dataset"
            case 2:
                name = " ".join(name.split()[1:])
            case 3:
                name = f"{random_state.choice(others)} ({name})"
            case 4:
                name = ""
        row[slot] = name
        row[f"{slot}_text"] = true[slot] if random_state.random() < 0.2 else ""
    return row
