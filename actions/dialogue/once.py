"""Leaves out of a reply the remarks that it has made already: the way to pay meanwhile, that the account is not to blame."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from actions.core.facts import Facts
from actions.dialogue.speaker import names_nothing_new
from actions.knowledge.remarks import Remarks


class Once:
    """What a turn has remarked so far.

    A remark that was made is left out where it ends a sentence; in front of something else it stays, for that is said on top of it.
    """

    def __init__(self, remarks: Remarks) -> None:
        self._remarks = remarks
        self._made: set[int] = set()

    def kept(self, texts: Iterable[str]) -> list[str]:
        """Texts without the remarks that were made before, in order; those of which nothing is left are left out."""
        return [left for text in texts if (left := "\n".join(filter(None, map(self._line, text.split("\n")))))]

    def _line(self, line: str) -> str:
        sentences = [sentence for sentence in self._remarks.sentences.split(line) if sentence]
        kept = [left for sentence in sentences if (left := self._sentence(sentence))]
        if kept and kept[-1][-1:] != sentences[-1][-1:] and kept != sentences:
            # The line ends as it did, whichever of its sentences is the last one now.
            kept[-1] = kept[-1][:-1] + sentences[-1][-1]
        return "".join(kept)

    def _sentence(self, sentence: str) -> str:
        ended = self._remarks.sentences.search(sentence, 1) is not None
        body, end = (sentence[:-1], sentence[-1]) if ended else (sentence, "")
        parts = self._remarks.parts.split(body)
        made = [self._remark(part) for part in parts]
        left = len(parts)
        while left and made[left - 1] in self._made:
            left -= 1
        if 0 < left < len(parts) and self._remarks.openings.search(parts[left - 1]):
            left -= 1
        self._made.update(each for each in made[:left] if each is not None)
        if left == len(parts):
            return sentence
        return body[: sum(map(len, parts[:left])) + left - 1] + end if left else ""

    def _remark(self, part: str) -> int | None:
        return next((number for number, known in enumerate(self._remarks.known) if known.search(part)), None)


def untold(lines: Sequence[str], told: Sequence[str], facts: Facts) -> Sequence[str]:
    """Lines without those whose numbers were all told already; all of them if none would be left.

    Args:
        facts: whose goods the numbers in their names belong to.
    """
    names = [line.item.title for line in facts.lines if line.item.title]

    def bare(text: str) -> str:
        for name in names:
            text = text.replace(name, "")
        return text

    known = [bare(each) for each in told]
    return [each for each in lines if not names_nothing_new(bare(each), known)] or lines
