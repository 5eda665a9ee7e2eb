"""Comparisons: one named fact held against a value or another fact, typed by what the fact is.

A comparison with a fact that has no value is false, whichever comparison it is; ``is_set`` is the one that asks for the value itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import root_validator

from actions.core.derived import View, scope_of
from actions.core.fields import Strict, Version
from actions.core.moments import end_of, has_begun, is_over
from actions.core.money import parse_yuan
from actions.core.names import fact_type, value_of

Match = tuple[str, Any]
"""A scope and the row of it for which a condition held."""


@dataclass(frozen=True)
class Holding:
    """Whether a condition holds, which is this object's truth, and the rows for which it does."""

    held: bool
    matches: tuple[Match, ...] = ()

    def __bool__(self) -> bool:
        return self.held


HOLDS, FAILS = Holding(True), Holding(False)
"""Without rows; a diagnosis needs them hundreds of times."""

_Compare = Callable[[Any, Any, View], bool]


def _ordered(value: Any) -> Any:
    return value.numbers if isinstance(value, Version) else value


_COMPARISONS: dict[str, tuple[frozenset[str], _Compare]] = {
    "equals": (
        frozenset({"money", "number", "text", "choice", "flag", "version"}),
        lambda value, other, _: bool(_ordered(value) == _ordered(other)),
    ),
    "differs_from": (
        frozenset({"money", "number", "text", "choice", "flag", "version"}),
        lambda value, other, _: bool(_ordered(value) != _ordered(other)),
    ),
    "one_of": (frozenset({"number", "text", "choice"}), lambda value, other, _: value in other),
    "none_of": (frozenset({"number", "text", "choice"}), lambda value, other, _: value not in other),
    "less_than": (frozenset({"money", "number", "version"}), lambda value, other, _: bool(_ordered(value) < _ordered(other))),
    "at_most": (frozenset({"money", "number", "version"}), lambda value, other, _: bool(_ordered(value) <= _ordered(other))),
    "greater_than": (frozenset({"money", "number", "version"}), lambda value, other, _: bool(_ordered(value) > _ordered(other))),
    "at_least": (frozenset({"money", "number", "version"}), lambda value, other, _: bool(_ordered(value) >= _ordered(other))),
    "contains": (frozenset({"list", "map"}), lambda value, other, _: other in value),
    "is_empty": (frozenset({"list", "map"}), lambda value, other, _: (not value) is other),
    "is_over": (frozenset({"moment"}), lambda value, other, view: is_over(value, view.facts.now) is other),
    "has_begun": (frozenset({"moment"}), lambda value, other, view: has_begun(value, view.facts.now) is other),
    "over_before": (frozenset({"moment"}), lambda value, other, _: end_of(value) < end_of(other)),
    "over_after": (frozenset({"moment"}), lambda value, other, _: end_of(value) > end_of(other)),
}
_YES_NO = ("is_empty", "is_over", "has_begun", "is_set")
_OF_TWO_MOMENTS = ("over_before", "over_after")
OPERATORS = (*_COMPARISONS, "is_set")


class FactReference(Strict):
    """``{fact: NAME}`` in the place of a value."""

    fact: str


class Comparison(Strict):
    """One named fact compared with a value or another fact."""

    fact: str
    operator: str
    operand: Any

    @root_validator(pre=True)
    def _one_operator(cls, values: dict[str, Any]) -> dict[str, Any]:
        if "operator" in values:
            return values
        operators = [key for key in values if key != "fact"]
        if len(operators) != 1 or operators[0] not in OPERATORS:
            raise ValueError(f"a comparison needs exactly one of {', '.join(OPERATORS)}; found {', '.join(operators) or 'none'}")
        return {"fact": values.get("fact"), "operator": operators[0], "operand": values[operators[0]]}

    @root_validator(skip_on_failure=True)
    def _types_fit(cls, values: dict[str, Any]) -> dict[str, Any]:
        name, operator, operand = values["fact"], values["operator"], values["operand"]
        try:
            known = fact_type(name)
        except KeyError:
            raise ValueError(f"unknown fact {name}") from None
        if operator in _YES_NO and not isinstance(operand, bool):
            raise ValueError(f"{operator} takes true or false")
        if operator == "is_set":
            return values
        kinds, _ = _COMPARISONS[operator]
        if known.kind not in kinds:
            raise ValueError(f"{name} is a {known.kind}, which {operator} cannot compare")
        if operator in _YES_NO:
            return values
        if operator in _OF_TWO_MOMENTS and not isinstance(operand, dict):
            raise ValueError(f"{operator} takes another moment, {{fact: NAME}}")
        if isinstance(operand, dict):
            reference = FactReference(**operand)
            try:
                other = fact_type(reference.fact)
            except KeyError:
                raise ValueError(f"unknown fact {reference.fact}") from None
            words = {"choice", "text"}
            expected = {"list"} if operator in ("one_of", "none_of") else words if known.kind in words else {known.kind}
            if operator != "contains" and other.kind not in expected:
                raise ValueError(f"{name} is a {known.kind} but {reference.fact} is a {other.kind}")
            values["operand"] = reference
        elif operator in ("one_of", "none_of"):
            if not isinstance(operand, (list, tuple)):
                raise ValueError(f"{operator} takes a list")
            values["operand"] = tuple(_literal(name, item) for item in operand)
        elif operator == "contains":
            values["operand"] = operand
        else:
            values["operand"] = _literal(name, operand)
        return values

    def holds(self, view: View) -> Holding:
        """Whether the comparison holds, and no matches: it opens no scope."""
        value, operand = value_of(self.fact, view), self.operand
        if self.operator == "is_set":
            return HOLDS if (value is not None) is operand else FAILS
        # Asked for the very type: records are of an abstract class, of which `isinstance` takes its time.
        other = value_of(operand.fact, view) if type(operand) is FactReference else operand
        if value is None or other is None:
            return FAILS
        return HOLDS if _COMPARISONS[self.operator][1](value, other, view) else FAILS

    def names(self) -> Iterator[tuple[str, frozenset[str]]]:
        """Every fact named, with the scopes it needs beyond those opened here."""
        for name in [self.fact] + ([self.operand.fact] if isinstance(self.operand, FactReference) else []):
            scope = scope_of(name)
            yield name, frozenset({scope} if scope else ())


def _literal(name: str, value: Any) -> Any:
    """Checks and converts a literal for a fact; amounts are written in yuan."""
    known = fact_type(name)
    if known.kind == "money":
        return parse_yuan(value)
    if known.kind == "number":
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            raise ValueError(f"{name} is a number, {value!r} is not")
        return value
    if known.kind == "flag":
        if not isinstance(value, bool):
            raise ValueError(f"{name} is true or false, {value!r} is neither")
        return value
    if known.kind == "version":
        return Version.validate(value)
    if not isinstance(value, str):
        raise ValueError(f"{name} is a {known.kind}, {value!r} is not a text")
    if known.kind == "choice" and value not in known.choices:
        raise ValueError(f"{name} is one of {', '.join(known.choices)}; {value!r} is not")
    return value
