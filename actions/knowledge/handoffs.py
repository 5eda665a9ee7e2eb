"""Why a case goes to a person, read from ``handoffs.yml``, and what that person is told about it, read from ``briefing.yml``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, get_args

from pydantic import StrictStr, ValidationError, validator

from actions.core.case import Result
from actions.core.causes import CauseKind, FixedBy, Queue
from actions.core.fields import Strict
from actions.core.handoff import GivenReason, Priority
from actions.core.names import SourceName
from actions.knowledge.answer_days import ANSWER_DAYS
from actions.knowledge.briefing_lines import ACTIONS, LINES
from actions.knowledge.due_times import DUE_MINUTES
from actions.knowledge.forbidden import Forbidden
from actions.knowledge.intents import IntentMeaning
from actions.knowledge.refusals import model_problems, read_entries
from actions.knowledge.rendering import PLACEHOLDER, Locale, fill_all
from actions.knowledge.texts import bad_braces, literal_numbers, unknown_placeholders
from actions.yaml_source import Problem, Source


class QueueBriefing(Strict):
    """A queue and what its people can do."""

    title: StrictStr
    skills: tuple[StrictStr, ...]


class DisputeBriefing(Strict):
    """Something that customers say against the record: what it is, to follow the words 客户说, and what is to be looked at."""

    title: StrictStr
    check: StrictStr


def _placeholders(known: Mapping[str, tuple[str, ...]], texts: Mapping[str, str]) -> dict[str, str]:
    missing, unknown = set(known) - set(texts), set(texts) - set(known)
    if missing or unknown:
        raise ValueError(f"missing: {', '.join(sorted(missing)) or '-'}; unknown: {', '.join(sorted(unknown)) or '-'}")
    for name, text in texts.items():
        odd = set(PLACEHOLDER.findall(text)) - set(known[name])
        if odd:
            raise ValueError(f"{name} knows no placeholder {', '.join(sorted(odd))}")
    return dict(texts)


Objected = Literal["empty", "length", "person", "personal", "placeholder"]
SOLVED_MEANWHILE = "solved_meanwhile"
"""The outcome of a case that was solved before a person came."""
BY_INCIDENT = "incident"
"""The outcome of a case that an incident alone had made, closed with it."""


class Briefing(Strict):
    """The whole file.

    Attributes:
        other_cause: the root cause that is none of the known ones.
        by_a_person: what the assistant says of its buttons, and what a person says instead.
        of_a_customer: how customers are addressed, and what they are called where agents read the same text.
        objections: why a text must not be said to customers, where no forbidden wording tells it.
        disputes: what customers say against the record, by claim, and by sub-question that doubts what was found.
        needs_no_answer: words of which a message may consist that nobody need answer.
        confirmations: why an agent may say what the assistant must not, by the word that the audit keeps.
    """

    queues: dict[Queue, QueueBriefing]
    priorities: dict[Priority, StrictStr]
    fixed_by: dict[FixedBy, StrictStr]
    kinds: dict[CauseKind, StrictStr]
    results: dict[Result, StrictStr]
    actions: dict[StrictStr, StrictStr]
    do_not_ask: tuple[StrictStr, ...]
    lines: dict[StrictStr, StrictStr]
    sources: dict[SourceName, StrictStr]
    other_cause: StrictStr
    by_a_person: dict[StrictStr, StrictStr]
    of_a_customer: dict[StrictStr, StrictStr]
    objections: dict[Objected, StrictStr]
    confirmations: dict[StrictStr, StrictStr]
    needs_no_answer: tuple[StrictStr, ...] = ()
    disputes: dict[StrictStr, DisputeBriefing] = {}
    statuses: dict[Literal["queued", "taken", "closed"], StrictStr]
    resolved_by: dict[Literal["person", "customer", "platform", "merchant", "unresolved", "solved_meanwhile", "incident"], StrictStr]

    @validator("queues", "priorities", "fixed_by", "kinds", "results", "sources", "objections", "statuses", "resolved_by")
    def _complete(cls, words: dict[str, Any], field: Any) -> dict[str, Any]:
        missing = [word for word in get_args(field.key_field.outer_type_) if word not in words]
        if missing:
            raise ValueError(f"missing: {', '.join(missing)}")
        return words

    @validator("lines")
    def _known_lines(cls, lines: dict[str, str]) -> dict[str, str]:
        return _placeholders(LINES, lines)

    @validator("actions")
    def _known_actions(cls, actions: dict[str, str]) -> dict[str, str]:
        return _placeholders(ACTIONS, actions)

    @property
    def outcomes(self) -> dict[str, str]:
        """What a person may say became of a case."""
        return {name: words for name, words in self.resolved_by.items() if name not in (SOLVED_MEANWHILE, BY_INCIDENT)}

    def line(self, name: str, locale: Locale, **values: Any) -> str:
        """A line with its placeholders filled.

        Raises:
            TypeError: the values are not exactly those of ``LINES``, or one that is needed has no text.
        """
        return fill_all(self.lines[name], LINES[name], values, locale)

    def wants_answer(self, text: str) -> bool:
        """Whether what a customer says is more than thanks, consent or a farewell."""
        rest = text.casefold()
        for words in sorted(self.needs_no_answer, key=len, reverse=True):
            rest = rest.replace(words, "")
        return any(sign.isalnum() or sign in "?？[" for sign in rest)

    def by_person(self, text: str) -> str:
        """What the assistant says, as a person says it, who has no buttons to offer."""
        return _instead(text, self.by_a_person)

    def of_customer(self, text: str) -> str:
        """What customers are told of themselves, as agents read it of them."""
        return _instead(text, self.of_a_customer)

    def recommended(self, needed: str, locale: Locale, **values: Any) -> str:
        """What to do next by what the first cause needs, a key of ``ACTIONS``; errors as for ``line``."""
        return fill_all(self.actions[needed], ACTIONS[needed], values, locale)


def _instead(text: str, words: Mapping[str, str]) -> str:
    for each in sorted(words, key=len, reverse=True):
        text = text.replace(each, words[each])
    return text


def read_briefing(sources: Sequence[Source], problems: list[Problem]) -> Briefing | None:
    """Reads the file; what is wrong is added to ``problems``."""
    found: Briefing | None = None
    for source in sources:
        try:
            found = Briefing.parse_obj(source.data)
        except ValidationError as error:
            problems.extend(model_problems(source, error))
    return found


_TOLD = ("number",)
"""The placeholders of the sentence a customer is told: the handoff's number."""


