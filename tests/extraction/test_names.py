"""Names: their chunks and shapes, what the text says of their type, ellipses and lists."""

from __future__ import annotations

import pytest

from leaderboard.extraction.analysis import Analysis
from leaderboard.extraction.names import fold, is_name_shaped
from leaderboard.lexicon import load_lexicon
from leaderboard.models import Paper


def analysed(text: str, title: str = "") -> Analysis:
    return Analysis(Paper("p", title, text), load_lexicon())


SHAPES = [
    # word, at the start of a sentence, is it shaped like a name
    ("BERT", False, True),
    ("SciERC", True, True),
    ("CIFAR-10", True, True),
    ("enwik8", False, True),
    ("Zyxel", True, True),
    ("network", False, False),
    ("The", True, False),
    ("However", True, False),
    ("Well-known", True, False),
    ("top-5", False, False),
    ("5-shot", False, False),
    ("3d", False, False),
    ("A", False, False),
    ("I", False, False),
]


@pytest.mark.parametrize(("word", "starts", "shaped"), SHAPES)
def test_shapes(word: str, starts: bool, shaped: bool) -> None:
    assert is_name_shaped(word, starts) is shaped


def test_spellings_meet_under_one_key() -> None:
    assert fold("U-Net++") == fold("UNet++") == "unetplusplus"
    assert fold("CIFAR 10") == fold("cifar-10") != fold("CIFAR-100")


CHUNKS = [
    # Neighbouring tokens in capitals make one name; lower case, commas and sentence ends part names.
    ("we train on Caltech Pedestrian and TreeWiki", ["Caltech Pedestrian", "TreeWiki"]),
    ("as BirdSong, WhaleSong show", ["BirdSong", "WhaleSong"]),
    ("we use LeafNet. TwigNet follows", ["LeafNet", "TwigNet"]),
    # Versions, years and short numbers belong to the name before them.
    ("on PASCAL VOC 2007 images", ["PASCAL VOC 2007"]),
    ("with SQuAD 2.0 as a test", ["SQuAD 2.0"]),
    ("on NTU 120 actions", ["NTU 120"]),
    # A measured number does not, nor does what is counted.
    ("on LeafSet 92.4% are right", ["LeafSet"]),
    ("the LeafSet (12 classes)", ["LeafSet"]),
    # Words at the start of a sentence are no names for their capital.
    ("However, this works. Moreover, it is fast.", []),
    # Two data sets of the lexicon side by side are two.
    ("both ImageNet CIFAR-10 images", ["ImageNet", "CIFAR-10"]),
]


@pytest.mark.parametrize(("text", "expected"), CHUNKS)
def test_chunks(text: str, expected: list[str]) -> None:
    assert [name.text for name in analysed(text).names] == expected


ELLIPSES = [
    ("on PASCAL VOC 2007 and 2012 datasets", ["PASCAL VOC 2007", "PASCAL VOC 2012"]),
    ("on VOC 2007 (73.2% mAP) and 2012 (70.4% mAP)", ["VOC 2007", "VOC 2012"]),
    ("on SQuAD 1.1 and 2.0 datasets", ["SQuAD 1.1", "SQuAD 2.0"]),
    # A number of another form, or one that is measured, completes nothing.
    ("on VOC 2007 and 12 others", ["VOC 2007"]),
    ("on VOC 2007 and 71.2% elsewhere", ["VOC 2007"]),
]


@pytest.mark.parametrize(("text", "expected"), ELLIPSES)
def test_ellipses(text: str, expected: list[str]) -> None:
    assert [name.text for name in analysed(text).names] == expected


EVIDENCE = [
    # text, name, what its text says of it
    ("on the TwigBank dataset", "TwigBank", {"dnoun", "on"}),
    ("on the TwigBank parsing benchmark", "TwigBank", {"dnoun"}),
    ("on the TwigBank test set", "TwigBank", {"setnoun"}),
    ("two datasets, namely TwigBank", "TwigBank", {"after_dnoun"}),
    ("our TwigNet model is small", "TwigNet", {"mnoun"}),
    ("here TwigNet achieves more", "TwigNet", {"subject"}),
    ("it is better than TwigNet", "TwigNet", {"object"}),
    ("we propose TwigNet for trees", "TwigNet", {"propose"}),
    ("results on ImageNet", "ImageNet", {"lex_dataset", "on"}),
    ("we compare with BERT", "BERT", {"lex_method"}),
    # Members of a list share what is said of one.
    ("on TwigBank, LeafBank and BarkBank datasets", "TwigBank", {"co_dnoun", "on"}),
    ("on TwigBank, LeafBank and BarkBank datasets", "LeafBank", {"co_on"}),
]


@pytest.mark.parametrize(("text", "name", "expected"), EVIDENCE)
def test_evidence(text: str, name: str, expected: set[str]) -> None:
    assert expected <= analysed(text).evidence[fold(name)]


TYPES = [
    # text, its data sets, its other names
    ("On TwigBank and LeafBank, ZapNet outperforms OldNet.", {"TwigBank", "LeafBank"}, {"ZapNet", "OldNet"}),
    (
        "We test ZapNet on the TwigBank, LeafBank and BarkBank datasets.",
        {"TwigBank", "LeafBank", "BarkBank"},
        {"ZapNet"},
    ),
    ("Compared with GPT-4, our ZapNet model wins on MMLU.", {"MMLU"}, {"GPT-4", "ZapNet"}),
]


@pytest.mark.parametrize(("text", "datasets", "others"), TYPES)
def test_data_sets_and_other_names(text: str, datasets: set[str], others: set[str]) -> None:
    a = analysed(text)
    assert {name.text for name in a.names if a.dataset_like(name)} == datasets
    assert {name.text for name in a.names if not a.dataset_like(name)} == others


def test_what_a_text_says_once_holds_for_all_mentions() -> None:
    a = analysed("The TwigBank corpus is new. TwigBank is hard.")
    assert [a.dataset_like(name) for name in a.names] == [True, True]


def test_names_of_the_title_are_marked() -> None:
    a = analysed("It runs on ZapNet.", title="ZapNet for Trees")
    assert [(name.text, name.in_title) for name in a.names] == [("ZapNet", True), ("ZapNet", False)]
