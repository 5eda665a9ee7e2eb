"""One Rasa action per entry of ``dialogue.assistant.ACTIONS``: the rules of ``data/rules`` choose among them by name."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.bootstrap import application
from actions.core.case import CASE_SLOT
from actions.core.facts import UnknownCustomer
from actions.core.turn import ActionName, Reply, Response, Turn
from actions.dialogue.assistant import ACTIONS
from actions.handlers.tracker import turn_of
from actions.knowledge import phrases


class TurnAction(Action, ABC):
    """Answers one turn; the subclasses differ in their names, which is what decides what they do."""

    @abstractmethod
    def name(self) -> ActionName:
        """The action's name in the domain."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Answers the tracker's latest message and remembers the case.

        Each reply carries the name of the action that really answered, which is another than this one when something came first.
        The work is synchronous database access, so it runs in a thread: an action that blocks would block every customer's.
        """
        response = await asyncio.to_thread(respond, turn_of(tracker), self.name())
        for reply in response.replies:
            dispatcher.utter_message(
                text=reply.text,
                buttons=[button.to_json() for button in reply.buttons],
                json_message=reply.data.to_data() if reply.data is not None else None,
                action=response.action,
            )
        return [SlotSet(CASE_SLOT, response.case.to_json())]


def respond(turn: Turn, action: ActionName) -> Response:
    """Lets the assistant answer a turn in one transaction."""
    try:
        with application().assistant() as assistant:
            return assistant.respond(turn, action)
    except UnknownCustomer:
        # Only rasa shell can get here: the widget's channel refuses a token of nobody.
        return Response((Reply(application().knowledge.current.phrases.title(phrases.UNKNOWN_CUSTOMER)),), turn.case, action)


def _class_of(name: ActionName) -> type[TurnAction]:
    title = "".join(part.capitalize() for part in name.split("_")[1:])
    return type(f"{title}Action", (TurnAction,), {"__doc__": f"``{name}``.", "__module__": __name__, "name": lambda _self: name})


TURN_ACTIONS = tuple(map(_class_of, ACTIONS))
"""The classes that the action server registers."""
