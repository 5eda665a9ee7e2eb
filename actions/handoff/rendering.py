"""The payload in other forms: Markdown and a printable page for people, Chatwoot and Zendesk for other support systems. Nothing is sent from here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context

from actions.core.causes import NO_CAUSE_FOUND
from actions.core.handoff import TicketFormat
from actions.core.moments import parse_moment
from actions.core.money import yuan_text
from actions.core.signs import cleaned
from actions.handoff.payload import Line, Payload
from actions.handoff.payload_state import value_text
from actions.knowledge.model import Knowledge

TEMPLATES = Path(__file__).parent / "templates"
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~&])")
_LINK = re.compile(r"((?:https?|ftp)://[^\s`]+|www\.[^\s`]+)", re.IGNORECASE)
"""What readers of Markdown make a link of although nothing marks it as one."""
_BEGINNING = re.compile(r"^(\d*)([-+=.)])(?=[-=\s]|$)")
"""What makes a line a point of a list, a rule, or the line above it a heading."""
_LINE_END = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
_WITHIN_POINT = "  \n   "
"""The end of a line within a point of a list."""


def markdown(text: object, between_lines: str = " ") -> str:
    """A text that somebody wrote as Markdown that shows it and means nothing by it: no emphasis, no link, no list, no line of its own."""
    lines = (line.strip() for line in _LINE_END.split(cleaned(str(text))))
    return between_lines.join(_markdown_line(line) for line in lines if line)


def _markdown_line(line: str) -> str:
    parts = [f"`{part}`" if odd % 2 else _MARKUP.sub(r"\\\1", part) for odd, part in enumerate(_LINK.split(line))]
    return _BEGINNING.sub(r"\1\\\2", "".join(parts))


class NoteShown(NamedTuple):
    """An internal note in an export."""

    at: str
    agent: str
    text: str


def as_markdown(payload: Payload, state: dict[str, str], knowledge: Knowledge, notes: Sequence[NoteShown] = ()) -> str:
    """The case as Markdown.

    Args:
        payload: as it was stored, or as it stands.
        state: ``status``, ``priority`` and ``queue`` of now.
        knowledge: words for agents.
        notes: internal ones, for exports that agents alone read; marked as what they are.
    """
    return _render("case.md", payload, state, knowledge, notes)


def as_html(payload: Payload, state: dict[str, str], knowledge: Knowledge, notes: Sequence[NoteShown] = ()) -> str:
    """The case as a page of its own, to print or to keep; arguments as for ``as_markdown``."""
    return _render("case.html", payload, state, knowledge, notes)


def environment(*folders: Path) -> Environment:
    """Templates of these folders and of this package; HTML is escaped, and a name that does not exist is an error.

    A template needs ``knowledge`` and its ``briefing`` in its context.
    """
    made = Environment(
        loader=FileSystemLoader([*folders, TEMPLATES]),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=False,
        keep_trailing_newline=True,
    )
    made.filters["md"] = markdown
    made.filters["md_lines"] = lambda text: markdown(text, _WITHIN_POINT)
    made.filters["label"] = _label
    made.filters["listed"] = _listed
    made.filters["moment"] = _moment
    made.filters["month"] = _month
    made.filters["rests_on"] = _rests_on
    made.filters["said"] = _said
    made.filters["understood"] = _understood
    made.filters["yuan"] = lambda yuan: yuan_text(round(yuan * 100))
    return made


@pass_context
def _label(context: Context, path: str) -> str:
    return str(context["knowledge"].facts.title_for_agents(path))


@pass_context
def _said(context: Context, value: object, path: str) -> str:
    return value_text(value, path, context["knowledge"])


@pass_context
def _rests_on(context: Context, case: Payload) -> str:
    """What the recommended action rests on, in words: the files that say it are for machines."""
    knowledge: Knowledge = context["knowledge"]
    reason, cause = knowledge.handoffs.get(case.reason.code), knowledge.causes.get(case.recommended.cause or NO_CAUSE_FOUND)
    title = case.reason.title if cause is None or (reason is not None and reason.agents.action is not None) else cause.title
    return f"“{title}”"


@pass_context
def _understood(context: Context, line: Line) -> str:
    """What a customer's message was taken for, in words; empty where there are none."""
    meaning = context["knowledge"].intents.get(line.intent) if line.role == "user" and line.intent else None
    return str(meaning.title) if meaning is not None and meaning.title else ""


