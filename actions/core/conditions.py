"""Conditions as data: typed comparisons of named facts, combined and ranged over rows. Nothing is ever evaluated as code.

In a file::

    all:
      - {fact: baitiao.status, equals: suspended}
      - some: policy
        kind: min_amount
        where: {fact: order.amount, less_than: {fact: policy.amount}}

A comparison with a fact that has no value is false, whichever comparison it is; ``is_set`` is the one that asks for the value itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Union

from pydantic import BaseModel, Extra, root_validator, validator

from actions.core.fields import Version
from actions.core.moments import has_begun, is_over
from actions.core.money import parse_yuan
from actions.core.names import fact_type, value_of
from actions.core.policies import POLICY_FIELDS
from actions.core.scopes import SCOPES, scope_of
from actions.core.views import View

Match = tuple[str, Any]
"""A scope and the row of it for which a condition held."""


@dataclass(frozen=True)
class Holding:
    """Whether a condition holds, which is this object's truth, and the rows for which it does."""

    held: bool
    matches: tuple[Match, ...] = ()

    def __bool__(self) -> bool:
        return self.held


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
}
_YES_NO = ("is_empty", "is_over", "has_begun", "is_set")
_OPERATORS = (*_COMPARISONS, "is_set")


class FactReference(BaseModel):
    """``{fact: NAME}`` in the place of a value."""

    fact: str

    class Config:
        extra = Extra.forbid
        frozen = True


class Comparison(BaseModel):
    """One named fact compared with a value or another fact."""

    fact: str
    operator: str
    operand: Any

    class Config:
        extra = Extra.forbid
        frozen = True

    @root_validator(pre=True)
    def _one_operator(cls, values: dict[str, Any]) -> dict[str, Any]:
        if "operator" in values:
            return values
        operators = [key for key in values if key != "fact"]
        if len(operators) != 1 or operators[0] not in _OPERATORS:
            raise ValueError(f"a comparison needs exactly one of {', '.join(_OPERATORS)}; found {', '.join(operators) or 'none'}")
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
        value = value_of(self.fact, view)
        if self.operator == "is_set":
            return Holding((value is not None) is self.operand)
        other = value_of(self.operand.fact, view) if isinstance(self.operand, FactReference) else self.operand
        if value is None or other is None:
            return Holding(False)
        return Holding(_COMPARISONS[self.operator][1](value, other, view))

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


class AllOf(BaseModel):
    """Every part holds."""

    all: tuple[Condition, ...]

    class Config:
        extra = Extra.forbid
        frozen = True

    def holds(self, view: View) -> Holding:
        """Whether it holds in a view, and for which rows."""
        matches: list[Match] = []
        for part in self.all:
            holding = part.holds(view)
            if not holding:
                return Holding(False)
            matches.extend(holding.matches)
        return Holding(True, tuple(matches))

    def names(self) -> Iterator[tuple[str, frozenset[str]]]:
        """Every fact named, with the scopes it needs beyond those opened here."""
        for part in self.all:
            yield from part.names()


class AnyOf(BaseModel):
    """At least one part holds; every part that holds contributes its rows."""

    any: tuple[Condition, ...]

    class Config:
        extra = Extra.forbid
        frozen = True

    def holds(self, view: View) -> Holding:
        """Whether it holds in a view, and for which rows."""
        holding = [each for each in (part.holds(view) for part in self.any) if each]
        return Holding(bool(holding), tuple(match for each in holding for match in each.matches))

    def names(self) -> Iterator[tuple[str, frozenset[str]]]:
        """Every fact named, with the scopes it needs beyond those opened here."""
        for part in self.any:
            yield from part.names()


class Some(BaseModel):
    """At least one row of a scope satisfies ``where``; every such row is a match."""

    some: str
    kind: str | None = None
    where: Condition | None = None

    class Config:
        extra = Extra.forbid
        frozen = True

    @validator("some")
    def _is_a_scope(cls, value: str) -> str:
        if value not in SCOPES:
            raise ValueError(f"must be one of {', '.join(SCOPES)}")
        return value

    @root_validator(skip_on_failure=True)
    def _kind_belongs_to_policies(cls, values: dict[str, Any]) -> dict[str, Any]:
        if (values["some"] == "policy") != (values["kind"] is not None):
            raise ValueError("kind names the policies to look at: 'some: policy' needs it, nothing else takes it")
        if values["kind"] is not None and values["kind"] not in POLICY_FIELDS:
            raise ValueError(f"unknown policy kind {values['kind']}")
        return values

    def holds(self, view: View) -> Holding:
        """Whether it holds in a view, and for which rows."""
        matches: list[Match] = []
        for row in SCOPES[self.some](view.facts):
            if self.kind is not None and row.kind != self.kind:
                continue
            holding = Holding(True) if self.where is None else self.where.holds(view.at(self.some, row))
            if holding:
                matches.append((self.some, row))
                matches.extend(holding.matches)
        return Holding(bool(matches), tuple(matches))

    def names(self) -> Iterator[tuple[str, frozenset[str]]]:
        """Every fact named, with the scopes it needs beyond those opened here."""
        if self.where is not None:
            for name, scopes in self.where.names():
                yield name, scopes - {self.some}


Condition = Union[AllOf, AnyOf, Some, Comparison]
AllOf.update_forward_refs()
AnyOf.update_forward_refs()
Some.update_forward_refs()


def facts_in(condition: Condition) -> frozenset[str]:
    """The names of the facts a condition looks at."""
    return frozenset(name for name, _ in condition.names())


_SHAPES = {"all": AllOf, "any": AnyOf, "some": Some, "fact": Comparison}


def parse_condition(data: Any) -> Condition:
    """Reads a condition from file form, choosing its shape by the key it carries, so that an error speaks of that shape only.

    Raises:
        ValueError: what is wrong, in words for the author of the file.
    """
    if not isinstance(data, dict):
        raise ValueError("a condition is a map with one of all, any, some, fact")
    shapes = [shape for key, shape in _SHAPES.items() if key in data]
    if len(shapes) != 1:
        raise ValueError("a condition has exactly one of all, any, some, fact")
    prepared = dict(data)
    for key in ("all", "any"):
        if key in prepared:
            if not isinstance(prepared[key], list) or not prepared[key]:
                raise ValueError(f"{key} takes a list of conditions with at least one")
            prepared[key] = tuple(parse_condition(part) for part in prepared[key])
    if "where" in prepared:
        prepared["where"] = parse_condition(prepared["where"])
    return shapes[0](**prepared)  # type: ignore[no-any-return]


def unopened_scopes(condition: Condition) -> frozenset[str]:
    """Scopes whose facts a condition names without ranging over them: an author's mistake."""
    return frozenset(scope for _, scopes in condition.names() for scope in scopes)
