"""Answers one turn: what each action does, and the frame around all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from actions.core.effects import Effect
from actions.core.facts import FactsSource
from actions.core.handoff import HandoffDesk, Notices, Reminders
from actions.core.planner import UPSET
from actions.core.platform import Policy
from actions.core.turn import ActionName, Response, Turn
from actions.dialogue import case_moves, disputes, handover, interrupts, other_subjects, queue, replying, small_talk, step_answers, unasked
from actions.dialogue.context import TurnContext
from actions.knowledge import phrases
from actions.knowledge.model import Knowledge

LOOKED: ActionName = "action_step_done"
"""What the assistant does unasked is what it would do if the customer said that the step is done."""
Act = Callable[[TurnContext], None]


ACTIONS: Mapping[ActionName, Act] = {
    # the case
    "action_diagnose": replying.complain,
    "action_step_done": case_moves.step_done,
    "action_step_not_found": case_moves.step_not_found,
    "action_step_not_possible": case_moves.step_not_possible,
    "action_agree": step_answers.agree,
    "action_decline": step_answers.decline,
    "action_repeat": case_moves.repeat,
    # questions
    "action_answer": replying.answer_question,
    "action_quote": replying.quote,
    "action_follow_up": replying.follow_up_on,
    # people
    "action_request_person": replying.request_person,
    "action_alarm": handover.alarm,
    "action_object": replying.object_to,
    "action_queue": queue.answer,
    # everything else
    "action_greet": small_talk.greet,
    "action_introduce": small_talk.introduce,
    "action_thanks": small_talk.acknowledge_thanks,
    "action_goodbye": small_talk.say_goodbye,
    "action_restart": small_talk.start_over,
    "action_calm": small_talk.calm,
    "action_redirect": replying.redirect,
    "action_clarify": replying.clarify,
}
"""What each action does. Rules choose one of them (``data/rules``), ``interrupts`` may put another one first."""


class Answering(Protocol):
    """Whatever answers turns."""

    def respond(self, turn: Turn, action: ActionName) -> Response:
        """Answers a turn; see ``Assistant``."""
        ...

    def look(self, turn: Turn) -> Response | None:
        """What is to be said unasked; see ``Assistant``."""
        ...


class Assistant:
    """Answers one turn at a time; everything it remembers is in the case.

    Args:
        knowledge: causes, answers and phrases.
        source: the customer's state, read anew in every turn.
        desk: where cases are handed over.
        notices: recovery notices.
        effects: where desk and notices note what the turn changes.
        approved: gives the policies that somebody has approved, asked only where an answer may announce one.
        reminders: what customers want to be told before it comes; None: nobody is told of anything.
    """

    def __init__(
        self,
        knowledge: Knowledge,
        source: FactsSource,
        desk: HandoffDesk,
        notices: Notices,
        effects: Sequence[Effect] = (),
        approved: Callable[[], Sequence[Policy]] = tuple,
        reminders: Reminders | None = None,
    ) -> None:
        self._knowledge = knowledge
        self._source = source
        self._desk = desk
        self._notices = notices
        self._effects = effects
        self._approved = approved
        self._reminders = reminders

    def respond(self, turn: Turn, action: ActionName) -> Response:
        """Answers a turn.

        Args:
            turn: what came in.
            action: the one the rules chose, a key of ``ACTIONS``.

        Raises:
            UnknownCustomer: nobody has that id.
        """
        context = TurnContext(self._knowledge, self._source, self._desk, self._notices, turn, self._approved, self._reminders)
        context.remember(told=None)
        disputes.note(context)
        context.action = interrupts.instead_of(action, context)
        ACTIONS[context.action](context)
        other_subjects.offer(context)
        _introduce(context)
        if turn.masked:
            spoken = context.speaker
            spoken.say(spoken.phrase(phrases.MASKED), at=min(1, len(spoken.replies)))
        return Response(tuple(context.speaker.replies), context.case, context.action, tuple(self._effects))

    def look(self, turn: Turn) -> Response | None:
        """What is to be said unasked because the cause of the step in hand is gone; None if there is nothing.

        Args:
            turn: whose conversation it is and how it stands; nothing has come in.

        Raises:
            UnknownCustomer: nobody has that id.
        """
        context = TurnContext(self._knowledge, self._source, self._desk, self._notices, turn)
        if not unasked.tell(context):
            return None
        other_subjects.offer(context)
        return Response(tuple(context.speaker.replies), context.case, LOOKED, tuple(self._effects))


def _introduce(context: TurnContext) -> None:
    """Says in the first message, unless it was said, that this is a robot; never to somebody in distress, who hears it when that is over."""
    if context.introduced or (context.case.unintroduced and handover.is_handed_over(context)):
        return
    if _is_distressed(context):
        context.remember(unintroduced=True)
        return
    context.remember(unintroduced=False)
    context.speaker.introduce(context.speaker.phrase(phrases.ROBOT_OPENING))


def _is_distressed(context: TurnContext) -> bool:
    """Whether the message speaks of an emergency or of anger: who reads the answer wants help, not to be told who speaks."""
    angry = context.intent == interrupts.ANGER or UPSET in context.turn.aspects
    return angry or handover.urgent_reason(context) not in (None, handover.REQUESTED)
