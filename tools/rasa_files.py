"""What Rasa reads of the intents, made from ``knowledge/intents.yml``: the domain's intents and actions, the rules, and a story per rule."""

from __future__ import annotations

from typing import Dict, Mapping

from actions.knowledge.intents import IntentMeaning

_MADE = "# Made by `make generate` from knowledge/intents.yml; change it there.\n"
_GROUPS = {
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


def rules(intents: Mapping[str, IntentMeaning]) -> Dict[str, str]:
    """The files of ``data/rules`` by name: which action answers which intent."""
    files: Dict[str, str] = {}
    for kind, (name, about) in _GROUPS.items():
        entries = [
            f"  - rule: {intent}\n    steps:\n      - intent: {intent}\n      - action: {meaning.action}\n"
            for intent, meaning in intents.items()
            if meaning.kind == kind
        ]
        if entries:
            files[f"{name}.yml"] = "\n".join([f'{_MADE}version: "3.1"\n', f"# {about}\nrules:\n{entries[0]}", *entries[1:]])
    return files


def files(intents: Mapping[str, IntentMeaning]) -> Dict[str, str]:
    """Every generated file of Rasa's by its path from the project's root."""
    made: Dict[str, str] = {"bot/domain/intents.yml": domain_intents(intents), "bot/domain/actions.yml": domain_actions(intents)}
    made.update({f"data/rules/{name}": text for name, text in rules(intents).items()})
    return made
