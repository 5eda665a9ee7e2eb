"""Which earlier message a reply repeats the choices of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

PERSON = "/request_human"
"""The payload of the button for a person, which stands everywhere and is nobody's choice in particular."""

REACH = 40
"""Messages back in which choices are looked for; a longer way back, nobody knows any more what they were about."""

_TELLING = ("answer", "plans", "check", "diagnosis", "out_of_scope")
"""Types of messages that tell something; what they offer beside the choices of the case is further answers."""


class Offer(Protocol):
    """A message of the bot's with its buttons."""

    @property
    def seq(self) -> int:
        """Its number."""
        ...

    @property
    def buttons(self) -> Sequence[Mapping[str, str]]:
        """``{"title", "payload"}`` each."""
        ...

    @property
    def data(self) -> Mapping[str, Any] | None:
        """What it says in machine words."""
        ...

    @property
    def choices_of(self) -> int | None:
        """The number of the message whose choices it repeats itself."""
        ...


def choices(offer: Offer) -> frozenset[str]:
    """The payloads of a message's buttons but for the person's."""
    return frozenset(button["payload"] for button in offer.buttons) - {PERSON}


def restored(offer: Offer, earlier: Sequence[Offer]) -> int | None:
    """The number of the message whose choices a later one repeats: the latest that asked for them, else the latest that had them.

    None if the message is the first to offer its choices.

    Args:
        earlier: messages before, the latest first.
    """
    repeated = [each for each in earlier if _repeats(offer, each)]
    asking = [each for each in repeated if _asks(each) or each.choices_of is not None]
    return next((each.seq for each in (*asking, *repeated)), None)


def _repeats(offer: Offer, earlier: Offer) -> bool:
    """Whether the choices of an earlier message are there once more; those of another step are others, though they look the same."""
    before, now = choices(earlier), choices(offer)
    if not before or not before <= now:
        return False
    if offer.data is None:
        return before == now
    return not _asks(offer) or _subject(offer) == _subject(earlier)


def _asks(offer: Offer) -> bool:
    """Whether the buttons are the answers to what the message asks or tells to do."""
    return offer.data is None or offer.data.get("type") not in _TELLING


def _subject(offer: Offer) -> tuple[Any, ...]:
    return tuple((offer.data or {}).get(name) for name in ("type", "cause", "step", "order", "bill"))
