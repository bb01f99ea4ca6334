"""The results table: its types, the round trip through every format, messages about bad files, whole files."""

import gzip
import io
import math
import os
import stat
import sys
from dataclasses import replace
from pathlib import Path

import orjson
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from leaderboard.errors import InputError, OutputError
from leaderboard.models import RESULT_COLUMNS, Result
from leaderboard.table import (
    as_table,
    format_of,
    open_results_writer,
    read_results,
    to_table,
    write_results,
    write_table,
)

SUFFIXES = ["jsonl", "jsonl.gz", "csv", "csv.gz", "parquet"]
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NAME = st.none() | TEXT
INTEGER = st.none() | st.integers(-(2**63), 2**63 - 1)
NUMBER = st.floats(allow_nan=False, allow_infinity=False)
RESULTS = st.builds(
    Result,
    paper_id=TEXT.filter(bool),
    title=NAME,
    year=INTEGER,
    date=st.none() | st.dates().map(str),
    url=NAME,
    kind=st.sampled_from(["score", "gain", "cost"]),
    method=NAME,
    dataset=NAME,
    metric=NAME,
    value=NUMBER,
    value_text=TEXT.filter(bool),
    error=st.none() | NUMBER,
    change=st.sampled_from([None, "difference", "relative", "factor", "share"]),
    improves=st.none() | st.booleans(),
    score=st.none() | NUMBER,
    own=st.booleans(),
    field=st.sampled_from([None, "title", "abstract"]),
    start=INTEGER,
    sentence=NAME,
    rule=TEXT,
    confidence=st.none() | st.floats(0, 1),
    flags=st.lists(st.sampled_from(["conflict", "out_of_range", "scale_unclear"]), max_size=3).map(tuple),
)


def a_result(**changes):
    return replace(
        Result(paper_id="p1", kind="score", value=73.3, value_text="73.3", method="M", dataset="D", metric="accuracy"),
        **changes,
    )


def written(results, suffix, folder):
    path = folder / f"results.{suffix}"
    write_results(results, path)
    return path


def names_in(folder):
    return [path.name for path in folder.iterdir()]


def test_the_table_has_the_columns_of_the_contract_with_nullable_types():
    table = to_table([a_result(year=2020, own=False, flags=("conflict",)), a_result()])
    assert list(table.columns) == list(RESULT_COLUMNS)
    kinds = {name: str(dtype) for name, dtype in table.dtypes.items()}
    assert kinds["paper_id"] == kinds["field"] == kinds["change"] == "string"
    assert kinds["year"] == kinds["start"] == "Int64"
    assert kinds["value"] == kinds["score"] == kinds["confidence"] == "float64"
    assert kinds["own"] == kinds["improves"] == "boolean"
    assert table["flags"].tolist() == [["conflict"], []]
    assert table["year"].isna().tolist() == [False, True]
    assert table.dtypes.equals(to_table([]).dtypes)


def test_an_empty_name_is_null_because_csv_cannot_tell_them_apart():
    assert to_table([a_result(title="", method="")])[["title", "method"]].isna().all().all()


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(results=st.lists(RESULTS, max_size=4))
@example(results=[a_result(value=0.9, value_text="0.90", sentence='says "0.90", in\r two\nlines;\x00 =1+1 \x0b')])
@example(results=[a_result(value=-0.0, error=5e-324, title="\ufeff", method="\r", dataset=" ", metric='"')])
def test_every_format_gives_back_the_same_table(results, suffix, tmp_path):
    table = to_table(results)
    read = read_results(written(results, suffix, tmp_path))
    pd.testing.assert_frame_equal(read, table, check_exact=True)
    write_table(table, tmp_path / f"again.{suffix}")
    pd.testing.assert_frame_equal(read_results(tmp_path / f"again.{suffix}"), table, check_exact=True)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_same_results_give_the_same_bytes_written_at_once_or_one_by_one(suffix, tmp_path):
    results = [a_result(paper_id=f"p{i}", value=float(i)) for i in range(3000)]
    with open_results_writer(tmp_path / f"one.{suffix}") as writer:
        for result in results:
            writer.write(result)
    assert writer.count == 3000
    write_table(to_table(results), tmp_path / f"two.{suffix}")
    one, two = (tmp_path / f"{name}.{suffix}" for name in ("one", "two"))
    assert one.read_bytes() == written(results, suffix, tmp_path).read_bytes()
    if suffix != "parquet":  # a frame's list column has its own Arrow field names
        assert one.read_bytes() == two.read_bytes()


