"""Reading what a client sends: the bodies of POST and the positions of GET."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from actions.state.feedback import REASONS, VOTES, Vote
from actions.state.ratings import SCORES
from bot.web.responses import ProblemError

LARGEST_POSITION = 2**53 - 1
"""The largest integer that JSON clients hold exactly (RFC 8259, section 6)."""

_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
_POSITION = re.compile(r"[0-9]{1,16}", re.ASCII)


@dataclass(frozen=True)
class Envelope:
    """A body of which only the id is known to be sound; it is kept in small letters, since a UUID is the same in capitals (RFC 9562).

    The rest waits until the id is known to be new: a message that was already answered gets its replies again, whatever the body.
    """

    id: str
    fields: dict[str, Any]


@dataclass(frozen=True)
class Content:
    """What the customer sent: exactly one of the two is set."""

    text: str | None = None
    payload: str | None = None


@dataclass(frozen=True)
class Opinion:
    """A rating as the customer sent it; ``word`` is not yet masked."""

    seq: int
    score: int
    word: str | None


@dataclass(frozen=True)
class VoteCast:
    """A vote on an answer as the customer sent it; without ``vote`` it is taken back, and ``word`` is not yet masked."""

    seq: int
    vote: Vote | None
    reason: str | None
    word: str | None


def envelope(body: bytes) -> Envelope:
    """Reads the body as far as the message's id.

    Raises:
        ProblemError: 400 no JSON object or no UUID as id.
    """
    fields = _json_object(body)
    return Envelope(message_id(fields.get("id")), fields)


def message_id(given: Any) -> str:
    """The id of a message, in small letters.

    Raises:
        ProblemError: 400 no UUID.
    """
    if not isinstance(given, str) or not _UUID.fullmatch(given):
        raise ProblemError("malformed")
    return given.lower()


def content(fields: dict[str, Any]) -> Content:
    """The text or the payload of a body; fields it does not know are ignored, so that newer clients work.

    Raises:
        ProblemError: 400 both, neither, or of the wrong type; 422 an empty payload.
    """
    text, payload = fields.get("text"), fields.get("payload")
    if ("text" in fields) == ("payload" in fields):
        raise ProblemError("malformed")
    if not isinstance(text if "text" in fields else payload, str):
        raise ProblemError("malformed")
    if payload is not None and not payload.strip():
        raise ProblemError("empty")
    return Content(text=text, payload=payload)


def opinion(body: bytes) -> Opinion:
    """Reads the body of a rating.

    Raises:
        ProblemError: 400 no number of a message, no score from 1 to 5, or a word that is no text.
    """
    fields = _json_object(body)
    score = fields.get("score")
    if not isinstance(score, int) or isinstance(score, bool) or score not in SCORES:
        raise ProblemError("malformed")
    return Opinion(_seq(fields), score, _word(fields))


def vote_cast(body: bytes) -> VoteCast:
    """Reads the body of a vote.

    Raises:
        ProblemError: 400 no number of a message, no known vote or reason, or a word that is no text.
    """
    fields = _json_object(body)
    vote, reason = fields.get("vote"), fields.get("reason")
    # Taking back is said, not left out: a client that forgets the vote must not delete one.
    if "vote" not in fields or vote not in (*VOTES, None) or reason not in (*REASONS, None):
        raise ProblemError("malformed")
    return VoteCast(_seq(fields), vote, reason, _word(fields))


def wished_incident(body: bytes) -> str:
    """Reads the body of a wish to be told of an incident's end.

    Raises:
        ProblemError: 400 no id of one.
    """
    incident = _json_object(body).get("incident")
    if not isinstance(incident, str):
        raise ProblemError("malformed")
    return incident


def _seq(fields: dict[str, Any]) -> int:
    seq = fields.get("seq")
    if not isinstance(seq, int) or isinstance(seq, bool) or not 1 <= seq <= LARGEST_POSITION:
        raise ProblemError("malformed")
    return seq


def _word(fields: dict[str, Any]) -> str | None:
    word = fields.get("word")
    if not isinstance(word, (str, type(None))):
        raise ProblemError("malformed")
    return word if word and word.strip() else None


def position(values: Sequence[str], last_event_id: str | None = None) -> int:
    """Where reading goes on: after which seq.

    Args:
        values: every `after` of the query.
        last_event_id: the header of a client that reconnects a stream; it is later than the `after` in the stream's address.

    Raises:
        ProblemError: 400, if either is anything but one whole number from 0.
    """
    if len(values) > 1:
        raise ProblemError("bad_position")
    return max(_whole_number(values[0]) if values else 0, _whole_number(last_event_id) if last_event_id else 0)


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise ProblemError("malformed") from None
    if not isinstance(fields, dict):
        raise ProblemError("malformed")
    return fields


def _whole_number(text: str) -> int:
    if not _POSITION.fullmatch(text) or int(text) > LARGEST_POSITION:
        raise ProblemError("bad_position")
    return int(text)
