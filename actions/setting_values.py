"""What the text of a setting may be. Each function turns it into the value, or says in a ``ValueError`` what it must be instead.

The reasons complete a sentence that begins with the variable's name. They quote what was given only where nothing secret can stand in it.
"""

from __future__ import annotations

import importlib
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, get_args
from urllib.parse import SplitResult, parse_qs, urlsplit

from pydantic import SecretStr

from actions.core.handoff import TicketFormat

MINIMUM_SECRET = 32
DIFFERENT_CHARACTERS = 12
"""So many of a secret's characters differ at least; 32 random hexadecimal digits have 14 of them, and one such secret in 60 has too few."""
MINIMUM_RSA_BITS = 2048
_EXAMPLES = re.compile(
    "change[ _-]?(me|this)|passw[o0]rd|secret|example|placeholder|default|please|your|string|token|qwertyuiop|letmein"
    "|at[ _-]least|256[ _-]?bits?|long",
    re.IGNORECASE,
)
"""What secrets in manuals are made of."""
_OWN_CHARACTERS = 6
"""So many differ at least in what is left without examples and sequences."""
_SEQUENCE = 4
_ORIGIN = re.compile(r"https?://(\[[0-9a-f:.]+\]|[a-z0-9-]+(\.[a-z0-9-]+)*)(:[0-9]{1,5})?")
_RATE = re.compile(r"[1-9][0-9]{0,5}/(second|minute|hour|day)")
_REDIS_OPTIONS = re.compile(r"ssl_[a-z_]+|client_name")
_DAY = 86400.0
_YEARS = range(2000, 2200)


@dataclass(frozen=True)
class PublicKey:
    """A key that checks tokens and cannot issue any.

    Attributes:
        algorithm: RS256 or ES256.
        key: as the cryptography library holds it.
    """

    algorithm: str
    key: Any = field(repr=False)


def port(text: str) -> int:
    """The number of a TCP port."""
    return whole_number(text, 65535, "")


def days(text: str) -> int:
    """A number of days, up to a hundred years."""
    return whole_number(text, 36500, " of days")


def switch(text: str) -> bool:
    """Whether something is there: on or off."""
    if text not in ("on", "off"):
        raise ValueError(f"must be on or off, not {text!r}")
    return text == "on"


def whole_number(text: str, most: int, unit: str) -> int:
    """A whole number from 1."""
    if not re.fullmatch(r"[0-9]{1,9}", text, re.ASCII) or not 1 <= int(text) <= most:
        raise ValueError(f"must be a whole number{unit} from 1 to {most}, not {text!r}")
    return int(text)


def seconds(text: str) -> float:
    """A number of seconds, up to a week."""
    most = 7 * _DAY
    # float() alone also reads 1_0, 1e3 and digits of other scripts, which are more often mistakes than meant.
    number = float(text) if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text) else math.nan
    if not 0 < number <= most:
        raise ValueError(f"must be a positive number of seconds, at most {most:.0f}, not {text!r}")
    return number


def per_second(text: str) -> float:
    """How many a second, from one in a minute up to a thousand."""
    number = float(text) if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text) else math.nan
    if not 1 / 60 <= number <= 1000:
        raise ValueError(f"must be a number from 0.02 to 1000, not {text!r}")
    return number


def secret(text: str) -> SecretStr:
    """Something that cannot be guessed."""
    if len(text) < MINIMUM_SECRET:
        raise ValueError(f"must have {MINIMUM_SECRET} characters or more")
    if not _is_utf8(text):
        raise ValueError("must be text in UTF-8")
    return _hard_to_guess(text)


def given_secret(text: str) -> SecretStr:
    """What somebody else has made up; how well, is theirs to answer for."""
    if not text.isprintable():
        raise ValueError("must be one line")
    return SecretStr(text)


def header_secret(text: str) -> SecretStr:
    """The same, able to stand in a header."""
    if len(text) < MINIMUM_SECRET or not text.isascii() or not text.isprintable() or text != text.strip():
        raise ValueError(f"must have {MINIMUM_SECRET} characters or more, of ASCII and without blanks around them")
    return _hard_to_guess(text)


def _hard_to_guess(text: str) -> SecretStr:
    if len(set(text)) < DIFFERENT_CHARACTERS:
        raise ValueError(f"must have {DIFFERENT_CHARACTERS} different characters or more, such as `openssl rand -base64 48` prints")
    if len(set(_without_sequences(_EXAMPLES.sub("", text)))) < _OWN_CHARACTERS:
        raise ValueError("must be no example of a manual but random, such as `openssl rand -base64 48` prints")
    return SecretStr(text)


def _without_sequences(text: str) -> str:
    """The text without pieces such as 0123456789 and fedcba."""
    steps = [ord(after) - ord(before) for before, after in zip(text, text[1:])]
    kept, start = [], 0
    for end in range(1, len(text) + 1):
        if end == len(text) or abs(steps[end - 1]) != 1 or (end - start > 1 and steps[end - 1] != steps[end - 2]):
            kept += [text[start:end]] if end - start < _SEQUENCE else []
            start = end
    return "".join(kept)


def instant(text: str) -> datetime:
    """A moment with its time of day, in a year around which there is room to calculate."""
    from actions.core.moments import parse_moment

    try:
        moment = parse_moment(text)
    except ValueError:
        moment = None
    if not isinstance(moment, datetime):
        raise ValueError(f"must be an instant such as 2026-11-22T10:00:00+08:00, not {text!r}")
    if moment.year not in _YEARS:
        raise ValueError(f"must be in a year from {_YEARS[0]} to {_YEARS[-1]}, not {text!r}")
    return moment


