"""What a customer said last and nobody has answered: whoever ends a case is warned of it once, and ends it knowingly."""

from __future__ import annotations

from sqlalchemy.orm import Session

from actions.core.handoff import Event
from actions.handoff import ownership
from actions.knowledge.handoffs import Briefing
from actions.state import conversations
from actions.state.conversations import Message

_LOOKED_AT = 60
"""Messages back from the end."""


class StillUnanswered(Exception):
    """The case would end with something that the customer said and nobody has answered.

    Attributes:
        said: the message.
    """

    def __init__(self, said: Message) -> None:
        super().__init__(f"message {said.seq} has no answer")
        self.said = said


def left_unanswered(session: Session, handoff_id: str, agent: str, event: Event, briefing: Briefing, seen: int | None) -> dict[str, int]:
    """What ending a case leaves without an answer, for the audit; empty if there is nothing.

    Args:
        event: how it is to be ended.
        briefing: knows what wants no answer.
        seen: the number of a message that the agent leaves without an answer knowingly.

    Raises:
        StillUnanswered: there is such a message, and it is not that one.
        UnknownHandoff: there is no such handoff.
        NotPossible: the case is not this agent's, which is to be said first.
    """
    row = ownership.own(session, handoff_id, agent, event)
    said = _last_words(conversations.latest(session, row.conversation_id, _LOOKED_AT), briefing)
    if said is None:
        return {}
    if said.seq != seen:
        raise StillUnanswered(said)
    return {"unanswered": said.seq}


def _last_words(messages: tuple[Message, ...], briefing: Briefing) -> Message | None:
    """The customer's last message after a person's last one that wants an answer."""
    for message in reversed(messages):
        if message.role == "agent":
            return None
        if message.role == "user" and briefing.wants_answer(message.text):
            return message
    return None
