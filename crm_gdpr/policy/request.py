"""The clock of a subject's request (Art. 12(3); Regulation 1182/71).  Pure: the caller brings the day of receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from crm_gdpr.policy.calendar import DAY, add_months, closed, next_working_day
from crm_gdpr.policy.text import Text

MONTHS = 1  # Art. 12(3), first sentence
MONTHS_WHEN_EXTENDED = 3  # two further months, second sentence


class Right(StrEnum):
    """What a subject may ask for; the values are article codes."""

    ACCESS = "A15"
    RECTIFICATION = "A16"
    ERASURE = "A17"
    RESTRICTION = "A18"
    PORTABILITY = "A20"
    OBJECTION = "A21"


@dataclass(frozen=True)
class Step:
    """One step from the receipt to the last day, and the reason for it."""

    on: date
    text: Text


@dataclass(frozen=True)
class Due:
    """The last day to answer, and how it was counted."""

    due_on: date
    steps: tuple[Step, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the date with the reason of each step."""
        return {
            "due_on": self.due_on.isoformat(),
            "steps": [{"on": s.on.isoformat(), "text": {"sv": s.text.sv, "en": s.text.en}} for s in self.steps],
        }


@dataclass(frozen=True, kw_only=True)
class SubjectRequest:
    """A request by a subject; extended when that was announced within the first month."""

    right: Right
    received_on: date
    extended: bool = False

    @property
    def due_on(self) -> date:
        """The last day to answer."""
        return due(self.received_on, self.extended).due_on


def due(received: date, extended: bool, paused_days: int = 0) -> Due:
    """Count one calendar month from the receipt, three when extended; a closed last day moves to a working day.

    ``paused_days``: how long the clock rested because the identity was in doubt (Art. 12(6)); nothing else stops it.
    """
    months = MONTHS_WHEN_EXTENDED if extended else MONTHS
    counted = add_months(received, months)
    last = counted + paused_days * DAY
    due_on = next_working_day(last)
    announced = [_announced(next_working_day(add_months(received, MONTHS)))] if extended else []
    steps = [
        _received(received),
        *announced,
        _counted(received, counted, months),
        *_rested(last, paused_days),
        *_moved(last),
        _answered(due_on),
    ]
    return Due(due_on, tuple(steps))


def _received(on: date) -> Step:
    return Step(on, Text(sv="Begäran kom in.", en="The request was received."))


def _announced(on: date) -> Step:
    return Step(
        on,
        Text(
            sv="Senast nu ska personen ha fått veta att tiden förlängs, och varför (artikel 12.3).",
            en="By now the person must have been told of the extension, and why (Art. 12(3)).",
        ),
    )


def _counted(received: date, last: date, months: int) -> Step:
    sv, en = ("En månad", "One month") if months == MONTHS else ("Tre månader", "Three months")
    if last.day == received.day:
        return Step(last, Text(sv=f"{sv} efter att begäran kom in.", en=f"{en} after the receipt."))
    return Step(
        last,
        Text(
            sv=f"{sv} efter att begäran kom in; månaden har bara {last.day} dagar och slutar här.",
            en=f"{en} after the receipt; the month has only {last.day} days and ends here.",
        ),
    )


def _rested(last: date, days: int) -> list[Step]:
    if not days:
        return []
    sv = f"Fristen vilade {days} dagar medan identiteten kontrollerades (artikel 12.6)."
    return [Step(last, Text(sv=sv, en=f"The clock rested {days} days while the identity was checked (Art. 12(6))."))]


def _moved(day: date) -> list[Step]:
    steps = []
    while reason := closed(day):
        steps.append(
            Step(
                day,
                Text(
                    sv=f"Dagen är {reason.sv}; fristen flyttas till nästa vardag.",
                    en=f"The day is {reason.en}; the period moves to the next working day.",
                ),
            )
        )
        day += DAY
    return steps


def _answered(on: date) -> Step:
    return Step(on, Text(sv="Sista dagen att svara.", en="The last day to answer."))
