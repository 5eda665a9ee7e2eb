from __future__ import annotations

from actions.core.subject import Subject
from actions.state.database import Database
from actions.state.world.facts import every_subject
from actions.state.world.loading import load_world_data
from actions.state.world.rows import is_empty


def test_every_order_and_bill_is_a_subject_of_its_owner(loaded: Database) -> None:
    load_world_data(loaded, {"orders": [{"id": "a", "user": "u-2", "lines": []}]})
    with loaded.session() as session:
        assert every_subject(session) == (("u-2", Subject("order", "a")), ("u-1", Subject("order", "o-1")), ("u-1", Subject("bill", "b-1")))


def test_a_database_without_customers_is_empty(database: Database) -> None:
    with database.session() as session:
        assert is_empty(session)
        assert every_subject(session) == ()
    load_world_data(database, {"users": [{"id": "u-1"}]})
    with database.session() as session:
        assert not is_empty(session)
