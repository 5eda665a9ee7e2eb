"""Topics: the matters a customer may bring, what each is answered with, and how that depends on the state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from actions.core.causes import Cause
from actions.core.comparisons import Match
from actions.core.conditions import Condition, facts_in
from actions.core.derived import View

TopicKind = Literal["state", "rule", "action", "failure", "emergency", "case", "dialogue"]
"""What a topic wants: a look at the state, a verdict, a way to do something, a diagnosis, a person at once; or it is about the case or the talk."""

CaseMove = Literal[
    "next_step",  # what to do now
    "other_causes",  # is there anything else?
    "first_things_first",  # another step first
    "look_again",  # is it done now?
    "appeared",  # the option is there now
    "partly_done",  # a part of it is done
    "will_do",  # about to do it
    "give_up",  # does not want it any more
    "cancel_person",  # takes the request for a person back
    "queue_status",  # where is the person?
    "correct_subject",  # another order or bill is meant
    "start_over",
]
"""What a topic about the case does that no sentence alone can do."""

WHERE = "where"
"""The aspect that asks where something is."""

QuoteSubject = Literal[
    "order",  # the order at hand, or an amount that is named
    "bill",  # the bill that can be split, or an amount that is named
    "named",  # only an amount that is named
    "tenor",  # a tenor that is named of the order's plans
]
"""What a quote behind an answer is for."""


class ConditionalText(str):
    """A variant that is said in some states only.

    Attributes:
        when: the state in which it is said.
    """

    when: Condition

    def __new__(cls, text: str, when: Condition) -> ConditionalText:
        """A text with its condition."""
        conditional = super().__new__(cls, text)
        conditional.when = when
        return conditional


def fitting(texts: Iterable[str], view: View) -> tuple[tuple[str, tuple[Match, ...]], ...]:
    """Those of several variants that fit a state: the ones whose condition holds, with the rows for which it does, else the ones without one."""
    variants = tuple(texts)
    conditional = ((text, text.when.holds(view)) for text in variants if isinstance(text, ConditionalText))
    holding: tuple[tuple[str, tuple[Match, ...]], ...] = tuple((text, held.matches) for text, held in conditional if held)
    return holding or tuple((text, ()) for text in variants if not isinstance(text, ConditionalText))


@dataclass(frozen=True)
class TopicAnswer:
    """One answer of a topic.

    Attributes:
        text: variants, so that it need not be said twice in the same words; none where the cause behind it says all of it.
        behind: of a failure, what is said behind the cause, in variants.
        when: the state in which it is the answer; None for every state.
        evidence: names of the facts it rests on.
        path: where in the app, levels joined by ``→``.
        alone: whether it says where the reason lies, and so is untrue where something else blocks elsewhere.
    """

    text: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    when: Condition | None = None
    evidence: tuple[str, ...] = ()
    path: str | None = None
    alone: bool = False

    def leaves_out(self, blocks: Sequence[Cause]) -> bool:
        """Whether it says where the reason lies, and one of these causes lies elsewhere: at another level than what chose it, or else than the first."""
        facts = facts_in(self.when) if self.when is not None else frozenset()
        spoken_of = {cause.level for cause in blocks if cause.is_about(facts)} or {cause.level for cause in blocks[:1]}
        return self.alone and any(cause.level not in spoken_of for cause in blocks)

    def tells(self, cause: Cause) -> bool:
        """Whether the answer, given although the cause holds, is chosen by what proves the cause and rests on it: then it has named it.

        Of a cause without evidence what proves it may not be shown: there the choice is enough.
        """
        if self.when is None or cause.when is None:
            return False
        shared = facts_in(cause.when) & facts_in(self.when)
        return bool(shared if not cause.evidence else shared & set(self.evidence))

    def looks_at(self, condition: Condition) -> bool:
        """Whether the answer is chosen by a fact that another condition looks at as well."""
        if self.when is None:
            return False
        return bool(facts_in(self.when) & facts_in(condition))


@dataclass(frozen=True)
class Topic:
    """One matter.

    Attributes:
        title: short enough for a button.
        kind: what it wants.
        answers: the first whose condition holds is the answer; of a failure, it leads a diagnosis in that found something; of an emergency, it is
            what the customer is told beside the number of the handoff.
        nothing_found: of a failure, what is said when no cause holds.
        refresh: of a failure, whether the round of refresh steps is worth the customer's while then.
        causes: those that stand in the way of just this wish, and may be named after the answer.
        follow_up: topics to offer afterwards.
        reason: of an emergency, why it goes to a person: a key of ``handoffs.yml``.
        aspect: of a topic about the case, the aspect of the cause on the table that it asks for.
        move: of a topic about the case, what is done instead.
        covers: topics that its answers settle as well: heard beside it they are not answered once more.
        aspects: answers to sub-questions that are this topic's own, by aspect: behind the answer, and to a follow-up. A variant may be a
            ``ConditionalText``.
        further: the same for a follow-up only, where behind the answer they would say again what it says.
        aspects_first: whether these answers come before the topic's own, which then is the same whatever is asked about it.
        speaks_of: claims of the customer, and sub-questions, to which its answers say something themselves.
        unless_true: of an emergency, claims of the customer that take it back where the record agrees with them.
        weighs: what is said before the answer, in variants, where the message names an amount or a day that they hold against the record; nothing
            is, where the answer to a sub-question says as much.
        vague: whether it is what is said too shortly to be about anything: in the middle of a case it is about the case.
        announces: kinds of policies of which a change that is to come is told behind the answer.
        quote: for which amount the plans with their annual rates follow the answer; one that is named always goes before the order's.
    """

    id: str
    title: str
    kind: TopicKind
    answers: tuple[TopicAnswer, ...] = ()
    nothing_found: tuple[str, ...] = ()
    refresh: bool = True
    causes: tuple[str, ...] = ()
    follow_up: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    reason: str | None = None
    aspect: str | None = None
    move: CaseMove | None = None
    aspects: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    further: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    aspects_first: bool = False
    speaks_of: tuple[str, ...] = ()
    unless_true: tuple[str, ...] = ()
    weighs: tuple[str, ...] = ()
    vague: bool = False
    quote: QuoteSubject | None = None
    announces: tuple[str, ...] = ()

    def answers_to(self, aspect: str) -> bool:
        """Whether the topic itself answers a sub-question: in words of its own, or where something is by the place its answers name."""
        return bool(self.said_to(aspect)) or (aspect == WHERE and any(answer.path for answer in self.answers))

    def said_to(self, aspect: str) -> tuple[str, ...]:
        """The topic's own words to a follow-up that asks a sub-question, in variants; empty if it has none."""
        return self.further.get(aspect, ()) or self.aspects.get(aspect, ())

    def answer_in(self, view: View) -> tuple[TopicAnswer, tuple[Match, ...]] | None:
        """The answer that fits a state, and the rows for which its condition held; None if none fits."""
        for answer in self.answers:
            if answer.when is None:
                return answer, ()
            holding = answer.when.holds(view)
            if holding:
                return answer, holding.matches
        return None
