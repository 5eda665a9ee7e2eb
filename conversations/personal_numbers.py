"""A seeded set of texts with and without personal numbers, each labelled with what must go and what must stay."""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from actions.masking.checks import id_checksum, luhn
from actions.yaml_source import Source

TEMPLATES = Path(__file__).with_name("personal_numbers.yml")
PERSONAL = ("id", "phone", "card", "code", "password", "cvv")
SPLIT = ("id", "phone", "card")
HARMLESS = ("amount", "order", "date", "sku", "tenor", "hotline")


@dataclass(frozen=True)
class Sample:
    """One text.

    Attributes:
        kind: the kind of its template.
        text: the text.
        personal: (kind, value as written) of everything that must not survive.
        harmless: (kind, value as written) of everything that must survive unchanged.
    """

    kind: str
    text: str
    personal: tuple[tuple[str, str], ...]
    harmless: tuple[tuple[str, str], ...]


def generate(count: int = 6000, seed: int = 20261122) -> Iterator[Sample]:
    """Makes ``count`` samples, the kinds in turn."""
    writer = _Writer(random.Random(seed), Source.read(TEMPLATES).data)
    kinds = (*PERSONAL, *HARMLESS)
    for index in range(count):
        yield writer.sample(kinds[index % len(kinds)])


@dataclass(frozen=True)
class PairSample:
    """Two messages after each other.

    Attributes:
        kind: of the number divided between them, or ``together`` if nothing may change.
        parts: the number's two parts as written; empty if nothing may change.
    """

    kind: str
    first: str
    second: str
    parts: tuple[str, ...]


def generate_pairs(count: int = 2000, seed: int = 20261122) -> Iterator[PairSample]:
    """Makes ``count`` pairs: of four, one each divides an ID number, a phone and a card, and one divides nothing."""
    writer = _Writer(random.Random(seed), Source.read(TEMPLATES).data)
    kinds = (*SPLIT, "together")
    for index in range(count):
        yield writer.pair(kinds[index % len(kinds)])


