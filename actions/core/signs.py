"""Signs that no text for people holds: one list for the world's names, customers' messages, agents' words, and everything that is written of them.

A control character ends or clears what a terminal or a database reads. A sign that turns the direction of writing lets a reader see another
text than the one that stands there: "paid" where "not paid" was typed.
"""

from __future__ import annotations

import unicodedata

_LAYOUT = frozenset("\t\n\r\x85")
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Embeddings, overrides and isolates; the marks beside them turn nothing but themselves, and Arabic and Hebrew need them."""


def is_binary(sign: str) -> bool:
    """Whether a character belongs to no text at all: a control character, or half of a surrogate pair."""
    return unicodedata.category(sign) in ("Cc", "Cs") and sign not in _LAYOUT


def is_turning(sign: str) -> bool:
    """Whether a character turns the direction in which those behind it are read."""
    return sign in _TURNING


def cleaned(text: str) -> str:
    """A text without such characters."""
    # Python calls none of them printable, and most texts have nothing else.
    return text if text.isprintable() else "".join(sign for sign in text if not is_binary(sign) and not is_turning(sign))
