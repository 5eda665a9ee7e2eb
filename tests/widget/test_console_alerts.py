"""The pages of alerts in Chromium: a plot that is seen by day and by night, deciding by keyboard, a phone, and nothing that axe finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from actions.state.alerts import AlertRow, now_millis
from actions.state.world.loading import load_world_data
from ops.watch.alert_plots import draw_alerts
from ops.watch.census_pass import run_census
from ops.worker import Surroundings
from tests.unit.console.test_alert_pages import keep_alert
from tests.unit.handoff.conftest import House, demo_file, house
from tests.widget.browsing import DESKTOP, PHONE, SMALL_PHONE
from tests.widget.stand import Stand
from tests.widget.test_chat_access import violations_at
from tests.widget.test_desk import TOLERATED

__all__ = ["demo_file", "house"]
Enter = Callable[..., Page]


@pytest.fixture
def alert(house: House) -> AlertRow:
    """An alert of complaints, beside one of the census and one that is over."""
    here = Surroundings.of(house.application)
    run_census(here)
    load_world_data(house.database, {"merchants": [{"id": "m-5", "integration": "error"}, {"id": "m-3", "integration": "error"}]})
    run_census(here)
    keep_alert(house.application, streams=("none",), closed_at=now_millis(), verdict="true")
    found = keep_alert(house.application, streams=("overdue",))
    while draw_alerts(here):
        pass
    return found


@pytest.fixture
def enter(house: House, alert: AlertRow, opened: Callable[..., Page]) -> Iterator[Enter]:
    """Signs somebody in, in a browser of their own, who goes to the alerts."""
    stand = Stand(house.database)

    def sign_in(role: str = "operator", **options: Any) -> Page:
        page = opened(f"{stand.address}/console", TOLERATED, **options)
        page.get_by_label("运营台令牌").fill(stand.token(f"{role}-1", None, roles=[role]))
        page.get_by_role("button", name="登录").press("Enter")
        page.get_by_role("navigation").get_by_role("link", name="告警").press("Enter")
        expect(page.get_by_role("heading", name="告警", exact=True)).to_be_visible()
        return page

    yield sign_in
    stand.close()


def open_alert(page: Page) -> None:
    page.get_by_role("region", name="正在发生").get_by_role("link", name="有逾期待还").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("有逾期待还")


@pytest.mark.parametrize(
    ("scheme", "viewport", "wide"), [("light", DESKTOP, 720), ("dark", DESKTOP, 720), ("light", PHONE, 340), ("dark", PHONE, 340)]
)
def test_the_plot_is_seen_on_the_ground_of_its_page(enter: Enter, scheme: str, viewport: Any, wide: int) -> None:
    page = enter(viewport=viewport, color_scheme=scheme)
    open_alert(page)
    image = page.locator(".plot img")
    image.evaluate("image => image.decode()")
    assert image.evaluate("image => image.naturalWidth") == wide
    colours = page.evaluate(
        """() => {
          const image = document.querySelector('.plot img')
          const canvas = Object.assign(document.createElement('canvas'), {width: image.naturalWidth, height: image.naturalHeight})
          const on = canvas.getContext('2d')
          on.drawImage(image, 0, 0)
          const pixels = on.getImageData(0, 0, canvas.width, canvas.height).data
          const seen = {}
          for (let at = 0; at < pixels.length; at += 4) {
            const colour = `rgb(${pixels[at]}, ${pixels[at + 1]}, ${pixels[at + 2]})`
            seen[colour] = (seen[colour] ?? 0) + 1
          }
          return Object.entries(seen).sort((a, b) => b[1] - a[1]).slice(0, 2).map(each => each[0])
        }"""
    )
    ground = page.evaluate("getComputedStyle(document.querySelector('main section')).backgroundColor")
    assert (
        colours[0] == ground and len(colours) == 2
    ), "the band is the second largest surface; an image without its styles is one black box"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_alert_is_taken_judged_and_silenced_by_keyboard(enter: Enter) -> None:
    page = enter()
    open_alert(page)
    page.get_by_role("button", name="我来处理").press("Enter")
    expect(page.get_by_text("operator-1 已接手")).to_be_visible()
    page.get_by_role("button", name="是真告警").press("Enter")
    expect(page.get_by_role("button", name="是真告警")).to_have_attribute("aria-pressed", "true")
    page.locator("summary", has_text="静音").press("Enter")
    page.get_by_label("多久").select_option("3 天")
    page.get_by_label("为什么", exact=True).fill("活动期间已知")
    page.get_by_role("button", name="静音").press("Enter")
    page.get_by_role("link", name="全部告警").press("Enter")
    expect(page.get_by_role("region", name="已静音")).to_contain_text("活动期间已知")
    expect(page.get_by_text("100%", exact=True)).to_be_visible()


def test_numbers_of_the_plot_stand_in_a_table(enter: Enter) -> None:
    page = enter("viewer")
    open_alert(page)
    page.locator("summary", has_text="表格").press("Enter")
    expect(page.get_by_role("region", name="曲线的数字，表格").get_by_role("row")).to_have_count(91)
    expect(page.get_by_role("button", name="我来处理")).to_have_count(0)


def test_axe_finds_nothing_and_nothing_overflows(enter: Enter) -> None:
    page = enter()
    assert violations_at(page, DESKTOP, PHONE, SMALL_PHONE) == []
    open_alert(page)
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
    assert violations_at(page, DESKTOP, PHONE, SMALL_PHONE) == []
