"""What a reply has remarked once is left out where it ends a sentence, and nothing else is."""

from __future__ import annotations

import pytest

from actions.dialogue.once import Once, untold
from conversations.application import project_knowledge
from tests.unit.core.conftest import Diagnose


@pytest.mark.parametrize(
    ("texts", "kept"),
    [
        (
            ["差在您的账户；急着买先换银行卡等方式付。", "这一单用银行卡等方式付就能买。登记有误请点转人工核对。"],
            ["差在您的账户；急着买先换银行卡等方式付。", "登记有误请点转人工核对。"],
        ),
        (["差在商品上，谁买都一样。", "谁买都一样，和您的账户、额度没有关系。"], ["差在商品上，谁买都一样。"]),
        # In front of something else it stays: that is said on top of it.
        (
            ["可以问店铺客服，急着买先换种方式付。", "现在就想买，用银行卡等方式付，也可以问店铺客服。"],
            ["可以问店铺客服，急着买先换种方式付。", "现在就想买，用银行卡等方式付，也可以问店铺客服。"],
        ),
        # What carries an amount of its own is no mere remark.
        (
            ["急着买先用银行卡付。", "不想分，5299.00 元用银行卡一次付清。"],
            ["急着买先用银行卡付。", "不想分，5299.00 元用银行卡一次付清。"],
        ),
        # A line ends as it did.
        (["急着买先用银行卡付。", "到时重查；急着买先用银行卡付。"], ["急着买先用银行卡付。", "到时重查。"]),
    ],
)
def test_a_remark_is_made_once(texts: list[str], kept: list[str]) -> None:
    assert Once(project_knowledge().locale.remarks).kept(texts) == kept


def test_what_was_told_with_all_its_numbers_is_told_no_more(diagnosed: Diagnose) -> None:
    facts = diagnosed().facts
    assert untold(["欠着 120.50 元没还。", "还上之前用不了。"], ["记录里有 120.50 元过期没还。"], facts) == ["还上之前用不了。"]
    assert untold(["欠着 120.50 元没还。"], ["记录里有 120.50 元过期没还。"], facts) == ["欠着 120.50 元没还。"], "something is told"


def test_a_number_in_the_name_of_goods_tells_nothing(diagnosed: Diagnose) -> None:
    facts = diagnosed().facts
    title = facts.lines[0].item.title
    assert any(map(str.isdigit, title))
    lines = [f"{title} 不支持分期。", "别的都可以。"]
    assert untold(lines, [f"{title} 那单用银行卡付。"], facts) == lines
