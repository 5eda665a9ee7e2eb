"""Several customers' states read together are what each of them is alone."""

from __future__ import annotations

import pytest

from actions.core.subject import ACCOUNT, Subject
from actions.state.database import Database
from actions.state.world.facts import SqlFacts, every_subject, one_by_one
from actions.state.world.loading import load_world
from tests.unit.handoff.conftest import WORLD


@pytest.mark.broad
def test_read_together_they_are_what_each_is_alone(database: Database) -> None:
    load_world(database, [WORLD])
    with database.session() as session:
        wanted = [
            *every_subject(session),
            ("u-1013", ACCOUNT),
            ("u-nobody", ACCOUNT),
            ("u\0", ACCOUNT),
            ("u-1013", Subject("order", "o-1024")),
        ]
        source = SqlFacts(session)
        together = source.snapshots(wanted)
        assert together == one_by_one(source, wanted)
        assert set(wanted) - set(together) == {("u-nobody", ACCOUNT), ("u\0", ACCOUNT), ("u-1013", Subject("order", "o-1024"))}
