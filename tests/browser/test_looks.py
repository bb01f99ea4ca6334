"""What a visitor sees: nothing fetched, no text taken as markup, both themes, small screens, screen readers."""

from __future__ import annotations

import pytest
from dashboard_server import HOSTILE
from playwright.sync_api import Browser, Page, expect
from test_walks import open_page

PAGES = ("", "board", "paper", "compare", "gains", "extract")


def test_a_hostile_abstract_is_shown_exactly_and_fetches_nothing(page: Page, hostile: str, outside: list[str]) -> None:
    for address in (
        "",
        "board",
        "paper",
        "gains",
        "extract",
        "paper?paper=hostile",
        "?find=evil",
        "compare?methods=EvilNet",
    ):
        open_page(page, f"{hostile}/{address}")
        assert page.locator("[data-testid=stMain] :is(script, iframe, img[src*=outside])").count() == 0
    open_page(page, f"{hostile}/paper?paper=hostile")
    assert page.locator(".lb-text").evaluate("node => node.textContent") == HOSTILE["abstract"]
    assert page.locator("h1").evaluate("node => node.textContent") == HOSTILE["title"]
    assert page.locator(".lb-text :not(mark)").count() == 0
    page.get_by_role("button", name="Cite").click()
    expect(page.locator("[data-testid=stPopoverBody] code")).to_contain_text("@misc")
    assert outside == []


def test_the_example_fetches_nothing_from_elsewhere(page: Page, example: str, outside: list[str]) -> None:
    for name in PAGES:
        open_page(page, f"{example}/{name}")
    assert outside == []


@pytest.mark.parametrize("name", PAGES)
def test_a_phone_shows_each_page_without_overlap(browser: Browser, example: str, name: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    query = "?methods=BERT&methods=ALBERT" if name == "compare" else ""
    open_page(page, f"{example}/{name}{query}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    wide = page.evaluate(
        """() => [...document.querySelectorAll('[data-testid=stMain] [data-testid=stElementContainer]')]
            .map(node => node.getBoundingClientRect())
            .filter(box => box.width && (box.left < 0 || box.right > 391)).length"""
    )
    assert wide == 0
    crossing = page.evaluate(
        """() => {
            const boxes = [...document.querySelectorAll('[data-testid=stMain] [data-testid=stElementContainer]')]
                .filter(node => node.checkVisibility({visibilityProperty: true, opacityProperty: true}))
                .map(node => [node, node.getBoundingClientRect()]).filter(([, box]) => box.width > 1 && box.height > 1);
            const found = [];
            for (const [a, first] of boxes) for (const [b, second] of boxes) {
                if (a === b || a.contains(b) || b.contains(a)) continue;
                const x = Math.min(first.right, second.right) - Math.max(first.left, second.left);
                const y = Math.min(first.bottom, second.bottom) - Math.max(first.top, second.top);
                if (x > 2 && y > 2) found.push([a.innerText.slice(0, 40), b.innerText.slice(0, 40)]);
            }
            return found;
        }"""
    )
    assert crossing == []
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["board", "extract?abstract=QuxNet reaches 97.5% accuracy on MNIST."])
def test_text_and_marks_can_be_read_in_both_themes(browser: Browser, example: str, scheme: str, name: str) -> None:
    """Contrast as in WCAG 2.1: at least 4.5 to 1 for text."""
    context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    open_page(page, f"{example}/{name}")
    poor = page.evaluate(
        """() => {
            const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
            const rgb = color => {
                canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
                return [...canvas.getImageData(0, 0, 1, 1).data];
            };
            const behind = node => {
                for (let at = node; at; at = at.parentElement) {
                    const color = rgb(getComputedStyle(at).backgroundColor);
                    if (color[3] > 250) return color;
                }
                return [255, 255, 255, 255];
            };
            const light = ([r, g, b]) => {
                const [x, y, z] = [r, g, b].map(c => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
                return 0.2126 * x + 0.7152 * y + 0.0722 * z;
            };
            const kinds = '[data-testid=stBaseButton-primary] p, .lb-title, .lb-lead, .lb-heading, .lb-quiet, ' +
                '.lb-mark, .lb-sentence, .lb-footer';
            return [...document.querySelectorAll(kinds)]
                .map(node => {
                    const a = light(rgb(getComputedStyle(node).color)), b = light(behind(node));
                    return [node.className, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)];
                }).filter(([, contrast]) => contrast < 4.5);
        }"""
    )
    assert poor == []
    dark = page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    assert (dark == "rgb(255, 255, 255)") == (scheme == "light")
    context.close()


def test_the_page_speaks_to_a_screen_reader(page: Page, example: str) -> None:
    for name in (*PAGES, "extract?title=QuxNet&abstract=QuxNet reaches 97.5% accuracy on MNIST."):
        open_page(page, f"{example}/{name}")
        assert page.locator("h1").count() == 1
    open_page(page, f"{example}/board")
    expect(page.locator("[aria-label^='Best '][aria-label*=' so far']").first).to_be_attached()
    expect(page.get_by_role("combobox", name="Data set")).to_be_visible()
    expect(page.get_by_role("note", name="What the marks mean")).to_be_visible()
    unnamed = page.locator("[data-testid=stMain] button:visible").evaluate_all(
        """nodes => nodes.filter(node => !(node.innerText.trim() || node.getAttribute('aria-label') || node.title))
            .map(node => node.outerHTML)"""
    )
    assert unnamed == []


def test_the_theme_applies_wherever_it_is_started(page: Page, example: str) -> None:
    open_page(page, f"{example}/extract")
    button = page.get_by_role("button", name="Extract", exact=True)
    assert button.evaluate("node => getComputedStyle(node).backgroundColor") == "rgb(15, 118, 110)"
    expect(page.get_by_text("Deploy")).to_have_count(0)
