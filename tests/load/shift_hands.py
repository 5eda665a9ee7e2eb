"""How an agent of a simulated shift presses, types and waits, by keyboard or with the mouse."""

from __future__ import annotations

from contextlib import suppress

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Locator, Page

WITHIN = 15_000
"""Milliseconds in which whatever an agent does must have its effect."""
_MOST_KEYS = 120


class Hands:
    """What an agent's page is worked with.

    Attributes:
        _page: the page.
        _keys: whether they use keys where there are some.
    """

    _page: Page
    _keys: bool

    def _write(self, text: str) -> None:
        if self._keys:
            self._key("r", self._page.get_by_label("回复客户"))
            self._page.keyboard.insert_text(text)
        else:
            self._page.get_by_label("回复客户").fill(text)

    def _lead_on(self, button: Locator) -> None:
        """Presses what leads to a page that is loaded anew."""
        with self._page.expect_navigation(timeout=WITHIN):
            button.click()

    def _key(self, key: str, leads_to: Locator) -> None:
        """Presses a key until it is heard: a page that is just being loaded does not hear it yet."""
        for _ in range(50):
            self._page.evaluate("document.activeElement.blur()")
            self._page.keyboard.press(key)
            if leads_to.count() and leads_to.evaluate("field => field === document.activeElement"):
                return
            self._page.wait_for_timeout(100)

    def _press_send(self) -> None:
        if self._keys:
            self._page.get_by_label("回复客户").press("Control+Enter")
        else:
            self._page.get_by_role("button", name="发送", exact=True).click()

    def _walk_to(self, key: str) -> bool:
        """Goes to a case in the list, up and then down."""
        self._page.evaluate("document.activeElement.blur()")
        for press in ("k",) * (_MOST_KEYS // 2) + ("j",) * _MOST_KEYS:
            if self._page.evaluate("document.activeElement.dataset.key") == key:
                return True
            self._page.keyboard.press(press)
        return False

    def _loaded_anew(self) -> None:
        """Waits until the page is no longer the one that was marked as before."""
        for _ in range(WITHIN // 100):
            with suppress(PlaywrightError):
                if self._page.evaluate("!window.before && document.readyState === 'complete'"):
                    return
            self._page.wait_for_timeout(100)
