"""Conditions as data: typed comparisons of named facts, combined and ranged over rows. Nothing is ever evaluated as code.

In a file::

    all:
      - {fact: baitiao.status, equals: suspended}
      - some: policy
        kind: min_amount
        where: {fact: order.amount, less_than: {fact: policy.amount}}
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Union

from pydantic import root_validator, validator

from actions.core.comparisons import FAILS, HOLDS, Comparison, Holding, Match
from actions.core.derived import SCOPES, View, scope_of
from actions.core.fields import Strict
from actions.core.platform import POLICY_FIELDS


class AllOf(Strict):
    """Every part holds."""

    all: tuple[Condition, ...]

    def holds(self, view: View) -> Holding:
        """Whether it holds in a view, and for which rows."""
        matches: list[Match] = []
        for part in self.all:
            holding = part.holds(view)
            if not holding.held:
                return FAILS
            matches.extend(holding.matches)
        return Holding(True, tuple(matches)) if matches else HOLDS

    def names(self) -> Iterator[tuple[str, frozenset[str]]]:
        """Every fact named, with the scopes it needs beyond those opened here."""
        for part in self.all:
            yield from part.names()


class AnyOf(Strict):
    """At least one part holds; every part that holds contributes its rows."""

    any: tuple[Condition, ...]

    def holds(self, view: View) -> Holding:
        """Whether it holds in a view, and for which rows."""
        holding = [each for each in (part.holds(view) for part in self.any) if each.held]
        if not holding:
            return FAILS
        return Holding(True, tuple(match for each in holding for match in each.matches))

    def names(self) -> Iterator[tuple[str, frozenset[str]]]:
        """Every fact named, with the scopes it needs beyond those opened here."""
        for part in self.any:
            yield from part.names()


class Some(Strict):
    """At least one row of a scope satisfies ``where``; every such row is a match."""

    some: str
    kind: str | None = None
    where: Condition | None = None

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
            holding = HOLDS if self.where is None else self.where.holds(view.at(self.some, row))
            if holding.held:
                matches.append((self.some, row))
                matches.extend(holding.matches)
        return Holding(True, tuple(matches)) if matches else FAILS

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
_SHARED_POLICY_FIELDS = ("id", "kind", "effective_from", "effective_to", "notice")

Place = tuple[str | int, ...]
"""Where in the file form of a condition something stands: keys and indices from its root."""


@dataclass
class Opened:
    """What a condition ranges over: its scopes, and the kinds of policy among them."""

    scopes: set[str] = field(default_factory=set)
    policy_kinds: set[str] = field(default_factory=set)

    def refuses(self, name: str) -> str:
        """Why a fact cannot be spoken of after this condition; empty if it can.

        Args:
            name: a fact that exists.
        """
        scope = scope_of(name)
        if scope is not None and scope not in self.scopes:
            return f"{name} needs a condition with 'some: {scope}'"
        return _foreign_policy_field(name, self.policy_kinds)


class ConditionReader:
    """Reads conditions from file form, and collects what is wrong with them and where.

    The shape is chosen by the key a part carries, so that an error speaks of that shape only.

    Attributes:
        malformed: what is no condition.
        misplaced: facts named where nothing ranges over their rows.
        opened: what the conditions range over.
    """

    def __init__(self) -> None:
        self.malformed: list[tuple[Place, ValueError]] = []
        self.misplaced: list[tuple[Place, ValueError]] = []
        self.opened = Opened()

    def read(self, data: Any, place: Place = (), within: Opened | None = None) -> Condition | None:
        """The condition, or None if it or a part of it is malformed.

        Args:
            data: the file form.
            place: where it stands, for what is wrong with it.
            within: what the conditions around it range over.
        """
        around = within or Opened()
        try:
            return self._read(data, place, around)
        except ValueError as error:
            self.malformed.append((place, error))
            return None

    def _read(self, data: Any, place: Place, around: Opened) -> Condition | None:
        if not isinstance(data, dict):
            raise ValueError("a condition is a map with one of all, any, some, fact")
        keys = [key for key in _SHAPES if key in data]
        if len(keys) != 1:
            raise ValueError("a condition has exactly one of all, any, some, fact")
        key, given = keys[0], dict(data)
        whole = True
        if key in ("all", "any"):
            if not isinstance(given[key], list) or not given[key]:
                raise ValueError(f"{key} takes a list of conditions with at least one")
            parts = [self.read(part, (*place, key, index), around) for index, part in enumerate(given[key])]
            whole = None not in parts
            given[key] = tuple(part for part in parts if part is not None)
        elif key == "some" and "where" in given:
            inner = Opened(
                {*around.scopes, str(given["some"])}, {given["kind"]} if given.get("kind") in POLICY_FIELDS else around.policy_kinds
            )
            given["where"] = self.read(given["where"], (*place, "where"), inner)
            whole = given["where"] is not None
        condition: Condition = _SHAPES[key](**given)
        if isinstance(condition, Some):
            self.opened.scopes.add(condition.some)
            if condition.kind is not None:
                self.opened.policy_kinds.add(condition.kind)
        if isinstance(condition, Comparison):
            self.misplaced.extend((place, ValueError(reason)) for reason in _misplaced_in(condition, around))
        return condition if whole else None


@dataclass(frozen=True)
class ReadCondition:
    """What has been read of a condition in file form, and is not changed any more.

    Attributes:
        condition: None if it or a part of it is malformed.
        wrong: what is malformed or misplaced in it, and where.
        opened: what it ranges over.
    """

    condition: Condition | None
    wrong: tuple[tuple[Place, ValueError], ...]
    opened: Opened


@dataclass(frozen=True)
class _Written:
    """A condition in file form, told from others by how it is written: to Python, 1 and true are the same key."""

    text: str
    data: Any = field(compare=False)


def read_condition(data: Any) -> ReadCondition:
    """Reads a condition in file form. The same ones stand in many places, and all over again in the next reading of a folder."""
    return _read(_Written(repr(data), data))


@lru_cache(maxsize=4096)
def _read(written: _Written) -> ReadCondition:
    reader = ConditionReader()
    condition = reader.read(written.data)
    # An error that is kept shall keep nothing else alive.
    wrong = tuple((place, error.with_traceback(None)) for place, error in (*reader.malformed, *reader.misplaced))
    return ReadCondition(condition, wrong, reader.opened)


def parse_condition(data: Any) -> Condition:
    """The condition that a file form writes.

    Raises:
        ValueError: the first thing wrong with it, in words for the author of the file.
    """
    read = read_condition(data)
    if read.condition is None:
        raise read.wrong[0][1].with_traceback(None)
    return read.condition


def _misplaced_in(comparison: Comparison, around: Opened) -> Iterator[str]:
    for name, needed in comparison.names():
        yield from (f"{name} stands outside a 'some: {missing}'" for missing in sorted(needed - around.scopes))
        reason = _foreign_policy_field(name, around.policy_kinds) if "policy" in around.scopes else ""
        if reason:
            yield reason


def _foreign_policy_field(name: str, kinds: Collection[str]) -> str:
    prefix, _, own = name.partition(".")
    if prefix != "policy" or own in _SHARED_POLICY_FIELDS or not kinds:
        return ""
    if any(own in POLICY_FIELDS.get(kind, ()) for kind in kinds):
        return ""
    return f"{name} is no field of a {' or '.join(sorted(kinds))} policy"
