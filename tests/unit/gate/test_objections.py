"""The gate: what is written for customers goes past it only if it may be said, holds nobody's numbers, is short enough and leaves nothing unfilled."""

from __future__ import annotations

import pytest

from actions.gate import LONGEST_NOTICE, Objection, objections
from bot.console.places import ConsoleRefused
from conversations.application import project_knowledge

KNOWLEDGE = project_knowledge()
GOOD = "白条分期正在维护，暂时看不到分期。订单会保留，恢复后可以再试。"


def rules(text: str, **more: object) -> list[str]:
    return [each.rule for each in objections(text, KNOWLEDGE, **more)]  # type: ignore[arg-type]


def test_what_may_be_said_passes() -> None:
    assert objections(GOOD, KNOWLEDGE) == ()


@pytest.mark.parametrize("text", ["包过", "预计30分钟左右恢复", "很快就好", "请把验证码告诉我", "最低日息万分之二"])
def test_what_must_never_be_said_is_named_with_its_words_and_why(text: str) -> None:
    (first, *_) = objections(f"{GOOD}{text}。", KNOWLEDGE)
    assert first.words and first.words in text and any(sign >= "\u4e00" for sign in first.why)


@pytest.mark.parametrize("text", ["13800138000", "110101199003078515", "4111 1111 1111 1111"])
def test_a_persons_number_is_refused_and_not_repeated(text: str) -> None:
    (found,) = objections(f"请联系 {text}", KNOWLEDGE)
    assert found.rule.startswith("personal: ") and text not in found.words and "*" in found.words


def test_a_hotline_is_nobodys_number() -> None:
    assert objections("请拨打 95118。", KNOWLEDGE) == ()


@pytest.mark.parametrize(
    "text",
    [
        "这个绝对没问题的，您等着就行",
        "我保证给您搞定",
        "您这单稳了",
        "最迟到明天就能用",
        "您把卡号后四位和身份证拍给我",
        "麻烦将验证码念给我听",
    ],
)
def test_promises_and_secrets_are_known_in_the_words_that_people_really_use(text: str) -> None:
    assert any(each.startswith(("promises", "asks for a secret")) for each in rules(text))


@pytest.mark.parametrize("text", ["不要把身份证照片发给我。", "您把银行卡绑好就行。", "我不能保证给您办成。", "您把遇到的提示发给我看看。"])
def test_what_sounds_alike_and_is_harmless_may_be_said(text: str) -> None:
    assert rules(text) == []


def test_length_counts_and_nothing_is_no_text() -> None:
    assert rules("好" * LONGEST_NOTICE) == [] and rules("好" * (LONGEST_NOTICE + 1)) == ["too long"]
    assert rules("好" * 30, longest=20) == ["too long"] and rules(" \n") == ["empty"]


@pytest.mark.parametrize(
    ("text", "known", "words"),
    [
        ("预计 {incident.eta} 恢复", ["incident.eta"], []),
        ("预计 {incident.eta} 恢复", [], ["{incident.eta}"]),
        ("{a} 和 {b}", ["a"], ["{b}"]),
        ("多了 { 一个", [], ["{"]),
        ("{} 里没有", [], ["{}"]),
    ],
)
def test_every_placeholder_has_a_value_where_it_will_be_said(text: str, known: list[str], words: list[str]) -> None:
    assert [each.words for each in objections(text, KNOWLEDGE, placeholders=known)] == words


def test_only_a_person_says_that_they_are_one() -> None:
    assert rules("我是人工客服") == ["pretends to be a person"] and rules("我是人工客服", by_a_person=True) == []


def test_everything_that_is_wrong_is_said_at_once_and_each_once() -> None:
    assert rules("包过包过 13800138000 {x}") == ["promises an approval", "personal: phone", "a placeholder without a value"]


def test_a_refusal_tells_programs_and_people_the_same() -> None:
    document = ConsoleRefused.text([Objection("包过", "承诺通过", "promises an approval")]).document()
    assert (document["status"], document["type"]) == (422, "urn:baitiao:problem:text-refused")
    assert document["reasons"] == [{"words": "包过", "why": "承诺通过"}]
