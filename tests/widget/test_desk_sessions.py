"""Signing in to the desk and out of it, in Chromium."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.widget.stand import Stand
from tests.widget.test_desk import TOLERATED, sign_in, stand, token

__all__ = ["stand"]


def test_a_token_handed_over_in_the_address_signs_in_and_leaves_no_trace(stand: Stand, opened: Callable[..., Page]) -> None:
    page = opened(f"{stand.address}/desk#token={token(stand)}", TOLERATED)
    expect(page.get_by_role("heading", name="队列")).to_be_visible()
    assert "token" not in page.url
    assert page.evaluate("document.cookie") == ""


def test_signing_out_in_one_window_takes_the_page_away_in_the_other(stand: Stand, opened: Callable[..., Page]) -> None:
    page = sign_in(stand, opened)
    other = page.context.new_page()
    other.goto(f"{stand.address}/desk")
    expect(other.get_by_role("heading", name="队列")).to_be_visible()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("heading", name="登录坐席")).to_be_visible()
    expect(other.get_by_role("heading", name="登录坐席")).to_be_visible(timeout=10_000)


def test_a_customers_token_does_not_open_the_desk(stand: Stand, opened: Callable[..., Page]) -> None:
    page = opened(f"{stand.address}/desk", TOLERATED)
    page.get_by_label("坐席令牌").fill(stand.token())
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_contain_text("令牌无效")
