"""Personal values as people write them: scripts, look-alikes, separators and groupings, drawn from ``spellings.yml``.

Nothing of ``actions.masking`` is imported, so that what is measured with this cannot share a mistake with the rules.
"""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

from actions.yaml_source import Source

_GRAMMAR_FILE = Path(__file__).with_suffix(".yml")


def grammar() -> Mapping[str, Any]:
    """The grammar as data."""
    return cast(Mapping[str, Any], Source.read(_GRAMMAR_FILE).data)


@dataclass(frozen=True)
class Spelled:
    """A value as somebody writes it.

    Attributes:
        kind: phone, id, card, code, password, name or address.
        pieces: what is written for each sign of it (or for several equal digits), without what stands between.
        text: all of it.
        classes: what is unusual about it, such as ``script han`` and ``separator comma``.
    """

    kind: str
    pieces: tuple[str, ...]
    text: str
    classes: tuple[str, ...]


class Speller:
    """Draws values and ways to write them.

    Args:
        chance: where chance comes from; the same seed draws the same.
        rules: ``grammar()``.
    """

    def __init__(self, chance: random.Random, rules: Mapping[str, Any]) -> None:
        self._chance = chance
        self._rules = rules
        self._makers: dict[str, Callable[[], str]] = {"phone": self.phone, "id": self.identity, "card": self.card, "code": self.code}

    def value(self, kind: str) -> Spelled:
        """A value of a kind in some spelling."""
        if kind in self._makers:
            return self.written(kind, self._makers[kind]())
        text = {"password": self.password, "name": self.name, "address": self.address}[kind]()
        return Spelled(kind, tuple(text), text, ("plain",))

    def phone(self) -> str:
        """A mobile number."""
        return "1" + self._chance.choice("3456789") + self.digits(9)

    def identity(self) -> str:
        """An ID number of 18 signs with its check sign (GB 11643)."""
        body: str = self._chance.choice(self._rules["regions"]) + self.day(1950, 2008).strftime("%Y%m%d") + self.digits(3)
        # ISO 7064, MOD 11-2: seen from the check sign, the weights are the powers of two.
        rest = sum(int(digit) * 2**place for place, digit in enumerate(reversed(body), 1)) % 11
        return body + "10X98765432"[rest]

    def card(self) -> str:
        """A card of 15, 16 or 19 digits with its check digit."""
        start: str = self._chance.choice(self._rules["card_beginnings"])
        length = 15 if start == "37" else 16 if start[0] in "45" else self._chance.choice((16, 19, 19))
        body = start + self.digits(length - len(start) - 1)
        doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body))]
        return body + str(-sum(sum(divmod(each, 10)) for each in doubled) % 10)

    def card_miscopied(self) -> str:
        """A card one digit of which is wrong, so that its check digit no longer fits."""
        number = self.card()
        place = self._chance.randrange(6, len(number) - 1)
        return number[:place] + str((int(number[place]) + self._chance.randint(1, 8)) % 10) + number[place + 1 :]

    def code(self) -> str:
        """A one-time code."""
        return self.digits(self._chance.choice((4, 6, 6, 6, 8)))

    def password(self) -> str:
        """A password with digits in it."""
        word = self._chance.choice(self._rules["password_words"])
        form = str(self._chance.choice(self._rules["passwords"]))
        return form.format(w=word, W=word.capitalize(), d=self.digits(self._chance.randint(4, 6)))

    def name(self) -> str:
        """A name of two to four characters."""
        return str(self._chance.choice(self._rules["surnames"])) + str(self._chance.choice(self._rules["given"]))

    def address(self) -> str:
        """A postal address."""
        chance, rules = self._chance, self._rules
        return str(chance.choice(rules["addresses"])).format(
            c=chance.choice(rules["cities"]),
            d=chance.choice(rules["districts"]),
            r=chance.choice(rules["roads"]),
            g=chance.choice(rules["gardens"]),
            n=chance.randint(1, 1999),
            m=chance.randint(1, 30),
            k=chance.randint(101, 2902),
        )

    def digits(self, count: int) -> str:
        """Any digits."""
        return "".join(self._chance.choice(string.digits) for _ in range(count))

    def day(self, first: int, last: int) -> date:
        """A day from one year to before another."""
        return date(first, 1, 1) + timedelta(days=self._chance.randrange(365 * (last - first)))

    def written(self, kind: str, number: str) -> Spelled:
        """A number in some spelling."""
        script = self.drawn(self._rules["script_weights"])
        pieces = self.pieces(number, script)
        division = self.drawn(self._rules["separator_weights"])
        usual = self._rules["groupings"][kind]
        sizes = self._chance.choice(usual)
        separator = self._chance.choice(self._rules["separators"][division])
        glue = self._chance.choice(self._rules["glue"].get(script, [""]))
        groups = [glue.join(group) for group in self.grouped(pieces, sizes)]
        text = (separator or glue).join(groups)
        grouping = "whole" if division == "none" else "usual" if sizes == usual[0] else "odd"
        return Spelled(kind, tuple(pieces), text, (f"script {script}", f"separator {division}", f"grouping {grouping}"))

    def pieces(self, number: str, script: str) -> list[str]:
        """What is written for each sign, or for several equal digits together where they are counted."""
        if script == "counted":
            return self._counted(number)
        if script == "mixed":
            return [self._sign(char, self._chance.choice(self._rules["mixed"])) for char in number]
        if script == "look_alike":
            likes = self._rules["look_alikes"]
            chosen = {char: self._chance.choice(same) for char, same in likes.items() if self._chance.random() < 0.8}
            return [chosen.get(char, char) for char in number]
        return [self._sign(char, script) for char in number]

    def grouped(self, pieces: Sequence[str], sizes: Sequence[int]) -> list[list[str]]:
        """Pieces in groups of these sizes, what is over in a last one."""
        groups, position = [], 0
        for size in sizes:
            groups.append(list(pieces[position : position + size]))
            position += size
        groups.append(list(pieces[position:]))
        return [group for group in groups if group]

    def drawn(self, weights: Mapping[str, int]) -> str:
        """One of the names, as often as its weight says."""
        return self._chance.choices(list(weights), list(weights.values()))[0]

    def _sign(self, char: str, script: str) -> str:
        if char == "X":
            letters = self._rules["check_letter"]
            return str(self._chance.choice(letters.get(script.partition("_")[0], letters["other"])))
        return str(self._rules["scripts"][script][int(char)])

    def _counted(self, number: str) -> list[str]:
        pieces: list[str] = []
        position = 0
        while position < len(number):
            run = next(length for length in range(len(number) - position, 0, -1) if len(set(number[position : position + length])) == 1)
            count = self._rules["counts"].get(str(run))
            if count:
                pieces.append(count + self._rules["count_word"] + number[position])
            else:
                pieces += number[position : position + run]
            position += run
        return pieces
