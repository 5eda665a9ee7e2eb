"""What ``baitiao obligations`` does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from actions.state import audit
from actions.state.columns import real_now
from bot.commands import OPERATOR, Refusal, opened
from ops.compliance.importing import import_obligations
from ops.compliance.obligations import read_obligations
from ops.compliance.refusals import ComplianceRefused
from ops.compliance.register import check_data, one_of, register_of


def listed(due: bool) -> dict[str, Any]:
    """Where everything stands.

    Args:
        due: only what needs somebody.

    Raises:
        SourceError: the file is not right.
    """
    book, here = read_obligations(), opened()
    with here.database.session() as session:
        data = register_of(session, book).to_data()
    if due:
        needed = {*data["soon"], *data["without_control"], *data["overdue"]}
        data["obligations"] = [each for each in data["obligations"] if each["id"] in needed]
        data["sources"] = [each for each in data["sources"] if each["overdue"]]
    return data


def lines(data: dict[str, Any]) -> Iterator[str]:
    """What is listed, for people."""
    for each in data["obligations"]:
        marks = [
            f"in force {each['in_force']}" if each["in_force"] else "not known from when",
            f"{len(each['controls'])} controls" if each["controls"] else "NO CONTROL",
            _review(each),
        ]
        yield f"{each['id']}  {each['title']} · {' · '.join(marks)}"
    for each in data["sources"]:
        yield f"{each['id']}  {each['title']} · {_review(each)}"


def _review(each: dict[str, Any]) -> str:
    if each["overdue"] == "never":
        return "NEVER REVIEWED"
    if each["overdue"]:
        return f"REVIEW OVERDUE ({each['overdue']})"
    return f"next review {each['due']}"


def one(name: str) -> dict[str, Any]:
    """One of them with its reviews.

    Raises:
        Refusal: there is none of that id.
        SourceError: the file is not right, as where a control does not exist.
    """
    book, here = read_obligations(), opened()
    with here.database.session() as session:
        try:
            standing, checks = one_of(session, book, name)
        except ComplianceRefused as refused:
            raise Refusal(refused.reason) from None
    return {**standing.to_data(real_now().date()), "checks": [check_data(each) for each in checks]}


def details(data: dict[str, Any]) -> Iterator[str]:
    """One of them, for people."""
    yield f"{data['id']}: {data['title']}"
    for name in ("issuer", "source", "trust", "in_force", "applies_to", "asks", "owner", "where", "address"):
        if data.get(name):
            yield f"  {name}: {data[name]}"
    for control in data.get("controls", ()):
        yield f"  kept by {control['kind']}: {control['name']}"
    if data.get("controls") == []:
        yield "  no control keeps it"
    yield f"  {_review(data)}"
    for check in data["checks"]:
        yield f"  {check['at'][:10]} {check['outcome']} by {check['by']}: {check['note']}"


def imported(file: Path, dry_run: bool) -> str:
    """Takes a file in; what came in.

    Raises:
        SourceError: one of the files is not right; nothing has changed.
    """
    found = import_obligations(file, dry_run=dry_run)
    if not dry_run and (found.added or found.changed):
        with opened().database.session() as session:
            audit.record(session, OPERATOR, "obligation.import", detail={"added": list(found.added), "changed": list(found.changed)})
    parts = [f"{name}: {', '.join(ids) or '-'}" for name, ids in (("added", found.added), ("changed", found.changed), ("same", found.same))]
    return "; ".join([*parts, *(["nothing was written"] if dry_run else [])])
