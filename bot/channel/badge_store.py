"""What the web server reads of badges, for customers and for shops alike; each function blocks: call it in a thread."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from actions.knowledge.store import KnowledgeStore
from actions.state import badges, jobs
from actions.state.columns import real_now
from actions.state.database import Database
from actions.state.world.changes import latest_change
from actions.state.world.facts import FactsFactory
from bot.web.responses import RETRY_SECONDS, ProblemError
from ops.badges.asking import BadgesAnswer, BadgesWanted
from ops.badges.memory import BadgeMemory

MOST_CHANGES = 2 * badges.TOGETHER
"""Products of one answer about changes: more than are written together, so that there is always room for all of one version."""
_SILENT_MS = 60_000
"""After so long without a pass of the worker, nobody knows what has changed."""


class BadgeStore:
    """Made once per process.

    Args:
        database: with the world, and what the worker has kept.
        facts: makes the source of the customers' state.
        knowledge: what causes there are.
        frozen: the instant at which the clock of the facts stands, if the settings say so.
    """

    def __init__(self, database: Database, facts: FactsFactory, knowledge: KnowledgeStore, frozen: datetime | None = None) -> None:
        self._database = database
        self._facts = facts
        self._memory = BadgeMemory(database, knowledge, frozen)

    def answer(self, wanted: BadgesWanted) -> BadgesAnswer:
        """The badges of some products as they are now."""
        return self._memory.answer(wanted)

    def answer_for(self, user: str, wanted: BadgesWanted) -> BadgesAnswer:
        """The same for a customer, where they are unless the question says another region."""
        if wanted.region is not None:
            return self._memory.answer(wanted)
        with self._database.session() as session:
            region = self._facts(session).snapshot(user).user.region
        return self._memory.answer(BadgesWanted(wanted.skus, region, wanted.channel, wanted.offers))

    def changed(self, after: int) -> tuple[list[str], int, bool]:
        """The products whose badge has changed anywhere since a version, the version until which that is all, and whether there is more.

        Raises:
            ProblemError: 503, no worker keeps the badges, so that nobody knows.
        """
        with self._database.session() as session:
            if not _is_kept(session):
                raise ProblemError("unavailable", RETRY_SECONDS)
            newest = max(badges.kept_version(session), latest_change(session))
            # A version that was never given is of a database of before: what has changed since then nobody knows, so everything has.
            after = after if after <= newest else 0
            version = max(after, badges.kept_version(session))
            found = badges.changed_after(session, after, MOST_CHANGES + 1)
        if len(found) <= MOST_CHANGES:
            return [sku for sku, _ in found], version, False
        # What was written together has one version, and is told together.
        last = found[-1][1]
        whole = [(sku, its) for sku, its in found if its < last]
        return [sku for sku, _ in whole], whole[-1][1], True


def _is_kept(session: Session) -> bool:
    now = round(real_now().timestamp() * 1000)
    job = next((each for each in jobs.every_job(session) if each.name == badges.PASS), None)
    if job is None:
        return False
    under_way = job.holder is not None and job.due > now
    return under_way or (job.last_success is not None and now - job.last_success < _SILENT_MS)
