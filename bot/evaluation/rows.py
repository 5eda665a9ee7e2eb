"""Labelled utterances (tab-separated, the header line names the columns), the model that parses them, and which sub-question would be answered."""

from __future__ import annotations

import asyncio
import logging
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from actions.core.asked import ABOUT_CASE, Reading, heard_in
from actions.core.planner import own_aspects
from actions.knowledge.loading import load
from actions.knowledge.model import Knowledge
from actions.settings import quiet_libraries
from actions.yaml_source import Problem, SourceError
from bot.engine.unused_libraries import prepare_for
from bot.language.case_state import PHASES
from bot.language.training_sentences import INTENTS

COLUMNS = ("text", "label", "alternatives", "topic", "topic_alternatives", "asks", "phase", "cause")
"""What is read; other columns are for people. Text and label must be there."""
_SEPARATORS = re.compile(r"[,|]")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Row:
    """One labelled utterance.

    Attributes:
        label: its intent; ``alternatives`` are accepted as well.
        topic: its matter; None if the file does not say. ``topic_alternatives`` are accepted as well.
        asks: the sub-question of its topic, or of the cause, that it asks; ``main`` for none; None if the file does not say.
        phase: of the case in which it is said; None at the beginning of a conversation.
        cause: id of the cause on the table then.
    """

    text: str
    label: str
    alternatives: frozenset[str] = frozenset()
    topic: str | None = None
    topic_alternatives: frozenset[str] = frozenset()
    phase: str | None = None
    cause: str | None = None
    asks: str | None = None


def read_rows(path: Path) -> tuple[Row, ...]:
    """Reads a file; alternatives are separated by ``|`` or a comma.

    Raises:
        SourceError: the file cannot be read, is not UTF-8, has no header or no rows, a line has more columns than the header, an empty
            text, a label that is no intent, a topic that is no name or a phase that is none; with file and line of every problem.
    """
    name = str(path)
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise SourceError([Problem(name, 1, f"cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError:
        raise SourceError([Problem(name, 1, "is not UTF-8 text")]) from None
    header = [cell.strip() for cell in lines[0].split("\t")] if lines else []
    if not {"text", "label"} <= set(header):
        raise SourceError(
            [Problem(name, 1, f"the first line must name the columns, text and label among them; read are {', '.join(COLUMNS)}")]
        )
    rows: list[Row] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines[1:], start=2):
        if line.strip():
            try:
                rows.append(_row(header, line))
            except ValueError as error:
                problems.append(Problem(name, number, str(error)))
    if not rows and not problems:
        problems.append(Problem(name, 1, "holds no rows"))
    if problems:
        raise SourceError(problems)
    return tuple(rows)


def _row(header: list[str], line: str) -> Row:
    cells = [cell.strip() for cell in line.split("\t")]
    if not 2 <= len(cells) <= len(header):
        raise ValueError(f"has {len(cells)} columns, the first line names {len(header)}")
    values: dict[str, str] = dict(zip(header, cells))
    alternatives = _names(values.get("alternatives", ""))
    if not values["text"]:
        raise ValueError("the text is empty")
    unknown = sorted(name for name in {values["label"], *alternatives} if name not in INTENTS)
    if unknown:
        raise ValueError(f"{unknown[0] or 'an empty label'} is no intent")
    topics = _names(values.get("topic_alternatives", ""))
    odd = sorted(name for name in {values.get("topic", ""), *topics} if name and not _NAME.fullmatch(name))
    if odd:
        raise ValueError(f"{odd[0]} is no name of a topic")
    asks = values.get("asks") or None
    if asks is not None and not _NAME.fullmatch(asks):
        raise ValueError(f"{asks} is no name of a sub-question")
    phase = values.get("phase") or None
    if phase is not None and phase not in PHASES:
        raise ValueError(f"{phase} is no phase; there are {', '.join(PHASES)}")
    return Row(values["text"], values["label"], alternatives, values.get("topic") or None, topics, phase, values.get("cause") or None, asks)


def _names(cell: str) -> frozenset[str]:
    return frozenset(name for name in map(str.strip, _SEPARATORS.split(cell)) if name)


MATTER_ITSELF = "main"
"""How a row says that it asks no sub-question, but for the matter itself."""


@dataclass(frozen=True)
class ReadSubQuestion:
    """The sub-questions that would be answered; ``MATTER_ITSELF`` if none.

    Attributes:
        read: with what was read of the matter.
        worded: by the words that stand in the text.
    """

    read: str
    worded: str


def asked_of(row: Row, result: Mapping[str, Any], knowledge: Knowledge) -> ReadSubQuestion | None:
    """What a text asks of its matter, which is taken from the row; None if the row does not say, or has no matter.

    Args:
        row: what was said and when.
        result: Rasa's parse result.
        knowledge: topics, causes and aspects.
    """
    if row.asks is None:
        return None
    words = tuple(result.get("aspects") or ())
    readings: dict[str, Reading] = {
        name: tuple((str(n), float(p)) for n, p in read) for name, read in (result.get("sub_questions") or {}).items()
    }
    if row.topic is not None and row.topic in knowledge.answers.topics:
        topic = knowledge.answers.topics[row.topic]

        def own(names: tuple[str, ...]) -> tuple[str, ...]:
            return own_aspects(topic, names)

        return _first(own, words, heard_in(words, readings, [topic.id], None).aspects)
    cause = knowledge.causes.get(row.cause or "")
    if cause is None:
        return None
    of_case = knowledge.asked_of_case([cause])
    heard = heard_in(words, {ABOUT_CASE: readings.get(ABOUT_CASE, ())}, [], of_case)
    return _first(lambda names: tuple(name for name in names if name in of_case), words, heard.aspects)


def _first(own: Callable[[tuple[str, ...]], tuple[str, ...]], words: tuple[str, ...], heard: tuple[str, ...]) -> ReadSubQuestion:
    return ReadSubQuestion(next(iter(own(heard)), MATTER_ITSELF), next(iter(own(words)), MATTER_ITSELF))


MODELS = Path("models")


class NoModel(RuntimeError):
    """There is no trained model."""


def newest_model(directory: Path = MODELS) -> Path:
    """The newest archive of a directory.

    Raises:
        NoModel: there is none.
    """
    archives = sorted(directory.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not archives:
        raise NoModel(f"no trained model in {directory}/: train one first (make train)")
    return archives[-1]


Parser = Callable[[Row], dict[str, Any]]
"""From an utterance, said in the state of the case it names, to Rasa's parse result."""


def load_parser(model: Path) -> Parser:
    """A parser of a model. The first call of this function takes seconds: it imports Rasa.

    Raises:
        TensorFlowMissing: the model needs what is not installed.
    """
    quiet_libraries()
    prepare_for(model)
    warnings.simplefilter("ignore")
    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    import skops.io  # noqa: F401  imported first, else it scans all modules TensorFlow has loaded
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import UserMessage

    agent = Agent.load(str(model))
    assert agent.processor is not None
    processor = agent.processor
    causes = load().causes
    loop = asyncio.new_event_loop()

    def parse(row: Row) -> dict[str, Any]:
        cause = causes.get(row.cause or "")
        case = {"phase": row.phase, "nature": cause.nature if cause is not None else None}
        result: dict[str, Any] = loop.run_until_complete(processor.parse_message(UserMessage(row.text, metadata={"case": case})))
        return result

    return parse
