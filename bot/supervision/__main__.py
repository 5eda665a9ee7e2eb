"""``python -m bot.supervision ROSTER``: what ``baitiao up`` becomes once everything is prepared; ROSTER is JSON."""

from __future__ import annotations

import socket
import sys

from bot.supervision.roster import Roster
from bot.supervision.supervisor import Supervisor, say


def main(text: str) -> int:
    """Supervises until stopped, and returns the exit code."""
    roster = Roster.from_json(text)
    # Processes that share a port cannot see that somebody else does so, too. This name goes with the process, however it ends.
    with socket.socket(socket.AF_UNIX) as only_one:
        try:
            only_one.bind(f"\0baitiao-up-{roster.port}")
        except OSError:
            say(f"port {roster.port} is taken by another `baitiao up`")
            return 1
        return Supervisor(roster).run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
