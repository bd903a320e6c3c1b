"""How long website and service usage is kept, and which columns of the company's own databases hold it.  Pure.

Three categories: `ip` (the address), `device` (device and browser), `interaction` (what was done, pressed and read).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from crm_gdpr.policy.calendar import DAY, add_months
from crm_gdpr.policy.text import Text

CATEGORIES = ("ip", "device", "interaction")


@dataclass(frozen=True)
class UsageTable:
    """A table of the company's own with usage data.

    `database` is a SQLAlchemy URL without a password, or `env:NAME` for a URL in the environment. `key` is the column
    that tells rows apart, `time` the one that dates them. `person` maps a HubSpot property to the column that holds the
    same value; `personal` sorts the columns by category. A row past all its periods is deleted, or kept with its
    personal columns emptied: `past` says `delete` or `null`.
    """

    name: str
    title: Text
    database: str
    table: str
    key: str
    time: str
    person: Mapping[str, str]
    personal: Mapping[str, tuple[str, ...]]
    past: str

    @property
    def columns(self) -> tuple[str, ...]:
        """Every personal column, whatever its category."""
        return tuple(column for columns in self.personal.values() for column in columns)


@dataclass(frozen=True)
class UsageProperty:
    """A property of the contact that holds usage data; `at` is the property that dates it."""

    name: str
    category: str
    at: str


@dataclass(frozen=True)
class Usage:
    """The periods, where usage data stands, and how many rows may go in one run."""

    ip_days: int
    device_days: int
    interaction_months: int
    max_rows: int
    batch_rows: int
    keeps: tuple[str, ...]
    tables: tuple[UsageTable, ...] = ()
    properties: tuple[UsageProperty, ...] = ()


@dataclass(frozen=True)
class Clearing:
    """What is to be done with a table: `null` some columns or `delete` the rows, of that day and before."""

    action: str
    category: str
    columns: tuple[str, ...]
    last_day: date


def last_past(category: str, usage: Usage, on: date) -> date:
    """Return the last day whose data has passed its period, the day it passes included."""
    if category != "interaction":
        return on - timedelta(days=usage.ip_days if category == "ip" else usage.device_days)
    months = usage.interaction_months
    day = add_months(on, -months)
    while add_months(day + DAY, months) <= on:  # a month end clamps: several days pass at once
        day += DAY
    return day


def clearings(table: UsageTable, usage: Usage, on: date) -> Iterator[Clearing]:
    """Yield what is due in a table: each category at the end of its period, the whole row at the last of them."""
    ends = {category: last_past(category, usage, on) for category in table.personal}
    longest = min(ends, key=ends.__getitem__)
    for category, last_day in ends.items():
        if table.past == "delete" and last_day == ends[longest]:
            continue
        yield Clearing("null", category, table.personal[category], last_day)
    if table.past == "delete":
        yield Clearing("delete", longest, (), ends[longest])
