"""What each fact is called and who may see it, read from ``facts.yml``: the one place that says so for customers and for agents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from pydantic import StrictBool, StrictStr, ValidationError, validator

from actions.core.derived import DERIVED
from actions.core.fields import Kind, Strict
from actions.core.names import fact_type, name_of, path_of, proofs_of, world_names
from actions.core.platform import POLICY_FIELDS
from actions.knowledge.forbidden import Forbidden
from actions.knowledge.refusals import model_problems
from actions.knowledge.rendering import sayable
from actions.yaml_source import Problem, Source

Unit = Literal["yuan", "ratio", "day", "moment", "periods"]
_KINDS: dict[str, tuple[Kind, ...]] = {
    "yuan": ("money",),
    "ratio": ("number",),
    "day": ("moment",),
    "moment": ("moment",),
    "periods": ("number", "list"),
}
_NEEDS_UNIT: dict[str, str] = {"money": "yuan", "moment": "day or moment"}
_FLAG = ("true", "false")
_KINDS_OF_POLICIES = tuple(POLICY_FIELDS)
_OF_EVIDENCE = ("title", "title_for_agents", "unit", "values", "values_for_agents", "personal")
"""What only serves to show a fact as evidence."""


class FactEntry(Strict):
    """A fact as people see it.

    Attributes:
        title: what it is called; ``title_for_agents`` where agents call it something else.
        unit: how its value is written.
        values: words for the choices of a choice, and for true and false; ``values_for_agents`` has those that agents read instead or besides.
        show: who may see it. Agents see what everybody sees; what nobody sees is for conditions only.
        personal: it tells who the customer is, so agents read the year only.
        labels: a list whose entries are for machines.
        about: what it means, for authors of cause files.
    """

    title: StrictStr | None = None
    title_for_agents: StrictStr | None = None
    unit: Unit | None = None
    values: dict[StrictStr, StrictStr] = {}
    values_for_agents: dict[StrictStr, StrictStr] = {}
    show: Literal["everybody", "agents", "nobody"]
    personal: StrictBool = False
    labels: StrictBool = False
    about: StrictStr = ""

    @validator("title", "title_for_agents")
    def _says_something(cls, value: str | None) -> str | None:
        if not value:
            raise ValueError("must not be empty")
        return value


@dataclass(frozen=True)
class FactRegistry:
    """Every fact that a cause file can name, by that name."""

    entries: Mapping[str, FactEntry]

    def at(self, path: str) -> FactEntry | None:
        """The entry of a fact by its world path or its name; None if there is no such fact, or no longer."""
        return self.entries.get(path) or self.entries.get(name_of(path))

    def title_for_agents(self, path: str) -> str:
        """What agents call a fact, by its world path or its name; the path if they have no word for it."""
        entry = self.at(path)
        return (entry.title_for_agents or entry.title if entry else None) or path

    def word_for_agents(self, path: str, value: str) -> str:
        """What agents call a choice, or ``true`` and ``false`` of a flag; the value if it has no word."""
        entry = self.at(path)
        return {**entry.values, **entry.values_for_agents}.get(value, value) if entry else value

    def names_for_customers(self, evidence: Iterable[str], shown: Iterable[str] = ()) -> dict[str, Any]:
        """What customers read of facts: world path without ids, or the name of a computed one → ``title``, and ``unit`` or ``values``.

        Args:
            evidence: names of facts; what they are proved by is named.
            shown: names of facts that are shown themselves.

        Facts that are not for everybody have no name here, so clients leave them out.
        """
        proofs = {*shown, *(proof for name in evidence for proof in proofs_of(name))}
        shown = {name: entry for name, entry in self.entries.items() if name in proofs and entry.show == "everybody"}
        return {path_of(name): entry.dict(include={"title", "unit", "values"}, exclude_defaults=True) for name, entry in shown.items()}

    def not_evidence(self, name: str) -> str:
        """Why a fact cannot be evidence; empty if it can."""
        hidden = [proof for proof in proofs_of(name) if self._show(proof) == "nobody"]
        if not hidden:
            return ""
        rests = "" if hidden == [name] else f"{name} rests on {hidden[0]}: "
        return f"{rests}{hidden[0]} is shown to nobody, so it is no evidence"

    def not_for_customers(self, name: str) -> str:
        """Why a fact cannot be spoken of to customers; empty if it can."""
        show = self._show(name)
        return "" if show == "everybody" else f"{name} is shown to {show}, not to customers"

    def shown_of(self, evidence: Iterable[str]) -> tuple[str, ...]:
        """Those facts of some evidence that customers may see, where it is not said which of them tell most."""
        return tuple(name for name in evidence if name not in DERIVED and self._show(name) == "everybody")

    def not_shown(self, name: str) -> str:
        """Why a fact cannot be shown at a glance; empty if it can."""
        entry = self.at(name)
        return self.not_for_customers(name) or ("" if entry is None or entry.title else f"{name} has no title, so it cannot be shown")

    def has_form(self, name: str) -> bool:
        """Whether a fact can be written into a text: flags, choices, maps and lists of machine labels cannot."""
        entry = self.at(name)
        return sayable(name) and not (entry is not None and entry.labels)

    def _show(self, name: str) -> str:
        entry = self.at(name)
        # A fact without an entry was refused already; what names it is not refused as well.
        return entry.show if entry is not None else "everybody"


def read_facts(sources: Sequence[Source], forbidden: Forbidden, problems: list[Problem]) -> FactRegistry:
    """Reads the file; what is wrong, missing or unknown is added to ``problems``."""
    entries: dict[str, FactEntry] = {}
    known = (*world_names(), *DERIVED)
    for source in sources:
        if not isinstance(source.data, dict):
            problems.append(source.problem((), "a map of names of facts is expected"))
            continue
        for name, data in source.data.items():
            if name not in known:
                problems.append(source.problem((name,), f"unknown fact {name}"))
                continue
            try:
                entries[name] = FactEntry.parse_obj(data)
            except ValidationError as error:
                problems.extend(model_problems(source, error, (name,)))
                continue
            problems.extend(source.problem((name, *at), f"{name}: {reason}") for at, reason in _wrong(name, entries[name], forbidden))
        problems.extend(source.problem((), f"{name} is missing") for name in known if name not in source.data)
    return FactRegistry(MappingProxyType(entries))


def _wrong(name: str, entry: FactEntry, forbidden: Forbidden) -> Iterator[tuple[tuple[str, ...], str]]:
    given = [field for field in _OF_EVIDENCE if getattr(entry, field)]
    if name in DERIVED:
        # What everybody may see can be shown at a glance, too.
        named = ("title", "unit") if entry.show == "everybody" else ()
        unnamed = [field for field in given if field not in named]
        yield from (((field,), f"a computed fact has no {field}: evidence shows what it is computed from") for field in unnamed)
        if entry.title is not None:
            yield from _wrong_unit(name, entry)
    elif entry.show == "nobody":
        yield from (((field,), f"what nobody sees has no {field}") for field in given)
    else:
        yield from _wrong_names(entry)
        yield from _wrong_unit(name, entry)
        yield from _wrong_values(name, entry)
    if entry.labels and fact_type(name).kind != "list":
        yield ("labels",), f"only lists are labels, this is a {fact_type(name).kind}"
    if entry.show == "everybody":
        for at, text in ((("title",), entry.title or ""), *((("values", value), word) for value, word in entry.values.items())):
            yield from ((at, reason) for reason in forbidden.found_in(text))


def _wrong_names(entry: FactEntry) -> Iterator[tuple[tuple[str, ...], str]]:
    if entry.title is None:
        yield (), "title is missing"
    if entry.title_for_agents is not None and entry.title_for_agents == entry.title:
        yield ("title_for_agents",), "only where it differs from title"
    if entry.personal and entry.show == "everybody":
        yield ("personal",), "what is personal is not shown to everybody"


def _wrong_unit(name: str, entry: FactEntry) -> Iterator[tuple[tuple[str, ...], str]]:
    kind = fact_type(name).kind
    if entry.unit is not None and kind not in _KINDS[entry.unit]:
        yield ("unit",), f"{entry.unit} is for a {' or '.join(_KINDS[entry.unit])}, this is a {kind}"
    elif entry.unit is None and kind in _NEEDS_UNIT:
        yield (), f"the unit of a {kind} is {_NEEDS_UNIT[kind]}"


def _wrong_values(name: str, entry: FactEntry) -> Iterator[tuple[tuple[str, ...], str]]:
    known = fact_type(name)
    choices = _FLAG if known.kind == "flag" else _KINDS_OF_POLICIES if name == "policy.kind" else known.choices
    for field in ("values", "values_for_agents"):
        for value, word in getattr(entry, field).items():
            if not choices:
                yield (field,), f"{field} are for choices and flags, this is a {known.kind}"
                break
            if choices and value not in choices:
                yield (field, value), f"{value} is none of {', '.join(choices)}"
            elif field == "values_for_agents" and word == entry.values.get(value):
                yield (field, value), f"{value} only where it differs from values"
    if name == "policy.kind":
        for kind in _KINDS_OF_POLICIES:
            if kind not in {**entry.values, **entry.values_for_agents}:
                yield ("values_for_agents",), f"values_for_agents lacks {kind}, which the console would show as it is"
