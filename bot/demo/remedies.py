"""What the demo panel can play for a cause: a patch of the world in file form, made from a template and the facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from actions.core.amounts import amount_to_finance, available_limit, line_excluded, order_amount
from actions.core.causes import Cause
from actions.core.comparisons import Holding, Match
from actions.core.conditions import Condition, parse_condition
from actions.core.derived import View
from actions.core.facts import Facts, Line
from actions.core.moments import today
from actions.core.money import Fen
from actions.core.names import fact_type
from actions.core.record import to_file
from actions.core.records import SECTIONS
from actions.yaml_source import Problem, Source, SourceError

_PRICE = Fen(89900)
_BILL = Fen(186000)
_THOUSAND_YUAN = 100000
_ADULT_YEARS = 30


def _day(days: int) -> Callable[[Facts], str]:
    return lambda facts: (today(facts.now) + timedelta(days=days)).isoformat()


def _years_on(facts: Facts) -> str:
    # Day 28 exists in every month of every year.
    day = today(facts.now)
    return date(day.year + 10, day.month, min(day.day, 28)).isoformat()


def _bounds(facts: Facts, kind: str, field: str) -> list[Any]:
    values = (getattr(policy, field) for policy in facts.policies_in_force if policy.kind == kind)
    return [value for value in values if value is not None]


def _birth_date(facts: Facts) -> str:
    youngest = max(_bounds(facts, "age", "min"), default=0)
    oldest = min(_bounds(facts, "age", "max"), default=_ADULT_YEARS)
    day = today(facts.now)
    age = max(youngest, min(_ADULT_YEARS, oldest))
    return date(day.year - age, day.month, min(day.day, 28)).isoformat()


def _document(facts: Facts) -> str:
    allowed = _bounds(facts, "id_document", "types")
    choices = fact_type("id_document.type").choices
    return next((choice for choice in choices if all(choice in types for types in allowed)), choices[0])


def _missing(facts: Facts) -> int:
    return max(0, amount_to_finance(facts) - available_limit(facts))


def _limit(facts: Facts) -> Any:
    needed = facts.user.baitiao.credit_limit + _missing(facts)
    return to_file(Fen(-(-needed // _THOUSAND_YUAN) * _THOUSAND_YUAN))


def _price(facts: Facts) -> Any:
    lowest = max(_bounds(facts, "min_amount", "amount"), default=Fen(1))
    highest = min([*_bounds(facts, "max_amount", "amount"), _affordable(facts)])
    return to_file(Fen(max(lowest, min(_PRICE, highest))))


def _affordable(facts: Facts) -> Fen:
    # An order that its limit covers must still be covered after the exchange; one that is short stays short.
    return Fen(max(available_limit(facts), 0) if _missing(facts) == 0 else max(order_amount(facts), 0))


def _bill_amount(facts: Facts) -> Any:
    lowest = max(_bounds(facts, "bill_min_amount", "amount"), default=Fen(0))
    ratio = min(_bounds(facts, "bill_max_ratio", "ratio"), default=Decimal(1))
    needed = (lowest / ratio).to_integral_value(rounding=ROUND_CEILING) if ratio else Decimal(lowest)
    return to_file(Fen(max(_BILL, int(needed))))


def _lines(facts: Facts) -> list[dict[str, Any]]:
    return [{"sku": line.item.sku, "quantity": line.quantity} for line in facts.lines if not line_excluded(line)]


def _version(facts: Facts) -> str:
    needed = _bounds(facts, "app_version", "minimum")
    return str(max(needed, key=lambda version: version.numbers, default=facts.user.app_version))


def _id(row: Any | None) -> str | None:
    return None if row is None else str(row.id)


VALUES: Mapping[str, Callable[[Facts], Any]] = {
    "user": lambda facts: facts.user.id,
    "order": lambda facts: _id(facts.order),
    "bill": lambda facts: _id(facts.bill),
    "now": lambda facts: facts.now.isoformat(),
    "today": _day(0),
    "due_day": _day(9),
    "in_a_month": _day(30),
    "in_ten_years": _years_on,
    "this_month": lambda facts: f"{today(facts.now):%Y-%m}",
    "eligible_birth_date": _birth_date,
    "supported_document": _document,
    "required_agreement": lambda facts: max(_bounds(facts, "agreement", "version"), default=facts.user.baitiao.agreement_version),
    "required_version": _version,
    "bill_amount_that_fits": _bill_amount,
    "price_that_fits": _price,
    "allowed_lines": _lines,
    "tenors": lambda facts: sorted(plan.tenor for plan in facts.plans),
    "used_that_fits": lambda facts: to_file(Fen(max(0, facts.user.baitiao.used - _missing(facts)))),
    "limit_that_fits": _limit,
}
"""Placeholder → its value. Amounts, limits and prices "that fit" are just enough for what is to be played."""


DEMO_FILES = Path(__file__).resolve().parents[2] / "demo"
ACTORS = ("user", "merchant", "platform", "time")

Patch = dict[str, Any]

OF_ONE_CUSTOMER = {"users", "orders", "bills", "contracts", "repayments", "refunds"}
"""The sections of a world file whose rows belong to one customer."""

# A placeholder in the id of a row → the rows it is repeated for.
_INVOLVED: dict[str, Callable[[tuple[Match, ...], tuple[Line, ...]], list[str]]] = {
    "skus": lambda _matches, lines: [line.item.sku for line in lines],
    "merchants": lambda _matches, lines: [line.merchant.id for line in lines],
    "categories": lambda _matches, lines: [line.category.id for line in lines],
    "policies": lambda matches, _lines: [row.id for scope, row in matches if scope == "policy"],
    "incidents": lambda matches, _lines: [row.id for scope, row in matches if scope == "incident"],
    "windows": lambda matches, _lines: [row.id for scope, row in matches if scope == "maintenance"],
}


@dataclass(frozen=True)
class Remedy:
    """One thing that can be played.

    Attributes:
        title: what happens, for the button.
        by: whose part it is: one of ``ACTORS``.
        stand_in: there is no honest way for this order or account; it only lets the demo go on.
        when: a condition that must hold as well, or None.
        patch: the template.
    """

    title: str
    by: str
    stand_in: bool
    when: Condition | None
    patch: Mapping[str, Any]

    @property
    def touches_everybody(self) -> bool:
        """Whether other customers meet the change too: whatever it changes beside what one customer has, the clock included."""
        return not set(self.patch) <= OF_ONE_CUSTOMER


@lru_cache(maxsize=4)
def load_remedies(path: Path = DEMO_FILES / "remedies.yml") -> Mapping[str, tuple[Remedy, ...]]:
    """Reads the remedies by cause.

    Raises:
        SourceError: with every problem: unknown fields, sections or placeholders, and conditions that mean nothing.
    """
    source = Source.read(path, shown_as=path.name)
    problems: list[Problem] = []
    remedies: dict[str, tuple[Remedy, ...]] = {}
    for cause, given in (source.data or {}).items():
        variants = given if isinstance(given, list) else [given]
        read = [_read(variant, source.problem((cause,), cause), problems) for variant in variants]
        remedies[cause] = tuple(remedy for remedy in read if remedy is not None)
    if problems:
        raise SourceError(problems)
    return remedies


def choose(cause_id: str, facts: Facts) -> Remedy | None:
    """The remedy of a cause that fits the facts; None if there is none."""
    view = View(facts)
    fitting = (each for each in load_remedies().get(cause_id, ()) if each.when is None or each.when.holds(view))
    return next(fitting, None)


def remedy(cause_id: str, facts: Facts, causes: Mapping[str, Cause]) -> Patch:
    """The world patch that plays the remedy of a cause which holds in a snapshot.

    Args:
        cause_id: what is to be removed; its condition says which lines, policies and incidents are involved.
        facts: the snapshot, read just now.
        causes: the known causes.

    Raises:
        LookupError: the cause does not hold, or it has no remedy that fits.
    """
    cause = causes.get(cause_id)
    holding = Holding(False) if cause is None or cause.when is None else cause.condition.holds(View(facts))
    chosen = choose(cause_id, facts)
    if not holding or chosen is None:
        raise LookupError(cause_id)
    lines = tuple(row for scope, row in holding.matches if scope == "line") or facts.lines
    return {
        section: [filled for row in rows for filled in _rows(section, row, facts, holding.matches, lines)]
        for section, rows in chosen.patch.items()
    }


def _rows(section: str, row: Mapping[str, Any], facts: Facts, matches: tuple[Match, ...], lines: tuple[Line, ...]) -> list[Patch]:
    key = SECTIONS[section][1]
    involved = _INVOLVED.get(_name(row[key]) or "")
    filled: Patch = {field: _fill(value, facts) for field, value in row.items() if involved is None or field != key}
    if involved is None:
        return [filled]
    return [{key: each, **filled} for each in dict.fromkeys(involved(matches, lines))]


def _name(value: Any) -> str | None:
    return value[1:-1] if isinstance(value, str) and value.startswith("{") and value.endswith("}") else None


def _fill(value: Any, facts: Facts) -> Any:
    name = _name(value)
    if name is not None:
        return VALUES[name](facts)
    if isinstance(value, dict):
        return {key: _fill(each, facts) for key, each in value.items()}
    if isinstance(value, list):
        return [_fill(each, facts) for each in value]
    return value


def _read(data: Any, place: Problem, problems: list[Problem]) -> Remedy | None:
    try:
        if not isinstance(data, dict):
            raise TypeError("it is not a map")
        unknown = set(data) - {"title", "by", "stand_in", "when", "patch"}
        if unknown:
            raise ValueError(f"unknown field {', '.join(sorted(unknown))}")
        if data["by"] not in ACTORS:
            raise ValueError(f"by is one of {', '.join(ACTORS)}")
        for section, rows in data["patch"].items():
            _check(section, rows)
        when = parse_condition(data["when"]) if "when" in data else None
        return Remedy(str(data["title"]), data["by"], bool(data.get("stand_in", False)), when, data["patch"])
    except (KeyError, TypeError, AttributeError) as error:
        problems.append(Problem(place.file, place.line, f"{place.reason}: a remedy needs title, by and patch ({error})"))
    except ValueError as error:
        problems.append(Problem(place.file, place.line, f"{place.reason}: {error}"))
    return None


def _check(section: str, rows: Any) -> None:
    if section not in SECTIONS:
        raise ValueError(f"unknown section {section}")
    key = SECTIONS[section][1]
    for row in rows:
        for field, value in row.items():
            for name in _names(value):
                if name not in VALUES and not (field == key and name in _INVOLVED):
                    raise ValueError(f"unknown placeholder {{{name}}}")


def _names(value: Any) -> list[str]:
    name = _name(value)
    if name is not None:
        return [name]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [each for part in parts for each in _names(part)]