def test_lines_are_as_the_contract_says(tmp_path):
    result = a_result(value=0.9, value_text="0.90", own=True, flags=("conflict", "scale_unclear"))
    line = orjson.loads(written([result], "jsonl", tmp_path).read_bytes())
    assert list(line) == list(RESULT_COLUMNS)
    assert (line["value"], line["value_text"], line["year"], line["flags"]) == (
        0.9,
        "0.90",
        None,
        ["conflict", "scale_unclear"],
    )
    header, row = written([result], "csv", tmp_path).read_text().splitlines()
    cells = dict(zip(header.split(","), row.split(","), strict=True))
    assert (cells["value"], cells["year"], cells["own"], cells["flags"]) == (
        "0.9",
        "",
        "true",
        "conflict;scale_unclear",
    )


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_further_columns_are_kept_with_their_types(suffix, tmp_path):
    table = to_table([a_result(), a_result(paper_id="p2")])
    table["rank"] = pd.array([1, None], dtype="Int64")
    table["duplicate_of"] = pd.array([None, "p1"], dtype="string")
    table["gain"] = [0.5, math.nan]
    table["confirmed"] = pd.array([True, None], dtype="boolean")
    table["code"] = pd.array(["007", "1_0"], dtype="string")
    path = tmp_path / f"t.{suffix}"
    write_table(table, path)
    pd.testing.assert_frame_equal(read_results(path), table)


def test_several_files_become_one_table_and_their_further_columns_meet(tmp_path):
    first, second, third = tmp_path / "a.jsonl", tmp_path / "b.csv", tmp_path / "c.jsonl"
    first.write_text('{"paper_id":"a","kind":"score","value":1,"value_text":"1","note":5}\n')
    second.write_text("paper_id,kind,value,value_text,note\nb,cost,2.5,2.5,five\n")
    third.write_bytes(b"")
    table = read_results([first, second, third])
    assert table["paper_id"].tolist() == ["a", "b"]
    assert table["note"].tolist() == ["5", "five"]
    assert table["own"].tolist() == [True, True]
    assert table["source"].tolist() == ["text", "text"]


def test_standard_input_and_spreadsheets_byte_order_mark(monkeypatch):
    content = "\ufeffpaper_id,kind,value,value_text,own,year\r\nb,cost,2.5,2.5,TRUE,2020.0\r\n".encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    table = read_results("-")
    assert table.loc[0, ["paper_id", "own", "year"]].tolist() == ["b", True, 2020]


