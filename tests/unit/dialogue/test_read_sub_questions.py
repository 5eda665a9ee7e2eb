"""Sub-questions that were read from a whole message: what they answer, and what goes before them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from conversations.application import project_knowledge
from conversations.healthy_world import injections
from tests.unit.core.conftest import Diagnose, diagnosed  # noqa: F401
from tests.unit.dialogue.talking import Ranking, Talk
from tests.unit.knowledge.worlds import snapshot

KNOWLEDGE = project_knowledge()
PUT = injections()


def of_case(name: str, share: float = 0.9) -> dict[str, Ranking]:
    return {"about_case": ((name, share), ("", 1 - share))}


def begun(diagnosed: Diagnose, cause: str) -> Talk:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT[cause]).facts, None: snapshot(subject="account")})
    talk.say("installment_missing", "不能分期")
    return talk


def says(text: str, variants: Sequence[str]) -> bool:
    return any(variant.splitlines()[0][:12] in text for variant in variants)


def test_a_topic_answers_what_was_read_of_it_without_any_words() -> None:
    topic = KNOWLEDGE.answers.topics["annual_rate"]
    talk = Talk({None: snapshot(subject="account")}, token=None)
    read = {"annual_rate": (("is_high", 0.8), ("", 0.1))}
    (reply,) = talk.say("faq_fee", "年化这样算多不多", topics=(("annual_rate", 0.9),), readings=read)
    assert says(reply.text, topic.aspects["is_high"])


def test_words_that_the_topic_denies_are_not_answered() -> None:
    topic = KNOWLEDGE.answers.topics["annual_rate"]
    talk = Talk({None: snapshot(subject="account")}, token=None)
    read = {"annual_rate": (("", 0.9), ("is_high", 0.05))}
    (reply,) = talk.say("faq_fee", "年化怎么看", topics=(("annual_rate", 0.9),), aspects=("is_high",), readings=read)
    assert not says(reply.text, topic.aspects["is_high"])


def test_what_was_read_of_the_case_is_answered_by_its_cause(diagnosed: Diagnose) -> None:  # noqa: F811
    cause = KNOWLEDGE.causes["phone_unbound"]
    (reply,) = begun(diagnosed, "phone_unbound").say(
        "faq_how_to", "绑完广告会多吗", topics=(("marketing_messages", 0.4),), readings=of_case("leak")
    )
    assert says(reply.text, cause.aspects["leak"])


@pytest.mark.parametrize(
    ("intent", "topics"),
    [
        pytest.param("about_case", (("other_causes", 0.95),), id="a move that is certain"),
        pytest.param("request_human", (("human_now", 0.7),), id="a person"),
        pytest.param("complaint_angry", (), id="an outburst"),
    ],
)
def test_what_the_customer_wants_done_goes_before_it(diagnosed: Diagnose, intent: str, topics: Ranking) -> None:  # noqa: F811
    cause = KNOWLEDGE.causes["phone_unbound"]
    read = of_case("leak") if intent != "complaint_angry" else of_case("upset")
    replies = begun(diagnosed, "phone_unbound").say(intent, "说了别的", topics=topics, readings=read)
    assert not any(says(reply.text, cause.aspects["leak"]) for reply in replies)
    assert replies[-1].data is None or replies[-1].data.to_data()["type"] != "answer" or intent == "about_case"


def test_what_another_cause_answers_is_not_read_of_this_one(diagnosed: Diagnose) -> None:  # noqa: F811
    assert "leak" not in KNOWLEDGE.causes["overdue"].aspects
    *_, step = begun(diagnosed, "overdue").say("about_case", "那怎么办", topics=(("next_step", 0.9),), readings=of_case("leak"))
    assert step.data is not None and step.data.to_data()["type"] == "step"


def test_who_has_done_it_and_wants_it_looked_at_has_done_all_of_it(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = begun(diagnosed, "overdue")
    check, step = talk.say("step_done", "弄好了你再看看", topics=(("did_it", 0.5), ("is_it_done_now", 0.45)))
    assert check.data is not None and check.data.to_data()["passed"] is False
    assert step.data is not None and step.data.to_data()["step"] == 2


def test_what_is_answered_whatever_the_cause_is_is_heard_in_every_case(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(injections()["phone_unbound"]).facts})
    talk.say("installment_missing", "不能分期")
    unbound = KNOWLEDGE.causes["phone_unbound"]
    assert "relieved" in KNOWLEDGE.asked_of_case([unbound]) and not unbound.aspects.get("relieved")
    (reply, *_) = talk.say("about_case", "x", topics=(("what_if_done", 0.3),), readings={"about_case": (("relieved", 0.9), ("", 0.1))})
    assert reply.text in KNOWLEDGE.aspects["relieved"].answer("self")
