"""Makes docs/report.png, the picture of the README, from build/report.html; `make picture` calls it.

Needs a Chromium: the one that VNPOLICY_CHROMIUM names, else `chromium` on the path.
"""

import os
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
SIZE = {"width": 1440, "height": 900}
WIDTH = 1100
"""Pixels of the picture: what the README's column shows."""

COLOURS = 128
"""Of the palette: flat colours and text need no more, and the file stays small."""


def main() -> None:
    """Takes the overview as a person first sees it."""
    chromium = os.environ.get("VNPOLICY_CHROMIUM") or shutil.which("chromium")
    if not chromium:
        sys.exit("no Chromium: install it, or name it with VNPOLICY_CHROMIUM")
    target = ROOT / "docs" / "report.png"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport=SIZE)
        page.goto((ROOT / "build" / "report.html").as_uri())
        page.locator("#heatmap tbody button").first.wait_for()
        bottom = page.locator("#heatmap").evaluate("table => table.getBoundingClientRect().bottom") + 20
        page.screenshot(path=target, full_page=True, clip={"x": 0, "y": 0, "width": SIZE["width"], "height": bottom})
        browser.close()
    picture = Image.open(target).convert("RGB")
    small = picture.resize((WIDTH, picture.height * WIDTH // picture.width), Image.Resampling.LANCZOS)
    small.convert("P", palette=Image.Palette.ADAPTIVE, colors=COLOURS).save(target, optimize=True)


if __name__ == "__main__":
    main()
