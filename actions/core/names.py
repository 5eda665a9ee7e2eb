"""Named facts: what a cause file may mention, with type, dotted world path and source.

A name such as ``baitiao.overdue`` or ``item.price`` is resolved in a *view*: the snapshot plus the row that each open scope (line, policy,
incident …) stands at. Derived facts are computed here; their evidence is the world facts they are computed from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Callable, Dict, Iterable, List, Literal, Mapping, Optional, Tuple, Type, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, StrictBool, StrictInt

from actions.core.amounts import (
    Spending,
    amount_to_finance,
    available_limit,
    bill_amount,
    common_tenors,
    expired_temporary_covers,
    line_amount,
    line_excluded,
    missing_tenors,
    order_amount,
    restoration_due,
    spendings,
)
from actions.core.facts import Facts, Line
from actions.core.fields import Count, Day, Ratio, Version, When
from actions.core.moments import today, whole_years
from actions.core.money import Fen
from actions.core.records import Bill, Category, Incident, Item, Maintenance, Merchant, Order, Policy, Record, User

Kind = Literal["money", "number", "text", "choice", "flag", "moment", "version", "list", "map"]


@dataclass(frozen=True)
class WorldFact:
    """A fact as evidence shows it: dotted world path, typed value and source."""

    path: str
    value: Any
    source: str


@dataclass(frozen=True)
class FactType:
    """What a cause file may do with a fact."""

    kind: Kind
    choices: Tuple[str, ...] = ()


@dataclass(frozen=True)
class View:
    """The snapshot and the row each open scope stands at."""

    facts: Facts
    line: Optional[Line] = None
    policy: Optional[Policy] = None
    incident: Optional[Incident] = None
    maintenance: Optional[Maintenance] = None
    spending: Optional[Spending] = None

    def at(self, scope: str, row: Any) -> View:
        """The same view with one more scope open."""
        return replace(self, **{scope: row})


# --- world facts -----------------------------------------------------------------------------------------------------------------------

_ROWS: Dict[str, Tuple[Type[Record], str, Callable[[View], Optional[Record]], Callable[[Any], str]]] = {
    "order": (Order, "order", lambda view: view.facts.order, lambda row: f"orders[{row.id}]"),
    "bill": (Bill, "bill", lambda view: view.facts.bill, lambda row: f"bills[{row.id}]"),
    "item": (Item, "item", lambda view: view.line.item if view.line else None, lambda row: f"items[{row.sku}]"),
    "category": (Category, "item", lambda view: view.line.category if view.line else None, lambda row: f"categories[{row.id}]"),
    "merchant": (Merchant, "merchant", lambda view: view.line.merchant if view.line else None, lambda row: f"merchants[{row.id}]"),
    "policy": (Policy, "policy", lambda view: view.policy, lambda row: f"policies[{row.id}]"),
    "incident": (Incident, "incident", lambda view: view.incident, lambda row: f"incidents[{row.id}]"),
    "maintenance": (Maintenance, "incident", lambda view: view.maintenance, lambda row: f"maintenance[{row.id}]"),
}


def _fact_type(annotation: Any) -> FactType:
    if get_origin(annotation) is Union:
        annotation = next(arg for arg in get_args(annotation) if arg is not type(None))
    if get_origin(annotation) is Literal:
        return FactType("choice", get_args(annotation))
    if get_origin(annotation) is tuple:
        return FactType("list")
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
    for prefix, (record, _source, _row, _path) in _ROWS.items():
        names.update({f"{prefix}.{name}": kind for name, kind in _fields(record)})
    return names


def _world_fact(name: str, view: View) -> Optional[WorldFact]:
    prefix, _, rest = name.partition(".")
    if prefix in _ROWS:
        _record, source, row_of, path_of = _ROWS[prefix]
        row: Any = row_of(view)
        if row is None:
            return None
        path = f"{path_of(row)}.{rest}"
    else:
        row, rest, path, source = view.facts.user, name, name, "account"
    for part in rest.split("."):
        row = getattr(row, part)
    return WorldFact(path, row, source)


# --- derived facts ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Derived:
    """A fact that is computed. ``inputs`` name the world facts that prove it; ``line.`` names are collected over all lines."""

    kind: Kind
    value: Callable[[View], Any]
    inputs: Tuple[str, ...]


def _of_order(compute: Callable[[Facts], Any]) -> Callable[[View], Any]:
    return lambda view: compute(view.facts) if view.facts.order is not None else None


def _excluded(lines: Tuple[Line, ...]) -> List[bool]:
    return [line_excluded(line) for line in lines]


_POLICY_INPUT = re.compile(r"policies\[(\w+)\]\.(\w+)")
"""An input of every policy in force of one kind."""

_LIMIT_INPUTS = (
    "baitiao.credit_limit",
    "baitiao.used",
    "baitiao.temporary_limit.amount",
    "baitiao.temporary_limit.expires_on",
    "baitiao.exclusive_limit.amount",
)
_EXCLUSION_INPUTS = ("category.installment", "item.installment", "item.promotion_excluded")

DERIVED: Dict[str, Derived] = {
    "now": Derived("moment", lambda view: view.facts.now, ()),
    "today": Derived("moment", lambda view: today(view.facts.now), ()),
    "age": Derived("number", lambda view: whole_years(view.facts.user.birth_date, today(view.facts.now)), ("birth_date",)),
    "order.amount": Derived("money", _of_order(order_amount), ("order.lines", "item.price")),
    "order.amount_to_finance": Derived("money", _of_order(amount_to_finance), ("order.lines", "item.price", "item.min_down_payment")),
    "order.down_payment": Derived(
        "money",
        _of_order(lambda facts: Fen(order_amount(facts) - amount_to_finance(facts))),
        ("item.price", "item.min_down_payment"),
    ),
    "order.all_lines_excluded": Derived(
        "flag", _of_order(lambda facts: bool(facts.lines) and all(_excluded(facts.lines))), _EXCLUSION_INPUTS
    ),
    "order.some_lines_excluded": Derived(
        "flag", _of_order(lambda facts: any(_excluded(facts.lines)) and not all(_excluded(facts.lines))), _EXCLUSION_INPUTS
    ),
    "order.tenors": Derived("list", _of_order(common_tenors), ("item.tenors",)),
    "order.missing_tenors": Derived("list", _of_order(missing_tenors), ("item.tenors",)),
    "line.amount": Derived("money", lambda view: view.line and line_amount(view.line), ("item.price",)),
    "line.excluded": Derived("flag", lambda view: view.line and line_excluded(view.line), _EXCLUSION_INPUTS),
    "limit.available": Derived("money", _of_order(available_limit), _LIMIT_INPUTS),
    "limit.missing": Derived(
        "money", _of_order(lambda facts: Fen(max(0, amount_to_finance(facts) - available_limit(facts)))), _LIMIT_INPUTS
    ),
    "limit.expired_temporary_covers": Derived("flag", _of_order(expired_temporary_covers), _LIMIT_INPUTS),
    "bill.amount_to_split": Derived(
        "money", lambda view: bill_amount(view.facts), ("bill.amount", "bill.in_installments", "policies[bill_max_ratio].ratio")
    ),
    "restoration.due": Derived("moment", lambda view: restoration_due(view.facts), ("baitiao.overdue_cleared_at",)),
    "spending.category": Derived("text", lambda view: view.spending and view.spending.category.id, ("category.id",)),
    "spending.category_name": Derived("text", lambda view: view.spending and view.spending.category.name, ("category.name",)),
    "spending.amount": Derived("money", lambda view: view.spending and view.spending.amount, ("item.price",)),
    "spending.total": Derived("money", lambda view: view.spending and view.spending.total, ("baitiao.monthly_spent", "item.price")),
}

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


def world_facts(name: str, view: View) -> Tuple[WorldFact, ...]:
    """The world facts that prove a named fact: itself, or what a derived fact is computed from."""
    if name not in DERIVED:
        fact = _world_fact(name, view)
        return () if fact is None else (fact,)
    found: List[WorldFact] = []
    for source_name in DERIVED[name].inputs:
        of_policies = _POLICY_INPUT.fullmatch(source_name)
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
