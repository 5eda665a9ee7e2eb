"""The first screen of a chat: what is known before the customer has said anything, read in one look that stores nothing of theirs."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from actions.core.case import CASE_SLOT, Case
from actions.core.effects import ArmMet
from actions.dialogue.opening import Opening
from actions.experiments.remembered import RememberedFacts
from actions.threads import reading, writing
from bot.channel.tokens import Claims

if TYPE_CHECKING:
    from actions.experiments.running import RunningExperiments
    from actions.knowledge.model import Knowledge
    from bot.channel.store import ChannelStore

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class FirstScreen:
    """A first screen as one customer reads it.

    Attributes:
        shown: in the words of their arm; ``usual`` in those that everybody else reads.
        met: the arms of experiments that they meet by reading it.
    """

    shown: dict[str, Any]
    usual: dict[str, Any]
    met: tuple[ArmMet, ...]


def opening(store: ChannelStore, experiments: RunningExperiments, claims: Claims) -> FirstScreen:
    """The first screen of the token's customer; blocking, call it in a thread."""
    with store.look(claims.user, experiments) as (texts, source, tracker):
        case, remembered = case_in(tracker), RememberedFacts(source)

        def say(said: Knowledge) -> dict[str, Any]:
            return Opening(said, remembered).of(claims.user, claims.order, case)

        found = texts.told(claims.user, say, lambda shown: [each["id"] for each in shown["causes"]])
        return FirstScreen(found.told, say(texts.usual) if found.met else found.told, found.met)


async def shown(store: ChannelStore, experiments: RunningExperiments, claims: Claims) -> dict[str, Any]:
    """The same as the customer is shown it, once it is noted which arms they meet by it: nobody reads another text uncounted."""
    screen = await reading(opening, store, experiments, claims)
    if screen.met:
        try:
            await writing(store.note_met, claims.user, screen.met)
        except Exception as error:
            logger.warning("it could not be noted which arm was met: %s", type(error).__name__)
            return screen.usual
    return screen.shown


def case_in(tracker: str | None) -> Case:
    """The case that Rasa's working state holds."""
    events = json.loads(tracker).get("events", []) if tracker else []
    kept = (each.get("value") for each in reversed(events) if each.get("event") == "slot" and each.get("name") == CASE_SLOT)
    return Case.from_json(next(kept, None))
