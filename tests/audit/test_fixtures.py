from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leaderboard.audit.fixture_format import dump_fixtures, format_fixtures, write_fixtures
from leaderboard.audit.fixtures import (
    ConfirmedResult,
    Fixture,
    check_fixtures,
    load_fixtures,
    parse_fixtures,
    text_digest,
)
from leaderboard.errors import FixtureError, InputError, OutputError

GOOD = """
- id: "no"              # would be a truth value elsewhere
  title: yes
  abstract: |-
    First line, 1.10
    second line.
  year: 2020
  date: 2020-01-02
  covers: [metric-value, "2"]
  results:
    - {kind: score, value: 1.10, unit: off, metric: F1, own: false}
    - {kind: gain, value: "1,024", unit: ~, dataset: null}
- id: 007
  abstract: Nothing measured.
  results: []
"""


def test_every_scalar_is_a_string_first() -> None:
    (first, second), problems = parse_fixtures(GOOD)
    assert not problems
    assert (first.id, first.title, first.year, first.date, first.covers) == (
        "no",
        "yes",
        2020,
        "2020-01-02",
        ("metric-value", "2"),
    )
    assert first.abstract == "First line, 1.10\nsecond line."
    assert first.results[0] == ConfirmedResult(kind="score", value="1.10", unit="off", metric="F1", own=False)
    assert (first.results[1].number, first.results[1].unit, first.results[1].dataset) == (1024.0, "", "")
    assert (second.id, second.results, second.line) == ("007", (), 13)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "- id: a\n  abstract: x\n  results:\n    - {kind: score, value: ninety}\n",
            ':4: entry 1 (a), results[1].value: "ninety" is not a number',
        ),
        (
            "- id: a\n  abstract: x\n  results:\n    - {kind: score, value: nan}\n",
            ':4: entry 1 (a), results[1].value: "nan" is not a number',
        ),
        (
            "- id: a\n  abstract: x\n  results:\n    - {kind: skore, value: '1'}\n",
            "results[1].kind: \"skore\" must be one of 'score', 'gain' or 'cost'",
        ),
        ("- id: a\n  abstract: x\n  results:\n    - {value: '1'}\n", "results[1].kind: is missing"),
        (
            "- id: a\n  abstract: x\n  results:\n    - {kind: score, value: '1', datset: X}\n",
            "results[1].datset: is no field; did you mean dataset?",
        ),
        (
            "- id: a\n  abstract: x\n  results:\n    - {kind: score, value: '1', own: maybe}\n",
            'results[1].own: must be true or false, not "maybe"',
        ),
        ("- id: a\n  abstract: x\n  id: b\n  results: []\n", ":3: entry 1, id: stands twice"),
        ("- id: a\n  abstract: x\n", "entry 1 (a), results: is missing; write `results: []`"),
        ("- id: a\n  abstract: x\n  results:\n", ":3: entry 1 (a), results: must be a list"),
        ("- id: a\n  results: []\n", "abstract: is missing, and there is no title"),
        ("- abstract: x\n  results: []\n", "id: is missing"),
        ("- id: ''\n  abstract: x\n  results: []\n", "id: must not be empty"),
        (
            "- id: a\n  abstract: x\n  year: MMXX\n  results: []\n",
            ':3: entry 1 (a), year: "MMXX" is not a whole number',
        ),
        ("- id: a\n  abstract: [x]\n  results: []\n", "abstract: must be a text"),
        ("- just a text\n", ":1: entry 1: must be a mapping"),
        ("id: a\n", ":1: must be one list of entries"),
        ("- id: a\n  abstract: 'open\n", "is not YAML"),
        ("- id: a\n\tabstract: x\n", ":2: is not YAML"),
    ],
)
def test_an_error_names_file_line_entry_and_field(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "some.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(FixtureError) as error:
        load_fixtures([file])
    assert str(error.value).startswith(f"{file}:")
    assert says in str(error.value)
    assert "\n" not in str(error.value)


def test_all_problems_are_found_and_the_good_entries_kept(tmp_path: Path) -> None:
    file = tmp_path / "some.yaml"
    file.write_text(
        "- {id: a, abstract: x, results: []}\n- {id: b}\n- {id: a, abstract: y, results: []}\n- 7\n", encoding="utf-8"
    )
    fixtures, problems = check_fixtures([file])
    assert [f.id for f in fixtures] == ["a"]
    assert sorted({p.line for p in problems}) == [2, 3, 4]
    with pytest.raises(FixtureError, match=r"and 3 more"):
        load_fixtures([file])


def test_files_folders_and_globs(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "b.yml").write_text("- {id: b, abstract: x, results: []}\n", encoding="utf-8")
    (tmp_path / "a.yaml").write_text("- {id: a, abstract: x, results: []}\n", encoding="utf-8")
    (tmp_path / "baseline.jsonl").write_text("{}\n", encoding="utf-8")
    assert [f.id for f in load_fixtures([tmp_path])] == ["a", "b"]
    assert [f.id for f in load_fixtures([tmp_path / "*.yaml", tmp_path / "a.yaml"])] == ["a"]
    with pytest.raises(InputError, match="no such file"):
        load_fixtures([tmp_path / "none.yaml"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="no fixtures here"):
        load_fixtures([tmp_path / "empty"])


def test_a_file_that_is_not_utf8_says_so(tmp_path: Path) -> None:
    file = tmp_path / "latin.yaml"
    file.write_bytes("- id: café".encode("latin-1"))
    with pytest.raises(InputError, match="is not UTF-8"):
        load_fixtures([file])


def test_the_digest_changes_with_title_and_abstract() -> None:
    assert len({text_digest("a", "b"), text_digest("ab", ""), text_digest("", "ab"), text_digest("a", "b ")}) == 4


texts = st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=60)
names = texts | st.sampled_from(
    [
        "no",
        "~",
        "1.10",
        "0x1F",
        "- a",
        "a: b",
        "a # b",
        "x, y",
        "{a}",
        "2020-01-01",
        ".inf",
        "1e3",
        "#",
        "'",
        '"',
        "\\",
        "é",
    ]
)
results = st.builds(
    ConfirmedResult,
    kind=st.sampled_from(["score", "gain", "cost"]),
    value=st.sampled_from(["1", "73.30", "1,024", "\u22120.4", "1e-3"]),
    unit=names,
    metric=names,
    dataset=names,
    method=names,
    own=st.booleans(),
    task=names,
    baseline=names,
)
fixtures = st.builds(
    Fixture,
    id=names.filter(bool),
    title=names,
    abstract=st.just("x") | texts.filter(bool),
    year=st.none() | st.integers(0, 3000),
    date=st.none(),
    venue=st.none() | names.filter(bool),
    field=st.none() | names.filter(bool),
    url=st.none() | names.filter(bool),
    covers=st.lists(names, max_size=3).map(tuple),
    results=st.lists(results, max_size=3).map(tuple),
)


@settings(deadline=None)
@given(st.lists(fixtures, max_size=3))
def test_what_is_written_reads_back_the_same(entries: list[Fixture]) -> None:
    text = dump_fixtures(entries)
    again, problems = parse_fixtures(text)
    assert not problems
    assert [f.model_dump() for f in again] == [f.model_dump() for f in entries]
    assert format_fixtures(text) == text


COMMENTED = """\
# What this file is about.

# about the first
- id: a # beside the id
  results: # beside the results
  # above a result
  - kind: score # in a result
    value: 73.30
    own: true
    unit: ''
  - {kind: gain, value: "1", unit: no}   # beside a result
  # above the title
  title: x
  abstract: >- # beside a text
    one two
    three # is text
  year: 2020
# about the second
- results: []
  id: "no"
  abstract: |
    a

    b # is text
  covers:
   - x # beside an item
# the end
"""

FORMATTED = """\
# What this file is about.

# about the first
- id: a  # beside the id
  # above the title
  title: x
  abstract: >-  # beside a text
    one two three # is text
  year: 2020
  results:  # beside the results
    # above a result
    - {kind: score, value: "73.30"}  # in a result
    - {kind: gain, value: "1", unit: "no"}  # beside a result

# about the second
- id: "no"
  abstract: "a\\n\\nb # is text\\n"
  covers: [x]  # beside an item
  results: []
# the end
"""


def test_formatting_keeps_the_comments() -> None:
    assert format_fixtures(COMMENTED) == FORMATTED
    assert format_fixtures(FORMATTED) == FORMATTED
    assert parse_fixtures(COMMENTED)[0] and [f.model_dump() for f in parse_fixtures(COMMENTED)[0]] == [
        f.model_dump() for f in parse_fixtures(FORMATTED)[0]
    ]


def test_comments_keep_their_place_behind_wide_characters() -> None:
    first = '# \u00e9\U0001f600 head\n- id: "\U0001f600\u00e9"  # one \U0001f600\n'
    text = first + '  abstract: "\u4e2d\u6587 \U0001f600"\n  # two\n  results: []\n'
    formatted = format_fixtures(text)
    assert formatted.splitlines()[0] == "# \u00e9\U0001f600 head"
    assert formatted.splitlines()[1].endswith("  # one \U0001f600") and "  # two\n  results: []" in formatted
    assert format_fixtures(formatted) == formatted


def test_formatting_an_empty_or_a_wrong_file() -> None:
    assert format_fixtures("# nothing yet\n") == "# nothing yet\n[]\n"
    with pytest.raises(FixtureError, match=r"<text>:1: entry 1"):
        format_fixtures("- 7\n")


def test_a_comment_that_would_be_lost_stops_the_formatting() -> None:
    with pytest.raises(FixtureError, match="a comment would be lost"):
        format_fixtures("- id: a\n  abstract: x\n  venue:   # not known\n  results: []\n")


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        write_fixtures([], tmp_path / "no" / "such.yaml")
    write_fixtures([], tmp_path / "f.yaml")
    assert [p.name for p in tmp_path.iterdir()] == ["f.yaml"]
