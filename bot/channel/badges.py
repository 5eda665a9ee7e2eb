"""Questions for badges as they come in and answers as they go out, on the customers' and the shops' routes alike."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Collection
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse, raw

from bot.channel.requests import position
from bot.web.responses import ProblemError
from ops.badges.asking import BadgesAnswer, BadgesWanted
from ops.badges.everywhere import CHANNELS, HOME_CHANNEL

MOST_FOR_SHOPS = 500
MOST_FOR_CUSTOMERS = 50
LONGEST_SKU = 128
LONGEST_REGION = 64
FRESH_SECONDS = 2
"""For which an answer may be shown without asking again; the world may change at any time."""
STALE_SECONDS = 86_400
"""For which it may be shown at most while we do not answer, and never beyond ``valid_until``."""
_WORTH_PACKING = 1024
_OF_BODY = {"skus", "region", "channel", "offers"}


def read_body(body: bytes) -> BadgesWanted:
    """What a shop asks for.

    Raises:
        ProblemError: 400 not JSON, no products, or of the wrong type; 413 too many.
    """
    try:
        fields = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise ProblemError("malformed_products") from None
    if not isinstance(fields, dict) or not isinstance(fields.get("skus"), list) or not isinstance(fields.get("offers", False), bool):
        raise ProblemError("malformed_products")
    return _wanted(fields["skus"], MOST_FOR_SHOPS, fields.get("region"), fields.get("channel"), fields.get("offers", False))


def read_query(request: Request) -> BadgesWanted:
    """What a customer's page asks for; raises as ``read_body``."""
    region, channel = (_only(_asked(request, name)) for name in ("region", "channel"))
    return _wanted(_asked(request, "sku"), MOST_FOR_CUSTOMERS, region, channel, False)


def read_changes(request: Request) -> tuple[int, BadgesWanted]:
    """After which version a shop asks for changes, and where; of which products is not known yet.

    Raises:
        ProblemError: 400.
    """
    region, channel = (_only(_asked(request, name)) for name in ("region", "channel"))
    return position(_asked(request, "after")), BadgesWanted((), _region(region), _channel(channel))


def badges_response(request: Request, answer: BadgesAnswer, more: bool | None = None) -> HTTPResponse:
    """An answer, packed for whom can unpack it, with a tag that stays while no badge changes.

    Args:
        more: of an answer about changes: whether there are more.
    """
    beside = "" if more is None else f', "more": {json.dumps(more)}'
    tag = f'W/"{hashlib.sha256((answer.said + beside).encode()).hexdigest()[:24]}"'
    headers = {"Cache-Control": _cached(answer), "ETag": tag, "Vary": "Authorization, Accept-Encoding, Origin"}
    if tag in _tags(request):
        return raw(b"", status=304, headers=headers)
    content = f"{answer.text[:-1]}{beside}}}".encode()
    if len(content) > _WORTH_PACKING and "gzip" in request.headers.get("accept-encoding", ""):
        content, headers["Content-Encoding"] = gzip.compress(content, compresslevel=4, mtime=0), "gzip"
    return raw(content, content_type="application/json", headers=headers)


def _cached(answer: BadgesAnswer) -> str:
    until = answer.valid_until
    left = STALE_SECONDS if until is None else max(0, int((until - answer.as_of).total_seconds()))
    fresh = min(FRESH_SECONDS, left)
    return f"private, max-age={fresh}, stale-if-error={min(STALE_SECONDS, left - fresh)}"


def _tags(request: Request) -> Collection[str]:
    return {tag.strip() for tag in request.headers.get("if-none-match", "").split(",")}


def _wanted(skus: list[Any], most: int, region: Any, channel: Any, offers: bool) -> BadgesWanted:
    if not skus or not all(isinstance(sku, str) and 0 < len(sku) <= LONGEST_SKU for sku in skus):
        raise ProblemError("malformed_products")
    if len(skus) > most:
        raise ProblemError("too_many_products")
    return BadgesWanted.of(skus, _region(region), _channel(channel), offers)


def _region(given: Any) -> str | None:
    if given is None or (isinstance(given, str) and 0 < len(given) <= LONGEST_REGION):
        return given
    raise ProblemError("malformed_products")


def _channel(given: Any) -> str:
    if given is None:
        return HOME_CHANNEL
    if given not in CHANNELS:
        raise ProblemError("malformed_products")
    return str(given)


def _asked(request: Request, name: str) -> list[str]:
    return request.get_args(keep_blank_values=True).getlist(name, []) or []


def _only(values: list[str]) -> str | None:
    if len(values) > 1:
        raise ProblemError("malformed_products")
    return values[0] if values else None
