"""What the settings of a deployment may be: machines, processes, the model they serve, and who signs its staff in. As in ``setting_values``, reasons complete a sentence."""

from __future__ import annotations

import math
import re
from ipaddress import ip_address
from typing import Literal, get_args
from urllib.parse import urlsplit

from actions.setting_values import one_of, origins, web_address, whole_number

OperatorsFormat = Literal["ops", "alertmanager", "dingtalk", "wecom", "feishu"]
"""In which form operators are told of alerts and incidents."""

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,62})(\.[A-Za-z0-9-]{1,63}){0,8}\.?")
_LONGEST_PATIENCE = 600.0
THIS_MACHINE = ("127.0.0.1", "localhost", "::1")
_LONGEST_WORDS = 200
_LONGEST_PATH = 8


def host(text: str) -> str:
    """A name or an address under which a machine is known, without a port."""
    if not _HOST.fullmatch(text) and not _is_ipv6(text):
        raise ValueError(f"must be a host's name or address such as 127.0.0.1, without a port, not {text!r}")
    return text


def _is_ipv6(text: str) -> bool:
    try:
        return bool(ip_address(text))
    except ValueError:
        return False


def patience(text: str) -> float:
    """A number of seconds, none included, up to ten minutes."""
    number = float(text) if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text) else math.nan
    if not 0 <= number <= _LONGEST_PATIENCE:
        raise ValueError(f"must be a number of seconds from 0 to {_LONGEST_PATIENCE:.0f}, not {text!r}")
    return number


def checksum(text: str) -> str:
    """A SHA-256 in hexadecimal."""
    if not re.fullmatch(r"[0-9a-fA-F]{64}", text):
        raise ValueError("must be a SHA-256 of 64 hexadecimal digits, as sha256sum prints it")
    return text.lower()


def workers(text: str) -> int:
    """A number of processes of one machine."""
    return whole_number(text, 64, "")


def public_address(text: str) -> str:
    """The origin by which browsers reach this deployment."""
    found = origins(text.removesuffix("/"))
    if len(found) != 1:
        raise ValueError(f"must be one origin such as https://help.example, not {text!r}")
    return found[0]


def issuer(text: str) -> str:
    """The address of an OpenID provider, exactly as it writes it into its tokens."""
    try:
        parts = urlsplit(web_address(text))
        good = not (parts.query or parts.fragment or parts.username or parts.password)
    except ValueError:
        good = False
    if not good:
        raise ValueError("must be the https address of an OpenID provider, as its id tokens name it, without ? and #")
    if parts.scheme != "https" and parts.hostname not in THIS_MACHINE:
        raise ValueError("must be an https address; http is for a provider on this machine, in demo mode")
    return text


def claim_path(text: str) -> tuple[str, ...]:
    """The name of a claim, or the names that lead to it, outermost first."""
    if not text.isprintable() or len(text) > _LONGEST_WORDS:
        raise ValueError(f"must be the name of a claim such as groups, or a path such as realm_access.roles, not {text!r}")
    # A name that is an address holds dots of its own.
    path = (text,) if "://" in text else tuple(text.split("."))
    if not all(path) or len(path) > _LONGEST_PATH:
        raise ValueError(f"must be the name of a claim such as groups, or a path such as realm_access.roles, not {text!r}")
    return path


def words(text: str) -> str:
    """A line that somebody else has given."""
    if not text.isprintable() or len(text) > _LONGEST_WORDS:
        raise ValueError(f"must be one line of at most {_LONGEST_WORDS} characters")
    return text


def pairs(text: str) -> dict[str, str]:
    """Names with what stands for each, as in ``operator=duty, auditor=compliance``; nothing may stand for two."""
    given = [part.partition("=") for part in words(text).split(",")]
    found = {name.strip(): value.strip() for name, _, value in given}
    if not all((*found.keys(), *found.values())) or len({*found.values()}) < len(given):
        raise ValueError(f"must be pairs such as operator=duty, auditor=compliance, each with a value of its own, not {text!r}")
    return found


def scopes(text: str) -> str:
    """What is asked of an OpenID provider."""
    asked = text.split()
    if "openid" not in asked or not all(re.fullmatch(r"[!#-\[\]-~]+", each) for each in asked):
        raise ValueError(f"must be scopes separated by blanks, openid among them, not {text!r}")
    return " ".join(asked)


def operators_format(text: str) -> OperatorsFormat:
    """A format in which operators can be told of alerts and incidents."""
    return one_of(text, get_args(OperatorsFormat))  # type: ignore[return-value]
