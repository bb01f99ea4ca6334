"""The main paths of the dashboard, walked in a real browser."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from leaderboard import rank, read_papers
from leaderboard.dashboard.sources import EXAMPLE


def settle(page: Page) -> None:
    """Wait until the page is drawn and the server has nothing more to say."""
    expect(page.locator(".lb-footer")).to_be_visible(timeout=60_000)
    expect(page.locator("[data-testid=stApp]")).to_have_attribute(
        "data-test-script-state", "notRunning", timeout=30_000
    )


def open_page(page: Page, address: str) -> None:
    page.goto(address)
    settle(page)


def shown_address(page: Page, holding: str) -> str:
    """The address that the Link button offers, once it holds what was chosen last."""
    page.get_by_role("button", name="Link").first.click()
    code = page.locator("[data-testid=stPopoverBody] code")
    expect(code).to_contain_text(holding)
    address = code.inner_text()
    page.keyboard.press("Escape")
    return address


def test_find_a_board_filter_it_and_share_it(page: Page, context: BrowserContext, example: str) -> None:
    open_page(page, example)
    page.get_by_placeholder(re.compile("^Search data sets")).fill("imagenet top-1")
    expect(page.get_by_text("Boards", exact=True)).to_be_visible()
    page.get_by_placeholder(re.compile("^Search data sets")).fill("")
    page.get_by_role("button", name="Open board").first.click()
    page.wait_for_url(re.compile(r"/board\?board="))
    settle(page)
    choice = page.get_by_role("combobox", name="Data set")
    choice.click()
    choice.press_sequentially("cifar-10")
    page.get_by_role("option", name="CIFAR-10", exact=True).click()
    expect(page.locator("h1")).to_contain_text(" on CIFAR-10,")
    settle(page)
    page.get_by_text("Filters", exact=True).click()
    page.get_by_label("Method or title holds").fill("e")
    page.get_by_label("Method or title holds").press("Enter")
    page.get_by_text("The papers' own systems only").click()
    expect(page.locator(".lb-lead")).to_contain_text(re.compile(r"\d+ of \d+ results"))
    address = shown_address(page, "own=true")
    settle(page)
    lead = page.locator(".lb-lead").inner_text()
    evidence = page.locator(".lb-evidence").all_inner_texts()
    assert parse_qs(urlsplit(address).query)["find"] == ["e"]
    for link in (page.url, address):
        fresh = context.new_page()
        open_page(fresh, link)
        expect(fresh.locator(".lb-lead")).to_have_text(lead)
        assert fresh.locator(".lb-evidence").all_inner_texts() == evidence
        fresh.close()


def test_the_csv_is_the_table_shown(page: Page, example: str, table: pd.DataFrame) -> None:
    open_page(page, f"{example}/board?own=true")
    title = page.locator("h1").inner_text()
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV", exact=True).click()
    rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text())))
    dataset, metric = rows[0]["dataset"], rows[0]["metric"]
    assert title.casefold().startswith(f"{metric} on {dataset}".casefold())
    ranked = rank(table, dataset=dataset, metric=metric)
    expected = ranked[ranked["own"].astype(bool) & ranked["rank"].notna()]
    assert [row["paper_id"] for row in rows] == expected["paper_id"].tolist()
    assert [float(row["score"]) for row in rows] == expected["score"].tolist()
    assert [row["method"] for row in rows] == expected["method"].fillna("").tolist()
    assert rows[0]["rank"] == "1"
    assert re.search(rf"\b{len(rows)}( of \d+)? results", page.locator(".lb-lead").inner_text())


@pytest.mark.parametrize(("name", "magic"), [("PNG", b"\x89PNG"), ("SVG", b"<svg")])
def test_a_chart_is_saved_as_a_picture(page: Page, example: str, name: str, magic: bytes) -> None:
    open_page(page, f"{example}/board")
    with page.expect_download() as download:
        page.get_by_role("button", name=name, exact=True).click()
    content = Path(download.value.path()).read_bytes()
    assert content.startswith(magic)
    assert download.value.suggested_filename.endswith(name.lower())


def test_a_click_on_a_point_opens_its_paper(page: Page, example: str) -> None:
    open_page(page, f"{example}/board")
    chart = page.locator("[data-testid=stVegaLiteChart]")
    expect(chart).to_be_visible()
    points = chart.locator("path[aria-roledescription=point]")
    expect(points.first).to_be_attached()
    points.first.click(force=True)
    page.wait_for_url(re.compile("/paper\\?paper="))
    settle(page)
    assert parse_qs(urlsplit(page.url).query)["at"]
    expect(page.locator(".lb-mark.lb-value").first).to_be_visible()


def test_marks_stand_at_the_right_characters(page: Page, example: str, table: pd.DataFrame) -> None:
    papers = {paper.paper_id: paper for paper in read_papers([EXAMPLE])}
    paper_id = str(table["paper_id"].value_counts().index[0])
    open_page(page, f"{example}/paper?paper={paper_id}")
    text = page.locator(".lb-text")
    assert text.evaluate("node => node.textContent") == papers[paper_id].abstract
    starts = text.locator("mark.lb-value").evaluate_all(
        """nodes => nodes.map(node => {
            const range = document.createRange();
            range.setStart(node.closest('.lb-text'), 0);
            range.setEndBefore(node);
            return [[...range.toString()].length, node.textContent];
        })"""
    )
    expected = table[(table["paper_id"] == paper_id) & (table["field"] == "abstract")]
    wanted = {(int(start), text) for start, text in zip(expected["start"], expected["value_text"], strict=True)}
    assert {(start, piece) for start, piece in starts} == wanted


def test_a_pasted_abstract_gives_its_result(page: Page, example: str) -> None:
    open_page(page, f"{example}/extract")
    page.get_by_label("Abstract").fill("Our QuxNet reaches 97.5% accuracy on MNIST with 4 layers.")
    page.get_by_role("button", name="Extract").click()
    expect(page.locator("mark.lb-value")).to_have_count(2)  # in the legend and in the text
    expect(page.locator(".lb-text mark.lb-value")).to_have_text("97.5")
    expect(page.locator(".lb-text mark.lb-rejected")).to_have_text("4")
    settle(page)
    page.get_by_role("button", name="Add to this visit's table").click()
    expect(page.get_by_text("Added on this visit", exact=True)).to_be_visible()
    page.get_by_role("link", name="Paper").click()
    expect(page.locator(".lb-footer")).to_contain_text("with what you added on this visit")


def test_a_broken_file_is_told_apart_from_a_good_one(page: Page, example: str) -> None:
    open_page(page, f"{example}/extract?from=Files")
    good = b'{"id": "x", "title": "X", "abstract": "XNet reaches 91.2% accuracy on MNIST."}\nthis is no record\n'
    page.locator("input[type=file]").set_input_files(
        [
            {"name": "broken.parquet", "mimeType": "application/octet-stream", "buffer": b"PAR1 and no more"},
            {"name": "papers.jsonl", "mimeType": "application/json", "buffer": good},
        ]
    )
    expect(page.get_by_text("broken.parquet could not be read")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("1 record could not be read")).to_be_visible()
    expect(page.locator("[data-testid=stDataFrame]")).to_be_visible()
    expect(page.get_by_text("Traceback")).to_have_count(0)


def test_compare_a_suggested_pair(page: Page, example: str) -> None:
    open_page(page, f"{example}/compare")
    page.locator("[data-testid=stDataFrame]").first.click(position={"x": 107, "y": 52})
    page.wait_for_url(re.compile(r"/compare\?methods="))
    settle(page)
    expect(page.get_by_text("Wins, losses, ties")).to_be_visible()
    assert len(parse_qs(urlsplit(page.url).query)["methods"]) == 2


def test_a_square_of_the_coverage_opens_its_board(page: Page, example: str) -> None:
    open_page(page, example)
    chart = page.locator("[data-testid=stVegaLiteChart]")
    chart.scroll_into_view_if_needed()
    square = chart.locator("path[aria-roledescription='rect mark']").first
    expect(square).to_be_attached()
    told = str(square.get_attribute("aria-label"))
    square.click(force=True)
    page.wait_for_url(re.compile(r"/board\?board="))
    settle(page)
    dataset = re.search(r"dataset: ([^;]+)", told)
    assert dataset is not None
    expect(page.locator("h1")).to_contain_text(f" on {dataset[1]}")


def test_the_way_back(page: Page, example: str) -> None:
    open_page(page, f"{example}/board")
    first = page.locator("h1").inner_text()
    choice = page.get_by_role("combobox", name="Data set")
    choice.click()
    choice.press_sequentially("cifar-10")
    page.get_by_role("option", name="CIFAR-10", exact=True).click()
    expect(page.locator("h1")).to_contain_text(" on CIFAR-10,")
    settle(page)
    page.get_by_role("link", name="Paper").click()
    page.wait_for_url(re.compile("/paper"))
    page.go_back()
    expect(page.locator("h1")).to_contain_text(" on CIFAR-10,")
    settle(page)
    page.go_back()
    expect(page.locator("h1")).to_have_text(first)
