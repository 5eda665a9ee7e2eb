"""The numbered, masked transcript: what is stored, and the messages of the turn that hands over, which are not stored yet."""

from __future__ import annotations

from collections.abc import Sequence

from actions.core.turn import Reply, Turn
from actions.handoff.payload import Line
from actions.masking import mask
from actions.state.conversations import Message


def transcript(stored: Sequence[Message], turn: Turn, said: Sequence[Reply], action: str) -> list[Line]:
    """Every message in order.

    Args:
        stored: the conversation so far.
        turn: the message that led here.
        said: what was answered to it before the handover.
        action: what answers it.
    """
    lines = [line_of(message, turn.mended.get(message.id)) for message in stored]
    confidence = _rounded(turn.confidence)
    lines.append(
        Line(
            number=0, at=None, role="user", text=mask(turn.words).text, intent=turn.intent, confidence=confidence, buttons=[], action=action
        )
    )
    for reply in said:
        titles = [button.title for button in reply.buttons]
        lines.append(
            Line(number=0, at=None, role="bot", text=mask(reply.text).text, intent=None, confidence=None, buttons=titles, action=action)
        )
    return [line.copy(update={"number": number}) for number, line in enumerate(lines, start=1)]


def line_of(message: Message, text: str | None = None) -> Line:
    """A stored message as agents see it, numbered as the customer sees it.

    Args:
        text: takes the place of the stored text.
    """
    return Line(
        number=message.seq,
        at=str(message.to_json()["at"]),
        role=message.role,  # type: ignore[arg-type]
        text=mask(message.text if text is None else text).text,
        intent=message.intent,
        confidence=_rounded(message.confidence),
        buttons=[str(button["title"]) for button in message.buttons],
        action=message.action,
    )


def _rounded(confidence: float | None) -> float | None:
    return None if confidence is None else round(confidence, 3)
