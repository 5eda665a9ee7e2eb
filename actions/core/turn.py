"""One turn: what came in, what goes out, and which earlier message a reply repeats the choices of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol

from actions.core.asked import Clause, Reading
from actions.core.case import Case
from actions.core.messages import MessageData

if TYPE_CHECKING:
    from actions.core.effects import Effect

ActionName = Literal[
    "action_diagnose",
    "action_step_done",
    "action_step_not_found",
    "action_step_not_possible",
    "action_agree",
    "action_decline",
    "action_repeat",
    "action_answer",
    "action_quote",
    "action_follow_up",
    "action_request_person",
    "action_alarm",
    "action_object",
    "action_queue",
    "action_greet",
    "action_introduce",
    "action_thanks",
    "action_goodbye",
    "action_restart",
    "action_calm",
    "action_redirect",
    "action_clarify",
]
"""The actions that answer a turn: what ``knowledge/intents.yml`` may name and ``dialogue.assistant`` does."""


@dataclass(frozen=True)
class Button:
    """A suggested reply: what the customer reads and what it sends."""

    title: str
    payload: str

    def to_json(self) -> dict[str, str]:
        """The button in the widget contract's words."""
        return {"title": self.title, "payload": self.payload}


@dataclass(frozen=True)
class Reply:
    """One bot message; ``data`` says in machine words what ``text`` says to people."""

    text: str
    buttons: tuple[Button, ...] = ()
    data: MessageData | None = None


@dataclass(frozen=True)
class Turn:
    """A customer's message as understood, with what is remembered of the conversation.

    Attributes:
        user_id: the customer, from the token.
        intent: the understood intent, a hint; the state decides.
        text: the masked text, with its spelling mended, as it was understood.
        written: the masked text as the customer wrote it; None if ``text`` is that.
        entities: values by entity name, in order of appearance.
        token_order: the order the token names.
        ranking: intents by falling confidence, each with its confidence.
        second_intent: a second request in the same message.
        confidence: how sure the intent is, from 0 to 1.
        said: the texts of the bot's latest turn, not to be said again.
        masked: kinds of personal numbers that were masked in the text.
        mended: texts of stored messages, by id, that this turn takes a divided number out of.
        first: whether the assistant speaks for the first time.
        topics: matters by falling confidence, each with its confidence.
        second_topic: the matter of the second request.
        aspects: sub-questions, in the order of the text.
        readings: what was read of the sub-questions of each matter that the message may be about.
        claims: what the customer says of their own state.
        message: the id of the customer's message; None where nobody stores it.
        at: real time, which is not the facts' clock; None where nobody says it.
        clauses: what the clauses of the message say each by itself; empty if it has but one.
    """

    user_id: str
    intent: str
    text: str = ""
    entities: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    token_order: str | None = None
    ranking: tuple[tuple[str, float], ...] = ()
    second_intent: str | None = None
    confidence: float = 1.0
    case: Case = Case()
    said: frozenset[str] = frozenset()
    masked: tuple[str, ...] = ()
    mended: Mapping[str, str] = field(default_factory=dict)
    first: bool = False
    written: str | None = None
    topics: tuple[tuple[str, float], ...] = ()
    second_topic: str | None = None
    aspects: tuple[str, ...] = ()
    readings: Mapping[str, Reading] = field(default_factory=dict)
    claims: tuple[str, ...] = ()
    message: str | None = None
    at: datetime | None = None
    clauses: tuple[Clause, ...] = ()

    @property
    def has_words(self) -> bool:
        """Whether there is anything to understand: question marks or a face alone are taken for any intent."""
        return not self.text or any(character.isalnum() for character in self.text)

    def entity(self, name: str) -> str | None:
        """The first value of an entity."""
        values = self.entities.get(name, ())
        return values[0] if values else None

    def has(self, name: str) -> bool:
        """Whether an entity was seen."""
        return bool(self.entities.get(name))


@dataclass(frozen=True)
class Response:
    """What the assistant says, the case to remember, the name of the action that answered, and what the turn changes beside the conversation."""

    replies: tuple[Reply, ...]
    case: Case
    action: ActionName
    effects: tuple[Effect, ...] = ()


PERSON = "/request_human"
"""The payload of the button for a person, which stands everywhere and is nobody's choice in particular."""
NOT_THIS = '/about_case{"topic": "correct_subject"}'
"""The payload of the button for another order or bill, which stands on every diagnosis of one and is no answer to what is asked."""
THIS_STEP = "this_step"
"""The topic of being done with a step that came unasked: a bare done may be about the step before it."""
DONE, DONE_WITH_THIS = "/step_done", f'/step_done{{"topic": "{THIS_STEP}"}}'
"""The payloads of the button that says that a step is done: everywhere, and below a step that came unasked."""

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
    """The payloads of a message's buttons but for those that stand on it whatever it asks; that something is done is one choice, however it is sent."""
    sent = (button["payload"] for button in offer.buttons)
    return frozenset(DONE if each == DONE_WITH_THIS else each for each in sent) - {PERSON, NOT_THIS}


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
