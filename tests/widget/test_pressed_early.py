"""What a customer presses before the page knows who they are: it is kept, and said as soon as the conversation is there."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from tests.widget.browsing import turns
from tests.widget.stand import Stand

Open = Callable[..., Page]
WELCOME = "document.querySelector('baitiao-chat').setAttribute('token', '{token}')"


def test_a_press_before_the_shop_knows_its_customer_is_kept(stand: Stand, opened: Open) -> None:
    held: list[Route] = []
    page = opened("about:blank")
    page.route("**/shop/api/customers", lambda route: held.append(route))
    page.goto(f"{stand.address}/shop#u-1013/o-1013")
    page.get_by_role("button", name="打开白条助手").click()
    page.get_by_role("button", name="转人工").click()
    expect(turns(page, "user")).to_have_text("您转人工")
    for route in held:
        route.continue_()
    expect(turns(page, "bot")).to_have_count(1)
    assert stand.heard == ["/request_human"]
    expect(page.get_by_role("dialog", name="白条助手")).to_be_visible()


def test_what_failed_for_want_of_a_token_is_said_with_the_next(stand: Stand, opened: Open) -> None:
    page = opened(stand.host(token="none"))
    page.get_by_role("button", name="打开白条助手").click()
    page.get_by_role("button", name="转人工").click()
    expect(page.locator(".turn.unsent.failed")).to_be_visible()
    page.evaluate(WELCOME.format(token=stand.token()))
    expect(turns(page, "bot")).to_have_count(1)
    expect(page.locator(".turn.unsent")).to_have_count(0)
    assert stand.heard == ["/request_human"]
