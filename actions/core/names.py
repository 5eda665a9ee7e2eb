"""Named facts: what a cause file may mention, with type, dotted world path and source.

A name such as ``baitiao.overdue`` or ``item.price`` is resolved in a *view*: the snapshot plus the row that each open scope (line, policy,
incident …) stands at. The evidence of a derived fact is the world facts it is computed from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from keyword import iskeyword
from operator import attrgetter
from typing import Any, Literal

from actions.core.derived import DERIVED, OPTIONAL_INPUT, POLICY_INPUT, View, rows_behind, scope_of
from actions.core.record import FactType, Record, types_of_fields
from actions.core.records import SECTIONS, LimitChange, User

SourceName = Literal["account", "order", "bill", "item", "merchant", "policy", "incident"]
"""The record a fact is read from, in the words of evidence."""


@dataclass(frozen=True)
class WorldFact:
    """A fact as evidence shows it: dotted world path, typed value and source."""

    path: str
    value: Any
    source: SourceName


@dataclass(frozen=True)
class _Rows:
    """Where the rows behind a prefix stand: their section of the world, their source as evidence tells it, and the row a view is at."""

    section: str
    source: SourceName
    row: Callable[[View], Record | None]

    @property
    def record(self) -> type[Record]:
        return SECTIONS[self.section][0]

    def path(self, row: Any, _view: View) -> str:
        return f"{self.section}[{getattr(row, SECTIONS[self.section][1])}]"


class _LimitChanges(_Rows):
    """Rows that have no section of their own, and no key: a list in the customer's account."""

    @property
    def record(self) -> type[Record]:
        return LimitChange

    def path(self, row: Any, view: View) -> str:
        return f"{self.section}[{view.facts.user.baitiao.limit_changes.index(row)}]"


_ROWS: dict[str, _Rows] = {
    "order": _Rows("orders", "order", lambda view: view.facts.order),
    "bill": _Rows("bills", "bill", lambda view: view.facts.bill),
    "item": _Rows("items", "item", lambda view: view.line.item if view.line else None),
    "category": _Rows("categories", "item", lambda view: view.line.category if view.line else None),
    "merchant": _Rows("merchants", "merchant", lambda view: view.line.merchant if view.line else None),
    "policy": _Rows("policies", "policy", lambda view: view.policy),
    "incident": _Rows("incidents", "incident", lambda view: view.incident),
    "maintenance": _Rows("maintenance", "incident", lambda view: view.maintenance),
    "own_order": _Rows("orders", "order", lambda view: view.own_order.order if view.own_order else None),
    "own_bill": _Rows("bills", "bill", lambda view: view.own_bill),
    "contract": _Rows("contracts", "account", lambda view: view.contract),
    "repayment": _Rows("repayments", "account", lambda view: view.repayment),
    "refund": _Rows("refunds", "order", lambda view: view.refund),
    "last_repayment": _Rows("repayments", "account", lambda view: view.last_repayment),
    "last_refund": _Rows("refunds", "order", lambda view: view.last_refund),
    "limit_change": _LimitChanges("baitiao.limit_changes", "account", lambda view: view.limit_change),
}
_SAME_AS = {"own_order": "order", "own_bill": "bill", "last_repayment": "repayment", "last_refund": "refund"}
"""Prefixes of the same rows as others, looked at as one of many, or as the latest of them: their facts are those of the others."""
_PREFIX_OF = {rows.section: prefix for prefix, rows in _ROWS.items() if prefix not in _SAME_AS}
_ROW_ID = re.compile(r"\[[^\]]*\]")


@cache
def world_names() -> Mapping[str, FactType]:
    """Every name that stands for one field of the world."""
    names = {name: kind for name, kind in types_of_fields(User) if name not in ("id", "name")}
    for prefix in _PREFIX_OF.values():
        rows = _ROWS[prefix]
        names.update({f"{prefix}.{name}": kind for name, kind in types_of_fields(rows.record)})
    return names


def path_of(name: str) -> str:
    """The world path of a world fact without the ids of rows: ``items.price`` for ``item.price``."""
    prefix, dot, rest = name.partition(".")
    return f"{_ROWS[prefix].section}{dot}{rest}" if prefix in _ROWS else name


