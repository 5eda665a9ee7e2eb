"""What reports call things: by their titles at the time, so that a cause that is gone since keeps its name."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sqlalchemy.orm import Session

from actions.core.observations import NOTHING
from actions.knowledge.model import Knowledge
from actions.state.insight import titles_at

_PLACEHOLDER = re.compile(r"\{[^}]*\}")
_LONGEST, _ENOUGH = 28, 9


def current_titles(knowledge: Knowledge) -> dict[str, str]:
    """What everything that reports name is called now, by ``kind/id``."""
    found = {f"cause/{cause.id}": cause.title for cause in knowledge.causes.values()}
    for cause in knowledge.causes.values():
        found |= {f"step/{cause.id}/{number}": _shortened(step.text) for number, step in enumerate(cause.steps, 1)}
    found |= {f"intent/{name}": meaning.title or meaning.claim or name for name, meaning in knowledge.intents.items()}
    found |= {f"reason/{name}": reason.agents.title for name, reason in knowledge.handoffs.items()}
    found |= {f"topic/{topic.id}": topic.title for topic in knowledge.answers.topics.values()}
    return found


class Titles:
    """The titles at an instant.

    Args:
        session: where they were noted.
        knowledge: that of now, for what was never noted.
        at: in milliseconds of the epoch.
        words: for what is no thing of the knowledge, by ``kind/id``.
    """

    def __init__(self, session: Session, knowledge: Knowledge, at: int, words: Mapping[str, str]) -> None:
        self._titles = {**current_titles(knowledge), **titles_at(session, at), **words}

    def of(self, kind: str, *parts: str) -> str:
        """What something is called; its id if it was never called anything."""
        return self._titles.get("/".join((kind, *parts)), "/".join(parts))

    def cause(self, name: str) -> str:
        """What a cause is called, and what is said where none was found."""
        return self.of("cause", name) if name != NOTHING else self.of("word", NOTHING)


def _shortened(text: str) -> str:
    said = _PLACEHOLDER.sub("…", text).split("\n")[0]
    kept = ""
    for part in re.split(r"(?<=[，。；：])", said):
        # A beginning such as “if it is there” says nothing of what is to be done.
        if len(kept) >= _ENOUGH:
            break
        kept += part
    kept = kept.rstrip("，。；：")
    return kept if len(kept) <= _LONGEST else f"{kept[: _LONGEST - 1]}…"
