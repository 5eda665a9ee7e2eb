"""Checks a condition where it stands in a file, so that a refusal names the very line."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from actions.core.comparisons import Comparison, FactReference
from actions.core.conditions import parse_condition
from actions.core.derived import scope_of
from actions.core.names import fact_type
from actions.core.platform import POLICY_FIELDS
from actions.knowledge.refusals import in_words
from actions.yaml_source import Problem, Source

_Path = tuple[str | int, ...]

_SHARED_POLICY_FIELDS = ("id", "kind", "effective_from", "effective_to", "notice")
_COMPARABLE = {frozenset({"text", "choice"})}


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


def check_condition(source: Source, path: _Path, data: Any, problems: list[Problem]) -> Opened:
    """Adds every problem of a condition in file form and tells what it opens."""
    opened = Opened()
    _check(source, path, data, frozenset(), frozenset(), opened, problems)
    return opened


def _check(
    source: Source, path: _Path, data: Any, scopes: frozenset[str], kinds: frozenset[str], opened: Opened, problems: list[Problem]
) -> None:
    parts = data if isinstance(data, dict) else {}
    groups = [key for key in ("all", "any") if isinstance(parts.get(key), list) and parts[key]]
    if len(groups) == 1 and len(parts) == 1:
        for index, part in enumerate(parts[groups[0]]):
            _check(source, (*path, groups[0], index), part, scopes, kinds, opened, problems)
        return
    where = parts.get("where")
    try:
        condition = parse_condition({key: value for key, value in parts.items() if key != "where"} if "some" in parts else data)
    except ValueError as error:
        problems.append(source.problem(path, _reason(error)))
        condition = None
    if isinstance(condition, Comparison):
        problems.extend(source.problem(path, reason) for reason in _bad_names(condition, scopes, kinds))
    if "some" in parts and isinstance(parts["some"], str):
        opened.scopes.add(parts["some"])
        kind = parts.get("kind")
        if kind in POLICY_FIELDS:
            opened.policy_kinds.add(kind)
        if where is not None:
            inner_kinds = frozenset({kind}) if kind in POLICY_FIELDS else kinds
            _check(source, (*path, "where"), where, scopes | {parts["some"]}, inner_kinds, opened, problems)


def _bad_names(comparison: Comparison, scopes: frozenset[str], kinds: frozenset[str]) -> list[str]:
    reasons = [f"{name} stands outside a 'some: {missing}'" for name, needed in comparison.names() for missing in sorted(needed - scopes)]
    for name, _ in comparison.names():
        reason = _foreign_policy_field(name, kinds) if "policy" in scopes else ""
        if reason:
            reasons.append(reason)
    if isinstance(comparison.operand, FactReference) and comparison.operator not in ("one_of", "none_of", "contains"):
        left, right = fact_type(comparison.fact).kind, fact_type(comparison.operand.fact).kind
        if left != right and frozenset({left, right}) not in _COMPARABLE:
            reasons.append(f"{comparison.fact} is a {left} but {comparison.operand.fact} is a {right}")
    return reasons


def _foreign_policy_field(name: str, kinds: Any) -> str:
    prefix, _, own = name.partition(".")
    if prefix != "policy" or own in _SHARED_POLICY_FIELDS or not kinds:
        return ""
    if any(own in POLICY_FIELDS.get(kind, ()) for kind in kinds):
        return ""
    return f"{name} is no field of a {' or '.join(sorted(kinds))} policy"


def _reason(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    reasons: dict[str, None] = {}
    for each in error.errors():
        names = ".".join(str(part) for part in each["loc"] if part != "__root__")
        message = in_words(each["msg"])
        reasons[f"{names} {message}" if names else message] = None
    return "; ".join(reasons)
