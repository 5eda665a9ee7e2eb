"""Everything that can be reached, by dimension."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from actions.core.causes import Cause
from actions.core.conditions import facts_in
from actions.core.topics import Topic
from actions.knowledge import phrases
from actions.knowledge.model import Knowledge
from actions.yaml_source import Source

ROOT = Path(__file__).resolve().parents[2]

OUTCOMES = ("passed", "failed", "not_found", "handed_over")
"""How work on a cause with steps can go: a check of either result, a step that is not found, a person who takes over."""

OUTSIDE_OF_CONVERSATIONS = frozenset({phrases.PUSH_DUE.id, phrases.UNKNOWN_CUSTOMER.id})
"""Phrases that no conversation holds: what a push service shows, and what ``rasa shell`` gets without a customer. Unit tests have them."""

ANSWERED_OTHERWISE = frozenset({"advice_ask"})
"""Topics whose own answer no conversation holds: it is for where nobody can be told of anything before it comes. A unit test has it."""

Rules = Mapping[tuple[str, str], str]


def rules(folder: Path = ROOT / "data" / "rules") -> Rules:
    """The name of every rule by its intent and its action."""
    found: dict[tuple[str, str], str] = {}
    for path in sorted(folder.glob("*.yml")):
        for entry in Source.read(path, shown_as=path.name).data["rules"]:
            said, answered = entry["steps"]
            found[said["intent"], answered["action"]] = entry["rule"]
    return found


def universe(knowledge: Knowledge, known_rules: Rules) -> dict[str, list[str]]:
    """The names of everything, by dimension, in the order of the files."""
    causes = knowledge.causes.values()
    return {
        "intents": list(knowledge.intents),
        "causes": [cause.id for cause in causes],
        "steps": [step_name(cause.id, number) for cause in causes for number in range(1, most_steps(cause) + 1)],
        "outcomes": [f"{cause.id}: {outcome}" for cause in causes if cause.steps and cause.when is not None for outcome in OUTCOMES],
        "answers": [topic.id for topic in knowledge.answers.topics.values() if is_told(topic)],
        "rules": list(known_rules.values()),
        "responses": [each for each in knowledge.phrases.variants if each not in OUTSIDE_OF_CONVERSATIONS],
        "handoffs": list(knowledge.handoffs),
    }


def is_told(topic: Topic) -> bool:
    """Whether something is said that is this topic's own: parts of the talk are counted as intents, and looking again as an outcome."""
    if topic.id in ANSWERED_OTHERWISE:
        return False
    return topic.kind != "dialogue" and topic.move not in ("look_again", "appeared", "correct_subject", "start_over")


def most_steps(cause: Cause) -> int:
    """How many steps a customer can be shown at most: those with conditions on the same facts stand in for each other."""
    conditions = {facts_in(step.when) for step in cause.steps if step.when is not None}
    return len(conditions) + sum(step.when is None for step in cause.steps)


def step_name(cause: str, number: int) -> str:
    """How a step is called; numbers count from 1."""
    return f"{cause} {number}"


def parts_of_sentences(knowledge: Knowledge) -> frozenset[str]:
    """The phrases that stand within others: those whose family is the placeholder of another phrase."""
    ids = knowledge.phrases.variants
    return frozenset(each for each in ids if any(f"{{{each.split('.')[0]}}}" in text for texts in ids.values() for text in texts))
