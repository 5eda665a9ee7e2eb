"""A whole case at phone size on everything that `baitiao up` starts, and a restart in the middle of it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Locator, Page, expect

from tests.widget.browsing import PHONE, say, turns

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 120
SECRET = "a secret of the tests, longer than 32 characters"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


class Up:
    """A running `baitiao up` with ports and a database of its own."""

    def __init__(self, folder: Path) -> None:
        self._port, self._actions = free_port(), free_port()
        self._environment = {
            **os.environ,
            "BAITIAO_DATABASE_URL": f"sqlite:///{folder}/up.db",
            "BAITIAO_ACTIONS_PORT": str(self._actions),
            "BAITIAO_TOKEN_SECRET": SECRET,
            "BAITIAO_RECOVERY_INTERVAL": "1",
        }
        self._log = folder / "up.log"
        self.address = f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        with self._log.open("ab") as log:
            command = [sys.executable, "-m", "bot.cli", "up", "--port", str(self._port)]
            self._process = subprocess.Popen(command, cwd=ROOT, env=self._environment, stdout=log, stderr=log)
        deadline = time.monotonic() + READY_SECONDS
        while not self._ready():
            assert self._process.poll() is None and time.monotonic() < deadline, self._log.read_text()[-2000:]
            time.sleep(0.2)

    def stop(self) -> None:
        self._process.send_signal(signal.SIGINT)
        self._process.wait(30)

    def _ready(self) -> bool:
        try:
            return requests.get(f"{self.address}/health/ready", timeout=2).status_code == 200
        except requests.ConnectionError:
            return False


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    running = Up(tmp_path_factory.mktemp("up"))
    running.start()
    yield running
    running.stop()


def kinds(page: Page) -> list[tuple[str, ...]]:
    return page.locator(".turn.bot .bubble").evaluate_all("all => all.map((each) => each.dataset.type)")


def test_a_case_is_solved_at_phone_size_across_a_restart(up: Up, opened: Callable[..., Page]) -> None:
    page = opened(f"{up.address}/shop#u-2001/o-2001", viewport=PHONE, tolerated="ERR_")
    page.get_by_role("button", name="为什么不能分期？").click()
    expect(page.locator(".cause-title")).to_have_text(["有逾期待还", "手机号未绑定"], timeout=15_000)
    page.get_by_role("button", name="已完成").click()
    expect(page.locator(".log").get_by_text("第 2 步，共 2 步")).to_be_visible(timeout=10_000)
    up.stop()
    expect(page.get_by_text("正在重新连接")).to_be_visible(timeout=15_000)
    up.start()
    expect(page.get_by_text("正在重新连接")).to_be_hidden(timeout=30_000)
    for done, remedy in enumerate(("还清逾期", "绑定手机号"), 1):
        page.get_by_role("button", name="演示面板").click()
        page.get_by_role("button", name=remedy).click()
        page.get_by_role("button", name="回到聊天").click()
        # It is said unasked, and what could be pressed before is over with it.
        expect(turns(page, "bot").get_by_text(re.compile("已解除$"))).to_have_count(done, timeout=15_000)
    expect(page.get_by_role("table", name="分期方案")).to_contain_text("年化", timeout=15_000)
    assert kinds(page)[:2] == ["diagnosis", "step"] and kinds(page)[-1] == "resolved"
    page.get_by_role("radio", name="很好").check()
    expect(page.get_by_text("谢谢您的评价。")).to_be_visible()


def test_what_is_done_is_said_without_being_asked_and_once_more_when_asked(up: Up, opened: Callable[..., Page]) -> None:
    page = opened(f"{up.address}/shop#u-1024/o-1024", viewport=PHONE)
    page.get_by_role("button", name="为什么不能分期？").click()
    expect(page.locator(".cause-title")).to_have_text(["手机号未绑定"], timeout=15_000)
    page.get_by_role("button", name="演示面板").click()
    page.get_by_role("button", name="绑定手机号").click()
    page.get_by_role("button", name="回到聊天").click()
    expect(page.get_by_role("table", name="分期方案")).to_contain_text("年化", timeout=15_000)
    assert kinds(page) == ["diagnosis", "step", "check", "resolved"]
    expect(page.locator(".star")).to_have_count(5)
    # The step's choices are over; whoever says it nevertheless is answered once more.
    expect(page.locator(".dock .choice")).to_have_text(["看到了", "还是没有", "转人工"])
    say(page, "已完成")
    expect(page.get_by_role("table", name="分期方案")).to_have_count(2, timeout=15_000)
    assert kinds(page) == ["diagnosis", "step", "check", "resolved", "check", "resolved"]
    page.get_by_role("button", name="看到了").last.click()
    expect(turns(page, "bot").last.locator(".bubble")).to_have_attribute("data-type", "ended", timeout=15_000)
    page.get_by_role("radio", name="很好").check()
    expect(page.get_by_text("谢谢您的评价。")).to_be_visible()
    page.reload()
    page.get_by_role("button", name=re.compile("打开白条助手")).click()
    expect(turns(page, "bot").last.locator(".bubble")).to_have_attribute("data-type", "ended", timeout=15_000)
    expect(page.locator(".star")).to_have_count(0)


def test_an_outage_is_waited_for_and_its_end_called_out(up: Up, opened: Callable[..., Page]) -> None:
    page = opened(f"{up.address}/shop#u-1003/o-1003", viewport=PHONE)
    page.get_by_role("button", name="系统故障", exact=True).click()
    expect(page.get_by_text("加载失败，请稍后再试")).to_be_visible()
    page.get_by_role("button", name="为什么不能分期？").click()
    page.get_by_role("toolbar").get_by_role("button", name="恢复后通知我").click(timeout=15_000)
    expect(page.get_by_text("好了会在这里通知您")).to_be_visible(timeout=10_000)
    page.get_by_role("button", name="关闭聊天").click()
    page.get_by_role("button", name="结束系统故障").click()
    expect(page.get_by_role("button", name="打开白条助手，1 条未读消息")).to_be_visible(timeout=15_000)
    page.locator(".notice").click()
    page.get_by_role("button", name="继续").click()
    expect(page.get_by_role("table", name="分期方案")).to_be_visible(timeout=15_000)


def test_a_person_is_one_press_away_and_the_number_shown(up: Up, opened: Callable[..., Any]) -> None:
    page = opened(f"{up.address}/shop#u-1036/o-1036", viewport=PHONE)
    page.get_by_role("button", name="打开白条助手").click()
    page.get_by_role("button", name="转人工").click()
    expect(page.locator(".number strong")).to_have_text(re.compile(r"h-[a-z0-9]+"), timeout=15_000)


class Thumb:
    """Taps what is in view on a phone, and counts; it never scrolls."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.taps = 0

    def tap(self, button: Locator) -> None:
        expect(button).to_be_enabled(timeout=15_000)
        self._page.wait_for_timeout(400)
        box, screen = button.bounding_box(), self._page.viewport_size
        assert box and screen and box["y"] >= 0 and box["y"] + box["height"] <= screen["height"], (self.taps, box)
        self._page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.taps += 1


