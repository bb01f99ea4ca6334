"""Names and scales: tables of (text, what it becomes), and properties over any text."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leaderboard.lexicon import load_lexicon
from leaderboard.normalise import NamedMetric, Normaliser, clean_name

LEXICON = load_lexicon()
NORMALISER = Normaliser(LEXICON)

METRICS = [
    # text, canonical, higher is better
    ("accuracy", "accuracy", True),
    ("classification accuracy", "accuracy", True),
    ("Top-1 accuracy", "top-1 accuracy", True),
    ("Top-1 acc", "top-1 accuracy", True),
    ("top 5 classification accuracy", "top-5 accuracy", True),
    ("mean average precision (mAP)", "mAP", True),
    ("mean-average-precision", "mAP", True),
    ("average precision", "AP", True),
    ("macro-averaged F1-score", "macro F1", True),
    ("macro-F1 score", "macro F1", True),
    ("marco F1", "macro F1", True),
    ("F1 (macro)", "macro F1", True),
    ("average macro F-measure", "macro F1", True),
    ("Micro-F1", "micro F1", True),
    ("weighted F1", "weighted F1", True),
    ("mean F1-score", "average F1", True),
    ("nDCG@10", "nDCG@10", True),
    ("NDCG @ 10", "nDCG@10", True),
    ("NDCG@5 score", "nDCG@5", True),
    ("Hits@1", "Hits@1", True),
    ("H@10", "Hits@10", True),
    ("R@5", "recall@5", True),
    ("recall at 7", "recall@7", True),
    ("average Recall@10", "average recall@10", True),
    ("pass@1 accuracy", "pass@1", True),
    ("word error rate (WER)", "WER", False),
    ("WERs", "WER", False),
    ("ROUGE-L", "ROUGE-L", True),
    ("BLEU score", "BLEU", True),
    ("AP50", "AP50", True),
    ("$AP_{50}$", "AP50", True),
    ("mAP@0.5", "mAP50", True),
    ("mAP at IoU=0.5", "mAP50", True),
    ("mean Average Precision at IoU 0.75", "mAP75", True),
    ("mask AP", "mask AP", True),
    ("test error", "test error rate", False),
    ("top-5 test error", "test top-5 error rate", False),
    ("single-crop top 5 error", "top-5 single-crop error rate", False),
    ("test set accuracy", "test accuracy", True),
    ("average Dice score", "average Dice", True),
    ("mean IOU", "mIoU", True),
    ("mean precision", "mean precision", True),
    ("frobnication error", "frobnication error", False),
    ("root mean squared error", "RMSE", False),
    ("mAP (%)", "mAP", True),
    ("\\textbf{F1}", "F1", True),
    ("area under the ROC curve", "AUROC", True),
    ("Cohen’s kappa", "Cohen's kappa", True),
    ("expected calibration error (ECE)", "ECE", False),
    ("number of parameters", "parameters", False),
    ("inference latency", "inference latency", False),
    ("precision and recall", "precision and recall", True),
    ("accuracy and latency", "accuracy and latency", None),
    ("flux frobnication", "flux frobnication", None),
    ("", "", None),
]

DATASETS = [
    ("ImageNet", "ImageNet", None),
    ("ImageNet-1k", "ImageNet", None),
    ("ILSVRC 2012", "ImageNet", None),
    ("ImageNet validation set", "ImageNet", "val"),
    ("ImageNet (val)", "ImageNet", "val"),
    ("ImageNet Test", "ImageNet", "test"),
    ("the validation set of ImageNet", "ImageNet", "val"),
    ("RefCOCO-val", "RefCOCO", "val"),
    ("RefCOCO testA", "RefCOCO", "testA"),
    ("RefCOCO+ testB", "RefCOCO+", "testB"),
    ("COCO test-dev", "COCO", "test-dev"),
    ("MS-COCO 2017 val", "COCO", "val"),
    ("VQA v2.0 test-std", "VQA v2", "test-std"),
    ("LibriSpeech test-other", "LibriSpeech", "test-other"),
    ("Librispeech clean test", "LibriSpeech", "test-clean"),
    ("WIDER FACE val hard", "WIDER FACE", "val hard"),
    ("S3DIS Area 5", "S3DIS", "Area 5"),
    ("Shuffle Test", "Shuffle Test", None),
    ("the Foobar test", "Foobar", "test"),
    ("the Foobar-7 benchmark", "Foobar-7", None),
    ("the widely used Foobar benchmark dataset", "Foobar", None),
    ("CoNLL03", "CoNLL 2003", None),
    ("CoNLL-2003 English", "CoNLL 2003", None),
    ("CoNLL'99", "CoNLL 1999", None),
    ("SemEval-2010 Task 8", "SemEval-2010 Task 8", None),
    ("WMT14 En-De", "WMT 2014 English-German", None),
    ("WMT'14 English-French", "WMT 2014 English-French", None),
    ("WMT 2016 English--Romanian", "WMT 2016 English-Romanian", None),
    ("WMT14 de→en", "WMT 2014 German-English", None),
    ("English-German WMT'14", "WMT 2014 English-German", None),
    ("IWSLT14 de→en", "IWSLT 2014 German-English", None),
    ("Multi30k En-De", "Multi30k English-German", None),
    ("CIFAR10", "CIFAR-10", None),
    ("CIFAR-100", "CIFAR-100", None),
    ("SQuAD v1.1", "SQuAD", None),
    ("SQuAD 2.0 dev set", "SQuAD 2.0", "dev"),
    ("NYU Depth V2", "NYUv2", None),
    ("PTB", "Penn Treebank", None),
    ("Pascal VOC2012", "PASCAL VOC 2012", None),
    ("Pascal VOC 2012 and MS COCO", "PASCAL VOC 2012 and COCO", None),
    ("CIFAR10, CIFAR100, and SVHN", "CIFAR-10, CIFAR-100, and SVHN", None),
    ("", "", None),
]

METHODS = [
    ("ResNet50", "ResNet-50"),
    ("ResNet-50 model", "ResNet-50"),
    ("the BERT model", "BERT"),
    ("Long Short-Term Memory (LSTM)", "LSTM"),
    ("SVMs", "SVM"),
    ("Faster RCNN", "Faster R-CNN"),
    ("Our-Own-Net", "Our-Own-Net"),
    ("GPT4", "GPT-4"),
    ("GPT-4o", "GPT-4o"),
    ("YOLO v3", "YOLOv3"),
    ("humans", "humans"),
]

TASKS = [
    ("NER", "named entity recognition"),
    ("Named Entity Recognition (NER) task", "named entity recognition"),
    ("the image classification problem", "image classification"),
    ("Object Detection", "object detection"),
    ("semantic segmentation tasks", "semantic segmentation"),
    ("guessing the seed", "guessing the seed"),
]

SCORES = [
    # value, unit, metric, kind, score, flags
    (73.3, "%", "accuracy", "score", 73.3, ()),
    (73.3, "", "accuracy", "score", 73.3, ()),
    (0.733, "", "accuracy", "score", 73.3, ()),
    (0.92, None, "F1", "score", 92.0, ()),
    (0.5, "%", "error rate", "score", 0.5, ()),
    (1, "", "accuracy", "score", 100.0, ("scale_unclear",)),
    (1.5, "", "accuracy", "score", 1.5, ("scale_unclear",)),
    (120, "", "accuracy", "score", 120.0, ("out_of_range",)),
    (-3, "%", "accuracy", "score", -3.0, ("out_of_range",)),
    (0.85, "", "Pearson correlation", "score", 85.0, ()),
    (-0.2, "", "Spearman correlation", "score", -20.0, ()),
    (27.4, "", "BLEU", "score", 27.4, ()),
    (0.254, "", "RMSE", "score", 0.254, ()),
    (3.6, "", "perplexity", "score", 3.6, ()),
    (5.2, "", "WER", "score", 5.2, ()),
    (0.052, "", "WER", "score", 5.2, ("scale_unclear",)),
    (28.4, "dB", "PSNR", "score", 28.4, ()),
    (45.2, "mm", "MPJPE", "score", 45.2, ()),
    (0.0452, "m", "MPJPE", "score", 45.2, ()),
    (3, "cm", "localization error", "score", 0.03, ()),
    (3, "mm", "accuracy", "score", 0.003, ()),
    (0.1, "radians", "rotation error", "score", 5.72957795131, ()),
    (41, "%", "unknown thing", "score", 41.0, ()),
    (12, "ms", "latency", "cost", 0.012, ()),
    (2, "hours", "training time", "cost", 7200.0, ()),
    (2, "GPU hours", "search cost", "cost", 7200.0, ()),
    (1.2, "M", "parameters", "cost", 1200000.0, ()),
    (7, "B", "parameters", "cost", 7e9, ()),
    (3.5, "GFLOPs", "FLOPs", "cost", 3.5e9, ()),
    (4, "GB", "memory", "cost", 4e9, ()),
    (45, "fps", "speed", "cost", 45.0, ()),
    (3, "bananas", "latency", "cost", 3.0, ("scale_unclear",)),
    (12.5, "ms", "", "cost", 0.0125, ()),
    (5, "points", "accuracy", "gain", None, ()),
]


@pytest.mark.parametrize(("text", "canonical", "higher"), METRICS)
def test_metric(text: str, canonical: str, higher: bool | None) -> None:
    named = NORMALISER.metric(text)
    assert (named.canonical, named.higher_is_better) == (canonical, higher)


@pytest.mark.parametrize(("text", "canonical", "split"), DATASETS)
def test_dataset(text: str, canonical: str, split: str | None) -> None:
    assert NORMALISER.dataset(text) == (canonical, split)


@pytest.mark.parametrize(("text", "canonical"), METHODS)
def test_method(text: str, canonical: str) -> None:
    assert NORMALISER.method(text) == canonical


@pytest.mark.parametrize(("text", "canonical"), TASKS)
def test_task(text: str, canonical: str) -> None:
    assert NORMALISER.task(text) == canonical


@pytest.mark.parametrize(("value", "unit", "metric", "kind", "score", "flags"), SCORES)
def test_score(
    value: float, unit: str | None, metric: str, kind: str, score: float | None, flags: tuple[str, ...]
) -> None:
    assert NORMALISER.score(value, unit, NORMALISER.metric(metric, unit), kind) == (score, flags)


def test_a_unit_can_turn_a_metric_round() -> None:
    assert NORMALISER.metric("accuracy", "%").higher_is_better is True
    assert NORMALISER.metric("positioning accuracy", "mm").higher_is_better is False
    assert NORMALISER.metric("speed", "FPS").canonical == "FPS"
    assert NORMALISER.metric("training speed", "x").canonical == "training speed"
    assert NORMALISER.metric("error", "%").canonical == "error rate"
    assert NORMALISER.metric("error", "mm").canonical == "error"


def test_a_metric_tells_its_split() -> None:
    assert NORMALISER.metric("test accuracy").split == "test"
    assert NORMALISER.metric("validation perplexity").split in ("val", None)
    assert NORMALISER.metric("accuracy").split is None


def test_unknown_names_keep_their_spelling() -> None:
    assert NORMALISER.method("  My \\textbf{Great}  Net ") == "My Great Net"
    assert NORMALISER.dataset("{\\it Foo} Bar")[0] == "Foo Bar"
    assert NORMALISER.metric("Zork's quotient") == NamedMetric("Zork's quotient")


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("$\\mathrm{mIoU}$", "mIoU"),
        ("``Foo''", "Foo"),
        ("(Foo", "Foo"),
        ("Foo (v2)", "Foo (v2)"),
        ("(Foo)", "Foo"),
        ("Foo~Bar\n Baz.", "Foo Bar Baz"),
        ("5\\%", "5%"),
    ],
)
def test_clean_name(text: str, cleaned: str) -> None:
    assert clean_name(text) == cleaned


def test_every_canonical_name_stays_itself() -> None:
    for entry in LEXICON:
        for alias in (entry.name, *entry.aliases):
            if entry.type == "metric":
                named = NORMALISER.metric(alias)
                assert NORMALISER.metric(named.canonical).canonical == named.canonical, alias
                assert named.higher_is_better == entry.higher_is_better, alias
            elif entry.type == "dataset":
                assert NORMALISER.dataset(alias)[0] == entry.name, alias
            elif entry.type == "method":
                assert NORMALISER.method(alias) == entry.name, alias
            else:
                assert NORMALISER.task(alias) == entry.name, alias


PIECES = st.sampled_from(
    [name for name, *_ in METRICS + DATASETS]
    + [
        "the",
        "mean",
        "test",
        "set",
        "@",
        "@10",
        "top-1",
        "(",
        ")",
        "val",
        "and",
        ",",
        "score",
        "-",
        "En-De",
        "%",
        "average",
        "macro",
    ]
)


@settings(deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=6).map(" ".join)))
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


@settings(deadline=None)
@given(
    st.floats(),
    st.one_of(st.none(), st.text(max_size=6), st.sampled_from(["%", "ms", "mm", "M", "x"])),
    st.sampled_from([name for name, *_ in METRICS]),
    st.sampled_from(["score", "gain", "cost"]),
)
def test_score_holds_for_any_value(value: float, unit: str | None, metric: str, kind: str) -> None:
    score, flags = NORMALISER.score(value, unit, NORMALISER.metric(metric, unit), kind)
    assert (score is None) == (kind == "gain" or not math.isfinite(value)) or score == math.inf or score == -math.inf
    assert set(flags) <= {"scale_unclear", "out_of_range"}


def test_hostile_names_cost_little() -> None:
    # Backtracking on any of these would take longer than anybody waits for a test.
    hostile = ("score " * 2000, "a-" * 5000, "(" * 5000, "en-de " * 2000, " and ".join(["recall"] * 2000), "@" * 9999)
    for text in hostile:
        assert isinstance(NORMALISER.metric(text).canonical, str)
        assert isinstance(NORMALISER.dataset(text)[0], str)
        assert isinstance(NORMALISER.method(text), str)
        assert isinstance(NORMALISER.task(text), str)
