"""Every state of the chat, on a desktop, on a small phone by night, and at 200 %: nothing for axe to object to, nothing cut or covered, room to read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from actions.state.conversations import MessageDraft
from tests.widget.browsing import DESKTOP, SMALL_PHONE, open_chat, say, turns
from tests.widget.stand import Stand, example
from tests.widget.test_chat_access import violations
from tests.widget.test_person_in_chat import hand_over, reply, take, types
from tests.widget.test_pictures_in_chat import GREEN, choose

SCREENS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": DESKTOP},
    "small phone by night": {"viewport": SMALL_PHONE, "has_touch": True, "is_mobile": True, "color_scheme": "dark"},
    # A window half as wide and high, each pixel of which is two.
    "200 percent": {"viewport": {"width": DESKTOP["width"] // 2, "height": DESKTOP["height"] // 2}, "device_scale_factor": 2},
}
READABLE = 0.45
"""The part of the panel that the messages keep."""

PARTS = (".header", "[part=queue]", "[part=status]", ".case", ".log", ".dock", ".composer")
QUESTION = MessageDraft(role="user", text="为什么不能分期")


class Scene:
    """A stand, a customer's browser, and a picture to send."""

    def __init__(self, stand: Stand, opened: Callable[..., Page], screen: dict[str, Any], picture: Path) -> None:
        self.stand, self.picture = stand, picture
        self._opened, self._screen = opened, screen

    def chat(self, *names: str, tolerated: str = "") -> Page:
        """The open chat after a question and the answers that are named."""
        if names:
            self.stand.tell(QUESTION, *(example(name) for name in names))
        page = self._opened(self.stand.host(), tolerated, reduced_motion="reduce", **self._screen)
        open_chat(page)
        return page


def opening(scene: Scene) -> Page:
    page = scene.chat()
    expect(page.locator(".opening .primary")).to_be_visible()
    return page


def card_closed(scene: Scene) -> Page:
    page = scene.chat("diagnosis", "step")
    expect(page.locator(".case summary")).to_be_visible()
    expect(page.locator(".path")).to_be_visible()
    return page


def card_open(scene: Scene) -> Page:
    page = card_closed(scene)
    page.locator(".case summary").click()
    expect(page.locator(".cause").first).to_be_in_viewport(ratio=1)
    return page


def picker(scene: Scene) -> Page:
    page = scene.chat("which")
    expect(page.locator(".pick-row")).to_have_count(2)
    return page


def resolved(scene: Scene) -> Page:
    page = scene.chat("diagnosis", "step", "passed", "resolved")
    expect(page.get_by_role("button", name="还是没有")).to_be_in_viewport(ratio=1)
    return page


def rated(scene: Scene) -> Page:
    page = resolved(scene)
    page.get_by_role("radio", name="不错").check()
    expect(page.get_by_role("button", name="提交")).to_be_visible()
    return page


def voted_down(scene: Scene) -> Page:
    page = scene.chat("answer")
    page.locator("[data-vote=down]").click()
    expect(page.get_by_role("group", name="哪里不好")).to_be_visible()
    return page


def waiting(scene: Scene) -> Page:
    page = scene.chat("waiting", "subscribed")
    expect(page.get_by_text("好了会在这里通知您")).to_be_visible()
    return page


def queued(scene: Scene) -> Page:
    hand_over(scene.stand)
    page = scene.chat("diagnosis", "handoff")
    expect(page.get_by_role("button", name="不用人工了")).to_be_in_viewport(ratio=1)
    return page


def person_typing(scene: Scene) -> Page:
    number = hand_over(scene.stand)
    take(scene.stand, number)
    page = scene.chat("handoff")
    reply(scene.stand, number, "您好，请看 https://help.jd.com/issue")
    expect(turns(page, "agent")).to_have_count(1)
    types(scene.stand)
    expect(page.locator(".about")).to_have_text("正在输入…")
    return page


def covering(scene: Scene) -> Page:
    page = scene.chat("step")
    choose(page, scene.picture).get_by_role("button", name="加遮挡").click()
    return page


def picture_sent(scene: Scene) -> Page:
    page = scene.chat()
    choose(page, scene.picture).get_by_role("button", name="发送").click()
    expect(turns(page, "bot")).to_have_count(1)
    expect(page.get_by_role("button", name="看大图")).to_be_enabled()
    return page


def offline(scene: Scene) -> Page:
    page = scene.chat("diagnosis", "step", tolerated="ERR_")
    page.context.set_offline(True)
    expect(page.get_by_text("网络已断开")).to_be_visible()
    say(page, "已经弄好了")
    say(page, "在吗")
    expect(page.get_by_text("没发出去，正在重试").first).to_be_visible()
    return page


def refused(scene: Scene) -> Page:
    page = scene.chat("plain", tolerated="400")
    say(page, "/restart")
    expect(page.get_by_role("button", name="修改")).to_be_visible()
    return page


def warned(scene: Scene) -> Page:
    page = scene.chat("diagnosis", "step")
    say(page, "我的身份证是 11010519491231002X")
    expect(page.get_by_role("button", name="返回修改")).to_be_focused()
    expect(page.get_by_role("button", name="仍然发送")).to_be_in_viewport(ratio=1)
    return page


STATES = (
    opening,
    card_closed,
    card_open,
    picker,
    resolved,
    rated,
    voted_down,
    waiting,
    queued,
    person_typing,
    covering,
    picture_sent,
    offline,
    refused,
    warned,
)
# A list that was unfolded and a question about what is being sent are what is read just then.
COVERS = (card_open, warned)


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_every_state_is_fit_for_everyone(
    state: Callable[[Scene], Page], screen: str, stand: Stand, opened: Callable[..., Page], tmp_path: Path
) -> None:
    picture = tmp_path / "screen.png"
    Image.new("RGB", (600, 1200), GREEN).save(picture)
    page = state(Scene(stand, opened, SCREENS[screen], picture))
    assert violations(page) == []
    assert page.locator(".log").evaluate("log => log.scrollWidth <= log.clientWidth")
    places = [place for part in PARTS if (place := page.locator(part).bounding_box())]
    for upper, lower in zip(places, places[1:]):
        assert upper["y"] + upper["height"] <= lower["y"] + 0.5
    panel, log = page.locator(".panel").bounding_box(), page.locator(".log").bounding_box()
    assert panel and log and places[-1]["y"] + places[-1]["height"] <= panel["y"] + panel["height"] + 0.5
    assert state in COVERS or log["height"] >= READABLE * panel["height"], log["height"] / panel["height"]
