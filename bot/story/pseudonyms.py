"""Stable pseudonyms for everything that names a customer."""

from __future__ import annotations

import re
from typing import Any

from bot.story.past import Past


class Pseudonyms:
    """Replaces a customer's ids and name in texts and in world rows.

    An id keeps its shape and its place among the others, because titles of buttons are cut by length and ties are broken by order. The
    day of birth is left out, or the first of its month where an age policy needs it.

    Args:
        user: the customer.
        past: their world, which names their orders, bills and what became of them.
    """

    def __init__(self, user: str, past: Past) -> None:
        self._ages = any(policy["kind"] == "age" for policy in past.rows["policies"].values())
        others = sorted({*past.rows["users"]} - {user})
        self._names: dict[str, str] = {key: _numbered(key, number) for number, key in enumerate((user, *others), start=1)}
        for section in ("orders", "bills", "contracts", "repayments", "refunds"):
            added = {row["id"] for _, patch in past.changes for row in patch.get(section, ())}
            for number, key in enumerate(sorted({*past.rows[section], *added}), start=1):
                self._names[key] = _numbered(key, number)
        name = past.rows["users"].get(user, {}).get("name")
        if name:
            self._names[name] = "customer-1"
        longest_first = sorted(self._names, key=len, reverse=True)
        self._pattern = re.compile(
            "|".join(rf"(?<![\w-]){re.escape(each)}(?![\w-])" if each.isascii() else re.escape(each) for each in longest_first), re.ASCII
        )

    def text(self, text: str) -> str:
        """A text in which nobody is named."""
        return self._pattern.sub(lambda match: self._names[match.group()], text)

    def value(self, value: Any) -> Any:
        """Anything made of texts, maps and lists."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.value(each) for each in value]
        if not isinstance(value, dict):
            return value
        shown = {self.value(key): self.value(each) for key, each in value.items()}
        birth = shown.pop("birth_date", None)
        return {**shown, "birth_date": f"{birth[:7]}-01"} if birth and self._ages else shown


def _numbered(key: str, number: int) -> str:
    digits = sum(character.isdigit() for character in key)
    if len(str(number)) > digits:
        return f"id-{number}"
    figures = iter(str(number).zfill(digits))
    return "".join(next(figures) if character.isdigit() else character for character in key)
