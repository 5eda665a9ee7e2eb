"""Reads one cause file and says everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from pydantic import ValidationError

from actions.core.causes import NO_CAUSE_FOUND, Cause
from actions.core.conditions import Opened
from actions.core.names import fact_type
from actions.knowledge.aspects import ASPECT_LIMIT
from actions.knowledge.facts import FactRegistry
from actions.knowledge.forbidden import Forbidden
from actions.knowledge.openings import LIKELY_LIMIT, NEEDS_LIMIT
from actions.knowledge.overlay import OverlaidSource
from actions.knowledge.refusals import check_condition, model_problems
from actions.knowledge.texts import text_problems
from actions.yaml_source import Problem, Source

_Path = tuple[str | int, ...]

EXPLANATION_LINES = 3
LIMITS: dict[str, int] = {
    "title": 16,
    "summary": 40,
    "explanation": 60,
    "steps.text": 80,
    "steps.path": 60,
    "steps.hint": 80,
    "still": 80,
    "cannot_fix": 120,
    "wait.text": 120,
    "wait.notice": 10,
    "wait.over": 120,
    "ahead.text": 120,
    "ahead.steps.text": 80,
    "ahead.steps.path": 60,
    "ends.text": 120,
    "ends.steps.text": 80,
    "ends.steps.path": 60,
    "needs": NEEDS_LIMIT,
    "likely.ask": LIKELY_LIMIT,
    "aspects": ASPECT_LIMIT,
}
"""The most characters each text of a cause file may have."""
ASKED_OF_EVERY_CAUSE = ("why", "how_long", "undo")
"""The aspects to which the usual answer of a nature is empty or general, so that each cause must add something of its own."""


def read_cause(source: Source, facts: FactRegistry, forbidden: Forbidden, problems: list[Problem]) -> Cause | None:
    """Reads a cause; everything wrong with it is added to ``problems``, and None means that it has no usable form at all."""
    data = source.data
    if not isinstance(data, dict):
        problems.append(source.problem((), "a cause file is a map"))
        return None
    bad_conditions: list[Problem] = []
    opened = Opened()
    if data.get("when") is not None:
        opened = check_condition(source, ("when",), data["when"], bad_conditions)
    beside = {path: check_condition(source, path, _at(data, path), bad_conditions) for path in _conditions_on_the_side(data)}
    problems.extend(bad_conditions)
    try:
        cause = Cause.parse_obj(data)
    except ValidationError as error:
        conditions = ("when", "check")
        problems.extend(
            problem
            for problem, each in zip(model_problems(source, error), error.errors())
            if not (bad_conditions and any(part in conditions for part in each["loc"]))
        )
        return None
    problems.extend(_of_form(source, cause))
    problems.extend(_of_facts(source, cause, opened, facts))
    problems.extend(_of_texts(source, cause, opened, beside, facts, forbidden))
    return cause if cause.shows else cause.copy(update={"shows": facts.shown_of(cause.evidence)})


def notice_problems(read: Sequence[tuple[Source, Cause]], usual: Sequence[str]) -> Iterator[Problem]:
    """Texts that send customers to a button under another title than the one it has in the same case.

    Args:
        read: the causes, each with its file.
        usual: the title of the button where a cause has none of its own; empty if it could not be read.
    """
    first = next(iter(usual), "")
    own = [(source, cause, (cause.wait.notice or first) if cause.wait is not None else "") for source, cause in read]
    titles: set[str] = {*usual, *(title for _, _, title in own)} - {""}
    for source, cause, title in own:
        for path, field, text in _texts(cause):
            for other in sorted(each for each in titles - {title} if f"“{each}”" in text):
                instead = f"it is called {title}" if title else "it has none"
                yield source.problem(path, f"{field}: “{other}” is not the button of this cause, {instead}")


def _conditions_on_the_side(data: dict[str, Any]) -> Iterator[_Path]:
    steps = data.get("steps")
    for index, step in enumerate(steps if isinstance(steps, list) else ()):
        for key in ("check", "when"):
            if isinstance(step, dict) and step.get(key) is not None:
                yield ("steps", index, key)
    wordings = data.get("wordings")
    for index, wording in enumerate(wordings if isinstance(wordings, list) else ()):
        if isinstance(wording, dict) and wording.get("when") is not None:
            yield ("wordings", index, "when")
    handoff = data.get("handoff")
    if isinstance(handoff, dict) and handoff.get("when") is not None:
        yield ("handoff", "when")


def _at(data: Any, path: _Path) -> Any:
    for part in path:
        data = data[part]
    return data


def _of_form(source: Source, cause: Cause) -> Iterator[Problem]:
    name = PurePath(source.file).stem
    if cause.id != name:
        yield source.problem(("id",), f"the id is {cause.id} but the file is {name}.yml")
    if (cause.when is None) != (cause.id == NO_CAUSE_FOUND):
        yield source.problem(("when",), f"every cause has a condition, only {NO_CAUSE_FOUND} has none")
    explanations: list[tuple[_Path, tuple[str, ...]]] = [(("explanation",), cause.explanation)]
    explanations += [
        (("wordings", at, "explanation"), each.explanation) for at, each in enumerate(cause.wordings) if each.explanation is not None
    ]
    for path, lines in explanations:
        if not 1 <= len(lines) <= EXPLANATION_LINES:
            yield source.problem(path, f"one to {EXPLANATION_LINES} lines, not {len(lines)}")
        elif cause.told_by and not cause.is_told_in(lines[0]):
            yield source.problem(path, "its first line is not known by told_by, so an answer that says the same would not be either")
    if cause.steps and cause.fixed_by != "user":
        yield source.problem(("steps",), f"steps are the customer's, but fixed_by is {cause.fixed_by}")
    if cause.steps and cause.still is None:
        yield source.problem(("steps",), "steps need a text for a failed check: still")
    if cause.ahead is not None and cause.ends is not None:
        yield source.problem(("ends",), "a cause is told before it begins or before it ends, not both: ahead stands there already")
    if cause.ends is not None and cause.ends.free_days is not None:
        yield source.problem(
            ("ends", "free_days"), "telling of an end keeps no block away, so that there is nothing to try: its days are the same for all"
        )
    for name, told in (("ahead", cause.ahead), ("ends", cause.ends)):
        if told is not None and told.tried_days is not None and not isinstance(source, OverlaidSource):
            yield source.problem((name, "tried_days"), "is an arm's alone: what everybody is told stands in days")
    if not cause.steps and cause.cannot_fix is None and cause.wait is None:
        yield source.problem((), "without steps it needs cannot_fix or wait")


def _of_facts(source: Source, cause: Cause, opened: Opened, facts: FactRegistry) -> Iterator[Problem]:
    named: list[tuple[_Path, str]] = [(("evidence", index), name) for index, name in enumerate(cause.evidence)]
    named += [(("shows", index), name) for index, name in enumerate(cause.shows)]
    if cause.wait is not None and cause.wait.until is not None:
        named.append((("wait", "until"), cause.wait.until))
    for path, name in named:
        try:
            kind = fact_type(name).kind
        except KeyError:
            yield source.problem(path, f"unknown fact {name}")
            continue
        reason = opened.refuses(name)
        if reason:
            yield source.problem(path, reason)
        refused = {"wait": facts.not_for_customers, "shows": facts.not_shown}.get(str(path[0]), facts.not_evidence)
        hidden = refused(name)
        if hidden:
            yield source.problem(path, hidden)
        if path[0] == "wait" and kind != "moment":
            yield source.problem(path, f"until is a moment, {name} is a {kind}")


def _texts(cause: Cause) -> Iterator[tuple[_Path, str, str]]:
    yield ("title",), "title", cause.title
    yield ("summary",), "summary", cause.summary
    for index, line in enumerate(cause.explanation):
        yield ("explanation", index), "explanation", line
    for index, wording in enumerate(cause.wordings):
        if wording.summary is not None:
            yield ("wordings", index, "summary"), "summary", wording.summary
        for at, line in enumerate(wording.explanation or ()):
            yield ("wordings", index, "explanation", at), "explanation", line
        if wording.cannot_fix is not None:
            yield ("wordings", index, "cannot_fix"), "cannot_fix", wording.cannot_fix
        for name, variants in wording.aspects.items():
            for at, text in enumerate(variants):
                yield ("wordings", index, "aspects", name, at), "aspects", text
    for index, step in enumerate(cause.steps):
        yield ("steps", index, "text"), "steps.text", step.text
        yield ("steps", index, "hint"), "steps.hint", step.hint
        if step.path is not None:
            yield ("steps", index, "path"), "steps.path", step.path
    if cause.still is not None:
        yield ("still",), "still", cause.still
    if cause.cannot_fix is not None:
        yield ("cannot_fix",), "cannot_fix", cause.cannot_fix
    if cause.wait is not None:
        yield ("wait", "text"), "wait.text", cause.wait.text
        if cause.wait.notice is not None:
            yield ("wait", "notice"), "wait.notice", cause.wait.notice
        if cause.wait.over is not None:
            yield ("wait", "over"), "wait.over", cause.wait.over
    for name, told in (("ahead", cause.ahead), ("ends", cause.ends)):
        if told is not None:
            yield (name, "text"), f"{name}.text", told.text
            for index, known in enumerate(told.steps):
                yield (name, "steps", index, "text"), f"{name}.steps.text", known.text
                if known.path is not None:
                    yield (name, "steps", index, "path"), f"{name}.steps.path", known.path
    if cause.needs is not None:
        yield ("needs",), "needs", cause.needs
    for index, question in enumerate(cause.likely):
        yield ("likely", index, "ask"), "likely.ask", question.ask
    for name, variants in cause.aspects.items():
        for index, text in enumerate(variants):
            yield ("aspects", name, index), "aspects", text


def _of_texts(
    source: Source, cause: Cause, opened: Opened, beside: Mapping[_Path, Opened], facts: FactRegistry, forbidden: Forbidden
) -> Iterator[Problem]:
    for path, field, text in _texts(cause):
        # A text of a special case speaks of the rows for which that holds as well.
        scopes = {*opened.scopes, *beside.get((*path[:2], "when"), Opened()).scopes} if path[0] == "wordings" else opened.scopes
        reasons = list(text_problems(text, frozenset(scopes), facts, forbidden, LIMITS[field]))
        reasons.extend(f"must never be said here: {wording}" for wording in cause.never if wording in text)
        for reason in reasons:
            yield source.problem(path, f"{field}: {reason}")
