"""Masks standard input line by line: ``python -m actions.masking``."""

from __future__ import annotations

import sys
from typing import TextIO

from actions.masking import mask


def mask_lines(source: TextIO, target: TextIO) -> None:
    """Copies lines, masked; each is written as soon as it is read."""
    for line in source:
        body = line.rstrip("\r\n")
        target.write(mask(body).text + line[len(body) :])
        target.flush()


if __name__ == "__main__":
    mask_lines(sys.stdin, sys.stdout)
