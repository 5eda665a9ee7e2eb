"""Every field of every record, from its type alone: a field added tomorrow is tested from the first day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import StrictBool, StrictInt, StrictStr

from actions.core.fields import LONGEST_TENOR, Count, Day, Ratio, Tenor, Version, When
from actions.core.moments import SHANGHAI
from actions.core.money import Fen
from actions.core.platform import POLICY_FIELDS, Policy
from actions.core.record import is_map, is_record, listed
from actions.core.records import SECTIONS, Contract, Order, OrderLine, Refund, Repayment
from actions.core.signs import cleaned
from actions.state.database import Database
from actions.state.world.loading import dump_world, load_world_data
from actions.state.world.rows import read_rows, remove_rows, write_rows

NOW = datetime(2026, 11, 22, 10, tzinfo=SHANGHAI)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=8).map(
    lambda text: cleaned(text) or "\n"
)
DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2999, 12, 31))
# Before 1901 Shanghai kept its local mean time, whose offset has seconds, which no file form does.
INSTANTS = st.datetimes(min_value=datetime(1901, 1, 2), max_value=datetime(2999, 1, 1)).map(lambda moment: moment.replace(tzinfo=SHANGHAI))
FIELDS: dict[Any, st.SearchStrategy[Any]] = {
    StrictStr: TEXTS,
    StrictBool: st.booleans(),
    StrictInt: st.integers(-(2**63) + 1, 2**63 - 1),
    Count: st.integers(1, 2**63 - 1),
    Tenor: st.integers(1, LONGEST_TENOR),
    Fen: st.integers(0, 2**63 - 1).map(Fen),
    Day: DAYS,
    When: st.one_of(DAYS, INSTANTS),
    Version: st.lists(st.integers(0, 99), min_size=1, max_size=4).map(lambda parts: Version(".".join(map(str, parts)))),
    Ratio: st.decimals(0, 1, allow_nan=False, places=4).map(Decimal),
}


def values_of(hint: Any) -> st.SearchStrategy[Any]:
    if is_record(hint):
        return records_of(hint)
    if listed(hint) is not None:
        return st.lists(values_of(listed(hint)), max_size=3).map(tuple)
    if is_map(hint):
        return st.dictionaries(TEXTS, FIELDS[Fen], max_size=3)
    if hint in FIELDS:
        return FIELDS[hint]
    if type(None) in get_args(hint):
        return st.one_of(st.none(), values_of(get_args(hint)[0]))
    return st.sampled_from(get_args(hint))


def records_of(record: Any, **fixed: Any) -> st.SearchStrategy[Any]:
    names = {name: values_of(hint) for name, hint in get_type_hints(record).items() if name in record.__fields__ and name not in fixed}
    return st.fixed_dictionaries({**names, **{name: st.just(value) for name, value in fixed.items()}}).map(
        lambda values: record.construct(**values)
    )


def policies(kind: str) -> st.SearchStrategy[Any]:
    hints = get_type_hints(Policy)
    own = {name: values_of(hints[name]) for name in POLICY_FIELDS[kind]}
    own = {name: strategy if name in ("min", "max") else strategy.filter(lambda value: value is not None) for name, strategy in own.items()}
    shared = {name: values_of(hints[name]) for name in ("effective_from", "effective_to", "notice")}
    absent = {name: st.none() for name in Policy.__fields__ if name not in own and name not in ("id", "kind", *shared)}
    return st.fixed_dictionaries({**absent, **own, **shared}).map(lambda values: Policy.construct(id=kind, kind=kind, **values))


def contracts(active: bool) -> st.SearchStrategy[Any]:
    of = {"order": "o", "bill": None} if active else {"order": None, "bill": "b"}
    following = (
        {"status": "active", "next_due_on": date(2026, 12, 9), "next_amount": Fen(1)}
        if active
        else {"status": "settled", "next_due_on": None, "next_amount": None}
    )
    return records_of(Contract, id="k", user="u", **of, **following)


WORLDS = st.fixed_dictionaries(
    {
        "users": records_of(SECTIONS["users"][0], id="u"),
        "merchants": records_of(SECTIONS["merchants"][0], id="m"),
        "categories": records_of(SECTIONS["categories"][0], id="c"),
        "items": records_of(SECTIONS["items"][0], sku="i", category="c", merchant="m"),
        "orders": st.builds(
            lambda order, quantities: order.copy(update={"lines": tuple(OrderLine(sku="i", quantity=each) for each in quantities)}),
            records_of(Order, id="o", user="u", lines=()),
            st.lists(st.integers(1, 2**63 - 1), max_size=3),
        ),
        "bills": records_of(SECTIONS["bills"][0], id="b", user="u", month="2026-11"),
        "plans": records_of(SECTIONS["plans"][0]),
        "contracts": st.booleans().flatmap(contracts),
        "repayments": st.sampled_from([None, "balance", "card", "limit", "system"]).flatmap(
            lambda failure: records_of(
                Repayment,
                id="rp",
                user="u",
                bill="b",
                contract="k",
                failure=failure,
                **({"status": "failed"} if failure else {"status": "posted"}),
            )
        ),
        "refunds": st.one_of(
            records_of(Refund, id="rf", order="o", status="refunded", refunded_at=NOW),
            records_of(Refund, id="rf", order="o", status="approved"),
        ),
        "policies": st.sampled_from(sorted(POLICY_FIELDS)).flatmap(policies),
        "incidents": records_of(SECTIONS["incidents"][0], id="i"),
        "maintenance": records_of(SECTIONS["maintenance"][0], id="w"),
    }
)


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(world=WORLDS)
def test_every_record_survives_the_database_and_the_file_form(database: Database, world: Mapping[str, Any]) -> None:
    with database.session() as session:
        remove_rows(session)
        for section in SECTIONS:
            write_rows(session, section, [world[section]])
    with database.session() as session:
        assert {section: list(read_rows(session, section).values()) for section in SECTIONS} == {s: [r] for s, r in world.items()}
        dumped = dump_world(session)
    load_world_data(database, dumped, replace=True)
    for section, record in world.items():
        with database.session() as session:
            (read,) = read_rows(session, section).values()
        assert read == record
        assert [type(value) for value in vars(read).values()] == [type(value) for value in vars(record).values()], section
