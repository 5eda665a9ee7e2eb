"""The banner of an incident in the chat: there before anything is typed, live on an open page, for whom it holds and for nobody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from actions.state.subscriptions import SUBSCRIPTIONS
from actions.state.world.loading import load_world_data
from bot.channel.notices import LOOK_SECONDS
from conversations.application import composed
from tests.widget.browsing import DESKTOP, PHONE, SMALL_PHONE, entry, open_chat, say, turns
from tests.widget.stand import Stand
from tests.widget.test_chat_access import violations

Open = Callable[..., Page]

OUTAGE = {
    "id": "i-1",
    "component": "installment",
    "severity": "outage",
    "started_at": "2026-11-22T09:00:00+08:00",
    "eta": "2026-11-22T18:00:00+08:00",
    "notice": "分期服务中断，技术人员在处理。",
}
OVER = {"id": "i-1", "resolved_at": "2026-11-22T09:59:00+08:00"}
PROMISED_SECONDS = 2
"""Within which everybody in the scope of an incident is told of it, says docs/incidents.md."""


def declare(stand: Stand, **fields: Any) -> None:
    load_world_data(stand.database, {"incidents": [{**OUTAGE, **fields}]})


def banner(page: Page) -> Locator:
    return page.get_by_role("region", name="服务通知")


def want(page: Page) -> Locator:
    return banner(page).get_by_role("button", name="恢复后通知我")


def test_it_stands_there_before_anything_is_typed_and_takes_nothing_over(stand: Stand, opened: Open) -> None:
    declare(stand)
    page = opened(stand.host())
    open_chat(page)
    expect(banner(page)).to_be_visible()
    expect(banner(page).get_by_role("status")).to_have_text("分期服务中断，技术人员在处理。预计 11月22日 18:00 恢复，不保证准时")
    assert want(page).evaluate("button => getComputedStyle(button).paddingLeft") == "0px", "it stands under the words"
    expect(entry(page)).to_be_focused()
    say(page, "plain")
    expect(turns(page, "bot")).to_have_count(1)
    expect(banner(page)).to_be_visible()


def test_on_an_open_page_it_comes_by_itself_and_goes_when_it_is_over(stand: Stand, opened: Open) -> None:
    page = opened(stand.host())
    open_chat(page)
    say(page, "plain")
    expect(turns(page, "bot")).to_have_count(1)
    expect(banner(page)).to_be_hidden()
    declare(stand)
    # On its stream, which is all that it hears. How soon, is for how often the service looks to say, and not for how busy this machine is.
    expect(banner(page)).to_be_visible()
    assert LOOK_SECONDS <= PROMISED_SECONDS / 4
    load_world_data(stand.database, {"incidents": [OVER]})
    expect(banner(page)).to_be_hidden()


def test_whom_it_does_not_hold_for_never_sees_it(stand: Stand, opened: Open) -> None:
    page = opened(stand.host())
    open_chat(page)
    declare(stand, affects={"regions": ["海南"]})
    # What holds comes after it, on the same stream: by then the other would be there.
    declare(stand, id="i-2", notice="另一个故障。")
    expect(banner(page)).to_contain_text("另一个故障。")
    banner(page).get_by_role("button", name="收起通知").click()
    expect(banner(page)).to_be_hidden()


def test_who_asks_to_be_told_is_told_in_the_chat_once_it_is_over(stand: Stand, opened: Open) -> None:
    declare(stand)
    page = opened(stand.host())
    open_chat(page)
    want(page).click()
    expect(banner(page)).to_contain_text("已订阅")
    expect(want(page)).to_have_count(0)
    page.reload()
    open_chat(page)
    expect(banner(page)).to_contain_text("已订阅")
    with stand.database.session() as session:
        assert [each.status for each in session.execute(select(SUBSCRIPTIONS))] == ["open"]
    load_world_data(stand.database, {"incidents": [OVER]})
    assert composed(stand.database).recovery_watcher().look() == 1
    expect(turns(page, "bot")).to_have_count(1)
    expect(banner(page)).to_be_hidden()


def test_put_away_it_stays_away_until_it_is_worse(stand: Stand, opened: Open) -> None:
    declare(stand, severity="degraded")
    page = opened(stand.host())
    open_chat(page)
    banner(page).get_by_role("button", name="收起通知").click()
    expect(banner(page)).to_be_hidden()
    expect(entry(page)).to_be_focused()
    page.reload()
    open_chat(page)
    declare(stand, id="i-2", notice="第二个。")
    expect(banner(page)).to_contain_text("第二个。")
    load_world_data(stand.database, {"incidents": [{**OVER, "id": "i-2"}]})
    expect(banner(page)).to_be_hidden()
    declare(stand, severity="outage")
    expect(banner(page)).to_contain_text("分期服务中断")


def test_all_of_it_is_done_with_the_keyboard(stand: Stand, opened: Open) -> None:
    declare(stand)
    page = opened(stand.host())
    open_chat(page)
    want(page).focus()
    page.keyboard.press("Enter")
    expect(banner(page)).to_contain_text("已订阅")
    expect(entry(page)).to_be_focused()
    banner(page).get_by_role("button", name="收起通知").focus()
    page.keyboard.press("Space")
    expect(banner(page)).to_be_hidden()
    expect(entry(page)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="打开白条助手")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [SMALL_PHONE, PHONE, DESKTOP], ids=["small", "phone", "desktop"])
def test_axe_finds_nothing_and_everything_has_room(viewport: Any, scheme: Any, stand: Stand, opened: Open) -> None:
    declare(stand, notice="分期服务中断，技术人员在处理。" * 4)
    page = opened(stand.host(), viewport=viewport, color_scheme=scheme)
    open_chat(page)
    expect(banner(page)).to_be_visible()
    assert violations(page) == []
    want(page).click()
    expect(banner(page)).to_contain_text("已订阅")
    assert violations(page) == []
    box, log = banner(page).bounding_box(), page.locator(".log").bounding_box()
    assert box and log and log["height"] > viewport["height"] / 4
    assert box["x"] >= 0 and box["x"] + box["width"] <= viewport["width"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(("locale", "words"), [("en", ["Expected back", "Tell me"]), ("zh-TW", ["預計", "恢復後通知我"])])
def test_it_speaks_the_locales_of_the_chat(locale: str, words: list[str], stand: Stand, opened: Open) -> None:
    declare(stand)
    page = opened(stand.host(locale=locale))
    page.locator(".launcher").click()
    for word in words:
        expect(page.locator(".banner")).to_contain_text(word)


def test_it_works_under_the_strictest_policy_of_a_page(stand: Stand, opened: Open) -> None:
    declare(stand)
    page = opened(stand.host(service=stand.address), viewport=SMALL_PHONE)
    open_chat(page)
    want(page).click()
    expect(banner(page)).to_contain_text("已订阅")


def test_a_lost_line_leaves_it_standing_and_puts_no_error_before_the_chat(stand: Stand, opened: Open) -> None:
    declare(stand)
    page = opened(stand.host(), tolerated="502|ERR_|Failed to load")
    open_chat(page)
    expect(banner(page)).to_be_visible()
    gone = "(node) => { window.flickers = 0; new MutationObserver(() => { if (node.hidden) window.flickers += 1; }).observe(node, {attributes: true}); }"
    page.locator(".banner").evaluate(gone)
    page.route("**/webhooks/widget/**", lambda route: route.fulfill(status=502, body=""))
    want(page).click()
    expect(banner(page).get_by_role("alert")).to_have_text("没有提交成功，请再试一次。")
    page.context.set_offline(True)
    expect(page.locator(".status", has_text="网络已断开")).to_be_visible()
    expect(banner(page)).to_be_visible()
    page.unroute("**/webhooks/widget/**")
    page.context.set_offline(False)
    expect(page.locator(".status", has_text="网络已断开")).to_be_hidden()
    want(page).click()
    expect(banner(page)).to_contain_text("已订阅")
    assert page.evaluate("window.flickers") == 0
