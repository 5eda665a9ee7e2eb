"""Turns phrases into replies and sees to it that no text is said twice in a row."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, FrozenSet, List, Optional, Sequence, Tuple

from actions.dialogue.turn import Button, Reply
from actions.knowledge.model import Knowledge
from actions.knowledge.rendering import fill


class Speaker:
    """Collects the replies of one turn.

    Args:
        knowledge: for the phrases.
        said: the texts of the bot's latest turn.
    """

    def __init__(self, knowledge: Knowledge, said: FrozenSet[str]) -> None:
        self._phrases = knowledge.phrases
        self._said = set(said)
        self.replies: List[Reply] = []

    def phrase(self, phrase_id: str, **values: object) -> str:
        """A phrase with its placeholders filled; another variant when the first was just said."""
        variants = self.variants(phrase_id, **values)
        return next((variant for variant in variants if variant not in self._said), variants[0])

    def variants(self, phrase_id: str, **values: object) -> List[str]:
        """Every variant of a phrase, for texts of which it is only a part."""
        return [fill(variant, values) for variant in self._phrases.get(phrase_id)]

    def button(self, phrase_id: str, payload: str) -> Button:
        """A button whose title is a phrase."""
        return Button(self._phrases.get(phrase_id)[0], payload)

    def say(
        self,
        text: str,
        buttons: Sequence[Button] = (),
        data: Optional[Dict[str, Any]] = None,
        variants: Sequence[str] = (),
        at: Optional[int] = None,
    ) -> None:
        """Adds a reply; a text that was just said gives way to a variant, or to itself introduced differently."""
        text = next((candidate for candidate in (text, *variants) if candidate not in self._said), text)
        if text in self._said:
            introductions = self._phrases.get("again")
            reworded = [fill(introduction, {"text": text}) for introduction in introductions]
            text = next((candidate for candidate in reworded if candidate not in self._said), reworded[-1])
        self._said.add(text)
        reply = Reply(text, tuple(buttons), data)
        self.replies.insert(len(self.replies) if at is None else at, reply)

    def extend_first(self, line: str, afterwards: bool) -> None:
        """Puts a line before or after the text of the first reply."""
        first, *others = self.replies
        text = f"{first.text}\n{line}" if afterwards else f"{line}\n{first.text}"
        self.replies = [replace(first, text=text), *others]

    def done(self) -> Tuple[Reply, ...]:
        """The replies of the turn in order."""
        return tuple(self.replies)
