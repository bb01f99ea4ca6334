"""Every named rule and reason fires where its sentences say so, and stays silent where they say so."""

from __future__ import annotations

import pytest

from leaderboard import Paper
from leaderboard.extraction import data, extract_paper
from leaderboard.extraction.rules import DATASET_RULES, METHOD_RULES, METRIC_RULES, REASONS

RULES = data.toml("rules.toml")
CASES = [
    (part, name, sentence, fires)
    for part, entries in RULES.items()
    for name, entry in entries.items()
    for fires, sentences in ((True, entry["fires"]), (False, entry["silent"]))
    for sentence in sentences
]


def said_of(sentence: str, part: str) -> set[str]:
    """The rules (or reasons) that the marked number of a sentence gets."""
    title, bar, text = sentence.rpartition("||")
    start = text.index("[[")
    number = text[start + 2 : text.index("]]")]
    text = text.replace("[[", "").replace("]]", "")
    extraction = extract_paper(Paper("rule", title.strip() if bar else "", text))
    if part == "reasons":
        return {r.reason for r in extraction.rejects if r.start == start and r.text == number}
    return {name for r in extraction.results if r.start == start for name in r.rule.split("+")}


@pytest.mark.parametrize(("part", "name", "sentence", "fires"), CASES)
def test_rule_on_its_sentences(part: str, name: str, sentence: str, fires: bool) -> None:
    said = said_of(sentence, part)
    assert (name in said) is fires, said


def test_every_rule_of_the_code_has_sentences_and_none_is_made_up() -> None:
    assert set(RULES["rules"]) == {*METRIC_RULES, *DATASET_RULES, *METHOD_RULES}
    assert set(RULES["reasons"]) == set(REASONS)
    assert len(CASES) > 70
