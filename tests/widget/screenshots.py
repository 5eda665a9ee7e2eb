"""``make screenshots``: plays cases on everything that `baitiao up` starts and keeps pictures of the chat, the desk and the lead's page in docs/screenshots."""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from actions.state.database import Database
from bot.channel.tokens import issue
from tests.load.desk_history import fill
from tests.widget.browsing import DESKTOP, choices, launch, say
from tests.widget.test_whole_case import ROOT, SECRET, Up

PICTURES = ROOT / "docs/screenshots"
LARGEST = 150 * 1024
PHONE = {"width": 390, "height": 844}
REPLY = "您好，我是小林。您的情况我都看到了，正在帮您核对，请稍等一下。"


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


def main() -> int:
    """Makes every picture."""
    # What is shown is what the modules say now.
    subprocess.run(["scripts/bundle-widget"], check=True, cwd=ROOT)
    PICTURES.mkdir(exist_ok=True)
    for old in PICTURES.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        up = Up(Path(folder))
        up.start()
        browser = launch(playwright)
        try:
            for look in LOOKS:
                _case(browser, up.address, look)
            _single_states(browser, up.address)
            database = Database(f"sqlite:///{folder}/up.db")
            fill(database, 300, 120, days=10, turns=3)
            database.close()
            for look in LOOKS:
                page = _desk(browser, up.address, look, "lead-1", roles=["lead"])
                page.get_by_role("link", name="数字").click()
                expect(page.get_by_role("heading", name="数字", exact=True)).to_be_visible()
                page.locator("main img").first.evaluate("image => image.decode()")
                _keep(page, f"lead-{look.name}")
        finally:
            browser.close()
            up.stop()
    return 0


def _case(browser: Browser, address: str, look: Look) -> None:
    """A customer's way from the first screen to a person, who is seen from both sides."""
    page = _shop(browser, address, look)
    page.get_by_role("button", name="打开白条助手").click()
    expect(page.locator(".opening .primary")).to_be_visible(timeout=15_000)
    _keep(page, f"opening-{look.name}")
    page.locator(".opening .primary").click()
    expect(choices(page).first).to_be_visible(timeout=15_000)
    _keep(page, f"chat-{look.name}")
    page.locator(".case summary").click()
    _keep(page, f"card-{look.name}")
    page.locator(".case summary").click()
    page.locator(".header .person").click()
    number = page.locator(".number strong").last
    expect(number).to_be_visible(timeout=15_000)
    _keep(page, f"queue-{look.name}")
    desk = _desk(browser, address, look, "agent-1", role="agent", shown_as="小林")
    desk.goto(f"{address}/desk/cases/{number.inner_text()}")
    desk.get_by_role("button", name="接手").click()
    field = desk.get_by_label("回复客户")
    field.fill(REPLY)
    desk.get_by_role("button", name="发送", exact=True).click()
    expect(page.locator(".turn.agent")).to_be_visible(timeout=15_000)
    _keep(desk, f"desk-{look.name}")
    # The desk says so every few seconds at most.
    page.wait_for_timeout(5000)
    field.press_sequentially("请")
    expect(page.locator(".about")).to_have_text("正在输入…", timeout=15_000)
    _keep(page, f"person-{look.name}", 100)
    for done in (page, desk):
        done.context.close()


def _single_states(browser: Browser, address: str) -> None:
    """What is only met now and then, on a phone."""
    light, dark = LOOKS[:2]
    page = _shop(browser, address, light, "u-1013/o-1013")
    _keep(page, "checkout")
    _ask(page)
    _keep(page, "step")
    # What comes within three seconds of an answer is taken for a part of it.
    page.wait_for_timeout(3000)
    requests.post(f"{address}/shop/api/remedy", json={"user": "u-1013", "cause": "overdue", "order": "o-1013"}, timeout=20)
    expect(page.get_by_role("table", name="分期方案")).to_be_visible(timeout=15_000)
    _keep(page, "resolved")
    page = _shop(browser, address, light, "u-1060/o-1060")
    page.get_by_role("button", name="打开白条助手").click()
    say(page, "我的身份证是 11010519491231002X")
    _keep(page, "warning")
    page.get_by_role("button", name="返回修改").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="发图片").click()
    chooser.value.set_files(PICTURES / "checkout.png")
    page.get_by_role("button", name="加遮挡").click()
    _keep(page, "covering")
    page.get_by_role("button", name="取消").click()
    page.context.set_offline(True)
    say(page, "怎么不能分期")
    expect(page.get_by_text("没发出去，正在重试")).to_be_visible()
    _keep(page, "offline")
    page = _shop(browser, address, dark, "u-1003/o-1003")
    page.get_by_role("button", name="系统故障", exact=True).click()
    _ask(page)
    page.get_by_role("button", name="恢复后通知我").click()
    expect(page.locator("[data-type=waiting]")).to_have_count(2, timeout=15_000)
    _keep(page, "waiting-dark")
    requests.post(f"{address}/shop/api/world", json={"action": "end"}, timeout=20)


def _ask(page: Page) -> None:
    page.get_by_role("button", name="为什么不能分期？").click()
    expect(choices(page).first).to_be_visible(timeout=15_000)


def _keep(page: Page, name: str, settled: int = 600) -> None:
    """Takes the picture once nothing moves any more."""
    page.wait_for_timeout(settled)
    file = PICTURES / f"{name}.png"
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        # Flat colours lose nothing by a palette, and the repository stays small.
        picture.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(file, optimize=True)
    if file.stat().st_size > LARGEST:
        raise RuntimeError(f"{file.name} is larger than {LARGEST} bytes")


def _page(browser: Browser, look: Look, address: str) -> Page:
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


def _shop(browser: Browser, address: str, look: Look, case: str = "") -> Page:
    page = _page(browser, look, f"{address}/shop#{case or look.case}")
    expect(page.locator("#checkout h2")).to_be_visible()
    return page


def _desk(browser: Browser, address: str, look: Look, person: str, **claims: Any) -> Page:
    page = _page(browser, look, f"{address}/desk")
    page.get_by_label("坐席令牌").fill(issue(SECRET, person, None, **claims))
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("button", name="退出")).to_be_visible()
    return page


if __name__ == "__main__":
    sys.exit(main())
