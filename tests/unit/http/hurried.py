"""Either server with little patience and few files, in a process of its own: ``python -m tests.unit.http.hurried actions|site PORT``."""

from __future__ import annotations

import resource
import sys

from actions.connections import BoundedProtocol, Deadlines
from tests.unit.http import site

HURRY = Deadlines(silent=1.5, idle=3.0, head=1.5, body=1.5, answer=4.0, stalled=1.5, ending=1.0, leftovers=1.0)
FILES = 200

if __name__ == "__main__":
    kind, port = sys.argv[1:]
    BoundedProtocol.deadlines = HURRY
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))
    if kind == "actions":
        from actions.server import main

        main()
    else:
        site.run(int(port))
