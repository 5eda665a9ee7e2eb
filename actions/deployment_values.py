"""What the settings of a deployment may be: machines, processes and the model they serve. As in ``setting_values``, reasons complete a sentence."""

from __future__ import annotations

import math
import re
from ipaddress import ip_address

from actions.setting_values import whole_number

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,62})(\.[A-Za-z0-9-]{1,63}){0,8}\.?")
_LONGEST_PATIENCE = 600.0


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
