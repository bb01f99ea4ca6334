"""Pictures of every page of the dashboard on the bundled example, light and dark, for the README and the docs.

    python benchmarks/dashboard_pictures.py [FOLDER]

FOLDER is docs/pictures by default. Needs Chromium and playwright. The pictures are PNG with a palette, small enough to
keep beside the text.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "browser"))

from dashboard_server import CHROMIUM, served  # noqa: E402

WIDTH, HEIGHT, TALLEST = 1180, 800, 1500
PASTED = (
    "title=TinyDigits%3A+small+networks+for+digits&abstract=We+propose+TinyDigits%2C+a+network+with+4+layers.+On+MNIST%2C+"
    "TinyDigits+reaches+99.4%25+accuracy%2C+1.2+points+better+than+LeNet%2C+and+runs+at+310+fps+on+a+phone."
)
PAGES = {
    "overview": "",
    "board": "board",
    "paper": "paper?paper=arxiv:1810.04805",
    "compare": "compare?methods=BERT&methods=ALBERT&methods=SAN",
    "gains": "gains",
    "extract": f"extract?{PASTED}",
    "review": "review",
}


def main(folder: Path) -> int:
    """Make all pictures; the exit status."""
    if CHROMIUM is None:
        print("there is no Chromium on this machine; install it and try again", file=sys.stderr)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work, served(Path(work)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for scheme in ("light", "dark"):
            context = browser.new_context(
                viewport={"width": WIDTH, "height": HEIGHT}, color_scheme=scheme, device_scale_factor=1.5
            )
            page = context.new_page()
            for name, path in PAGES.items():
                take(page, f"{address}/{path}", folder / f"{name}-{scheme}.png", TALLEST)
            context.close()
        context = browser.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=2)
        take(context.new_page(), f"{address}/board", folder / "board-phone.png", 1400)
        browser.close()
    return 0


def take(page: Page, address: str, path: Path, tallest: int) -> None:
    """One picture of a page, from its top, once it is drawn."""
    page.goto(address)
    expect(page.locator(".lb-footer")).to_be_visible(timeout=120_000)
    expect(page.locator("[data-testid=stApp]")).to_have_attribute(
        "data-test-script-state", "notRunning", timeout=60_000
    )
    size = page.viewport_size or {"width": WIDTH, "height": HEIGHT}
    height = int(page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight"))
    page.set_viewport_size({"width": size["width"], "height": max(700, min(height, tallest))})
    page.wait_for_timeout(1500)  # grids and charts are drawn anew at their size
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.convert("RGB").quantize(256, kmeans=4, dither=Image.Dither.NONE).save(path, optimize=True)
    page.set_viewport_size(size)  # type: ignore[arg-type]
    print(path)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures"))
