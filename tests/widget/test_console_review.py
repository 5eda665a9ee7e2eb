"""After an incident in Chromium: cause and actions are written by keyboard, and the review that is downloaded is a page that needs nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from actions.core.subject import Subject
from actions.state import subscriptions
from actions.state.columns import real_now
from conversations.application import composed
from ops.incidents.review_drafts import draft_reviews
from ops.worker import Surroundings
from tests.widget.browsing import DESKTOP, PHONE
from tests.widget.stand import Stand
from tests.widget.test_chat_access import violations
from tests.widget.test_console_incidents import declare, enter

__all__ = ["enter"]
Enter = Callable[..., Page]


@pytest.mark.parametrize(("viewport", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone by night"])
def test_what_is_written_after_an_incident_stands_in_its_review(
    stand: Stand, enter: Enter, opened: Callable[..., Page], tmp_path: Path, viewport: Any, scheme: str
) -> None:
    page = enter(viewport=viewport, color_scheme=scheme)
    declare(page, 公告="分期服务中断，技术人员在处理。", 预计恢复="2026-11-22T18:00")
    expect(page.get_by_role("heading", level=1)).to_contain_text("排查中")
    incident, here = page.url.rpartition("/")[2], composed(stand.database)
    with stand.database.session() as session:
        subscriptions.subscribe(session, "u-1013", "u-1013", Subject.of("o-1013"), "incident_outage", incident)
    here.recovery_watcher().look()
    page.get_by_role("link", name="已恢复，结束").press("Enter")
    page.get_by_role("button", name="确认结束").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("已结束")
    assert here.recovery_watcher().look() == 1
    page.get_by_role("link", name="复盘：原因和改进").press("Enter")
    page.get_by_label("为什么会坏").fill("网关证书过期。")
    page.get_by_role("button", name="写下原因").press("Enter")
    expect(page.locator("p.words")).to_have_text("网关证书过期。")
    page.get_by_label("做什么").fill("证书到期前告警")
    page.get_by_role("button", name="加上").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("谁来做")
    page.get_by_label("谁", exact=True).fill("网关组")
    page.get_by_label("哪天之前").fill((real_now() + timedelta(days=3)).date().isoformat())
    page.get_by_role("button", name="加上").press("Enter")
    expect(page.get_by_role("button", name="做完了：证书到期前告警")).to_be_visible()
    assert violations(page) == [] and page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    draft_reviews(Surroundings.of(here))
    page.reload()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载复盘").press("Enter")
    review = tmp_path / "review.html"
    download.value.save_as(review)
    read = opened("about:blank", viewport=viewport, color_scheme=scheme)
    read.set_content(review.read_text(encoding="utf-8"))
    for said in ("网关证书过期。", "证书到期前告警", "预计恢复 11-22 18:00"):
        expect(read.get_by_text(said)).to_be_visible()
    expect(read.get_by_role("row", name="已通知的客户")).to_contain_text("1")
    expect(read.locator("figure img")).to_have_count(1)
    assert read.locator("img").evaluate("image => image.decode().then(() => image.naturalWidth)") > 300
    assert violations(read) == [] and read.evaluate("document.documentElement.scrollWidth <= innerWidth")
