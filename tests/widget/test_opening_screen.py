"""The first screen in the chat: what it says before anything is said, that it is the customer who speaks by it, and when it gives way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from actions.core.case import Case
from actions.core.subject import Subject
from actions.state.conversations import MESSAGES, MessageDraft, save_tracker
from actions.state.world.loading import load_world_data
from bot.engine.tracker_store import with_said
from tests.widget.browsing import DESKTOP, PHONE, SMALL_PHONE, entry, open_chat, say, turns
from tests.widget.stand import ORDER, USER, Stand, example
from tests.widget.test_banner import declare
from tests.widget.test_chat_access import violations

Open = Callable[..., Page]


def test_the_chat_opens_with_what_stands_in_the_way(stand: Stand, opened: Open) -> None:
    page = opened(stand.host(), viewport=PHONE)
    open_chat(page)
    screen = page.get_by_role("region", name="已经查到的")
    expect(screen).to_contain_text("您这单的分期被 1 件事挡住：有逾期待还。")
    expect(screen.get_by_role("button")).to_have_text(
        ["开始：还清逾期", "在哪里还白条", "逾期要收多少违约金", "逾期会影响征信吗", "弄好就能分期吗"]
    )
    notice = page.locator(".first").bounding_box()
    assert notice and notice["height"] < 44
    assert stand.history() == [] and stand.heard == []


@pytest.mark.parametrize("title", ["开始：还清逾期", "逾期会影响征信吗"])
def test_what_is_pressed_is_what_the_customer_says(title: str, stand: Stand, opened: Open) -> None:
    page = opened(stand.host())
    open_chat(page)
    page.get_by_role("button", name=title).click()
    expect(turns(page, "bot")).to_have_count(1)
    said = "付款时没有分期选项" if title.startswith("开始") else title
    assert stand.heard == [said] and stand.history()[0].text == said
    expect(page.locator(".opening")).to_be_hidden()
    expect(entry(page)).to_be_focused()


def test_it_gives_way_to_what_is_typed(stand: Stand, opened: Open) -> None:
    page = opened(stand.host())
    open_chat(page)
    expect(page.locator(".opening")).to_be_visible()
    say(page, "plain")
    expect(turns(page, "bot")).to_have_count(1)
    expect(page.locator(".opening")).to_be_hidden()


def test_who_has_just_been_talking_does_not_begin_anew_and_who_comes_back_later_does(stand: Stand, opened: Open) -> None:
    stand.tell(example("plain"))
    page = opened(stand.host())
    open_chat(page)
    expect(turns(page, "bot")).to_have_count(1)
    page.wait_for_timeout(300)
    expect(page.locator(".opening")).to_be_hidden()
    with stand.database.session() as session:
        session.execute(update(MESSAGES).values(at=stand.history()[0].at.replace(year=2020)))
    page.reload()
    open_chat(page)
    expect(page.locator(".opening")).to_be_visible()
    assert page.evaluate("Math.sign(document.querySelector('baitiao-chat').shadowRoot.querySelector('.opening').offsetTop)") == 1
    log, screen = page.locator(".log").bounding_box(), page.locator(".opening").bounding_box()
    assert log and screen and screen["y"] + screen["height"] <= log["y"] + log["height"] + 1


def test_without_an_answer_the_chat_opens_as_it_is(stand: Stand, opened: Open) -> None:
    page = opened(stand.host(), tolerated="503")
    page.route("**/opening", lambda route: route.fulfill(status=503, body="{}"))
    open_chat(page)
    page.wait_for_timeout(300)
    expect(page.locator(".opening")).to_be_hidden()
    say(page, "plain")
    expect(turns(page, "bot")).to_have_count(1)


def test_it_is_looked_up_anew_when_the_service_changes_and_when_the_customer_comes_back(stand: Stand, opened: Open) -> None:
    page = opened(stand.host())
    open_chat(page)
    expect(page.locator(".opening")).to_contain_text("被 1 件事挡住：有逾期待还。")
    declare(stand)
    expect(page.locator(".opening")).to_contain_text("被 2 件事挡住：系统故障处理中、有逾期待还。")
    load_world_data(stand.database, {"users": [{"id": USER, "baitiao": {"overdue": 0}}]})
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(page.locator(".opening")).to_contain_text("被 1 件事挡住：系统故障处理中。")
    assert stand.history() == []


def test_it_is_about_the_order_of_the_token(stand: Stand, opened: Open) -> None:
    page = opened(stand.host())
    open_chat(page)
    expect(page.locator(".opening")).to_contain_text("有逾期待还")
    page.evaluate("token => document.querySelector('baitiao-chat').setAttribute('token', token)", stand.token("u-2006", "o-2016"))
    expect(page.locator(".opening")).to_contain_text("品类不支持分期")
    page.evaluate("token => document.querySelector('baitiao-chat').setAttribute('token', token)", stand.token("u-2006", "o-2006"))
    expect(page.locator(".opening")).to_contain_text("没有挡住分期的事")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [SMALL_PHONE, DESKTOP], ids=["small", "desktop"])
def test_axe_finds_nothing_and_all_of_it_is_in_view(viewport: Any, scheme: Any, stand: Stand, opened: Open) -> None:
    page = opened(stand.host(), viewport=viewport, color_scheme=scheme)
    open_chat(page)
    expect(page.locator(".opening")).to_be_visible()
    assert violations(page) == []
    assert page.locator(".log").evaluate("log => log.scrollHeight <= log.clientHeight && log.scrollWidth <= log.clientWidth")


def test_an_open_case_is_taken_up_where_it_stopped(stand: Stand, opened: Open) -> None:
    case = Case(phase="doing", subject=Subject("order", ORDER), token_order=ORDER, intent="installment_missing", cause="overdue", step=1)
    stand.tell(MessageDraft(role="user", text="付款没有分期"), example("step"))
    with stand.database.session() as session:
        session.execute(update(MESSAGES).values(at=stand.history()[0].at.replace(year=2020)))
        save_tracker(session, USER, with_said('{"name": "u", "events": [{"event": "user", "text": "x"}]}', ["step"], case))
    page = opened(stand.host(), viewport=PHONE)
    open_chat(page)
    screen = page.get_by_role("region", name="已经查到的")
    expect(screen).to_contain_text("上次到第 2 步，共 2 步：还清逾期。")
    expect(screen.locator(".primary")).to_have_text("接着办")
    expect(screen.locator(".primary")).to_be_in_viewport(ratio=1)
    screen.locator(".primary").click()
    expect(screen).to_be_hidden()
    expect(turns(page, "bot")).to_have_count(2)
    assert stand.heard == ["我回来了，继续"]