LINE = '{"paper_id":"a","kind":"score","value":1,"value_text":"1"%s}\n'
HEAD = "paper_id,kind,value,value_text"
BAD_FILES = [
    ("jsonl", LINE % "" + LINE % ',"year":"x"', "line 2: column year is 'x'; allowed: a whole number or nothing"),
    ("jsonl", LINE % ',"year":2020.5', "line 1: column year is 2020.5"),
    ("jsonl", LINE % ',"year":9223372036854775808', "line 1: column year is 9223372036854775808"),
    ("jsonl", LINE % ',"own":1', "line 1: column own is 1; allowed: true or false"),
    ("jsonl", LINE % ',"score":true', "line 1: column score is True; allowed: a number or nothing"),
    ("jsonl", LINE % ',"date":"2020"', "line 1: column date is '2020'; allowed: a date as YYYY-MM-DD or nothing"),
    ("jsonl", LINE % ',"confidence":1.5', "line 1: column confidence is 1.5; allowed: a number from 0 to 1"),
    ("jsonl", LINE % ',"flags":"conflict"', "line 1: column flags is 'conflict'; allowed: a list of texts"),
    ("jsonl", LINE % ',"flags":[1]', "line 1: column flags is [1]"),
    ("jsonl", "\n\n" + LINE % ',"method":["x"]', "line 3: column method is ['x']; allowed: text or nothing"),
    ("jsonl", LINE % "" + '{"paper_id":"a"', "line 2: not valid JSON"),
    ("jsonl", LINE % "" + "7\n", "line 2: 7 is no result"),
    ("jsonl", '{"paper_id":"a","abstract":"We"}', "line 1: column kind is missing; found: paper_id, abstract"),
    ("jsonl", '{"paper_id":"a","abstract":"We"}', "these look like papers: run `leaderboard extract` on them first"),
    ("jsonl", '{"paper_id":"","kind":"score","value":1,"value_text":"1"}', "line 1: column paper_id is empty"),
    ("json", "[1]", "item 1: 1 is no result"),
    ("json", "[{]", "not valid JSON"),
    ("csv", f"{HEAD}\na,scor,1,1\n", "line 2: column kind is 'scor'; allowed: cost, gain, score"),
    ("csv", f'{HEAD},title\na,score,1,1,"x\ny"\na,score,1 %,1,x\n', "line 4: column value is '1 %'; allowed: a number"),
    ("csv", f"{HEAD}\na,score,inf,1\n", "line 2: column value is inf"),
    ("csv", f"{HEAD}\na,score,1_0,1\n", "line 2: column value is '1_0'"),
    ("csv", f"{HEAD}\na,score,,1\n", "line 2: column value is empty; allowed: a number"),
    ("csv", f"{HEAD},own\na,score,1,1,yes\n", "line 2: column own is 'yes'; allowed: true or false"),
    ("csv", f"{HEAD}\na,score,1\n", "line 2: 3 cells, but the first line names 4 columns"),
    ("csv", f"{HEAD},kind\n", "line 1: column 'kind' stands twice"),
    ("csv", "name,score\nx,1\n", "line 1: column paper_id is missing; found: name, score"),
    ("csv", f'{HEAD}\na,"score"x,1,1\n', "line 2: not valid CSV"),
    ("csv", b"\xff\xfe\xfa", "not UTF-8"),
    ("parquet", b"PAR1 and no more", "not valid Parquet"),
    ("jsonl.gz", gzip.compress(b'{"a":1}')[:-9], "the packed file is damaged"),
]


@pytest.mark.parametrize(("suffix", "content", "message"), BAD_FILES)
def test_a_bad_file_gives_one_line_with_file_line_column_found_and_allowed(suffix, content, message, tmp_path):
    path = tmp_path / f"bad.{suffix}"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError) as caught:
        read_results(path)
    assert message in str(caught.value)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_bad_parquet_content_names_row_and_column(tmp_path):
    frame = pd.DataFrame({"paper_id": ["a", "b"], "kind": ["score", "oops"], "value": [1, 2], "value_text": ["1", "2"]})
    frame.to_parquet(tmp_path / "x.parquet")
    with pytest.raises(InputError, match=r"x\.parquet, row 2: column kind is 'oops'"):
        read_results(tmp_path / "x.parquet")
    frame.assign(kind="score", value=["x", "y"]).to_parquet(tmp_path / "x.parquet")
    with pytest.raises(InputError, match=r"column value holds .*string; allowed: a number"):
        read_results(tmp_path / "x.parquet")
    frame.assign(kind="score", paper_id=["a", None]).to_parquet(tmp_path / "x.parquet")
    with pytest.raises(InputError, match=r"row 2: column paper_id is empty"):
        read_results(tmp_path / "x.parquet")


def test_files_that_are_not_there(tmp_path):
    with pytest.raises(InputError, match=r"cannot read .*nowhere\.csv: No such file"):
        read_results(tmp_path / "nowhere.csv")
    with pytest.raises(InputError, match="is a folder"):
        read_results(tmp_path)


def test_a_frame_made_elsewhere_is_brought_to_the_types():
    frame = pd.DataFrame(
        {"paper_id": ["a"], "kind": ["score"], "value": [1], "value_text": ["1"], "year": [2020.0], "date": [None]},
        index=[7],
    )
    table = as_table(frame)
    assert table.dtypes.equals(to_table([]).dtypes)
    assert (list(table.index), table["year"].tolist(), table["flags"].tolist()) == ([7], [2020], [[]])
    assert as_table(table) is table
    with pytest.raises(InputError, match="the table, row 1: column kind is 'x'"):
        as_table(frame.assign(kind="x"))


