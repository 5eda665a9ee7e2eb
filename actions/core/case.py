"""What the assistant remembers about a customer's case between turns: plain JSON in one slot, nothing derived from the state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal

from actions.core.subject import Subject

CASE_SLOT = "case"
"""The slot of the conversation that holds it."""

Phase = Literal[
    "idle",  # nothing under way
    "asking_subject",  # which order or bill?
    "offered",  # a walkthrough can be started
    "doing",  # a step is with the customer
    "confirming",  # nothing was found and the refresh round is done: is the option there now?
    "handoff_offered",  # shall a person take over?
    "waiting",  # only time helps
    "explained",  # the customer cannot fix it
    "resolved",
    "handed_over",
]

Result = Literal["done", "passed", "failed", "not_found", "not_possible"]


@dataclass(frozen=True)
class Tried:
    """One thing that was tried, for the person who takes over; ``before`` and ``after`` is what the state said, by world path, ``at`` is real time."""

    cause: str
    step: int
    result: Result
    at: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Dispute:
    """What the customer said against the record, for the person who takes over.

    Attributes:
        name: of a claim about their own state, or of a sub-question that doubts what was found.
        message: the id of the message that says so.
        cause: the one that was told then, if one was.
        tried: how many things had been tried before.
    """

    name: str
    message: str
    cause: str | None
    tried: int


@dataclass(frozen=True)
class Case:
    """The case.

    Attributes:
        subject: what it is about; None until that is known.
        token_order: the order of the token under which the subject was chosen; a token with another order starts afresh.
        intent: the complaint that opened the case, to come back to after asking for the order.
        cause: the cause being walked through, explained or waited for.
        step: index of the current step, from 0.
        failures: failed checks of this cause; ``lost``: times the current step was not found.
        misses: misunderstandings in a row; ``upsets``: angry messages in a row.
        started: the customer chose to work on what they can although some block is not theirs to fix.
        paused: the customer put the step off.
        asked_amount: the last reply quoted, or asked which amount to quote for, so that a bare amount is another one.
        quoted: the amount, in fen, for which the last reply quoted, if it was not the order's.
        causes: ids of the last diagnosis.
        tried: everything tried so far.
        seen: what the state said about the cause in hand when it was last read, by world path.
        leaving_message: what the customer writes is for the person who will take the case.
        answered: the topic that was answered last, to say again; in the middle of a case, the one that the last reply answered.
        turned_from: the order or bill that the customer said it is not, while it is asked which one it is.
        told: the cause of which the customer was told unasked that it is gone, and has said nothing since.
        alone: the cause that asked for a person by itself, after the customer took that back: it asks for none again.
        asked_for: times in a row that it was asked which order or bill is meant.
        seen_option: the customer has said that the option is there, after the case was resolved.
        unintroduced: the conversation began with distress, so that it is still to be said that this is a robot.
        lead, aspects, claims: what was asked when the complaint was made, while it is found out about which order.
        disputes: what the customer said against the record, oldest first.
    """

    phase: Phase = "idle"
    subject: Subject | None = None
    token_order: str | None = None
    intent: str | None = None
    cause: str | None = None
    step: int = 0
    failures: int = 0
    lost: int = 0
    misses: int = 0
    upsets: int = 0
    started: bool = False
    paused: bool = False
    asked_amount: bool = False
    quoted: int | None = None
    causes: tuple[str, ...] = ()
    tried: tuple[Tried, ...] = ()
    seen: Mapping[str, Any] = field(default_factory=dict)
    leaving_message: bool = False
    answered: str | None = None
    turned_from: Subject | None = None
    told: str | None = None
    alone: str | None = None
    asked_for: int = 0
    seen_option: bool = False
    unintroduced: bool = False
    lead: str | None = None
    aspects: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    disputes: tuple[Dispute, ...] = ()

    @property
    def has_ended(self) -> bool:
        """Whether no cause is on the table: no case has begun, or one that found nothing to go on with."""
        return self.phase == "idle" or (self.phase == "explained" and self.cause is None)

    @property
    def given_up(self) -> bool:
        """Whether the customer was told what was found, and let it go."""
        return self.phase == "idle" and self.subject is not None and bool(self.causes)

    def but(self, **changes: Any) -> Case:
        """A copy with changes."""
        return replace(self, **changes)

    def on_cause(self, cause_id: str | None) -> Case:
        """The case turned to a cause; counters start anew unless it is the one already in hand."""
        if cause_id == self.cause:
            return self.but(paused=False)
        return self.but(cause=cause_id, step=0, failures=0, lost=0, paused=False, seen={}, alone=None)

    def after(self, result: Result, at: str, seen: Mapping[str, Any]) -> Case:
        """The case with one more thing tried on the current step; ``seen`` is what the state says now."""
        if self.cause is None:
            return self
        return self.but(tried=(*self.tried, Tried(self.cause, self.step + 1, result, at, self.seen, seen)), seen=seen)

    def to_json(self) -> dict[str, Any]:
        """The slot's value."""
        data = asdict(self)
        lists = {name: list(getattr(self, name)) for name in ("causes", "aspects", "claims")}
        rows = {"tried": [asdict(tried) for tried in self.tried], "disputes": [asdict(said) for said in self.disputes]}
        return {**data, **lists, **rows}

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> Case:
        """Reads the slot's value; fields of another version are dropped, missing ones take their defaults."""
        if not data:
            return cls()
        known = {field.name for field in fields(cls)}
        values = {key: value for key, value in data.items() if key in known}
        values["subject"] = _subject(data)
        values["turned_from"] = Subject(**data["turned_from"]) if data.get("turned_from") else None
        values.update({name: tuple(values.get(name) or ()) for name in ("causes", "aspects", "claims")})
        values["tried"] = tuple(Tried(**tried) for tried in values.get("tried") or ())
        values["disputes"] = tuple(Dispute(**said) for said in values.get("disputes") or ())
        return cls(**values)


def _subject(data: Mapping[str, Any]) -> Subject | None:
    if "subject_known" in data:
        # Written before a subject was one field: a customer in the middle of a step must not lose it.
        return Subject.of(data.get("order"), data.get("bill")) if data["subject_known"] else None
    return Subject(**data["subject"]) if data.get("subject") else None
