"""What ``baitiao compliance`` does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from actions.core.observations import milliseconds
from actions.state.columns import real_now
from bot.commands import Refusal, opened
from ops.compliance.clocks import open_clocks, start_clocks
from ops.compliance.obligations import read_obligations
from ops.compliance.refusals import ComplianceRefused
from ops.compliance.report import Month, report_of
from ops.compliance.reporting import as_document


def reported(month: str, out: Path | None) -> dict[str, Any]:
    """The report of a month as data, written as a document where one is wanted.

    Raises:
        Refusal: there is no such month yet, or the file cannot be written.
        SourceError: the obligations cannot be read.
    """
    try:
        wanted = Month.read(month)
    except ComplianceRefused as refused:
        raise Refusal(refused.reason) from None
    book, here = read_obligations(), opened()
    with here.database.session() as session:
        start_clocks(session, here.knowledge.current)
        data = report_of(session, here.knowledge.current, book, wanted)
    if out is not None:
        try:
            out.write_text(as_document(data), encoding="utf-8")
        except OSError as error:
            raise Refusal(f"{out} cannot be written: {error.strerror}") from None
    return data


def running() -> list[dict[str, Any]]:
    """The clocks of open cases."""
    here = opened()
    with here.database.session() as session:
        start_clocks(session, here.knowledge.current)
        return [each.to_data() for each in open_clocks(session, here.knowledge.current, milliseconds(real_now()))]


def clock_line(clock: dict[str, Any]) -> str:
    """A clock for people."""
    left = f"{clock['days_left']} days left" if clock["state"] != "missed" else f"MISSED {-clock['days_left']} days ago"
    moved = f", moved {clock['moves']} times" if clock["moves"] else ""
    return f"{clock['handoff']}  {clock['kind']:10}  until {clock['answer_by'][:16]}  {left}{moved}"
