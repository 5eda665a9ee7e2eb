"""The documents as they stand: their fenced blocks, the marks above them, the sessions in them, and what fits what they show.

A comment ``<!-- KIND: NAME -->`` directly above a block is its mark. In what a page shows, ``…`` stands for whatever is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])
_BLOCK = re.compile(r"(?:^<!-- (\w+)[: ]([^\n]*?) -->\n)?^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block.

    Attributes:
        kind, name: of its mark; empty without one.
        line: where the mark or the block begins.
    """

    page: str
    line: int
    kind: str
    name: str
    language: str
    text: str

    @property
    def where(self) -> str:
        """Page and line."""
        return f"{self.page}:{self.line}"


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    shown_as = page.relative_to(ROOT).as_posix()
    return [
        Block(shown_as, text.count("\n", 0, found.start()) + 1, found[1] or "", (found[2] or "").strip(), found[3], found[4])
        for found in _BLOCK.finditer(text)
    ]


def marked(page: Path, kind: str) -> dict[str, str]:
    """Name → text of a page's blocks with a mark of this kind."""
    return {block.name: block.text for block in blocks(page) if block.kind == kind}


def inline(page: Path) -> list[str]:
    """What stands between single backticks in a page's prose and tables."""
    prose = _BLOCK.sub("", page.read_text(encoding="utf-8"))
    return [code.replace("\\|", "|") for code in re.findall(r"`([^`\n]+)`", prose)]


def commands(text: str) -> list[str]:
    """The commands of a shell block: continued lines joined, comments and prompts taken away."""
    lines = re.sub(r"\s*\\\n\s*", " ", text).splitlines()
    bare = [re.sub(r"(^|\s+)#\s.*$", "", line.removeprefix("$ ")).strip().removesuffix("&").strip() for line in lines]
    return [line for line in bare if line]


def session(text: str) -> list[tuple[str, str]]:
    """The commands after ``$`` of a session, each with what it prints."""
    return [(commands(part.partition("\n")[0])[0], part.partition("\n")[2]) for part in re.split(r"^\$ ", text, flags=re.MULTILINE) if part]


def fits(shown: str, real: str) -> bool:
    """Whether a page shows what came: ``…`` is anything, blanks are blanks, and a line may be broken anywhere between words and signs."""

    def any_blanks(gap: re.Match[str]) -> str:
        return r"\s*" if "\n" in gap[0] else r"\s+"

    pieces = [re.sub(r"(?:\\?\s)+", any_blanks, re.escape(piece)) for piece in shown.strip().split("…")]
    return re.fullmatch(r"\s*" + r".*?".join(pieces) + r"\s*", real, re.DOTALL) is not None


def resembles(shown: Any, real: Any) -> bool:
    """Whether JSON that a page shows is what came; fields may be left out, and ``…`` within a text is anything."""
    if isinstance(shown, dict):
        return isinstance(real, dict) and all(name in real and resembles(value, real[name]) for name, value in shown.items())
    if isinstance(shown, list):
        return isinstance(real, list) and len(shown) == len(real) and all(map(resembles, shown, real))
    return fits(shown, real) if isinstance(shown, str) and isinstance(real, str) else bool(type(shown) is type(real) and shown == real)
