"""``make screenshots``: plays cases on everything that `baitiao up` starts and keeps pictures of the main states in docs/screenshots."""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path
from typing import Any

import requests
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.widget.browsing import DESKTOP, PHONE, choices, launch, say
from tests.widget.test_whole_case import ROOT, Up

PICTURES = ROOT / "docs/screenshots"
LARGEST = 100 * 1024


def main() -> int:
    """Makes every picture."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        up = Up(Path(folder))
        up.start()
        browser = launch(playwright)
        try:
            _pictures(browser, up.address)
        finally:
            browser.close()
            up.stop()
    return 0


def _pictures(browser: Browser, address: str) -> None:
    page = _open(browser, address, "u-2001/o-2001")
    _keep(page, "checkout")
    _ask(page)
    _keep(page, "diagnosis")
    page.locator(".log").evaluate("log => { log.scrollTop = log.scrollHeight; }")
    _keep(page, "step")
    _keep(_solved(browser, address, "u-1013/o-1013", "还清逾期"), "resolved")
    _keep(_solved(browser, address, "u-1024/o-1024", "绑定手机号", "dark"), "resolved-dark")
    page = _open(browser, address, "u-1048/o-1048")
    _ask(page)
    _keep(page, "explained")
    page.locator(".header .person").click()
    expect(page.locator(".number")).to_be_visible(timeout=15_000)
    page.get_by_role("radio", name="不错").check()
    expect(page.get_by_role("button", name="提交")).to_be_visible()
    _keep(page, "handoff")
    page = _open(browser, address, "u-2002/o-2002", "dark")
    _ask(page)
    _keep(page, "diagnosis-dark")
    page = _open(browser, address, "u-1060/o-1060")
    page.get_by_role("button", name="打开白条助手").click()
    say(page, "我的身份证是 11010519491231002X")
    _keep(page, "warning")
    page.context.set_offline(True)
    page.get_by_role("button", name="返回修改").click()
    say(page, "怎么不能分期")
    expect(page.get_by_text("没发出去，正在重试")).to_be_visible()
    _keep(page, "offline")
    page = _open(browser, address, "u-1003/o-1003", "dark")
    page.get_by_role("button", name="系统故障", exact=True).click()
    _ask(page)
    page.get_by_role("button", name="恢复后通知我").click()
    expect(page.get_by_text("好了会在这里通知您")).to_be_visible(timeout=15_000)
    _keep(page, "waiting-dark")
    requests.post(f"{address}/shop/api/world", json={"action": "end"}, timeout=20)
    for scheme, case in (("light", "u-2003/o-2003"), ("dark", "u-2004/o-2004")):
        page = _open(browser, address, case, scheme, DESKTOP)
        _ask(page)
        _keep(page, f"desktop-{scheme}")


def _solved(browser: Browser, address: str, case: str, remedy: str, scheme: str = "light") -> Page:
    page = _open(browser, address, case, scheme)
    _ask(page)
    page.get_by_role("button", name="演示面板").click()
    page.get_by_role("button", name=remedy).click()
    page.get_by_role("button", name="回到聊天").click()
    page.get_by_role("button", name="已完成").last.click()
    expect(page.get_by_role("table", name="分期方案")).to_be_visible(timeout=15_000)
    return page


def _ask(page: Page) -> None:
    page.get_by_role("button", name="为什么不能分期？").click()
    expect(page.locator(".case")).to_be_visible(timeout=15_000)
    expect(choices(page).first).to_be_visible()


def _keep(page: Page, name: str) -> None:
    page.wait_for_timeout(600)
    file = PICTURES / f"{name}.png"
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        # Flat colours lose nothing by a palette, and the repository stays small.
        picture.convert("RGB").quantize(192, dither=Image.Dither.NONE).save(file, optimize=True)
    if file.stat().st_size > LARGEST:
        raise RuntimeError(f"{file.name} is larger than {LARGEST} bytes")


def _open(browser: Browser, address: str, case: str, scheme: Any = "light", viewport: Any = PHONE) -> Page:
    context = browser.new_context(
        viewport=viewport, color_scheme=scheme, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce", device_scale_factor=1
    )
    page = context.new_page()
    page.goto(f"{address}/shop#{case}")
    expect(page.locator("#checkout h2")).to_be_visible()
    return page


if __name__ == "__main__":
    sys.exit(main())
