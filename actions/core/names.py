"""Named facts: what a cause file may mention, with type, dotted world path and source.

A name such as ``baitiao.overdue`` or ``item.price`` is resolved in a *view*: the snapshot plus the row that each open scope (line, policy,
incident …) stands at. The evidence of a derived fact is the world facts it is computed from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Callable, Dict, Iterable, List, Literal, Mapping, Optional, Tuple, Type, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, StrictBool, StrictInt

from actions.core.amounts import spendings
from actions.core.derived import DERIVED, POLICY_INPUT
from actions.core.facts import Facts, Line
from actions.core.fields import Count, Day, Kind, Ratio, Version, When
from actions.core.money import Fen
from actions.core.record import Record
from actions.core.records import SECTIONS, User
from actions.core.views import View

SourceName = Literal["account", "order", "bill", "item", "merchant", "policy", "incident"]
"""The record a fact is read from, in the words of evidence."""


@dataclass(frozen=True)
class WorldFact:
    """A fact as evidence shows it: dotted world path, typed value and source."""

    path: str
    value: Any
    source: SourceName


@dataclass(frozen=True)
class FactType:
    """What a cause file may do with a fact."""

    kind: Kind
    choices: Tuple[str, ...] = ()
    """The words a choice, or each entry of a list of choices, can be."""


# --- world facts -----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Rows:
    """Where the rows behind a prefix stand: their section of the world, their source as evidence tells it, and the row a view is at."""

    section: str
    source: SourceName
    row: Callable[[View], Optional[Record]]

    @property
    def record(self) -> Type[Record]:
        return SECTIONS[self.section][0]

    def path(self, row: Any) -> str:
        return f"{self.section}[{getattr(row, SECTIONS[self.section][1])}]"


_ROWS: Dict[str, _Rows] = {
    "order": _Rows("orders", "order", lambda view: view.facts.order),
    "bill": _Rows("bills", "bill", lambda view: view.facts.bill),
    "item": _Rows("items", "item", lambda view: view.line.item if view.line else None),
    "category": _Rows("categories", "item", lambda view: view.line.category if view.line else None),
    "merchant": _Rows("merchants", "merchant", lambda view: view.line.merchant if view.line else None),
    "policy": _Rows("policies", "policy", lambda view: view.policy),
    "incident": _Rows("incidents", "incident", lambda view: view.incident),
    "maintenance": _Rows("maintenance", "incident", lambda view: view.maintenance),
}
_PREFIX_OF = {rows.section: prefix for prefix, rows in _ROWS.items()}
_ROW_ID = re.compile(r"\[[^\]]*\]")


def _fact_type(annotation: Any) -> FactType:
    if get_origin(annotation) is Union:
        annotation = next(arg for arg in get_args(annotation) if arg is not type(None))
    if get_origin(annotation) is Literal:
        return FactType("choice", get_args(annotation))
    if get_origin(annotation) is tuple:
        return FactType("list", _fact_type(get_args(annotation)[0]).choices)
    if get_origin(annotation) is dict:
        return FactType("map")
    if annotation is Fen:
        return FactType("money")
    if annotation in (When, Day):
        return FactType("moment")
    if annotation is Version:
        return FactType("version")
    if annotation is Ratio or annotation in (StrictInt, Count):
        return FactType("number")
    if annotation is StrictBool:
        return FactType("flag")
    return FactType("text")


def _fields(record: Type[BaseModel], prefix: str = "") -> Iterable[Tuple[str, FactType]]:
    hints = get_type_hints(record)
    for name, annotation in hints.items():
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            yield from _fields(annotation, f"{prefix}{name}.")
        elif name in record.__fields__:
            yield prefix + name, _fact_type(annotation)


@cache
def world_names() -> Mapping[str, FactType]:
    """Every name that stands for one field of the world."""
    names = {name: kind for name, kind in _fields(User) if name not in ("id", "name")}
    for prefix, rows in _ROWS.items():
        names.update({f"{prefix}.{name}": kind for name, kind in _fields(rows.record)})
    return names


def path_of(name: str) -> str:
    """The world path of a world fact without the ids of rows: ``items.price`` for ``item.price``."""
    prefix, dot, rest = name.partition(".")
    return f"{_ROWS[prefix].section}{dot}{rest}" if prefix in _ROWS else name


def name_of(path: str) -> str:
    """The name of the fact at a world path: ``item.price`` for ``items[100001].price`` and ``items.price``; a name stays itself."""
    section, dot, rest = _ROW_ID.sub("", path).partition(".")
    return f"{_PREFIX_OF.get(section, section)}{dot}{rest}"


def _world_fact(name: str, view: View) -> Optional[WorldFact]:
    prefix, _, rest = name.partition(".")
    source: SourceName = "account"
    if prefix in _ROWS:
        rows = _ROWS[prefix]
        row: Any = rows.row(view)
        if row is None:
            return None
        path, source = f"{rows.path(row)}.{rest}", rows.source
    else:
        row, rest, path = view.facts.user, name, name
    for part in rest.split("."):
        row = getattr(row, part)
    return WorldFact(path, row, source)


SCOPES: Dict[str, Callable[[Facts], Tuple[Any, ...]]] = {
    "line": lambda facts: facts.lines,
    "policy": lambda facts: facts.policies_in_force,
    "incident": lambda facts: facts.open_incidents,
    "maintenance": lambda facts: facts.current_maintenance,
    "spending": spendings,
}
"""The rows a condition can range over: order lines, policies in force, open incidents, current windows, categories of the order."""

_SCOPE_OF_PREFIX = {"item": "line", "category": "line", "merchant": "line", "line": "line"}


def fact_type(name: str) -> FactType:
    """The type of a named fact.

    Raises:
        KeyError: there is no such fact.
    """
    if name in DERIVED:
        return FactType(DERIVED[name].kind)
    return world_names()[name]


def scope_of(name: str) -> Optional[str]:
    """The scope that must be open for a name to mean something, or None."""
    prefix = name.partition(".")[0]
    scope = _SCOPE_OF_PREFIX.get(prefix, prefix)
    return scope if scope in SCOPES else None


def subject_of(name: str) -> Optional[str]:
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
    fact = _world_fact(name, view)
    return None if fact is None else fact.value


def proofs_of(name: str) -> Tuple[str, ...]:
    """The names of the world facts that prove a named fact: itself, or what a derived fact is computed from."""
    if name not in DERIVED:
        return (name,)
    inputs = (POLICY_INPUT.sub(r"policy.\2", source) for source in DERIVED[name].inputs)
    return tuple(proof for source in inputs for proof in proofs_of(source))


def world_facts(name: str, view: View) -> Tuple[WorldFact, ...]:
    """The world facts that prove a named fact: itself, or what a derived fact is computed from."""
    if name not in DERIVED:
        fact = _world_fact(name, view)
        return () if fact is None else (fact,)
    found: List[WorldFact] = []
    for source_name in DERIVED[name].inputs:
        of_policies = POLICY_INPUT.fullmatch(source_name)
        if of_policies is not None:
            kind, field = of_policies.groups()
            rows = [policy for policy in view.facts.policies_in_force if policy.kind == kind]
            found.extend(fact for row in rows for fact in world_facts(f"policy.{field}", view.at("policy", row)))
            continue
        over_lines = scope_of(source_name) == "line" and view.line is None
        views = [view.at("line", line) for line in _lines_behind(view)] if over_lines else [view]
        for each in views:
            found.extend(world_facts(source_name, each))
    return tuple(found)


def _lines_behind(view: View) -> Tuple[Line, ...]:
    if view.spending is None:
        return view.facts.lines
    return tuple(line for line in view.facts.lines if line.category.id == view.spending.category.id)