def database_address(text: str) -> str:
    """The address of a SQLite or PostgreSQL database."""
    from actions.state.database import Database

    Database.check_address(text)
    return text


def redis_address(text: str) -> str:
    """The address of a Redis database."""
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("redis", "rediss") and _has_host(parts) and _is_utf8(text)
        good = good and bool(re.fullmatch(r"(/[0-9]*)?", parts.path))
    except ValueError:
        good = False
    if not good:
        raise ValueError("must be a Redis address such as redis://host:6379/0")
    if not _redis_can_use(text, parts.query):
        raise ValueError("must have no options after ? but those of the Redis client, each with a value that it takes")
    return text


def _redis_can_use(address: str, options: str) -> bool:
    from redis import Redis
    from redis.asyncio import Redis as AsyncRedis
    from redis.asyncio.connection import URL_QUERY_ARGUMENT_PARSERS

    # The client hands the text of any other option on to where an object is expected, and fails when it is used.
    names = parse_qs(options, keep_blank_values=True)
    known = all(name in URL_QUERY_ARGUMENT_PARSERS or _REDIS_OPTIONS.fullmatch(name) for name in names)
    try:
        # Rate limits and locks use one each, and neither connects here.
        made = [client.from_url(address).connection_pool.make_connection() for client in (Redis, AsyncRedis)]
    except Exception:
        return False
    waits = [wait for each in made for wait in (each.socket_timeout, each.socket_connect_timeout) if wait is not None]
    return known and all(0 < wait <= _DAY for wait in waits)


def web_address(text: str) -> str:
    """The address of an HTTP service."""
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and _has_host(parts) and _is_utf8(text) and not re.search(r"\s", text)
    except ValueError:
        good = False
    if not good:
        raise ValueError("must be an http or https address")
    return text


def _has_host(parts: SplitResult) -> bool:
    # Without a name, with a blank in it or with an empty label nothing is found, and the last is no error of the network.
    host = parts.hostname or ""
    return parts.port != 0 and bool(host) and not re.search(r"\s", host) and bool(host.encode("idna"))


def _is_utf8(text: str) -> bool:
    # Bytes of the environment that are none become halves of surrogate pairs, which no library writes.
    return not re.search(r"[\ud800-\udfff]", text)


def rate(text: str) -> str:
    """So many per time."""
    if not _RATE.fullmatch(text):
        raise ValueError(f"must be a rate such as 120/minute (per second, minute, hour or day), not {text!r}")
    return text


def origins(text: str) -> tuple[str, ...]:
    """Origins, separated by blanks or commas."""
    return _origins(text, {})


def frame_ancestors(text: str) -> tuple[str, ...]:
    """The same, or the words ``self`` and ``none``."""
    found = _origins(text, {"self": "self", "'self'": "self", "none": "none", "'none'": "none"})
    if "none" in found and len(found) > 1:
        raise ValueError(f"must be none alone or without it, not {text!r}")
    return found


def _origins(text: str, words: Mapping[str, str]) -> tuple[str, ...]:
    found = []
    for entry in re.split(r"[\s,]+", text):
        if entry and entry not in words and not _ORIGIN.fullmatch(entry):
            raise ValueError(f"must hold origins such as https://shop.example (no path, no wildcard), not {entry!r}")
        found += [words.get(entry, entry)] if entry else []
    return tuple(dict.fromkeys(found))


def handoff_format(text: str) -> TicketFormat:
    """A format in which handoffs can be delivered."""
    return one_of(text, get_args(TicketFormat))  # type: ignore[return-value]


def one_of(text: str, known: tuple[str, ...]) -> str:
    """One of several words."""
    if text not in known:
        raise ValueError(f"must be one of {', '.join(known)}, not {text!r}")
    return text


def factory(text: str) -> Callable[..., Any]:
    """Something of a module that can be called; what a function makes is looked at where it is composed."""
    from actions.core.facts import missing_methods

    module, _, name = text.partition(":")
    try:
        found = getattr(importlib.import_module(module), name)
    except (Exception, SystemExit) as error:
        raise ValueError(f"must be package.module:name of something that can be imported, not {text!r} ({error})") from None
    if not callable(found):
        raise ValueError(f"must name something that can be called with a database session, not {text!r}")
    if isinstance(found, type) and (missing := missing_methods(found)):
        raise ValueError(f"must name a class with the methods of core.facts.FactsSource; {text!r} lacks {', '.join(missing)}")
    return found  # type: ignore[no-any-return]


def public_key(text: str) -> PublicKey:
    """An RSA or P-256 key."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    lines, kinds = text.replace("\\n", "\n"), "must be an RSA key (RS256) or a P-256 key (ES256)"
    try:
        key = load_pem_public_key(lines.encode() if "-----BEGIN" in lines else Path(text).read_bytes())
    except (OSError, ValueError):
        raise ValueError("must be a PEM public key or the path of one") from None
    except UnsupportedAlgorithm:
        raise ValueError(kinds) from None
    if isinstance(key, RSAPublicKey):
        if key.key_size < MINIMUM_RSA_BITS:
            raise ValueError(f"must be an RSA key of {MINIMUM_RSA_BITS} bits or more")
        return PublicKey("RS256", key)
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1):
        return PublicKey("ES256", key)
    raise ValueError(kinds)
