"""What customers say in words about being told before it comes: it does what the buttons do, and where there is nothing to do that is said."""

from __future__ import annotations

from datetime import date

import pytest

from actions.core.handoff import ToldAhead
from conversations.application import project_knowledge
from tests.unit.core.conftest import Diagnose
from tests.unit.dialogue.situations import PUT
from tests.unit.dialogue.talking import Talk

TODAY = date(2026, 11, 22)
TOPICS = project_knowledge().advice.topics


class Wishes:
    """``Reminders`` in memory.

    Args:
        wanted: topics that the customer has said yes to.
        told: days by cause.
    """

    def __init__(self, wanted: tuple[str, ...] = (), told: dict[str, date] | None = None) -> None:
        self.topics, self._told = set(wanted), told or {}

    def wanted(self, user_id: str) -> frozenset[str]:
        return frozenset(self.topics)

    def give(self, user_id: str, topic: str, wording: str) -> None:
        self.topics.add(topic)

    def withdraw(self, user_id: str, topic: str | None) -> None:
        self.topics = set() if topic is None else self.topics - {topic}

    def told(self, user_id: str, cause: str) -> ToldAhead | None:
        return ToldAhead(self._told[cause], TODAY) if cause in self._told else None

    def answer(self, cause: str, answer: str, days: int | None = None) -> None:
        raise AssertionError("nothing was pressed")


def asked(diagnosed: Diagnose, wishes: Wishes | None, topic: str, text: str) -> tuple[str, list[str]]:
    """The answer to words that were taken for a topic, and its buttons."""
    talk = Talk({"o": diagnosed({}).facts}, reminders=wishes)
    reply = talk.say("faq_cancel_or_change", text, topics=((topic, 0.95),))[-1]
    return reply.text, [button.title for button in reply.buttons]


def test_whoever_wants_to_be_told_is_asked_of_what_and_nothing_is_noted_before(diagnosed: Diagnose) -> None:
    wishes = Wishes()
    text, buttons = asked(diagnosed, wishes, "advice_ask", "以后快到期了提前说一声")
    assert "选了才提醒" in text and buttons == [*(topic.title for topic in TOPICS.values()), "转人工"]
    assert wishes.topics == set()


def test_what_is_wanted_already_is_not_offered_again(diagnosed: Diagnose) -> None:
    _, buttons = asked(diagnosed, Wishes(("bills",)), "advice_ask", "开个还款提醒")
    assert TOPICS["bills"].title not in buttons and TOPICS["papers"].title in buttons


@pytest.mark.parametrize("wanted", [("bills",), ("bills", "papers"), tuple(TOPICS)])
def test_no_more_of_it_in_words_ends_all_of_it(diagnosed: Diagnose, wanted: tuple[str, ...]) -> None:
    wishes = Wishes(wanted)
    text, buttons = asked(diagnosed, wishes, "advice_off", "到期提醒以后别发了")
    assert wishes.topics == set() and "关了" in text and "以后提前提醒我" in buttons
    assert (TOPICS["bills"].title in text) == (len(wanted) == 1)


@pytest.mark.parametrize("wanted", [(), ("bills",)])
def test_no_more_of_it_ends_the_notice_of_what_is_waited_for_too(diagnosed: Diagnose, wanted: tuple[str, ...]) -> None:
    wishes = Wishes(wanted)
    talk = Talk({"o": diagnosed(PUT["activation_reviewing"]).facts}, reminders=wishes)
    talk.say("installment_missing", "不能分期")
    talk.say("affirm", topic="wait_for_notice")
    assert talk.wishes
    (reply, *_) = talk.say("faq_cancel_or_change", "什么提醒都别再发了", topics=(("advice_off", 0.95),))
    assert not talk.wishes and wishes.topics == set() and "没有开着" not in reply.text


def test_where_nothing_is_wanted_nothing_is_said_to_be_off(diagnosed: Diagnose) -> None:
    text, _ = asked(diagnosed, Wishes(), "advice_off", "到期提醒以后别发了")
    assert "没有" in text and "关了" not in text


def test_another_time_is_asked_of_what_comes_first_of_what_was_told(diagnosed: Diagnose) -> None:
    told = {"agreement_outdated": date(2026, 12, 20), "id_document_expired": date(2026, 12, 6), "bill_past_due": date(2026, 11, 20)}
    text, buttons = asked(diagnosed, Wishes(("papers",), told), "advice_when", "换个时间再提醒我")
    assert "提前几天" in text
    assert buttons == ["提前 7 天", "提前 1 天", "转人工"]


def test_where_nothing_was_told_no_other_time_is_promised(diagnosed: Diagnose) -> None:
    text, buttons = asked(diagnosed, Wishes(told={"bill_past_due": TODAY}), "advice_when", "换个时间再提醒我")
    assert "可以改日子的提醒" in text or "还能改时间的提醒" in text
    assert "以后提前提醒我" in buttons


def test_where_nobody_can_be_told_it_says_where_the_days_are(diagnosed: Diagnose) -> None:
    text, buttons = asked(diagnosed, None, "advice_ask", "以后快到期了提前说一声")
    assert "开不了" in text and "账单页" in text and "以后提前提醒我" not in buttons


@pytest.mark.parametrize(("wishes", "offered"), [(Wishes(), True), (Wishes(tuple(TOPICS)), False), (None, False)])
def test_whoever_asks_whether_they_are_reminded_is_offered_it(diagnosed: Diagnose, wishes: Wishes | None, offered: bool) -> None:
    talk = Talk({"o": diagnosed({}).facts}, reminders=wishes)
    (reply, *_) = talk.say("faq_repayment", "还款日会提醒我吗", topics=(("repayment_date", 0.95),), aspects=("reminded",))
    assert ("以后提前提醒我" in [button.title for button in reply.buttons]) == offered
    assert "设不了" not in reply.text


def test_the_cap_a_customer_sets_is_not_said_to_be_kept(diagnosed: Diagnose) -> None:
    text, buttons = asked(diagnosed, Wishes(), "spending_cap", "这个月花到两千就喊我")
    assert "设不了每月上限" in text or "没有这个功能" in text
    assert "未出账" in text and "暂时停用白条" in buttons
