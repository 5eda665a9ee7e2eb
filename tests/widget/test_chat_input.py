"""The component's input: drafts, input methods, the limit, personal numbers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.widget.browsing import entry, open_chat, say, turns
from tests.widget.stand import Stand

Open = Callable[..., Page]


def test_enter_sends_but_not_while_an_input_method_composes(stand: Stand, opened: Open) -> None:
    page = opened(stand.host())
    open_chat(page)
    text = entry(page)
    text.fill("ni hao")
    for composing in ({"isComposing": True}, {"keyCode": 229}):
        text.dispatch_event("keydown", {"key": "Enter", **composing})
    text.press("Shift+Enter")
    expect(text).to_have_value("ni hao\n")
    assert stand.heard == []
    text.press("Enter")
    expect(turns(page, "user")).to_have_count(1)
    expect(text).to_have_value("")


def test_words_composed_with_an_input_method_are_sent_whole(stand: Stand, opened: Open) -> None:
    page = opened(stand.host())
    open_chat(page)
    entry(page).focus()
    devtools = page.context.new_cdp_session(page)
    for half in ("b", "bu", "bu neng"):
        devtools.send("Input.imeSetComposition", {"text": half, "selectionStart": len(half), "selectionEnd": len(half)})
    devtools.send("Input.insertText", {"text": "不能分期"})
    expect(entry(page)).to_have_value("不能分期")
    assert stand.heard == []
    page.keyboard.press("Enter")
    expect(turns(page, "bot")).to_have_count(1)
    assert stand.heard == ["不能分期"]


def test_a_draft_survives_closing_and_reloading_and_nothing_else_is_kept_on_the_device(stand: Stand, opened: Open) -> None:
    page = opened(stand.host())
    open_chat(page)
    say(page, "plain")
    expect(turns(page, "bot")).to_have_count(1)
    entry(page).fill("写到一半")
    page.get_by_role("button", name="关闭聊天").click()
    page.reload()
    open_chat(page)
    expect(entry(page)).to_have_value("写到一半")
    kept = page.evaluate("({...localStorage, session: sessionStorage.length, cookies: document.cookie})")
    assert kept.pop("session") == 0 and kept.pop("cookies") == ""
    assert {name.split(":")[-1]: value for name, value in kept.items()} == {"draft": "写到一半", "seen": "2"}
    assert not any("u-1013" in name for name in kept)
    # What may be, or become, a personal number is not kept for whoever uses the device next.
    for text in ("", "卡号 6222", "幺三八零零幺三八", "我叫王小明"):
        entry(page).fill(text)
        assert page.evaluate("Object.keys(localStorage).some((name) => name.endsWith('draft'))") is False


def test_the_limit_is_shown_and_nothing_is_cut_off(stand: Stand, opened: Open) -> None:
    page = opened(stand.host())
    open_chat(page)
    entry(page).fill("好" * 450)
    expect(page.get_by_text("还可以输入 50 个字")).to_be_visible()
    entry(page).fill("好" * 499 + "😀😀")
    expect(page.get_by_text("超出 1 个字，请缩短后再发")).to_be_visible()
    expect(page.get_by_role("button", name="发送")).to_be_disabled()
    entry(page).press("Enter")
    assert stand.heard == []
    entry(page).fill("好" * 498 + "😀😀")
    entry(page).press("Enter")
    expect(turns(page, "bot")).to_have_count(1)
    assert len(stand.heard[0]) == 500


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("身份证 11010519491231002X", "身份证号"),
        ("卡号 6222 0212 3456 7890 128", "银行卡号"),
        ("打 138-0013-8000 给我", "手机号"),
        ("验证码是 482913", "验证码或密码"),
    ],
)
def test_a_personal_number_is_warned_of_before_it_is_sent(text: str, kind: str, stand: Stand, opened: Open) -> None:
    page = opened(stand.host())
    open_chat(page)
    say(page, text)
    expect(page.get_by_role("alert")).to_contain_text(f"好像有{kind}")
    expect(page.get_by_role("button", name="返回修改")).to_be_focused()
    assert stand.heard == [] and page.evaluate("Object.keys(localStorage).length") == 0
    page.get_by_role("button", name="返回修改").click()
    expect(entry(page)).to_have_value(text)
    entry(page).press("Enter")
    page.get_by_role("button", name="仍然发送").click()
    expect(turns(page, "bot")).to_have_count(1)
    expect(turns(page, "user")).not_to_contain_text(text)
    assert len(stand.heard) == 1 and text not in stand.heard[0]


def test_ordinary_numbers_are_sent_without_a_word(stand: Stand, opened: Open) -> None:
    page = opened(stand.host())
    open_chat(page)
    for number, text in enumerate(("5000 元分 12 期", "订单 202611220001234", "2026-11-22 10:00:00"), start=1):
        say(page, text)
        expect(turns(page, "bot")).to_have_count(number)
