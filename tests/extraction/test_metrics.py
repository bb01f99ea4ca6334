"""Metric mentions: where a phrase begins and ends, which part names it, and which words alone are none."""

from __future__ import annotations

import itertools

import pytest

from leaderboard.extraction.analysis import Analysis
from leaderboard.lexicon import load_lexicon
from leaderboard.models import Paper


def named(text: str) -> list[str]:
    """The names of the metrics that a text names for sure, in order."""
    return [m.name for m in Analysis(Paper("p", "", text), load_lexicon()).metrics if m.strength != "weak"]


def phrases(text: str) -> list[str]:
    """The whole phrases of those metrics, as they stand in the text."""
    a = Analysis(Paper("p", "", text), load_lexicon())
    return [a.text[a.tokens.start[m.first] : a.tokens.end[m.last - 1]] for m in a.metrics if m.strength != "weak"]


PHRASES = [
    # The words before a head belong to it, as far as they are no praise, article, verb or preposition.
    ("It reaches a point reconstruction accuracy of 71%.", ["point reconstruction accuracy"]),
    ("We obtain the best top-1 accuracy among all.", ["top-1 accuracy"]),
    ("Our filter lowers the word error rate.", ["word error rate"]),
    ("The planner has an impressive task success rate here.", ["task success rate"]),
    ("It achieves state-of-the-art F1 score on names.", ["F1 score"]),
    ("We report mean average precision for each class.", ["mean average precision"]),
    ("A significantly lower equal error rate follows.", ["equal error rate"]),
    # A comma, a number and a sentence's end part a phrase.
    ("For speech, accuracy is what counts.", ["accuracy"]),
    ("With 40 accuracy is poor.", ["accuracy"]),
    ("It has high recall. Precision stays.", ["recall", "Precision"]),
    # Neighbouring heads make one name.
    (
        "The F-measure score and the Dice similarity coefficient rise.",
        ["F-measure score", "Dice similarity coefficient"],
    ),
    ("It has an nDCG@10 of 0.52 and a Recall@100 of 0.9.", ["nDCG@10", "Recall@100"]),
    # Symbols and hyphens stay inside a name.
    ("The BLEU-4 and ROUGE-L of the captions rise.", ["BLEU-4", "ROUGE-L"]),
    ("A pass@1 of 61.2 on code.", ["pass@1"]),
    # A plural s is no part of an abbreviation.
    ("The WERs of both systems fall.", ["WER"]),
    # No metric at all.
    ("We thank the reviewers for their time.", []),
    ("The model is trained on pairs of sentences.", []),
]


@pytest.mark.parametrize(("text", "expected"), PHRASES)
def test_names_of_metrics(text: str, expected: list[str]) -> None:
    assert named(text) == expected


ABBREVIATIONS = [
    # text, phrase with its brackets, the part that names it
    ("a word error rate (WER) of 3.2%", "word error rate (WER)", "WER"),
    ("the mean intersection over union (mIoU) on roads", "mean intersection over union (mIoU)", "mIoU"),
    ("in terms of mean average precision (mAP)", "mean average precision (mAP)", "mAP"),
    ("the root mean squared error (RMSE)", "root mean squared error (RMSE)", "RMSE"),
    ("the area under the curve (AUC)", "area under the curve (AUC)", "AUC"),
    # What is no abbreviation stays outside.
    ("an accuracy (higher is better)", "accuracy", "accuracy"),
    ("an accuracy (92%) on digits", "accuracy", "accuracy"),
]


@pytest.mark.parametrize(("text", "phrase", "name"), ABBREVIATIONS)
def test_an_abbreviation_in_brackets_names_the_phrase(text: str, phrase: str, name: str) -> None:
    assert phrases(text) == [phrase]
    assert named(text) == [name]


JOINED = [
    # A head that stands once, at the end of a list, belongs to each member.
    ("It reaches 85.0% top-1 and 95.8% top-5 accuracy.", ["top-1 accuracy", "top-5 accuracy"]),
    (
        "The parser gets 55.8% question-match and 30.8% interaction-match accuracy.",
        ["question-match accuracy", "interaction-match accuracy"],
    ),
    (
        "It has pixel, character, and word detection f-measures of 93, 90 and 87.",
        ["pixel detection f-measures", "character detection f-measures", "word detection f-measures"],
    ),
    # Members with heads of their own borrow none.
    ("We obtain 91.2% precision and 88.0% recall.", ["precision", "recall"]),
]


@pytest.mark.parametrize(("text", "expected"), JOINED)
def test_a_head_is_shared_by_a_list(text: str, expected: list[str]) -> None:
    assert named(text) == expected


CASED = [
    ("The IS of the pictures is 9.1.", ["IS"]),
    ("it is 2 per cent per day", []),
    ("We report EM and F1.", ["EM", "F1"]),
    ("a MAP of 31.2", ["MAP"]),
    ("it hit the wall and ate far too much", []),
]


@pytest.mark.parametrize(("text", "expected"), CASED)
def test_words_that_are_metrics_in_capitals_only(text: str, expected: list[str]) -> None:
    assert [m.name for m in Analysis(Paper("p", "", text), load_lexicon()).metrics] == expected


def test_a_name_of_the_lexicon_is_no_part_of_a_metric() -> None:
    a = Analysis(Paper("p", "", "the CIFAR-10 accuracy of both"), load_lexicon())
    assert ([m.name for m in a.metrics], [n.text for n in a.names]) == (["accuracy"], ["CIFAR-10"])


def test_mentions_stand_in_order_and_apart() -> None:
    text = (
        "Top-1 accuracy, mAP (COCO), F1 and word error rate (WER) with 3 dB SI-SDR improvement and 5x faster inference."
    )
    metrics = Analysis(Paper("p", "", text), load_lexicon()).metrics
    assert all(left.last <= right.first for left, right in itertools.pairwise(metrics))
    assert all(m.first <= m.name_first < m.name_last <= m.last for m in metrics)
