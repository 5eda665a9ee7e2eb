"""What logs may show: where something failed, and never with which values."""

from __future__ import annotations

from typing import Any

import structlog
from structlog.dev import ConsoleRenderer, plain_traceback
from structlog.processors import ExceptionRenderer
from structlog.tracebacks import ExceptionDictTransformer


def hide_values() -> None:
    """Keeps the values of variables, such as customers' texts, out of tracebacks, where structlog shows them by itself."""
    structlog.configure(processors=[_hiding(each) for each in structlog.get_config()["processors"]])


def _hiding(processor: Any) -> Any:
    if isinstance(processor, ConsoleRenderer):
        return ConsoleRenderer(exception_formatter=plain_traceback)
    if isinstance(processor, ExceptionRenderer):
        return ExceptionRenderer(ExceptionDictTransformer(show_locals=False))
    return processor
