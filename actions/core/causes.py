"""What the assistant knows about one cause: the condition, the evidence, the texts, the steps, and who can fix it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Literal

from pydantic import PrivateAttr, validator

from actions.core.ahead import CauseAhead
from actions.core.comparisons import Match
from actions.core.conditions import Condition, facts_in, parse_condition
from actions.core.derived import View
from actions.core.fields import Expression, Strict
from actions.core.likely import LikelyQuestion
from actions.core.names import subject_of
from actions.core.subject import Subject

CauseKind = Literal["block", "limit"]
FixedBy = Literal["user", "time", "merchant", "platform", "nobody"]
Nature = Literal["self", "time", "platform", "shop", "rule", "none"]
"""What a cause is by nature, which decides how questions about it are answered: the customer's own to fix, a matter of time, a decision of the
platform, the shop's, a fixed rule, or no cause at all."""
Queue = Literal["general", "risk", "credit", "merchant", "complaint", "hardship", "technical"]
NO_CAUSE_FOUND = "no_cause_found"
_NATURES: dict[FixedBy, Nature] = {"user": "self", "time": "time", "merchant": "shop", "platform": "platform", "nobody": "rule"}
_CHANGERS: dict[Nature, FixedBy] = {**{nature: fixer for fixer, nature in _NATURES.items()}, "none": "user"}


def _at_least_one(value: Any) -> Any:
    if not value:
        raise ValueError("needs at least one")
    return value


class _Knowledge(Strict):
    class Config:
        arbitrary_types_allowed = True


class Step(_Knowledge):
    """One thing the customer does.

    Attributes:
        text: what to do, at most two lines.
        path: where in the app, levels joined by ``→``.
        hint: what to say when the customer cannot find it.
        check: when the step counts as done although the cause still holds; without it only the end of the cause does.
        when: the state in which it is a step at all; None for every state.
    """

    text: str
    path: str | None = None
    hint: str
    check: Any | None = None
    when: Any | None = None

    @validator("check", "when", pre=True)
    def _parse(cls, value: Any) -> Any:
        return value if value is None else parse_condition(value)


class CauseWait(_Knowledge):
    """How a cause that time removes is waited for.

    Attributes:
        text: what is known about the end; lines whose placeholders have no value are left out.
        until: a moment fact; while it lies ahead the customer can only wait, also where the cause has steps for afterwards.
        notice: the title of the button that asks to be told of the end, where the usual one does not fit.
        over: what is told at the end, where the usual sentence does not fit; lines as in ``text``.
    """

    text: str
    until: str | None = None
    notice: str | None = None
    over: str | None = None


class CauseWording(_Knowledge):
    """Texts that take the place of the usual ones while a condition holds as well; what is left out stays as it is."""

    when: Any
    summary: str | None = None
    explanation: tuple[str, ...] | None = None
    cannot_fix: str | None = None
    aspects: Mapping[str, tuple[str, ...]] = {}

    @validator("when", pre=True)
    def _parse(cls, value: Any) -> Any:
        return parse_condition(value)

    _aspects_have_texts = validator("aspects", each_item=True, allow_reuse=True)(_at_least_one)


class HandoffRule(_Knowledge):
    """When this cause is handed to a person without being asked.

    Attributes:
        at_once: as soon as the cause is found.
        on_objection: when the customer objects to it (a decision made by automation).
        when: as soon as this condition holds as well.
    """

    queue: Queue = "general"
    at_once: bool = False
    on_objection: bool = False
    when: Any | None = None

    @validator("when", pre=True)
    def _parse(cls, value: Any) -> Any:
        return value if value is None else parse_condition(value)


