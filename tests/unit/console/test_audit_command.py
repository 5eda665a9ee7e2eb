"""``baitiao audit`` in a terminal: what it says of a chain that holds, and of one that does not."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, update

from actions.state import audit
from actions.state.audit import AUDIT
from bot.commands import Refusal
from bot.commands.audit import head, verify
from tests.unit.handoff.conftest import House, demo_file, house

__all__ = ["demo_file", "house"]


@pytest.fixture
def written(house: House) -> House:
    for step in range(3):
        with house.database.session() as session:
            audit.record(session, f"agent-{step}", "desk.take", f"h-{step}")
    return house


def test_it_says_how_many_entries_hold_and_what_to_note(written: House) -> None:
    noted = head(written.application)
    assert (
        verify(written.application, None)
        == verify(written.application, f" {noted.upper()}\n")
        == f"the audit holds: 3 entries, head {noted}"
    )


def test_it_names_the_first_entry_that_does_not(written: House) -> None:
    with written.database.session() as session:
        session.execute(update(AUDIT).where(AUDIT.c.id >= 2).values(actor="nobody"))
    with pytest.raises(Refusal, match=r"from entry 2 on \(.*, desk\.take by nobody\): it was changed after it was written"):
        verify(written.application, None)


def test_it_says_that_the_end_is_missing(written: House) -> None:
    noted = head(written.application)
    with written.database.session() as session:
        session.execute(delete(AUDIT).where(AUDIT.c.id == 3))
    with pytest.raises(Refusal, match="after its last entry: no entry has the hash"):
        verify(written.application, noted)


def test_what_is_no_head_is_refused(written: House) -> None:
    with pytest.raises(Refusal, match="64 hexadecimal digits"):
        verify(written.application, "abc")
