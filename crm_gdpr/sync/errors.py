"""What can go wrong between us and HubSpot, and what to do about it.

Every field of HubSpot's error envelope is optional, and a 404 may be a page of HTML.  HubSpot's own message may
quote a person's data, so it stays in `message`; what goes to logs (`str`) is status, category, codes and advice.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

DAILY = "DAILY"


@dataclass(frozen=True)
class Said:
    """What an error answer said, as far as it said anything."""

    status: int | None = None
    category: str = ""
    message: str = ""
    correlation_id: str = ""
    codes: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    policy: str = ""
    retry_after: float | None = None


class HubSpotError(Exception):
    """HubSpot did not do what was asked.  ``applied_unknown``: it may have done it all the same; read again."""

    advice = "Try again; if it persists, give HubSpot support the correlation id."

    def __init__(self, said: Said, applied_unknown: bool = False) -> None:
        super().__init__(said, applied_unknown)
        self.said = said
        self.applied_unknown = applied_unknown

    @property
    def status(self) -> int | None:
        return self.said.status

    @property
    def category(self) -> str:
        return self.said.category

    @property
    def message(self) -> str:
        return self.said.message

    @property
    def correlation_id(self) -> str:
        return self.said.correlation_id

    def __str__(self) -> str:
        named = [str(self.status or type(self).__name__), self.category, *self.said.codes]
        outcome = " Whether it was applied is not known: read it again." if self.applied_unknown else ""
        trace = f" [{self.correlation_id}]" if self.correlation_id else ""
        return f"HubSpot: {' '.join(filter(None, named))}.{outcome} {self.advice}{trace}"


class Refused(HubSpotError):
    """400, 409 and their like: this request will never succeed as it is."""

    advice = "Correct the value, or the portal's own rule that refuses it; the same request will be refused again."


class Unauthorised(HubSpotError):
    """401: the token is missing, wrong, expired or revoked."""

    advice = "Check HUBSPOT_ACCESS_TOKEN: it is missing, wrong, expired or revoked."


class Forbidden(HubSpotError):
    """403: the app lacks a scope, named when HubSpot names it."""

    def __init__(self, said: Said, applied_unknown: bool = False) -> None:
        super().__init__(said, applied_unknown)
        self.advice = f"Grant the app the scopes it lacks: {', '.join(said.scopes) or 'HubSpot names none'}."


class NotFound(HubSpotError):
    """404: no such record, archived, erased, or never there."""

    advice = "The record is gone or was never there; read it with archived=True before concluding."


class Limited(HubSpotError):
    """429, or our own budget spent: too many calls."""

    advice = "Wait: the account's allowance of calls is spent; other integrations share it."

    @property
    def policy(self) -> str:
        """TEN_SECONDLY_ROLLING, SECONDLY, DAILY, or "" where HubSpot names none."""
        return self.said.policy

    @property
    def retry_after(self) -> float | None:
        return self.said.retry_after


class Unavailable(HubSpotError):
    """5xx, 423, 477, a cut connection or a time-out: HubSpot could not answer."""

    advice = "HubSpot did not answer; see status.hubspot.com, and try again later."


class Malformed(HubSpotError):
    """An answer that cannot be trusted whole: nothing is concluded from the part that could be read."""

    advice = "Do not act on this answer; report it with the correlation id."

    @classmethod
    def because(cls, why: str, applied_unknown: bool = False) -> Malformed:
        return cls(Said(category=why), applied_unknown)


OF_ONE = (Refused, Forbidden, Malformed)
"""It will be so again for this record, and says nothing of the next: one must not keep all others."""

_BY_STATUS: dict[int, type[HubSpotError]] = {
    401: Unauthorised,
    403: Forbidden,
    404: NotFound,
    423: Unavailable,
    429: Limited,
    477: Unavailable,
}


def error_from(status: int, headers: Mapping[str, str], body: bytes, writes: bool) -> HubSpotError:
    """The error an answer stands for.  A 5xx after a write leaves open whether the write was applied."""
    kind = _BY_STATUS.get(status, Unavailable if status >= 500 else Refused)
    return kind(_said(status, headers, _envelope(body)), applied_unknown=writes and status >= 500)


def refusal(error: Mapping[str, Any]) -> str:
    """Why one record of a batch was refused: category and codes, never the value that was refused."""
    codes = sorted(set(_codes(error)))
    return " ".join(filter(None, (_text(error, "category"), *codes))) or "refused without a reason"


def _envelope(body: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _said(status: int, headers: Mapping[str, str], envelope: Mapping[str, Any]) -> Said:
    return Said(
        status=status,
        category=_text(envelope, "category"),
        message=_text(envelope, "message"),
        correlation_id=_text(envelope, "correlationId") or headers.get("X-HubSpot-Correlation-Id", ""),
        codes=tuple(sorted(set(_codes(envelope)))),
        scopes=tuple(scope for error in _errors(envelope) for scope in _context(error, "requiredGranularScopes")),
        policy=_text(envelope, "policyName"),
        retry_after=_seconds(headers.get("Retry-After")),
    )


def _codes(envelope: Mapping[str, Any]) -> Iterator[str]:
    for error in _errors(envelope):
        names = ",".join(_context(error, "propertyName"))
        if code := _text(error, "code"):
            yield f"{code}({names})" if names else code


def _errors(envelope: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    errors = envelope.get("errors")
    return [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []


def _context(error: Mapping[str, Any], key: str) -> list[str]:
    context = error.get("context")
    values = context.get(key) if isinstance(context, dict) else None
    return [value for value in values if isinstance(value, str)] if isinstance(values, list) else []


def _text(envelope: Mapping[str, Any], key: str) -> str:
    value = envelope.get(key)
    return value if isinstance(value, str) else ""


def _seconds(retry_after: str | None) -> float | None:
    try:
        return max(0.0, float(retry_after)) if retry_after else None
    except ValueError:
        return None
