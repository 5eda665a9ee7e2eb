"""Finds regular expressions that blow up: tries each, in a process of its own, on texts that repeat what its repetitions repeat.

What was found harmless is remembered in the Python environment, so that a check tries only what is new since the last one.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import random
import re
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

from actions.knowledge.glossary import LONGEST_TEXT

try:
    from re import _constants as op  # type: ignore[attr-defined]
    from re import _parser as parser  # type: ignore[attr-defined]
except ImportError:  # Python 3.10
    import sre_constants as op
    import sre_parse as parser

_MISFITS = ("\u2603", "\u9f98")
"""A sign and a letter that hardly any expression names."""
_VARIANTS = 3
_SHOWN = 4
_CATEGORIES = {
    op.CATEGORY_DIGIT: "15",
    op.CATEGORY_NOT_DIGIT: "a\u4e00",
    op.CATEGORY_SPACE: " \n",
    op.CATEGORY_NOT_SPACE: "a\u4e00",
    op.CATEGORY_WORD: "a\u4e001",
    op.CATEGORY_NOT_WORD: "!? \uff1f",
}
# Signs in turn, blanks, letters, digits, numerals (ten, one, hundred), numbers with signs, addresses, braces, slashes; and both kinds mixed.
_GENERAL = (
    "?!", "\uff1f\uff01", " ", " !", "a", "\u4e00", "\u5341", "\u4e00\u767e", "1", "1,", "1.1", "12 ", "o-", "a.", "a@a.", "{}", "/a", "\uff01\u4e00", "ab, ",
)  # fmt: skip


def texts_against(expression: str) -> list[str]:
    """The texts, each once; the same ones for the same expression."""
    tree = parser.parse(expression)
    pieces = [("", piece) for piece in _GENERAL]
    for before, body in _repetitions(tree, ""):
        bodies = list(dict.fromkeys(_example(body, variant) for variant in range(_VARIANTS)))
        pieces += [(before, piece) for piece in (*bodies, "".join(bodies)) if piece]
    texts = [before + (piece * LONGEST_TEXT)[: LONGEST_TEXT - len(before) - 1] for before, piece in dict.fromkeys(pieces)]
    letters = "".join(sorted(set(_letters(tree)))) or "a"
    chance = random.Random(expression)
    texts += ["".join(chance.choices(letters, k=LONGEST_TEXT - 1)) for _ in range(_VARIANTS)]
    return [text + misfit for text in texts for misfit in _MISFITS]


def can_repeat(expression: str) -> bool:
    """Whether anything in an expression may be repeated; without that there is nothing to try in many ways."""
    return next(_repetitions(parser.parse(expression), ""), None) is not None


def _repetitions(items: Any, before: str) -> Iterator[tuple[str, Any]]:
    """What is repeated anywhere, with an example of what must stand before it."""
    for kind, value in items:
        if kind in (op.MAX_REPEAT, op.MIN_REPEAT) and value[1] > 1:
            yield before, value[2]
        for inner in _inside(kind, value):
            yield from _repetitions(inner, before)
        before += _example([(kind, value)], 0)


def _inside(kind: Any, value: Any) -> Sequence[Any]:
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT):
        return [value[2]]
    if kind is op.SUBPATTERN:
        return [value[3]]
    if kind is op.BRANCH:
        return list(value[1])
    return [value[1]] if kind in (op.ASSERT, op.ASSERT_NOT) else []


def _example(items: Any, variant: int) -> str:
    """Something that fits, apart from what is only looked at behind it; another variant takes other alternatives."""
    text = ""
    for kind, value in items:
        if kind in (op.MAX_REPEAT, op.MIN_REPEAT):
            text += _example(value[2], variant) * min(max(value[0], variant > 0), value[1])
        elif kind is op.BRANCH:
            text += _example(value[1][variant % len(value[1])], variant)
        elif kind is op.SUBPATTERN:
            text += _example(value[3], variant)
        elif kind is op.ASSERT and value[0] < 0:
            text += _example(value[1], variant)
        elif letters := _fitting(kind, value):
            text += letters[variant % len(letters)]
    return text


def _letters(items: Any) -> Iterator[str]:
    for kind, value in items:
        yield from _fitting(kind, value)
        for inner in _inside(kind, value):
            yield from _letters(inner)


def _fitting(kind: Any, value: Any) -> str:
    """Characters that one place takes; none for a place that takes no character."""
    if kind is op.LITERAL:
        return chr(value)
    if kind is op.CATEGORY:
        return _CATEGORIES.get(value, "a")
    if kind is op.RANGE:
        return "".join(map(chr, range(value[0], min(value[1], value[0] + _SHOWN) + 1)))
    if kind in (op.ANY, op.NOT_LITERAL):
        return "\u4e00!a1"
    if kind is op.IN:
        if value[0][0] is op.NEGATE:
            return "\u4e00!a1"
        return "".join(_fitting(*each) for each in value)
    return ""


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
    harmless = _Remembered(Path(sys.prefix) / "var" / "harmless_expressions")
    new = {*expressions} - harmless.known
    tried = sorted(expression for expression in new if can_repeat(expression))
    found = _tried(tried) if tried else {}
    harmless.add(sorted(new - found.keys()))
    return found


def _tried(expressions: list[str]) -> dict[str, str]:
    command = [sys.executable, "-m", "actions.knowledge.adversarial"]
    try:
        done = subprocess.run(command, input=json.dumps(expressions), capture_output=True, text=True, timeout=_MOST_SECONDS, check=True)
    except subprocess.TimeoutExpired:
        raise TimeoutError(f"the expressions were not tried within {_MOST_SECONDS:.0f} s") from None
    found: dict[str, str] = json.loads(done.stdout)
    return found


class _Remembered:
    """The expressions that this way of trying found harmless, one JSON text per line of a file that grows.

    Args:
        folder: may be missing, and may be one that cannot be written to; then nothing is remembered.
    """

    def __init__(self, folder: Path) -> None:
        way = f"{inspect.getsource(sys.modules[__name__])} {LONGEST_TEXT} {sys.version_info[:2]}"
        self._file = folder / f"{hashlib.sha256(way.encode()).hexdigest()[:16]}.jsonl"

    @property
    def known(self) -> set[str]:
        """All of them; a line that was written only in part is none."""
        known: set[str] = set()
        try:
            lines = self._file.read_text(encoding="utf-8").splitlines()
        except OSError:
            return known
        for line in lines:
            try:
                known.add(json.loads(line))
            except ValueError:
                continue
        return known

    def add(self, expressions: Iterable[str]) -> None:
        """Remembers more of them; two processes may do so at once."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open("a", encoding="utf-8") as file:
                file.write("".join(json.dumps(expression) + "\n" for expression in expressions))
        except OSError:
            pass


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
