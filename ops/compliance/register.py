"""Where obligations stand: in force or soon, kept by a control or not, reviewed or overdue; and the reviews that people record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from sqlalchemy.orm import Session

from actions.core.moments import SHANGHAI
from actions.core.observations import milliseconds
from actions.state import audit
from actions.state.columns import real_now
from actions.state.obligation_checks import CheckOutcome, ObligationCheck, add_check, checks_of, latest_checks
from ops.compliance.clocks import shown
from ops.compliance.obligations import Obligation, ObligationBook, WatchedSource, days_until
from ops.compliance.refusals import ComplianceRefused
from ops.compliance.words import said

SOON_DAYS = 90
"""Before an obligation comes into force."""
REVIEWED: tuple[CheckOutcome, ...] = ("met", "partly", "not_met")
LOOKED: tuple[CheckOutcome, ...] = ("nothing_new", "news")

Overdue = Literal["never", "late", "changed"]
"""Why a review is due: there was none, the last is too old, or what is asked is written otherwise since."""


@dataclass(frozen=True)
class Standing:
    """Where an obligation, or a source, stands.

    Attributes:
        last: its last review.
        due: until when the next is due.
        overdue: why it is due now; None: it is not.
    """

    id: str
    what: Obligation | WatchedSource
    last: ObligationCheck | None
    due: date
    overdue: Overdue | None

    def to_data(self, today: date) -> dict[str, Any]:
        """For programs and templates."""
        found = {
            "id": self.id,
            "last": check_data(self.last),
            "due": self.due.isoformat(),
            "overdue": self.overdue,
            **{name: value for name, value in self.what.dict().items() if name not in ("controls", "published", "in_force")},
        }
        if isinstance(self.what, Obligation):
            found |= {
                "published": _day(self.what.published),
                "in_force": _day(self.what.in_force),
                "days_to_force": days_until(self.what.in_force, today),
                "controls": [{"kind": each.kind, "name": each.name} for each in self.what.controls],
            }
        return found


def check_data(check: ObligationCheck | None) -> dict[str, Any] | None:
    """A review for programs and templates."""
    return None if check is None else {"at": shown(check.at), "by": check.by, "outcome": check.outcome, "note": check.note}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


@dataclass(frozen=True)
class ObligationRegister:
    """Where everything stands on a day."""

    today: date
    obligations: tuple[Standing, ...]
    sources: tuple[Standing, ...]

    def to_data(self) -> dict[str, Any]:
        """For programs and templates: each list holds ids but the first and the last."""
        obligations = [each.to_data(self.today) for each in self.obligations]
        return {
            "today": self.today.isoformat(),
            "obligations": obligations,
            "soon": [each["id"] for each in obligations if _is_soon(each["days_to_force"])],
            "without_control": [each["id"] for each in obligations if not each["controls"]],
            "overdue": [each["id"] for each in obligations if each["overdue"]],
            "sources": [each.to_data(self.today) for each in self.sources],
        }


def _is_soon(days: int | None) -> bool:
    return days is not None and 0 <= days <= SOON_DAYS


def register_of(session: Session, book: ObligationBook, today: date | None = None) -> ObligationRegister:
    """Where everything stands, what is due first above the rest."""
    day, last = today or real_now().date(), latest_checks(session)
    obligations = [_standing(name, each, each.review_every, each.in_force, last, day) for name, each in book.obligations.items()]
    sources = [_standing(name, each, each.check_every, None, last, day) for name, each in book.sources.items()]
    return ObligationRegister(day, tuple(sorted(obligations, key=_order)), tuple(sorted(sources, key=_order)))


def _order(each: Standing) -> tuple[bool, date]:
    return each.overdue is None, each.due


def _standing(
    name: str, what: Obligation | WatchedSource, every: int, begins: date | None, last: Mapping[str, ObligationCheck], today: date
) -> Standing:
    check = last.get(name)
    if check is None:
        # What does not hold yet is first reviewed when it does; what nobody knows the day of is looked at now.
        due = begins if begins is not None and begins > today else today
        return Standing(name, what, None, due, "never" if due <= today else None)
    due = datetime.fromtimestamp(check.at / 1000, SHANGHAI).date() + timedelta(days=every)
    if isinstance(what, Obligation) and check.digest != what.digest:
        return Standing(name, what, check, today, "changed")
    return Standing(name, what, check, due, "late" if due < today else None)


def one_of(session: Session, book: ObligationBook, name: str) -> tuple[Standing, tuple[ObligationCheck, ...]]:
    """An obligation or a source with its reviews, the latest first.

    Raises:
        ComplianceRefused: there is none of that id.
    """
    register = register_of(session, book)
    for each in (*register.obligations, *register.sources):
        if each.id == name:
            return each, checks_of(session, name)
    raise ComplianceRefused("not_found", f"there is no obligation {name[:64]}; `baitiao obligations list` shows those there are")


def record_check(session: Session, book: ObligationBook, name: str, outcome: object, note: object, by: str) -> None:
    """Appends a review, and audits it.

    Raises:
        ComplianceRefused: there is none of that id, the outcome is none of its own, it says nothing, or it is said to be met without a control.
    """
    standing, _ = one_of(session, book, name)
    known = REVIEWED if isinstance(standing.what, Obligation) else LOOKED
    if outcome not in known:
        raise ComplianceRefused("outcome_unknown", f"the outcome is one of {', '.join(known)}")
    if isinstance(standing.what, Obligation) and outcome == "met" and not standing.what.controls:
        raise ComplianceRefused("without_control", f"{name} has no control that keeps it, so it cannot be said to be met")
    text, at = said(note), milliseconds(real_now())
    digest = standing.what.digest if isinstance(standing.what, Obligation) else ""
    add_check(session, name, at, by, outcome, text, digest)  # type: ignore[arg-type]
    audit.record(session, by, "obligation.check", detail={"about": name, "outcome": outcome})
