"""The paper's own name: the rules that propose it, and what is none."""

from __future__ import annotations

import pytest

from leaderboard.extraction import extract_paper
from leaderboard.extraction.analysis import Analysis
from leaderboard.extraction.own import OwnName, title_phrases
from leaderboard.lexicon import load_lexicon
from leaderboard.models import Paper


def own(title: str, abstract: str) -> list[OwnName]:
    return Analysis(Paper("p", title, abstract), load_lexicon()).own


BEST = [
    # title, abstract, the best candidate, a rule that proposed it
    ("ZapNet: Fast Parsing of Trees", "It is small.", "ZapNet", "title_prefix"),
    ('"ZapNet": Fast Parsing of Trees', "It is small.", "ZapNet", "title_prefix"),
    ("ZapNet - Fast Parsing of Trees", "It is small.", "ZapNet", "title_prefix"),
    ("Fast Parsing of Trees (ZAP)", "It is small.", "ZAP", "title_abbreviation"),
    ("Fast Parsing", "Our parser for trees, namely ZapNet, is small.", "ZapNet", "introduced"),
    ("Fast Parsing", "A parser, which we call ZapNet, is described.", "ZapNet", "introduced"),
    ("Fast Parsing", "Our parser, which we refer to as ZapNet, is small.", "ZapNet", "introduced"),
    ("Fast Parsing", "We propose ZapNet, a small parser.", "ZapNet", "proposed"),
    ("Fast Parsing", "In this paper we introduce a novel and efficient ZapNet for trees.", "ZapNet", "proposed"),
    ("Fast Parsing", "Our ZapNet is small.", "ZapNet", "ours"),
    ("Fast Parsing", "We propose a zonal attention parser (ZAP) for trees.", "ZAP", "abbreviation_proposed"),
    ("Fast Parsing", "Code: https://github.com/someone/zap-net.", "zap-net", "repository"),
    ("Fast Parsing", "See https://zapnet.github.io for more.", "zapnet", "repository"),
]


@pytest.mark.parametrize(("title", "abstract", "name", "rule"), BEST)
def test_best_candidate(title: str, abstract: str, name: str, rule: str) -> None:
    named = [entry for entry in own(title, abstract) if not entry.is_phrase]
    assert named[0].text == name
    assert rule in named[0].rules


def test_an_abbreviation_keeps_its_long_form() -> None:
    (entry,) = (e for e in own("Fast Parsing", "We propose a Zonal Attention Parser (ZAP).") if e.text == "ZAP")
    assert entry.long_form == "Zonal Attention Parser"


@pytest.mark.parametrize(
    "abstract",
    [
        "We propose a parser for small trees (ZAP).",  # the letters do not stand in the words before it
        "It runs on a graphics card (ZAP).",
    ],
)
def test_no_long_form_where_the_letters_do_not_match(abstract: str) -> None:
    assert all(not entry.long_form for entry in own("Fast Parsing", abstract))


RESOURCES = [
    ("TwigBank: A Dataset of Trees", "We collect trees.", True),
    ("ZapNet: Fast Parsing of Trees", "We parse trees.", False),
    ("Trees", "We introduce the TwigBank dataset.", True),
    ("Trees", "We introduce the ZapNet model.", False),
]


@pytest.mark.parametrize(("title", "abstract", "is_dataset"), RESOURCES)
def test_own_data_sets_are_told_from_systems(title: str, abstract: str, is_dataset: bool) -> None:
    best = next(entry for entry in own(title, abstract) if not entry.is_phrase)
    assert best.is_dataset is is_dataset


@pytest.mark.parametrize("name", ["MethodName", "OurMethod", "ModelName", "Ours", "NAME"])
def test_placeholders_of_lost_macros_are_no_names(name: str) -> None:
    assert name not in {entry.text for entry in own("Fast Parsing", f"We propose {name}, a small parser.")}


@pytest.mark.parametrize(
    ("title", "abstract"),
    [
        ("Fast Parsing of Trees", "We propose a small parser. It is quick."),
        ("Fast Parsing of Trees", "We compare with BERT and GPT-4."),
        ("Why: A Question", ""),
    ],
)
def test_nothing_is_named(title: str, abstract: str) -> None:
    assert not any(entry.rules & {"introduced", "proposed", "ours", "abbreviation"} for entry in own(title, abstract))


@pytest.mark.parametrize("title", ["Rain ( Maps: A Study", '" : "', "( ): ( )", "A '' B: C"])
def test_titles_of_bare_signs(title: str) -> None:
    assert extract_paper(Paper("p", title, "It reaches 91.2% accuracy on TwigBank.")).results


PHRASES = [
    # title, its phrases by rule
    ("Zonal Attention for Parsing", {("phrase_start", "Zonal Attention")}),
    ("Parsing Trees with Zonal Attention", {("phrase_with", "Zonal Attention")}),
    ("Fast Parsing via Distillation", {("phrase_via", "Distillation")}),
    ("Trees Revisited: Zonal Attention Parsing", {("phrase_colon", "Zonal Attention Parsing")}),
    ("A Novel Zonal Attention Network", {("phrase_start", "Zonal Attention Network")}),
    ("Learning Zonal Attention", {("phrase_start", "Learning Zonal Attention"), ("phrase_start", "Zonal Attention")}),
    ("Parsing Trees with Bags of Words", {("phrase_long", "Bags of Words")}),
    ("", set()),
]


@pytest.mark.parametrize(("title", "expected"), PHRASES)
def test_title_phrases(title: str, expected: set[tuple[str, str]]) -> None:
    said = {(rule, title[start:end]) for rule, start, end in title_phrases(title)}
    assert expected <= said
    assert bool(said) is bool(expected)


METHODS = [
    # title, abstract, the method that its one result gets
    ("ZapNet: Fast Parsing", "ZapNet is small. It reaches 91.2% accuracy on TwigBank.", "ZapNet"),
    ("Fast Parsing", "We propose ZapNet, a parser. Our method achieves an F1 score of 88.4 on TwigBank.", "ZapNet"),
    ("Fast Parsing", "We propose a zonal attention parser (ZAP). ZAP achieves an F1 score of 88.4 on TwigBank.", "ZAP"),
    ("Fast Parsing", "We describe a parser. It achieves an F1 score of 88.4 on TwigBank.", None),
]


@pytest.mark.parametrize(("title", "abstract", "method"), METHODS)
def test_own_results_bear_the_own_name(title: str, abstract: str, method: str | None) -> None:
    (result,) = extract_paper(Paper("p", title, abstract)).results
    assert (result.method, result.own) == (method, True)
