"""What actions want changed beside the conversation, taken out of their answers into the turn's unit of work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker

from actions.bootstrap import application
from actions.core.effects import EFFECTS, Effect, effects_of
from actions.handoff.effects import carry_out
from actions.threads import writing
from bot.engine.turn_state import current_turn


class EffectfulAction(RemoteAction):
    """A custom action whose answer may hold effects among its messages.

    Within a turn of a channel they are written when the turn is stored, and forgotten when it fails. Elsewhere (`rasa shell`) they are written at once.
    """

    @staticmethod
    async def _utter_responses(
        responses: list[dict[str, Any]], output_channel: OutputChannel, nlg: NaturalLanguageGenerator, tracker: DialogueStateTracker
    ) -> list[BotUttered]:
        effects = effects_of(effect for each in responses for effect in each.get(EFFECTS, ()))
        turn = current_turn(tracker.sender_id)
        if turn is not None:
            turn.effects.extend(effects)
        elif effects:
            await writing(_write, tracker.sender_id, effects)
        spoken = [each for each in responses if EFFECTS not in each]
        said: list[BotUttered] = await RemoteAction._utter_responses(spoken, output_channel, nlg, tracker)
        return said


def _write(user: str, effects: Sequence[Effect]) -> None:
    with application().database.session() as session:
        carry_out(session, user, effects)
