"""JSON read and written quickly; the standard library, slower, takes what that refuses (half a surrogate)."""

from __future__ import annotations

import json
from typing import Any

import orjson


def loads(text: str | bytes) -> Any:
    """Return the value; `ValueError` where it is no JSON."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text)


def dumps(value: Any) -> bytes:
    """Write a value; the same value is the same bytes."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return json.dumps(value).encode()
