"""Numbers, their units, signs, errors and ranges; and what is no number of its own."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaderboard.extraction.values import find_values

# text -> (number, unit) of each value, in order
TABLE = [
    ("reaches 92.3% accuracy", [(92.3, "%")]),
    ("a gain of 2.5 percentage points", [(2.5, "points")]),
    ("4.5 pts. better", [(4.5, "points")]),
    ("3.2x faster and 2.0× smaller", [(3.2, "x"), (2.0, "x")]),
    ("a 10-fold speedup", [(10.0, "x")]),
    ("45 fps, 12 ms and 1.15mm", [(45.0, "fps"), (12.0, "ms"), (1.15, "mm")]),
    ("an 80+% share, 30%of it, 77%perturbed", [(80.0, "%"), (30.0, "%"), (77.0, "%")]),
    ("75.1-83.2%", [(75.1, "%"), (83.2, "%")]),
    ("91.2, 92.3 and 94%", [(91.2, "%"), (92.3, "%"), (94.0, "%")]),
    ("4.8/8.2 WER", [(4.8, ""), (8.2, "")]),
    ("1,024 by 768", [(1024.0, ""), (768.0, "")]),
    ("3 × 10^-4 and 1e-3", [(0.0003, ""), (0.001, "")]),
    ("5.3M parameters, 295M FLOPs", [(5.3, "M"), (295.0, "M")]),
    ("ran for 4 GPU hours", [(4.0, "GPU hours")]),
    ("a score of .7 there", [(0.7, "")]),
    ("on CIFAR-10 with top-5 of F1, 3D, 2nd, GPT-3.5, 20Newsgroups and AP50", []),
    ("at 10:30 or a 5:1 ratio", []),
    ("version 1.2.3 of it", []),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_values(text: str, expected: list[tuple[float, str]]) -> None:
    assert [(value.number, value.unit) for value in find_values(text)] == expected


def test_an_error_belongs_to_its_value() -> None:
    (value,) = find_values("90.1 ± 0.3% there")
    assert (value.number, value.error, value.unit) == (90.1, 0.3, "%")


def test_signs_and_ranges() -> None:
    first, second, third = find_values("+2.5, ~95% and -3.1 dB")
    assert (first.sign, second.sign, third.sign) == ("+", "~", "-")
    low, high = find_values("from 28.4 to 41.8 BLEU")
    assert low.low_of_range and high.high_of_range


@given(st.text(alphabet="0123456789.,-+±%x ×eE^/:()abKM", max_size=60))
def test_spans_hold_their_text_and_stand_in_order(text: str) -> None:
    values = find_values(text)
    for value in values:
        assert text[value.start : value.end] == value.text
        assert value.outer_start <= value.start < value.end <= value.outer_end
    assert all(a.outer_end <= b.outer_start for a, b in itertools.pairwise(values))
