"""Which metric, data set and method each number gets."""

from __future__ import annotations

import pytest

from leaderboard.extraction import extract_paper
from leaderboard.models import Paper, Result


def results(text: str, title: str = "") -> list[Result]:
    return extract_paper(Paper("p", title, text)).results


DATASETS = [
    # Lists that stand at the same places
    (
        "We achieve 95.1% and 78.6% accuracy on CIFAR-10 and CIFAR-100, respectively.",
        [(95.1, "CIFAR-10"), (78.6, "CIFAR-100")],
    ),
    (
        "On CoNLL 2003, OntoNotes and WNUT 2017, the tagger obtains F1 scores of 92.1, 89.3 and 56.0, respectively.",
        [(92.1, "CoNLL 2003"), (89.3, "OntoNotes"), (56.0, "WNUT-17")],
    ),
    # Each number in the brackets behind its name, or each name behind its number
    (
        "ZapNet sets new records in accuracy on CIFAR-10 (97.2%), CIFAR-100 (83.5%) and SVHN (98.1%).",
        [(97.2, "CIFAR-10"), (83.5, "CIFAR-100"), (98.1, "SVHN")],
    ),
    (
        "It achieves 97.2% accuracy on CIFAR-10, 83.5% on CIFAR-100 and 98.1% on SVHN.",
        [(97.2, "CIFAR-10"), (83.5, "CIFAR-100"), (98.1, "SVHN")],
    ),
    (
        "On CIFAR-10 it achieves 97.2% accuracy, and on SVHN 98.1%.",
        [(97.2, "CIFAR-10"), (98.1, "SVHN")],
    ),
    (
        "We reach a mAP of 73.2% on VOC 2007 and 70.4% on VOC 2012.",
        [(73.2, "PASCAL VOC 2007"), (70.4, "PASCAL VOC 2012")],
    ),
    # Both ends of a change were measured on the same
    ("On KITTI, the accuracy rises from 80.1% to 83.7%.", [(80.1, "KITTI"), (83.7, "KITTI")]),
    # Carried over from the sentence before, or the title
    ("We evaluate on the KITTI dataset. Our model reaches an accuracy of 81.4%.", [(81.4, "KITTI")]),
    # One number that holds for each name of a list
    ("It has an accuracy of 98.2% on both CIFAR-10 and SVHN.", [(98.2, "CIFAR-10"), (98.2, "SVHN")]),
    # One number pooled over a list
    ("ZapNet improves the accuracy by up to 5.2% on CIFAR-10 and SVHN.", [(5.2, "CIFAR-10 and SVHN")]),
    # A new data set that no lexicon knows
    ("On the TwigBank dataset, our parser obtains an F1 score of 88.4.", [(88.4, "TwigBank")]),
    # None is named
    ("In a user study our interface reached a success rate of 87%.", [(87.0, None)]),
]


@pytest.mark.parametrize(("text", "expected"), DATASETS)
def test_data_sets(text: str, expected: list[tuple[float, str | None]]) -> None:
    said = [(r.value, r.dataset) for r in results(text)]
    assert said == expected


METRICS = [
    (
        "The classifier reaches a precision and recall of 90.1% and 85.2%, respectively.",
        [(90.1, "precision"), (85.2, "recall")],
    ),
    (
        "It obtains a precision of 90.1%, a recall of 85.2% and an F1 score of 87.6%.",
        [(90.1, "precision"), (85.2, "recall"), (87.6, "F1")],
    ),
    ("It obtains 90.1% precision, 85.2% recall and 87.6% F1.", [(90.1, "precision"), (85.2, "recall"), (87.6, "F1")]),
    (
        "Our network reaches 85.0% top-1 and 95.8% top-5 accuracy on ImageNet.",
        [(85.0, "top-1 accuracy"), (95.8, "top-5 accuracy")],
    ),
    ("A record in accuracy (88.3%) on ImageNet.", [(88.3, "accuracy")]),
    ("We report accuracy. Our parser reaches 92.4% on TwigBank.", [(92.4, "accuracy")]),
    ("ZapNet improves the BLEU score from 28.4 to 30.1 on WMT 2014.", [(28.4, "BLEU"), (30.1, "BLEU")]),
    ("It lowers the word error rate (WER) to 3.2% on LibriSpeech.", [(3.2, "WER")]),
    ("The whole network runs at 45 fps on a laptop.", [(45.0, "FPS")]),
]


@pytest.mark.parametrize(("text", "expected"), METRICS)
def test_metrics(text: str, expected: list[tuple[float, str | None]]) -> None:
    assert [(r.value, r.metric) for r in results(text)] == expected


