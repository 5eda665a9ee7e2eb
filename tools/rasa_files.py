"""What Rasa reads of the knowledge: the domain's intents, actions and entities, and the rules."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from actions.knowledge.glossary import NO_ENTITIES, Glossary, load_glossary
from actions.knowledge.glossary_numbers import AMOUNT_KINDS
from actions.knowledge.intents import IntentKind, IntentMeaning, load_intents
from actions.knowledge.loading import DEFAULT_ROOT

_MADE = "# Made by `make generate` from knowledge/intents.yml; change it there.\n"
_MADE_FROM_GLOSSARY = "# Made by `make generate` from knowledge/glossary.yml; change it there.\n"
_GROUPS: dict[IntentKind, tuple[str, str]] = {
    "complaint": ("complaints", "Complaints lead to a diagnosis, whatever the customer believes the cause to be."),
    "question": ("questions", "Questions are answered from the knowledge; quotes are computed."),
    "alarm": ("alarms", "What goes to a person at once."),
    "act": ("acts", "What the customer says about the step, offer or question at hand, and about the talk itself."),
    "other": ("others", "Other matters."),
}
"""Kind of intent → the file of its rules, and what they have in common."""


def domain_intents(intents: Mapping[str, IntentMeaning]) -> str:
    """``bot/domain/intents.yml``. Rules see intents only: what a text names travels in entities, and the actions read it there."""
    lines = [_MADE, 'version: "3.1"\n\n', "intents:\n"]
    for kind, (_, about) in _GROUPS.items():
        lines.append(f"  # {about}\n")
        lines.extend(f"  - {name}: {{use_entities: []}}\n" for name, meaning in intents.items() if meaning.kind == kind)
    return "".join(lines)


def domain_actions(intents: Mapping[str, IntentMeaning]) -> str:
    """``bot/domain/actions.yml``: the actions that rules choose."""
    chosen = dict.fromkeys(meaning.action for meaning in intents.values())
    return "".join([_MADE, 'version: "3.1"\n\n', "actions:\n", *(f"  - {action}\n" for action in chosen)])


def rules(intents: Mapping[str, IntentMeaning]) -> dict[str, str]:
    """The files of ``data/rules`` by name: which action answers which intent."""
    files: dict[str, str] = {}
    for kind, (name, about) in _GROUPS.items():
        entries = [
            f"  - rule: {intent}\n    steps:\n      - intent: {intent}\n      - action: {meaning.action}\n"
            for intent, meaning in intents.items()
            if meaning.kind == kind
        ]
        if entries:
            files[f"{name}.yml"] = "\n".join([f'{_MADE}version: "3.1"\n', f"# {about}\nrules:\n{entries[0]}", *entries[1:]])
    return files


def domain_entities(glossary: Glossary) -> str:
    """``bot/domain/entities.yml``: what the language pipeline finds in a text; values are normalised (docs/understanding.md)."""
    named = [term.kind for term in glossary.terms if term.kind not in NO_ENTITIES]
    kinds = dict.fromkeys([*(pattern.kind for pattern in glossary.numbers), *(AMOUNT_KINDS if glossary.amounts else ()), *named])
    lines = [_MADE_FROM_GLOSSARY, 'version: "3.1"\n\n', "entities:\n", *(f"  - {kind}\n" for kind in kinds)]
    lines += ["  # what a button is about; no text holds it\n", "  - topic\n"]
    lines += ["  # what the dialogue must not overlook, whatever the intent is\n", *(f"  - {cue.name}\n" for cue in glossary.cues)]
    return "".join(lines)


@lru_cache(maxsize=1)
def rasa_files() -> dict[str, str]:
    """Every generated file of Rasa's by its path from the project's root."""
    intents = load_intents(DEFAULT_ROOT / "intents.yml")
    glossary = load_glossary(DEFAULT_ROOT / "glossary.yml")
    made = {
        "bot/domain/intents.yml": domain_intents(intents),
        "bot/domain/actions.yml": domain_actions(intents),
        "bot/domain/entities.yml": domain_entities(glossary),
    }
    return {**made, **{f"data/rules/{name}": text for name, text in rules(intents).items()}}
