"""What ``baitiao privacy`` does."""

from __future__ import annotations

import json
from pathlib import Path

from actions.state.holdings import held
from bot.commands import OPERATOR, Refusal, opened


def exported(user: str, output: Path | None) -> str:
    """Everything that is held about a customer as JSON, or where it was written.

    Raises:
        Refusal: nothing is held, or the file cannot be written.
    """
    with opened().database.session() as session:
        found = held(session, user, OPERATOR)
    if found is None:
        raise Refusal(f"nothing is held about {user}")
    text = json.dumps(found, ensure_ascii=False, indent=1)
    if output is None:
        return text
    try:
        output.touch(mode=0o600)
        output.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise Refusal(f"{output} cannot be written: {error.strerror}") from None
    return f"written to {output}"
