"""What customers do beside the matter: each kind with the situations in which it makes sense."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

UNDER_WAY = frozenset({"step", "offer", "confirm", "handoff_offer"})
TOLD = frozenset({"waiting", "explained", "resolved"})
ANY = UNDER_WAY | TOLD


@dataclass(frozen=True)
class Digression:
    """One kind.

    Attributes:
        within: the kinds of observation in which it can happen.
        act: what is said; empty if the customer needs more than a sentence for it.
        once: it happens at most once in a conversation.
    """

    within: frozenset[str]
    act: str = ""
    once: bool = False


OPENING = "opening"

DIGRESSIONS: Mapping[str, Digression] = {
    "greet": Digression(frozenset({OPENING}), "greet", once=True),
    "anger": Digression(ANY | {OPENING}, "anger"),
    "question": Digression(ANY),
    "repeat": Digression(UNDER_WAY | {"waiting", "explained"}, "repeat"),
    "lost": Digression(frozenset({"step"}), "lost"),
    "object": Digression(TOLD, "object", once=True),
    "challenge": Digression(ANY, "challenge", once=True),
    "person": Digression(ANY, "person"),
    "mumble": Digression(ANY, "mumble"),
    "stray": Digression(ANY, "stray"),
    "deny": Digression(UNDER_WAY | {"waiting"}, "deny"),
    "undo": Digression(frozenset({"step"}), "not_done"),
    "restart": Digression(ANY, "restart", once=True),
    "premature": Digression(frozenset({"step"}), "done"),
    "switch": Digression(UNDER_WAY | TOLD, once=True),
    "leave": Digression(UNDER_WAY | TOLD),
    "command": Digression(ANY | {OPENING}, "command"),
    "snoop": Digression(ANY | {OPENING}, "snoop"),
    "promise": Digression(ANY, "promise"),
    "pry": Digression(ANY, "pry"),
    "expose": Digression(ANY | {OPENING}, "expose"),
}
