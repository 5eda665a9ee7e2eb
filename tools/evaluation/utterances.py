"""What customers write one after another, with what must go and what must stay; made from the grammar in ``spellings.yml``."""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tools.evaluation.spellings import Spelled, Speller, grammar

ANNOUNCED = ("phone", "id", "card", "code", "password", "name", "address")
HARMLESS = "harmless"
DEVELOPMENT_SEED = 1
"""Rules are written while looking at what this makes; a report takes another."""


@dataclass(frozen=True)
class ValuePart:
    """A piece of a value in a message.

    Attributes:
        message: which one, from 0 on.
        pieces: as in ``Spelled``.
        text: as written.
    """

    message: int
    pieces: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Utterance:
    """Messages of a customer after each other.

    Attributes:
        kind: what must go; ``HARMLESS`` if nothing may change.
        classes: what the report counts it under.
        messages: the texts; None is a pressed button.
        parts: what must go.
    """

    kind: str
    classes: tuple[str, ...]
    messages: tuple[str | None, ...]
    parts: tuple[ValuePart, ...]


def utterances(count: int, seed: int) -> Iterator[Utterance]:
    """Makes utterances: three of eight in one message, three over several, two without anything personal."""
    writer = _Writer(random.Random(seed))
    makers = (
        writer.single,
        writer.announced,
        writer.harmless,
        writer.single,
        writer.divided,
        writer.harmless,
        writer.single,
        writer.announced,
    )
    for index in range(count):
        yield makers[index % len(makers)]()