def test_three_causes_are_solved_on_a_phone_with_few_taps_and_without_scrolling(up: Up, opened: Callable[..., Page]) -> None:
    page = opened(f"{up.address}/shop#u-2002/o-2002", viewport=PHONE)
    thumb, said = Thumb(page), page.locator(".turn.bot")
    thumb.tap(page.get_by_role("button", name="打开白条助手"))
    expect(page.locator(".opening")).to_contain_text("3 件事挡住", timeout=15_000)
    thumb.tap(page.locator(".opening .primary"))
    card = page.locator(".case summary")
    for done, (cause, needs) in enumerate(
        {"realname_unverified": "完成实名认证", "bank_card_unusable": "换一张本人的卡", "app_outdated": "更新App"}.items()
    ):
        solved = f" · 已解决 {done}" if done else ""
        expect(card).to_have_text(f"3 件事{solved} · 现在：{needs}", timeout=15_000)
        step, steps = map(int, re.findall(r"\d+", page.locator("[data-type=step] > .head").last.inner_text()))
        assert step == 1
        for _ in range(1, steps):
            known = said.count()
            thumb.tap(page.get_by_role("button", name="已完成").last)
            expect(said).not_to_have_count(known, timeout=15_000)
        played = requests.post(f"{up.address}/shop/api/remedy", json={"user": "u-2002", "cause": cause, "order": "o-2002"}, timeout=20)
        # The chat says so unasked.
        assert played.ok, played.text
    expect(card).to_have_text("都解决了，共 3 件事", timeout=15_000)
    expect(page.get_by_role("table", name="分期方案")).to_be_visible()
    assert thumb.taps <= 12
