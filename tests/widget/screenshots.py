"""``make screenshots``: plays cases on everything that `baitiao up` starts and keeps pictures of the chat, the desk, the lead's page and the console in docs/screenshots."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import requests
from playwright.sync_api import Browser, Page, expect, sync_playwright

from actions.state.database import Database
from bot.channel.tokens import issue
from tests.load.desk_history import fill
from tests.widget.browsing import choices, launch, say
from tests.widget.picturing import LOOKS, PICTURES, Look, keep, page_of
from tests.widget.screenshots_console import console_pictures, insight_picture
from tests.widget.test_whole_case import ROOT, SECRET, Up

REPLY = "您好，我是小林。您的情况我都看到了，正在帮您核对，请稍等一下。"


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
                keep(page, f"lead-{look.name}")
            console_pictures(browser, up.address, f"sqlite:///{folder}/up.db")
            insight_picture(browser, up.address, f"sqlite:///{folder}/up.db")
        finally:
            browser.close()
            up.stop()
    return 0


def _case(browser: Browser, address: str, look: Look) -> None:
    """A customer's way from the first screen to a person, who is seen from both sides."""
    page = _shop(browser, address, look)
    page.get_by_role("button", name="打开白条助手").click()
    expect(page.locator(".opening .primary")).to_be_visible(timeout=15_000)
    keep(page, f"opening-{look.name}")
    page.locator(".opening .primary").click()
    expect(choices(page).first).to_be_visible(timeout=15_000)
    keep(page, f"chat-{look.name}")
    page.locator(".case summary").click()
    keep(page, f"card-{look.name}")
    page.locator(".case summary").click()
    page.locator(".header .person").click()
    number = page.locator(".number strong").last
    expect(number).to_be_visible(timeout=15_000)
    keep(page, f"queue-{look.name}")
    desk = _desk(browser, address, look, "agent-1", role="agent", shown_as="小林")
    desk.goto(f"{address}/desk/cases/{number.inner_text()}")
    desk.get_by_role("button", name="接手").click()
    field = desk.get_by_label("回复客户")
    field.fill(REPLY)
    desk.get_by_role("button", name="发送", exact=True).click()
    expect(page.locator(".turn.agent")).to_be_visible(timeout=15_000)
    keep(desk, f"desk-{look.name}")
    # The desk says so every few seconds at most.
    page.wait_for_timeout(5000)
    field.press_sequentially("请")
    expect(page.locator(".about")).to_have_text("正在输入…", timeout=15_000)
    keep(page, f"person-{look.name}", 100)
    for done in (page, desk):
        done.context.close()


def _single_states(browser: Browser, address: str) -> None:
    """What is only met now and then, on a phone."""
    light, dark = LOOKS[:2]
    page = _shop(browser, address, light, "u-1013/o-1013")
    keep(page, "checkout")
    _ask(page)
    keep(page, "step")
    # What comes within three seconds of an answer is taken for a part of it.
    page.wait_for_timeout(3000)
    requests.post(f"{address}/shop/api/remedy", json={"user": "u-1013", "cause": "overdue", "order": "o-1013"}, timeout=20)
    expect(page.get_by_role("table", name="分期方案")).to_be_visible(timeout=15_000)
    keep(page, "resolved")
    page = _shop(browser, address, light, "u-1060/o-1060")
    page.get_by_role("button", name="打开白条助手").click()
    say(page, "我的身份证是 11010519491231002X")
    keep(page, "warning")
    page.get_by_role("button", name="返回修改").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="发图片").click()
    chooser.value.set_files(PICTURES / "checkout.png")
    page.get_by_role("button", name="加遮挡").click()
    keep(page, "covering")
    page.get_by_role("button", name="取消").click()
    page.context.set_offline(True)
    say(page, "怎么不能分期")
    expect(page.get_by_text("没发出去，正在重试")).to_be_visible()
    keep(page, "offline")
    page = _shop(browser, address, dark, "u-1003/o-1003")
    page.get_by_role("button", name="系统故障", exact=True).click()
    _ask(page)
    page.get_by_role("toolbar").get_by_role("button", name="恢复后通知我").click()
    expect(page.locator("[data-type=waiting]")).to_have_count(2, timeout=15_000)
    keep(page, "waiting-dark")
    requests.post(f"{address}/shop/api/world", json={"action": "end"}, timeout=20)


def _ask(page: Page) -> None:
    page.get_by_role("button", name="为什么不能分期？").click()
    expect(choices(page).first).to_be_visible(timeout=15_000)


def _shop(browser: Browser, address: str, look: Look, case: str = "") -> Page:
    page = page_of(browser, look, f"{address}/shop#{case or look.case}")
    expect(page.locator("#checkout h2")).to_be_visible()
    return page


def _desk(browser: Browser, address: str, look: Look, person: str, **claims: Any) -> Page:
    page = page_of(browser, look, f"{address}/desk")
    page.get_by_label("坐席令牌").fill(issue(SECRET, person, None, **claims))
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("button", name="退出")).to_be_visible()
    return page


if __name__ == "__main__":
    sys.exit(main())
