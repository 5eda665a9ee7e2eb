"""Chromium, pages whose complaints are failures, and the parts of the chat by the names people see."""

from __future__ import annotations

import os
import re
import shutil
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page, Playwright, expect

# A busy machine is no failure of what is waited for.
expect.set_options(timeout=15_000)

# The headless shell is the same browser without windows, which nobody looks at: a page costs it half as much.
CHROMIUM = os.environ.get("BAITIAO_CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # The last list holds: the first is Playwright's own, the second what Chromium would start for every window that nobody looks at (two pages
    # below its address bar, and a process for the next page), which took more than half of the time that a test has a page open.
    "--disable-features="
    "ImprovedCookieControls,LazyFrameLoading,GlobalMediaControls,DestroyProfileOnBrowserClose,MediaRouter,DialMediaRouteProvider,"
    "AcceptCHFrame,AutoExpandDetailsElement,CertificateTransparencyComponentUpdater,AvoidUnnecessaryBeforeUnloadCheckSync,Translate,"
    "HttpsUpgrades,PaintHolding,ThirdPartyStoragePartitioning,LensOverlay,PlzDedicatedWorker,"
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup,SpareRendererForSitePerProcess",
]
PHONE = {"width": 360, "height": 740}
SMALL_PHONE = {"width": 320, "height": 568}
DESKTOP = {"width": 1360, "height": 860}
SETTLED_MS = 5_000
"""Milliseconds that a page has at the end of its test to load what it asked for; one that a test holds up on purpose is not waited for longer."""
VIOLATIONS = "addEventListener('securitypolicyviolation', (e) => console.error('policy: ' + e.violatedDirective + ' ' + e.blockedURI))"


def launch(playwright: Playwright) -> Browser:
    """The system's Chromium."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)


class Watch:
    """Opens pages and remembers what the browser complained about: errors, warnings, violations of the policy, other hosts.

    Pages leave before anything that serves them does: see ``leave``.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self._complaints: list[str] = []
        self._left: set[Page] = set()

    def open(self, address: str, tolerated: str = "", **options: Any) -> Page:
        """A page in a context of its own; complaints that match ``tolerated`` belong to the test."""
        settings = {"viewport": DESKTOP, "locale": "zh-CN", "timezone_id": "Asia/Shanghai", **options}
        context = self._browser.new_context(**settings)
        self._contexts.append(context)
        return self.tab(context, address, tolerated)

    def tab(self, context: BrowserContext, address: str, tolerated: str = "") -> Page:
        """One more page in the same context."""
        page = context.new_page()

        def complain(text: str) -> None:
            if page not in self._left and (not tolerated or not re.search(tolerated, text)):
                self._complaints.append(text)

        def visit(url: str) -> None:
            if not re.match(r"(http://127\.0\.0\.1:|data:|blob:)", url):
                complain(f"a request to somebody else: {url}")

        page.add_init_script(VIOLATIONS)
        page.on(
            "console",
            lambda message: complain(f"{message.text} {message.location['url']}") if message.type in ("error", "warning") else None,
        )
        page.on("pageerror", lambda error: complain(str(error)))
        page.on("request", lambda request: visit(request.url))
        page.goto(address)
        return page

    def leave(self) -> None:
        """Closes every page once it has loaded what it asked for, images too; what closing itself breaks off is nobody's fault."""
        for context in self._contexts:
            for page in context.pages:
                _settle(page)
                self._left.add(page)
            context.close()
        self._contexts.clear()

    def close(self) -> None:
        """Closes everything and fails if there were complaints."""
        self.leave()
        complaints, self._complaints = self._complaints, []
        assert not complaints, complaints


def _settle(page: Page) -> None:
    try:
        # What the browser has said is known once it answers: first where the page is by now, then what was wrong with what it loaded.
        page.evaluate("0")
        page.wait_for_load_state("load", timeout=SETTLED_MS)
        page.evaluate("0")
    except Error:
        return


def open_chat(page: Page) -> None:
    """Presses the launcher and waits until the conversation is there."""
    page.get_by_role("button", name="打开白条助手").click()
    expect(page.locator(".log")).to_have_attribute("aria-busy", "false")


def entry(page: Page) -> Locator:
    """The input."""
    return page.get_by_role("textbox", name="输入您遇到的问题")


def say(page: Page, text: str) -> None:
    """Types a text and sends it."""
    entry(page).fill(text)
    entry(page).press("Enter")


def turns(page: Page, role: str = "") -> Locator:
    """What is shown of one role, or of all."""
    return page.locator(f".turn{'.' + role if role else ''}")


def bubbles(page: Page, role: str = "") -> list[str]:
    """The texts shown, in order."""
    return [text.replace("\n\n", "\n") for text in page.locator(f".turn{'.' + role if role else ''} .bubble").all_inner_texts()]


def choices(page: Page) -> Locator:
    """What can be pressed now, in the dock."""
    return page.locator(".dock .choice:enabled")
