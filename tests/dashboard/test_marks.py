"""Hostile text is shown as exactly its characters, and marks stand where they say."""

from __future__ import annotations

import html
from html.parser import HTMLParser

from dashboard_pages import RESULTS
from hypothesis import given
from hypothesis import strategies as st

from leaderboard.dashboard.marks import Mark, escape, marked, passage, result_marks, sentence_marks
from leaderboard.dashboard.words import plain
from leaderboard.table import to_table

_ANY = st.text(st.characters(exclude_categories=()), max_size=60)


class Reader(HTMLParser):
    """The text that a browser would show, and the texts inside marks with the offsets that they claim."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.marks: list[tuple[int, str]] = []
        self.tags: set[str] = set()
        self._inside: int | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "mark":
            self._inside = int(dict(attrs)["data-start"] or 0)
            self.marks.append((self._inside, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "mark":
            self._inside = None

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._inside is not None:
            start, text = self.marks[-1]
            self.marks[-1] = (start, text + data)


def read(body: str) -> Reader:
    reader = Reader()
    reader.feed(body)
    reader.close()
    return reader


def shown(text: str) -> str:
    """What of a text can be shown: half characters, NUL and some control characters have stand-ins."""
    return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else "\u2400" if c == "\0" else c for c in text)


@given(
    _ANY, st.lists(st.tuples(st.integers(-3, 70), st.integers(-3, 70), st.sampled_from(["value", "metric", "method"])))
)
def test_every_character_is_shown_and_marks_are_where_they_say(text: str, spans: list[tuple[int, int, str]]) -> None:
    reader = read(marked(text, [Mark(*span) for span in spans]))
    assert reader.text == shown(text)
    assert reader.tags <= {"mark"}
    for start, piece in reader.marks:
        assert shown(text)[start : start + len(piece)] == piece
    covered = {i for start, end, _ in spans if 0 <= start < end <= len(text) for i in range(start, end)}
    assert {i for start, piece in reader.marks for i in range(start, start + len(piece))} == covered


def test_overlapping_marks_carry_all_kinds() -> None:
    body = marked("abcdef", [Mark(0, 4, "metric"), Mark(2, 6, "dataset")])
    assert [html.unescape(piece) for _, piece in read(body).marks] == ["ab", "cd", "ef"]
    assert 'class="lb-mark lb-metric lb-dataset"' in body


def test_markup_stays_text() -> None:
    text = '<script>alert(1)</script> ![x](https://example.org/x.png) :red[no] </div> & "q"'
    body = passage(text, [Mark(0, 8, "value", 'a "note" <b>')])
    assert read(body).text == text
    assert read(body).tags == {"div", "mark"}
    assert "<b>" not in body


def test_writing_direction_stays_inside() -> None:
    assert 'dir="auto"' in passage("\u202eabc")
    assert read(passage("\u202eabc")).text == "\u202eabc"


def test_escape_shows_half_a_character_as_such() -> None:
    assert escape("a\ud800b") == "a\ufffdb"
    assert escape("\r\n") == "&#13;\n"


def test_marks_of_a_result() -> None:
    row = plain(to_table(RESULTS[:1]).iloc[0])
    text = row["sentence"]
    found = {mark.kind: text[mark.start : mark.end] for mark in result_marks(row, "abstract")}
    assert found == {"value": "81.5", "metric": "accuracy", "dataset": "Pets", "method": "Alpha"}
    assert result_marks(row, "title") == []


def test_a_sentence_is_marked_without_the_whole_text() -> None:
    row = plain(to_table(RESULTS[:1]).iloc[0])
    for name in (
        "start",
        "end",
        "method_start",
        "method_end",
        "metric_start",
        "metric_end",
        "dataset_start",
        "dataset_end",
    ):
        row[name] += 500  # the sentence stands somewhere in a long abstract
    found = {mark.kind: row["sentence"][mark.start : mark.end] for mark in sentence_marks(row)}
    assert found == {"value": "81.5", "metric": "accuracy", "dataset": "Pets", "method": "Alpha"}


def test_a_number_that_stands_twice_is_marked_where_its_slots_are() -> None:
    row = plain(to_table(RESULTS[:1]).iloc[0])
    row["sentence"] = "Not 81.5, but really: " + row["sentence"]
    value = next(mark for mark in sentence_marks(row) if mark.kind == "value")
    assert row["sentence"][: value.start].endswith("reaches ")
