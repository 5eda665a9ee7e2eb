"""The component for everyone: keyboard, screen readers, zoom, small screens, dark mode, languages, and what it may do on a page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bot.web.site import WIDGET_FILES
from tests.widget.browsing import DESKTOP, PHONE, SMALL_PHONE, choices, entry, open_chat, say, turns
from tests.widget.stand import EXAMPLES, Stand, example

Open = Callable[..., Page]
AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "resultTypes": ["violations"]}
"""What axe-core looks for; it describes in full what it objects to, and not the thousands of things that are well."""
STILL = """async () => {
    const roots = (root) => [root, ...[...root.querySelectorAll('*')].flatMap((each) => (each.shadowRoot ? roots(each.shadowRoot) : []))];
    const ends = (each) => each.playState === 'running' && each.effect.getComputedTiming().endTime < Infinity;
    const moving = () => roots(document).flatMap((root) => root.getAnimations()).filter(ends);
    const frame = () => new Promise(requestAnimationFrame);
    await frame();
    await frame();
    for (let all = moving(); all.length; all = moving()) {
        await Promise.allSettled(all.map((each) => each.finished));
        await frame();
    }
}"""
"""Waits until nothing moves that will ever come to rest."""


def violations(page: Page) -> list[str]:
    """What axe-core objects to, with the elements."""
    # A check in the middle of an animation measures half-transparent colours.
    page.evaluate(STILL)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("async (rules) => (await axe.run(document, rules)).violations", RULES)
    return [f"{each['id']}: {[node['target'] for node in each['nodes']]} {each['nodes'][0]['failureSummary']}" for each in found]


def violations_at(page: Page, *viewports: Any) -> list[str]:
    """What axe-core objects to at each of these sizes, by day and by night, and where the page is wider than its window; it stays as it was."""
    found, before = [], page.viewport_size
    assert before is not None
    for viewport in viewports:
        page.set_viewport_size(viewport)
        for scheme in ("dark", "light"):
            page.emulate_media(color_scheme=scheme)
            found += [f"{viewport}, {scheme}: {each}" for each in violations(page)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{viewport}: wider than the window")
    page.set_viewport_size(before)
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_in_the_main_states(viewport: Any, scheme: Any, stand: Stand, opened: Open) -> None:
    page = opened(stand.host(), viewport=viewport, color_scheme=scheme)
    expect(page.get_by_role("button", name="打开白条助手")).to_be_visible()
    assert violations(page) == []
    open_chat(page)
    assert violations(page) == []
    for name in EXAMPLES:
        stand.tell(example(name))
    stand.tell(example("plain", role="agent"), example("plain", role="system"))
    expect(turns(page)).to_have_count(len(EXAMPLES) + 2)
    assert violations(page) == []
    say(page, "resolved")
    # The rating of the example told before is taken away by this one's.
    expect(turns(page)).to_have_count(len(EXAMPLES) + 4)
    page.get_by_role("radio", name="不错").check()
    expect(page.get_by_role("button", name="提交")).to_be_visible()
    entry(page).fill("好" * 501)
    assert violations(page) == []
    say(page, "我的手机 13800138000")
    expect(page.get_by_role("button", name="仍然发送")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_when_sending_has_failed(scheme: Any, stand: Stand, opened: Open) -> None:
    page = opened(stand.host(), viewport=PHONE, color_scheme=scheme, tolerated="400|ERR_")
    open_chat(page)
    say(page, "/restart")
    expect(page.get_by_role("button", name="修改")).to_be_visible()
    page.context.set_offline(True)
    expect(page.get_by_role("status").get_by_text("网络已断开")).to_be_visible()
    say(page, "plain")
    expect(page.get_by_text("没发出去，正在重试")).to_be_visible()
    assert violations(page) == []


def test_axe_finds_nothing_in_the_shop(stand: Stand, opened: Open) -> None:
    for scheme in ("light", "dark"):
        page = opened(f"{stand.address}/shop#u-1013/o-1013", color_scheme=scheme)
        expect(page.locator("#checkout h2")).to_be_visible()
        assert violations(page) == []


def test_everything_can_be_done_with_the_keyboard(stand: Stand, opened: Open) -> None:
    page = opened(stand.host())
    launcher = page.get_by_role("button", name="打开白条助手")
    launcher.focus()
    page.keyboard.press("Enter")
    expect(entry(page)).to_be_focused()
    page.keyboard.type("step")
    page.keyboard.press("Enter")
    expect(choices(page)).to_have_count(4)
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="已完成")).to_be_focused()
    page.keyboard.press("Enter")
    expect(turns(page, "bot")).to_have_count(2)
    expect(page.get_by_role("toolbar", name="可选的回复")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_be_hidden()
    expect(launcher).to_be_focused()


def test_the_focus_goes_back_to_where_the_chat_was_opened_from(stand: Stand, opened: Open) -> None:
    page = opened(stand.host())
    elsewhere = page.get_by_role("button", name="elsewhere")
    elsewhere.focus()
    page.evaluate("document.querySelector('baitiao-chat').open()")
    expect(entry(page)).to_be_focused()
    page.get_by_role("button", name="关闭聊天").click()
    expect(elsewhere).to_be_focused()


def test_where_the_chat_covers_the_page_tab_stays_in_it(stand: Stand, opened: Open) -> None:
    page = opened(stand.host(), viewport=PHONE)
    open_chat(page)
    expect(page.get_by_role("dialog")).to_have_attribute("aria-modal", "true")
    for key in ("Tab", "Shift+Tab"):
        for _ in range(12):
            page.keyboard.press(key)
            assert page.evaluate("document.activeElement.localName") == "baitiao-chat"
    page.set_viewport_size(DESKTOP)
    expect(page.get_by_role("dialog")).not_to_have_attribute("aria-modal", "true")


def test_screen_readers_get_a_log_and_know_who_speaks(stand: Stand, opened: Open) -> None:
    page = opened(stand.host())
    open_chat(page)
    expect(page.get_by_role("log", name="聊天记录")).to_be_visible()
    say(page, "plain")
    expect(turns(page, "bot")).to_have_count(1)
    assert page.locator(".turn .unseen").all_text_contents() == ["您", "机器人"]
    expect(page.get_by_role("dialog", name="白条助手")).to_be_visible()


@pytest.mark.parametrize(
    "viewport", [SMALL_PHONE, PHONE, {"width": 740, "height": 360}, DESKTOP], ids=["320", "360", "landscape", "desktop"]
)
def test_it_fits_every_screen(viewport: Any, stand: Stand, opened: Open) -> None:
    stand.tell(*(example(name) for name in EXAMPLES))
    page = opened(stand.host(), viewport=viewport, reduced_motion="reduce")
    open_chat(page)
    box = page.locator(".panel").bounding_box()
    assert box is not None and box["x"] >= 0 and box["y"] >= 0
    assert box["x"] + box["width"] <= viewport["width"] and box["y"] + box["height"] <= viewport["height"]
    for part in (".header .person", ".close", ".input", ".send"):
        expect(page.locator(part)).to_be_in_viewport(ratio=1)
    assert page.locator(".log").evaluate("log => log.scrollWidth <= log.clientWidth")
    small = page.locator(".panel button:visible").evaluate_all(
        "all => all.filter((each) => each.getBoundingClientRect().height < 24).length"
    )
    assert small == 0


def test_at_200_percent_everything_is_still_there(stand: Stand, opened: Open) -> None:
    stand.tell(*(example(name) for name in EXAMPLES))
    half = {"width": DESKTOP["width"] // 2, "height": DESKTOP["height"] // 2}
    page = opened(stand.host(), viewport=half, device_scale_factor=2)
    open_chat(page)
    for part in (".header .person", ".close", ".input", ".send"):
        expect(page.locator(part)).to_be_in_viewport(ratio=1)
    page.evaluate("document.querySelector('baitiao-chat').style.setProperty('--baitiao-font', '30px/1.5 sans-serif')")
    assert page.locator(".log").evaluate("log => log.scrollWidth <= log.clientWidth")
    expect(page.locator(".header .person")).to_be_in_viewport(ratio=1)


def test_an_on_screen_keyboard_leaves_the_input_in_sight(stand: Stand, opened: Open) -> None:
    page = opened(stand.host(), viewport=PHONE, has_touch=True, is_mobile=True, reduced_motion="reduce")
    open_chat(page)
    expect(page.get_by_role("heading", name="白条助手")).to_be_focused()
    page.evaluate("""() => {
        Object.defineProperties(visualViewport, { height: { value: 380 }, offsetTop: { value: 20 } });
        visualViewport.dispatchEvent(new Event('resize'));
    }""")
    box = page.locator(".panel").bounding_box()
    assert box is not None and (box["y"], box["height"]) == (20, 380)


def test_dark_mode_follows_the_device_unless_the_page_decides(stand: Stand, opened: Open) -> None:
    page = opened(stand.host(), color_scheme="dark")
    open_chat(page)
    ground = "panel => getComputedStyle(panel).backgroundColor"
    dark = page.locator(".panel").evaluate(ground)
    page.evaluate("document.querySelector('baitiao-chat').setAttribute('theme', 'light')")
    light = page.locator(".panel").evaluate(ground)
    assert dark != light
    page.evaluate("document.querySelector('baitiao-chat').removeAttribute('theme')")
    page.emulate_media(color_scheme="light")
    expect(page.locator(".panel")).to_have_css("background-color", light)


def test_nothing_moves_for_whoever_asked_for_less_motion(stand: Stand, opened: Open) -> None:
    page = opened(stand.host(), reduced_motion="reduce")
    open_chat(page)
    assert page.evaluate("document.querySelector('baitiao-chat').shadowRoot.getAnimations().length") == 0
    names = page.locator(".panel, .typing i").evaluate_all("all => all.map((each) => getComputedStyle(each).animationName)")
    assert set(names) == {"none"}


@pytest.mark.parametrize(
    ("locale", "person", "about"), [("zh-TW", "轉人工", "機器人"), ("en", "Human help", "Robot"), ("fr", "转人工", "机器人")]
)
def test_the_shell_speaks_the_pages_language(locale: str, person: str, about: str, stand: Stand, opened: Open) -> None:
    stand.tell(*(example(name) for name in EXAMPLES))
    page = opened(stand.host(locale=locale), viewport=SMALL_PHONE)
    page.locator(".launcher").click()
    expect(page.get_by_role("button", name=person).first).to_be_visible()
    expect(page.locator(".about")).to_contain_text(about)
    assert page.locator(".log").evaluate("log => log.scrollWidth <= log.clientWidth")
    for part in (".header .person", ".close"):
        expect(page.locator(part)).to_be_in_viewport(ratio=1)


def test_every_locale_has_every_text() -> None:
    texts = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in (WIDGET_FILES / "texts").glob("*.json")}
    assert set(texts) == {"zh-CN", "zh-TW", "en"}

    def shape(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: sorted(each) if key == "written" else shape(each) for key, each in value.items()}
        if isinstance(value, list):
            return len(value)
        return sorted(re.findall(r"\{\w+\}", value))

    assert shape(texts["zh-CN"]) == shape(texts["zh-TW"]) == shape(texts["en"])


def test_a_page_themes_it_by_properties_and_parts(stand: Stand, opened: Open) -> None:
    page = opened(stand.host())
    open_chat(page)
    page.evaluate("""() => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync('baitiao-chat { --baitiao-accent: rgb(0, 80, 60); } baitiao-chat::part(header) { border-bottom-width: 5px; }');
        document.adoptedStyleSheets = [sheet];
    }""")
    assert page.locator(".face").evaluate("each => getComputedStyle(each).backgroundColor") == "rgb(0, 80, 60)"
    assert page.locator(".header").evaluate("each => getComputedStyle(each).borderBottomWidth") == "5px"


def test_no_module_makes_markup_of_texts() -> None:
    forbidden = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setAttribute\(\"style\"")
    for path in WIDGET_FILES.rglob("*.js"):
        assert not forbidden.search(path.read_text(encoding="utf-8")), path
