"""Today's handoffs: customers who wait longer than they should, or soon will."""

from __future__ import annotations

from collections.abc import Sequence

from actions.handoff.standing import named_as_they_stand
from actions.knowledge.store import KnowledgeStore
from actions.state.columns import real_now
from actions.state.database import Database
from actions.state.handoff_search import Wanted, find_listed
from bot.console.today import Item, Section


def cases_section(database: Database, knowledge: KnowledgeStore) -> Section:
    """The section.

    Args:
        database: where handoffs are.
        knowledge: within how many minutes whom is to be answered, and titles.
    """

    def items() -> Sequence[Item]:
        known, now = knowledge.current, real_now()
        with database.session() as session:
            found, _ = find_listed(session, Wanted(waiting=True), known.due_minutes)
            found = named_as_they_stand(session, found, known)
        pressing = [(case, case.due.at) for case in found if case.due is not None and (case.late or case.soon)]
        return [
            {
                "id": case.id,
                "headline": case.headline,
                "queue": known.briefing.queues[case.queue].title,  # type: ignore[index]
                "priority": case.priority,
                "due": due.isoformat(timespec="seconds"),
                "minutes_left": int((due - now).total_seconds() // 60),
                "link": f"/desk/cases/{case.id}",
            }
            for case, due in sorted(pressing, key=lambda each: each[1])
        ]

    return Section("handoffs", items)
