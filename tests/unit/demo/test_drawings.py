"""The drawings of the demo shop: each article of the demo world looks like what it is, and no drawing is missing or left over."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.yaml_source import Source
from bot.demo.remedies import DEMO_FILES
from bot.demo.shop import picture

DEMO = Path(__file__).resolve().parents[3] / "bot/demo"
ITEMS = Source.read(DEMO_FILES / "world.yml").data["items"]
NAMED = Source.read(DEMO / "drawings.yml").data
DRAWN = {path.stem.removeprefix("goods-") for path in (DEMO / "static").glob("goods-*.svg")}


@pytest.mark.parametrize(
    ("category", "title", "drawing"),
    [("appliances", "山岚对开门冰箱", "fridge"), ("appliances", "静澜滚筒洗衣机 10 公斤", "washer"), ("home", "栖木实木餐桌", "table")],
)
def test_goods_look_like_what_their_title_says(category: str, title: str, drawing: str) -> None:
    assert picture(category, title) == f"goods-{drawing}.svg"


def test_goods_without_a_word_look_like_their_category_and_others_like_a_bag() -> None:
    assert (picture("appliances", "静音机"), picture("bill"), picture("ships", "帆")) == (
        "goods-appliances.svg",
        "goods-bill.svg",
        "goods-other.svg",
    )


def test_every_word_has_its_drawing_and_every_drawing_its_use() -> None:
    categories = {item["category"] for item in ITEMS}
    assert set(NAMED.values()) <= DRAWN
    assert {*NAMED.values(), *categories, "bill", "other"} == DRAWN
    assert all(any(word in item["title"] for item in ITEMS) for word in NAMED)
