"""A short slice of ``make bench-desk``: a message is on the screen within a second, and of a flood of events nothing is missed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.load.desk import A_SECOND, LISTED_LIMIT, SHOWN_LIMIT, desk, flood, listings, opened, shown
from tests.widget.stand import Stand

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def filled() -> Iterator[tuple[Stand, list[str]]]:
    with desk(120) as made:
        yield made


def test_lists_are_quick_whatever_they_are_narrowed_by(filled: tuple[Stand, list[str]]) -> None:
    # The quickest of several: other tests run beside this one.
    times = listings(filled[0], times=5)
    assert {name: best for name, found in times.items() if (best := min(found)) > LISTED_LIMIT} == {}


def test_a_message_is_shown_within_a_second_and_none_of_a_flood_is_missed(filled: tuple[Stand, list[str]], browser: Browser) -> None:
    stand, users = filled
    page = opened(browser.new_page(locale="zh-CN", viewport={"width": 1280, "height": 800}), stand, users[0])
    assert min(shown(page, stand, users[0], 3)) <= SHOWN_LIMIT
    found = flood(page, stand, users, A_SECOND, seconds=2)
    page.close()
    assert (found.written, found.missed, found.stale) == (2 * A_SECOND, 0, False)
