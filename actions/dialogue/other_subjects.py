"""Which order or bill is meant: asked with what people know each of them by, and offered again on every diagnosis of one."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from actions.core.amounts import payable
from actions.core.message_parts import ChoiceData
from actions.core.messages import ClarifyData, DiagnosisData
from actions.core.moments import local
from actions.core.money import yuan_number
from actions.core.records import Bill
from actions.core.subject import ACCOUNT, Subject
from actions.core.turn import PERSON, Button, Reply
from actions.dialogue.context import TurnContext
from actions.dialogue.diagnoses import OF_INSTALLMENTS
from actions.dialogue.findings import subject_phrase
from actions.dialogue.subjects import Ask, OwnOrder
from actions.knowledge import phrases


def ask(context: TurnContext, asked: Ask, lines: Iterable[str] = ()) -> None:
    """Asks which order or bill is meant.

    Args:
        lines: what is said of each before it is asked.
    """
    intent = context.case.intent or context.knowledge.assumed_complaint
    buttons = context.buttons.subjects(intent, asked.choices, asked.after)
    question = phrases.ASK_ORDER_TOLD if asked.told else phrases.ASK_SUBJECT if asked.bills else phrases.ASK_ORDER
    values = {}
    if not asked.choices:
        question = phrases.ASK_ORDER_NONE
    elif not asked.orders and asked.turned_from is not None and asked.turned_from.order is not None:
        # Who means another order hears that there is none, not that they may choose.
        question, values = phrases.ASK_ORDER_ONLY, {"subject": context.wording.subject_of(context.diagnosis_of(asked.turned_from).facts)}
    context.speaker.say("\n".join([*lines, context.speaker.phrase(question, **values)]), buttons, _described(buttons, asked.choices))


def offer(context: TurnContext) -> None:
    """Puts on each diagnosis that speaks of an order or bill that it is not this one: who has no other one hears where theirs may be."""
    for index, reply in enumerate(context.speaker.replies):
        if isinstance(reply.data, DiagnosisData) and _speaks_of(context, Subject.of(reply.data.order, reply.data.bill), reply.text):
            context.speaker.replies[index] = _with(reply, context.buttons.not_this())


def _speaks_of(context: TurnContext, subject: Subject, text: str) -> bool:
    """Whether a diagnosis is about an order or bill itself: it names it, the option was spoken of, or what was found lies in it and not in the
    account or the system."""
    if subject.order is None or context.turn.has(OF_INSTALLMENTS):
        return subject != ACCOUNT
    diagnosis = context.diagnosis_of(subject)
    phrase, values = subject_phrase(diagnosis.facts)
    names = (values["item"],) if "item" in values else context.speaker.variants(phrase, **values)
    return any(not found.cause.is_elsewhere for found in diagnosis.found) or any(name in text for name in names)


def _with(reply: Reply, button: Button) -> Reply:
    """The reply with one more button; a person stays at the end."""
    persons = tuple(each for each in reply.buttons if each.payload == PERSON)
    return replace(reply, buttons=(*(each for each in reply.buttons if each not in persons), button, *persons))


def _described(buttons: Iterable[Button], owned: Iterable[OwnOrder | Bill]) -> ClarifyData:
    """The data of the question: of each order and bill that is among the buttons what people know it by."""
    known = {(kind, each[kind]): each for each in map(_details, owned) for kind in ("order", "bill") if kind in each}
    return ClarifyData(
        choices=[ChoiceData(title=button.title, payload=button.payload, **known.get(_meant(button), {})) for button in buttons]
    )


def _meant(button: Button) -> tuple[str, str]:
    """The kind and the id of what a button stands for; empty for one that names nothing."""
    _, brace, entities = button.payload.partition("{")
    (kind, name), *_ = json.loads(brace + entities).items() if brace else [("", "")]
    return kind, name


def _details(owned: OwnOrder | Bill) -> dict[str, Any]:
    if isinstance(owned, Bill):
        return {"bill": owned.id, "amount": yuan_number(owned.amount), "date": owned.month, "status": owned.status}
    order, lines = owned
    made = {"date": _iso(order.created_at)} if order.created_at is not None else {}
    goods = {"item": lines[0].item.title, "count": len(lines), "shop": lines[0].merchant.name} if lines else {}
    return {"order": order.id, "amount": yuan_number(payable(order, lines)), "status": order.status, **made, **goods}


def _iso(moment: date | datetime) -> str:
    return local(moment).isoformat() if isinstance(moment, datetime) else moment.isoformat()
