"""Finds regular expressions that blow up: a text of a customer's could stop the server on them, because nothing runs beside a match.

The expressions are tried on adversarial texts in a process of its own, only when knowledge is checked and never while serving.
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

from actions.knowledge.adversarial import can_repeat, texts_against
from actions.knowledge.glossary import LONGEST_TEXT

LIMIT = 0.5
"""Seconds of computing for one text. What is well made takes milliseconds; the mildest blow-up that was met takes several times this."""
_MOST_SECONDS = 600.0
"""For all expressions together; a guard, should the other limit fail."""


def blow_ups(expressions: Iterable[str]) -> dict[str, str]:
    """The expressions that take too long on some text, and how that text begins.

    Args:
        expressions: valid ones; those that repeat nothing are not tried.

    Raises:
        TimeoutError: all of them together have taken far too long, and which one it was is not known.
    """
    command = [sys.executable, "-m", "actions.knowledge.blowup"]
    tried = sorted({expression for expression in expressions if can_repeat(expression)})
    try:
        done = subprocess.run(command, input=json.dumps(tried), capture_output=True, text=True, timeout=_MOST_SECONDS, check=True)
    except subprocess.TimeoutExpired:
        raise TimeoutError(f"the expressions were not tried within {_MOST_SECONDS:.0f} s") from None
    found: dict[str, str] = json.loads(done.stdout)
    return found


def reason(text: str) -> str:
    """What the author of an expression that blows up is told."""
    return (
        f"the pattern takes more than {LIMIT:g} s on {LONGEST_TEXT} characters such as {text[:12]!r}…: "
        "two repetitions in it can take the same characters; make them one, or let something else stand between them"
    )


class _TooLongError(Exception):
    pass


def _stop(*_: Any) -> NoReturn:
    raise _TooLongError


def _found(expressions: Iterable[str]) -> Iterator[tuple[str, str]]:
    # Python looks for signals while it matches, and this clock counts computing: a busy machine makes nothing suspicious.
    signal.signal(signal.SIGVTALRM, _stop)
    for expression in expressions:
        compiled = re.compile(expression, re.IGNORECASE)
        for text in texts_against(expression):
            signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT)
            try:
                for _ in compiled.finditer(text):
                    pass
            except _TooLongError:
                yield expression, text
                break
            finally:
                signal.setitimer(signal.ITIMER_VIRTUAL, 0)


if __name__ == "__main__":
    print(json.dumps(dict(_found(json.load(sys.stdin)))))
