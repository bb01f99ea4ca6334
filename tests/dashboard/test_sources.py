from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from dashboard_pages import RESULTS, write

from leaderboard.dashboard import cache, placing, sources
from leaderboard.dashboard.extracting import extract_file_apart
from leaderboard.dashboard.store import Store
from leaderboard.errors import InputError, LeaderboardError
from leaderboard.models import Paper


def papers_file(folder: Path, count: int) -> Path:
    path = folder / "papers.jsonl"
    lines = [
        {
            "id": f"p{i}",
            "title": f"Net{i}: a network",
            "abstract": f"Net{i} reaches {50 + i % 50}.5% accuracy on MNIST.",
        }
        for i in range(count)
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


@pytest.mark.parametrize("suffix", ["jsonl", "jsonl.gz", "csv", "csv.gz", "parquet"])
def test_results_are_told_from_papers(tmp_path: Path, suffix: str) -> None:
    assert sources.is_results(write(tmp_path / f"r.{suffix}", RESULTS))
    assert not sources.is_results(papers_file(tmp_path, 2))


def test_papers_with_code_tables_are_results(tmp_path: Path) -> None:
    row = {"model_name": "M", "paper_title": "T", "paper_date": "2020-01-01", "metrics": {"Accuracy": "91.2"}}
    sota = {"metrics": ["Accuracy"], "rows": [row]}
    path = tmp_path / "pwc.json.gz"
    path.write_bytes(gzip.compress(json.dumps([{"task": "t", "datasets": [{"dataset": "D", "sota": sota}]}]).encode()))
    assert sources.is_results(path)
    assert Store(placing.prepare([str(path)])).boards()["best_score"].tolist() == [91.2]


@pytest.mark.parametrize(
    "content", [b"", b"PAR1", b"\x1f\x8b\x08 no", b"\xff\xfe\x00", b"[", b'"a\n"', b"{}\n", b"[1]"]
)
def test_rubbish_is_not_results(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)
    assert not sources.is_results(path)


def test_papers_beside_results_are_their_texts_or_are_extracted(tmp_path: Path) -> None:
    from leaderboard import extract_table, read_papers
    from leaderboard.table import write_table

    papers = papers_file(tmp_path, 3)
    table = tmp_path / "results.csv"
    write_table(extract_table(read_papers([papers])), table)
    store = Store(placing.prepare([str(table), str(papers)]))
    assert (store.totals().results, store.totals().papers) == (3, 3)
    assert store.paper("p1") is not None
    others = Store(placing.prepare([str(write(tmp_path / "other.jsonl", RESULTS)), str(papers)]))
    assert others.totals().results == len(RESULTS) + 3


def test_many_papers_are_extracted_apart_with_the_same_outcome(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = papers_file(tmp_path, 450)
    told: list[float | None] = []
    here = placing.prepare([str(path)])
    monkeypatch.setattr(sources, "_WORTH_A_PROCESS", 100)
    monkeypatch.setenv("LEADERBOARD_CACHE", str(tmp_path / "other"))
    cache.cache_folder.cache_clear()
    apart = placing.prepare([str(path)], progress=lambda what, share: told.append(share))
    assert here.digest == apart.digest
    assert here.results.read_bytes() == apart.results.read_bytes()
    assert len(Store(apart).board_rows(["mnist/accuracy"])) == 450
    assert any(share and 0 < share < 1 for share in told)


def test_a_process_that_fails_says_why(tmp_path: Path) -> None:
    sources.write_records(tmp_path / "p.parquet", [], ["paper_id"], sources.paper_schema())
    with pytest.raises(LeaderboardError, match="cannot write"):
        extract_file_apart(tmp_path / "p.parquet", tmp_path / "missing" / "r.parquet", lambda done, count: None)


def test_equal_content_is_prepared_once_and_changed_content_again(tmp_path: Path) -> None:
    path = papers_file(tmp_path, 2)
    first = placing.prepare([str(path)])
    file = first.results.stat().st_ino
    assert placing.prepare([str(path)]) == first
    assert first.results.stat().st_ino == file
    assert placing.prepare([str(papers_file(tmp_path, 3))]).digest != first.digest


def test_nothing_is_left_behind_where_a_file_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "empty.jsonl"
    path.write_text("no record\n")
    with pytest.raises(InputError, match=r"empty\.jsonl"):
        placing.prepare([str(path)])
    assert list((tmp_path / "cache").iterdir()) == []


def test_half_characters_are_kept_apart_without_moving_the_others(tmp_path: Path) -> None:
    part = sources.part_of([Paper("p", "A\ud800 net", "It reaches \udfff 91.2% accuracy on MNIST.")])
    store = Store(placing.place([part]))
    paper = store.paper("p")
    assert paper is not None
    row = store.results_of("p").iloc[0]
    assert paper.title == "A\ufffd net"
    assert paper.abstract[row["start"] : row["end"]] == "91.2"


def test_a_folder_that_cannot_be_written_is_made_up_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("LEADERBOARD_CACHE", str(blocked / "cache"))
    cache.cache_folder.cache_clear()
    assert cache.cache_folder().is_dir()


def test_whatever_the_extraction_reads_decides_what_may_be_served_again() -> None:
    files = cache.code_files()
    package = Path(cache.__file__).parents[1]
    data = {path for path in (package / "extraction" / "data").iterdir() if path.is_file()}
    assert data <= set(files)
    assert {path.name for path in data} > {"weights.json", "frequent_names.tsv", "rules.toml", "common_words.txt"}
    assert not [path for path in files if path.suffix == ".pyc" or package / "dashboard" in path.parents]


def test_old_files_leave_the_cache(tmp_path: Path) -> None:
    import os

    prepared = placing.prepare([str(write(tmp_path / "r.jsonl", RESULTS))])
    old = cache.cache_folder() / "0.results.parquet"
    old.write_bytes(b"")
    os.utime(old, (0, 0))
    cache.forget_old()
    assert not old.exists()
    assert prepared.results.exists()
