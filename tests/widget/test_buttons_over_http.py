"""POST /messages with a button: which are offered, and what a typed title means."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import UserMessage
from sqlalchemy import update

from actions.state.conversations import MESSAGES
from bot.channel.buttons import always_accepted
from tests.widget.refusing import refused


def test_an_offered_payload_enters_as_parsed_data_with_its_title_as_text(served: Any) -> None:
    client = served.client()
    client.post("hello")
    assert client.post(payload='/inform{"order": "o-1"}').status_code == 200
    heard = served.assistant.heard[1]
    assert heard.text == "pick" and heard.parse_data["intent"] == {"name": "inform", "confidence": 1.0}
    assert [(entity["entity"], entity["value"]) for entity in heard.parse_data["entities"]] == [("order", "o-1")]
    assert client.history(after=2)[0]["text"] == "pick"


def test_a_payload_never_offered_or_no_longer_current_is_refused(served: Any) -> None:
    client = served.client()
    refused(client.post(payload="/step_done"), 409)
    client.post("hello")
    refused(client.post(payload="/restart"), 409)
    refused(served.client("u-2").post(payload="/step_done"), 409)

    async def without_buttons(message: UserMessage) -> None:
        await served.assistant.say(message, "no buttons")

    served.assistant.script = without_buttons
    assert client.post(payload="/step_done").status_code == 200
    refused(client.post(payload="/step_done"), 409)
    assert len(client.history()) == 4


def test_a_person_can_always_be_asked_for(served: Any) -> None:
    assert served.client().post(payload="/request_human").status_code == 200
    assert served.assistant.heard[0].parse_data["intent"]["name"] == "request_human"
    assert served.client().history()[0]["text"] == always_accepted()["/request_human"]
    refused(served.client().post(payload='/request_human{"order": "o-2"}'), 409)


def test_a_typed_title_presses_the_button_and_the_history_keeps_what_was_typed(served: Any) -> None:
    async def offer(message: UserMessage) -> None:
        buttons = [{"title": "再查一次", "payload": "/step_done"}, {"title": "已完成", "payload": "/step_done"}]
        await served.assistant.say(message, "第一步", buttons=buttons)

    served.assistant.script = offer
    client = served.client()
    client.post("hello")
    for typed in ("再查一次", "已完呈"):
        assert client.post(typed).status_code == 200
        heard = served.assistant.heard[-1]
        assert heard.parse_data["intent"] == {"name": "step_done", "confidence": 1.0} and client.history()[-2]["text"] == typed
    client.post("已完成不了这一步")
    assert served.assistant.heard[-1].parse_data is None


def test_a_title_typed_after_its_button_is_gone_is_a_text(served: Any) -> None:
    client = served.client()
    client.post("已完成")
    assert served.assistant.heard[-1].parse_data is None
    client.post("转人工吧")
    assert served.assistant.heard[-1].parse_data["intent"]["name"] == "request_human"


def test_a_reply_that_offers_the_same_buttons_again_names_the_message_they_are_from(served: Any) -> None:
    client = served.client()
    first, again = client.post("hello").json()["messages"], client.post("what?").json()["messages"]
    assert "choices_of" not in first[0] and again[0]["choices_of"] == first[0]["seq"] and again[0]["buttons"] == first[0]["buttons"]
    assert client.history()[-1] == again[0]


def test_an_agents_buttons_count_as_offered(served: Any) -> None:
    client = served.client()
    client.post("hello")
    with served.database.session() as session:
        session.execute(
            update(MESSAGES).where(MESSAGES.c.seq == 2).values(role="system", buttons=[{"title": "again", "payload": "/repeat"}])
        )
    assert client.post(payload="/repeat").status_code == 200
