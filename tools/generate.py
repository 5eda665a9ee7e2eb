"""Writes every generated part of the tree anew: ``python -m tools.generate``, or with ``--check`` says which are stale.

A part is a whole file, or what stands in a document between these two lines::

    <!-- generated: NAME -->
    <!-- end generated -->
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from actions.handoff.payload import schema_text
from tools.facts_table import facts_table
from tools.knowledge_lists import intents, policy_kinds, reasons
from tools.message_schema import message_schema
from tools.message_tables import message_tables
from tools.openapi import openapi_json
from tools.proxy_problems import FOLDER, NAMES, proxy_problem
from tools.rasa_files import rasa_files
from tools.rooms import rooms
from tools.settings_table import settings_table
from tools.widget_types import widget_types

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class GeneratedPart:
    """Something that is generated.

    Attributes:
        path: the file, from the root.
        render: makes the text, which ends with a line break.
        marker: the name of the part within the document; without one it is the whole file.
    """

    path: str
    render: Callable[[], str]
    marker: str | None = None


PARTS = (
    GeneratedPart("docs/architecture.md", rooms, "rooms"),
    GeneratedPart("docs/knowledge.md", facts_table, "facts"),
    GeneratedPart("docs/knowledge.md", policy_kinds, "policy kinds"),
    GeneratedPart("docs/knowledge.md", intents, "intents"),
    GeneratedPart("docs/knowledge.md", reasons, "reasons"),
    GeneratedPart("docs/operating.md", settings_table, "settings"),
    GeneratedPart("docs/schemas/handoff-1.json", schema_text),
    GeneratedPart("docs/schemas/message-data.json", message_schema),
    GeneratedPart("bot/web/openapi.json", openapi_json),
    GeneratedPart("bot/widget/data.d.ts", widget_types),
    GeneratedPart("docs/widget-api.md", message_tables, "message data"),
    *(GeneratedPart(f"{FOLDER}/{name}.json", partial(proxy_problem, name)) for name in NAMES),
    *(GeneratedPart(path, partial(rasa_files().__getitem__, path)) for path in rasa_files()),
)
"""Everything that is generated; a new one is a line here."""


class NoPlace(ValueError):
    """A document does not have exactly one place for a part."""


def rendered(root: Path, parts: Sequence[GeneratedPart] = PARTS) -> Iterator[tuple[Path, str, str]]:
    """Every file with a generated part: where it is, what stands there (nothing if it is not there yet), and what should.

    Raises:
        NoPlace: a document lacks the lines around a part, or has them twice.
    """
    for path in dict.fromkeys(part.path for part in parts):
        file = root / path
        stands = should = file.read_text(encoding="utf-8") if file.is_file() else ""
        for part in parts:
            if part.path == path:
                should = part.render() if part.marker is None else _put(should, part)
        yield file, stands, should


def _put(document: str, part: GeneratedPart) -> str:
    begin, end = f"<!-- generated: {part.marker} -->\n", "<!-- end generated -->\n"
    place = re.compile(f"^{re.escape(begin)}.*?^{re.escape(end)}", re.DOTALL | re.MULTILINE)
    if len(place.findall(document)) != 1:
        raise NoPlace(f"{part.path} needs one line {begin.strip()} and after it {end.strip()}")
    # A blank line on both sides keeps a table a table.
    return place.sub(lambda _: f"{begin}\n{part.render()}\n{end}", document)


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Writes what is stale, or with ``--check`` names it.

    Returns:
        1 if something is stale and was only to be checked, else 0.
    """
    parser = argparse.ArgumentParser(prog="python -m tools.generate", description="Write every generated part of the tree anew.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 and name what is stale")
    check = parser.parse_args(arguments).check
    stale = [(file, text) for file, stands, text in rendered(root) if stands != text]
    for file, text in stale:
        print(f"{file.relative_to(root)} {'is stale: run make generate' if check else 'written'}")
        if not check:
            file.write_text(text, encoding="utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
