"""Monthly reports of compliance that the worker has made, as files for the pages of staff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from sqlalchemy import JSON, delete, insert, select
from sqlalchemy.orm import Session

from actions.state.columns import rows_as, table_of


@dataclass(frozen=True)
class KeptReport:
    """The report of a month.

    Attributes:
        month: such as ``2026-11``.
        html: one document that needs no other; ``data``: the same for programs.
        made_at: epoch milliseconds.
        whole: whether the month was over.
    """

    month: str
    html: str
    data: Annotated[dict[str, Any], JSON(none_as_null=True)]
    made_at: int
    whole: bool


COMPLIANCE_REPORTS = table_of("compliance_reports", KeptReport, key=("month",))


def keep_report(session: Session, report: KeptReport) -> None:
    """Stores a report in the place of the one before."""
    session.execute(delete(COMPLIANCE_REPORTS).where(COMPLIANCE_REPORTS.c.month == report.month))
    session.execute(insert(COMPLIANCE_REPORTS).values(vars(report)))


def find_report(session: Session, month: str) -> KeptReport | None:
    """The report of a month; None while there is none."""
    wanted = select(COMPLIANCE_REPORTS).where(COMPLIANCE_REPORTS.c.month == month)
    return next(iter(rows_as(KeptReport, session.execute(wanted))), None)


def kept_months(session: Session) -> dict[str, tuple[int, bool]]:
    """When the report of each month was made and whether the month was over then, the latest month first."""
    columns = COMPLIANCE_REPORTS.c
    rows = session.execute(select(columns.month, columns.made_at, columns.whole).order_by(columns.month.desc()))
    return {row.month: (int(row.made_at), bool(row.whole)) for row in rows}
