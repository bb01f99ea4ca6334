"""A review from the queue to a fixture in a real browser, with the keyboard alone."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from leaderboard.audit.fixtures import parse_fixtures
from leaderboard.audit.reviews import ReviewStore
from leaderboard.dashboard.launch import command, environment

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]
ABSTRACT = (
    "Lantern reads a document once. It has a perplexity of 18.4 on WikiText-103 and an accuracy of 71.2% on LAMBADA. "
    "A part of it, unlit, saw 42 of our things."
)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A dashboard on one paper: its address, and the file where its reviews are to stand."""
    paper = {"paper_id": "lantern", "title": "Lantern: Reading Long Documents", "abstract": ABSTRACT}
    (tmp_path / "papers.jsonl").write_text(json.dumps(paper) + "\n", encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"]
    env = environment({**os.environ, "LEADERBOARD_CACHE": str(tmp_path / "cache")})
    env.pop("LEADERBOARD_REVIEWS", None)
    with (tmp_path / "server.log").open("wb") as log:
        started = command([str(tmp_path / "papers.jsonl")], options)
        process = subprocess.Popen(started, env=env, cwd=tmp_path, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait_for(f"http://127.0.0.1:{port}/_stcore/health", process)
            yield f"http://127.0.0.1:{port}", tmp_path / "papers.reviews.sqlite"
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert process.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server does not answer")


@pytest.fixture
def shown() -> Iterator[Page]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.set_default_timeout(60_000)
        yield page
        browser.close()


def tab_to(page: Page, label: str) -> None:
    """Move the focus with the Tab key to the input of that label."""
    for _ in range(60):
        name = page.evaluate("document.activeElement.getAttribute('aria-label') || ''")
        if name.startswith(label):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key does not lead to {label}")


def fill(page: Page, label: str, text: str) -> None:
    """Type a name into the input of that label in place of what stands there, and take it."""
    tab_to(page, label)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.wait_for_function("text => document.activeElement.value === text", arg=text)


def press(page: Page, key: str, shows: str) -> None:
    """Press a key, as a person does: with a look at the page before, and again where nothing came of it."""
    from playwright.sync_api import TimeoutError as NothingShown

    for _ in range(3):
        page.wait_for_timeout(1000)
        page.keyboard.press(key)
        try:
            page.get_by_text(shows).first.wait_for(timeout=20_000)
            return
        except NothingShown:
            continue
    raise AssertionError(f"{key} does not lead to {shows!r}: {page.locator('body').inner_text()}")


def test_a_review_with_the_keyboard_alone(server: tuple[str, Path], shown: Page) -> None:
    address, path = server
    page = shown
    page.goto(f"{address}/review")
    page.get_by_text("2 to go").wait_for()
    press(page, "y", "1 to go")
    press(page, "m", "Which number is missing?")
    fill(page, "Metric", "things seen")
    press(page, "Control+Enter", "All verdicts (2)")
    press(page, "f", "What is right?")
    fill(page, "Data set", "LAMBADA OpenAI")
    press(page, "Control+Enter", "Nothing is left to review.")
    press(page, "x", "1 fixture")
    page.locator("code").wait_for()
    (fixture,), problems = parse_fixtures(page.locator("code").inner_text())
    assert not problems and fixture.abstract == ABSTRACT
    assert len(fixture.results) == 3 and {r.value for r in fixture.results} == {"18.4", "71.2", "42"}
    assert "things seen" in {r.metric for r in fixture.results}
    assert "LAMBADA OpenAI" in {r.dataset for r in fixture.results}
    with ReviewStore(path, read_only=True) as store:
        assert [review.verdict for review in store.reviews()] == ["right", "missing", "fix"]
