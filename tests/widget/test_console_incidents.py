"""An outage in Chromium from both sides: an operator declares it in the console, a customer's open chat says so, and both see it end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from actions.state.incidents import link_case
from actions.state.world.loading import load_world_data
from conversations.application import composed
from tests.unit.handoff.conftest import House
from tests.widget.browsing import DESKTOP, PHONE, SMALL_PHONE, open_chat, turns
from tests.widget.stand import Stand
from tests.widget.test_banner import banner, want
from tests.widget.test_chat_access import violations, violations_at
from tests.widget.test_desk import TOLERATED

Open = Callable[..., Page]
Enter = Callable[..., Page]


@pytest.fixture
def enter(stand: Stand, opened: Open) -> Enter:
    """Signs somebody of a role in, in a browser of their own."""

    def sign_in(role: str = "operator", **options: Any) -> Page:
        page = opened(f"{stand.address}/console", f"{TOLERATED}|422|403|404|409", **options)
        page.get_by_label("运营台令牌").fill(stand.token(f"{role}-1", None, roles=[role]))
        page.get_by_role("button", name="登录").press("Enter")
        expect(page.get_by_role("heading", name="今天")).to_be_visible()
        page.goto(f"{stand.address}/console/incidents")
        return page

    return sign_in


def declare(page: Page, **fields: str) -> None:
    """Declares an outage by keyboard."""
    page.get_by_role("link", name="宣布故障").press("Enter")
    page.get_by_label("哪个系统").select_option("installment")
    page.get_by_label("程度").select_option("outage")
    if fields:
        page.get_by_text("范围、预计恢复、公告").press("Enter")
    for label, text in fields.items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="宣布，马上告诉客户").press("Enter")


def test_from_declaring_to_the_end_both_sides_see_the_same(stand: Stand, enter: Enter, opened: Open) -> None:
    chat = opened(stand.host())
    open_chat(chat)
    operator = enter()
    declare(operator, 公告="分期服务中断，技术人员在处理。", 预计恢复="2026-11-22T18:00")
    expect(banner(chat)).to_contain_text("分期服务中断，技术人员在处理。")
    expect(banner(chat)).to_contain_text("预计 11月22日 18:00 恢复")
    want(chat).click()
    expect(banner(chat)).to_contain_text("已订阅")
    operator.reload()
    expect(operator.locator(".facts")).to_contain_text("1 位")
    operator.get_by_label("阶段").select_option("identified")
    operator.get_by_label("公告").fill("分期服务中断，已找到原因。")
    operator.get_by_role("button", name="更新").press("Enter")
    expect(banner(chat)).to_contain_text("已找到原因")
    operator.get_by_role("link", name="已恢复，结束").press("Enter")
    expect(operator.get_by_role("heading", level=1)).to_have_text("结束这条故障？")
    expect(operator.locator("li li")).to_have_text("1 位：故障好了，但还有别的原因，并告诉第一步")
    expect(banner(chat)).to_be_visible()
    operator.get_by_role("button", name="确认结束").press("Enter")
    expect(operator.get_by_role("heading", level=1)).to_contain_text("已结束")
    expect(banner(chat)).to_be_hidden()
    assert composed(stand.database).recovery_watcher().look() == 1
    expect(turns(chat, "bot")).to_have_count(1)


def test_out_of_scope_a_chat_shows_nothing_and_the_preview_says_so_beforehand(stand: Stand, enter: Enter, opened: Open) -> None:
    chat = opened(stand.host())
    open_chat(chat)
    operator = enter()
    operator.get_by_role("link", name="宣布故障").click()
    operator.get_by_label("哪个系统").select_option("installment")
    operator.get_by_label("程度").select_option("outage")
    operator.get_by_text("范围、预计恢复、公告").click()
    operator.get_by_label("地区", exact=True).fill("青海")
    operator.get_by_label("以哪位客户来看").fill("u-1013")
    # Enter only looks.
    operator.get_by_label("以哪位客户来看").press("Enter")
    expect(operator.get_by_role("region", name="横幅效果")).to_contain_text("u-1013 不在范围里")
    operator.get_by_role("button", name="宣布，马上告诉客户").click()
    expect(operator.get_by_role("heading", level=1)).to_contain_text("排查中")
    load_world_data(
        stand.database, {"maintenance": [{"id": "w-1", "starts_at": "2026-11-22T09:00:00+08:00", "ends_at": "2026-11-22T12:00:00+08:00"}]}
    )
    # What holds comes after it, on the same stream: by then the other would be there.
    expect(banner(chat)).to_contain_text("正在做计划内维护")
    expect(banner(chat)).not_to_contain_text("故障")


def test_what_is_refused_is_said_at_its_field_and_what_was_typed_stays(stand: Stand, enter: Enter) -> None:
    operator = enter()
    declare(operator, 公告="很快恢复", 地区="上海")
    alert = operator.locator("#notice-wrong")
    expect(alert).to_contain_text("“很快恢复”")
    expect(operator.get_by_label("公告", exact=True)).to_have_value("很快恢复")
    expect(operator.get_by_label("地区", exact=True)).to_have_value("上海")
    assert violations(operator) == []


def test_orders_at_risk_are_taken_away_as_a_file(enter: Enter) -> None:
    operator = enter()
    declare(operator, 预计恢复="2026-11-23T12:00")
    with operator.expect_download() as download:
        operator.get_by_role("link", name="下载给订单组（CSV）").press("Enter")
    assert "o-1,u-1001" in Path(download.value.path()).read_text(encoding="utf-8-sig")


def test_axe_finds_nothing_and_nothing_overflows(stand: Stand, enter: Enter) -> None:
    handoff = House(composed(stand.database)).handed_over().id
    page = enter()

    def good() -> None:
        assert violations_at(page, DESKTOP, PHONE, SMALL_PHONE) == []

    good()
    declare(page, 预计恢复="2026-11-23T12:00", 公告="分期服务中断，技术人员在处理。", 地区="北京、上海")
    incident = page.url.rpartition("/")[2]
    with stand.database.session() as session:
        link_case(session, incident, handoff)
    page.goto(f"{stand.address}/console/incidents/{incident}?customer=u-1013")
    for summary in page.locator("details").all():
        summary.evaluate("(node) => { node.open = true; }")
    good()
    page.goto(f"{stand.address}/console/incidents/{incident}/resolve")
    good()
    page.goto(f"{stand.address}/console/incidents/new")
    page.get_by_text("范围、预计恢复、公告").click()
    good()
    page.goto(f"{stand.address}/console/incidents")
    good()


def test_without_script_an_incident_is_declared_and_ended_all_the_same(stand: Stand, enter: Enter) -> None:
    page = enter(java_script_enabled=False)
    declare(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("排查中")
    page.get_by_text("其实没有故障").click()
    page.get_by_role("link", name="撤回").click()
    page.get_by_role("link", name="先不").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("排查中")
    page.get_by_text("其实没有故障").click()
    page.get_by_role("link", name="撤回").click()
    page.get_by_role("button", name="确认撤回").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已撤回")
