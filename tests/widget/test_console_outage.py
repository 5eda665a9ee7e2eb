"""An outage in Chromium from the first complaint to the review: alert, draft, declared, banner, subscribed, recovered, told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from actions.state.columns import real_now
from actions.state.world.loading import load_world_data
from ops.incidents.review_drafts import draft_reviews
from ops.worker import Surroundings
from tests.unit.handoff.conftest import House, demo_file, house
from tests.unit.ops.test_watch_end_to_end import BROKEN, MINUTES, play
from tests.widget.browsing import open_chat, turns
from tests.widget.stand import ORDER, USER, Stand
from tests.widget.test_banner import banner, want
from tests.widget.test_desk import TOLERATED

__all__ = ["demo_file", "house"]


def test_an_outage_from_the_first_complaint_to_the_review(house: House, opened: Callable[..., Page], tmp_path: Path) -> None:
    line = [{"sku": f"9{BROKEN[4:].zfill(5)}", "quantity": 1}]
    load_world_data(house.database, {"merchants": [{"id": BROKEN}], "categories": [{"id": "pots"}]})
    load_world_data(house.database, {"items": [{"sku": line[0]["sku"], "category": "pots", "merchant": BROKEN, "price": "599.00"}]})
    load_world_data(
        house.database,
        {"users": [{"id": USER, "baitiao": {"overdue": "0.00"}}], "orders": [{"id": ORDER, "user": USER, "lines": line}]},
    )
    # Over when the browser begins, so that what it shows is a few minutes old.
    assert play(house, real_now() - timedelta(minutes=MINUTES + 1), [(USER, ORDER)]).drafted is not None
    stand = Stand(house.database)
    try:
        _seen(stand, house, opened, tmp_path)
    finally:
        stand.close()


def _seen(stand: Stand, house: House, opened: Callable[..., Page], tmp_path: Path) -> None:
    chat = opened(stand.host())
    open_chat(chat)
    expect(turns(chat, "bot").first).to_contain_text("店铺")
    said = turns(chat, "bot").count()
    expect(banner(chat)).to_be_hidden()

    operator = opened(f"{stand.address}/console", TOLERATED)
    operator.get_by_label("运营台令牌").fill(stand.token("operator-1", None, roles=["operator"]))
    operator.get_by_role("button", name="登录").press("Enter")
    operator.get_by_role("navigation").get_by_role("link", name="告警").press("Enter")
    operator.get_by_role("region", name="正在发生").get_by_role("link", name="店铺对接异常").press("Enter")
    expect(operator.get_by_role("region", name="集中在哪里").get_by_role("listitem").first).to_contain_text("下单")
    operator.get_by_role("button", name="我来处理").press("Enter")
    operator.get_by_role("link", name="打开故障草稿").press("Enter")
    expect(operator.get_by_label("哪个系统")).to_have_value("installment")
    expect(operator.locator("[name=merchants]")).to_have_value(BROKEN)
    operator.get_by_label("程度").select_option("outage")
    operator.get_by_role("button", name="宣布，马上告诉客户").press("Enter")
    expect(operator.get_by_role("heading", level=1)).to_contain_text("排查中")
    incident = operator.url.rpartition("/")[2]

    expect(banner(chat)).to_contain_text("部分订单暂时选不了白条分期")
    want(chat).press("Enter")
    expect(banner(chat)).to_contain_text("已订阅")

    load_world_data(house.database, {"merchants": [{"id": BROKEN, "integration": "ok"}]})
    operator.get_by_role("link", name="已恢复，结束").press("Enter")
    expect(operator.locator("li li").first).to_contain_text("1 位：")
    operator.get_by_role("button", name="确认结束").press("Enter")
    expect(operator.get_by_role("heading", level=1)).to_contain_text("已结束")
    expect(banner(chat)).to_be_hidden()
    assert house.application.recovery_watcher().look() == 1
    expect(turns(chat, "bot")).to_have_count(said + 1)
    expect(turns(chat, "bot").last).to_contain_text("没有查到挡着分期的原因")

    draft_reviews(Surroundings.of(house.application))
    operator.goto(f"{stand.address}/console/incidents/{incident}")
    with operator.expect_download() as download:
        operator.get_by_role("link", name="下载复盘").press("Enter")
    review = tmp_path / "review.html"
    download.value.save_as(review)
    read = opened("about:blank")
    read.set_content(review.read_text(encoding="utf-8"))
    expect(read.get_by_text("从第一次受影响的咨询起算")).to_be_visible()
    expect(read.get_by_role("row", name="已通知的客户")).to_contain_text("1")
    for step in ("报警", "有人认领", "宣布", "第一位客户被告知", "修好"):
        expect(read.get_by_role("row", name=step, exact=False).first).not_to_contain_text("—")