class _Writer:
    def __init__(self, chance: random.Random, templates: Any) -> None:
        self._chance = chance
        self._templates = templates
        self._values: dict[str, Callable[[], str]] = {
            "id": self._id,
            "phone": self._phone,
            "card": self._card,
            "code": lambda: self._written(self._digits(chance.choice((4, 6, 6, 6, 8))), (3,)),
            "password": self._password,
            "cvv": lambda: self._digits(3),
            "amount": self._amount,
            "order": self._order,
            "date": self._date,
            "sku": lambda: str(chance.randint(100000, 999999999)),
            "tenor": lambda: f"{chance.choice((3, 6, 12, 24))}\u671f",
            "hotline": lambda: chance.choice(("95118", "12378", "950618", "400-606-5500", "4006065500")),
        }

    def sample(self, kind: str) -> Sample:
        filler = self._templates["filler"]
        template = self._chance.choice(filler["before"]) + self._chance.choice(self._templates[kind]) + self._chance.choice(filler["after"])
        text: list[str] = []
        personal: list[tuple[str, str]] = []
        harmless: list[tuple[str, str]] = []
        for literal, field, _, _ in string.Formatter().parse(template):
            text.append(literal)
            if field:
                value = self._values[field]()
                text.append(value)
                (personal if field in PERSONAL else harmless).append((field, value))
        return Sample(kind, "".join(text), tuple(personal), tuple(harmless))

    def pair(self, kind: str) -> PairSample:
        if kind == "together":
            first, second = self._chance.choice(self._templates["together"])
            return PairSample(kind, self._filled(first), self._filled(second), ())
        written = self._values[kind]()
        places = [index for index, char in enumerate(written) if char.isalnum()]
        cut = places[self._chance.randint(3, len(places) - 3)]
        head, tail = written[:cut].rstrip(" -"), written[cut:].lstrip(" -")
        first, second = (self._chance.choice(self._templates["split"][part]) for part in ("first", "second"))
        return PairSample(kind, first.format(head=head), second.format(tail=tail), (head, tail))

    def _filled(self, template: str) -> str:
        fields = {field for _, field, _, _ in string.Formatter().parse(template) if field}
        return template.format(**{field: self._values[field]() for field in fields})

    def _digits(self, count: int) -> str:
        return "".join(self._chance.choice(string.digits) for _ in range(count))

    def _day(self, first: int, last: int) -> date:
        return date(first, 1, 1) + timedelta(days=self._chance.randrange(365 * (last - first)))

    def _id(self) -> str:
        province = self._chance.choice(("11", "13", "21", "31", "32", "33", "37", "42", "44", "50", "51", "61", "65"))
        region = province + self._digits(4)
        if self._chance.random() < 0.05:
            return self._written(region + self._day(1950, 1999).strftime("%y%m%d") + self._digits(3), (6, 6, 3))
        body = region + self._day(1945, 2010).strftime("%Y%m%d") + self._digits(3)
        check = next(char for char in "0123456789x" if id_checksum(body + char))
        return self._written(body + self._chance.choice((check, check.upper())), (6, 8, 4))

    def _phone(self) -> str:
        number = self._chance.choice(("13", "15", "16", "17", "18", "19")) + self._digits(9)
        written = self._written(number, (3, 4, 4))
        return self._chance.choice(("", "", "", "", "", "+86", "+86 ", "86", "0086-")) + written if written.isascii() else written

    def _card(self) -> str:
        body = self._chance.choice(("62", "62", "62", "4", "5", "35")) + self._digits(13)
        body = body[: self._chance.choice((14, 15))] + self._digits(self._chance.choice((0, 0, 1, 3)))
        check = next(char for char in string.digits if luhn(body + char))
        return self._written(body + check, (4, 4, 4, 4, 4))

    def _password(self) -> str:
        letters = "".join(self._chance.choice(string.ascii_letters) for _ in range(self._chance.randint(1, 6)))
        return letters + self._digits(self._chance.randint(2, 6)) + self._chance.choice(("", "", "!", "@", "#a"))

    def _amount(self) -> str:
        yuan = self._chance.choice((self._chance.randint(1, 999), self._chance.randint(1000, 99999)))
        return self._chance.choice((str(yuan), f"{yuan}.{self._digits(2)}", f"{yuan:,}", f"{yuan}.00"))

    def _order(self) -> str:
        if self._chance.random() < 0.2:
            return f"o-{self._chance.randint(1, 99)}"
        while True:
            number = str(self._chance.randint(1, 9)) + self._digits(self._chance.randint(9, 19))
            if not luhn(number) and not (len(number) == 18 and id_checksum(number)):
                return number

    def _date(self) -> str:
        return self._day(2020, 2030).strftime(
            self._chance.choice(("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%m-%d", "%Y%m%d", "%Y-%m-%d %H:%M"))
        )

    def _written(self, number: str, sizes: tuple[int, ...]) -> str:
        """The number plain, in groups, digit by digit, full width or with digits as characters."""
        form = self._chance.choice(("plain", "plain", "plain", "groups", "dashes", "single", "wide", "spoken", "hidden"))
        if form in ("groups", "dashes"):
            return (" " if form == "groups" else "-").join(self._groups(number, sizes))
        if form == "single":
            return " ".join(number)
        if form == "wide":
            return "".join(chr(ord(char) + 0xFEE0) for char in number)
        if form == "hidden":
            middle = len(number) // 2
            return number[:middle] + "\u200b" + number[middle:]
        if form == "spoken":
            spoken = str(self._templates["spoken"])
            one = self._chance.choice((spoken[1], str(self._templates["spoken_phone_one"])))
            return "".join(one if char == "1" else spoken[int(char)] if char.isdigit() else char for char in number)
        return number

    @staticmethod
    def _groups(number: str, sizes: tuple[int, ...]) -> list[str]:
        groups: list[str] = []
        for size in sizes:
            if number:
                groups.append(number[:size])
                number = number[size:]
        return [*groups, number] if number else groups
