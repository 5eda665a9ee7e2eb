"""``mask``: the one entrance of the package."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Masked:
    """A text without personal values.

    Attributes:
        text: what may be stored, logged and shown.
        kinds: what was taken out, each kind once, in the order of its first appearance.
    """

    text: str
    kinds: tuple[str, ...]


def mask(text: str) -> Masked:
    """Replaces personal values in a text.

    Masking a masked text changes nothing: it goes on until a pass finds nothing more. That ends, because each replacement
    leaves fewer readable characters outside its own label than it found.

    Args:
        text: anything a person typed, of any length.

    Returns:
        The text and the kinds found: id, phone, card, code, password, email, plate, address, name.
    """
    from actions.masking.finder import finder

    kinds: dict[str, None] = {}
    find = finder().find
    while True:
        found = find(text)
        if not found:
            return Masked(text, tuple(kinds))
        pieces: list[str] = []
        position = 0
        for item in found:
            pieces += (text[position : item.start], item.replacement)
            position = item.end
            kinds[item.kind] = None
        pieces.append(text[position:])
        text = "".join(pieces)


def warm_up() -> None:
    """Builds the pipeline ahead of the first message; it takes seconds because spaCy is imported here."""
    mask("1")
