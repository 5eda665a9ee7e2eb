"""What a customer answers to what a case asks, where more is said than the button says."""

from __future__ import annotations

from actions.knowledge import phrases
from conversations.application import project_knowledge
from conversations.healthy_world import injections
from tests.unit.core.conftest import Diagnose, diagnosed  # noqa: F401
from tests.unit.dialogue.talking import Talk

KNOWLEDGE = project_knowledge()
PUT = injections()


def test_who_says_that_all_of_it_is_done_is_not_sent_to_the_next_step(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["overdue"]).facts})
    talk.say("installment_missing", "不能分期")
    check, step = talk.say("step_done", "都还清了", claims=("paid_off",))
    assert check.data is not None and check.data.to_data()["passed"] is False
    assert step.data is not None and step.data.to_data()["step"] == 2


def test_who_does_not_want_a_person_yet_hears_that_none_is_called(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["overdue"]).facts})
    talk.say("installment_missing", "不能分期")
    talk.say("step_failed", "做不了")
    assert talk.phase == "handoff_offered"
    (step, *_) = talk.say("deny", "先不用")
    assert any(step.text.startswith(text) for text in KNOWLEDGE.phrases.texts(phrases.NO_PERSON_THEN)) and talk.handoffs == []


def test_what_is_waited_for_can_be_waited_for_with_a_notice_though_something_else_can_be_begun(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["activation_reviewing"], PUT["phone_unbound"]).facts})
    talk.say("installment_missing", "不能分期")
    assert talk.phase == "offered"
    (answered,) = talk.say("about_case", "要多久", topics=(("case_how_long", 0.9),))
    payloads = [button.payload for button in answered.buttons]
    assert payloads[0] == "/affirm" and '/affirm{"topic": "wait_for_notice"}' in payloads and "/step_done" in payloads


def test_who_thinks_that_all_is_done_hears_of_everything_that_is_not(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["overdue"], PUT["phone_unbound"]).facts})
    talk.say("installment_missing", "不能分期")
    check, step = talk.say("step_done", "两个都弄好了", cue_all_done="都弄好了")
    assert KNOWLEDGE.causes["phone_unbound"].summary in check.text and "120.50" in check.text
    assert step.data is not None and step.data.to_data()["step"] == 2


def test_who_says_that_the_other_thing_is_done_hears_what_is_read_of_that_one(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["overdue"], PUT["phone_unbound"]).facts})
    talk.say("installment_missing", "不能分期")
    (answered,) = talk.say("step_done", "手机绑好了", claims=("phone_ok",))
    own = KNOWLEDGE.causes["phone_unbound"].aspects["partly_done"]
    assert any(text.splitlines()[0] in answered.text for text in own) and talk.phase == "doing"


def test_what_was_done_and_does_not_show_is_not_what_cannot_be_done(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = Talk({"o": diagnosed(PUT["phone_unbound"]).facts})
    talk.say("installment_missing", "不能分期")
    (answered,) = talk.say("step_failed", "绑好了还是不行", claims=("phone_ok",))
    own = KNOWLEDGE.causes["phone_unbound"].aspects["partly_done"]
    assert any(text.splitlines()[0] in answered.text for text in own) and talk.phase == "doing"
    (offered, *_) = talk.say("step_failed", "绑不了")
    assert talk.phase == "handoff_offered"


def begun(diagnosed: Diagnose, *causes: str) -> Talk:  # noqa: F811
    talk = Talk({"o": diagnosed(*(PUT[cause] for cause in causes)).facts})
    talk.say("installment_missing", "不能分期")
    return talk


def test_who_asks_in_words_to_be_told_is_put_on_the_list(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = begun(diagnosed, "incident_outage")
    (reply,) = talk.say("about_case", "好了跟我说一声", topics=(("notice_doubt", 0.9),), aspects=("tell_me_when",))
    assert len(talk.wishes) == 1 and reply.data is not None and reply.data.to_data()["subscribed"] is True


def test_what_cannot_be_told_of_is_not_promised(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = begun(diagnosed, "risk_blocked")
    talk.say("about_case", "好了跟我说一声", topics=(("notice_doubt", 0.9),), aspects=("tell_me_when",))
    assert talk.wishes == set()


def test_who_has_found_the_page_hears_what_to_do_on_it(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = begun(diagnosed, "phone_unbound")
    (reply,) = talk.say("cannot_find", "找着那一页了 点哪里", aspects=("found_page",))
    assert any(text.splitlines()[0] in reply.text for text in KNOWLEDGE.causes["phone_unbound"].aspects["found_page"])
    assert talk.phase == "doing"


def test_who_has_searched_in_vain_hears_of_another_way_in(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = begun(diagnosed, "phone_unbound")
    talk.say("cannot_find", "找不到")
    (reply,) = talk.say("step_failed", "还是没有", aspects=("not_there",))
    assert talk.phase == "handoff_offered"
    assert any(text.splitlines()[0] in reply.text for text in KNOWLEDGE.causes["phone_unbound"].aspects["searched"])


def test_where_the_step_is_can_be_asked_while_a_person_is_offered(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = begun(diagnosed, "self_locked")
    talk.say("step_failed")
    (reply,) = talk.say("cannot_find", "在哪里弄")
    assert talk.phase == "handoff_offered" and KNOWLEDGE.causes["self_locked"].steps[0].hint in reply.text


def test_who_tries_again_instead_of_a_person_is_at_the_step(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = begun(diagnosed, "self_locked")
    talk.say("step_failed")
    (reply,) = talk.say("about_case", "我再试试", topics=(("will_do", 0.9),))
    assert talk.phase == "doing" and "/step_done" in [button.payload for button in reply.buttons]


def test_who_has_not_looked_yet_is_asked_later(diagnosed: Diagnose) -> None:  # noqa: F811
    talk = begun(diagnosed)
    for _ in range(3):
        talk.say("step_done")
    assert talk.phase == "confirming"
    (reply,) = talk.say("deny", "等会儿看", cue_later="等会儿")
    assert talk.phase == "confirming" and talk.handoffs == []
    assert "/affirm" in [button.payload for button in reply.buttons]
