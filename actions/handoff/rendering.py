"""The payload for people: Markdown, and a printable HTML page. The pages are templates beside this module."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context

from actions.core.moments import parse_moment
from actions.core.money import yuan_text
from actions.handoff.payload import Payload
from actions.handoff.payload_state import value_text
from actions.knowledge.model import Knowledge

TEMPLATES = Path(__file__).parent / "templates"
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~])")


def as_markdown(payload: Payload, state: dict[str, str], knowledge: Knowledge) -> str:
    """The case as Markdown.

    Args:
        payload: as it was stored.
        state: ``status``, ``priority`` and ``queue`` of now.
        knowledge: words for agents.
    """
    return _render("case.md", payload, state, knowledge)


def as_html(payload: Payload, state: dict[str, str], knowledge: Knowledge) -> str:
    """The case as a page of its own, to print or to keep; arguments as for ``as_markdown``."""
    return _render("case.html", payload, state, knowledge)


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
    made.filters["md"] = lambda text: _MARKDOWN.sub(r"\\\1", str(text))
    made.filters["label"] = _label
    made.filters["listed"] = _listed
    made.filters["moment"] = _moment
    made.filters["said"] = _said
    made.filters["yuan"] = lambda yuan: yuan_text(round(yuan * 100))
    return made


@pass_context
def _label(context: Context, path: str) -> str:
    return str(context["knowledge"].facts.title_for_agents(path))


@pass_context
def _said(context: Context, value: object, path: str) -> str:
    return value_text(value, path, context["knowledge"])


@pass_context
def _listed(context: Context, items: Iterable[object]) -> str:
    return str(context["knowledge"].locale.listed(map(str, items)))


@pass_context
def _moment(context: Context, moment: str) -> str:
    return str(context["knowledge"].locale.moment(parse_moment(moment)))


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return environment()


def _render(name: str, payload: Payload, state: dict[str, str], knowledge: Knowledge) -> str:
    briefing = knowledge.briefing
    queue = briefing.queues[state["queue"]].title  # type: ignore[index]
    shown = {**state, "queue_title": queue}
    return _environment().get_template(name).render(case=payload, state=shown, knowledge=knowledge, briefing=briefing)
