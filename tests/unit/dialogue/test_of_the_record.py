"""What the record holds is not said to be unknown, and what a way to do something leaves over is named."""

from __future__ import annotations

import pytest

from actions.knowledge import phrases
from conversations.application import project_knowledge
from conversations.healthy_world import injections
from tests.unit.core.conftest import Diagnose, diagnosed  # noqa: F401
from tests.unit.dialogue.talking import Talk

KNOWLEDGE = project_knowledge()
PUT = injections()
CAME_DOWN = {
    "users": [
        {
            "id": "u",
            "baitiao": {
                "credit_limit": 0,
                "limit_changes": [{"at": "2026-11-05T10:00:00+08:00", "from": 2600, "to": 0, "reason": "review"}],
            },
        }
    ]
}
OWES = {"bills": [{"id": "b", "amount": 530}]}
SHORT_BY_MORE = {"users": [{"id": "u", "baitiao": {"credit_limit": 2000, "used": 1900, "overdue": 150}}]}
NO_DATE = {"policies": [{"id": "p-adj", "effective_to": None}]}


def told(topic: str, *patches: object, diagnosed: Diagnose, aspects: tuple[str, ...] = ()) -> str:  # noqa: F811
    facts = diagnosed(*patches).facts  # type: ignore[arg-type]
    intent = KNOWLEDGE.answers.intent_of(topic)
    assert intent is not None
    replies = Talk({"o": facts, None: facts}).say(intent, "text", topics=((topic, 0.9),), aspects=aspects)
    return "\n".join(reply.text for reply in replies)


@pytest.mark.parametrize(
    ("topic", "patches", "aspects", "said", "unsaid"),
    [
        ("region_not_open", [PUT["policy_adjusted"]], (), "11月30日", "没有写"),
        ("region_not_open", [PUT["policy_adjusted"], NO_DATE], (), "没有写", "11月30日"),
        ("region_not_open", [PUT["policy_adjusted"]], ("how_long",), "11月30日", "没有写"),
        ("no_option_shown", [CAME_DOWN], (), "11月5日", "额度由系统评估给出"),
        ("no_option_shown", [PUT["limit_zero"]], (), "额度由系统评估给出", "11月5日"),
        ("close_baitiao", [PUT["closed_by_system"], OWES], (), "530.00 元，还款日", "点“转人工”核对"),
        ("close_baitiao", [PUT["closed_by_user"], OWES], (), "530.00 元，还款日", "平台关的"),
        ("item_no_installment", [PUT["mixed_cart"]], (), "整单就没有分期", "分不了的只是这一件"),
        ("shop_not_supported", [PUT["merchant_integration_error"]], ("shop_passes_back",), "对接出了错", "它自己办"),
        ("interest_free", [PUT["interest_free_ended"]], ("interest_free_early",), "就结束了", "不一定亏"),
        ("interest_free", [], ("interest_free_early",), "不一定亏", "就结束了"),
        ("how_to_installment", [PUT["channel_unsupported"]], ("use_which_app",), "下单的地方没有白条分期", "不一定列出期数"),
        ("no_option_shown", [PUT["phone_unbound"]], ("my_doing",), "换过号的话就差在这里", "看不出和您做过什么有关"),
        ("no_option_shown", [PUT["mixed_cart"]], ("my_doing",), "有一样不支持分期", "看不出和您做过什么有关"),
        ("no_option_shown", [SHORT_BY_MORE], ("usable_after",), "光还这一笔还不够", "就解除"),
    ],
    ids=[
        "a rule with an end",
        "a rule without one",
        "how long it runs",
        "a limit that came down",
        "a limit of which nothing is recorded",
        "closed by the platform, money owed",
        "closed by the customer, money owed",
        "a mixed basket",
        "passed on by the shop",
        "an offer that is over",
        "no offer that is over",
        "an order of another channel",
        "a number that was changed",
        "a thing that was added",
        "more missing than is overdue",
    ],
)
def test_what_is_recorded_is_told(
    topic: str,
    patches: list[object],
    aspects: tuple[str, ...],
    said: str,
    unsaid: str,
    diagnosed: Diagnose,  # noqa: F811
) -> None:
    text = told(topic, *patches, diagnosed=diagnosed, aspects=aspects)
    assert said in text and unsaid not in text


@pytest.mark.parametrize(
    ("topic", "causes", "named"),
    [
        ("identity_update", ["id_document_expired", "phone_unbound"], "phone_unbound"),
        ("identity_update", ["id_document_expired"], None),
        ("identity_update", ["phone_unbound"], None),
    ],
    ids=["one of two", "the only one", "the other one"],
)
def test_a_way_to_mend_one_thing_names_what_else_is_in_the_way(
    topic: str,
    causes: list[str],
    named: str | None,
    diagnosed: Diagnose,  # noqa: F811
) -> None:
    text = told(topic, *(PUT[each] for each in causes), diagnosed=diagnosed)
    titles = {
        each for each in KNOWLEDGE.causes if KNOWLEDGE.phrases.texts(phrases.ALSO_BLOCKED, title=KNOWLEDGE.causes[each].title)[0] in text
    }
    assert titles == ({named} if named else set())
