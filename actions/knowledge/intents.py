"""The intents: what a message can want and which action answers it, read from ``intents.yml``, the only list of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import StrictBool, StrictStr, root_validator

from actions.core.fields import Expression, Strict
from actions.core.turn import ActionName
from actions.knowledge.forbidden import Forbidden
from actions.knowledge.refusals import read_entries
from actions.yaml_source import Problem, Source, SourceError

TITLE_LIMIT = 12

IntentKind = Literal["complaint", "question", "act", "alarm", "other"]

_ANSWERING = ("action_answer", "action_quote")
"""The actions that need a topic, which complaints and alarms have not."""
_USUAL_ACTIONS: Mapping[str, ActionName] = {"complaint": "action_diagnose", "question": "action_answer"}


class IntentMeaning(Strict):
    """What an intent means for the dialogue.

    Attributes:
        kind: ``complaint`` leads to a diagnosis, ``question`` to an answer, ``alarm`` to a person, ``act`` is about the talk itself.
        action: the action that answers it, which is what the rule made from this entry says.
        title: its button when the assistant asks back; without one it is not offered.
        menu: it stands on the opening menu.
        assumed: the complaint that is taken where none was named.
        trained: whether there are sentences it is learned from.
        claim: what the customer says is wrong, in words.
        causes: the causes that would prove the claim.
        keeps_from_splitting: what is claimed would keep an order from being split; if it does not hold, what does is named behind any answer.
        corrections: patterns of words with which a customer turns a case to this complaint, whatever they are taken for otherwise.
        denials: patterns of words that say the opposite: the customer does not want this.
    """

    kind: IntentKind
    action: ActionName
    title: StrictStr | None = None
    menu: StrictBool = False
    assumed: StrictBool = False
    trained: StrictBool = True
    claim: StrictStr | None = None
    causes: tuple[StrictStr, ...] = ()
    keeps_from_splitting: StrictBool = False
    corrections: tuple[Expression, ...] = ()
    denials: tuple[Expression, ...] = ()

    @root_validator(pre=True)
    def _usual_action(cls, values: Any) -> Any:
        usual = _USUAL_ACTIONS.get(str(values.get("kind")))
        return {"action": usual, **values} if usual else values

    @root_validator(skip_on_failure=True)
    def _has_topics(cls, values: dict[str, Any]) -> dict[str, Any]:
        if values["kind"] != "question" and values["action"] in _ANSWERING:
            raise ValueError(f"{values['action']} answers questions only")
        return values

    @property
    def complaint(self) -> bool:
        """Whether it leads to a diagnosis."""
        return self.kind == "complaint"

    def corrected_by(self, text: str) -> bool:
        """Whether a text turns the case to this intent."""
        return any(pattern.search(text) for pattern in self.corrections)

    def denied_by(self, text: str) -> bool:
        """Whether a text says that this is not wanted."""
        return any(pattern.search(text) for pattern in self.denials)


def read_intents(sources: Sequence[Source], forbidden: Forbidden, problems: list[Problem]) -> dict[str, IntentMeaning]:
    """Reads the intents; what is wrong is added to ``problems``."""
    intents: dict[str, IntentMeaning] = {}
    for source in sources:
        for name, meaning in read_entries(source, IntentMeaning, problems).items():
            intents[name] = meaning
            if meaning.title is not None and len(meaning.title) > TITLE_LIMIT:
                problems.append(source.problem((name, "title"), f"title is longer than {TITLE_LIMIT} characters"))
            if bool(meaning.causes) != (meaning.claim is not None):
                problems.append(source.problem((name,), "claim and causes belong together"))
            for text in filter(None, (meaning.title, meaning.claim)):
                problems.extend(source.problem((name,), reason) for reason in forbidden.found_in(text))
        assumed = [name for name, meaning in intents.items() if meaning.assumed]
        if len(assumed) != 1 or not intents[assumed[0]].complaint:
            problems.append(source.problem((), "exactly one complaint is assumed where none was named"))
    return intents


def check_claims(sources: Sequence[Source], intents: Mapping[str, IntentMeaning], causes: Collection[str], problems: list[Problem]) -> None:
    """Adds a problem for each cause of a claim that does not exist."""
    for source in sources:
        for name, meaning in intents.items():
            problems.extend(
                source.problem((name, "causes", index), f"unknown cause {cause}")
                for index, cause in enumerate(meaning.causes)
                if causes and cause not in causes
            )


def check_answered(
    sources: Sequence[Source], intents: Mapping[str, IntentMeaning], answered: Mapping[str, Any], problems: list[Problem]
) -> None:
    """Adds a problem for each question without an answer.

    Args:
        answered: something for each intent that has an answer; of a folder without answers nothing is asked.
    """
    for source in sources:
        problems.extend(
            source.problem((name,), f"no file of answers has intent: {name}")
            for name, meaning in intents.items()
            if answered and meaning.kind == "question" and name not in answered
        )


def load_intents(path: Path) -> dict[str, IntentMeaning]:
    """The intents of a file, for whoever needs nothing else of the knowledge.

    Raises:
        SourceError: with file, line and reason of everything that is wrong.
    """
    problems: list[Problem] = []
    intents = read_intents([Source.read(path)], Forbidden(), problems)
    if problems:
        raise SourceError(problems)
    return intents
