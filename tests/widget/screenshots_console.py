"""Pictures of an outage from both sides: what operators see from the alert to the review, and the banner of customers."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import requests
from playwright.sync_api import Browser, Page, expect

from actions.core.moments import start_of
from actions.state.columns import real_now
from actions.state.database import Database
from bot.channel.tokens import issue
from conversations.application import composed
from ops.insight.monday import make_week
from ops.insight.periods import last_week, week_of
from ops.passes import PASSES
from ops.watch.alert_plots import draw_alerts
from ops.worker import Surroundings
from tests.unit.console.test_alert_pages import keep_alert
from tests.unit.ops.insight.planting import MANY_SAY
from tests.widget.picturing import LOOKS, PICTURES, Look, keep, page_of
from tests.widget.test_whole_case import SECRET
from tools.evaluation.insight_month import Planted, SimulatedMonth, write

DRAFTED_EVERY_SECONDS = next(each.every for each in PASSES if each.name == "reviews") + 5
CUSTOMER = "u-1001/o-1"
MEET_IT = ("u-1013/o-1013", "u-1055/o-1055", "u-1060/o-1060", "u-1012/o-1012", "u-1015/o-1015", "u-1020/o-1020")
"""Who complain while it goes on, and wait for its end."""
SEES_IT = "u-1055"
"""As whom operators look at the banner."""
NOTICE = "分期服务响应异常，技术人员正在修复。"
SEEN = (LOOKS[2], LOOKS[1])
"""On a desktop by day and on a phone by night."""


def console_pictures(browser: Browser, address: str, database: str) -> None:
    """Makes them; an outage is declared and ended."""
    state = Database(database)
    here = Surroundings.of(composed(state))
    alert = keep_alert(composed(state))
    while draw_alerts(here):
        pass
    state.close()
    declared = {"component": "installment", "severity": "outage", "eta": "2026-11-22T20:00", "notice": NOTICE}
    incident = _api(address, "/incidents", **declared).json()["id"]
    for customer in MEET_IT:
        _meet(address, incident, *customer.split("/"))
    for look in SEEN:
        page = _console(browser, address, look)
        keep(page, f"console-today-{look.name}")
        for name, path in (("alert", f"/alerts/{alert.id}"), ("incident", f"/incidents/{incident}?customer={SEES_IT}")):
            page.goto(f"{address}/console{path}")
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            keep(page, f"console-{name}-{look.name}", 1500)
        page.context.close()
    for look in LOOKS[:2]:
        page = page_of(browser, look, f"{address}/shop#{CUSTOMER}")
        page.get_by_role("button", name="打开白条助手").click()
        expect(page.get_by_role("button", name="恢复后通知我").first).to_be_visible(timeout=15_000)
        keep(page, f"banner-{look.name}")
        page.context.close()
    _api(address, f"/incidents/{incident}/resolve")
    _until_told(address, incident)
    look = LOOKS[2]
    page = _console(browser, address, look)
    page.goto(f"{address}/console/incidents/{incident}")
    with page.expect_download(timeout=120_000) as download:
        _until_drafted(page)
    review = PICTURES / "review.html"
    download.value.save_as(review)
    page.goto(review.as_uri())
    keep(page, "console-review")
    review.unlink()
    page.context.close()


def insight_picture(browser: Browser, address: str, database: str) -> None:
    """The report of the last week, over generated conversations of five weeks."""
    state = Database(database)
    here = Surroundings.of(composed(state))
    week = last_week(real_now())
    midnight = start_of(week.end)
    for back, lost, customers in ((0, 0.5, 420), (7, 0.12, 1200)):
        month = SimulatedMonth(here.knowledge.current, 60 + back, midnight - timedelta(days=back), 28 if back else 7)
        broken = (month.walkable[6].id, 1)
        month.planted = Planted(broken=broken, lost_at_broken=lost, not_understood=0.1, sentences=MANY_SAY, nothing_found=0.02)
        with state.session() as session:
            write(session, month, customers, midnight, with_messages=not back, prefix=f"{back}-")
    make_week(here, week_of(week.first), real_now())
    state.close()
    for look in SEEN:
        page = _console(browser, address, look)
        page.goto(f"{address}/console/insight/{week_of(week.first)}")
        page.locator("main img").first.evaluate("image => image.decode()")
        keep(page, f"console-insight-{look.name}")
        page.context.close()


def _meet(address: str, incident: str, user: str, order: str) -> None:
    """Lets a customer complain, and want to be told of the end."""
    headers = {"Authorization": f"Bearer {issue(SECRET, user, order)}"}
    for path, body in (("messages", {"id": str(uuid4()), "text": "怎么没有分期了"}), ("subscriptions", {"incident": incident})):
        requests.post(f"{address}/webhooks/widget/{path}", json=body, headers=headers, timeout=60).raise_for_status()


def _until_told(address: str, incident: str) -> None:
    """The action server tells those who wait within seconds, and the worker drafts the review then."""
    headers = {"Authorization": f"Bearer {issue(SECRET, 'duty', None, roles=['operator'])}"}
    told = 0
    while told < len(MEET_IT):
        time.sleep(1)
        told = requests.get(f"{address}/console/api/incidents/{incident}", headers=headers, timeout=20).json()["numbers"]["told"]
    time.sleep(DRAFTED_EVERY_SECONDS)


def _until_drafted(page: Page) -> None:
    """The worker drafts it every half minute."""
    link = page.get_by_role("link", name="下载复盘")
    here = page.url
    while page.request.get(f"{here}/review").status == 404:
        page.wait_for_timeout(2000)
    link.click()


def _api(address: str, path: str, **body: Any) -> requests.Response:
    token = issue(SECRET, "duty", None, roles=["operator"])
    answer = requests.post(f"{address}/console/api{path}", json=body, headers={"Authorization": f"Bearer {token}"}, timeout=20)
    answer.raise_for_status()
    return answer


def _console(browser: Browser, address: str, look: Look) -> Page:
    page = page_of(browser, look, f"{address}/console")
    page.get_by_label("运营台令牌").fill(issue(SECRET, "duty", None, roles=["operator"]))
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="今天", exact=True)).to_be_visible()
    return page
