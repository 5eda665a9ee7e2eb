"""The console's page of advice: what would go out tomorrow, what was kept back and why, whether it helps; and the switch that stops it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from actions.core.moments import local
from actions.knowledge.store import KnowledgeStore
from actions.state.advice import ALL_TOPICS
from actions.state.columns import real_now
from actions.state.database import Database
from bot.channel.tokens import ROLE_OPERATOR
from bot.console.places import ConsoleRefused, Done, Place, Returned, Shown, Visit
from ops.advice.overview import LONGEST, SHORTEST, AdviceRefused, overview, set_switch

_OPERATORS = frozenset({ROLE_OPERATOR})


class AdviceBoard:
    """The places.

    Args:
        database: where advice is.
        knowledge: its topics.
        world_now: the clock of the world.
    """

    def __init__(self, database: Database, knowledge: KnowledgeStore, world_now: Callable[[Session], datetime]) -> None:
        self._database = database
        self._knowledge = knowledge
        self._world_now = world_now

    @property
    def places(self) -> tuple[Place, ...]:
        """Both of them."""
        return (
            Place("advice", "/advice", self._show, listed=True),
            Place("advice_switch", "/advice/switch", act=self._switch, acted_by=_OPERATORS),
        )

    def _show(self, visit: Visit) -> Shown:
        return self._page(visit, {})

    def _page(self, visit: Visit, given: dict[str, Any]) -> Shown:
        rules = self._knowledge.current.advice
        with self._database.session() as session:
            tomorrow = local(self._world_now(session)).date() + timedelta(days=1)
            data = overview(session, rules, tomorrow, real_now())
        acts = not visit.who.roles.isdisjoint(_OPERATORS)
        return Shown(data, "advice.html", {"given": given, "acts": acts, "shortest": SHORTEST, "longest": LONGEST, "all": ALL_TOPICS})

    def _switch(self, visit: Visit) -> Done | Returned:
        topic, state, why = (str(visit.given.get(name) or "") for name in ("topic", "state", "reason"))
        try:
            if state not in ("stop", "go_on"):
                raise ConsoleRefused("malformed")
            with self._database.session() as session:
                set_switch(session, self._knowledge.current.advice, topic, state == "stop", visit.who.name, why, real_now())
        except AdviceRefused as refused:
            return Returned(ConsoleRefused(refused.code), self._page(visit, dict(visit.given)))
        return Done("/advice", {"topic": topic, "state": state})
