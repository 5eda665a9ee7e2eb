"""Signs of life for whoever supervises a process."""

from __future__ import annotations

import os
from collections.abc import Callable

SIGN_OF_LIFE = b"+"


class Pulse:
    """Writes signs of life.

    Args:
        descriptor: where to; None: nobody asks for any.
        lost: called once nobody reads them any more.
    """

    def __init__(self, descriptor: int | None, lost: Callable[[], object]) -> None:
        self._descriptor = descriptor
        self._lost = lost
        if descriptor is not None:
            os.set_blocking(descriptor, False)

    def beat(self) -> bool:
        """Gives a sign of life; False if nobody reads it any more."""
        if self._descriptor is None:
            return True
        try:
            os.write(self._descriptor, SIGN_OF_LIFE)
        except BlockingIOError:
            # Whoever reads is busy, and has enough to read.
            return True
        except OSError:
            self._lost()
            return False
        return True
