"""Writes down anew what the assistant says in the conversations that pages show: ``python -m tools.renew_pages``.

The customer's lines stay. Read what has changed before it is committed: a page shows conversations because they are good.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from actions.bootstrap import use
from actions.state.conversations import Message
from bot.engine.training import newest_model
from conversations.stage import Stage, Templates, load_agent, titles
from tools.pages import PAGES, ROOT, Block, blocks

CUSTOMER, ASSISTANT, INDENT = "我：  ", "助手：", " " * 6


def lines_of(message: Message) -> list[str]:
    """A message as pages show it: its text, and its buttons in brackets."""
    buttons = " ".join(f"[{title}]" for title in titles(message))
    return [*message.text.splitlines(), *([buttons] if buttons else [])]


def customer_lines(shown: str) -> list[str]:
    """What the customer says in a conversation that a page shows."""
    return [turn.partition("\n")[0] for turn in re.split(r"^我：\s*", shown, flags=re.MULTILINE)[1:]]


def conversation(said: list[str], answer: Callable[[str], tuple[Message, ...]]) -> str:
    """A conversation as pages show it.

    Args:
        said: what the customer says, turn by turn.
        answer: gives the replies to it.
    """
    lines: list[str] = []
    for text in said:
        lines.append(f"{CUSTOMER}{text}")
        for message in answer(text):
            first, *rest = lines_of(message)
            lines += [f"{ASSISTANT}{first}", *(f"{INDENT}{line}" for line in rest)]
    return "".join(f"{line}\n" for line in lines)


def main() -> int:
    """Renews every page; the exit code is 2 without a model."""
    model = newest_model()
    if model is None:
        print("there is no model in models/: run `baitiao train`", file=sys.stderr)
        return 2
    agent, loop = load_agent(model), asyncio.new_event_loop()
    with tempfile.TemporaryDirectory() as folder:
        templates = Templates(Path(folder))

        def played(block: Block) -> str:
            database = templates.copy(["demo"], Path(folder) / "conversation.db")
            stage = Stage(agent, database, loop, *block.name.split())
            try:
                return conversation(customer_lines(block.text), stage.say)
            finally:
                stage.end()
                database.close()

        for page in PAGES:
            before = text = page.read_text(encoding="utf-8")
            for block in blocks(page):
                if block.kind == "conversation":
                    text = text.replace(block.text, played(block), 1)
            if text != before:
                page.write_text(text, encoding="utf-8")
                print(f"renewed {page.relative_to(ROOT)}")
    use(None)
    loop.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
