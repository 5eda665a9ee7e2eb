"""Amounts of money in messages: every spelling says the same, and nothing else is taken for one."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from cn2an import an2cn
from hypothesis import example, given, settings
from hypothesis import strategies as st

from actions.knowledge.glossary_numbers import AMOUNT_KINDS
from actions.yaml_source import Source
from bot.language.matching import Found, NumberFinder
from bot.language.normaliser import Normaliser
from bot.language.numerals import plain
from bot.language.pipeline import build_pipeline, entities_of, glossary_at

CASES = Source.read(Path(__file__).with_name("amount_cases.yml")).data
FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")
TRADITIONAL = str.maketrans("万两点块贰陆", "萬兩點塊貳陸")
MESSAGES = ("{}", "{}分12期", "买{}的手机分期", "总价{}，分6期每期多少", "我要分24期，{}", "第2笔订单{}能分吗")


@lru_cache(maxsize=1)
def finder() -> NumberFinder:
    glossary = glossary_at()
    return NumberFinder(glossary.numbers, glossary.amounts, glossary.numerals)


def money(text: str) -> list[tuple[str, str]]:
    glossary = glossary_at()
    found: list[Found] = finder().find(Normaliser(glossary.corrections)(text))
    return [(each.label, each.value) for each in found if each.label in AMOUNT_KINDS]


def spellings(fen: int) -> list[str]:
    """How customers write an amount; each says it to the cent."""
    yuan, cents = divmod(fen, 100)
    tenths, hundredths = divmod(cents, 10)
    figures, words, capitals = f"{yuan}.{cents:02d}", an2cn(str(yuan)), an2cn(str(yuan), "up")
    digit = [an2cn(str(each)) for each in (tenths, hundredths)]
    capital = [an2cn(str(each), "up") for each in (tenths, hundredths)]
    written = [
        f"{figures}元", f"{figures}块钱", f"¥{figures}", f"￥ {figures}", f"{yuan:,}.{cents:02d}元", f"{yuan:,}.{cents:02d}".replace(",", " ") + "元",
        f"{figures}元".translate(FULL_WIDTH), f"RMB {figures}", f"人民币{figures}元", f"{plain(Decimal(fen) / 10**6)}万", f"{plain(Decimal(fen) / 10**6)}w块",
        f"{plain(Decimal(fen) / 10**5)}k元", f"{plain(Decimal(fen) / 10**5)}千块", f"{words}元{digit[0]}角{digit[1]}分", f"{words}块{digit[0]}毛{digit[1]}",
        f"{yuan}块{tenths}毛{hundredths}分", f"{capitals}元{capital[0]}角{capital[1]}分", f"{words}点{digit[0]}{digit[1]}元",
        f"{words}点{digit[0]}{digit[1]}元".translate(TRADITIONAL), f"{capitals}元{capital[0]}角{capital[1]}分".translate(TRADITIONAL),
    ]  # fmt: skip
    if not cents and yuan:
        written += [f"{yuan}元", f"{words}元", f"{capitals}圆整", f"{yuan:,}块"]
    if not cents and yuan >= 10_000:
        written += [f"{yuan // 10_000}万{yuan % 10_000:04d}", f"{yuan // 10_000}w{yuan % 10_000:04d}元"]
    return written


@pytest.mark.slow
@given(st.integers(1, 999_999_999), st.sampled_from(MESSAGES))
@example(1, "{}")
@example(999_999_999, "{}分12期")
@example(1_000_000, "{}分12期")
@example(10_050_000, "{}分12期")
@example(529_900, "买{}的手机分期")
@settings(max_examples=300, deadline=None)
def test_every_amount_comes_back_exactly_from_every_spelling(fen: int, message: str) -> None:
    wanted = [("amount", plain(Decimal(fen) / 100))]
    written = spellings(fen)
    assert len(written) >= 12
    assert {each: money(message.format(each)) for each in written} == dict.fromkeys(written, wanted)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_what_is_said_about_money(case: dict[str, Any]) -> None:
    doc = build_pipeline()(Normaliser(glossary_at().corrections)(case["text"]))
    kinds = (*AMOUNT_KINDS, "tenor", "order")
    found = [(each["entity"], each["value"]) for each in entities_of(doc) if each["entity"] in kinds]
    assert sorted(found) == sorted((name, value) for name, value in case["found"])


@pytest.mark.broad
@given(st.text(alphabet="0123456789.,点万千百十零一二三五九两半几wk块元毛角分期个月¥ *到-首付每", max_size=24))
@settings(max_examples=300, deadline=None)
def test_no_jumble_of_numerals_breaks_the_reading(text: str) -> None:
    for name, value in money(text):
        assert name == "amount_range" or Decimal(value) >= 0
