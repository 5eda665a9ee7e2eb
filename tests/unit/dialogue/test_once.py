"""What a reply has remarked once is left out where it ends a sentence, and nothing else is."""

from __future__ import annotations

import pytest

from actions.dialogue.once import Once
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


@pytest.mark.parametrize(
    ("lines", "told", "named", "kept"),
    [
        pytest.param(["欠着 120.50 元没还。", "还上之前用不了。"], "有 120.50 元过期没还。", False, ["还上之前用不了。"], id="the numbers"),
        pytest.param(["欠着 120.50 元没还。"], "有 120.50 元过期没还。", False, ["欠着 120.50 元没还。"], id="something is told"),
        pytest.param(["密码锁着。", "到点会解开。"], "密码锁着，先别再试。", True, ["到点会解开。"], id="the cause was named"),
        pytest.param(["密码锁着，锁到 13:40。"], "密码锁着。", True, ["密码锁着，锁到 13:40。"], id="named without a number"),
        pytest.param(["密码锁着。"], "密码锁着。", True, [], id="nothing is left"),
    ],
)
def test_an_explanation_adds_to_the_answer_in_front_of_it(
    lines: list[str], told: str, named: bool, kept: list[str], diagnosed: Diagnose
) -> None:
    assert Once(project_knowledge().locale.remarks).explained(lines, [told], diagnosed().facts, named) == kept


@pytest.mark.parametrize(
    ("text", "told", "answered", "kept"),
    [
        pytest.param("先用银行卡付；不认同就申请复核。", "换银行卡付，不认同点复核。", False, "", id="every way was named"),
        pytest.param("先用银行卡付；不认同就申请复核。", "换银行卡付。", False, "不认同就申请复核。", id="one way was not"),
        pytest.param("规则到 11月30日 为止。请转人工核对。", "11月30日 结束。", False, "请转人工核对。", id="the day was named"),
        pytest.param("恢复由店铺决定。急着买先用银行卡付。", "换银行卡付；", False, "恢复由店铺决定。", id="it ends as it did"),
        pytest.param("不是您本人下的单，请告诉我。先付款。", "不是您本人下的单先别付。", False, "先付款。", id="the caveat was made"),
        pytest.param("恢复由店铺决定。到 12月1日 再看。", "店铺暂停了。", True, "到 12月1日 再看。", id="behind a whole answer"),
        pytest.param("恢复由店铺决定。先用银行卡付。", "店铺暂停了。", True, "先用银行卡付。", id="a way out that was not named stays"),
        pytest.param(
            "不是您本人下的单，请告诉我。先用银行卡付。", "换银行卡付。", True, "不是您本人下的单，请告诉我。", id="what must be said stays"
        ),
    ],
)
def test_what_closes_a_reply_adds_to_it(text: str, told: str, answered: bool, kept: str, diagnosed: Diagnose) -> None:
    assert Once(project_knowledge().locale.remarks).closing(text, [told], diagnosed().facts, answered) == kept


def test_a_number_in_the_name_of_goods_tells_nothing(diagnosed: Diagnose) -> None:
    facts = diagnosed().facts
    title = facts.lines[0].item.title
    assert any(map(str.isdigit, title))
    lines = [f"{title} 不支持分期。", "别的都可以。"]
    once = Once(project_knowledge().locale.remarks)
    assert once.explained(lines, [f"{title} 那单用银行卡付。"], facts, named=False) == lines
