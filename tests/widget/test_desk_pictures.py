"""At the desk: the customer's picture is seen and each look audited, a picture is sent, and the customer sees that somebody writes."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from PIL import Image
from playwright.sync_api import Page, expect

from actions.state import audit, handoffs
from conversations.application import composed
from tests.unit.handoff.conftest import House
from tests.widget.browsing import open_chat, turns
from tests.widget.desk_world import stand_of_desk
from tests.widget.stand import USER, Stand
from tests.widget.test_chat_access import violations
from tests.widget.test_desk import TOLERATED, csrf, signed_in

Open = Callable[..., Page]
SENT = io.BytesIO()
Image.effect_noise((500, 400), 90).save(SENT, "PNG")


@pytest.fixture
def stand(tmp_path: Any) -> Iterator[Stand]:
    yield from stand_of_desk(tmp_path)


@pytest.fixture
def case(stand: Stand) -> str:
    """A case that was handed over, with a picture of the customer's in its conversation."""
    number = House(composed(stand.database)).handed_over().id
    address = f"{stand.address}/webhooks/widget/pictures?id=00000000-0000-4000-8000-000000000001"
    headers = {"Authorization": f"Bearer {stand.token()}", "Content-Type": "image/png"}
    assert requests.post(address, data=SENT.getvalue(), headers=headers, timeout=20).status_code == 200
    return number


def pictures(stand: Stand) -> list[str]:
    return [message.data["id"] for message in stand.history() if message.data and message.data["type"] == "picture"]


def looks(stand: Stand) -> list[tuple[str, str | None]]:
    with stand.database.session() as session:
        return [(entry.actor, entry.handoff_id) for entry in audit.entries(session) if entry.action == "desk.picture"]


def test_a_picture_goes_both_ways_and_writing_is_seen(stand: Stand, case: str, opened: Open, tmp_path: Path) -> None:
    page = opened(f"{stand.address}/desk#token={stand.token('agent-1', None, role='agent')}", f"{TOLERATED}|415")
    expect(page.get_by_role("heading", name="队列")).to_be_visible()
    page.goto(f"{stand.address}/desk/cases/{case}")
    shown = page.get_by_role("img", name="客户发的图片")
    shown.scroll_into_view_if_needed()
    expect(shown).to_be_visible()
    page.wait_for_function("(image) => image.naturalWidth === 500", arg=shown.element_handle())
    assert looks(stand) and set(looks(stand)) == {("agent-1", case)}
    page.get_by_role("button", name="接手").click()
    chat = opened(stand.host())
    open_chat(chat)
    expect(chat.locator("#title")).to_have_text("人工客服")
    page.get_by_label("回复客户").press_sequentially("您好")
    expect(chat.locator(".about")).to_have_text("正在输入…")
    (tmp_path / "help.png").write_bytes(SENT.getvalue())
    page.get_by_label("发图片").set_input_files(tmp_path / "help.png")
    expect(page.get_by_text("图片已发出")).to_be_visible()
    expect(page.get_by_role("img", name="坐席发的图片")).to_be_visible()
    expect(turns(chat, "agent").get_by_role("button", name="看大图")).to_be_enabled()
    # What was being written is still there.
    expect(page.get_by_label("回复客户")).to_have_value("您好")
    assert violations(page) == []
    (tmp_path / "no.png").write_bytes(b"no picture")
    page.get_by_label("发图片").set_input_files(tmp_path / "no.png")
    expect(page.get_by_text("只支持 5 MB 以内的")).to_be_visible()


def test_only_pictures_of_the_case_are_shown_and_only_to_agents(stand: Stand, case: str) -> None:
    (picture,) = pictures(stand)
    with stand.database.session() as session:
        other = handoffs.create(session, "u-1001", "u-1001", "requested", "general", {}).id
    agent = signed_in(stand)
    address = f"{stand.address}/desk/cases"
    assert agent.get(f"{address}/{case}/pictures/{picture}", timeout=20).headers["Content-Type"] == "image/jpeg"
    assert agent.get(f"{address}/{other}/pictures/{picture}", timeout=20).status_code == 404
    assert requests.get(f"{address}/{case}/pictures/{picture}", timeout=20).status_code == 401
    assert looks(stand) == [("agent-1", case)]


def test_nothing_is_sent_from_elsewhere_or_by_whoever_has_not_the_case(stand: Stand, case: str) -> None:
    agent, address = signed_in(stand), f"{stand.address}/desk/cases/{case}"
    token = {"X-Baitiao-Csrf": csrf(agent.get(f"{stand.address}/desk", timeout=20).text)}

    def send(**headers: Any) -> int:
        return agent.post(f"{address}/pictures", data=SENT.getvalue(), headers=headers, timeout=20, allow_redirects=False).status_code

    assert send() == 403
    assert send(**{"X-Baitiao-Csrf": b"\xff\xd3"}) == 403
    assert send(**token, Origin="https://evil.example") == 403
    # Nobody has taken it yet.
    assert send(**token) == 409
    agent.post(f"{address}/take", data={"csrf": token["X-Baitiao-Csrf"]}, timeout=20)
    assert send(**token) == 303
    assert len(pictures(stand)) == 2


def test_whoever_has_not_the_case_is_not_seen_writing(stand: Stand, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(stand.service.feed, "types", seen.append)
    one, other = signed_in(stand), signed_in(stand, "agent-2")

    def write(agent: requests.Session) -> int:
        form = {"csrf": csrf(agent.get(f"{stand.address}/desk", timeout=20).text)}
        return agent.post(f"{stand.address}/desk/cases/{case}/typing", data=form, timeout=20).status_code

    assert (write(one), seen) == (204, [])
    agent_form = {"csrf": csrf(one.get(f"{stand.address}/desk", timeout=20).text)}
    one.post(f"{stand.address}/desk/cases/{case}/take", data=agent_form, timeout=20)
    assert (write(other), write(one), seen) == (204, 204, [USER])
    assert one.post(f"{stand.address}/desk/cases/{case}/typing", timeout=20).status_code == 403


def test_the_name_for_customers_comes_from_the_agents_token(stand: Stand, case: str, opened: Open) -> None:
    session = requests.Session()
    token = stand.token("agent-1", None, role="agent", shown_as="小林")
    session.post(f"{stand.address}/desk/sign-in", data={"token": token}, timeout=20)
    form = {"csrf": csrf(session.get(f"{stand.address}/desk", timeout=20).text)}
    session.post(f"{stand.address}/desk/cases/{case}/take", data=form, timeout=20)
    chat = opened(stand.host(), TOLERATED)
    open_chat(chat)
    expect(chat.locator("#title")).to_have_text("小林")
