"""An assistant without Rasa and without SQL: a world as facts, handoffs and notices kept in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from actions.core.asked import Clause, Reading
from actions.core.case import Case, Dispute
from actions.core.facts import Facts, UnknownSubject
from actions.core.handoff import Handoff, HandoffRequest, Reminders
from actions.core.subject import ACCOUNT, Subject
from actions.core.turn import ActionName, Reply, Turn
from actions.dialogue.assistant import Assistant
from conversations.application import project_knowledge

Ranking = tuple[tuple[str, float], ...]


class Talk:
    """A conversation of customer ``u``.

    Args:
        snapshots: facts by order; None stands for the account alone.
        reminders: what the customer wants to be told before it comes.
    """

    def __init__(self, snapshots: dict[str | None, Facts], token: str | None = "o", reminders: Reminders | None = None) -> None:
        self._snapshots, self._token = snapshots, token
        self._case, self._said = Case(), frozenset[str]()
        self._first = True
        self.handoffs: list[HandoffRequest] = []
        self.wishes: set[tuple[Subject, str]] = set()
        self.chosen: list[str] = []
        self._knowledge = project_knowledge()
        self._assistant = Assistant(self._knowledge, self, self, self, reminders=reminders)  # type: ignore[arg-type]

    def say(
        self,
        intent: str,
        text: str = "",
        ranking: Ranking = (),
        action: ActionName | None = None,
        topics: Ranking = (),
        aspects: tuple[str, ...] = (),
        claims: tuple[str, ...] = (),
        second: str | None = None,
        readings: Mapping[str, Reading] = MappingProxyType({}),
        clauses: tuple[Clause, ...] = (),
        confidence: float = 1.0,
        **entities: str | tuple[str, ...],
    ) -> tuple[Reply, ...]:
        """The replies to a message that was understood so, answered by an action; by default the one that the rules choose."""
        found = {name: (value,) if isinstance(value, str) else value for name, value in entities.items()}
        turn = Turn("u", intent, text, found, token_order=self._token, ranking=ranking, case=self._case)
        turn = replace(
            turn,
            topics=topics,
            aspects=aspects,
            claims=claims,
            second_topic=second,
            readings=readings,
            clauses=clauses,
            confidence=confidence,
        )
        action = action or self._knowledge.intents[intent].action
        response = self._assistant.respond(replace(turn, said=self._said, first=self._first), action)
        self.action = response.action
        self._case, self._said, self._first = response.case, frozenset(reply.text for reply in response.replies), False
        return response.replies

    def look(self) -> tuple[Reply, ...]:
        """What is said unasked because the cause of the step in hand is gone."""
        response = self._assistant.look(Turn("u", "step_done", token_order=self._token, case=self._case, said=self._said))
        assert response is not None
        self._case, self._said = response.case, self._said | {reply.text for reply in response.replies}
        return response.replies

    @property
    def phase(self) -> str:
        """Where the case stands."""
        return self._case.phase

    def now_is(self, snapshots: dict[str | None, Facts]) -> None:
        """Changes the state."""
        self._snapshots = {**self._snapshots, **snapshots}

    # --- FactsSource, HandoffDesk and Notices ------------------------------------------------------------------------------------------

    def customer_exists(self, user_id: str) -> bool:
        return user_id == "u"

    def owns_order(self, user_id: str, order_id: str) -> bool:
        return order_id in self._snapshots

    def orders(self, user_id: str) -> tuple[Any, ...]:
        return tuple((facts.order, facts.lines) for order, facts in self._snapshots.items() if order is not None)

    def bills(self, user_id: str) -> tuple[Any, ...]:
        return ()

    def snapshot(self, user_id: str, subject: Subject = ACCOUNT) -> Facts:
        if subject.order not in self._snapshots:
            raise UnknownSubject(subject.id)
        return self._snapshots[subject.order]

    def open_handoff(self, user_id: str) -> Handoff | None:
        return Handoff("h-1", self.handoffs[0].reason, self.handoffs[0].queue, "waiting", fresh=False) if self.handoffs else None

    def place(self, user_id: str) -> int:
        return 3

    def hand_over(self, request: HandoffRequest) -> Handoff:
        fresh = not self.handoffs
        self.handoffs.append(request)
        return Handoff("h-1", self.handoffs[0].reason, self.handoffs[0].queue, "waiting", fresh)

    def choose(self, user_id: str, choice: str) -> bool:
        self.chosen.append(choice)
        return False

    def note_reason(self, user_id: str, reason: str) -> None:
        pass

    def note_dispute(self, user_id: str, dispute: Dispute) -> None:
        pass

    def solve(self, user_id: str, subject: Subject, cause: str | None) -> bool:
        return False

    def subscribe(self, user_id: str, subject: Subject, cause: str) -> None:
        self.wishes.add((subject, cause))

    def unsubscribe(self, user_id: str) -> None:
        self.wishes.clear()

    def is_subscribed(self, user_id: str, subject: Subject, cause: str) -> bool:
        return (subject, cause) in self.wishes
