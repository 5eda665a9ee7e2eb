"""The newest trained model, loaded to parse texts as the server does."""

from __future__ import annotations

import asyncio
import logging
import warnings
from pathlib import Path
from typing import Any, Callable, Dict

from actions.settings import quiet_libraries

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


def load_parser(model: Path) -> Callable[[str], Dict[str, Any]]:
    """A function from a text to Rasa's parse result. The first call of this function takes seconds: it imports Rasa."""
    quiet_libraries()
    warnings.simplefilter("ignore")
    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    import skops.io  # noqa: F401  imported first, else it scans all modules TensorFlow has loaded
    from rasa.core.agent import Agent

    agent = Agent.load(str(model))
    loop = asyncio.new_event_loop()

    def parse(text: str) -> Dict[str, Any]:
        result: Dict[str, Any] = loop.run_until_complete(agent.parse_message(text))
        return result

    return parse
