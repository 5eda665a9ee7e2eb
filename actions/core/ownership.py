"""Who answers a customer: the assistant, nobody yet, or a person. An explicit table; nothing else may change an owner."""

from __future__ import annotations

from typing import Literal

Stage = Literal[
    "bot",  # no handoff is open: the assistant answers
    "queued",  # a person was asked for; the assistant keeps answering
    "offered",  # nobody came in time: the customer was told and may choose
    "waiting",  # the customer chose to wait, or left a message
    "person",  # a person has taken the case: the assistant is silent
    "closed",  # a person ended the case; the assistant answers what comes next
]

Event = Literal["hand_over", "late", "wait", "leave_message", "go_on", "solve", "take", "give_back", "close"]

QUEUED: tuple[Stage, ...] = ("queued", "offered", "waiting")
"""The stages in which a case waits for a person."""

TRANSITIONS: dict[tuple[Stage, Event], Stage] = {
    ("bot", "hand_over"): "queued",
    ("closed", "hand_over"): "queued",
    # A conversation has one open handoff, so asking again changes nothing.
    **{(stage, "hand_over"): stage for stage in (*QUEUED, "person")},
    ("queued", "late"): "offered",
    # Whoever asked for a person may take that back as long as nobody has come.
    ("queued", "go_on"): "bot",
    ("offered", "wait"): "waiting",
    ("offered", "leave_message"): "waiting",
    ("offered", "go_on"): "bot",
    # Whoever chose to wait may still change their mind.
    ("waiting", "wait"): "waiting",
    ("waiting", "leave_message"): "waiting",
    ("waiting", "go_on"): "bot",
    # What a person was asked for has solved itself before one came.
    **{(stage, "solve"): "bot" for stage in QUEUED},
    ("queued", "take"): "person",
    ("offered", "take"): "person",
    ("waiting", "take"): "person",
    ("person", "give_back"): "bot",
    ("person", "close"): "closed",
}


class NotPossible(ValueError):
    """The event has no meaning at this stage, such as taking a case that somebody else has taken."""

    def __init__(self, stage: Stage, event: Event) -> None:
        super().__init__(f"{event} is not possible while the case is {stage}")
        self.stage = stage
        self.event = event


def after(stage: Stage, event: Event) -> Stage:
    """The stage that follows.

    Raises:
        NotPossible: the event has no meaning at this stage.
    """
    try:
        return TRANSITIONS[stage, event]
    except KeyError:
        raise NotPossible(stage, event) from None


def is_silent(stage: Stage) -> bool:
    """Whether the assistant must not answer."""
    return stage == "person"
