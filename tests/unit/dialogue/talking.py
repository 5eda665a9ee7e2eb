"""An assistant without Rasa and without SQL: a world as facts, handoffs and notices kept in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, List, Optional, Set, Tuple

from actions.core.case import Case
from actions.core.facts import Facts, UnknownSubject
from actions.core.handoff import Handoff, HandoffRequest
from actions.core.subject import ACCOUNT, Subject
from actions.core.turn import ActionName, Reply, Turn
from actions.dialogue.assistant import Assistant
from tests.composed import project_knowledge

Ranking = Tuple[Tuple[str, float], ...]


class Talk:
    """A conversation of customer ``u``.

    Args:
        snapshots: facts by order; None stands for the account alone.
    """

    def __init__(self, snapshots: Dict[Optional[str], Facts], token: Optional[str] = "o") -> None:
        self._snapshots, self._token = snapshots, token
        self._case, self._said = Case(), frozenset[str]()
        self._first = True
        self.handoffs: List[HandoffRequest] = []
        self.wishes: Set[Tuple[Subject, str]] = set()
        self.chosen: List[str] = []
        self._knowledge = project_knowledge()
        self._assistant = Assistant(self._knowledge, self, self, self)  # type: ignore[arg-type]

    def say(
        self,
        intent: str,
        text: str = "",
        ranking: Ranking = (),
        action: Optional[ActionName] = None,
        topics: Ranking = (),
        aspects: Tuple[str, ...] = (),
        claims: Tuple[str, ...] = (),
        **entities: str,
    ) -> Tuple[Reply, ...]:
        """The replies to a message that was understood so, answered by an action; by default the one that the rules choose."""
        found = {name: (value,) for name, value in entities.items()}
        turn = Turn("u", intent, text, found, token_order=self._token, ranking=ranking, case=self._case)
        turn = replace(turn, topics=topics, aspects=aspects, claims=claims)
        action = action or self._knowledge.intents[intent].action
        response = self._assistant.respond(replace(turn, said=self._said, first=self._first), action)
        self.action = response.action
        self._case, self._said, self._first = response.case, frozenset(reply.text for reply in response.replies), False
        return response.replies

    @property
    def phase(self) -> str:
        """Where the case stands."""
        return self._case.phase

    def now_is(self, snapshots: Dict[Optional[str], Facts]) -> None:
        """Changes the state."""
        self._snapshots = {**self._snapshots, **snapshots}

    # --- FactsSource, HandoffDesk and Notices ------------------------------------------------------------------------------------------

    def customer_exists(self, user_id: str) -> bool:
        return user_id == "u"

    def owns_order(self, user_id: str, order_id: str) -> bool:
        return order_id in self._snapshots

    def orders(self, user_id: str) -> Tuple[Any, ...]:
        return tuple((facts.order, facts.lines) for order, facts in self._snapshots.items() if order is not None)

    def bills(self, user_id: str) -> Tuple[Any, ...]:
        return ()

    def snapshot(self, user_id: str, subject: Subject = ACCOUNT) -> Facts:
        if subject.order not in self._snapshots:
            raise UnknownSubject(subject.id)
        return self._snapshots[subject.order]

    def open_handoff(self, user_id: str) -> Optional[Handoff]:
        return Handoff("h-1", self.handoffs[0].reason, self.handoffs[0].queue, "waiting", fresh=False) if self.handoffs else None

    def hand_over(self, request: HandoffRequest) -> Handoff:
        fresh = not self.handoffs
        self.handoffs.append(request)
        return Handoff("h-1", self.handoffs[0].reason, self.handoffs[0].queue, "waiting", fresh)

    def choose(self, user_id: str, choice: str) -> bool:
        self.chosen.append(choice)
        return False

    def note_reason(self, user_id: str, reason: str) -> None:
        pass

    def solve(self, user_id: str, subject: Subject, cause: Optional[str]) -> bool:
        return False

    def subscribe(self, user_id: str, subject: Subject, cause: str) -> None:
        self.wishes.add((subject, cause))

    def unsubscribe(self, user_id: str) -> None:
        self.wishes.clear()

    def is_subscribed(self, user_id: str, subject: Subject, cause: str) -> bool:
        return (subject, cause) in self.wishes
