"""A picture of which intents are taken for which."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np


def save_heat_map(pairs: Sequence[tuple[str, str]], path: Path) -> None:
    """Saves a heat map of (label, found) pairs, each row as shares of its label."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    names = sorted({name for pair in pairs for name in pair})
    counts = np.zeros((len(names), len(names)))
    for label, found in pairs:
        counts[names.index(label), names.index(found)] += 1
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    size = 3 + 0.35 * len(names)
    figure, axes = pyplot.subplots(figsize=(size, size))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)), names, rotation=90)
    axes.set_yticks(range(len(names)), names)
    axes.set_xlabel("found")
    axes.set_ylabel("label")
    for y, x in zip(*np.nonzero(counts)):
        axes.text(x, y, int(counts[y, x]), ha="center", va="center", fontsize=7, color="white" if shares[y, x] > 0.5 else "black")
    figure.tight_layout()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120)
    pyplot.close(figure)
