"""Observations: what a turn's messages come to in words that can be counted, and the episode each belongs to.

An *episode* lasts from a complaint to its end, or until the customer has said nothing for a day. A customer has one conversation for ever, so
whatever is counted is counted per episode or per customer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal, Protocol

Kind = Literal[
    "opened",  # the customer speaks for the first time, or again after a day: no value
    "complained",  # the intent, also of an alarm
    "asked",  # the topic, or the intent where the answer has none
    "unclear",  # the intent that would have been taken, if any; dims: confidence
    "found",  # a cause, or NOTHING; dims: incidents, the ids of those that it rests on
    "step",  # cause/number/how: shown, done, not_found, cannot
    "check",  # cause/how: passed, failed
    "end",  # resolved, explained, waiting, handoff, abandoned; of several in one episode the last counts; dims: by, who says that it is resolved
    "handoff",  # the reason; dims: queue
    "rated",  # 1 to 5; of several for one end the last counts
    "notice",  # the incident or window that a customer was shown
    "advice",  # the advice that was given
    "exposure",  # the arm that a customer met
    "told",  # the incident whose end a customer was told
    "version",  # knowledge/… and model/…, once an episode: what answered
    "refused",  # the problem; of nobody in particular, as the next: in tallies only
    "failed",  # the problem
    "badged",  # no value: a customer's page was given a badge
]
"""What can be observed, each with what its value is."""

End = Literal["resolved", "explained", "waiting", "handoff", "abandoned"]

NOBODYS: tuple[Kind, ...] = ("refused", "failed", "badged")
"""Kinds that are counted by minute only, for no customer."""
PROOF = "state"
"""Says that an episode is resolved: the state itself, in which nothing blocks any more. Otherwise the customer does."""
NOTHING = "none"
"""The value of ``found`` where no cause holds."""
SILENCE_MS = 24 * 60 * 60 * 1000
"""After so long without a word of the customer's, an episode is over."""

_FALLBACK = "nlu_fallback"
_INCIDENT = re.compile(r"incidents\[([^]]+)\]\.")
_ANSWERED_STEP = {"action_step_done": "done", "action_step_not_found": "not_found", "action_step_not_possible": "cannot"}
_ASKING = ("action_answer", "action_quote")
_ALARM = "action_alarm"
"""What goes to a person at once: a complaint, though nothing is diagnosed."""


class Uttered(Protocol):
    """A stored message, as far as it is looked at."""

    @property
    def seq(self) -> int:
        """Its number."""
        ...

    @property
    def at(self) -> datetime:
        """Real time."""
        ...

    @property
    def role(self) -> str:
        """Who said it."""
        ...

    @property
    def data(self) -> Mapping[str, Any] | None:
        """What it says in machine words."""
        ...

    @property
    def intent(self) -> str | None:
        """What a customer's was understood as."""
        ...

    @property
    def guess(self) -> str | None:
        """What it would have been understood as, had that been sure enough."""
        ...

    @property
    def confidence(self) -> float | None:
        """Of the intent."""
        ...

    @property
    def action(self) -> str | None:
        """What answered a customer's."""
        ...


@dataclass(frozen=True)
class Observation:
    """One thing that happened.

    Attributes:
        at: real time, in milliseconds of the epoch.
        seq: the number of the message it was observed in.
        episode: the number of the message with which its episode began; None: it belongs to none.
        dims: what is known of it at once; the rest is filled in by the worker.
    """

    at: int
    seq: int
    episode: int | None
    kind: Kind
    value: str = ""
    dims: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}), hash=False)


@dataclass(frozen=True)
class EpisodeState:
    """Where a customer stands, which says how their next messages are to be counted.

    Attributes:
        episode: the latest, by the number of the message it began with; None: they have not complained yet, or a day has gone by.
        end: how it ended so far.
        said_seq, said_at: the customer's latest message, and when that was in milliseconds of the epoch.
        step: the step in hand, as ``cause/number``.
        handoff: the handoff that was named last.
        order, bill: what was diagnosed last; neither: the account alone.
    """

    episode: int | None = None
    end: str | None = None
    said_seq: int | None = None
    said_at: int | None = None
    step: str | None = None
    handoff: str | None = None
    order: str | None = None
    bill: str | None = None

    def is_silent(self, now: int) -> bool:
        """Whether the customer has said nothing for so long that what they say next begins anew."""
        return self.said_at is None or now - self.said_at >= SILENCE_MS


def milliseconds(moment: datetime) -> int:
    """An instant in milliseconds of the epoch."""
    return round(moment.timestamp() * 1000)


def abandoned(state: EpisodeState, now: int) -> Observation | None:
    """The end of an episode that the customer has left, as of now; None: there is none, or it ended otherwise, or is not over yet."""
    if state.episode is None or state.end is not None or state.said_at is None or state.said_seq is None or not state.is_silent(now):
        return None
    return Observation(state.said_at + SILENCE_MS, state.said_seq, state.episode, "end", "abandoned")


