"""Texts that are judged beside a message's own: parts of it, and other readings of it. Featurizers serve them all alike."""

from __future__ import annotations

from typing import Callable, Dict, List, Optional, Sequence, Tuple

from rasa.shared.nlu.training_data.message import Message
from scipy import sparse

PARTS = "parts"
READINGS = "readings"
_TEXTS = "texts_beside"
_FEATURES = "features_beside"


def put_beside(message: Message, kind: str, texts: Sequence[str]) -> None:
    """Adds texts of a kind to a message."""
    message.set(_TEXTS, {**message.get(_TEXTS, {}), kind: tuple(texts)})


def texts_beside(message: Message, kind: str) -> Tuple[str, ...]:
    """The texts of a kind, in the order in which they were put."""
    texts: Tuple[str, ...] = message.get(_TEXTS, {}).get(kind, ())
    return texts


def add_features_beside(message: Message, rows: Callable[[Sequence[str]], sparse.csr_matrix]) -> None:
    """Adds a featurizer's rows for every text beside a message, next to those of the featurizers before."""
    before: Dict[str, List[sparse.csr_matrix]] = message.get(_FEATURES, {})
    message.set(_FEATURES, {kind: [*before.get(kind, []), rows(texts)] for kind, texts in message.get(_TEXTS, {}).items()})


def features_beside(message: Message, kind: str) -> Optional[sparse.csr_matrix]:
    """One row per text of a kind, ``None`` if there is none."""
    found: List[sparse.csr_matrix] = message.get(_FEATURES, {}).get(kind, [])
    return sparse.hstack(found).tocsr() if found else None
