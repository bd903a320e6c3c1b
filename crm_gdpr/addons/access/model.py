"""The answer as values: what is told (information), what is held (parts), and the count of both (manifest)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from crm_gdpr.policy import Text


@dataclass(frozen=True)
class Field:
    """One value: what it is called, what it says in readable words, and as it is stored."""

    name: str
    label: Text
    value: Text
    raw: str


@dataclass(frozen=True)
class Row:
    """One record or line."""

    title: Text
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Part:
    """Everything of one kind.  `category` is the policy's; `withheld` counts by reason."""

    kind: str
    title: Text
    category: str
    rows: tuple[Row, ...]
    found: int
    withheld: Mapping[str, int] = field(default_factory=dict)

    @property
    def included(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class Element:
    """One element of Art. 15(1) and (2), in sentences that hold for this person."""

    article: str
    title: Text
    lines: tuple[Text, ...]


@dataclass(frozen=True)
class Answer:
    """The whole answer to one person."""

    contact_id: str
    controller: str
    contact: str
    made_on: date
    information: tuple[Element, ...]
    parts: tuple[Part, ...]
