"""How long the dashboard takes: to get ready, to open a board, to answer a filter, as a visitor's browser sees it.

    python benchmarks/dashboard.py [PAPERS_OR_RESULTS ...]

Measures the files given (without any: the shared corpus of abstracts if it lies beside the checkout), and a million
synthetic results. Needs Chromium and playwright.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "browser")]

from dashboard_server import CHROMIUM, served  # noqa: E402

from leaderboard.table.schema import arrow_schema, columns  # noqa: E402

CORPUS = ROOT.parent / "shared" / "corpus" / "abstracts.jsonl.gz"
SYNTHETIC = 1_000_000
BOARDS = 6


def synthetic(count: int, seed: int = 7) -> pa.Table:
    """Results as uneven as real ones: few large boards and very many small ones."""
    random = np.random.default_rng(seed)
    datasets, papers = max(50, count // 100), max(20, count // 4)
    names = ["accuracy", "top-1 accuracy", "F1", "BLEU", "mAP", "RMSE", "WER", *(f"metric {i}" for i in range(200))]
    dataset = (random.zipf(1.3, count) - 1) % datasets
    metric = (random.zipf(1.6, count) - 1) % len(names)
    paper = random.integers(0, papers, count)
    year = 2012 + paper % 14
    value = np.round(50 + 40 * random.random(count), 2)
    written = [f"{v:.2f}" for v in value]
    frame = pd.DataFrame(
        {
            "paper_id": [f"p{i}" for i in paper],
            "title": [f"A study of matters, number {i}" for i in paper],
            "year": year,
            "date": [f"{y}-{i % 12 + 1:02d}-{i % 28 + 1:02d}" for y, i in zip(year, paper, strict=True)],
            "venue": np.array(["ACL", "CVPR", "NeurIPS", "ICML"])[paper % 4],
            "url": [f"https://example.org/{i}" for i in paper],
            "kind": np.where(
                random.random(count) < 0.15, "gain", np.where(random.random(count) < 0.05, "cost", "score")
            ),
            "change": "difference",
            "method": [f"Method-{i}" for i in random.integers(0, max(200, count // 20), count)],
            "dataset": [f"Data {i}" for i in dataset],
            "metric": [names[i] for i in metric],
            "value": value,
            "value_text": written,
            "score": value,
            "higher_is_better": True,
            "confidence": np.round(random.random(count), 2),
            "own": random.random(count) < 0.7,
            "field": "abstract",
            "start": 19,
            "end": 24,
            "sentence": [
                f"The method reaches {v} on the data set, more than what was known before it." for v in written
            ],
            "rule": "synthetic",
            "source": "text",
        }
    )
    frame.loc[frame["kind"] != "gain", "change"] = None
    for column in columns():
        if column.name not in frame:
            frame[column.name] = [[] for _ in range(count)] if column.type == "list" else None
    return pa.Table.from_pandas(frame[arrow_schema().names], schema=arrow_schema(), preserve_index=False)


def settle(page: Page) -> None:
    expect(page.locator(".lb-footer")).to_be_visible(timeout=600_000)
    expect(page.locator("[data-testid=stApp]")).to_have_attribute(
        "data-test-script-state", "notRunning", timeout=60_000
    )


def timed(action: Callable[[], None]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def choose(page: Page, dataset: str) -> None:
    """Type a data set, take it, and wait for its board."""
    choice = page.get_by_role("combobox", name="Data set")
    choice.click()
    choice.fill(dataset)
    page.get_by_role("option", name=dataset, exact=True).first.wait_for()


def measure(name: str, files: list[Path]) -> None:
    """Print the times of one set of files."""
    from leaderboard.dashboard import cache, placing
    from leaderboard.dashboard.store import Store

    with tempfile.TemporaryDirectory() as work, served(Path(work), files) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()

        def open_first() -> None:
            page.goto(address)
            settle(page)

        print(f"{name}")
        print(f"  ready, the first time      {timed(open_first):7.2f} s")
        print(f"  {page.locator('.lb-footer').inner_text()}")
        cache = Path(work) / "cache"
        prepared = placing.Prepared("", next(cache.glob("*.results.parquet")), next(cache.glob("*.boards.parquet")))
        boards = Store(prepared).boards()
        wanted = boards.drop_duplicates("dataset")["dataset"].head(BOARDS).tolist()
        print(f"  largest board              {int(boards['entries'].max()):7,} results")
        first = timed(lambda: (page.goto(f"{address}/board"), settle(page)))
        opened, filtered = [], []
        for dataset in wanted[1:]:
            choose(page, dataset)
            start = time.perf_counter()
            page.get_by_role("option", name=dataset, exact=True).first.click()
            expect(page.locator("h1")).to_contain_text(f" on {dataset}")
            settle(page)
            opened.append(time.perf_counter() - start)
        # Back to the largest board, where the filter has something to leave out.
        choose(page, wanted[0])
        page.get_by_role("option", name=wanted[0], exact=True).first.click()
        expect(page.locator("h1")).to_contain_text(f" on {wanted[0]}")
        settle(page)
        page.get_by_text("Filters", exact=True).click()
        own = page.get_by_text("The papers' own systems only")
        own.wait_for()
        for _ in range(4):
            page.wait_for_timeout(1000)  # a person does not click again before the page stands still
            lead = page.locator(".lb-lead").inner_text()
            start = time.perf_counter()
            own.click()
            expect(page.locator(".lb-lead")).not_to_have_text(lead)
            settle(page)
            filtered.append(time.perf_counter() - start)
        print(f"  a board, new window        {first:7.2f} s")
        print(f"  another board              {statistics.median(opened):7.2f} s median, {max(opened):.2f} s at most")
        print(
            f"  a filter                   {statistics.median(filtered):7.2f} s median, {max(filtered):.2f} s at most"
        )
        browser.close()


def main(files: list[Path]) -> int:
    """Measure; the exit status."""
    if CHROMIUM is None:
        print("there is no Chromium on this machine; install it and try again", file=sys.stderr)
        return 1
    files = files or [CORPUS] * CORPUS.exists()
    if files:
        measure(", ".join(file.name for file in files), files)
    with tempfile.TemporaryDirectory() as work:
        path = Path(work) / "synthetic.parquet"
        pq.write_table(synthetic(SYNTHETIC), path, compression="zstd", row_group_size=1 << 16)
        measure(f"{SYNTHETIC:,} synthetic results", [path])
    return 0


if __name__ == "__main__":
    sys.exit(main([Path(name) for name in sys.argv[1:]]))