def observe(messages: Sequence[Uttered], before: EpisodeState) -> tuple[tuple[Observation, ...], EpisodeState]:
    """What is observed in messages that were written together, and where the customer stands after them.

    Args:
        messages: a turn's, the customer's own first; or what was said from outside of any turn.
        before: where the customer stood.
    """
    if not any(message.role == "user" or message.data for message in messages):
        return (), before
    counting = _Counting(messages, before)
    counting.count()
    return tuple(dict.fromkeys(counting.found)), counting.state


def rated(score: int, seq: int, at: datetime, ends: Iterable[tuple[int, int | None]]) -> Observation:
    """A rating of an end.

    Args:
        seq: the message that was rated.
        ends: the number of each ``end`` that was observed of the customer, with its episode.
    """
    return Observation(milliseconds(at), seq, dict(ends).get(seq), "rated", str(score))


def _incidents(cause: Mapping[str, Any]) -> dict[str, Any]:
    """The incidents that a cause rests on, by the facts that prove it."""
    proofs = (_INCIDENT.match(str(each.get("fact"))) for each in cause.get("evidence", ()))
    ids = list(dict.fromkeys(proof[1] for proof in proofs if proof is not None))
    return {"incidents": ids} if ids else {}


class _Counting:
    """Goes through messages once."""

    def __init__(self, messages: Sequence[Uttered], before: EpisodeState) -> None:
        self._messages = messages
        self._said = next((message for message in messages if message.role == "user"), None)
        self._now = milliseconds(messages[0].at)
        self.state = before
        self.found: list[Observation] = []

    def count(self) -> None:
        """Counts everything."""
        self._after_silence()
        if self._said is not None:
            self._customer(self._said)
        end: tuple[int, str, str] | None = None
        for message in self._messages:
            if message.role != "user" and message.data:
                end = self._told(message.seq, message.data) or end
        if end is not None and self.state.episode is not None and end[1] != self.state.end:
            self._note(end[0], "end", end[1], **({"by": end[2]} if end[2] else {}))
            self.state = replace(self.state, end=end[1])

    def _after_silence(self) -> None:
        if not self.state.is_silent(self._now):
            return
        left = abandoned(self.state, self._now)
        if left is not None:
            self.found.append(left)
        self.state = EpisodeState(said_seq=self.state.said_seq, said_at=self.state.said_at)
        if self._said is not None:
            self._note(self._said.seq, "opened")

    def _customer(self, said: Uttered) -> None:
        told = [message.data for message in self._messages if message.role == "bot" and message.data]
        topics = [str(data.get("topic", "")) for data in told if data.get("type") == "answer"]
        if said.intent == _FALLBACK:
            if all(data.get("type") == "clarify" for data in told) and said.action is not None:
                self._note(said.seq, "unclear", said.guess or "", confidence=said.confidence)
        elif said.action == "action_diagnose" and said.intent is not None:
            if self.state.episode is None or self.state.end is not None:
                self._begin(said.seq)
            self._note(said.seq, "complained", said.intent)
        elif said.action == _ALARM and said.intent is not None:
            self._note(said.seq, "complained", said.intent)
        elif said.action in _ASKING and not topics:
            topics = [said.intent or ""]
        how = _ANSWERED_STEP.get(said.action or "")
        if how is not None and self.state.step is not None:
            self._note(said.seq, "step", f"{self.state.step}/{how}")
        for topic in topics:
            self._note(said.seq, "asked", topic)
        self.state = replace(self.state, said_seq=said.seq, said_at=self._now)

    def _told(self, seq: int, data: Mapping[str, Any]) -> tuple[int, str, str] | None:
        """Counts what a message says; with which end and who says so, if it ends anything. Stored messages of former versions may lack anything."""
        match data.get("type"):
            case "diagnosis":
                if self.state.episode is None:
                    self._begin(seq if self._said is None else self._said.seq)
                self.state = replace(self.state, order=data.get("order"), bill=data.get("bill"))
                for cause in data.get("causes") or [{"id": NOTHING}]:
                    self._note(seq, "found", cause["id"], **_incidents(cause))
            case "step":
                self.state = replace(self.state, step=f"{data.get('cause')}/{data.get('step')}")
                self._note(seq, "step", f"{self.state.step}/shown")
            case "check":
                self._note(seq, "check", f"{data.get('cause')}/{'passed' if data.get('passed') else 'failed'}")
            case "handoff":
                number = data.get("handoff_id")
                if number is None or number != self.state.handoff:
                    self._note(seq, "handoff", data.get("reason", ""), queue=data.get("queue"))
                    self.state = replace(self.state, handoff=number)
                return seq, "handoff", ""
            case "advice":
                self._note(seq, "advice", str(data.get("cause", "")))
            case "resolved":
                return seq, "resolved", PROOF
            case "ended" if data.get("by") == "customer":
                return seq, "resolved", "customer"
            case "explained" | "waiting" as end if not data.get("startable"):
                return seq, end, ""
        return None

    def _begin(self, seq: int) -> None:
        self.state = replace(self.state, episode=seq, end=None, step=None)

    def _note(self, seq: int, kind: Kind, value: str = "", **dims: Any) -> None:
        self.found.append(Observation(self._now, seq, self.state.episode, kind, value, MappingProxyType(dims)))
