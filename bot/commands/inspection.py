"""Commands that look and change nothing: ``diagnose``, ``knowledge check``, ``doctor``, ``story``."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from actions.bootstrap import Application
from actions.core.diagnosis import diagnose
from actions.core.facts import UnknownCustomer, UnknownSubject
from actions.core.subject import ACCOUNT, Subject
from actions.knowledge.loading import check as check_files
from actions.settings import child_environment
from actions.state.world.facts import every_subject
from actions.yaml_source import SourceError
from bot.engine.training import newest_model
from bot.engine.unused_libraries import prepare_for
from bot.export.writing import write
from ops.badges.texts import read_badge_texts
from ops.compliance.obligations import read_obligations
from ops.watch.settings import read_watch_settings


def diagnose_one(here: Application, user: str, subject: Subject = ACCOUNT) -> dict[str, Any]:
    """One diagnosis in the contract's words.

    Raises:
        LookupError: no such customer, order or bill.
    """
    causes = tuple(here.knowledge.current.causes.values())
    with here.database.session() as session:
        try:
            facts = here.facts(session).snapshot(user, subject)
        except UnknownCustomer:
            raise LookupError(f"no customer {user}") from None
        except UnknownSubject:
            raise LookupError(f"{user} has no {subject.kind} {subject.id}") from None
    return {"user": user, **diagnose(facts, causes).to_data()}


def diagnose_all(here: Application) -> Iterator[dict[str, Any]]:
    """A diagnosis per order and per bill of the database, by id."""
    causes = tuple(here.knowledge.current.causes.values())
    with here.database.session() as session:
        source = here.facts(session)
        for user, subject in every_subject(session):
            yield {"user": user, **diagnose(source.snapshot(user, subject), causes).to_data()}


CONVERSATIONS = Path("tests/conversations/causes")


def check() -> str:
    """Checks every knowledge file; what was checked, a line each.

    Raises:
        SourceError: every problem, with file, line and reason.
    """
    # A deployment may ship without the tests; where they are, every cause must have one.
    report = check_files(conversations=CONVERSATIONS if CONVERSATIONS.is_dir() else None)
    if report.problems or report.knowledge is None:
        raise SourceError(report.problems)
    read_watch_settings()
    read_obligations()
    read_badge_texts(report.knowledge.forbidden)
    return "\n".join(report.lines)


KINDS = ("run", "check", "test")
_DOCTOR = Path(__file__).with_name("doctor.sh")


def examine(kind: str) -> int:
    """Prints what this machine and the folder it is called in have and what is missing; 1 if something is missing."""
    # What runs this is a Python that fits, wherever it is.
    environment = {"PYTHON": sys.executable, **child_environment()}
    return subprocess.run([shutil.which("bash") or "/bin/bash", str(_DOCTOR), kind], env=environment).returncode


def from_conversation(here: Application, conversation: str) -> str:
    """The test of a stored conversation.

    Args:
        conversation: a customer's id, or a handoff's.

    Raises:
        LookupError: there is none.
    """
    try:
        with here.database.session() as session:
            return write(session, conversation, here.knowledge.current)
    finally:
        here.database.close()


def differences(test: str) -> list[str]:
    """Plays a test with the newest model and says where it goes otherwise now; nothing if it passes.

    Raises:
        LookupError: there is no model.
        TensorFlowMissing: the model needs what is not installed.
    """
    model = newest_model()
    if model is not None:
        prepare_for(model)
    # The player loads Rasa, which costs seconds that no other command shall pay.
    from conversations.once import play_text

    return play_text(test)
