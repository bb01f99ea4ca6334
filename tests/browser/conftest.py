from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from dashboard_server import CHROMIUM, HOSTILE, served
from playwright.sync_api import Page

from leaderboard import extract_table, read_papers
from leaderboard.dashboard.sources import EXAMPLE
from leaderboard.table import write_table


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": ["--no-sandbox"]}


@pytest.fixture(scope="session")
def table() -> pd.DataFrame:
    """The results of the bundled example."""
    return extract_table(read_papers([EXAMPLE]))


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory, table: pd.DataFrame) -> Iterator[str]:
    """The address of a dashboard on the results of the bundled example and their texts."""
    folder = tmp_path_factory.mktemp("example")
    write_table(table, folder / "results.parquet")
    with served(folder, [folder / "results.parquet", "--papers", EXAMPLE]) as address:
        yield address


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a dashboard on one hostile paper."""
    folder = tmp_path_factory.mktemp("hostile")
    path = folder / "papers.jsonl"
    path.write_text(json.dumps(HOSTILE) + "\n")
    with served(folder, [path]) as address:
        yield address


@pytest.fixture
def outside(page: Page) -> list[str]:
    """What the page asked of any other place than the dashboard's own server."""
    asked: list[str] = []
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith(("http://127.0.0.1", "data:", "blob:")) else asked.append(request.url)
        ),
    )
    return asked


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            # Of the plugin pytest-base-url, which pytest-playwright needs.
            item.add_marker(pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"))
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))
