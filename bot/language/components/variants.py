"""Texts that are judged beside a message's own: parts of it, and other readings of it. Featurizers serve them all alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from scipy import sparse

PARTS = "parts"
READINGS = "readings"
_TEXTS = "variant_texts"
_FEATURES = "variant_features"


def put_variants(message: Message, kind: str, texts: Sequence[str]) -> None:
    """Adds texts of a kind to a message."""
    message.set(_TEXTS, {**message.get(_TEXTS, {}), kind: tuple(texts)})


def variant_texts(message: Message, kind: str) -> tuple[str, ...]:
    """The texts of a kind, in the order in which they were put."""
    texts: tuple[str, ...] = message.get(_TEXTS, {}).get(kind, ())
    return texts


def rows_with_variants(messages: Sequence[Message], rows: Callable[[Sequence[str]], sparse.csr_matrix]) -> sparse.csr_matrix:
    """A featurizer's rows for messages, one each; those of the texts beside them are put next to those of the featurizers before.

    All texts are given to the featurizer at once: an encoder reads its weights once for all of them.
    """
    texts = [message.get(TEXT) for message in messages]
    beside = [(message, kind, of_kind) for message in messages for kind, of_kind in message.get(_TEXTS, {}).items()]
    found = rows([*texts, *(text for _, _, of_kind in beside for text in of_kind)])
    at = len(texts)
    for message, kind, of_kind in beside:
        before: dict[str, list[sparse.csr_matrix]] = message.get(_FEATURES, {})
        message.set(_FEATURES, {**before, kind: [*before.get(kind, []), found[at : at + len(of_kind)]]})
        at += len(of_kind)
    return found


def variant_features(message: Message, kind: str) -> sparse.csr_matrix | None:
    """One row per text of a kind, ``None`` if there is none."""
    found: list[sparse.csr_matrix] = message.get(_FEATURES, {}).get(kind, [])
    return sparse.hstack(found).tocsr() if found else None