class _Writer:
    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._grammar = grammar()
        self._speller = Speller(chance, self._grammar)
        self._fields: dict[str, Callable[[], str]] = {
            "amount": self._amount,
            "price": lambda: str(chance.choice((chance.randint(1, 99) * 100 - 1, chance.randint(10, 19999), chance.randint(1, 200) * 50))),
            "order": lambda: self._order(chance.choice((12, 12, 12, 13))),
            "parcel": lambda: chance.choice(("JDVA", "SF", "YT")) + self._speller.digits(13),
            "sku": lambda: str(chance.choice((chance.randint(100000, 99999999), 100000000000 + chance.randint(1, 99999999)))),
            "date": lambda: self._speller.day(2024, 2028).strftime(
                chance.choice(("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%m-%d", "%Y%m%d", "%m.%d"))
            ),
            "time": lambda: f"{chance.randint(0, 23)}:{chance.randint(0, 59):02}",
            "day": lambda: str(chance.randint(1, 28)),
            "tenor": lambda: f"{chance.choice((3, 6, 12, 24))}\u671f",
            "percent": lambda: f"{chance.randint(1, 24)}.{self._speller.digits(2)}%",
            "small": lambda: str(chance.randint(1, 60)),
            "cm": lambda: str(chance.randint(150, 190)),
            "four": lambda: self._speller.digits(4),
            "model": lambda: str(chance.choice(self._grammar["models"])),
            "version": lambda: str(chance.choice(self._grammar["versions"])),
            "hotline": lambda: str(chance.choice(self._grammar["hotlines"])),
            "imei": lambda: "86" + self._speller.digits(13),
            "phone_masked": lambda: f"1{chance.choice('3589')}{self._speller.digits(1)}****{self._speller.digits(4)}",
        }

    def single(self) -> Utterance:
        """A value in one message, announced there or not."""
        kind = self._chance.choice(("phone", "id", "card", "phone", "id", "card", "code", "code", "password", "name", "address"))
        value = self._speller.value(kind)
        sentences = self._grammar["sentences"][kind]
        how = "asked" if "bare" not in sentences or self._chance.random() < 0.6 else "bare"
        before, _, after = str(self._chance.choice(sentences[how])).partition("{v}")
        classes = (*value.classes, f"cue {how}", "one message")
        return Utterance(kind, classes, (before + value.text + after,), (ValuePart(0, value.pieces, value.text),))

    def announced(self) -> Utterance:
        """A value in a message of its own, announced in another."""
        kind = self._chance.choice(ANNOUNCED)
        value = self._speller.value(kind)
        if kind == "card" and self._chance.random() < 0.5:
            number = self._speller.card_miscopied()
            value = Spelled(kind, tuple(number), number, ("check digit wrong",))
        before, _, after = str(self._chance.choice(self._grammar["alone"])).partition("{v}")
        own, first = before + value.text + after, self._chance.random() < 0.7
        cue = str(self._chance.choice(self._grammar["before" if first else "after"][kind]))
        between, how = self._between() if first else ([], "nothing")
        messages = [cue, *between, own] if first else [own, cue]
        at = len(messages) - 1 if first else 0
        classes = (*value.classes, f"announced {'before' if first else 'after'}", f"between {how}")
        return Utterance(kind, classes, tuple(messages), (ValuePart(at, value.pieces, value.text),))

    def divided(self) -> Utterance:
        """A number in several messages."""
        kind = self._chance.choice(("phone", "id", "card"))
        number = {"phone": self._speller.phone, "id": self._speller.identity, "card": self._speller.card}[kind]()
        script = self._chance.choice(("ascii", "ascii", "ascii", "ascii", "wide", "han", "phone_talk", "radio", "look_alike"))
        pieces = self._speller.pieces(number, script)
        sizes = self._chance.choice(
            [sizes for sizes in self._grammar["groupings"][kind] if min(sizes) > 2 and len(pieces) > sum(sizes)] or [[4, 4, 4]]
        )
        groups = self._speller.grouped(pieces, sizes)
        if len(groups) > 2 and self._chance.random() < 0.4:
            groups = [[sign for group in groups[:-1] for sign in group], groups[-1]]
        if len(groups[-1]) < 3 or len(groups) > 5:
            cut = self._chance.randint(3, len(pieces) - 3)
            groups = [pieces[:cut], pieces[cut:]]
        texts = ["".join(group) for group in groups]
        if len(groups) == 2 and self._chance.random() < 0.15:
            return self._backwards(kind, groups, texts, script)
        if len(groups) == 2 and self._chance.random() < 0.15:
            frames, how = [self._filled(str(self._chance.choice(self._grammar["with_amount"]))), "{v}"], "amount after"
        else:
            frames, how = [self._frame(index, len(groups)) for index in range(len(groups))], "plain"
        messages: list[str | None] = []
        parts = []
        for frame, group, text in zip(frames, groups, texts):
            if messages and len(groups) == 2 and self._chance.random() < 0.3:
                between, how = self._between()
                messages += between
            parts.append(ValuePart(len(messages), tuple(group), text))
            messages.append(frame.replace("{v}", text))
        return Utterance(kind, (f"script {script}", f"in {len(groups)} messages", f"division {how}"), tuple(messages), tuple(parts))

    def harmless(self) -> Utterance:
        """Messages of a customer of a shop in which nothing may change."""
        sentences: Mapping[str, Any] = self._grammar["harmless"]
        if self._chance.random() < 0.6:
            sentence = str(self._chance.choice(sentences["single"]))
            return Utterance(HARMLESS, ("one message", sentence), (self._filled(sentence),), ())
        window = self._chance.choice(sentences["windows"])
        return Utterance(HARMLESS, ("several messages", " | ".join(window)), tuple(self._filled(str(each)) for each in window), ())

    def _backwards(self, kind: str, groups: list[list[str]], texts: list[str], script: str) -> Utterance:
        first, second = self._chance.choice(self._grammar["backwards"])
        messages = (first.replace("{v}", texts[1]), second.replace("{v}", texts[0]))
        parts = (ValuePart(0, tuple(groups[1]), texts[1]), ValuePart(1, tuple(groups[0]), texts[0]))
        return Utterance(kind, (f"script {script}", "in 2 messages", "division backwards"), messages, parts)

    def _between(self) -> tuple[list[str | None], str]:
        how = self._chance.choice(("nothing", "nothing", "words", "button", "both"))
        words = [str(self._chance.choice(self._grammar["between"]))] if how in ("words", "both") else []
        return [*words, *([None] if how in ("button", "both") else [])], how

    def _frame(self, index: int, count: int) -> str:
        parts = self._grammar["parts"]
        return str(self._chance.choice(parts["first" if index == 0 else "last" if index == count - 1 else "middle"]))

    def _filled(self, template: str) -> str:
        text = []
        for literal, field, _, _ in string.Formatter().parse(template):
            text.append(literal)
            if field:
                text.append("{v}" if field == "v" else self._fields[field]())
        return "".join(text)

    def _amount(self) -> str:
        yuan = self._chance.choice((self._chance.randint(1, 999), self._chance.randint(1000, 99999)))
        return str(self._chance.choice((str(yuan), f"{yuan}.{self._speller.digits(2)}", f"{yuan:,}", f"{yuan}.00")))

    def _order(self, length: int) -> str:
        return self._chance.choice("123") + self._speller.digits(length - 1)
