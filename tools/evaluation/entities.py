"""How well entities and cues are found: sentences with annotations, and the score against the spaCy pipeline."""

from __future__ import annotations

import sys
from collections import Counter
from collections import Counter as CounterOf
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from actions.knowledge.glossary_numbers import AMOUNT_KINDS
from actions.yaml_source import Problem, SourceError
from bot.language.normaliser import Normaliser
from bot.language.pipeline import build_pipeline, entities_of, glossary_at

SCORED = (*AMOUNT_KINDS, "tenor", "order", "bill", "item", "category", "merchant", "month")
ANNOTATED = Path("tests/nlu/entities.tsv")
CUES = Path("tests/nlu/cues.tsv")
Pair = tuple[str, str]


@dataclass(frozen=True)
class Annotated:
    """A sentence and what must be found in it: (entity, value); cues have no value."""

    text: str
    entities: tuple[Pair, ...]


@dataclass(frozen=True)
class EntityScore:
    """Counts of one entity."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of what was found that is right, 0–1."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Share of what is there that was found, 0–1."""
        return self.right / max(1, self.right + self.missed)


def read_annotated(path: Path) -> tuple[Annotated, ...]:
    """Reads tab-separated text and ``entity=value`` pairs separated by semicolons.

    Raises:
        SourceError: the file cannot be read or a line has no such form; with file and line.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        raise SourceError([Problem(str(path), 1, f"cannot be read: {error.strerror}")]) from None
    sentences: list[Annotated] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines[1:], start=2):
        text, tab, annotation = line.partition("\t")
        pairs = [tuple(pair.split("=", 1)) for pair in annotation.split(";") if pair]
        if not tab or not text or any(len(pair) != 2 for pair in pairs):
            problems.append(Problem(str(path), number, "is not text, a tab, and entity=value pairs"))
        else:
            sentences.append(Annotated(text, tuple((pair[0], pair[1]) for pair in pairs)))
    if problems:
        raise SourceError(problems)
    return tuple(sentences)


def score(sentences: Sequence[Annotated], cues: bool = False) -> tuple[dict[str, EntityScore], list[str]]:
    """Scores per entity, with ``all`` for the sum, and one line per sentence that is not exactly right."""
    nlp, normalise = build_pipeline(), Normaliser(glossary_at().corrections)
    right: CounterOf[str] = Counter()
    wrong: CounterOf[str] = Counter()
    missed: CounterOf[str] = Counter()
    lines = []
    for sentence in sentences:
        entities = entities_of(nlp(normalise(sentence.text)))
        if cues:
            found = Counter((e["entity"], "") for e in entities if e["entity"].startswith("cue_"))
        else:
            found = Counter((e["entity"], e["value"]) for e in entities if e["entity"] in SCORED)
        wanted = Counter(sentence.entities)
        for count, pairs in ((right, found & wanted), (wrong, found - wanted), (missed, wanted - found)):
            for (entity, _), times in pairs.items():
                count[entity] += times
                count["all"] += times
        if found != wanted:
            lines.append(f"{sentence.text}: missed {sorted(wanted - found)}, wrong {sorted(found - wanted)}")
    names = sorted({*right, *wrong, *missed} - {"all"}) + ["all"]
    return {name: EntityScore(right[name], wrong[name], missed[name]) for name in names}, lines


def main() -> int:
    """Prints the scores of entities and cues."""
    for path, cues in ((ANNOTATED, False), (CUES, True)):
        sentences = read_annotated(path)
        scores, lines = score(sentences, cues)
        print(f"{path}: {len(sentences)} sentences")
        for name, figures in scores.items():
            print(f"  {name:<20} precision {figures.precision:.3f}  recall {figures.recall:.3f}  of {figures.right + figures.missed}")
        for line in lines:
            print(f"  {line}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
