"""The experiments that run, as this process serves them: read beside the turns, so that a turn asks nobody whether there are any."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from itertools import product
from typing import Any

import structlog
from sqlalchemy.orm import Session

from actions.dialogue.arms import Arms, RunningExperiment
from actions.dialogue.outside_turns import ArmedTexts
from actions.knowledge.loading import DEFAULT_ROOT, load
from actions.knowledge.model import Knowledge
from actions.knowledge.overlay import DAYS, Overlaying
from actions.knowledge.rendering import PLACEHOLDER
from actions.knowledge.store import KnowledgeStore
from actions.state.database import Database
from actions.state.experiments import ExperimentRow, met_by, running_experiments
from actions.yaml_source import Path_, Problem, Source, SourceError

LOOK_SECONDS = 5.0
_LEAST_FRAGMENT = 2
_OF_DAYS = "ahead.days"

log = structlog.get_logger()


class NeverDiffers(ValueError):
    """An arm says the same as another one; the message names it."""


class RunningExperiments:
    """What runs.

    Args:
        database: where it is registered.
        knowledge: what the arms lie over; when it changes, the arms are made anew over what it is then.
    """

    def __init__(self, database: Database, knowledge: KnowledgeStore) -> None:
        self._database, self._knowledge = database, knowledge
        self._arms: Arms | None = None
        self._made: dict[tuple[str, ...], Knowledge] = {}
        self._seen: object = None
        self._looking = threading.Lock()

    @property
    def arms(self) -> Arms | None:
        """What is said in every arm; None: nothing runs, and there is nothing to be done for it."""
        return self._arms

    def texts(self, session: Session) -> ArmedTexts:
        """What customers are told outside of turns.

        Args:
            session: the caller's, which is only read.
        """
        return ArmedTexts(self._arms, self._knowledge.current, lambda user: met_by(session, user))

    def look(self) -> None:
        """Looks what runs now. An experiment whose arms cannot be used any more is left out, which is logged once."""
        with self._looking:
            with self._database.session() as session:
                rows = running_experiments(session)
            if not rows:
                self._arms, self._made, self._seen = None, {}, None
                return
            usual = self._knowledge.current
            seen = (self._knowledge.version, tuple((row.id, row.version, row.hash, row.assignment.stopped) for row in rows))
            if seen != self._seen:
                self._arms = self._arms_of(rows, usual)
                self._seen = seen

    def _arms_of(self, rows: tuple[ExperimentRow, ...], usual: Knowledge) -> Arms | None:
        usable = [(row, running) for row in rows if (running := self._running(row)) is not None]
        made: dict[tuple[str, ...], Knowledge] = {}
        knowledge: dict[tuple[int, ...], Knowledge] = {}
        version = self._knowledge.version
        try:
            for key in product(*(range(len(running.assignment.arms)) for _, running in usable)):
                overlays = {
                    path: text
                    for (row, running), at in zip(usable, key)
                    for path, text in row.overlays_of(running.assignment.arms[at]).items()
                }
                name = (version, *(f"{path}\0{text}" for path, text in sorted(overlays.items())))
                made[name] = knowledge[key] = (self._made.get(name) or armed(overlays)) if overlays else usual
        except SourceError as error:
            log.error("experiments.not_usable", problems=[str(problem) for problem in error.problems])
            return None
        self._made = made
        return Arms(usual, tuple(running for _, running in usable), knowledge) if usable else None

    def _running(self, row: ExperimentRow) -> RunningExperiment | None:
        try:
            return running_of(row)
        except (SourceError, NeverDiffers) as error:
            log.error("experiments.not_usable", experiment=row.name, problems=str(error).splitlines())
            return None


def armed(overlays: Mapping[str, str]) -> Knowledge:
    """The project's knowledge with overlays over it, by file.

    Raises:
        SourceError: it would be refused.
    """
    return load(overlays={path: Source(path, text) for path, text in overlays.items()})


def running_of(row: ExperimentRow) -> RunningExperiment:
    """What an experiment's arms differ in.

    Raises:
        SourceError: an overlay says what no arm may say.
        NeverDiffers: an arm differs from the control in nothing.
    """
    causes: set[str] = set()
    days: set[str] = set()
    topics: set[str] = set()
    fragments: set[str] = set()
    control, *others = row.assignment.arms
    for arm in others:
        changed = [each for path, text in row.overlays_of(arm).items() for each in changes(path, Source(f"{row.id}/{arm}/{path}", text))]
        if not changed:
            raise NeverDiffers(f"{arm} says the same as {control}")
        for file, place, texts in changed:
            folder, _, name = file.partition("/")
            if place == _OF_DAYS:
                # No text differs by this, so that no turn needs to be answered in every arm for it.
                days.add(name.removesuffix(".yml"))
            elif folder == "causes":
                causes.add(name.removesuffix(".yml"))
            elif folder == "answers":
                topics.add(place)
            fragments.update(filter(None, map(_fragment, texts)))
    return RunningExperiment(row.assignment, frozenset(causes), frozenset(topics), tuple(sorted(fragments)), frozenset(days))


def changes(file: str, overlay: Source) -> list[tuple[str, str, tuple[str, ...]]]:
    """What an overlay says otherwise: the file, the topic if it is one's or that it is the day of advice, and the texts before and after.

    Raises:
        SourceError: it says what no arm may say.
    """
    path = DEFAULT_ROOT / file
    if not path.is_file():
        raise SourceError([Problem(overlay.file, 1, f"lies over nothing: there is no {file}")])
    base = Source.read(path)
    overlaying = Overlaying(base, overlay, file)
    merged = overlaying.put_together()
    if overlaying.problems:
        raise SourceError(overlaying.problems)
    return [
        (file, _topic(base.data, changed), (*_texts(_at(base.data, changed)), *_texts(_at(merged.data, changed))))
        for changed in overlaying.changed
    ]


def _topic(data: Any, path: Path_) -> str:
    if path == DAYS:
        return _OF_DAYS
    return str(_at(data, path[:2]).get("id")) if path[:1] == ("topics",) else ""


def _at(data: Any, path: Path_) -> Any:
    for part in path:
        data = data[part]
    return data


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    values = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return [text for each in values for text in _texts(each)]


def _fragment(text: str) -> str | None:
    """The longest piece of a text that stands in it whatever it is filled with."""
    pieces = [piece.strip() for piece in re.split("\n", PLACEHOLDER.sub("\n", text))]
    longest = max(pieces, key=len)
    return longest if len(longest) >= _LEAST_FRAGMENT else None