def test_a_frame_whose_columns_mix_types_is_refused_in_one_line(tmp_path):
    frame = to_table([a_result(), a_result()]).assign(note=[1, "x"])
    with pytest.raises(OutputError, match="a column of the table cannot be written"):
        write_table(frame, tmp_path / "a.csv")
    with pytest.raises(InputError, match="the table has a column of mixed or unknown type"):
        as_table(frame.astype({"kind": object}))
    assert names_in(tmp_path) == []


def test_what_no_column_holds_is_told_with_its_place():
    with pytest.raises(InputError, match="result 2: column value is inf"):
        to_table([a_result(), a_result(value=math.inf)])
    assert to_table([a_result(error=math.nan)])["error"].isna().all()


@pytest.mark.parametrize(
    ("name", "asked", "expected"),
    [("a.jsonl", None, "jsonl"), ("a.CSV.gz", None, "csv"), ("a.v2.parquet", None, "parquet"), ("a", "csv", "csv")],
)
def test_the_format_is_told_by_suffix_or_asked_for(name, asked, expected):
    assert format_of(name, asked) == expected
    assert format_of(None) == "csv"


@pytest.mark.parametrize(
    ("name", "asked"), [("a.txt", None), ("a", None), ("a.parquet.gz", None), ("a.gz", None), ("a.csv", "xml")]
)
def test_a_format_that_cannot_be_told_is_refused(name, asked):
    with pytest.raises(OutputError, match=r"Parquet is packed already|tells no format"):
        format_of(name, asked)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_appears_whole_or_not_at_all(suffix, tmp_path):
    path = tmp_path / f"results.{suffix}"
    path.write_bytes(b"before")
    with pytest.raises(RuntimeError), open_results_writer(path) as writer:
        for _ in range(5000):
            writer.write(a_result())
        raise RuntimeError
    assert path.read_bytes() == b"before"
    assert names_in(tmp_path) == [path.name]
    write_results([a_result()], path)
    assert len(read_results(path)) == 1
    assert names_in(tmp_path) == [path.name]


def test_an_error_of_the_reader_inside_the_block_stays_its_own(tmp_path):
    with pytest.raises(FileNotFoundError), open_results_writer(tmp_path / "a.csv"):
        (tmp_path / "nowhere").read_bytes()


def test_places_that_cannot_be_written_are_named(tmp_path):
    with pytest.raises(OutputError, match=r"cannot write .*: No such file or directory"):
        open_results_writer(tmp_path / "no" / "a.csv")
    with pytest.raises(OutputError, match="is a folder"):
        write_results([], tmp_path, "csv")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
@pytest.mark.parametrize("asked", ["csv", "jsonl", "parquet"])
def test_a_full_disk_is_one_line(asked):
    with pytest.raises(OutputError, match=r"cannot write /dev/full: No space left on device"):
        write_results([a_result()] * 5000, "/dev/full", asked)


def test_devices_stay_devices_and_links_stay_links(tmp_path):
    write_results([a_result()], os.devnull, "csv")
    assert not stat.S_ISREG(Path(os.devnull).stat().st_mode)
    target, link = tmp_path / "target.csv", tmp_path / "link.csv"
    target.write_text("before")
    target.chmod(0o640)
    link.symlink_to(target)
    write_results([a_result()], link)
    assert link.is_symlink()
    assert len(read_results(target)) == 1
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_number_that_no_format_can_hold_stops_the_writing(tmp_path):
    with pytest.raises(OutputError, match="a result of 'p1' cannot be written: value is inf"):
        write_results([a_result(value=math.inf)], tmp_path / "a.jsonl")
    assert names_in(tmp_path) == []
    write_results([a_result(error=math.nan)], tmp_path / "a.jsonl")
    assert orjson.loads((tmp_path / "a.jsonl").read_bytes())["error"] is None


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "parquet"])
def test_half_a_surrogate_pair_is_one_line_not_a_traceback(suffix, tmp_path):
    with pytest.raises(OutputError, match="a result of 'p2' cannot be written"):
        write_results([a_result(), a_result(paper_id="p2", title="\ud800")], tmp_path / f"a.{suffix}")
    assert names_in(tmp_path) == []


def test_standard_output_is_csv_unless_asked_otherwise(capfdbinary):
    write_results([a_result()])
    assert capfdbinary.readouterr().out.startswith(b"paper_id,title,")
    write_results([a_result()], None, "jsonl")
    assert orjson.loads(capfdbinary.readouterr().out)["paper_id"] == "p1"
