"""What is known about a person, as values.

`UNKNOWN` stands for a fact nobody has read; `None`, `False` and the empty tuple are facts: known to be so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any, Final


class Unknown(Enum):
    """The type of `UNKNOWN`."""

    UNKNOWN = "unknown"

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown.UNKNOWN


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened between us and a person.  A date of None is not known."""

    ref: str
    kind: str
    on: date | None = None
    direction: str | None = None
    status: str | None = None
    outcome: str | None = None
    disposition: str | None = None
    channel: str | None = None
    automatic: bool = False
    request: bool = False

    def field(self, name: str) -> str:
        """Return a field as the rows of the policy spell it; the empty text when it is not set."""
        value: Any = getattr(self, name)
        return ("true" if value else "") if isinstance(value, bool) else (value or "")


@dataclass(frozen=True)
class Attested:
    """A talk outside the CRM that the owner vouches for."""

    on: date
    reason: str = ""


@dataclass(frozen=True)
class ReviewAnswer:
    """What the owner answered in a review: attest, let_go or hold."""

    on: date
    answer: str


@dataclass(frozen=True)
class NotRelevant:
    """Confirmed by a person: left the organisation, or the address is dead."""

    since: date
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Contact:
    """One person's own facts."""

    id: str
    created_on: date | Unknown | None = UNKNOWN
    source: str | Unknown | None = UNKNOWN
    hold: str | Unknown | None = UNKNOWN
    restricted: bool | Unknown = UNKNOWN
    objected_on: date | Unknown | None = UNKNOWN
    stage: str | None = None
    stage_on: date | None = None
    attested: tuple[Attested, ...] | Unknown = UNKNOWN
    review_answer: ReviewAnswer | Unknown | None = UNKNOWN
    request_open: bool | Unknown = UNKNOWN
    erasure_requested_on: date | Unknown | None = UNKNOWN
    not_relevant: NotRelevant | Unknown | None = UNKNOWN


@dataclass(frozen=True, kw_only=True)
class Organisation:
    """The organisation a person stands for."""

    id: str
    customer: bool | Unknown = UNKNOWN
    contract_until: date | Unknown | None = UNKNOWN
    relationship_ended_on: date | Unknown | None = UNKNOWN
    open_deals: tuple[str, ...] | Unknown = UNKNOWN
    open_tickets: tuple[str, ...] | Unknown = UNKNOWN
    dialogue: tuple[Event, ...] | Unknown = UNKNOWN


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything a verdict rests on.  `strange` names values that no list knows; they count as unknown."""

    contact: Contact
    dialogue: tuple[Event, ...] | Unknown = UNKNOWN
    organisation: Organisation | Unknown | None = UNKNOWN
    strange: tuple[str, ...] = ()
