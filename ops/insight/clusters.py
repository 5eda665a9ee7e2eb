"""Sentences that were not understood, put together by what they are like; nothing is shown that fewer customers said than may be told."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sklearn.cluster import AgglomerativeClustering
from sklearn.feature_extraction.text import TfidfVectorizer

from actions.masking import mask
from ops.insight.reading import Sentence, plain

LEAST_CUSTOMERS = 5
"""Customers below which a cluster is not shown."""
LEAST_SAYING = 3
"""Customers below which a word, or a sentence, is not shown."""
MOST_TEXTS = 2_000
"""Different sentences that are compared with each other; the rest joins the cluster that is nearest."""
_APART = 0.87
"""Cosine distance, on average, above which sentences are not put together."""
_GRAMS = (1, 3)
_WORDS, _QUOTES = 6, 3
_PERSONAL = re.compile(r"\[[^\]]*\]|[\d*]+")
"""What is never shown: what the mask has put in place of something, and numbers."""


@dataclass(frozen=True)
class Cluster:
    """Sentences that are alike.

    Attributes:
        customers, sentences: how many.
        words: that at least ``LEAST_SAYING`` customers used, the most telling first.
        quotes: whole sentences that as many said alike.
        intent: what most were taken for, else whose examples they are nearest to.
        guessed: share of the sentences that were taken for it; None where the examples decided.
        who: the customers; never shown.
    """

    customers: int
    sentences: int
    words: tuple[str, ...]
    quotes: tuple[str, ...]
    intent: str | None
    guessed: float | None
    who: frozenset[str] = field(repr=False, default=frozenset())


def clusters(sentences: Iterable[Sentence], examples: Mapping[str, Sequence[str]]) -> tuple[Cluster, ...]:
    """The clusters of enough customers, the largest first.

    Args:
        examples: what each intent is learned from.
    """
    by_text: dict[str, list[Sentence]] = defaultdict(list)
    for sentence in sentences:
        text = plain(sentence.text)
        if len(text) >= _GRAMS[0]:
            by_text[text].append(sentence)
    texts = sorted(by_text, key=lambda text: (-len({each.customer for each in by_text[text]}), text))
    if len(texts) < 2:
        return ()
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=_GRAMS, sublinear_tf=True, dtype=np.float32)
    # What is usual is learned from the examples, too: among few sentences the words of a cluster themselves would pass for usual.
    vectorizer.fit([*texts, *(plain(text) for theirs in examples.values() for text in theirs)])
    vectors = vectorizer.transform(texts)
    labels = _labels(vectors, min(len(texts), MOST_TEXTS))
    members: dict[int, list[int]] = defaultdict(list)
    for place, label in enumerate(labels):
        members[label].append(place)
    near = _Nearest(vectorizer, examples)
    found = []
    for places in members.values():
        said = [each for place in places for each in by_text[texts[place]]]
        if len({each.customer for each in said}) >= LEAST_CUSTOMERS:
            found.append(_cluster(said, near, vectors[places].mean(axis=0)))
    return tuple(sorted(found, key=lambda each: (-each.customers, -each.sentences, each.words)))


def _labels(vectors: Any, compared: int) -> list[int]:
    some = vectors[:compared]
    distances = 1.0 - (some @ some.T).toarray()
    np.clip(distances, 0.0, None, out=distances)
    tree = AgglomerativeClustering(n_clusters=None, affinity="precomputed", linkage="average", distance_threshold=_APART)
    labels = [int(label) for label in tree.fit_predict(distances)]
    if vectors.shape[0] > compared:
        nearest = (vectors[compared:] @ some.T).tocsr()
        for place in range(nearest.shape[0]):
            row = nearest.getrow(place)
            best = int(row.data.argmax()) if row.nnz else None
            is_near = best is not None and row.data[best] >= 1.0 - _APART
            labels.append(labels[int(row.indices[best])] if is_near else max(labels) + 1)
    return labels


def _cluster(said: Sequence[Sentence], near: _Nearest, centre: Any) -> Cluster:
    customers = {each.customer for each in said}
    guesses = Counter(each.understood for each in said if each.understood is not None and each.understood != "out_of_scope")
    most = guesses.most_common(1)
    guessed = most[0][1] / len(said) if most else 0.0
    intent, share = (most[0][0], guessed) if guessed >= 0.5 else (near.intent(centre) or (most[0][0] if most else None), None)
    return Cluster(len(customers), len(said), _words(said), _quotes(said), intent, share, frozenset(customers))


def _quotes(said: Sequence[Sentence]) -> tuple[str, ...]:
    """What several customers said word by word."""
    by_text: dict[str, set[str]] = defaultdict(set)
    for each in said:
        masked = mask(each.text.strip()).text
        if not _PERSONAL.search(masked):
            by_text[masked].add(each.customer)
    common = sorted(((len(who), text) for text, who in by_text.items() if len(who) >= LEAST_SAYING), key=lambda pair: (-pair[0], pair[1]))
    return tuple(text for _, text in common[:_QUOTES])


def _words(said: Sequence[Sentence]) -> tuple[str, ...]:
    """Pieces that several customers used, the longest ones that do not stand within each other."""
    users: dict[str, set[str]] = defaultdict(set)
    for each in said:
        # Numbers, masked or not, are no words that several share.
        for part in _PERSONAL.split(mask(each.text).text):
            said_plainly = plain(part)
            for size in range(2, 7):
                for begin in range(len(said_plainly) - size + 1):
                    users[said_plainly[begin : begin + size]].add(each.customer)
    common = {gram: len(who) for gram, who in users.items() if len(who) >= LEAST_SAYING}
    chosen: list[str] = []
    # A long piece that nearly as many use says more than each of its parts, and a short one that many more do says more than it.
    for gram in sorted(common, key=lambda gram: (-common[gram] * (len(gram) - 1) ** 0.5, gram)):
        if not any(gram in other or other in gram or _overlap(gram, other) for other in chosen):
            chosen.append(gram)
        if len(chosen) == _WORDS:
            break
    return tuple(chosen)


def _overlap(one: str, other: str) -> bool:
    """Whether the end of one is the beginning of the other by most of it: two windows on the same words."""
    least = min(len(one), len(other)) - 1
    return any(one[-size:] == other[:size] or other[-size:] == one[:size] for size in range(max(1, least // 2 + 1), least + 1))


class _Nearest:
    """Whose examples a cluster is nearest to."""

    def __init__(self, vectorizer: Any, examples: Mapping[str, Sequence[str]]) -> None:
        self._intents = [intent for intent, texts in examples.items() for _ in texts]
        every = [plain(text) for texts in examples.values() for text in texts]
        self._vectors = vectorizer.transform(every) if every else None

    def intent(self, centre: Any) -> str | None:
        """The intent with the example that is most alike; None if none is at all."""
        if self._vectors is None:
            return None
        alike = np.asarray(self._vectors @ np.asarray(centre).ravel())
        best = int(alike.argmax())
        return self._intents[best] if alike[best] > 0 else None
