"""Signatures of deliveries, by which the receiver knows who sent them and that nothing was changed or sent again later."""

from __future__ import annotations

import hashlib
import hmac

TIMESTAMP_HEADER = "X-Baitiao-Timestamp"
SIGNATURE_HEADER = "X-Baitiao-Signature"
_VERSION = "v1"


def signed_headers(secret: bytes, body: bytes, timestamp: int) -> dict[str, str]:
    """The headers that sign a body: HMAC-SHA256 over the timestamp, a dot and the body.

    Args:
        secret: shared with the receiver.
        body: exactly what is sent.
        timestamp: epoch seconds of this attempt; a receiver refuses old ones.
    """
    digest = hmac.new(secret, str(timestamp).encode() + b"." + body, hashlib.sha256).hexdigest()
    return {TIMESTAMP_HEADER: str(timestamp), SIGNATURE_HEADER: f"{_VERSION}={digest}"}
