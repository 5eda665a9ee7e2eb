"""What the assistant knows about one cause: the condition, the evidence, the texts, the steps, and who can fix it."""

from __future__ import annotations

from typing import Any, Dict, FrozenSet, Literal, Mapping, Optional, Tuple

from pydantic import BaseModel, Extra, PrivateAttr, validator

from actions.core.conditions import Condition, parse_condition
from actions.core.names import View, subject_of
from actions.core.subject import Subject

CauseKind = Literal["block", "limit"]
FixedBy = Literal["user", "time", "merchant", "platform", "nobody"]
Nature = Literal["self", "time", "platform", "shop", "rule", "none"]
"""What a cause is by nature, which decides how questions about it are answered: the customer's own to fix, a matter of time, a decision of the
platform, the shop's, a fixed rule, or no cause at all."""
Queue = Literal["general", "risk", "credit", "merchant", "complaint", "hardship", "technical"]
NO_CAUSE_FOUND = "no_cause_found"
_NATURES: Dict[FixedBy, Nature] = {"user": "self", "time": "time", "merchant": "shop", "platform": "platform", "nobody": "rule"}


class _Knowledge(BaseModel):
    class Config:
        extra = Extra.forbid
        allow_mutation = False
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
    path: Optional[str] = None
    hint: str
    check: Optional[Any] = None
    when: Optional[Any] = None

    @validator("check", "when", pre=True)
    def _parse(cls, value: Any) -> Any:
        return value if value is None else parse_condition(value)


class Wait(_Knowledge):
    """How a cause that time removes is waited for.

    Attributes:
        text: what is known about the end; lines whose placeholders have no value are left out.
        until: a moment fact; while it lies ahead the customer can only wait, also where the cause has steps for afterwards.
    """

    text: str
    until: Optional[str] = None


class Wording(_Knowledge):
    """Texts that take the place of the usual ones while a condition holds as well; what is left out stays as it is."""

    when: Any
    summary: Optional[str] = None
    explanation: Optional[Tuple[str, ...]] = None
    cannot_fix: Optional[str] = None

    @validator("when", pre=True)
    def _parse(cls, value: Any) -> Any:
        return parse_condition(value)


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
    when: Optional[Any] = None

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
        alternatives: answer topics offered instead, a non-credit payment first.
        wordings: other texts for special cases of the same cause; the first whose condition holds is used.
        never: wordings that no text of this file may contain.
        nature: what it is by nature; usually follows from ``fixed_by``.
        aspects: answers to questions about this cause, by aspect, where the usual answer of its nature does not fit.
    """

    id: str
    position: int
    title: str
    level: Literal["user", "item", "merchant", "platform", "system"]
    kind: CauseKind
    brief: Tuple[str, ...]
    fixed_by: FixedBy
    when: Optional[Any] = None
    evidence: Tuple[str, ...] = ()
    explanation: Tuple[str, ...]
    summary: str
    steps: Tuple[Step, ...] = ()
    still: Optional[str] = None
    wait: Optional[Wait] = None
    cannot_fix: Optional[str] = None
    alternatives: Tuple[str, ...] = ()
    wordings: Tuple[Wording, ...] = ()
    never: Tuple[str, ...] = ()
    handoff: HandoffRule = HandoffRule()
    nature: Nature = None  # type: ignore[assignment]
    aspects: Mapping[str, Tuple[str, ...]] = {}
    _subjects: Optional[FrozenSet[str]] = PrivateAttr(None)

    @validator("when", pre=True)
    def _parse(cls, value: Any) -> Any:
        return value if value is None else parse_condition(value)

    @validator("aspects", each_item=True)
    def _aspect_has_text(cls, value: Any) -> Any:
        if not value:
            raise ValueError("needs at least one")
        return value

    @validator("nature", pre=True, always=True)
    def _usual_nature(cls, value: Any, values: Dict[str, Any]) -> Any:
        if value is None:
            return "none" if values.get("id") == NO_CAUSE_FOUND else _NATURES.get(values.get("fixed_by"))  # type: ignore[arg-type]
        return value

    @property
    def condition(self) -> Condition:
        """The condition of a cause that is diagnosed."""
        if self.when is None:
            raise ValueError(f"{self.id} has no condition")
        return self.when  # type: ignore[no-any-return]

    def worded_for(self, view: View) -> Cause:
        """The same cause with the texts and the steps that fit a snapshot."""
        changes: Dict[str, Any] = {}
        for wording in self.wordings:
            if wording.when.holds(view):
                changes = {name: text for name, text in wording.dict(exclude={"when"}).items() if text is not None}
                break
        if any(step.when is not None for step in self.steps):
            changes["steps"] = tuple(step for step in self.steps if step.when is None or step.when.holds(view))
        return self.copy(update=changes) if changes else self

    @property
    def subjects(self) -> FrozenSet[str]:
        """The subject the condition needs: empty for any, else ``order`` or ``bill``."""
        if self._subjects is None:
            # A condition never changes, and walking it was a fifth of a diagnosis.
            found = {subject_of(name) for name, _ in self.condition.names()} | {self._scope_subject(self.condition)}
            self._subjects = frozenset(subject for subject in found if subject)
        return self._subjects

    def can_hold_for(self, subject: Subject) -> bool:
        """Whether the condition means anything for a subject."""
        return self.subjects <= {subject.kind}

    def _scope_subject(self, condition: Any) -> Optional[str]:
        parts = getattr(condition, "all", None) or getattr(condition, "any", None) or ()
        if getattr(condition, "some", None) in ("line", "spending"):
            return "order"
        return next((found for found in map(self._scope_subject, parts) if found), None)