def name_of(path: str) -> str:
    """The name of the fact at a world path: ``item.price`` for ``items[100001].price`` and ``items.price``; a name stays itself."""
    bare = _ROW_ID.sub("", path)
    found = next(((section, prefix) for section, prefix in _PREFIX_OF.items() if bare.startswith(f"{section}.")), None)
    return _registered(bare if found is None else f"{found[1]}{bare[len(found[0]) :]}")


def _registered(name: str) -> str:
    """The name under which a world fact is known: ``bill.amount`` for ``own_bill.amount``."""
    prefix, dot, rest = name.partition(".")
    return name if name in DERIVED else f"{_SAME_AS.get(prefix, prefix)}{dot}{rest}"


@cache
def _reading(name: str) -> tuple[_Rows | None, str, Callable[[Any], Any]]:
    """How a world fact is read: the rows it is a field of, None for the customer's account, the field, and what takes it from the row."""
    prefix, _, rest = name.partition(".")
    rows = _ROWS.get(prefix)
    field = name if rows is None else rest
    return rows, field, attrgetter(".".join(f"{part}_" if iskeyword(part) else part for part in field.split(".")))


def _world_fact(name: str, view: View) -> WorldFact | None:
    rows, field, read = _reading(name)
    if rows is None:
        return WorldFact(name, read(view.facts.user), "account")
    row = rows.row(view)
    return None if row is None else WorldFact(f"{rows.path(row, view)}.{field}", read(row), rows.source)


def fact_type(name: str) -> FactType:
    """The type of a named fact.

    Raises:
        KeyError: there is no such fact.
    """
    if name in DERIVED:
        return FactType(DERIVED[name].kind)
    return world_names()[_registered(name)]


_COMING, _GONE = ".coming", ".gone"


def untimed(name: str) -> tuple[str, bool | None]:
    """The name of a moment that a text tells only while it lies ahead (``incident.eta.coming``), or only once it is over (``….gone``), and which of
    the two, True for ahead; any other name as it is, and None."""
    for suffix, ahead in ((_COMING, True), (_GONE, False)):
        if name.endswith(suffix):
            return name.removesuffix(suffix), ahead
    return name, None


def subject_of(name: str) -> str | None:
    """``order`` or ``bill`` if a name only means something with that subject, else None."""
    prefix = name.partition(".")[0]
    if prefix == "bill":
        return "bill"
    if prefix in ("order", "limit") or scope_of(name) in ("line", "spending"):
        return "order"
    return None


def value_of(name: str, view: View) -> Any:
    """The typed value of a named fact in a view, None where it has none."""
    if name in DERIVED:
        return DERIVED[name].value(view)
    rows, _, read = _reading(name)
    row: Any = view.facts.user if rows is None else rows.row(view)
    return None if row is None else read(row)


def proofs_of(name: str) -> tuple[str, ...]:
    """The names of the world facts that prove a named fact: itself, or what a derived fact is computed from."""
    if name not in DERIVED:
        return (_registered(name),)
    inputs = (POLICY_INPUT.sub(r"policy.\2", OPTIONAL_INPUT.sub("", source)) for source in DERIVED[name].inputs)
    return tuple(dict.fromkeys(proof for source in inputs for proof in proofs_of(source)))


def world_facts(name: str, view: View) -> tuple[WorldFact, ...]:
    """The world facts that prove a named fact: itself, or what a derived fact is computed from."""
    if name not in DERIVED:
        fact = _world_fact(name, view)
        return () if fact is None else (fact,)
    found: list[WorldFact] = []
    for source in DERIVED[name].inputs:
        source_name = OPTIONAL_INPUT.sub("", source)
        proofs = [fact for each_name, each in _behind(name, source_name, view) for fact in world_facts(each_name, each)]
        found.extend(fact for fact in proofs if fact.value or source == source_name)
    return tuple(found)


def _behind(name: str, source: str, view: View) -> list[tuple[str, View]]:
    """What an input of a derived fact stands for: facts, each with the view in which it is looked at."""
    of_policies = POLICY_INPUT.fullmatch(source)
    if of_policies is not None:
        kind, field = of_policies.groups()
        return [(f"policy.{field}", view.at("policy", row)) for row in view.facts.policies_in_force if row.kind == kind]
    scope, own = scope_of(source), DERIVED[name].behind
    if scope is None or (scope not in own and getattr(view, scope) is not None):
        return [(source, view)]
    rows = own[scope](view) if scope in own else rows_behind(scope, view)
    return [(source, view.at(scope, row)) for row in rows]
