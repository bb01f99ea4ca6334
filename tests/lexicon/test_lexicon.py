"""The lexicon: its data keep the rules, its names are found where they should be and nowhere else."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lexicon_coverage import coverage

from leaderboard.errors import LexiconError
from leaderboard.lexicon import TYPES, Lexicon, fold, fold_text, load_lexicon
from leaderboard.lexicon.reader import read_lexicon

LEXICON = load_lexicon()
_, ITEMS = read_lexicon()
FIND = {"metric": LEXICON.metric, "dataset": LEXICON.dataset, "task": LEXICON.task, "method": LEXICON.method}


def names(text: str, kind: str) -> list[str]:
    return [entry.name for _, _, found, entry in LEXICON.scan(text) if found == kind]


# The data


def test_each_type_has_what_it_needs() -> None:
    counts = {kind: sum(entry.type == kind for entry in LEXICON) for kind in TYPES}
    assert counts["metric"] > 1000
    assert counts["dataset"] > 2500
    assert counts["task"] > 500
    assert counts["method"] > 600


def test_every_name_and_alias_leads_to_its_entry() -> None:
    for entry in LEXICON:
        for alias in (entry.name, *entry.aliases):
            found = FIND[entry.type](alias)
            assert found is not None and found.name == entry.name, (entry.type, alias)


def test_every_name_and_alias_is_found_in_a_sentence() -> None:
    for entry in LEXICON:
        for alias in (entry.name, *entry.aliases):
            if alias.endswith(")"):  # told apart by a word in brackets that no text has
                continue
            text = f"Consider {alias} here."
            core = fold_text(text[:-6])
            start = 9 + len(core[9:]) - len(core[9:].lstrip(" ?"))
            end = len(core.rstrip(" .+?"))
            spans = [(s, e) for s, e, kind, _ in LEXICON.scan(text) if kind == entry.type]
            assert any(s <= start and end <= e for s, e in spans), (entry.type, alias, spans)


def test_examples_match_and_not_examples_do_not() -> None:
    examples = [(key, text) for key, item in ITEMS.items() for text in item.examples]
    refused = [(key, text) for key, item in ITEMS.items() for text in item.not_examples]
    assert len(examples) > 80 and len(refused) > 80
    for (kind, name), text in examples:
        assert name in names(text, kind), (name, text)
    for (kind, name), text in refused:
        assert name not in names(text, kind), (name, text)


def test_metrics_know_their_direction() -> None:
    for name in ("accuracy", "F1", "BLEU", "mAP", "AUROC", "success rate", "FPS", "PSNR"):
        metric = LEXICON.metric(name)
        assert metric is not None and metric.higher_is_better is True, name
    for name in ("error rate", "WER", "RMSE", "FID", "perplexity", "latency", "parameters", "MPJPE", "EER"):
        metric = LEXICON.metric(name)
        assert metric is not None and metric.higher_is_better is False, name


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("CIFAR-10", "CIFAR-100"),
        ("SQuAD 1.1", "SQuAD 2.0"),
        ("RefCOCO", "RefCOCO+"),
        ("HumanEval", "HumanEval+"),
        ("FaceForensics", "FaceForensics++"),
        ("Kinetics-400", "Kinetics-600"),
        ("PASCAL VOC 2007", "PASCAL VOC 2012"),
        ("NTU RGB+D", "NTU RGB+D 120"),
        ("ImageNet", "ImageNet-21k"),
        ("GPQA", "GPQA Diamond"),
    ],
)
def test_versions_are_kept_apart(first: str, second: str) -> None:
    one, other = LEXICON.dataset(first), LEXICON.dataset(second)
    assert one is not None and other is not None
    assert one.name != other.name


def test_error_and_accuracy_are_kept_apart() -> None:
    accuracy, error = LEXICON.metric("accuracy"), LEXICON.metric("error rate")
    assert accuracy is not None and error is not None
    assert accuracy.name != error.name


# Finding


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("Trained on Imagination Net and ImageNet-A.", "dataset", ["ImageNet-A"]),
        ("CIFAR10, CIFAR 100 and cifar-10", "dataset", ["CIFAR-10", "CIFAR-100", "CIFAR-10"]),
        ("SQuAD 2.0 is not SQuAD 1.1.", "dataset", ["SQuAD 2.0", "SQuAD"]),
        ("F1-scores and APs; mIOU, top-1\naccuracy", "metric", ["F1", "AP", "mIoU", "top-1 accuracy"]),
        ("It happens on a map.", "metric", []),
        ("the NER task, named-entity recognition", "task", ["named entity recognition", "named entity recognition"]),
        ("ResNet50, ResNet-101 and (U-Net)", "method", ["ResNet-50", "ResNet-101", "U-Net"]),
        ("the Penn Treebank\n(PTB)", "dataset", ["Penn Treebank", "Penn Treebank"]),
        ("WMT'14 English–German", "dataset", ["WMT 2014 English-German"]),
        ("F - measure on Lang - 8", "metric", ["F1"]),
        ("subCOCOset", "dataset", []),
    ],
)
def test_scan(text: str, kind: str, expected: list[str]) -> None:
    assert names(text, kind) == expected


def test_scan_gives_the_span_of_the_name() -> None:
    text = "On the MS-COCO set, mAP@0.5 is 52.1%; F - measure: 0.8."
    spans = [text[start:end] for start, end, _, _ in LEXICON.scan(text)]
    assert "MS-COCO" in spans and "mAP@0.5" in spans and "F - measure" in spans


def test_an_ambiguous_alias_says_so() -> None:
    by_text = {text[s:e]: entry for text in ("on Cars", "on Stanford Cars") for s, e, _, entry in LEXICON.scan(text)}
    assert by_text["Cars"].name == by_text["Stanford Cars"].name == "Stanford Cars"
    assert by_text["Cars"].ambiguous and not by_text["Stanford Cars"].ambiguous


def test_without_a_type() -> None:
    smaller = LEXICON.without("dataset")
    text = "ResNet-50 reaches 76% accuracy on ImageNet."
    assert {kind for _, _, kind, _ in smaller.scan(text)} == {"metric", "method"}
    assert smaller.dataset("ImageNet") is None
    assert len(smaller) < len(LEXICON)


WORDS = st.sampled_from(
    [
        "ImageNet",
        "CIFAR-10",
        "mAP",
        "F1-score",
        " - ",
        " ",
        "(",
        ")",
        "BERT",
        "accuracy",
        "é",
        "τ",
        "İ",
        "s",
        ".",
        "2.0",
        "\n",
        "SQuAD",
    ]
)


@settings(deadline=None)  # a busy machine is no failure
@given(st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=12).map("".join)))
def test_scan_holds_for_any_text(text: str) -> None:
    assert len(fold_text(text)) == len(text)
    assert fold(fold(text)) == fold(text)
    matches = LEXICON.scan(text)
    for start, end, kind, entry in matches:
        assert 0 <= start < end <= len(text)
        assert FIND[kind](text[start:end]) is not None or FIND[kind](text[start : end - 1]) is not None
        assert start == 0 or not (text[start - 1].isascii() and text[start - 1].isalnum())
        assert end == len(text) or not (text[end].isascii() and text[end].isalnum())
        assert entry.type == kind
    for kind in TYPES:
        spans = [(s, e) for s, e, found, _ in matches if found == kind]
        assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
    lowered = text.lower()
    assert len(lowered) != len(text) or LEXICON.scan(text, lowered) == matches


# The rules


def write(folder: Path, metrics: str = "", datasets: str = "") -> Path:
    for kind, content in (("metrics", metrics), ("datasets", datasets), ("tasks", ""), ("methods", "")):
        (folder / kind).mkdir(parents=True)
        (folder / kind / "some.toml").write_text(content, encoding="utf-8")
    return folder


def test_a_small_lexicon(tmp_path: Path) -> None:
    lexicon, _ = read_lexicon(
        write(
            tmp_path, '["F1"]\naliases = ["F-score"]\nsiblings = ["F2"]\nrange = "unit"\n', 'names = ["Foo", "Goo"]\n'
        )
    )
    assert isinstance(lexicon, Lexicon)
    assert [entry.name for entry in lexicon] == ["F1", "F2", "Foo", "Goo"]
    assert [entry.range for entry in lexicon if entry.type == "metric"] == ["unit", "unit"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('["F1"]\ncolour = "red"\n', ("'F1'", "'colour'")),
        ('["F1"]\nrange = "percent"\n', ("'F1'", "'range'", "'percent'")),
        ('["F1"]\naliases = ["F1 "]\n', ("'F1'", "'aliases.0'", "blanks")),
        ('["F1"]\naliases = ["F1"]\n', ("'F1'", "'aliases'", "says the same")),
        ('["F1"]\naliases = ["?"]\n', ("'F1'", "'aliases'", "'?'")),
        (
            '["accuracy"]\naliases = ["exactness"]\n["precision"]\naliases = ["exactness"]\n',
            ("'precision'", "'exactness'", "'accuracy'"),
        ),
        ('["precision"]\n["accuracy"]\n', ("'accuracy'", "out of order")),
        ('["F1"]\nambiguous = ["F3"]\n', ("'F1'", "'ambiguous'", "'F3'")),
        ('["F1"]\nhigher_is_better = "yes please"\n', ("'F1'", "'higher_is_better'")),
        ('["F1"\n', ("TOML",)),
        ('["F1"]\nsiblings = ["F2"]\n["F2"]\n', ("'F2'",)),
        ("names = [1]\n", ("'names'",)),
        ('names = ["b", "a"]\n', ("'a'", "out of order")),
    ],
)
def test_a_broken_entry_names_file_entry_and_field(tmp_path: Path, content: str, said: tuple[str, ...]) -> None:
    with pytest.raises(LexiconError) as caught:
        read_lexicon(write(tmp_path, content))
    message = str(caught.value)
    assert "\n" not in message.strip()
    for part in ("metrics/some.toml", *said):
        assert part in message


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="metrics"):
        read_lexicon(tmp_path)


# Coverage

GOLD = Path(__file__).resolve().parents[3] / "shared" / "gold"


@pytest.mark.skipif(not (GOLD / "tune.jsonl").is_file(), reason="needs ../shared")
def test_covers_the_names_of_the_gold(capsys: pytest.CaptureFixture[str]) -> None:
    report = coverage(LEXICON, GOLD / "tune.jsonl", GOLD / "tune_papers.jsonl")
    with capsys.disabled():
        for slot, (found, total, _) in report.items():
            print(f"\n{slot}: {found} of {total} names found by the lexicon alone ({found / total:.1%})", end="")
    assert report["metric"][0] >= 0.95 * report["metric"][1]
    assert report["dataset"][0] >= 0.90 * report["dataset"][1]
