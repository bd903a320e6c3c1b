"""HubSpot's request signatures, versions 1 and 3.  Pure: the caller brings the clock and says which version it accepts.

Source: HubSpot, "Validating requests".  The client's own helper accepts timestamps from the future, so it is not used.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping

from werkzeug.datastructures import Headers

WINDOW_MS = 300_000

# Exactly these twelve escapes are decoded, once; everything else in the address stays as it was sent.
ESCAPES = {
    "%3A": ":",
    "%2F": "/",
    "%3F": "?",
    "%40": "@",
    "%21": "!",
    "%24": "$",
    "%27": "'",
    "%28": "(",
    "%29": ")",
    "%2A": "*",
    "%2C": ",",
    "%3B": ";",
}
_ESCAPE = re.compile("|".join(ESCAPES), re.IGNORECASE)


def is_signed(  # noqa: PLR0913 - the parts of a request, all by name
    headers: Headers | Mapping[str, str], *, version: str, secret: str, method: str, uri: str, body: bytes, now_ms: int
) -> bool:
    """Tell whether the request carries a fresh, matching signature of the one version we accept."""
    if version == "v1":
        return _same(headers.get("X-HubSpot-Signature", ""), v1(secret, body))
    stamp = headers.get("X-HubSpot-Request-Timestamp", "")
    if not is_fresh(stamp, now_ms):
        return False
    return _same(headers.get("X-HubSpot-Signature-v3", ""), v3(secret, method, uri, body, stamp))


def is_fresh(timestamp: str, now_ms: int) -> bool:
    """Tell whether a timestamp in milliseconds lies within five minutes, before or after."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 15):
        return False
    return abs(now_ms - int(timestamp)) <= WINDOW_MS


def v1(secret: str, body: bytes) -> str:
    """Return the hex digest of secret and body; it has no time in it, so it can be replayed."""
    return hashlib.sha256(secret.encode() + body).hexdigest()


def v3(secret: str, method: str, uri: str, body: bytes, timestamp: str) -> str:
    """Return the base64 HMAC-SHA256 of method, decoded address, raw body and timestamp."""
    source = method.encode() + decode(uri).encode() + body + timestamp.encode()
    return base64.b64encode(hmac.new(secret.encode(), source, hashlib.sha256).digest()).decode()


def decode(uri: str) -> str:
    """Decode the twelve documented escapes, each once."""
    return _ESCAPE.sub(lambda match: ESCAPES[match.group().upper()], uri)


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), expected.encode())
