"""Reads ``advice.yml``: of what customers may be told before it comes, by topic, and with what restraint."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from pydantic import Field, StrictStr, ValidationError, validator

from actions.core.causes import Cause
from actions.core.fields import Strict
from actions.knowledge.forbidden import Forbidden
from actions.knowledge.refusals import model_problems
from actions.knowledge.texts import bad_braces, literal_numbers, too_long
from actions.yaml_source import Problem, Source

FILE = "advice.yml"
TITLE_LIMIT = 12
"""The most characters of a topic's title: it is a button, and a part of sentences."""
PUSH_LIMIT = 20
"""The most characters on a locked screen."""
WORDING_LIMIT = 40
"""The most characters of the name of a wording."""
_HOURS = 24


class AdviceTopic(Strict):
    """One thing that customers consent to by itself.

    Attributes:
        title: what customers read.
        causes: of which they are told before one of them begins.
        ends: they are told before one of them ends instead; that blocks nobody, so no effect on blocks is looked for.
    """

    title: StrictStr
    causes: tuple[StrictStr, ...]
    ends: bool = False


class QuietHours(Strict):
    """When nobody is written to, on the clock on the wall.

    Attributes:
        begin, end: hours of the day; the quiet lasts over midnight where it begins later than it ends.
    """

    begin: int = Field(21, ge=0, lt=_HOURS)
    end: int = Field(9, ge=0, lt=_HOURS)

    @validator("end")
    def _leaves_time(cls, end: int, values: dict[str, int]) -> int:
        if values.get("begin") == end:
            raise ValueError("leaves no hour to write in, or none that is quiet: begin and end must differ")
        return end

    def contain(self, hour: int) -> bool:
        """Whether an hour of the day is quiet."""
        if self.begin < self.end:
            return self.begin <= hour < self.end
        return hour >= self.begin or hour < self.end


class AdviceRules(Strict):
    """The whole file.

    Attributes:
        wording: the name of what customers are asked, in the words of now; one who said yes to other words has said yes to those.
        push: what a locked screen shows while the page is closed; nothing of what it is about.
        topics: by id, in the order in which they are offered.
        a_month: messages that a customer gets in thirty days at most.
        quiet: when nobody is written to.
        trouble: reasons of handoffs after which a customer is left alone, for ``trouble_days``.
        hold_out: part of customers who are never written to, so that the effect can be measured.
        planned: outcomes by topic with which its effect shall be known.
        smallest_effect: difference of shares that is worth writing for.
        opt_outs: part of those who consented who withdraw within a month, above which operators are warned.
    """

    wording: StrictStr = "1"
    push: StrictStr = ""
    topics: Mapping[StrictStr, AdviceTopic] = {}
    a_month: int = Field(2, ge=1, le=10)
    quiet: QuietHours = QuietHours.parse_obj({})
    trouble: tuple[StrictStr, ...] = ()
    trouble_days: int = Field(30, ge=1, le=365)
    hold_out: float = Field(0.1, ge=0.01, le=0.5)
    planned: int = Field(4000, ge=500)
    smallest_effect: float = Field(0.02, gt=0, lt=1)
    opt_outs: float = Field(0.02, gt=0, lt=1)

    def topic_of(self, cause: str) -> str | None:
        """The topic to which a cause belongs; None if nobody is told of it before."""
        return next((name for name, topic in self.topics.items() if cause in topic.causes), None)


def read_advice_rules(
    sources: Sequence[Source],
    causes: Mapping[str, Cause],
    cause_ids: Collection[str],
    reasons: Collection[str],
    forbidden: Forbidden,
    problems: list[Problem],
) -> AdviceRules:
    """Reads the file; what is wrong is added to ``problems``. In a folder without it nobody is told of anything before it comes.

    Args:
        causes: those that could be read.
        cause_ids: of all.
        reasons: of handoffs.
    """
    for source in sources:
        try:
            rules = AdviceRules.parse_obj(source.data)
        except ValidationError as error:
            problems.extend(model_problems(source, error))
            continue
        problems.extend(_of_topics(source, rules, causes, cause_ids, forbidden))
        for index, reason in enumerate(rules.trouble):
            if reason not in reasons:
                problems.append(source.problem(("trouble", index), f"unknown reason {reason}"))
        return rules
    return AdviceRules.parse_obj({})


def _wrong_with(text: str, limit: int, forbidden: Forbidden) -> list[str]:
    found = [*bad_braces(text), *literal_numbers(text), *forbidden.found_in(text), too_long(text, limit)]
    return [*filter(None, found), *([] if text.strip() else ["must not be empty"])]


def _of_topics(
    source: Source, rules: AdviceRules, causes: Mapping[str, Cause], cause_ids: Collection[str], forbidden: Forbidden
) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    if length := too_long(rules.wording, WORDING_LIMIT):
        yield source.problem(("wording",), length)
    if rules.topics:
        yield from (source.problem(("push",), reason) for reason in _wrong_with(rules.push, PUSH_LIMIT, forbidden))
    for name, topic in rules.topics.items():
        yield from (source.problem(("topics", name, "title"), reason) for reason in _wrong_with(topic.title, TITLE_LIMIT, forbidden))
        for index, cause in enumerate(topic.causes):
            path = ("topics", name, "causes", index)
            if cause not in cause_ids:
                yield source.problem(path, f"unknown cause {cause}")
            elif cause in causes and topic.ends and causes[cause].ends is None:
                yield source.problem(path, f"{cause} has no ends: there is nothing to say before it ends")
            elif cause in causes and not topic.ends and causes[cause].ahead is None:
                yield source.problem(path, f"{cause} has no ahead: there is nothing to say before it begins")
            if cause in seen:
                yield source.problem(path, f"{cause} stands in {seen[cause]} already")
            seen.setdefault(cause, name)
    for cause_id, known in causes.items():
        if known.told_before is not None and cause_id not in seen and rules.topics:
            field = "an ahead" if known.ahead is not None else "ends"
            yield source.problem(("topics",), f"{cause_id} has {field} and is in no topic: nobody could consent to it")
