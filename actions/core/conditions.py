"""Conditions as data: typed comparisons of named facts, combined and ranged over rows. Nothing is ever evaluated as code.

In a file::

    all:
      - {fact: baitiao.status, equals: suspended}
      - some: policy
        kind: min_amount
        where: {fact: order.amount, less_than: {fact: policy.amount}}
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Union

from pydantic import BaseModel, Extra, root_validator, validator

from actions.core.comparisons import Comparison, Holding, Match
from actions.core.derived import SCOPES, View
from actions.core.platform import POLICY_FIELDS


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