METHODS = [
    # title, text, (value, method, whether it is the paper's own)
    (
        "ZapNet: Fast Parsing",
        "We propose ZapNet, a small parser. It reaches an accuracy of 92.4% on TwigBank.",
        [(92.4, "ZapNet", True)],
    ),
    (
        "TwigBench: A Benchmark for Long Proofs",
        "We present TwigBench, a set of proofs. GPT-4 and Claude reach an accuracy of 61.0% and 58.3%, respectively.",
        [(61.0, "GPT-4", False), (58.3, "Claude", False)],
    ),
    (
        "TwigBench: A Benchmark for Long Proofs",
        "We present TwigBench. The best model achieves an accuracy of 31.0%, far below humans at 94.1%.",
        [(94.1, "humans", False)],
    ),
    (
        "TwigBench: A Benchmark for Long Proofs",
        "We present TwigBench. The best model, GPT-4, achieves an accuracy of 31.0%.",
        [(31.0, "GPT-4", False)],
    ),
    (
        "ZapNet: Fast Parsing",
        "We propose ZapNet. ZapNet achieves 92.4% accuracy on TwigBank, compared to 90.1% for BERT.",
        [(92.4, "ZapNet", True), (90.1, "BERT", False)],
    ),
    ("", "We built a parser. Our parser reaches 92.4% accuracy on TwigBank.", [(92.4, None, True)]),
]


@pytest.mark.parametrize(("title", "text", "expected"), METHODS)
def test_methods(title: str, text: str, expected: list[tuple[float, str | None, bool]]) -> None:
    said = [(r.value, r.method and r.method.lower(), r.own) for r in results(text, title)]
    wanted = [(value, method and method.lower(), own) for value, method, own in expected]
    assert [entry for entry in said if entry[0] in {value for value, _, _ in wanted}] == wanted


BASELINES = [
    ("ZapNet outperforms BERT by 3.1 points in accuracy on TwigBank.", "BERT"),
    ("ZapNet is 3.2x faster than ResNet-50.", "ResNet-50"),
    ("Compared with BERT, ZapNet improves the F1 score by 2.3 points.", "BERT"),
    ("ZapNet improves the F1 score by 2.3 points over BERT.", "BERT"),
    ("ZapNet improves the F1 score by 2.3 points over the state of the art.", None),
]


@pytest.mark.parametrize(("text", "baseline"), BASELINES)
def test_baselines(text: str, baseline: str | None) -> None:
    (result,) = results(text, "ZapNet: Fast Parsing")
    assert (result.kind, result.method, result.baseline) == ("gain", "ZapNet", baseline)


SPLITS = [
    ("It reaches 92.4% accuracy on the CIFAR-10 test set.", "CIFAR-10", "test"),
    ("It obtains a word error rate of 3.2% on LibriSpeech test-clean.", "LibriSpeech", "test-clean"),
    ("It obtains 54.1 AP on COCO test-dev.", "COCO", "test-dev"),
    ("It obtains 81.2% mIoU on the Cityscapes validation set.", "Cityscapes", "val"),
    ("It reaches 92.4% accuracy on CIFAR-10.", "CIFAR-10", None),
]


@pytest.mark.parametrize(("text", "dataset", "split"), SPLITS)
def test_splits(text: str, dataset: str, split: str | None) -> None:
    (result,) = results(text)
    assert (result.dataset, result.split) == (dataset, split)


CHANGES = [
    # What sort of change a gain is, and whether it is for the better
    ("ZapNet outperforms BERT by 3.1 points in accuracy.", "difference", True),
    ("ZapNet is 3.2x faster than BERT.", "factor", True),
    ("ZapNet reduces the word error rate by 12% relative.", "relative", True),
    ("Without it the accuracy drops by 4.5 points.", "difference", False),
]


@pytest.mark.parametrize(("text", "change", "improves"), CHANGES)
def test_changes(text: str, change: str, improves: bool) -> None:
    (result,) = results(text)
    assert (result.kind, result.change, result.improves) == ("gain", change, improves)


QUALIFIERS = [
    ("It reaches up to 92.4% accuracy on TwigBank.", "up to"),
    ("It reaches about 92.4% accuracy on TwigBank.", "about"),
    ("It reaches over 92.4% accuracy on TwigBank.", "over"),
    ("It reaches an average of 92.4% accuracy on TwigBank.", "average"),
    ("It reaches 92.4% accuracy on TwigBank.", None),
]


@pytest.mark.parametrize(("text", "qualifier"), QUALIFIERS)
def test_qualifiers(text: str, qualifier: str | None) -> None:
    (result,) = results(text)
    assert result.qualifier == qualifier


SETTINGS = [
    ("It reaches 73.9% accuracy on ImageNet in a 5-shot setting.", "5-shot"),
    ("With 10% of the labels it reaches 73.9% top-1 accuracy on ImageNet.", "With 10% of the labels"),
    ("The zero-shot accuracy on ImageNet is 68.1%.", "zero-shot"),
    ("It reaches 73.9% accuracy on ImageNet.", None),
]


@pytest.mark.parametrize(("text", "setting"), SETTINGS)
def test_settings(text: str, setting: str | None) -> None:
    (result,) = results(text)
    assert result.setting == setting
