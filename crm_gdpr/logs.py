"""Logs carry ids, addons and purposes: never an address, a name or a property value."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

ADDRESS = re.compile(r"[^\s@=]+@[^\s@]+")


def quiet() -> None:
    """Write one line of JSON per event to stderr, redacted."""
    structlog.configure(
        processors=[structlog.processors.add_log_level, redact, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blot out whatever looks like an address, should one ever get here."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = ADDRESS.sub("[address]", value)
    return event
