"""Whatever fails, the log says where and never what a customer wrote, nor who it was."""

from __future__ import annotations

import sqlite3
import uuid
from typing import Any

import pytest
import structlog
from sqlalchemy import event

from actions.logs import hide_values
from tests.widget.refusing import refused

WORDS, CUSTOMER = "我老婆王某在第三医院住院", "u-1"


class Failing:
    """Lets one statement of a database fail, told by its number, as its driver would."""

    def __init__(self, database: Any) -> None:
        self.number, self.seen = -1, 0
        event.listen(database.engine, "do_execute", self._execute)
        event.listen(database.engine, "do_executemany", self._execute)

    def at(self, number: int) -> None:
        self.number, self.seen = number, 0

    def _execute(self, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith(("SELECT", "INSERT", "UPDATE")):
            self.seen += 1
            if self.seen == self.number:
                raise sqlite3.OperationalError("disk I/O error")


def test_no_statement_that_fails_puts_words_or_customers_into_the_log(served: Any, caplog: pytest.LogCaptureFixture) -> None:
    client, failing, broken = served.client(CUSTOMER), Failing(served.database), 0
    client.post("hello")
    while True:
        broken += 1
        failing.at(broken)
        identifier = str(uuid.uuid4())
        response = client.post(WORDS, id=identifier)
        if response.status_code == 200:
            break
        refused(response, 503)
        assert identifier not in caplog.text
        assert caplog.records and "disk I/O error" in caplog.text
    # Reading what the turn begins with, and at least one statement for each table that is written.
    assert broken > 6
    assert WORDS not in caplog.text and f"'{CUSTOMER}'" not in caplog.text


def test_no_traceback_shows_the_values_of_variables(capsys: pytest.CaptureFixture[str]) -> None:
    def fail(words: str) -> None:
        raise ValueError(len(words))

    before = structlog.get_config()
    try:
        for processors in (before["processors"], [structlog.processors.dict_tracebacks, structlog.processors.JSONRenderer()]):
            structlog.configure(processors=processors)
            hide_values()
            try:
                fail(WORDS)
            except ValueError as error:
                structlog.get_logger().error("action.failed", exc_info=error)
    finally:
        structlog.configure(**before)
    shown = capsys.readouterr().out
    assert shown.count("action.failed") == 2 and shown.count("in fail") + shown.count('"fail"') == 2
    assert WORDS not in shown and WORDS.encode("unicode_escape").decode() not in shown
