"""What happens to a case while it is open at the desk: pictures come into view whole, and whoever writes is told when the forms no longer fit."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

from tests.unit.handoff.conftest import House
from tests.widget.browsing import PHONE
from tests.widget.stand import Stand
from tests.widget.test_chat_access import violations
from tests.widget.test_desk import house, sign_in, stand
from tests.widget.test_desk_together import taken

__all__ = ["house", "stand"]

Open = Callable[..., Page]
END = "log => log.scrollHeight - log.scrollTop - log.clientHeight"
TALL = io.BytesIO()
Image.effect_noise((400, 900), 90).save(TALL, "PNG")


def pass_on(page: Page, to: str) -> None:
    page.locator("#pass-on summary").click()
    page.get_by_label("交给").select_option(label=to)
    page.get_by_role("button", name="转交", exact=True).click()


def test_a_picture_that_was_sent_is_in_view_whole_and_without_a_word_above_it(
    stand: Stand, house: House, opened: Open, tmp_path: Path
) -> None:
    page = taken(stand, house, opened)
    (tmp_path / "tall.png").write_bytes(TALL.getvalue())
    page.get_by_label("发图片").set_input_files(tmp_path / "tall.png")
    shown = page.get_by_role("img", name="坐席发的图片")
    page.wait_for_function("(image) => image.complete && image.naturalWidth", arg=shown.element_handle())
    page.wait_for_timeout(300)
    assert page.locator("#said").evaluate(END) < 2
    assert page.locator("#said > li").last.locator(".said").count() == 0


def test_on_a_phone_the_reply_can_be_sent_without_scrolling(stand: Stand, house: House, opened: Open) -> None:
    page = taken(stand, house, opened, viewport=PHONE)
    expect(page.get_by_role("button", name="发送")).to_be_in_viewport(ratio=1)
    expect(page.locator("#said > li").last).to_be_in_viewport()
    page.get_by_text("转回助手或结束", exact=True).click()
    page.get_by_label("备注", exact=True).scroll_into_view_if_needed()
    expect(page.get_by_role("button", name="结束", exact=True)).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert violations(page) == []


def test_whoever_writes_is_told_beside_it_that_the_case_has_gone_on_without_them(stand: Stand, house: House, opened: Open) -> None:
    page = taken(stand, house, opened)
    other = sign_in(stand, opened, "agent-2")
    reply = page.get_by_label("回复客户")
    reply.fill("我正在写")
    mine = sign_in(stand, opened)
    mine.goto(page.url)
    pass_on(mine, "agent-2")
    warned = page.locator("#work").get_by_role("alert")
    expect(warned).to_contain_text("现在是“处理中 · agent-2”")
    expect(reply).to_have_value("我正在写")
    assert page.locator("#said").evaluate(END) < 2, "what was said last stays in view where there is less room for it"
    # Given back, everything fits again.
    other.goto(page.url)
    pass_on(other, "agent-1")
    expect(warned).to_have_count(0)


def test_a_case_that_is_meant_for_another_says_so_and_offers_no_button_that_refuses(stand: Stand, house: House, opened: Open) -> None:
    sign_in(stand, opened, "agent-2")
    row = house.handed_over()
    page = sign_in(stand, opened)
    page.goto(f"{stand.address}/desk/cases/{row.id}")
    pass_on(page, "agent-2")
    expect(page.locator("#work")).to_contain_text("已指派给 agent-2。要自己接手，先在“转交”里指派给自己。")
    expect(page.get_by_role("button", name="接手")).to_have_count(0)
    pass_on(page, "agent-1（我）")
    page.get_by_role("button", name="接手").click()
    expect(page.get_by_label("回复客户")).to_be_visible()
