"""The moves of a walkthrough: what is said or done next, without the words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from actions.core.causes import Cause
from actions.core.comparisons import Match
from actions.core.diagnosis import Found
from actions.core.handoff import GivenReason

OfferReason = Literal["failed_checks", "cannot_find", "cannot_do", "tried_all"]
"""Why a person is offered."""


@dataclass(frozen=True)
class Move:
    """Something to be said or done next; the subclasses are all there is."""


@dataclass(frozen=True)
class Explain(Move):
    """The customer cannot fix this one. ``startable`` when other causes can be worked on meanwhile."""

    found: Found
    startable: bool


@dataclass(frozen=True)
class Wait(Move):
    """Only time removes this one."""

    found: Found
    startable: bool


@dataclass(frozen=True)
class ShowStep(Move):
    """The current step of a cause. ``again`` when it was shown before, ``checked`` after a failed check."""

    cause: Cause
    step: int
    matches: tuple[Match, ...]
    again: bool = False
    checked: bool = False


@dataclass(frozen=True)
class CheckPassed(Move):
    """The cause is gone; ``remaining`` blocks are left."""

    cause: Cause
    remaining: int


@dataclass(frozen=True)
class CheckFailed(Move):
    """The cause still holds."""

    found: Found


@dataclass(frozen=True)
class OfferHandoff(Move):
    """Ask whether a person shall take over."""

    reason: OfferReason


@dataclass(frozen=True)
class HandOver(Move):
    """Hand over now."""

    reason: GivenReason
    found: Found | None = None


@dataclass(frozen=True)
class Confirm(Move):
    """Nothing was found and the refresh round is done: ask whether the option is there now."""


@dataclass(frozen=True)
class Resolve(Move):
    """No block is left.

    Attributes:
        from_the_start: whether there was none to begin with.
    """

    from_the_start: bool = False