class Cause(_Knowledge):
    """One cause file.

    Attributes:
        position: the place in the order of diagnosis.
        when: the condition; None only for ``no_cause_found``, which is not diagnosed but led through.
        evidence: names of the facts to show.
        explanation: what is proven and who can fix it, at most three lines.
        summary: the same in one line, for when other causes come first.
        still: what to say when a check fails.
        cannot_fix: who can fix it and what is possible, for causes without steps of the customer's.
        free_order: whether the steps may be done in any order, so that an experiment may try another.
        alternatives: answer topics offered instead, a non-credit payment first.
        wordings: other texts for special cases of the same cause; of each text, that of the first whose condition holds is used.
        never: wordings that no text of this file may contain.
        nature: what it is by nature; usually follows from ``fixed_by``.
        aspects: answers to questions about this cause, by aspect, where the usual answer of its nature does not fit.
        called: patterns of the words by which customers call what it is about.
        guessed: patterns of the words by which customers say or guess that just this is the reason.
        told_by: patterns of our own words, by which a text is known to have named the cause already.
        needs: what it takes, in a few words, as a list of things to do says it.
        shows: names of the facts that prove it at a glance, computed ones among them; usually those of the evidence that customers may see.
        likely: what customers whom it stops are likely to ask.
        ahead: what can be told before it begins.
        ends: what can be told before it ends, or before the moment until which it is waited for; a cause has one of the two at most.
    """

    id: str
    position: int
    title: str
    level: Literal["user", "item", "merchant", "platform", "system"]
    kind: CauseKind
    brief: tuple[str, ...]
    fixed_by: FixedBy
    when: Any | None = None
    evidence: tuple[str, ...] = ()
    explanation: tuple[str, ...]
    summary: str
    steps: tuple[Step, ...] = ()
    free_order: bool = False
    still: str | None = None
    wait: CauseWait | None = None
    ahead: CauseAhead | None = None
    ends: CauseAhead | None = None
    cannot_fix: str | None = None
    alternatives: tuple[str, ...] = ()
    wordings: tuple[CauseWording, ...] = ()
    never: tuple[str, ...] = ()
    handoff: HandoffRule = HandoffRule()
    nature: Nature = None  # type: ignore[assignment]
    aspects: Mapping[str, tuple[str, ...]] = {}
    called: tuple[Expression, ...] = ()
    guessed: tuple[Expression, ...] = ()
    told_by: tuple[Expression, ...] = ()
    needs: str | None = None
    shows: tuple[str, ...] = ()
    likely: tuple[LikelyQuestion, ...] = ()
    _subjects: frozenset[str] | None = PrivateAttr(None)

    @validator("when", pre=True)
    def _parse(cls, value: Any) -> Any:
        return value if value is None else parse_condition(value)

    _aspects_have_texts = validator("aspects", each_item=True, allow_reuse=True)(_at_least_one)

    @validator("nature", pre=True, always=True)
    def _usual_nature(cls, value: Any, values: dict[str, Any]) -> Any:
        if value is None:
            return "none" if values.get("id") == NO_CAUSE_FOUND else _NATURES.get(values.get("fixed_by"))  # type: ignore[arg-type]
        return value

    @property
    def told_before(self) -> CauseAhead | None:
        """What can be told before it begins or ends."""
        return self.ahead or self.ends

    @property
    def changed_by(self) -> FixedBy:
        """Who can really change something about it.

        Another way to pay is no change: where that is all the customer can do, it is whoever its nature says.
        """
        return self.fixed_by if self.steps or self.fixed_by != "user" else _CHANGERS[self.nature]

    @property
    def answered_aspects(self) -> frozenset[str]:
        """The sub-questions that it answers, in whichever of its cases."""
        return frozenset(self.aspects).union(*(wording.aspects for wording in self.wordings))

    @property
    def condition(self) -> Condition:
        """The condition of a cause that is diagnosed."""
        if self.when is None:
            raise ValueError(f"{self.id} has no condition")
        return self.when  # type: ignore[no-any-return]

    def worded_for(self, view: View) -> Cause:
        """The same cause with the texts and the steps that fit a snapshot."""
        changes: dict[str, Any] = {}
        holding = [wording for wording in self.wordings if wording.when.holds(view)]
        for wording in reversed(holding):
            changes.update({name: text for name, text in wording.dict(exclude={"when", "aspects"}).items() if text is not None})
            changes["aspects"] = {**changes.get("aspects", self.aspects), **wording.aspects}
        if any(step.when is not None for step in self.steps):
            changes["steps"] = tuple(step for step in self.steps if step.when is None or step.when.holds(view))
        return self.copy(update=changes) if changes else self

    def rows_of_wordings(self, view: View, spoken_of: Collection[str]) -> Iterator[Match]:
        """The rows for which the conditions of its other texts hold, by scope: those texts speak of them.

        Args:
            spoken_of: scopes whose rows are known already.
        """
        for wording in self.wordings:
            yield from (match for match in wording.when.holds(view).matches if match[0] not in spoken_of)

    @property
    def subjects(self) -> frozenset[str]:
        """The subject the condition needs: empty for any, else ``order`` or ``bill``."""
        if self._subjects is None:
            # A condition never changes, and walking it was a fifth of a diagnosis.
            found = {subject_of(name) for name, _ in self.condition.names()} | {self._scope_subject(self.condition)}
            self._subjects = frozenset(subject for subject in found if subject)
        return self._subjects

    def is_about(self, facts: frozenset[str]) -> bool:
        """Whether the condition looks at one of these facts."""
        return self.when is not None and bool(facts_in(self.when) & facts)

    def tells_of(self, scopes: Collection[str], aspect: str) -> bool:
        """Whether what it says to a sub-question speaks of the rows of one of these scopes."""
        return any(f"{{{scope}." in text for text in self.aspects.get(aspect, ()) for scope in scopes)

    def is_called_in(self, text: str) -> bool:
        """Whether a text calls by name what the cause is about."""
        return any(pattern.search(text) for pattern in self.called)

    def is_guessed_in(self, text: str) -> bool:
        """Whether a text says or guesses that just this is the reason."""
        return any(pattern.search(text) for pattern in self.guessed)

    @property
    def is_elsewhere(self) -> bool:
        """Whether it lies in the account or the system, and is the same whichever order is looked at."""
        return self.level in ("user", "system")

    def is_told_in(self, text: str) -> bool:
        """Whether a text of ours has named the cause."""
        return any(pattern.search(text) for pattern in self.told_by)

    def can_hold_for(self, subject: Subject) -> bool:
        """Whether the condition means anything for a subject."""
        return self.subjects <= {subject.kind}

    def _scope_subject(self, condition: Any) -> str | None:
        parts = getattr(condition, "all", None) or getattr(condition, "any", None) or ()
        if getattr(condition, "some", None) in ("line", "spending"):
            return "order"
        return next((found for found in map(self._scope_subject, parts) if found), None)
