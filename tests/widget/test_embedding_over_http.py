"""Pages of other origins: allowed ones embed the chat with two lines, others cannot; frames likewise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import requests
from playwright.sync_api import Page, expect

from bot.web.headers import Embedding
from tests.widget.browsing import open_chat, say, turns
from tests.widget.stand import Stand

Open = Callable[..., Page]


def test_a_page_of_an_allowed_origin_embeds_the_chat_with_two_lines(stands: Any, opened: Open) -> None:
    shop: Stand = stands()
    service: Stand = stands(embedding=Embedding(origins=frozenset({shop.address})))
    page = opened(shop.host(service=service.address))
    open_chat(page)
    say(page, "plain")
    expect(turns(page, "bot")).to_have_count(1)
    assert service.heard == ["plain"] and shop.heard == []


def test_a_page_of_another_origin_cannot_load_it(stands: Any, opened: Open) -> None:
    shop: Stand = stands()
    service: Stand = stands(embedding=Embedding(origins=frozenset({"https://somebody.example"})))
    page = opened(shop.host(service=service.address), tolerated="CORS|ERR_FAILED")
    page.wait_for_timeout(500)
    assert page.evaluate("customElements.get('baitiao-chat') === undefined")


def test_only_allowed_origins_get_the_headers(stands: Any) -> None:
    service: Stand = stands(embedding=Embedding(origins=frozenset({"https://shop.example"})))
    for path in ("/widget/baitiao-chat.js", "/webhooks/widget/messages"):
        asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
        allowed = requests.options(service.address + path, headers={"Origin": "https://shop.example", **asked}, timeout=5)
        assert allowed.status_code == 204 and allowed.headers["Access-Control-Allow-Origin"] == "https://shop.example"
        assert "Authorization" in allowed.headers["Access-Control-Allow-Headers"]
        for origin in ("https://evil.example", "null"):
            refused = requests.options(service.address + path, headers={"Origin": origin, **asked}, timeout=5)
            read = requests.get(service.address + path, headers={"Origin": origin}, timeout=5)
            assert not any(name.startswith("Access-Control") for name in {**refused.headers, **read.headers})
    refusal = requests.get(f"{service.address}/webhooks/widget/messages", headers={"Origin": "https://shop.example"}, timeout=5)
    assert refusal.status_code == 401 and refusal.headers["Access-Control-Allow-Origin"] == "https://shop.example"
    shop = requests.get(f"{service.address}/shop", headers={"Origin": "https://shop.example"}, timeout=5)
    assert "Access-Control-Allow-Origin" not in shop.headers


def test_frames_are_for_allowed_origins_only(stands: Any, opened: Open) -> None:
    parent: Stand = stands()
    open_service: Stand = stands(embedding=Embedding(frames=("'self'", parent.address)))
    closed_service: Stand = stands()
    page = opened(f"{parent.address}/framing?src={open_service.address}")
    heading = page.frame_locator("iframe").get_by_role("heading", name="白条分期助手")
    expect(heading).to_be_visible()
    page = opened(f"{parent.address}/framing?src={closed_service.address}", tolerated="frame-ancestors|ERR_BLOCKED_BY_RESPONSE")
    page.wait_for_timeout(500)
    expect(page.frame_locator("iframe").get_by_role("heading", name="白条分期助手")).to_have_count(0)


def test_pages_have_a_strict_policy(stand: Stand) -> None:
    policy = requests.get(f"{stand.address}/shop", timeout=5).headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'") and "unsafe" not in policy
    assert policy.endswith("frame-ancestors 'self'")


def test_files_are_packed_for_who_can_unpack_them(stand: Stand) -> None:
    address = f"{stand.address}/widget/baitiao-chat.js"
    packed = requests.get(address, timeout=5)
    plain = requests.get(address, headers={"Accept-Encoding": "identity"}, timeout=5)
    assert packed.headers["Content-Encoding"] == "gzip" and "Content-Encoding" not in plain.headers
    assert packed.text == plain.text and int(packed.headers["Content-Length"]) < len(plain.content) / 2
    assert "Accept-Encoding" in plain.headers["Vary"]
