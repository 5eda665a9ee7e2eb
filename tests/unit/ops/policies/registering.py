"""An author and an approver at the register of a small world."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from actions.bootstrap import Application
from actions.state.incidents import now_ms
from actions.state.policy_versions import PolicyVersion
from actions.state.world.patches import GivenData
from actions.state.world.tables import facts_now
from ops.policies import service
from ops.policies.loads import load_of
from ops.policies.refusals import PolicyRefused
from ops.policies.register import RegisteredPolicy, find_policy
from ops.policies.trials import keep, rehearse

OLD = {"id": "p-min", "kind": "min_amount", "amount": "100.00", "effective_from": "2026-01-01"}
NEW = {"id": "p-min-2", "kind": "min_amount", "amount": "300.00", "effective_from": "2026-12-01", "notice": "分期起点自12月1日起调整。"}
ABOUT = {"title": "分期起点", "source": "内部通知 12 号", "owner": "author", "rationale": "小额分期成本高", "review_on": "2027-06-01"}
DAY = date(2026, 12, 1)


class Office:
    """Who works at the register."""

    def __init__(self, here: Application) -> None:
        self.here = here

    @contextmanager
    def session(self) -> Iterable[Session]:  # type: ignore[misc]
        with self.here.database.session() as session:
            yield session

    def write(self, body: Mapping[str, Any] = NEW, by: str = "ann", supersedes: str | None = "p-min", **about: Any) -> PolicyVersion:
        with self.here.database.session() as session:
            now = facts_now(session)
            return service.write(session, now, body=body, by=by, supersedes=supersedes, **{**ABOUT, **about})

    def submit(self, policy: str = "p-min-2", by: str = "ann") -> PolicyVersion:
        with self.here.database.session() as session:
            return service.submit(session, self.here.knowledge.current, facts_now(session), policy, by=by)

    def approve(self, policy: str = "p-min-2", by: str = "bea") -> PolicyVersion:
        with self.here.database.session() as session:
            return service.approve(session, self.here.knowledge.current, facts_now(session), policy, by=by)

    def withdraw(self, policy: str = "p-min-2", by: str = "bea") -> PolicyVersion:
        with self.here.database.session() as session:
            return service.withdraw(session, facts_now(session), policy, by=by)

    def rehearse(self, body: Mapping[str, Any] = NEW, supersedes: str | None = "p-min", day: date = DAY) -> str:
        with self.here.database.session() as session:
            load, _ = load_of(session, body, supersedes)
            source = GivenData(load)
            return keep(session, rehearse(session, self.here.knowledge.current, source, day), source, "ann")

    def registered(self, policy: str = "p-min-2", **about: Any) -> PolicyVersion:
        """Written, submitted and approved at once."""
        self.write(**about)
        self.submit(policy)
        return self.approve(policy)

    def region(self) -> str:
        """Where the customer lives."""
        with self.here.database.session() as session:
            return str(self.here.facts(session).snapshot("u").user.region)

    def find(self, policy: str = "p-min-2") -> RegisteredPolicy:
        with self.here.database.session() as session:
            return find_policy(session, policy, facts_now(session))


@contextmanager
def refused(code: str) -> Iterable[Any]:  # type: ignore[misc]
    """Asserts that what is done within is refused with a code."""
    with pytest.raises(PolicyRefused) as found:
        yield found
    assert found.value.code == code, found.value.reason


def days_ago(days: float) -> int:
    """In milliseconds of the epoch."""
    return now_ms() - int(days * 86_400_000)