class ReasonForAgents(Strict):
    """What a reason means to the person who takes over.

    Attributes:
        asked_for: what the customer wants, to follow the word customer.
        questions: what is still to be found out.
        action: what to do next; without one the first cause decides.
        do_not: what must not be done in such a case.
        reply: what may be said to the customer first, for reasons with an action.
    """

    title: StrictStr
    asked_for: StrictStr
    questions: tuple[StrictStr, ...] = ()
    action: StrictStr | None = None
    do_not: tuple[StrictStr, ...] = ()
    reply: StrictStr | None = None


class HandoffReason(Strict):
    """A reason.

    Attributes:
        queue, priority: to whom it goes.
        cue: an entity that hands over at once, whatever the intent.
        intent: an intent that does so too; ``unless``: an entity beside which it does not.
        overruled: whether neither of them counts in a message that is surely about a matter which is no emergency.
        when_open: what such an alarm does while a handoff is open: ``leave`` (nothing), ``name`` that handoff, or ``say`` the sentence again.
        ends_when_solved: whether nobody needs to come any more once the case has solved itself.
        said: what the customer is told, with ``{number}``.
        examples: what customers say, for reasons with a cue.
    """

    queue: Queue
    priority: Priority
    cue: StrictStr | None = None
    intent: StrictStr | None = None
    unless: StrictStr | None = None
    overruled: bool = False
    when_open: Literal["leave", "name", "say"] = "leave"
    ends_when_solved: bool = False
    said: tuple[StrictStr, ...]
    agents: ReasonForAgents
    examples: tuple[StrictStr, ...] = ()

    @validator("said")
    def _says_something(cls, said: tuple[str, ...]) -> tuple[str, ...]:
        if not said:
            raise ValueError("needs at least one")
        return said

    def texts(self, number: str, locale: Locale) -> tuple[str, ...]:
        """What the customer is told, with the number of the handoff."""
        return tuple(fill_all(text, _TOLD, {"number": number}, locale) for text in self.said)


