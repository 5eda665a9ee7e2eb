"""The intents by kind, as ``knowledge/intents.yml`` declares them; nothing else may list them."""

from __future__ import annotations

from actions.knowledge.intents import load_intents
from actions.knowledge.loading import DEFAULT_ROOT

_TRAINED = {name: meaning for name, meaning in load_intents(DEFAULT_ROOT / "intents.yml").items() if meaning.trained}


def _of(*kinds: str) -> tuple[str, ...]:
    return tuple(name for name, meaning in _TRAINED.items() if meaning.kind in kinds)


COMPLAINTS = _of("complaint")
"""Lead to a diagnosis."""
QUESTIONS = _of("question")
"""Lead to an answer."""
DIALOGUE_ACTS = _of("act", "alarm")
"""Are about the talk itself, or go to a person at once."""
INTENTS = tuple(_TRAINED)
"""Everything a text can be taken for."""

OUT_OF_SCOPE = "out_of_scope"
REQUEST_HUMAN = "request_human"
ABOUT_CASE = "about_case"
