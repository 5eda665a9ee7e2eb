"""``make bench-widget``: how soon the chat can be used, how smoothly a long history scrolls, and what a bad network loses, in headless Chromium on this machine.

Behind it stands the real channel with scripted answers, so that the widget is what is measured. Fails above the limits.
"""

from __future__ import annotations

import json
import math
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from actions.masking import warm_up
from actions.state.conversations import MessageDraft
from actions.state.database import Database
from actions.state.world.loading import load_world
from bot.demo.remedies import DEMO_FILES
from tests.load.sends import Sends, echo, send_many, shown, stored
from tests.widget.browsing import PHONE, launch
from tests.widget.cutting_proxy import CuttingProxy
from tests.widget.stand import EXAMPLES, Stand, example

OPENINGS = 15
SCROLLS = 5
HISTORY = 1000
SENDS, PARTS = 500, 5
OPEN_LIMIT = 100.0
TASK_LIMIT = 50.0

# Usable: the history is there, and the input has the focus and takes a letter.
USABLE = """async (begun) => {
    const chat = document.querySelector('baitiao-chat');
    const ready = () => {
        const log = chat.shadowRoot?.querySelector('.log[aria-busy=false] .turn');
        const input = chat.shadowRoot?.activeElement;
        return log && input?.localName === 'textarea';
    };
    if (begun === null) { begun = performance.now(); chat.open(); }
    while (!ready()) await new Promise((resolve) => setTimeout(resolve, 1));
    return performance.now() - begun;
}"""
# Within the page, so that nothing of the measuring tool is measured.
SCROLL = """async () => {
    const root = document.querySelector('baitiao-chat').shadowRoot;
    const log = root.querySelector('.log');
    while (root.querySelector('.first').hidden || log.scrollTop > 0) {
        log.scrollTop -= 600;
        await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
}"""


def main() -> int:
    """Measures and prints a line each; returns the exit code."""
    warm_up()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        database, another = (_world(Path(folder) / name) for name in ("bench.db", "sends.db"))
        stand = Stand(database)
        stand.tell(*(example(name) for name in ("diagnosis", "step")))
        browser = launch(playwright)
        good = [
            _report("warm: press on the launcher to usable", _openings(browser, stand, _pressed), OPEN_LIMIT),
            _report("cold: empty cache to usable (page, bundle, style, texts, history)", _openings(browser, stand, _from_nothing)),
            _report(f"longest task while {HISTORY} messages scroll by, processor time", _scrolls(browser, stand), TASK_LIMIT),
        ]
        stand.close()
        good.append(_sends(browser, another))
        browser.close()
        for each in (database, another):
            each.close()
    return 0 if all(good) else 1


def _world(file: Path) -> Database:
    database = Database(f"sqlite:///{file}")
    database.migrate()
    load_world(database, [DEMO_FILES / "world.yml"])
    return database


def _openings(browser: Browser, stand: Stand, measure: Callable[[Page, Stand], float]) -> list[float]:
    times = []
    for _ in range(OPENINGS + 1):
        context = browser.new_context(viewport=PHONE, locale="zh-CN")
        times.append(measure(context.new_page(), stand))
        context.close()
    return times[1:]  # the first warms the server


def _pressed(page: Page, stand: Stand) -> float:
    page.goto(stand.host())
    page.get_by_role("button", name="打开白条助手").wait_for()
    return float(page.evaluate(USABLE, None))


def _from_nothing(page: Page, stand: Stand) -> float:
    page.add_init_script("addEventListener('DOMContentLoaded', () => document.querySelector('baitiao-chat').open?.())")
    page.goto(stand.host(), wait_until="commit")
    return float(page.evaluate(USABLE, 0))


def _scrolls(browser: Browser, stand: Stand) -> list[float]:
    names = list(EXAMPLES)
    stand.tell(
        *(
            example(names[number % len(names)]) if number % 2 else MessageDraft(role="user", text=f"第{number}条")
            for number in range(HISTORY)
        )
    )
    longest = []
    for _ in range(SCROLLS):
        page = browser.new_page(viewport=PHONE, locale="zh-CN")
        page.goto(stand.host())
        page.get_by_role("button", name="打开白条助手").click()
        page.locator(".turn").last.wait_for()
        page.wait_for_timeout(500)
        browser.start_tracing(page=page, categories=["toplevel"])
        page.evaluate(SCROLL)
        longest.append(_longest_task(json.loads(browser.stop_tracing())["traceEvents"]))
        assert page.locator(".turn").count() > HISTORY
        page.close()
    return longest


def _sends(browser: Browser, database: Database) -> bool:
    """Sends through a proxy that cuts and answers 502, while it and the service behind it are restarted."""
    stands = [_echoing(database)]
    port = int(stands[0].address.rsplit(":", 1)[1])
    proxy = CuttingProxy(port, chance=0.0)

    def restart() -> None:
        proxy.restart()
        stands[-1].close()
        stands.append(_echoing(database, port))

    page = browser.new_page(viewport=PHONE, locale="zh-CN")
    page.goto(stands[0].host().replace(stands[0].address, proxy.address))
    send_many(page, proxy, SENDS, PARTS, restart)
    found = {"stored": stored(stands[-1], SENDS), "shown": shown(page, SENDS)}
    bad = f"{proxy.cuts} cuts, {proxy.refusals} times 502, {PARTS} restarts of proxy and service"
    print(f"{SENDS} sends, {bad}: {'; '.join(f'{where} {what}' for where, what in found.items())}", flush=True)
    page.close()
    proxy.close()
    stands[-1].close()
    return set(found.values()) == {Sends(0, 0, 0)}


def _echoing(database: Database, port: int = 0) -> Stand:
    stand = Stand(database, port)
    stand.script = echo
    return stand


def _longest_task(events: list[dict[str, Any]]) -> float:
    """Milliseconds of processor time: by the clock, whatever else runs on the machine would be counted."""
    pages = {(each["pid"], each["tid"]) for each in events if each["name"] == "thread_name" and each["args"]["name"] == "CrRendererMain"}
    tasks = [each.get("tdur", 0) for each in events if each["name"].endswith("RunTask") and (each["pid"], each["tid"]) in pages]
    if not tasks:
        raise RuntimeError("the browser's trace holds no task")
    return float(max(tasks)) / 1000


def _report(what: str, values: list[float], limit: float = math.inf) -> bool:
    median = statistics.median(values)
    limited = f" (limit {limit:.0f} ms for the median)" if math.isfinite(limit) else ""
    print(f"{what}: median {median:.0f} ms, best {min(values):.0f} ms, worst {max(values):.0f} ms of {len(values)}{limited}", flush=True)
    return median <= limit


if __name__ == "__main__":
    sys.exit(main())
