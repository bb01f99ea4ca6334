"""Names and scales: tables of (text, what it becomes), and properties over any text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaderboard.lexicon import load_lexicon
from leaderboard.normalise import Normaliser, clean_name

NORMALISER = Normaliser(load_lexicon())

METRICS = [
    # text, canonical, higher is better
    ("accuracy", "accuracy", True),
    ("Top-1 accuracy", "top-1 accuracy", True),
    ("mean average precision (mAP)", "mAP", True),
    ("macro-averaged F1-score", "macro F1", True),
    ("F1 (macro)", "macro F1", True),
    ("nDCG@10", "nDCG@10", True),
    ("NDCG @ 10", "nDCG@10", True),
    ("word error rate (WER)", "WER", False),
    ("ROUGE-L", "ROUGE-L", True),
    ("AP50", "AP50", True),
    ("mAP@0.5", "mAP50", True),
    ("test error", "test error rate", False),
    ("top-5 test error", "test top-5 error rate", False),
    ("average Dice score", "average Dice", True),
    ("mean precision", "mean precision", True),
    ("frobnication error", "frobnication error", False),
    ("root mean squared error", "RMSE", False),
    ("mAP (%)", "mAP", True),
    ("flux frobnication", "flux frobnication", None),
]

DATASETS = [
    ("ImageNet validation set", "ImageNet", "val"),
    ("RefCOCO-val", "RefCOCO", "val"),
    ("COCO test-dev", "COCO", "test-dev"),
    ("CoNLL03", "CoNLL 2003", None),
    ("WMT14 En-De", "WMT 2014 English-German", None),
    ("WMT'14 English-French", "WMT 2014 English-French", None),
    ("IWSLT14 de→en", "IWSLT 2014 German-English", None),
    ("the Foobar-7 benchmark", "Foobar-7", None),
    ("CIFAR10", "CIFAR-10", None),
    ("CIFAR-100", "CIFAR-100", None),
]


@pytest.mark.parametrize(("text", "canonical", "higher"), METRICS)
def test_metric(text: str, canonical: str, higher: bool | None) -> None:
    named = NORMALISER.metric(text)
    assert (named.canonical, named.higher_is_better) == (canonical, higher)


@pytest.mark.parametrize(("text", "canonical", "split"), DATASETS)
def test_dataset(text: str, canonical: str, split: str | None) -> None:
    assert NORMALISER.dataset(text) == (canonical, split)


@given(st.text(max_size=60))
def test_never_raises_and_is_idempotent(text: str) -> None:
    metric = NORMALISER.metric(text).canonical
    assert NORMALISER.metric(metric).canonical == metric
    dataset = NORMALISER.dataset(text)[0]
    assert NORMALISER.dataset(dataset)[0] == dataset
    method = NORMALISER.method(text)
    assert NORMALISER.method(method) == method
    task = NORMALISER.task(text)
    assert NORMALISER.task(task) == task
    assert clean_name(clean_name(text)) == clean_name(text)
