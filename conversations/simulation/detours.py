"""What customers do beside the matter: each kind with the situations in which it makes sense."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

UNDER_WAY = frozenset({"step", "offer", "confirm", "handoff_offer"})
TOLD = frozenset({"waiting", "explained", "resolved"})
ANY = UNDER_WAY | TOLD


@dataclass(frozen=True)
class Detour:
    """One kind.

    Attributes:
        within: the kinds of sight in which it can happen.
        act: what is said; empty if the customer needs more than a sentence for it.
        once: it happens at most once in a conversation.
    """

    within: frozenset[str]
    act: str = ""
    once: bool = False


OPENING = "opening"

DETOURS: Mapping[str, Detour] = {
    "greet": Detour(frozenset({OPENING}), "greet", once=True),
    "anger": Detour(ANY | {OPENING}, "anger"),
    "question": Detour(ANY),
    "repeat": Detour(UNDER_WAY | {"waiting", "explained"}, "repeat"),
    "lost": Detour(frozenset({"step"}), "lost"),
    "object": Detour(TOLD, "object", once=True),
    "challenge": Detour(ANY, "challenge", once=True),
    "person": Detour(ANY, "person"),
    "mumble": Detour(ANY, "mumble"),
    "stray": Detour(ANY, "stray"),
    "deny": Detour(UNDER_WAY | {"waiting"}, "deny"),
    "undo": Detour(frozenset({"step"}), "not_done"),
    "restart": Detour(ANY, "restart", once=True),
    "premature": Detour(frozenset({"step"}), "done"),
    "switch": Detour(UNDER_WAY | TOLD, once=True),
    "leave": Detour(UNDER_WAY | TOLD),
    "command": Detour(ANY | {OPENING}, "command"),
    "snoop": Detour(ANY | {OPENING}, "snoop"),
    "promise": Detour(ANY, "promise"),
    "pry": Detour(ANY, "pry"),
    "expose": Detour(ANY | {OPENING}, "expose"),
}