def strongest(known: Mapping[str, HandoffReason], given: Iterable[str]) -> str | None:
    """The reason by which a case reads: the most urgent, then one that says by itself what to do, then the one that stands first in the file.

    Args:
        known: every reason, in the order of the file.
        given: those of a case; what is not known does not count.
    """
    urgency, order = get_args(Priority), list(known)

    def rank(name: str) -> tuple[int, bool, int]:
        return urgency.index(known[name].priority), known[name].agents.action is None, order.index(name)

    named = [name for name in given if name in known]
    return min(named, key=rank) if named else None


def read_handoffs(
    sources: Sequence[Source], intents: Mapping[str, IntentMeaning], cues: Sequence[str], forbidden: Forbidden, problems: list[Problem]
) -> dict[str, HandoffReason]:
    """Reads the reasons; what is wrong is added to ``problems``.

    Args:
        intents: the known intents.
        cues: the cues of the glossary.
    """
    reasons: dict[str, HandoffReason] = {}
    for source in sources:
        for name, reason in read_entries(source, HandoffReason, problems, besides=(DUE_MINUTES, ANSWER_DAYS)).items():
            reasons[name] = reason
            for field, cue in (("cue", reason.cue), ("unless", reason.unless)):
                if cue is not None and cue not in cues:
                    problems.append(source.problem((name, field), f"unknown cue {cue}"))
            if reason.intent is not None and reason.intent not in intents:
                problems.append(source.problem((name, "intent"), f"unknown intent {reason.intent}"))
            if reason.unless is not None and reason.intent is None:
                problems.append(source.problem((name, "unless"), "unless needs an intent beside which it stands"))
            if bool(reason.cue) != bool(reason.examples):
                problems.append(source.problem((name,), "cue and examples belong together: each example is played as a test"))
            for index, text in enumerate(reason.said):
                wrong = [*bad_braces(text), *unknown_placeholders(text, _TOLD), *literal_numbers(text), *forbidden.found_in(text)]
                problems.extend(source.problem((name, "said", index), f"said: {each}") for each in wrong)
            problems.extend(source.problem((name, "agents", "reply"), each) for each in _of_reply(reason.agents, forbidden))
        problems.extend(source.problem((), f"{name} is missing") for name in get_args(GivenReason) if name not in reasons)
        problems.extend(_of_alarms(source, reasons, intents))
    return reasons


def _of_reply(agents: ReasonForAgents, forbidden: Forbidden) -> Iterator[str]:
    if (agents.reply is None) != (agents.action is None):
        yield "action and reply belong together: whoever knows what to do must know what to say"
    text = agents.reply or ""
    yield from (
        f"reply: {each}" for each in [*bad_braces(text), *unknown_placeholders(text, ()), *literal_numbers(text), *forbidden.found_in(text)]
    )


def _of_alarms(source: Source, reasons: Mapping[str, HandoffReason], intents: Mapping[str, IntentMeaning]) -> Iterator[Problem]:
    given = Counter(reason.intent for reason in reasons.values() if reason.intent is not None)
    for name, meaning in intents.items():
        if meaning.kind == "alarm" and given[name] != 1:
            yield source.problem((), f"the alarm {name} needs exactly one reason, not {given[name]}")
        elif meaning.kind != "alarm" and given[name]:
            yield source.problem((), f"{name} hands over at once, but is no alarm in intents.yml")
