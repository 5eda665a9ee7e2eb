"""Steps of the walkthrough in words: a step, what helps with finding what it speaks of, and a reminder of one that stands above."""

from __future__ import annotations

from actions.core.causes import Cause
from actions.core.diagnosis import Diagnosis
from actions.core.facts import Facts
from actions.core.messages import MessageData, StepData
from actions.core.moves import ShowStep
from actions.dialogue.buttons import Buttons
from actions.dialogue.speaker import Speaker
from actions.knowledge import phrases
from actions.knowledge.pages import Pages
from actions.knowledge.rendering import Locale, Values, fill

_PHRASES = {
    "first": (phrases.STEP_FIRST, phrases.STEP_FIRST_ONLY),
    "again": (phrases.STEP_AGAIN, phrases.STEP_AGAIN_ONLY),
    "checked": (phrases.STEP_CHECKED, phrases.STEP_CHECKED_ONLY),
}
"""How a step is introduced: one of several, and the only one."""


class StepWording:
    """Says steps through a speaker; values are written as the locale says."""

    def __init__(self, speaker: Speaker, buttons: Buttons, locale: Locale, pages: Pages) -> None:
        self._speaker, self._buttons = speaker, buttons
        self._locale, self._pages = locale, pages

    def show(self, move: ShowStep, facts: Facts, reworded: bool) -> None:
        """A step with its path; ``reworded`` adds how to find what it speaks of."""
        cause, step = move.cause, move.cause.steps[move.step]
        alone = len(cause.steps) == 1
        kind = _PHRASES["checked" if move.checked else "again" if move.again else "first"]
        values = Values(facts, move.matches)
        text = self.text(cause, move.step, values)
        place = {} if alone else {"number": move.step + 1, "count": len(cause.steps)}
        said = self._speaker.variants(kind[alone], text=text, **place)
        path = [self._speaker.phrase(phrases.STEP_PATH, path=step.path)] if step.path else []
        # The place stands with the step, which can be pressed; of a step that is all there is, an answer that leads there has told what to do.
        if path and self._speaker.take_back(path[0]) and alone:
            said = self._speaker.variants(phrases.STEP_TOLD)
        hint = [fill(step.hint, values, self._locale)] if reworded else []
        instructions = {"\n".join([each, *path, *hint]): "\n".join([each if alone else text, *hint]) for each in said}
        chosen = self._speaker.fresh(tuple(instructions))
        self._speaker.say(chosen, self._buttons.step(move.checked), self._data(cause, move.step, instructions[chosen], facts))

    def hint(self, cause: Cause, step: int, diagnosis: Diagnosis) -> None:
        """More help with finding what a step speaks of; ``step`` counts from 0."""
        # The state may have moved on to one that has fewer steps.
        step = min(step, len(cause.steps) - 1)
        place = cause.steps[step].path
        path = [self._speaker.phrase(phrases.STEP_PATH, path=place)] if place else []
        hint = self.hint_text(cause, step, diagnosis)
        self._speaker.say("\n".join([*path, hint]), self._buttons.step(), self._data(cause, step, hint, diagnosis.facts))

    def hint_text(self, cause: Cause, step: int, diagnosis: Diagnosis) -> str:
        """How to find what a step speaks of; ``step`` as for ``hint``."""
        hint = cause.steps[min(step, len(cause.steps) - 1)].hint
        return fill(hint, Values.about(diagnosis.facts, diagnosis.get(cause.id)), self._locale)

    def remind(self, move: ShowStep, facts: Facts) -> None:
        """Offers a step that stands right above once more, without telling it again."""
        text, *variants = self._speaker.variants(phrases.STEP_STANDS)
        cause = move.cause
        data = StepData(cause=cause.id, step=move.step + 1, steps=len(cause.steps), path=None, instruction=text, link=None)
        self._speaker.say(text, self._buttons.step(move.checked), data, variants)

    def text(self, cause: Cause, step: int, values: Values) -> str:
        """What a step tells to do, without how it is introduced; ``step`` counts from 0."""
        return fill(cause.steps[step].text, values, self._locale) or cause.title

    def _data(self, cause: Cause, step: int, instruction: str, facts: Facts) -> MessageData:
        path, count = cause.steps[step].path, len(cause.steps)
        link = self._pages.link(path, facts.subject)
        return StepData(cause=cause.id, step=step + 1, steps=count, path=path, instruction=instruction, link=link)
