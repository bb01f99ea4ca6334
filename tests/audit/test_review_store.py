from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from audit_records import result

from leaderboard.audit import reviews as store_module
from leaderboard.audit.reviews import ReviewStore, review_missing, review_result, reviews_path
from leaderboard.errors import InputError, OutputError
from leaderboard.models import Paper

PAPER = Paper(paper_id="p", title="T", abstract="It reaches 90.1 F1 and 42 BLEU.", year=2020)
FOUND = result("p", "90.1", "F1", field="abstract", start=11, end=15, rule="metric_of_value", confidence=0.7)
ROOT = Path(__file__).parents[2]

WRITER = """
import sys
from leaderboard.audit.reviews import ReviewStore, review_result
from leaderboard.models import Paper, Result
paper = Paper(paper_id="p", title="T", abstract="It reaches 90.1 F1 and 42 BLEU.")
found = Result(paper_id="p", kind="score", value=90.1, value_text="90.1", field="abstract", start=11, end=15)
with ReviewStore(sys.argv[1]) as store:
    print("ready", flush=True)
    for number in range(int(sys.argv[3])):
        review = review_result(paper, found, "right", sys.argv[2], note=str(number))
        store.add(review, paper)
        print(review.id, flush=True)
"""


def writer(path: Path, name: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(path), name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def test_a_verdict_reads_back_as_it_was_given(tmp_path: Path) -> None:
    path = tmp_path / "r.sqlite"
    with ReviewStore(path) as store:
        fix = review_result(PAPER, FOUND, "fix", "ann", corrected={"metric": "macro F1", "unit": ""}, note="see title")
        store.add(fix, PAPER)
        store.add(fix, PAPER)
        store.add(review_missing(PAPER, "abstract", 23, 25, {"metric": "BLEU"}, "bob"), PAPER)
        assert store.papers() == {("p", fix.digest): PAPER}
    with ReviewStore(path, read_only=True) as store:
        first, second = store.reviews()
        assert first == fix
        assert first.corrected == {
            **{n: first.original[n] for n in store_module.EDITABLE},
            "metric": "macro F1",
            "unit": None,
        }  # type: ignore[index]
        assert second.claim is not None and second.claim["value_text"] == "42" and second.claim["kind"] == "score"
        assert [r.reviewer for r in store.reviews(reviewer="bob")] == ["bob"] and store.reviews(paper_id="q") == []
        with pytest.raises(OutputError, match="reading only"):
            store.add(fix, PAPER)


def test_a_retracted_verdict_no_longer_stands(tmp_path: Path) -> None:
    with ReviewStore(tmp_path / "r.sqlite") as store:
        review = review_result(PAPER, FOUND, "wrong", "ann")
        store.add(review, PAPER)
        assert store.retract(review.id) and not store.retract(review.id) and not store.retract("none")
        assert store.reviews() == []


def test_what_makes_no_sense_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a fix"):
        review_result(PAPER, FOUND, "fix", "ann")
    with pytest.raises(ValueError, match="a fix"):
        review_result(PAPER, FOUND, "right", "ann", corrected={"metric": "F1"})
    with pytest.raises(ValueError, match="metrik"):
        review_result(PAPER, FOUND, "fix", "ann", corrected={"metrik": "F1"})
    with pytest.raises(ValueError, match="no number"):
        review_missing(PAPER, "abstract", 400, 410, {}, "ann")
    with ReviewStore(tmp_path / "r.sqlite") as store, pytest.raises(ValueError, match="another text"):
        store.add(review_result(PAPER, FOUND, "right", "ann"), Paper(paper_id="p", abstract="changed"))


def test_half_a_character_cannot_be_saved(tmp_path: Path) -> None:
    broken = Paper(paper_id="p", title="half \ud800", abstract="It reaches 90.1 F1.")
    with ReviewStore(tmp_path / "r.sqlite") as store:
        with pytest.raises(OutputError, match="half a character"):
            store.add(review_result(broken, FOUND, "right", "ann"), broken)
        store.add(review_result(PAPER, FOUND, "right", "ann"), PAPER)
        assert len(store.reviews()) == 1


def test_what_no_review_may_say() -> None:
    for slots, says in (
        ({"value_text": "ninety"}, "not a number"),
        ({"kind": "best"}, "no kind"),
        ({"own": "yes"}, "own is"),
    ):
        with pytest.raises(ValueError, match=says):
            review_result(PAPER, FOUND, "fix", "ann", corrected=slots)


def test_where_the_reviews_stand() -> None:
    assert reviews_path("x/results.jsonl.gz") == Path("x/results.reviews.sqlite")
    assert reviews_path("a.b.parquet") == Path("a.b.reviews.sqlite")


def test_a_killed_process_loses_at_most_the_write_in_flight(tmp_path: Path) -> None:
    path = tmp_path / "r.sqlite"
    with writer(path, "ann", 100_000) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        saved = [process.stdout.readline().strip() for _ in range(100)]
        process.send_signal(signal.SIGKILL)
        saved += [line.strip() for line in process.stdout if len(line.strip()) == 32]
    with ReviewStore(path) as store:
        found = {review.id for review in store.reviews()}
        assert set(saved) <= found and len(found) <= len(saved) + 1
        assert store.papers()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_two_processes_writing_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "r.sqlite"  # which both create
    with writer(path, "ann", 150) as ann, writer(path, "bob", 150) as bob:
        saved = {line for process in (ann, bob) for line in process.communicate()[0].split()} - {"ready"}
    assert (ann.returncode, bob.returncode) == (0, 0)
    with ReviewStore(path) as store:
        assert {review.id for review in store.reviews()} == saved
        assert len(saved) == 300


def test_threads_share_a_store(tmp_path: Path) -> None:
    with ReviewStore(tmp_path / "r.sqlite") as store:

        def write(name: str) -> None:
            for _ in range(30):
                store.add(review_result(PAPER, FOUND, "right", name), PAPER)
                store.reviews(paper_id="p")

        threads = [threading.Thread(target=write, args=(f"t{i}",)) for i in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(store.reviews()) == 120


def old_file(path: Path) -> None:
    """A file as the first version of the schema left it, with one review."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(store_module._MIGRATIONS[1])
        connection.execute(f"PRAGMA application_id = {store_module.APPLICATION_ID}")
        connection.execute("PRAGMA user_version = 1")
        connection.execute("INSERT INTO papers VALUES ('p', 'd', 'T', 'A', 2020, NULL, NULL, NULL)")
        connection.execute(
            "INSERT INTO reviews VALUES ('i', 'p', 'd', 'abstract', 0, 1, 'wrong', 'ann', '2020-01-01', '{}', NULL, '')"
        )


def test_an_old_schema_is_migrated_with_a_backup(tmp_path: Path) -> None:
    path = tmp_path / "r.sqlite"
    old_file(path)
    with pytest.raises(InputError, match="older version"):
        ReviewStore(path, read_only=True)
    with ReviewStore(path) as store:
        (review,) = store.reviews()
        assert (review.id, review.verdict, review.reviewer) == ("i", "wrong", "ann")
        assert store.retract("i")
    backup = tmp_path / "r.sqlite.v1.bak"
    with closing(sqlite3.connect(backup)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        assert connection.execute("SELECT id FROM reviews").fetchall() == [("i",)]
    before = backup.read_bytes()
    path.unlink()
    old_file(path)
    ReviewStore(path).close()
    assert backup.read_bytes() == before and (tmp_path / "r.sqlite.v1.2.bak").exists()
    assert not list(tmp_path.glob("*.part"))


def test_a_migration_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "r.sqlite"
    old_file(path)
    broken = {
        **store_module._MIGRATIONS,
        2: "ALTER TABLE reviews ADD COLUMN retracted_at TEXT; CREATE INDEX x ON none (y);",
    }
    monkeypatch.setattr(store_module, "_MIGRATIONS", broken)
    with pytest.raises(OutputError):
        ReviewStore(path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        assert "retracted_at" not in {row[1] for row in connection.execute("PRAGMA table_info(reviews)")}


def test_files_that_are_not_reviews(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("no database at all, but long enough to be looked at " * 20, encoding="utf-8")
    with pytest.raises(InputError, match="is not a file of reviews"):
        ReviewStore(text)
    other = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE mine (x)")
        connection.commit()
    with pytest.raises(InputError, match="another program"):
        ReviewStore(other)
    newer = tmp_path / "newer.sqlite"
    ReviewStore(newer).close()
    with closing(sqlite3.connect(newer, isolation_level=None)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(InputError, match="newer version"):
        ReviewStore(newer)
    with pytest.raises(InputError, match="no such file"):
        ReviewStore(tmp_path / "none.sqlite", read_only=True)


def run_in_child(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", f"{SETUP}\n{code}", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=60, check=False)


SETUP = """
import os, resource, sys
from leaderboard.audit.reviews import ReviewStore, review_result
from leaderboard.errors import LeaderboardError
from leaderboard.models import Paper, Result
paper = Paper(paper_id="p", title="T", abstract="It reaches 90.1 F1.")
found = Result(paper_id="p", kind="score", value=90.1, value_text="90.1", field="abstract", start=11, end=15)
def give(store, note=""):
    store.add(review_result(paper, found, "right", "ann", note=note), paper)
"""


def test_a_full_disk_gives_one_clear_line_and_leaves_a_good_file(tmp_path: Path) -> None:
    """The kernel refuses to let the file grow, which is what SQLite sees of a disk without room."""
    path = tmp_path / "r.sqlite"
    done = run_in_child(
        "import signal\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "store = ReviewStore(sys.argv[1])\n"
        "give(store)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))\n"
        "saved = 1\n"
        "try:\n"
        "    for _ in range(1000):\n"
        "        give(store, 'x' * 1000)\n"
        "        saved += 1\n"
        "except LeaderboardError as error:\n"
        "    print(saved)\n"
        "    print(error)\n",
        str(path),
    )
    assert done.returncode == 0, done.stderr
    saved, message = done.stdout.splitlines()
    assert message.startswith(f"{path}: the disk ") and "was not saved" in message
    with ReviewStore(path) as store:
        assert len(store.reviews()) == int(saved) > 3


def test_a_full_database_says_that_the_disk_is_full(tmp_path: Path) -> None:
    with ReviewStore(tmp_path / "r.sqlite") as store:
        pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
        store._connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(OutputError, match="the disk is full; the verdict was not saved"):
            for _ in range(50):
                store.add(review_result(PAPER, FOUND, "right", "ann", note="x" * 1000), PAPER)


def test_a_folder_that_cannot_be_written_gives_one_clear_line(tmp_path: Path) -> None:
    """Reading still works there. A superuser may write everywhere, so the child gives that up first."""
    path = tmp_path / "r.sqlite"
    with ReviewStore(path) as store:
        store.add(review_result(PAPER, FOUND, "right", "ann"), PAPER)
    for folder in [tmp_path, *tmp_path.parents]:
        if folder.owner() == tmp_path.owner() and folder != Path("/tmp"):
            folder.chmod(0o755 if folder != tmp_path else 0o555)
        if folder == Path("/tmp"):
            break
    path.chmod(0o444)
    try:
        done = run_in_child(
            "os.chdir('/')\n"
            "if os.geteuid() == 0:\n"
            "    os.setgid(65534); os.setuid(65534)\n"
            "with ReviewStore(sys.argv[1], read_only=True) as store:\n"
            "    print(len(store.reviews()))\n"
            "for name in sys.argv[1:]:\n"
            "    try:\n"
            "        give(ReviewStore(name))\n"
            "    except LeaderboardError as error:\n"
            "        print(error)\n",
            str(path),
            str(tmp_path / "new.sqlite"),
        )
    finally:
        tmp_path.chmod(0o755)
    assert done.returncode == 0, done.stderr
    count, old, new = done.stdout.splitlines()
    assert count == "1"
    assert old.startswith(f"{path}: cannot be written; keep the reviews in a folder that you may write")
    assert new.startswith(f"{tmp_path / 'new.sqlite'}: cannot be written")
    assert not (tmp_path / "new.sqlite").exists()
