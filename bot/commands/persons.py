"""Who does at a terminal what takes a person of a role: a token says it, as in the console, and what is refused is audited as there.

Whoever sits at a terminal is nobody in particular, so without one a rule that two people must have seen something could be got round by a command.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from actions.bootstrap import Application
from actions.state import audit, sign_outs
from bot.channel.tokens import InvalidToken, TokenSettingsError, TokenVerifier, fingerprint
from bot.commands import Refusal, opened
from bot.commands.settings import read_settings
from ops.experiments.refusals import ExperimentRefused
from ops.policies.refusals import PolicyRefused

REFUSED = "terminal.refused"
_STDIN = "-"
_Result = TypeVar("_Result")


def in_person(token: str, roles: Collection[str], step: str, work: Callable[[Application, Session, str], _Result]) -> _Result:
    """Does something in one transaction, in the name of whose token it is.

    Args:
        token: as ``baitiao token`` prints it; ``-``: it stands on standard input, where no list of processes shows it; empty: nobody's.
        roles: one of which is needed.
        step: what is tried, in the audit as in the console.
        work: gets the application, the transaction and the person's name, which is empty without a token: then it does nothing.

    Raises:
        Refusal: the token does not hold, its role does not allow this, or the work refuses.
    """
    here = opened()
    name = _name_of(here, _read(token), roles, step) if token else ""
    try:
        with here.database.session() as session:
            return work(here, session, name)
    except (PolicyRefused, ExperimentRefused) as refused:
        _note(here, name, step, refused.code.replace("-", "_"))
        raise Refusal(f"{refused.code}: {refused.reason}") from None


def _read(token: str) -> str:
    return sys.stdin.readline().strip() if token == _STDIN else token.strip()


def _name_of(here: Application, token: str, roles: Collection[str], step: str) -> str:
    try:
        claims = TokenVerifier.from_settings(read_settings(demo=True)).verify(token)
    except TokenSettingsError as error:
        raise Refusal(str(error)) from None
    except InvalidToken:
        raise Refusal("unauthorized: the token is none of this installation's, or has expired") from None
    with here.database.session() as session:
        if sign_outs.is_signed_out(session, fingerprint(token)):
            raise Refusal("unauthorized: the token was signed out")
    if claims.roles.isdisjoint(roles):
        _note(here, claims.user, step, "forbidden")
        raise Refusal(f"forbidden: this takes the role {' or '.join(sorted(roles))}; {claims.user} has not got it")
    return claims.user


def _note(here: Application, name: str, step: str, why: str) -> None:
    if name:
        detail: dict[str, Any] = {"step": step, "why": why}
        with here.database.session() as session:
            audit.record(session, name, REFUSED, detail=detail)
