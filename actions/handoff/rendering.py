"""The payload for people: Markdown, and a printable HTML page. The pages are templates beside this module."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Dict

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context

from actions.core.moments import SHANGHAI
from actions.handoff.payload import Payload
from actions.handoff.wording import label_of
from actions.knowledge.briefing import Briefing

TEMPLATES = Path(__file__).parent / "templates"
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~])")


def as_markdown(payload: Payload, state: Dict[str, str], briefing: Briefing) -> str:
    """The case as Markdown.

    Args:
        payload: as it was stored.
        state: ``status``, ``priority`` and ``queue`` of now.
        briefing: words for agents.
    """
    return _render("case.md", payload, state, briefing)


def as_html(payload: Payload, state: Dict[str, str], briefing: Briefing) -> str:
    """The case as a page of its own, to print or to keep; arguments as for ``as_markdown``."""
    return _render("case.html", payload, state, briefing)


def environment(*folders: Path) -> Environment:
    """Templates of these folders and of this package; HTML is escaped, and a name that does not exist is an error.

    A template needs ``briefing`` in its context.
    """
    made = Environment(
        loader=FileSystemLoader([*folders, TEMPLATES]),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=False,
        keep_trailing_newline=True,
    )
    made.filters["md"] = lambda text: _MARKDOWN.sub(r"\\\1", str(text))
    made.filters["moment"] = moment_text
    made.filters["label"] = _label
    return made


@pass_context
def _label(context: Context, path: str) -> str:
    return label_of(path, context["briefing"])


def moment_text(moment: str) -> str:
    """An ISO instant as people read it."""
    found = datetime.fromisoformat(moment)
    return (found.astimezone(SHANGHAI) if found.tzinfo else found).strftime("%Y-%m-%d %H:%M:%S")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return environment()


def _render(name: str, payload: Payload, state: Dict[str, str], briefing: Briefing) -> str:
    queue = briefing.queues[state["queue"]].title  # type: ignore[index]
    return _environment().get_template(name).render(case=payload, state={**state, "queue_title": queue}, briefing=briefing)
