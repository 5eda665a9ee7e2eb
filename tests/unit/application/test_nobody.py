"""Whoever talks through ``rasa shell`` without being a customer is told where customers come from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.bootstrap import Application, use
from actions.core.turn import Turn
from actions.handlers.turn_actions import respond
from actions.knowledge import phrases
from conversations.application import composed
from tests.databases import migrated


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Application]:
    database = migrated(f"sqlite:///{tmp_path}/nobody.db")
    here = composed(database)
    use(here)
    yield here
    use(None)
    database.close()


def test_an_unknown_customer_is_answered(here: Application) -> None:
    response = respond(Turn("u-nobody", "installment_missing", "怎么不能分期了"), "action_diagnose")
    assert [reply.text for reply in response.replies] == [here.knowledge.current.phrases.title(phrases.UNKNOWN_CUSTOMER)]
    assert not response.effects
