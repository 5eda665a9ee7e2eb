"""Pictures in the chat: chosen, covered where nobody should look, sent once, shown to both sides."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, Route, expect

from actions.handoff import ownership
from actions.state.pictures import PICTURES, CleanPicture
from conversations.application import STORE
from tests.widget.browsing import DESKTOP, SMALL_PHONE, open_chat, turns
from tests.widget.stand import USER, Stand
from tests.widget.test_chat_access import violations
from tests.widget.test_person_in_chat import hand_over, take

Open = Callable[..., Page]
GREEN = (20, 160, 60)


@pytest.fixture
def screenshot(tmp_path: Path) -> Path:
    """Of a phone, all green, with the place where it was taken."""
    file, exif = tmp_path / "screen.png", Image.Exif()
    exif[0x010F] = "a camera"
    Image.new("RGB", (600, 1200), GREEN).save(file, exif=exif)
    return file


def choose(page: Page, file: Path) -> Locator:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="发图片").click()
    chooser.value.set_files(file)
    dialog = page.get_by_role("dialog", name="发图片")
    expect(dialog).to_be_visible()
    return dialog


def stored(stand: Stand) -> list[Image.Image]:
    with stand.database.session() as session:
        return [Image.open(io.BytesIO(row.content)).convert("RGB") for row in session.execute(PICTURES.select())]


def is_green(colour: Any) -> bool:
    return all(abs(one - other) < 25 for one, other in zip(colour, GREEN))


@pytest.mark.parametrize(("finger", "lines"), [({"has_touch": True, "is_mobile": True}, 0), ({}, 1)], ids=["finger", "mouse"])
def test_only_who_may_have_keys_is_told_of_keys(finger: Any, lines: int, stand: Stand, opened: Open, screenshot: Path) -> None:
    page = opened(stand.host(), **finger)
    open_chat(page)
    expect(choose(page, screenshot).get_by_text("用键盘")).to_have_count(lines)


def test_what_is_covered_is_not_sent(stand: Stand, opened: Open, screenshot: Path) -> None:
    page = opened(stand.host())
    open_chat(page)
    dialog = choose(page, screenshot)
    expect(dialog.get_by_text("身份证号")).to_be_visible()
    box = dialog.get_by_role("application").bounding_box()
    assert box and abs(box["width"] * 2 - box["height"]) < 2
    at = lambda across, down: (box["x"] + box["width"] * across, box["y"] + box["height"] * down)  # noqa: E731
    page.mouse.move(*at(0.25, 0.25))
    page.mouse.down()
    page.mouse.move(*at(0.75, 0.5))
    page.mouse.up()
    dialog.get_by_role("button", name="发送").click()
    expect(turns(page, "bot").last).to_contain_text("看不了图片")
    (seen,) = stored(stand)
    assert seen.size == (600, 1200)
    assert max(seen.getpixel((300, 450))) < 30 and is_green(seen.getpixel((300, 900))) and is_green(seen.getpixel((40, 450)))
    assert not seen.getexif()
    expect(turns(page, "user").get_by_role("img", name="图片")).to_be_visible()
    assert [(message.role, message.text) for message in stand.history()][:1] == [("user", "图片")]


def test_keys_cover_move_and_uncover(stand: Stand, opened: Open, screenshot: Path) -> None:
    page = opened(stand.host())
    open_chat(page)
    dialog = choose(page, screenshot)
    dialog.get_by_role("button", name="加遮挡").press("Enter")
    expect(dialog.get_by_role("application")).to_be_focused()
    for _ in range(20):
        page.keyboard.press("ArrowDown")
    for _ in range(10):
        page.keyboard.press("Shift+ArrowDown")
    dialog.get_by_role("button", name="加遮挡").press("Enter")
    page.keyboard.press("Delete")
    dialog.get_by_role("button", name="发送").press("Enter")
    expect(turns(page, "user")).to_have_count(1)
    expect(turns(page, "bot")).to_have_count(1)
    (seen,) = stored(stand)
    # The bar began at 540 to 660 and went down by 20 steps of 12, then became 120 higher.
    column = [max(seen.getpixel((300, down))) < 30 for down in range(0, 1200, 20)]
    assert column == [780 < down < 1020 or down == 780 for down in range(0, 1200, 20)]


def test_giving_it_up_sends_nothing_and_leaves_the_chat_open(stand: Stand, opened: Open, screenshot: Path) -> None:
    page = opened(stand.host())
    open_chat(page)
    dialog = choose(page, screenshot)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.locator(".panel")).to_be_visible()
    expect(page.get_by_role("button", name="发图片")).to_be_focused()
    choose(page, screenshot).get_by_role("button", name="取消").click()
    assert stand.history() == [] and stored(stand) == []


def test_a_file_that_is_no_picture_is_named_as_that(stand: Stand, opened: Open, tmp_path: Path) -> None:
    page = opened(stand.host())
    open_chat(page)
    (tmp_path / "no.png").write_bytes(b"no picture")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="发图片").click()
    chooser.value.set_files(tmp_path / "no.png")
    expect(page.get_by_role("alert").filter(has_text="不能当图片发")).to_be_visible()
    assert violations(page) == []


def test_a_picture_whose_answer_is_lost_is_tried_again_and_sent_once(stand: Stand, opened: Open, screenshot: Path) -> None:
    page = opened(stand.host(), "ERR_|Failed")
    open_chat(page)
    lost: list[str] = []

    def lose(route: Route) -> None:
        # It arrives, and the answer does not.
        route.fetch()
        lost.append(route.request.url)
        route.abort()

    page.route(re.compile(r"/pictures\?id="), lose, times=1)
    choose(page, screenshot).get_by_role("button", name="发送").click()
    expect(turns(page, "bot")).to_have_count(1)
    expect(page.locator(".unsent")).to_have_count(0)
    assert len(lost) == 1 and len(stored(stand)) == 1 and len(stand.history()) == 2


def test_without_a_network_a_picture_waits_and_says_so(stand: Stand, opened: Open, screenshot: Path) -> None:
    page = opened(stand.host(), "ERR_")
    open_chat(page)
    page.context.set_offline(True)
    choose(page, screenshot).get_by_role("button", name="发送").click()
    expect(page.get_by_text("没发出去，正在重试")).to_be_visible()
    expect(page.locator(".unsent canvas")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator(".unsent")).to_have_count(0)
    assert len(stored(stand)) == 1


def test_a_persons_picture_is_shown_and_opens_whole(stand: Stand, opened: Open, screenshot: Path) -> None:
    number = hand_over(stand)
    take(stand, number)
    made = io.BytesIO()
    Image.new("RGB", (600, 1200), GREEN).save(made, "JPEG")
    with stand.database.session() as session:
        ownership.reply_with_picture(session, STORE.current, number, "agent-77", CleanPicture(made.getvalue(), 600, 1200))
    # Nothing but scripts and connections is allowed to this page.
    page = opened(stand.host(service=stand.address), viewport=SMALL_PHONE)
    open_chat(page)
    shown = turns(page, "agent").get_by_role("button", name="看大图")
    expect(shown).to_be_enabled()
    colour = "(canvas) => [...canvas.getContext('2d').getImageData(80, 80, 1, 1).data].slice(0, 3)"
    assert is_green(shown.locator("canvas").evaluate(colour))
    box = shown.bounding_box()
    assert box and box["width"] <= 300 and box["height"] <= 340
    shown.click()
    whole = page.get_by_role("dialog", name="图片")
    expect(whole.get_by_role("img")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(whole).to_have_count(0)
    expect(page.locator(".panel")).to_be_visible()
    assert {message.conversation_id for message in stand.history()} == {USER}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [SMALL_PHONE, DESKTOP], ids=["small phone", "desktop"])
def test_axe_finds_nothing_while_pictures_are_sent(viewport: Any, scheme: Any, stand: Stand, opened: Open, screenshot: Path) -> None:
    page = opened(stand.host(), viewport=viewport, color_scheme=scheme)
    open_chat(page)
    dialog = choose(page, screenshot)
    assert violations(page) == []
    inside = dialog.bounding_box()
    assert inside and inside["x"] >= 0 and inside["x"] + inside["width"] <= viewport["width"]
    for button in dialog.get_by_role("button").all():
        box = button.bounding_box()
        assert box and box["y"] >= 0 and box["y"] + box["height"] <= viewport["height"]
    dialog.get_by_role("button", name="发送").click()
    expect(turns(page, "bot")).to_have_count(1)
    assert violations(page) == []
