"""The newest trained model, loaded to parse texts as the server does."""

from __future__ import annotations

import asyncio
import logging
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from actions.knowledge.loading import load
from actions.settings import quiet_libraries
from bot.evaluation.rows import Row

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
    """A parser of a model. The first call of this function takes seconds: it imports Rasa."""
    quiet_libraries()
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
