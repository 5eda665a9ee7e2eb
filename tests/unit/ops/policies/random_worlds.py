"""Worlds and policies as chance makes them, and what a rehearsal must say of them: found by loading the policy and diagnosing everybody."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from hypothesis import strategies as st
from pydantic import StrictBool, StrictInt

from actions.core.causes import Cause
from actions.core.diagnosis import Diagnosis, diagnose
from actions.core.fields import Ratio, Version
from actions.core.moments import start_of
from actions.core.money import Fen
from actions.core.platform import POLICY_FIELDS, Policy
from actions.core.record import choices_of, hints_of, listed, without_none
from actions.knowledge.model import Knowledge
from actions.state.database import Database
from actions.state.world.facts import SqlFacts, every_subject
from actions.state.world.loading import load_world_data
from actions.state.world.tables import facts_now
from actions.yaml_source import Source
from ops.policies.dry_run import DryRun, dry_run

NOW = "2026-11-22T10:00:00+08:00"
_CHOSEN: dict[str, st.SearchStrategy[Any]] = {
    "regions": st.lists(st.sampled_from(["广东", "北京", "青海", "西藏"]), max_size=3, unique=True),
    "min": st.integers(16, 40),
    "max": st.integers(30, 70),
    "version": st.integers(1, 6),
    "hours": st.integers(0, 1000),
    "category": st.sampled_from(["c-0", "c-1"]),
}
"""Values of fields whose type does not say what the worlds below are about."""
_BY_TYPE: dict[Any, st.SearchStrategy[Any]] = {
    Fen: st.sampled_from(["50.00", "300.00", "1000.00", "3000.00", "20000.00"]),
    StrictInt: st.integers(0, 3),
    StrictBool: st.booleans(),
    Version: st.sampled_from(["12.0.0", "13.2.0", "14.0.0"]),
    Ratio: st.sampled_from(["0.1", "0.5", "0.95"]),
}


def _values(field: str) -> st.SearchStrategy[Any]:
    hint, _ = without_none(hints_of(Policy)[field])
    if field in _CHOSEN:
        return _CHOSEN[field]
    if hint in _BY_TYPE:
        return _BY_TYPE[hint]
    if choices_of(hint):
        return st.sampled_from(choices_of(hint))
    assert choices_of(listed(hint)), f"what random policies have as {field} is said nowhere: add values of it to _CHOSEN in {__file__}"
    return st.lists(st.sampled_from(choices_of(listed(hint))), max_size=3, unique=True)


VALUES = {field: _values(field) for fields in POLICY_FIELDS.values() for field in fields if field != "notice"}
"""Values of every field that kinds of policies have of their own."""
_DAYS = ["2026-11-01", "2026-11-22", "2026-11-25", "2026-12-01", "2026-12-02", "2026-12-20"]
_LATER = ["2026-11-25", "2026-12-01", "2026-12-02"]
_money = st.sampled_from(["0.00", "40.00", "250.00", "900.00", "2500.00", "30000.00"])
_day = st.sampled_from(_DAYS)
All = dict[tuple[str, str], Diagnosis]


def policies(kind: str, name: str = "p-new", begins: list[str] = _LATER) -> st.SearchStrategy[dict[str, Any]]:
    """A policy of a kind, with an end or without one."""
    own = {field: VALUES[field] for field in POLICY_FIELDS[kind] if field != "notice"}
    shared = {
        "id": st.just(name),
        "kind": st.just(kind),
        "effective_from": st.sampled_from(begins),
        "effective_to": st.sampled_from([None, "2026-11-30", "2026-12-31"]),
        "notice": st.just("自 12 月 1 日起分批调整"),
    }
    return st.fixed_dictionaries({**shared, **own})


_users = st.fixed_dictionaries(
    {
        "region": st.sampled_from(["广东", "北京", "青海"]),
        "birth_date": st.sampled_from(["1958-11-30", "1966-12-01", "1990-01-01", "2008-11-30", "2010-01-01"]),
        "is_student": st.booleans(),
        "app_version": st.sampled_from(["11.0.0", "13.2.0", "15.0.0"]),
        "bank_card": st.sampled_from(["ok", "expired"]),
        "id_document": st.fixed_dictionaries({"type": st.sampled_from(["mainland", "other"]), "expires_on": _day}),
        "baitiao": st.fixed_dictionaries(
            {
                "agreement_version": st.integers(1, 4),
                "credit_limit": st.sampled_from(["0.00", "1000.00", "50000.00"]),
                "overdue": st.sampled_from(["0.00", "0.00", "12.00"]),
                "overdue_cleared_at": st.sampled_from([None, "2026-11-20", "2026-11-22T09:00:00+08:00"]),
                "monthly_spent": st.dictionaries(st.sampled_from(["c-0", "c-1"]), _money, max_size=2),
            }
        ),
    }
)
_orders = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["cart", "unpaid", "paid"]),
        "channel": st.sampled_from(["app", "web", "wechat"]),
        "pay_before": st.sampled_from([None, "2026-11-23", "2026-12-10"]),
        "lines": st.lists(st.sampled_from(["0", "1", "2"]), min_size=1, max_size=2, unique=True).map(
            lambda skus: [{"sku": sku} for sku in skus]
        ),
    }
)
_bills = st.fixed_dictionaries({"amount": _money, "status": st.sampled_from(["open", "issued", "settled"]), "due_on": _day})


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, Any]:
    """A world of one to four customers with orders and bills, some policies, perhaps an incident or maintenance."""
    users = [{"id": f"u-{n}", **draw(_users)} for n in range(draw(st.integers(1, 4)))]
    merchants = [
        {"id": f"m-{n}", "installment": draw(st.sampled_from(["enabled", "paused"])), "paused_until": draw(_day)} for n in range(2)
    ]
    items = [
        {
            "sku": f"{n}",
            "category": f"c-{n % 2}",
            "merchant": f"m-{n % 2}",
            "price": draw(st.sampled_from(["60.00", "280.00", "1500.00", "9000.00"])),
            "tenors": draw(st.sampled_from([[3, 6, 12, 24], [3, 6]])),
            "min_down_payment": draw(st.sampled_from(["0", "0.3"])),
        }
        for n in range(3)
    ]
    chosen = [draw(st.sampled_from(sorted(POLICY_FIELDS))) for _ in range(draw(st.integers(0, 3)))]
    return {
        "now": NOW,
        "users": users,
        "merchants": merchants,
        "categories": [{"id": "c-0"}, {"id": "c-1"}],
        "items": items,
        "orders": [
            {"id": f"o-{n}-{k}", "user": user["id"], **draw(_orders)}
            for n, user in enumerate(users)
            for k in range(draw(st.integers(0, 2)))
        ],
        "bills": [
            {"id": f"b-{n}", "user": user["id"], "month": "2026-11", **draw(_bills)} for n, user in enumerate(users) if draw(st.booleans())
        ],
        "plans": [{"tenor": tenor} for tenor in (3, 6, 12, 24)],
        "policies": [draw(policies(kind, f"p-{n}", _DAYS)) for n, kind in enumerate(chosen)],
        "incidents": [{"id": "i-1", "component": "installment", "severity": "degraded", "started_at": draw(_day)}]
        if draw(st.booleans())
        else [],
    }


def cases(kind: str) -> st.SearchStrategy[tuple[dict[str, Any], dict[str, Any], date]]:
    """A world, a policy of a kind that begins later, and a day."""
    return st.tuples(worlds(), policies(kind), st.sampled_from([date(2026, 11, 24), date(2026, 12, 1), date(2027, 1, 5)]))


def everybody(database: Database, causes: tuple[Cause, ...], on: date | None) -> All:
    """Every order and bill as it is diagnosed on a day, or now."""
    with database.session() as session:
        source = SqlFacts(session, facts_now(session) if on is None else start_of(on))
        return {(user, str(subject.id)): diagnose(source.snapshot(user, subject), causes) for user, subject in every_subject(session)}


def rehearsal_is_true(database: Database, knowledge: Knowledge, world: dict[str, Any], policy: dict[str, Any], on: date) -> None:
    """Asserts that a rehearsal says what loading the policy brings, set for set, and that today nothing changes."""
    causes = tuple(knowledge.causes.values())
    load_world_data(database, world, replace=True)
    today, before = everybody(database, causes, None), everybody(database, causes, on)
    with database.session() as session:
        found = dry_run(session, knowledge, Source("policies.yml", json.dumps({"policies": [policy]}, ensure_ascii=False)), on)
    load_world_data(database, {"policies": [policy]})
    after = everybody(database, causes, on)
    blocked, will_be = ({key for key, each in all_.items() if each.blocks} for all_ in (before, after))
    assert _who(found.lose) == will_be - blocked and _who(found.gain) == blocked - will_be
    assert _who(found.narrower) == {
        key for key, each in after.items() if not each.blocks and key not in blocked and _new_limit(before[key], each)
    }
    assert _who(found.calendar) == {key for key, each in before.items() if each.cause_ids != today[key].cause_ids}
    for row in (*found.lose, *found.gain, *found.narrower):
        (key,) = _who([row])
        assert (row["causes_before"], row["causes_after"]) == (list(before[key].cause_ids), list(after[key].cause_ids))
    assert {key: each.cause_ids for key, each in everybody(database, causes, None).items()} == {
        key: each.cause_ids for key, each in today.items()
    }
    _adds_up(found)


def _adds_up(found: DryRun) -> None:
    """What else it says agrees with its lists."""
    rows = {"lose": found.lose, "gain": found.gain, "narrower": found.narrower}
    assert found.subjects >= sum(map(len, rows.values())) and found.effects["beside"] == {name: len(each) for name, each in rows.items()}
    for name, each in rows.items():
        regions = found.tables["by"].get(name, {}).get("region", [])
        assert sum(cell["customers"] for cell in regions) == len({row["user"] for row in each})
        assert sum(cell["subjects"] for cell in regions) == len(each)
    assert not any("would change today" in warning for warning in found.warnings)


def _new_limit(before: Diagnosis, after: Diagnosis) -> bool:
    return any(found.cause.kind == "limit" and found.cause.id not in before.cause_ids for found in after.found)


def _who(rows: Any) -> set[tuple[str, str]]:
    return {(row["user"], row.get("order") or row["bill"]) for row in rows}
