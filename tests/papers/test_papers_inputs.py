"""Files, folders and globs become files in one order, each with a name that tells it apart."""

from __future__ import annotations

import os
from pathlib import Path

import orjson
import pytest
from paper_files import read, write

from leaderboard.errors import InputError
from leaderboard.papers import read_papers

LINE = '{"title": "t"}\n'


def ids(*inputs: Path | str) -> list[str]:
    return [paper.paper_id for paper in read(*inputs)[0]]


def test_a_folder_is_read_with_all_below_it_in_order(tmp_path: Path) -> None:
    for name in ("b/2.jsonl", "b/10.jsonl", "a.jsonl", "c/d/e.jsonl", ".hidden/x.jsonl", "b/.hidden.jsonl"):
        write(tmp_path / name, LINE)
    assert ids(tmp_path) == ["a.jsonl#1", "b/10.jsonl#1", "b/2.jsonl#1", "c/d/e.jsonl#1"]


def test_in_a_folder_only_what_is_told_to_be_papers_is_read(tmp_path: Path) -> None:
    write(tmp_path / "notes.md", "Some notes that are no abstract.")
    write(tmp_path / "one.txt", "We reach 92.3% accuracy.")
    write(tmp_path / "picture.png", b"\x89PNG\r\n\x1a\n\0\0")
    papers, rejects = read(tmp_path)
    assert [paper.paper_id for paper in papers] == ["one.txt#1"]
    assert [(Path(str(reject.file)).name, reject.reason) for reject in rejects] == [
        ("notes.md", "unknown_format"),
        ("picture.png", "unknown_format"),
    ]
    assert ids(tmp_path / "notes.md") == ["notes.md#1"]


def test_globs_and_repeated_files(tmp_path: Path) -> None:
    for name in ("b.jsonl", "a.jsonl", "deep/er/c.jsonl", "[1].jsonl"):
        write(tmp_path / name, LINE)
    assert ids(f"{tmp_path}/?.jsonl") == ["a.jsonl#1", "b.jsonl#1"]
    assert ids(f"{tmp_path}/**/c.jsonl") == ["c.jsonl#1"]
    assert ids(f"{tmp_path}/[1].jsonl") == ["[1].jsonl#1"]
    assert ids(tmp_path / "b.jsonl", f"{tmp_path}/?.jsonl", tmp_path / "b.jsonl") == ["b.jsonl#1", "a.jsonl#1"]
    assert ids(f"{tmp_path}/de*") == ["er/c.jsonl#1"]


def test_files_of_one_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    paths = [write(tmp_path / name, LINE) for name in ("a/x/p.jsonl", "b/x/p.jsonl", "b/y/p.jsonl", "q.jsonl")]
    assert ids(*paths) == ["a/x/p.jsonl#1", "b/x/p.jsonl#1", "y/p.jsonl#1", "q.jsonl#1"]


@pytest.mark.parametrize("name", ["nowhere.txt", "nowhere/*.txt"])
def test_an_input_that_is_not_there_is_an_error_at_once(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="nowhere"):
        read_papers([write(tmp_path / "good.jsonl", LINE), tmp_path / name])


def test_a_name_that_is_no_text_does_not_stand_in_the_way(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path)
    try:
        Path(os.fsdecode(folder + b"/caf\xe9.jsonl")).write_text(LINE + "oops\n")
    except OSError:
        pytest.skip("the file system takes no such names")
    papers, rejects = read(tmp_path)
    assert papers[0].paper_id == "caf\ufffd.jsonl#1"
    assert orjson.loads(orjson.dumps(rejects[0]))["file"] == f"{tmp_path}/caf\ufffd.jsonl"


def test_no_input_and_an_empty_folder_are_errors(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no input"):
        read_papers([])
    with pytest.raises(InputError, match="no files in this folder"):
        read_papers([tmp_path])


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs a user whom permissions stop")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = write(tmp_path / "secret.jsonl", LINE)
    path.chmod(0)
    with pytest.raises(InputError, match="cannot be read"):
        read(path)


def test_reading_knows_how_far_it_is(tmp_path: Path) -> None:
    paths = [write(tmp_path / f"{i}.jsonl", LINE * 3) for i in range(4)]
    stream = read_papers(paths)
    assert stream.bytes_total == 4 * 3 * len(LINE)
    positions = [stream.bytes_read for _ in stream]
    assert positions == sorted(positions)
    assert stream.bytes_read == stream.bytes_total
    assert stream.papers_read == 12
