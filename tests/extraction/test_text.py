"""The clean view: what it makes of the markup that abstracts hold, and the way back to the text as given."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaderboard import Paper
from leaderboard.extraction.text import Document, clean, sentences

CLEANED = [
    (r"accuracy of 92.3\% here", "accuracy of 92.3% here"),
    (r"$92.3\%$ and $\mathbf{78.9}$", "92.3% and 78.9"),
    (r"\textbf{78.9\%} on \imagenet{}", "78.9% on imagenet"),
    (r"90.1 $\pm$ 0.3", "90.1 ± 0.3"),
    (r"3.2$\times$ faster", "3.2× faster"),
    (r"1{,}024 nodes", "1,024 nodes"),
    (r"AP$_{50}$ and F$_1$", "AP50 and F1"),
    (r"a 360{\deg} view, 5$^\circ$", "a 360° view, 5°"),
    (r"shown before~\citep{foo2020} and \ref{a}", "shown before and"),
    ("5 &lt; 6 &amp; 7", "5 < 6 & 7"),
    ("a\u00a0b\u2009c, 3\u22124", "a b c, 3-4"),
    (r"it costs $5 today", "it costs $5 today"),
]


@pytest.mark.parametrize(("raw", "expected"), CLEANED)
def test_clean(raw: str, expected: str) -> None:
    assert clean(raw)[0].strip() == expected


SENTENCES = [
    ("We follow Smith et al. and Li. It works.", ["We follow Smith et al. and Li.", "It works."]),
    ("With acc. of 92.3 vs. 91.0, i.e. more. We stop.", ["With acc. of 92.3 vs. 91.0, i.e. more.", "We stop."]),
    ("It has nDCG@10 of 0.5. 3 models fail.", ["It has nDCG@10 of 0.5.", "3 models fail."]),
]


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == expected


MARKUP = st.lists(
    st.sampled_from(
        [
            *"\\{}$%~^_&#.,5±–“”＆𝛼",
            "92.3",
            " ",
            "\n",
            r"\%",
            r"\textbf{",
            r"\pm",
            "&lt;",
            r"\cite{x}",
            "accuracy",
        ]
    ),
    max_size=40,
).map("".join)


@given(st.one_of(st.text(max_size=200), MARKUP), st.one_of(st.text(max_size=60), MARKUP))
def test_every_position_of_the_clean_text_leads_into_its_field(abstract: str, title: str) -> None:
    document = Document(Paper("p", title, abstract))
    fields = {"title": title, "abstract": abstract}
    text = document.text
    for start in range(0, len(text), 3):
        for end in (start + 1, start + 4):
            inside_title = end <= document.title_end
            inside_abstract = start >= document.abstract_start and end <= len(text)
            if text[start:end] and (inside_title or inside_abstract):
                place = document.locate(start, end)
                assert 0 <= place.start <= place.end <= len(fields[place.field])


@given(st.text(alphabet=st.characters(codec="ascii", exclude_characters="\\$&{}~^_\t\r\n\v\f"), max_size=100))
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert clean(text)[0] == text


def test_an_astral_character_moves_no_offset() -> None:
    abstract = "Let 𝛼 be small. We reach 92.5% accuracy on MNIST."
    document = Document(Paper("p", "", abstract))
    start = document.text.index("92.5")
    assert document.given(document.locate(start, start + 4)) == "92.5"
