"""Whom an incident affects: checked against the world, and compared with others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.core.fields import Version
from actions.core.platform import Affects
from actions.core.record import hints_of, listed, to_file
from actions.state.database import chunks
from actions.state.world.tables import TABLES
from ops.incidents.refusals import Code, IncidentRefused, unknown

CHANNELS: tuple[str, ...] = get_args(listed(hints_of(Affects)["channels"]))
_LISTS: dict[str, tuple[str, Code]] = {
    "regions": ("region", "unknown-region"),
    "merchants": ("merchant", "unknown-merchant"),
    "categories": ("category", "unknown-category"),
    "channels": ("channel", "unknown-channel"),
}
NAMED = ("merchants", "categories")
"""What is called by an id, of which people know only the name."""


def read_scope(session: Session, given: Mapping[str, Any] | None) -> Affects:
    """A scope in file form, each of its words known to the world.

    Raises:
        IncidentRefused: a word is not; the nearest are named.
    """
    given = given or {}
    lists: dict[str, tuple[str, ...]] = {}
    for name, (what, code) in _LISTS.items():
        wanted = tuple(dict.fromkeys(str(each) for each in given.get(name) or ()))
        known = _known(session, name) if wanted else set()
        for each in wanted:
            if each not in known:
                raise unknown(what, code, each, known)
        lists[name] = wanted
    return Affects.parse_obj({**lists, "app_below": _version(given.get("app_below"))})


def scope_data(affects: Affects) -> dict[str, Any]:
    """A scope in file form without what is not narrowed."""
    return {name: value for name, value in to_file(affects).items() if value}


def names_in(session: Session, *scopes: Mapping[str, Any]) -> dict[str, str]:
    """The names of the shops and categories that scopes in file form are narrowed to, by id."""
    found: dict[str, str] = {}
    for name in NAMED:
        wanted = {each for scope in scopes for each in scope.get(name) or ()}
        table = TABLES[name]
        for some in chunks(sorted(wanted)):
            found.update(dict(session.execute(select(table.c.id, table.c.name).where(table.c.id.in_(some))).all()))
    return found


def names_known(session: Session) -> dict[str, str]:
    """The names of all shops and categories, by id."""
    return {id_: name for each in NAMED for id_, name in session.execute(select(TABLES[each].c.id, TABLES[each].c.name))}


def overlap(one: Affects, other: Affects) -> bool:
    """Whether somebody may be in both scopes."""
    for name in _LISTS:
        mine, theirs = set(getattr(one, name)), set(getattr(other, name))
        if mine and theirs and not mine & theirs:
            return False
    return True


def _known(session: Session, name: str) -> set[str]:
    if name == "channels":
        return set(CHANNELS)
    column = TABLES["users"].c.region if name == "regions" else TABLES[name].c.id
    return set(session.execute(select(column).distinct()).scalars())


def _version(given: Any) -> Version | None:
    if given in (None, ""):
        return None
    try:
        return Version.validate(given)
    except ValueError as error:
        raise IncidentRefused(422, "unknown-version", f"app_below: {error}") from None
