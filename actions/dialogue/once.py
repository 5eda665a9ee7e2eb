"""Leaves out of a reply the remarks that it has made already: the way to pay meanwhile, that the account is not to blame."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from actions.core.facts import Facts
from actions.dialogue.speaker import NUMBERS, names_a_number_beside, names_nothing_new
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

    def explained(self, lines: Iterable[str], told: Sequence[str], facts: Facts, named: bool) -> list[str]:
        """Lines that explain a cause, without what an answer in front of them has told: those whose numbers were all told, and the first one if
        the answer has named the cause, unless it adds something.

        Args:
            told: the lines of the answer.
            facts: whose goods the numbers in their names belong to.
            named: whether the answer has named the cause; if not, something is told in any case.
        """
        explained, known = list(lines), [_bare(each, facts) for each in told]
        first = explained[:1] if not named or self._adds("".join(explained[:1]), known, facts) else []
        left = [each for each in (*first, *explained[1:]) if not names_nothing_new(_bare(each, facts), known)]
        return left if left or named else explained

    def closing(self, text: str, told: Sequence[str], facts: Facts, answered: bool) -> str:
        """A text that closes a reply, without the sentences that name no number, way out or caveat beside those that were told; may be empty.

        Args:
            told: the replies before it.
            facts: whose goods the numbers in their names belong to.
            answered: whether an answer in the reply has said all there is to say of the cause: then what names nothing goes as well.
        """
        known = [_bare(each, facts) for each in told]

        def is_told(sentence: str) -> bool:
            marks = [mark for mark in (*self._remarks.ways, *self._remarks.caveats) if mark.search(sentence)]
            repeated = bool(marks) and all(any(map(mark.search, known)) for mark in marks)
            plain = repeated or bool(NUMBERS.search(sentence)) or (answered and not marks)
            return plain and not self._adds(sentence, known, facts)

        parted = (self._sentences(line) for line in text.split("\n"))
        lines = (_ended_alike([each for each in sentences if not is_told(each)], sentences) for sentences in parted)
        return "\n".join(filter(None, lines))

    def _adds(self, sentence: str, known: Sequence[str], facts: Facts) -> bool:
        caveats = (caveat for caveat in self._remarks.caveats if caveat.search(sentence))
        return names_a_number_beside(_bare(sentence, facts), known) or any(not any(map(caveat.search, known)) for caveat in caveats)

    def _sentences(self, line: str) -> list[str]:
        return [sentence for sentence in self._remarks.sentences.split(line) if sentence]

    def _line(self, line: str) -> str:
        sentences = self._sentences(line)
        return _ended_alike([left for sentence in sentences if (left := self._sentence(sentence))], sentences)

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


def _ended_alike(kept: Sequence[str], sentences: Sequence[str]) -> str:
    """What is left of a line: it ends as it did, whichever of its sentences is the last one now."""
    text = "".join(kept)
    return text[:-1] + sentences[-1][-1] if kept and kept != sentences else text


def _bare(text: str, facts: Facts) -> str:
    """A text without the names of goods, whose numbers tell nothing."""
    for line in facts.lines:
        if line.item.title:
            text = text.replace(line.item.title, "")
    return text
