"""The demo shop's page in Chromium, on the real channel with a scripted assistant behind it."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Any, Awaitable, Callable, Iterator, List

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright
from rasa.core.channels.channel import UserMessage
from rasa.core.channels.channel import register as register_channel
from sanic import Sanic

from actions.state import conversations
from actions.state.conversations import MessageDraft
from actions.state.database import Database
from actions.state.world import load_world
from bot.channel.limits import RateLimiter
from bot.channel.store import ChannelStore
from bot.channel.tokens import TokenVerifier
from bot.channel.unit import current_turn
from bot.channel.widget import WidgetInput
from bot.demo import register
from bot.demo.remedies import DEMO_FILES
from bot.site import furnish
from tests.unit.demo.serving import Serving

SECRET = "a secret of the tests, longer than 32 characters"
CHROMIUM = os.environ.get("BAITIAO_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1360, "height": 860}
STEP_BUTTONS = [
    {"title": "已完成", "payload": "/step_done"},
    {"title": "找不到", "payload": "/cannot_find"},
    {"title": "转人工", "payload": "/request_human"},
]


class Shop:
    """The demo shop served with a scripted assistant."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.heard: List[str] = []
        self.script: Callable[[UserMessage], Awaitable[None]] = self.answer
        self.channel = WidgetInput(ChannelStore(database), TokenVerifier({"HS256": SECRET}), limiter=RateLimiter("10000/minute"))
        self.serving = Serving(self._furnish)
        self.address = f"{self.serving.address}/shop"

    def _furnish(self, app: Sanic) -> None:
        app.ctx.agent = type("Agent", (), {"handle_message": staticmethod(self._handle)})
        register_channel([self.channel], app, "/webhooks/")
        furnish(app, self.channel.metrics, {}, home="/shop")
        register(app, self.database, SECRET)

    async def _handle(self, message: UserMessage) -> None:
        parsed = message.parse_data
        self.heard.append(f"/{parsed['intent']['name']}" if parsed else str(message.text))
        turn = current_turn()
        assert turn is not None
        await self.script(message)
        turn.save_tracker("{}")

    async def answer(self, message: UserMessage) -> None:
        await self.say(message, "我看了这笔订单：有一笔逾期没有还清。")
        await self.say(message, "请在京东App → 我的 → 白条 → 还款里还清。<b>不是标签</b>", STEP_BUTTONS)

    @staticmethod
    async def say(message: UserMessage, text: str, buttons: Any = ()) -> None:
        await message.output_channel.send_response(message.sender_id, {"text": text, "buttons": list(buttons)})

    def tell(self, user: str, *texts: str, role: str = "bot") -> None:
        with self.database.session() as session:
            conversations.append(session, user, [MessageDraft(role=role, text=text) for text in texts])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    database = Database(f"sqlite:///{tmp_path}/shop.db")
    database.migrate()
    load_world(database, [DEMO_FILES / "world.yml"])
    shop = Shop(database)
    yield shop
    shop.serving.close()
    database.close()


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages; what the browser complains about in any of them fails the test."""
    complaints: List[str] = []
    contexts = []

    def open_page(address: str, tolerated: str = "", **options: Any) -> Page:
        context = browser.new_context(**{"viewport": DESKTOP, "locale": "zh-CN", "timezone_id": "Asia/Shanghai", **options})
        contexts.append(context)
        page = context.new_page()

        def complain(text: str) -> None:
            if not tolerated or not re.search(tolerated, text):
                complaints.append(text)

        page.on("console", lambda message: complain(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complain(str(error)))
        page.goto(address)
        expect(page.locator("#checkout h2")).to_be_visible()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def ask(page: Page) -> None:
    page.get_by_role("button", name="为什么不能分期？").click()


def texts(page: Page) -> List[str]:
    return page.locator(".log .bubble").all_inner_texts()


@pytest.mark.parametrize("viewport", [PHONE, {"width": 820, "height": 1180}, DESKTOP], ids=["phone", "tablet", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_loads_cleanly_and_fits(viewport: Any, scheme: Any, shop: Shop, opened: Callable[..., Page]) -> None:
    page = opened(shop.address, viewport=viewport, color_scheme=scheme)
    expect(page.get_by_text("演示：全部为模拟数据，与京东实际决定无关")).to_be_visible()
    expect(page.locator(".plan")).to_have_count(4)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (dark == "rgb(19, 18, 17)") == (scheme == "dark")


@pytest.mark.parametrize(
    ("address", "row"),
    [
        ("#u-1013/o-1013", "暂不可用"),
        ("#u-1036/o-1036", "白条 · 下月付"),
        ("#u-2006/b-2006", "账单分期"),
        ("#u-1030/o-1030", "付款方式不能再改"),
    ],
)
def test_the_installment_row_is_as_the_state_says(address: str, row: str, shop: Shop, opened: Callable[..., Page]) -> None:
    page = opened(shop.address + address)
    expect(page.locator("#checkout").get_by_text(row)).to_be_visible()
    assert page.locator(".plan").count() == (4 if address == "#u-2006/b-2006" else 0)


def test_customers_are_found_and_chosen(shop: Shop, opened: Callable[..., Page]) -> None:
    page = opened(shop.address)
    page.get_by_role("searchbox").fill("黄金")
    page.get_by_role("button", name="柏青松").click()
    expect(page.locator("#checkout").get_by_text("古法金手镯 10 克")).to_be_visible()
    page.reload()
    expect(page.locator("#checkout").get_by_text("古法金手镯 10 克")).to_be_visible()
    page.get_by_role("searchbox").fill("没有这个人")
    expect(page.get_by_text("没有找到，换个词试试")).to_be_visible()


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_case_is_asked_about_played_and_its_plans_appear(viewport: Any, shop: Shop, opened: Callable[..., Page]) -> None:
    page = opened(f"{shop.address}#u-1013/o-1013", viewport=viewport)
    ask(page)
    expect(page.get_by_role("log").get_by_text("我看了这笔订单")).to_be_visible()
    expect(page.get_by_text("我是白条分期智能助手（机器人）")).to_be_visible()
    expect(page.get_by_role("button", name="转人工").first).to_be_visible()
    assert shop.heard == ["为什么不能分期？"]
    assert texts(page)[-1].endswith("<b>不是标签</b>")
    if viewport == PHONE:
        page.get_by_role("button", name="演示面板").click()
    page.get_by_role("button", name="还清逾期").click()
    expect(page.locator(".plan")).to_have_count(4)
    if viewport == PHONE:
        page.get_by_role("button", name="回到聊天").click()
    page.get_by_role("button", name="已完成").click()
    expect(page.locator(".turn.user .bubble")).to_have_text(["为什么不能分期？", "已完成"])
    expect(page.locator(".turn.bot")).to_have_count(4)
    assert shop.heard == ["为什么不能分期？", "/step_done"]


def test_used_and_stale_buttons_are_inert(shop: Shop, opened: Callable[..., Page]) -> None:
    page = opened(f"{shop.address}#u-1013/o-1013")
    ask(page)
    page.get_by_role("button", name="已完成").dblclick()
    expect(page.locator(".turn.bot")).to_have_count(4)
    assert shop.heard == ["为什么不能分期？", "/step_done"]
    first, second = page.locator(".choices").all()
    assert first.locator("button:enabled").count() == 0 and first.locator(".chosen").inner_text() == "已完成"
    expect(second.locator("button:enabled")).to_have_count(3)
    page.get_by_role("textbox", name="输入消息").fill("等一下")
    page.keyboard.press("Enter")
    expect(page.locator(".turn.bot")).to_have_count(6)
    expect(second.locator("button:enabled")).to_have_count(0)


def test_enter_sends_but_not_while_an_input_method_composes(shop: Shop, opened: Callable[..., Page]) -> None:
    page = opened(f"{shop.address}#u-1013/o-1013")
    ask(page)
    expect(page.locator(".turn.bot")).to_have_count(2)
    entry = page.get_by_role("textbox", name="输入消息")
    entry.fill("ni hao")
    for composing in ({"isComposing": True}, {"keyCode": 229}):
        entry.dispatch_event("keydown", {"key": "Enter", **composing})
    entry.press("Shift+Enter")
    expect(entry).to_have_value("ni hao\n")
    assert shop.heard == ["为什么不能分期？"]
    entry.press("Enter")
    expect(page.locator(".turn.user")).to_have_count(2)
    expect(entry).to_have_value("")


def test_unasked_messages_arrive_and_history_is_shown_once_and_in_order(shop: Shop, opened: Callable[..., Page]) -> None:
    shop.tell("u-1013", *(f"第{number}条" for number in range(1, 31)))
    page = opened(f"{shop.address}#u-1013/o-1013")
    ask(page)
    expect(page.locator(".turn.bot")).to_have_count(32)
    shop.tell("u-1013", "故障已恢复。")
    shop.tell("u-1013", "我是专员小李。", role="agent")
    expect(page.get_by_text("我是专员小李。")).to_be_visible()
    expect(page.get_by_text("人工客服", exact=True)).to_be_visible()
    expected = [f"第{number}条" for number in range(1, 31)] + ["为什么不能分期？"]
    assert texts(page)[:31] == expected and texts(page)[-2:] == ["故障已恢复。", "我是专员小李。"]
    assert len(texts(page)) == 35


def test_a_failed_send_says_why_and_can_be_repeated(shop: Shop, opened: Callable[..., Page]) -> None:
    page = opened(f"{shop.address}#u-1013/o-1013", tolerated="503")

    async def fail(_message: UserMessage) -> None:
        raise RuntimeError("the action server is away")

    shop.script = fail
    ask(page)
    expect(page.get_by_role("alert").get_by_text("没有保存")).to_be_visible()
    shop.script = shop.answer
    page.get_by_role("button", name="重试").click()
    expect(page.locator(".turn.bot")).to_have_count(2)
    expect(page.get_by_role("alert")).to_have_count(0)
    assert texts(page)[0] == "为什么不能分期？" and len(texts(page)) == 3


def test_a_lost_answer_is_fetched_and_shown_once(shop: Shop, opened: Callable[..., Page]) -> None:
    page = opened(f"{shop.address}#u-1013/o-1013", tolerated="ERR_")
    cut: List[int] = []

    def lose_the_answer(route: Route) -> None:
        if route.request.method == "POST" and not cut:
            cut.append(route.fetch().status)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/webhooks/widget/messages*", lose_the_answer)
    ask(page)
    expect(page.locator(".turn.bot")).to_have_count(2)
    expect(page.get_by_role("alert")).to_have_count(0)
    assert cut == [200] and len(shop.heard) == 1 and len(texts(page)) == 3


def test_a_broken_stream_is_said_and_taken_up_again(shop: Shop, opened: Callable[..., Page]) -> None:
    page = opened(f"{shop.address}#u-1013/o-1013", tolerated="ERR_")
    page.route("**/webhooks/widget/events*", lambda route: route.abort())
    ask(page)
    expect(page.get_by_role("button", name="重新连接")).to_be_visible()
    expect(page.locator(".turn.bot")).to_have_count(2)
    page.unroute("**/webhooks/widget/events*")
    page.get_by_role("button", name="重新连接").click()
    expect(page.get_by_role("button", name="重新连接")).to_have_count(0)
    shop.tell("u-1013", "后来的消息")
    expect(page.get_by_text("后来的消息")).to_be_visible()


def test_disturbances_start_and_end_from_the_panel(shop: Shop, opened: Callable[..., Page]) -> None:
    page = opened(f"{shop.address}#u-1003/o-1003")
    page.get_by_role("button", name="系统故障", exact=True).click()
    expect(page.locator("#checkout").get_by_text("加载失败，请稍后再试")).to_be_visible()
    page.get_by_role("button", name="结束系统故障").click()
    expect(page.locator(".plan")).to_have_count(4)
    page.get_by_role("button", name="高峰拥堵").click()
    expect(page.get_by_text("系统繁忙，可能时有时无")).to_be_visible()
    page.get_by_role("button", name="重置演示数据").click()
    expect(page.get_by_text("系统繁忙，可能时有时无")).to_have_count(0)


def test_closing_the_chat_gives_the_focus_back_and_another_customer_gets_their_own(shop: Shop, opened: Callable[..., Page]) -> None:
    page = opened(f"{shop.address}#u-1013/o-1013")
    ask(page)
    expect(page.locator(".turn.bot")).to_have_count(2)
    page.get_by_role("button", name="关闭聊天").click()
    expect(page.get_by_role("button", name="为什么不能分期？")).to_be_focused()
    page.get_by_role("button", name="韩冬梅").click()
    expect(page.locator("#checkout").get_by_text("静澜滚筒洗衣机 10 公斤")).to_be_visible()
    ask(page)
    expect(page.get_by_text("正在服务：韩冬梅")).to_be_visible()
    expect(page.locator(".turn.bot")).to_have_count(2)