@pass_context
def _listed(context: Context, items: Iterable[object]) -> str:
    return str(context["knowledge"].locale.listed(map(str, items)))


@pass_context
def _moment(context: Context, moment: str) -> str:
    return str(context["knowledge"].locale.moment(parse_moment(moment)))


@pass_context
def _month(context: Context, month: str) -> str:
    return str(context["knowledge"].locale.month_named(month))


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return environment()


def _render(name: str, payload: Payload, state: dict[str, str], knowledge: Knowledge, notes: Sequence[NoteShown]) -> str:
    briefing = knowledge.briefing
    queue = briefing.queues[state["queue"]].title  # type: ignore[index]
    shown = {**state, "queue_title": queue}
    return _environment().get_template(name).render(case=payload, state=shown, knowledge=knowledge, briefing=briefing, notes=notes)


_CHATWOOT_ROLES = {"user": "incoming", "bot": "outgoing", "agent": "outgoing", "system": "outgoing"}
_LABEL_LENGTH = 40


def as_chatwoot(payload: Payload, state: dict[str, str], knowledge: Knowledge) -> dict[str, Any]:
    """The bodies of Chatwoot's application API, in the order in which they are posted below ``/api/v1/accounts/{account}``.

    The caller fills in the inbox and contact of its installation, and puts the id that the first call returns into the paths of the others.
    """
    messages: list[dict[str, Any]] = [
        {"content": line.text, "message_type": _CHATWOOT_ROLES[line.role], "private": False, "content_attributes": {"number": line.number}}
        for line in payload.transcript
    ]
    note = {"content": as_markdown(payload, state, knowledge), "message_type": "outgoing", "private": True}
    conversation = {
        "source_id": payload.conversation.reference,
        "status": "open",
        "custom_attributes": {
            "handoff_id": payload.id,
            "reason": payload.reason.code,
            "queue": state["queue"],
            "cause": payload.recommended.cause,
            "order": payload.order.id if payload.order else None,
            "bill": payload.bill.id if payload.bill else None,
            "schema": payload.schema_,
        },
    }
    return {
        "conversation": conversation,
        "messages": [*messages, note],
        "labels": {"labels": _tags(payload, state)},
        "status": {"status": "open"},
        "priority": {"priority": {"normal": "medium"}.get(state["priority"], state["priority"])},
    }


def as_zendesk(payload: Payload, state: dict[str, str], knowledge: Knowledge) -> dict[str, Any]:
    """One ticket, as ``POST /api/v2/tickets.json`` takes it; ``external_id`` finds it again."""
    return {
        "ticket": {
            "external_id": payload.id,
            "subject": payload.summary.headline,
            "comment": {"body": as_markdown(payload, state, knowledge), "public": False},
            "priority": state["priority"],
            "status": "new",
            "type": "problem",
            "tags": _tags(payload, state),
            "requester": {"name": payload.customer.display, "external_id": payload.customer.reference},
            "metadata": {"schema": payload.schema_, "conversation": payload.conversation.reference},
        }
    }


def _tags(payload: Payload, state: dict[str, str]) -> list[str]:
    causes = [cause.id for cause in payload.diagnosis.causes]
    return [tag[:_LABEL_LENGTH] for tag in dict.fromkeys(["baitiao", payload.reason.code, state["queue"], state["priority"], *causes])]


RENDERERS: Mapping[TicketFormat, Callable[[Payload, dict[str, str], Knowledge], dict[str, Any]]] = {
    "handoff": lambda payload, state, _knowledge: {"handoff": payload.to_data(), "state": state},
    "chatwoot": as_chatwoot,
    "zendesk": as_zendesk,
}
"""What is sent in each format."""
