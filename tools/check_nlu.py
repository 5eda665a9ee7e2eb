"""Looks at the training sentences: duplicates, near-duplicates across intents, leaks and imbalance (``make check-nlu``).

The glossary's expressions are tried, too: one that blows up is an error.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from math import ceil
from pathlib import Path

from actions.knowledge.expressions import blow_up_problems
from actions.knowledge.folder import Folder
from actions.knowledge.loading import load
from actions.knowledge.model import Answers, Knowledge
from actions.yaml_source import Problem, SourceError
from bot.evaluation.rows import read_rows
from bot.language.normaliser import Normaliser
from bot.language.pipeline import GLOSSARY, glossary_at
from bot.language.training_sentences import (
    ABOUT_CASE,
    COMPLAINTS,
    DIALOGUE_ACTS,
    HOLDBACK,
    INTENTS,
    OUT_OF_SCOPE,
    QUESTIONS,
    REQUEST_HUMAN,
    TRAINING,
    Sentence,
    training_sentences,
)

Key = Callable[[str], str]
"""Under which two texts are the same."""
NEAR = 0.75
"""Share of common character pairs from which two sentences count as nearly the same."""
LEAST_OF_TOPIC = 60
"""How many sentences a topic needs, whichever intents they stand under."""
LEAST_OF_SUB_QUESTION = 5
"""How many sentences a sub-question needs that is taught by sentences."""
_HELD_BACK = ("holdback", "second_turns", "sub_questions")
_SHORTEST_NEAR = 8
_SIGNS = re.compile(r"[\W_]+")
_ANNOTATION = re.compile(r"\]\s?[({]|^\s*/|^- ")
_SHOWN = 40
_KNOWN_LINE = re.compile(r"\s*(#.*)?|version: .*|nlu:|  - intent: \S+\s*|    metadata: \{.*\}|    examples: \|\s*|      - .*\S\s*")
"""What a line of a file of sentences can be: whatever else stands there (the marks of a conflict) is passed over by whoever reads it for training."""


def least_sentences(intent: str) -> int:
    """How many sentences an intent needs."""
    if intent == OUT_OF_SCOPE:
        return 1200
    return {REQUEST_HUMAN: 150}.get(intent, 300 if intent in COMPLAINTS + QUESTIONS else 80)


def errors_of(sentences: Sequence[Sentence], held_back: Sequence[str], key: Key, answers: Answers) -> Iterator[Problem]:
    """What must be put right: unknown intents and topics, wrong files, duplicates, leaks, and intents and topics with too few sentences.

    Args:
        held_back: texts nobody trains on.
        key: under which two texts are the same.
        answers: the topics; those that have an intent must be learned.
    """
    seen: dict[tuple[str, tuple[tuple[str, str], ...]], Sentence] = {}
    kept_apart = {_bare(key(text)) for text in held_back}
    for sentence in sentences:
        bare = _bare(key(sentence.text))
        if sentence.intent not in INTENTS:
            yield _problem(sentence, f"{sentence.intent or 'a missing label'} is no intent")
        elif not sentence.topic and sentence.asks:
            # What is asked of a cause is read whatever topic of the case it comes nearest to.
            pass
        elif sentence.topic not in answers.topics:
            yield _problem(sentence, f"{sentence.topic or 'a missing topic'} is no topic")
        elif Path(sentence.file).stem != sentence.intent:
            yield _problem(sentence, f"{sentence.intent} stands in the file of another intent")
        if not bare:
            yield _problem(sentence, "nothing is left of the sentence after normalising")
        elif (bare, sentence.said) in seen:
            # What is said in another phase of a case may mean something else.
            other = seen[bare, sentence.said]
            relation = "twice" if other.intent == sentence.intent else f"also under {other.intent}"
            yield _problem(sentence, f"{sentence.text!r} stands {relation} ({other.file}:{other.line})")
        if any("_" in name and name in sentence.text for name in INTENTS) or _ANNOTATION.search(sentence.text):
            yield _problem(sentence, f"{sentence.text!r} gives its label away or holds an annotation")
        if bare in kept_apart:
            yield _problem(sentence, f"{sentence.text!r} is held back for measuring")
        seen.setdefault((bare, sentence.said), sentence)
    counts = Counter(s.intent for s in sentences)
    for intent in INTENTS:
        if counts[intent] < least_sentences(intent):
            yield Problem(str(TRAINING / f"{intent}.yml"), 1, f"{counts[intent]} sentences, {least_sentences(intent)} are wanted")
    of_topics = Counter(s.topic for s in sentences)
    for topic in (each.id for topics in answers.by_intent.values() for each in topics):
        if of_topics[topic] < LEAST_OF_TOPIC:
            yield Problem(str(TRAINING), 1, f"{of_topics[topic]} sentences of the topic {topic}, {LEAST_OF_TOPIC} are wanted")


def asks_problems(sentences: Sequence[Sentence], knowledge: Knowledge) -> Iterator[Problem]:
    """Sub-questions that sentences ask and nobody answers, and those of topics that neither words nor enough sentences teach."""
    topics, aspects = knowledge.answers.topics, knowledge.aspects
    of_causes = frozenset[str]().union(*(knowledge.asked_of_case([cause]) for cause in knowledge.causes.values()))
    taught = Counter((s.topic, s.asks) for s in sentences if s.asks)
    for sentence in sentences:
        if sentence.intent == ABOUT_CASE:
            answered = sentence.asks in of_causes
        else:
            answered = sentence.topic in topics and bool(topics[sentence.topic].said_to(sentence.asks))
        if sentence.asks and not answered:
            yield _problem(sentence, f"nothing answers {sentence.asks} of {sentence.topic or ABOUT_CASE}")
    for topic in (each for topics in knowledge.answers.by_intent.values() for each in topics):
        for name in topic.aspects:
            count = taught[topic.id, name]
            if count < LEAST_OF_SUB_QUESTION and aspects[name].is_narrow and not aspects[name].asked:
                yield Problem(str(TRAINING), 1, f"{count} sentences ask {name} of {topic.id}, {LEAST_OF_SUB_QUESTION} are wanted")


def unread_lines(directory: Path = TRAINING) -> Iterator[Problem]:
    """Lines that are no part of a file of training sentences."""
    for path in sorted(directory.glob("*.yml")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if not _KNOWN_LINE.fullmatch(line):
                yield Problem(str(path), number, f"no line of a file of sentences: {line}")


def near_duplicates(sentences: Sequence[Sentence], key: Key) -> list[tuple[float, Sentence, Sentence]]:
    """Pairs of different intents that are nearly the same, nearest first: each is a contrast somebody meant, or a wrong label."""
    pairs_of = [_pairs(_bare(key(s.text))) for s in sentences]
    frequency = Counter(pair for pairs in pairs_of for pair in pairs)
    by_pair: dict[str, list[int]] = defaultdict(list)
    found = []
    for index, pairs in enumerate(pairs_of):
        if len(pairs) + 1 < _SHORTEST_NEAR:
            continue
        # Two sets that are alike enough share one of their rarest pairs, so the common ones need not be looked up.
        rarest = sorted(pairs, key=lambda pair: (frequency[pair], pair))[: len(pairs) - ceil(NEAR * len(pairs)) + 1]
        for other in {other for pair in rarest for other in by_pair[pair]}:
            if sentences[other].intent != sentences[index].intent:
                common = len(pairs & pairs_of[other])
                likeness = common / (len(pairs) + len(pairs_of[other]) - common)
                if likeness >= NEAR:
                    found.append((likeness, sentences[other], sentences[index]))
        for pair in rarest:
            by_pair[pair].append(index)
    return sorted(found, key=lambda item: -item[0])


def held_back_texts(directory: Path = HOLDBACK) -> list[str]:
    """The sentences nobody trains on: all that the classifier is measured with."""
    return [row.text for name in _HELD_BACK for path in sorted(directory.glob(f"{name}*.tsv")) for row in read_rows(path)]


def _problem(sentence: Sentence, reason: str) -> Problem:
    return Problem(sentence.file, sentence.line, reason)


def _bare(text: str) -> str:
    return _SIGNS.sub("", text).lower()


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}


def main() -> int:
    """Prints what it finds; the exit code is 1 if something must be put right."""
    try:
        sentences = training_sentences()
        knowledge = load()
        key = cache(Normaliser(glossary_at().corrections))
        errors = list(unread_lines())
        errors += errors_of(sentences, held_back_texts(), key, knowledge.answers)
        errors += asks_problems(sentences, knowledge)
        errors += blow_up_problems(Folder(GLOSSARY.parent))
    except SourceError as error:
        print(error, file=sys.stderr)
        return 1
    near = near_duplicates(sentences, key)
    counts = Counter(s.intent for s in sentences)
    print(f"{len(sentences)} sentences, {len(counts)} intents")
    for intent, count in counts.most_common():
        print(f"  {intent:<26}{count:>6}  {count / len(sentences):6.1%}")
    groups = (("complaints", COMPLAINTS), ("questions", QUESTIONS), ("dialogue acts", DIALOGUE_ACTS))
    for name, group in groups:
        sizes = [counts[intent] for intent in group]
        print(f"  {name}: largest to smallest {max(sizes) / max(1, min(sizes)):.1f}")
    print(f"\nnearly the same in two intents: {len(near)} (a contrast, or a wrong label; not an error)")
    for likeness, first, second in near[:_SHOWN]:
        print(f"  {likeness:.2f}  {first.intent}: {first.text}  |  {second.intent}: {second.text}")
    print(f"\nto put right: {len(errors)}")
    for problem in errors:
        print(f"  {problem}")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
