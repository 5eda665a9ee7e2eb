"""Collects the replies of one turn and sees to it that no text is said twice in a row, and no sentence twice in one reply."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Any

from actions.core.messages import AnswerData, MessageData, OutOfScopeData
from actions.core.turn import Button, Reply
from actions.knowledge import phrases as said_by_code
from actions.knowledge.phrase_files import Phrases
from actions.knowledge.phrases import Phrase


class Speaker:
    """The assistant's voice in one turn.

    Args:
        phrases: the sentences it has.
        said: the texts of the bot's latest turn.
    """

    def __init__(self, phrases: Phrases, said: frozenset[str]) -> None:
        self._phrases = phrases
        openings = phrases.texts(said_by_code.ROBOT_OPENING)
        # What was introduced by the opening is the same text without it.
        bare = {text.removeprefix(f"{opening}\n") for text in said for opening in openings}
        self._said = {*said, *bare}
        self.replies: list[Reply] = []

    def phrase(self, phrase: Phrase, **values: Any) -> str:
        """A sentence with its placeholders filled; another variant when the first was just said."""
        return self.fresh(self.variants(phrase, **values))

    def variants(self, phrase: Phrase, **values: Any) -> tuple[str, ...]:
        """Every variant of a sentence, for texts of which it is only a part."""
        return self._phrases.texts(phrase, **values)

    def fresh(self, texts: Sequence[str]) -> str:
        """The first of several texts that was not just said; the first of all if each was."""
        return next((text for text in texts if not self._was_said(text)), texts[0])

    def _was_said(self, text: str) -> bool:
        # What leads a message in, or closes it, is a part of one.
        return any(text in each for each in self._said)

    def unsaid(self, texts: Sequence[str]) -> tuple[str, ...]:
        """Those of several texts that no message just said holds."""
        return tuple(text for text in texts if not any(text in said for said in self._said))

    def say(
        self,
        text: str,
        buttons: Sequence[Button] = (),
        data: MessageData | None = None,
        variants: Sequence[str] = (),
        at: int | None = None,
    ) -> None:
        """Adds a reply; a text that was just said gives way to a variant, or to itself introduced differently.

        Args:
            at: its place among the replies; by default it comes last.
        """
        text = self.fresh((text, *variants))
        if text in self._said:
            introductions = self._phrases.texts(said_by_code.AGAIN)
            introduction = next((each for each in introductions if f"{each}\n{text}" not in self._said), introductions[-1])
            text = f"{introduction}\n{text}"
            data = data.led_by(introduction) if data is not None else None
        self._said.add(text)
        self.replies.insert(len(self.replies) if at is None else at, Reply(text, tuple(buttons), data))

    def lead_in(self, line: str, at: int = 0) -> None:
        """Puts a line before the text of a reply.

        Args:
            at: its place among the replies.
        """
        led = self.replies[at]
        self.replies[at] = replace(led, text=f"{line}\n{led.text}", data=led.data.led_by(line) if led.data is not None else None)

    def introduce(self, line: str) -> None:
        """Puts before the first reply what the assistant is."""
        first = self.replies[0]
        data = first.data.introduced_by(line, first.text) if first.data is not None else None
        self.replies[0] = replace(first, text=f"{line}\n{first.text}", data=data)

    def extend(self, line: str, at: int = 0) -> None:
        """Puts a line after the text of a reply.

        Args:
            at: its place among the replies.
        """
        self.replies[at] = replace(self.replies[at], text=f"{self.replies[at].text}\n{line}")

    def mark(self, data: MessageData) -> None:
        """Puts other data beside the text of the last reply."""
        self.replies[-1] = replace(self.replies[-1], data=data)

    def put_away_choices(self) -> None:
        """Takes the buttons of an answer off the last reply, which another answer follows: its own stand in their place."""
        if self.replies and isinstance(self.replies[-1].data, (AnswerData, OutOfScopeData)):
            self.replies[-1] = replace(self.replies[-1], buttons=())

    def take_back(self, line: str) -> bool:
        """Takes a line out of the answer that the reply began with, to be said behind it; False if it does not stand there."""
        for at, reply in enumerate(self.replies):
            lines = reply.text.split("\n")
            if line in lines and len(lines) > 1:
                self.replies[at] = replace(reply, text="\n".join(each for each in lines if each != line))
                return True
        return False

    def reword(self, text: str) -> None:
        """Puts other words in place of those of the last reply, which has no data that hold them."""
        self.replies[-1] = replace(self.replies[-1], text=text)

    def offer_instead(self, buttons: Sequence[Button]) -> None:
        """Puts buttons on the last reply in place of its own."""
        self.replies[-1] = replace(self.replies[-1], buttons=tuple(buttons))

    def offer(self, buttons: Sequence[Button]) -> None:
        """Puts buttons on the last reply, behind its own; a person stays at the end."""
        last = self.replies[-1]
        person = buttons[-1:]
        own = [button for button in last.buttons if button not in buttons]
        self.replies[-1] = replace(last, buttons=(*own, *buttons[:-1], *person))


MOSTLY_THE_SAME = 0.6
"""The share of common characters from which on a second sentence adds nothing, if it names no other number."""
_LEAST = 6
"""Characters below which a sentence is too short to be compared."""
_ENDS = re.compile(r"(?<=[。！？])")
_MARKS = re.compile(r"[，：。！？；]")
_PARTS = re.compile(r"[：。！？；]")
_SHORT = 3
"""Characters below which an opening is a yes or a no, which two answers may share."""
NUMBERS = re.compile(r"\d[\d.,:]*")
"""A number, an amount or a time of day."""


def put_together(texts: Iterable[str]) -> str:
    """The texts line by line, without the sentences that an earlier one of them has said already.

    Args:
        texts: lines of sentences; what one text says twice itself stays.
    """
    told: list[str] = []
    for text in texts:
        told += filter(None, [unsaid(text, told)])
    return "\n".join(told)


def unsaid(text: str, earlier: Iterable[str]) -> str:
    """A text without the sentences that earlier ones have said already; empty if nothing is left."""
    said = [sentence for each in earlier for line in each.split("\n") for sentence in _sentences(line)]
    lines = ["".join(each for each in _sentences(line) if not _is_said(each, said)) for line in text.split("\n")]
    return "\n".join(filter(None, lines))


def says_the_same(text: str, other: str) -> bool:
    """Whether two texts are for the most part the same words, and the one names no number that the other does not."""
    if not set(NUMBERS.findall(text)) <= set(NUMBERS.findall(other)):
        return False
    matcher = SequenceMatcher(None, text, other, autojunk=False)
    return matcher.real_quick_ratio() > MOSTLY_THE_SAME and matcher.quick_ratio() > MOSTLY_THE_SAME and matcher.ratio() > MOSTLY_THE_SAME


def names_a_number_beside(text: str, others: Iterable[str]) -> bool:
    """Whether a text names a number that no other one names."""
    return not set(NUMBERS.findall(text)) <= {number for other in others for number in NUMBERS.findall(other)}


def names_nothing_new(text: str, others: Iterable[str]) -> bool:
    """Whether a text names numbers, and none that others do not name."""
    return bool(NUMBERS.search(text)) and not names_a_number_beside(text, others)


def shares_a_number(text: str, others: Iterable[str]) -> bool:
    """Whether a text names a number that one of others names: heard together they say the same thing twice."""
    return any(not set(NUMBERS.findall(text)).isdisjoint(NUMBERS.findall(other)) for other in others)


def opens_alike(text: str, other: str) -> bool:
    """Whether two texts begin with the same words up to their first mark: heard together they sound like one answer given twice."""
    return len(_opening(text)) >= _SHORT and _opening(text) == _opening(other)


def sympathy(text: str, others: Iterable[str], sorry: re.Pattern[str]) -> str:
    """What is left of words for somebody upset beside other texts: how they begin, for what can be done stands in those; nothing beside an apology.

    Args:
        sorry: what an apology is known by.
    """
    return "" if any(map(sorry.search, others)) else f"{_PARTS.split(text, maxsplit=1)[0]}。"


def _opening(text: str) -> str:
    return _MARKS.split(text, maxsplit=1)[0]


def _is_said(sentence: str, said: Iterable[str]) -> bool:
    return len(sentence) >= _LEAST and any(says_the_same(sentence, other) for other in said)


def _sentences(line: str) -> list[str]:
    return [sentence for sentence in _ENDS.split(line) if sentence]
