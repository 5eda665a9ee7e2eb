"""Columns keep what plain SQL types lose, and come of annotations."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import func, literal, select, text
from sqlalchemy.exc import StatementError

from actions.core.moments import SHANGHAI
from actions.state.audit import AUDIT
from actions.state.columns import column_of, rows_as
from actions.state.database import Database
from actions.state.handoffs import HANDOFFS
from actions.state.reporting import OpenCase

NOON = datetime(2026, 11, 22, 12, tzinfo=SHANGHAI)


def note(database: Database, *instants: datetime) -> None:
    with database.session() as session:
        for at in instants:
            session.execute(AUDIT.insert().values(at=at, actor="a", action="b", detail={}, seal="c", prev="d", hash="e"))


def test_instants_compare_whatever_offset_they_were_given_with(database: Database) -> None:
    earlier = (NOON - timedelta(microseconds=1)).astimezone(timezone(timedelta(hours=14)))
    later = (NOON + timedelta(microseconds=1)).astimezone(timezone(timedelta(hours=-11)))
    note(database, later, NOON, earlier)
    with database.session() as session:
        assert session.execute(select(AUDIT.c.at).order_by(AUDIT.c.at)).scalars().all() == [earlier, NOON, later]
        assert session.execute(select(func.count()).where(AUDIT.c.at < NOON)).scalar_one() == 1
        assert session.execute(select(AUDIT.c.id).where(AUDIT.c.at == NOON.astimezone(timezone.utc))).scalars().all() == [2]


def test_instants_are_given_in_the_time_of_shanghai_and_stored_in_utc(database: Database) -> None:
    note(database, NOON.astimezone(timezone.utc))
    with database.session() as session:
        assert session.execute(select(AUDIT.c.at)).scalar_one().isoformat() == "2026-11-22T12:00:00+08:00"
        assert session.execute(text("SELECT at FROM audit")).scalar_one() == "2026-11-22T04:00:00.000000+00:00"


def test_an_instant_without_a_time_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="names no time zone"):
        note(database, NOON.replace(tzinfo=None))


def test_an_annotation_without_a_type_of_column_is_refused() -> None:
    with pytest.raises(TypeError, match="no type of a column is known for <class 'complex'>"):
        list(column_of("number", complex | None))


def test_a_table_holds_what_its_dataclass_says() -> None:
    assert [column.name for column in HANDOFFS.primary_key] == ["id"]
    assert HANDOFFS.c.note.nullable and not HANDOFFS.c.reason.nullable
    checks = {str(constraint.name) for constraint in HANDOFFS.constraints}
    assert {"ck_handoffs_priority_choice", "ck_handoffs_status_choice"} <= checks


@pytest.mark.parametrize("order", [("queue", "created_at"), ("created_at", "queue")])
def test_rows_become_instances_by_the_names_of_their_columns_in_whatever_order(database: Database, order: tuple[str, ...]) -> None:
    with database.session() as session:
        values = {"queue": literal("risk"), "created_at": literal(NOON, HANDOFFS.c.created_at.type)}
        found = rows_as(OpenCase, session.execute(select(*(values[name].label(name) for name in order))))
    assert found == (OpenCase("risk", NOON),)
