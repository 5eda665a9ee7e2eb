"""A lead's page in Chromium: plots that are seen by day and by night, a table under each, and nothing that overflows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from actions.state.database import Database
from tests.load.desk_history import fill
from tests.widget.browsing import DESKTOP, PHONE, SMALL_PHONE
from tests.widget.stand import Stand
from tests.widget.test_chat_access import violations
from tests.widget.test_desk import TOLERATED

PANELS = 9


@pytest.fixture
def lead(database: Database, opened: Callable[..., Page]) -> Any:
    fill(database, 300, 120, days=10, turns=3)
    stand = Stand(database)

    def see(**options: Any) -> Page:
        page = opened(f"{stand.address}/desk", f"{TOLERATED}|422", **options)
        page.get_by_label("坐席令牌").fill(stand.token("lead-1", None, roles=["lead"]))
        page.get_by_role("button", name="登录").click()
        page.get_by_role("link", name="数字").click()
        expect(page.get_by_role("heading", name="数字", exact=True)).to_be_visible()
        return page

    yield see
    stand.close()


def seen(page: Page) -> list[list[float]]:
    """Width and height of each plot as it was drawn, once it is there; lazily loaded ones are scrolled to."""
    for image in page.locator("main img").all():
        image.scroll_into_view_if_needed()
        image.evaluate("image => image.decode()")
    found: list[list[float]] = page.eval_on_selector_all(
        "main img", "images => images.map(image => [image.naturalWidth, image.naturalHeight])"
    )
    return found


def test_every_plot_is_drawn_and_has_a_table_and_a_download(lead: Callable[..., Page]) -> None:
    page = lead()
    figures = page.locator(".figures").bounding_box()
    places = page.locator("main section").evaluate_all("parts => parts.map(part => part.getBoundingClientRect().top)")
    assert figures is not None and all(
        top >= figures["y"] + figures["height"] for top in places
    ), "the style of another page moves them away"
    assert [width for width, _ in seen(page)] == [640] * PANELS
    for section in page.locator("main section").all():
        told = section.locator("table").count() + section.get_by_text("这段时间没有可显示的。").count()
        assert told == 1 and section.get_by_role("link", name="下载 CSV").count() == 1
        assert len(str(section.locator("img").get_attribute("alt"))) > 10
    with page.expect_download() as download:
        page.get_by_role("link", name="为什么转人工，下载 CSV").click()
    assert Path(download.value.path()).read_text(encoding="utf-8-sig").startswith("原因,件数,客户数")


def test_on_a_phone_plots_are_drawn_for_it_and_nothing_overflows(lead: Callable[..., Page]) -> None:
    page = lead(viewport=PHONE)
    assert [width for width, _ in seen(page)] == [340] * PANELS
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(("scheme", "bright"), [("light", True), ("dark", False)])
def test_a_plots_ground_is_that_of_its_page(lead: Callable[..., Page], scheme: str, bright: bool) -> None:
    page = lead(color_scheme=scheme)
    seen(page)
    (red, green, blue) = page.evaluate(
        """async () => {
          const canvas = Object.assign(document.createElement('canvas'), {width: 10, height: 10}), on = canvas.getContext('2d')
          on.drawImage(document.querySelector('main img'), 0, 0)
          return [...on.getImageData(2, 2, 1, 1).data].slice(0, 3)
        }"""
    )
    ground = page.evaluate("getComputedStyle(document.querySelector('main section')).backgroundColor")
    assert ground == f"rgb({red}, {green}, {blue})" and (red > 128) is bright


def test_a_period_is_chosen_with_the_keyboard(lead: Callable[..., Page]) -> None:
    page = lead()
    expect(page.get_by_role("link", name="7 天")).to_have_attribute("aria-current", "page")
    page.get_by_role("link", name="今天").press("Enter")
    expect(page.get_by_role("link", name="今天")).to_have_attribute("aria-current", "page")
    page.get_by_label("从").fill(page.evaluate("new Date(Date.now() - 3 * 864e5).toISOString().slice(0, 10)"))
    page.get_by_role("button", name="看这段").press("Enter")
    expect(page.locator("main [aria-current]")).to_have_count(0)
    expect(page.get_by_text("行）").nth(1)).to_be_visible()


def test_examples_are_masked_and_tables_can_be_scrolled_by_keyboard(lead: Callable[..., Page]) -> None:
    page = lead(viewport=PHONE)
    expect(page.locator(".examples").first).to_contain_text("138****8000")
    assert page.locator("main .scroll").evaluate_all("parts => parts.every(part => part.tabIndex === 0 && part.ariaLabel)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE, SMALL_PHONE], ids=["desktop", "phone", "small phone"])
def test_axe_finds_nothing_on_the_page_and_where_a_period_is_refused(lead: Callable[..., Page], viewport: Any, scheme: str) -> None:
    page = lead(viewport=viewport, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.goto(page.url.partition("?")[0] + "?days=5")
    expect(page.get_by_role("alert")).to_contain_text("时间段不对")
    assert violations(page) == []
