"""The blocks of the payload that come from the customer's state (diagnosis, subject, plans, incidents), in the words an agent reads."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from actions.core.amounts import order_amount
from actions.core.causes import Cause
from actions.core.diagnosis import Diagnosis, to_json
from actions.core.facts import Facts
from actions.core.fixers import changed_by
from actions.core.moments import MONTH, local, parse_moment
from actions.core.money import Fen, yuan_number
from actions.core.plans import plans_for
from actions.core.signs import cleaned
from actions.handoff import payload
from actions.knowledge.facts import FactRegistry
from actions.knowledge.model import Knowledge
from actions.knowledge.rendering import written


def masked_name(name: str) -> str:
    """A name of which only the first character can be read."""
    name = cleaned(name)
    return name[:1] + "*" * max(1, len(name) - 1)


def without_person(path: str, value: Any, facts: FactRegistry) -> Any:
    """A fact's JSON value; of what tells who the customer is, the year only."""
    entry = facts.at(path)
    return f"{value[:4]}-**-**" if entry is not None and entry.personal and value else value


def value_text(value: Any, path: str, knowledge: Knowledge) -> str:
    """A fact's value as it stands in a payload, in an agent's words.

    Args:
        value: JSON.
        path: the fact's world path, or its name.
    """
    locale = knowledge.locale
    if value is None:
        return locale.nothing
    if isinstance(value, bool):
        word = "true" if value else "false"
        said = knowledge.facts.word_for_agents(path, word)
        return said if said != word else locale.yes if value else locale.no
    if isinstance(value, dict):
        return locale.pair_separator.join(f"{key} {value_text(each, path, knowledge)}" for key, each in value.items())
    if isinstance(value, list):
        rows = (each.values() if isinstance(each, dict) else [value_text(each, path, knowledge)] for each in value)
        return locale.listed(" × ".join(map(str, row)) for row in rows)
    entry = knowledge.facts.at(path)
    unit = entry.unit if entry is not None else None
    if isinstance(value, float):
        return written(Decimal(str(value)) if unit == "ratio" else Fen(round(value * 100)), locale)
    if isinstance(value, str) and MONTH.fullmatch(value):
        return written(value, locale)
    if unit in ("day", "moment") and isinstance(value, str):
        return _moment(value, knowledge)
    return knowledge.facts.word_for_agents(path, str(value))


def _moment(text: str, knowledge: Knowledge) -> str:
    try:
        return knowledge.locale.moment(parse_moment(text))
    except ValueError:
        return text  # of a personal day, only the year is there


def read_at(facts: Facts) -> str:
    """When the state was read, on the facts' clock."""
    return local(facts.now).isoformat(timespec="seconds")


def diagnosis_block(diagnosis: Diagnosis, known: FactRegistry) -> payload.Diagnosis:
    """What holds, with the evidence as agents see it."""
    facts, when = diagnosis.facts, read_at(diagnosis.facts)
    causes = [
        payload.FoundCause(
            id=found.cause.id,
            title=found.cause.title,
            kind=found.cause.kind,
            fixed_by=changed_by(found, facts),
            evidence=[
                payload.Evidence(
                    fact=fact.path,
                    label=known.title_for_agents(fact.path),
                    value=without_person(fact.path, to_json(fact.value), known),
                    source=fact.source,
                    read_at=when,
                )
                for fact in found.evidence
            ],
        )
        for found in diagnosis.found
    ]
    return payload.Diagnosis(subject=facts.subject.kind, read_at=when, causes=causes)


def ruled_out(diagnosis: Diagnosis, causes: Mapping[str, Cause]) -> list[payload.RuledOut]:
    """What was looked at and does not hold."""
    return [payload.RuledOut(id=cause.id, title=cause.title) for cause in causes.values() if diagnosis.ruled_out(cause)]


def order_block(facts: Facts) -> payload.Order | None:
    """The order the case is about."""
    if facts.order is None:
        return None
    lines = [
        payload.OrderLine(
            title=line.item.title,
            category=line.category.name,
            merchant=line.merchant.name,
            quantity=line.quantity,
            price=yuan_number(line.item.price),
        )
        for line in facts.lines
    ]
    order = facts.order
    return payload.Order(id=order.id, status=order.status, channel=order.channel, amount=yuan_number(order_amount(facts)), lines=lines)


def bill_block(facts: Facts) -> payload.Bill | None:
    """The bill the case is about."""
    if facts.bill is None:
        return None
    bill = facts.bill
    amounts = {"amount": yuan_number(bill.amount), "in_installments": yuan_number(bill.in_installments)}
    return payload.Bill(id=bill.id, month=bill.month, status=bill.status, **amounts)


def plans_block(facts: Facts) -> list[payload.Plan]:
    """What the tenors would cost, each with its annual rate."""
    return [payload.Plan(**plan.to_data()) for plan in plans_for(facts)]


def incidents_block(facts: Facts) -> list[payload.Incident]:
    """Incidents and maintenance windows that are open."""
    incidents = [
        payload.Incident(
            id=each.id,
            kind="incident",
            component=each.component,
            severity=each.severity,
            since=_text(each.started_at),
            until=_text(each.eta),
        )
        for each in facts.open_incidents
    ]
    windows = [
        payload.Incident(
            id=each.id, kind="maintenance", component=each.component, severity=None, since=_text(each.starts_at), until=_text(each.ends_at)
        )
        for each in facts.current_maintenance
    ]
    return [*incidents, *windows]


def _text(moment: Any) -> Any:
    return None if moment is None else moment.isoformat()
