"""Whole texts: known results, the properties that hold for any text, and what is never a result."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import leaderboard
from leaderboard import Paper
from leaderboard.extraction import explain, extract, extract_paper, find_mentions
from leaderboard.models import SLOTS

PIECES = st.sampled_from(
    [
        "We propose LeafNet, a",
        " small network. ",
        "It reaches ",
        "92.3",
        "%",
        " accuracy",
        " on ",
        "CIFAR-10",
        " and ",
        "ImageNet",
        ", respectively",
        ". ",
        "outperforms ",
        "BERT",
        " by ",
        "3.1",
        " points",
        " F1",
        " of ",
        "(",
        ")",
        "71.2",
        "/",
        "80.5",
        " ± 0.3",
        "x faster",
        "45 fps",
        "\\textbf{",
        "}",
        "$",
        "\\%",
        "&lt;",
        " from ",
        " to ",
        "2017",
        " the GLUE benchmark",
        " BLEU",
        "\n",
        "5-shot",
        " humans",
        "et al. ",
        ": ",
        " - ",
    ],
)
TEXTS = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=45).map("".join))


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.one_of(st.just(""), st.lists(PIECES, max_size=8).map("".join)))
def test_any_text_extracts_with_every_span_holding_its_text(abstract: str, title: str) -> None:
    paper = Paper("p", title, abstract)
    fields = {"title": title, "abstract": abstract}
    extraction = extract_paper(paper)
    for result in extraction.results:
        assert result.field is not None
        assert fields[result.field][result.start : result.end] == result.value_text
        assert result.sentence is not None and result.value_text in result.sentence
        assert 0.0 <= (result.confidence or 0.0) <= 1.0
        for slot in SLOTS:
            text, where = getattr(result, f"{slot}_text"), getattr(result, f"{slot}_field")
            assert (getattr(result, slot) is None) == (text is None) == (where is None)
            if where:
                assert fields[where][getattr(result, f"{slot}_start") : getattr(result, f"{slot}_end")] == text
    for reject in extraction.rejects:
        assert reject.field is not None
        assert fields[reject.field][reject.start : reject.end] == reject.text
    for mention in find_mentions(paper):
        assert fields[mention.field][mention.start : mention.end] == mention.text
    assert extract_paper(paper).results == extraction.results


@settings(max_examples=40, deadline=None)
@given(TEXTS)
def test_each_number_is_a_result_or_a_reject(abstract: str) -> None:
    paper = Paper("p", "", abstract)
    extraction = extract_paper(paper)
    places = {(r.field, r.start) for r in extraction.results} | {(r.field, r.start) for r in extraction.rejects}
    values = {(m.field, m.start) for m in find_mentions(paper) if m.type == "value"}
    assert values == places


def test_explanations_go_with_the_results() -> None:
    paper = Paper("p", "LeafNet: Fast Image Classification", "LeafNet reaches 92.3% accuracy on CIFAR-10 in 2023.")
    told = explain(paper)
    assert told.results == extract_paper(paper).results
    assert len(told.reasons) == len(told.results) == 1
    assert any(line.startswith("metric: accuracy, because") for line in told.reasons[0])


def test_a_whole_tuple() -> None:
    (result,) = extract(
        Paper(
            "p",
            "LeafNet: Fast Image Classification",
            "We propose LeafNet. It reaches 0.923 ± 0.004 accuracy on the CIFAR-10 test set.",
        )
    )
    assert (result.method, result.dataset, result.split, result.metric) == ("LeafNet", "CIFAR-10", "test", "accuracy")
    assert (result.value, result.value_text, result.error, result.score) == (0.923, "0.923", 0.004, 92.3)
    assert result.kind == "score" and result.own and result.higher_is_better


def test_a_gain_is_no_score() -> None:
    results = extract("SparseNet outperforms DenseNet by 3.1 points in accuracy on CIFAR-100.")
    assert [(r.kind, r.value, r.unit, r.score, r.baseline) for r in results] == [
        ("gain", 3.1, "points", None, "DenseNet")
    ]


HOSTILE = [
    "(" * 5000,
    "9" * 5000,
    "1.1." * 2000,
    "a-" * 4000,
    "\\textbf{" * 1500,
    "5, " * 1500,
    "A " * 4000,
    "et al. " * 1500,
    "~" * 3000,
    "on X and " * 800 + "92%",
]


@pytest.mark.parametrize("text", HOSTILE, ids=[h[:8] for h in HOSTILE])
def test_hostile_texts_end(text: str) -> None:
    extract_paper(Paper("p", text[:300], text))


def test_the_order_of_sets_tells_nowhere() -> None:
    told = "import sys; from tests.extraction.test_extraction import everything; sys.stdout.write(everything())"
    said = {
        subprocess.run(
            [sys.executable, "-c", told],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
            cwd=Path(__file__).parents[2],
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(said) == 1 and b"PASCAL VOC 2012" in said.pop()


def everything() -> str:
    """All that the engine says of the example papers and of texts with two readings of one year."""
    lines = (Path(leaderboard.__file__).parent / "example" / "papers.jsonl").read_bytes().splitlines()[:60]
    rows = [orjson.loads(line) for line in lines]
    texts = [(row.get("title") or "", row.get("abstract") or "") for row in rows]
    texts += [
        ("", f"It has 71.2% mAP on the {x} 2007, PASCAL VOC 2007 and 2012 datasets.") for x in ("SBD", "LSP", "AFW")
    ]
    papers = [Paper(str(k), title, abstract) for k, (title, abstract) in enumerate(texts)]
    return "\n".join(repr((explain(paper).reasons, extract_paper(paper), find_mentions(paper))) for paper in papers)


def test_results_are_plain_records() -> None:
    (result,) = extract("Our parser reaches 92.4% accuracy on TreeWiki.")
    assert dataclasses.asdict(result)["value"] == 92.4
