"""The answer as values: what is told (information), what is held (parts), and the count of both (manifest).

Everything can be laid down as JSON and read back: an answer is drafted, read through by a person, and then released.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crm_gdpr.policy import Text


@dataclass(frozen=True)
class Field:
    """One value: what it is called, what it says in readable words, and as it is stored (markup apart)."""

    name: str
    label: Text
    value: Text
    raw: str


@dataclass(frozen=True)
class Row:
    """One record or line; `ref` names a record of HubSpot, as `notes/7`."""

    title: Text
    fields: tuple[Field, ...]
    ref: str = ""


@dataclass(frozen=True)
class Part:
    """Everything of one kind, in one category; `withheld` counts whole records by reason, `redacted` single values.

    `not_read` says why a kind could not be read at all, such as the scopes that are missing.
    """

    kind: str
    title: Text
    category: str
    rows: tuple[Row, ...]
    found: int
    withheld: Mapping[str, int] = field(default_factory=dict)
    redacted: Mapping[str, int] = field(default_factory=dict)
    not_read: str = ""

    @property
    def included(self) -> int:
        return len(self.rows)

    @property
    def reconciles(self) -> bool:
        """Whatever was found is included, or counted as withheld with its reason."""
        return self.found == self.included + sum(self.withheld.values())


@dataclass(frozen=True)
class Element:
    """One element of Art. 15(1) and (2), in sentences that hold for this person."""

    article: str
    title: Text
    lines: tuple[Text, ...]


@dataclass(frozen=True)
class Person:
    """Somebody else whom the data mentions: a colleague, another contact (`other`), or one of ours (`staff`)."""

    role: str
    name: str = ""
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Attached:
    """A file that hangs on a record."""

    id: str
    ref: str
    name: str = ""
    size: int = 0


@dataclass(frozen=True)
class Answer:
    """The whole answer to one person."""

    contact_id: str
    controller: str
    contact: str
    made_on: str
    language: str
    information: tuple[Element, ...]
    parts: tuple[Part, ...]
    people: tuple[Person, ...] = ()
    files: tuple[Attached, ...] = ()
    own: tuple[str, ...] = ()  # the person's own names and addresses, which are never hidden
    calls: int = 0
    provided: tuple[str, ...] = ()  # kinds under Art. 20
    calls_for_all: int = 0  # what is read once a day for all requests, where this one was the first
    absent: tuple[Text, ...] = ()  # kinds of record that the account did not have
    looked_on: str = ""  # on this day
    own_domains: tuple[str, ...] = ()  # the controller's own, whose addresses are its staff's


@dataclass(frozen=True)
class Found:
    """What one step of the reading found."""

    parts: tuple[Part, ...] = ()
    people: tuple[Person, ...] = ()
    others: tuple[str, ...] = ()  # ids of other contacts, whose names are read at the end
    files: tuple[Attached, ...] = ()
    own: tuple[str, ...] = ()
    calls: int = 0


def as_json(value: Any) -> bytes:
    """Lay an answer or a finding down as JSON."""
    return json.dumps(value, ensure_ascii=False, default=vars).encode(errors="replace")  # half an emoji, cut by HubSpot


SIMPLE = ("contact_id", "controller", "contact", "made_on", "language", "calls", "calls_for_all", "looked_on")


def answer_from(plain: Mapping[str, Any]) -> Answer:
    simple = {name: plain[name] for name in SIMPLE}
    return Answer(
        **simple,
        information=tuple(
            Element(each["article"], _text(each["title"]), tuple(map(_text, each["lines"])))
            for each in plain["information"]
        ),
        parts=_parts(plain["parts"]),
        people=_people(plain["people"]),
        files=_files(plain["files"]),
        own=tuple(plain["own"]),
        absent=tuple(map(_text, plain["absent"])),
        provided=tuple(plain["provided"]),
        own_domains=tuple(plain.get("own_domains", ())),
    )


def found_from(plain: Mapping[str, Any]) -> Found:
    return Found(
        _parts(plain["parts"]),
        _people(plain["people"]),
        tuple(plain["others"]),
        _files(plain["files"]),
        tuple(plain["own"]),
        plain["calls"],
    )


def _parts(given: Sequence[Mapping[str, Any]]) -> tuple[Part, ...]:
    return tuple(
        Part(**{**each, "title": _text(each["title"]), "rows": tuple(map(_row, each["rows"]))}) for each in given
    )


def _row(given: Mapping[str, Any]) -> Row:
    fields = tuple(
        Field(each["name"], _text(each["label"]), _text(each["value"]), each["raw"]) for each in given["fields"]
    )
    return Row(_text(given["title"]), fields, given["ref"])


def _people(given: Sequence[Mapping[str, Any]]) -> tuple[Person, ...]:
    return tuple(Person(each["role"], each["name"], tuple(each["addresses"])) for each in given)


def _files(given: Sequence[Mapping[str, Any]]) -> tuple[Attached, ...]:
    return tuple(Attached(**each) for each in given)


def _text(given: Mapping[str, str]) -> Text:
    return Text(given["sv"], given["en"])
