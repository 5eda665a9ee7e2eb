"""Pictures of pages for the docs: by day and night, on desktop and phone, small enough for a repository."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page

from tests.widget.browsing import DESKTOP
from tests.widget.test_whole_case import ROOT

PICTURES = ROOT / "docs/screenshots"
LARGEST = 150 * 1024
PHONE = {"width": 390, "height": 844}


@dataclass(frozen=True)
class Look:
    """A screen by day or by night, and the customer who is seen on it."""

    name: str
    scheme: Any
    viewport: Any
    case: str


LOOKS = (
    Look("phone-light", "light", PHONE, "u-2001/o-2001"),
    Look("phone-dark", "dark", PHONE, "u-2002/o-2002"),
    Look("desktop-light", "light", DESKTOP, "u-2003/o-2003"),
    Look("desktop-dark", "dark", DESKTOP, "u-2004/o-2004"),
)


def keep(page: Page, name: str, settled: int = 600) -> None:
    """Takes the picture once nothing moves any more."""
    page.wait_for_timeout(settled)
    file = PICTURES / f"{name}.png"
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        # Flat colours lose nothing by a palette, and the repository stays small.
        picture.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(file, optimize=True)
    if file.stat().st_size > LARGEST:
        raise RuntimeError(f"{file.name} is larger than {LARGEST} bytes")


def page_of(browser: Browser, look: Look, address: str) -> Page:
    """A page as this look shows it."""
    touch = look.viewport is PHONE
    context = browser.new_context(
        viewport=look.viewport,
        color_scheme=look.scheme,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
        has_touch=touch,
        is_mobile=touch,
    )
    page = context.new_page()
    page.goto(address)
    return page
