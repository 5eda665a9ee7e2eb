"""News in the form of the receiver: templates are data, ``formats.yml``; what signs them is here."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote_plus

from pydantic import StrictBool, StrictStr

from actions.core.fields import Strict
from actions.deployment_values import OperatorsFormat
from actions.handoff.delivery import signed_headers
from actions.yaml_source import Source
from ops.outgoing.news import News

_FORMATS = Path(__file__).with_name("formats.yml")
_WHOLE = re.compile(r"\{([a-z_]+)\}")
_NEVER = "0001-01-01T00:00:00Z"
"""How Alertmanager writes that something has no end yet."""
_CUT = "…"
_PAGES = {"alert": "alerts", "incident": "incidents", "policy": "policies"}
"""Of the console, by what news are of."""


class OutgoingFormat(Strict):
    """One form.

    Attributes:
        body: a template of JSON.
        signed: where the signature stands.
        answer: what a receiver's JSON says when it has taken it.
        longest: bytes of the text at most.
        needs_secret: nothing is sent without one.
    """

    body: dict[StrictStr, Any]
    signed: Literal["headers", "query", "body", "none"]
    answer: dict[StrictStr, int] = {}
    longest: int = 60_000
    needs_secret: StrictBool = False


@dataclass(frozen=True)
class Signed:
    """What is sent: where to, what, and with which headers."""

    url: str
    body: bytes
    headers: Mapping[str, str]


@lru_cache(maxsize=1)
def formats() -> Mapping[str, OutgoingFormat]:
    """Every form by its name."""
    data = Source.read(_FORMATS, shown_as=_FORMATS.name).data
    return {name: OutgoingFormat.parse_obj(given) for name, given in data.items()}


def rendered(format_name: OperatorsFormat, news: News, key: str, telling: int, address: str | None) -> bytes:
    """The body of a delivery, the same at every attempt.

    Args:
        key: by which the receiver knows a repetition.
        telling: the how manieth time it is told.
        address: of the console, if it is known.
    """
    form = formats()[format_name]
    status = "firing" if news.ends_at is None else "resolved"
    title, text = news.title, _cut("\n".join(news.lines), form.longest)
    kind = news.event.partition(".")[0]
    identity = str(news.about.get("id", news.name))
    values = {
        "event": news.event,
        "key": key,
        "telling": telling,
        "title": title,
        "text": text,
        "markdown": _cut("\n\n".join((f"### {title}", *news.lines)), form.longest),
        "about": dict(news.about),
        "status": status,
        "name": news.name,
        "labels": {"alertname": news.name, "severity": "warning", "source": "baitiao", "kind": kind, "id": identity},
        "group": f"baitiao:{kind}:{identity}",
        "fingerprint": hashlib.sha256(f"{kind}:{identity}".encode()).hexdigest()[:16],
        "starts_at": _utc(news.starts_at),
        "ends_at": _NEVER if news.ends_at is None else _utc(news.ends_at),
        "address": address or "",
        "link": f"{address}{news.page or f'/console/{_PAGES[kind]}/{identity}'}" if address else "",
    }
    return _json(_filled(form.body, values))


def signed(format_name: OperatorsFormat, url: str, secret: bytes | None, body: bytes, timestamp: int) -> Signed:
    """A body as it is sent in one attempt.

    Args:
        url: of the receiver.
        secret: shared with it; None: nothing is signed.
        timestamp: of the attempt, in epoch seconds.
    """
    where = formats()[format_name].signed
    if secret is None or where == "none":
        return Signed(url, body, {})
    if where == "query":
        millis = str(timestamp * 1000)
        sign = _hmac(secret, f"{millis}\n".encode() + secret)
        return Signed(f"{url}{'&' if '?' in url else '?'}timestamp={millis}&sign={quote_plus(sign)}", body, {})
    if where == "body":
        # Feishu's key is what others sign, and nothing is signed with it.
        sign = _hmac(f"{timestamp}\n".encode() + secret, b"")
        return Signed(url, _json({"timestamp": str(timestamp), "sign": sign, **json.loads(body)}), {})
    return Signed(url, body, signed_headers(secret, body, timestamp))


def refusal_in(format_name: OperatorsFormat, answer: bytes) -> str | None:
    """Why a receiver that answered with success has refused; None: it has taken it."""
    wanted = formats()[format_name].answer
    if not wanted:
        return None
    try:
        given = json.loads(answer)
    except ValueError:
        return "answer that is no JSON"
    for name, value in wanted.items():
        found = given.get(name) if isinstance(given, dict) else None
        if found != value:
            return f"{name} {str(found)[:20]}"
    return None


def _filled(template: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(template, dict):
        return {name: _filled(each, values) for name, each in template.items()}
    if isinstance(template, list):
        return [_filled(each, values) for each in template]
    if isinstance(template, str):
        whole = _WHOLE.fullmatch(template)
        return values[whole.group(1)] if whole else _WHOLE.sub(lambda found: str(values[found.group(1)]), template)
    return template


def _cut(text: str, most: int) -> str:
    """A text of at most so many bytes."""
    encoded = text.encode()
    if len(encoded) <= most:
        return text
    return encoded[: most - len(_CUT.encode())].decode(errors="ignore") + _CUT


def _hmac(key: bytes, message: bytes) -> str:
    return base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()


def _utc(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
