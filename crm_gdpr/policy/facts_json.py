"""Facts as JSON: an absent key is not known; `null`, `false` and `[]` are known to be so.

A malformed value is refused with its place; a value that no list knows is taken for unknown and named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from crm_gdpr.policy.facts import (
    UNKNOWN,
    Attested,
    Contact,
    Event,
    Facts,
    NotRelevant,
    Organisation,
    ReviewAnswer,
    Unknown,
)

T = TypeVar("T")
Json = Mapping[str, Any]

LISTED: Mapping[str, frozenset[str]] = {
    "kind": frozenset(
        ("email", "call", "meeting", "communication", "form", "ticket", "deal", "note", "task", "unsubscribe")
    ),
    "direction": frozenset(("in", "out")),
    "status": frozenset(("BOUNCED", "FAILED", "SCHEDULED", "SENDING", "SENT")),
    "outcome": frozenset(("COMPLETED", "CANCELED", "NO_SHOW", "RESCHEDULED", "SCHEDULED")),
    "disposition": frozenset(("connected", "busy", "no answer", "left voicemail", "left live message", "wrong number")),
    "channel": frozenset(("WHATS_APP", "SMS", "LINKEDIN_MESSAGE")),
}
STAGES = ("review", "archive")
ANSWERS = ("attest", "let_go", "hold")


class FactsError(ValueError):
    """Facts that cannot be read: names the place, the value, and what is allowed."""


@dataclass
class _Reader:
    strange: list[str] = field(default_factory=list)

    def facts(self, data: Any) -> Facts:
        found = _object(data, "facts")
        self.others(found, ("contact", "dialogue", "organisation"), "facts")
        contact = self.contact(_object(found.get("contact"), "contact"))
        dialogue = self.events(found, "dialogue", "dialogue")
        organisation = _maybe(found, "organisation", "organisation", self.organisation)
        return Facts(contact=contact, dialogue=dialogue, organisation=organisation, strange=tuple(self.strange))

    def contact(self, data: Json) -> Contact:
        self.others(data, Contact.__dataclass_fields__, "contact")
        return Contact(
            id=_id(data.get("id"), "contact.id"),
            created_on=_maybe(data, "created_on", "contact.created_on", _date),
            source=_maybe(data, "source", "contact.source", _text),
            hold=_maybe(data, "hold", "contact.hold", _hold),
            restricted=_flag(data, "restricted", "contact.restricted"),
            objected_on=_maybe(data, "objected_on", "contact.objected_on", _date),
            stage=self.listed(data.get("stage"), STAGES, "contact.stage"),
            stage_on=_optional(data, "stage_on", "contact.stage_on", _date),
            attested=_list(data, "attested", "contact.attested", _attested),
            review_answer=_maybe(data, "review_answer", "contact.review_answer", self.answer),
            request_open=_flag(data, "request_open", "contact.request_open"),
            erasure_requested_on=_maybe(data, "erasure_requested_on", "contact.erasure_requested_on", _date),
            not_relevant=_maybe(data, "not_relevant", "contact.not_relevant", _not_relevant),
        )

    def organisation(self, data: Any, where: str) -> Organisation:
        found = _object(data, where)
        self.others(found, Organisation.__dataclass_fields__, where)
        return Organisation(
            id=_id(found.get("id"), f"{where}.id"),
            customer=_flag(found, "customer", f"{where}.customer"),
            contract_until=_maybe(found, "contract_until", f"{where}.contract_until", _date),
            relationship_ended_on=_maybe(found, "relationship_ended_on", f"{where}.relationship_ended_on", _date),
            open_deals=_list(found, "open_deals", f"{where}.open_deals", _id),
            open_tickets=_list(_without_requests(found), "open_tickets", f"{where}.open_tickets", _id),
            dialogue=self.events(found, "dialogue", f"{where}.dialogue"),
        )

    def events(self, data: Json, key: str, where: str) -> tuple[Event, ...] | Unknown:
        return _list(data, key, where, self.event)

    def event(self, data: Any, where: str) -> Event:
        found = _object(data, where)
        self.others(found, Event.__dataclass_fields__, where)
        ref = _id(found.get("ref"), f"{where}.ref")
        words = {name: self.word(found, name, where, ref) for name in LISTED if name != "kind"}
        return Event(
            ref=ref,
            kind=self.word(found, "kind", where, ref) or "",
            on=_optional(found, "on", f"{where}.on", _date),
            automatic=_flag(found, "automatic", f"{where}.automatic") is True,
            request=_flag(found, "request", f"{where}.request") is True,
            **words,
        )

    def answer(self, value: Any, where: str) -> ReviewAnswer | None:
        found = _object(value, where)
        answer = self.listed(found.get("answer"), ANSWERS, f"{where}.answer")
        return None if answer is None else ReviewAnswer(_date(found.get("on"), f"{where}.on"), answer)

    def listed(self, value: Any, allowed: tuple[str, ...], where: str) -> str | None:
        found = next((word for word in allowed if word == value), None)
        if value is not None and found is None:
            self.strange.append(f"{where} {value!r}")
        return found

    def others(self, data: Json, known: Iterable[str], where: str) -> None:
        self.strange += [f"{where}.{name}" for name in data if name not in set(known)]

    def word(self, data: Json, name: str, where: str, ref: str) -> str | None:
        value = _optional(data, name, f"{where}.{name}", _text)
        if value and value not in LISTED[name]:
            self.strange.append(f"{ref}: {name} {value}")
        return value


def facts_from_json(data: Any) -> Facts:
    """Read one person's facts; `FactsError` names what cannot be read."""
    return _Reader().facts(data)


def facts_to_json(facts: Facts) -> dict[str, Any]:
    """Write facts so that reading them gives the same facts again."""
    return {
        "contact": _contact_json(facts.contact),
        **_known({"dialogue": facts.dialogue}, _events_json),
        **_known({"organisation": facts.organisation}, lambda o: None if o is None else _organisation_json(o)),
    }


def event_to_json(event: Event) -> dict[str, Any]:
    """Write one event; what is not set is left out."""
    data = {name: _plain(value) for name, value in vars(event).items() if value not in (None, False)}
    return {"outcome": None, **data} if event.kind == "meeting" else data


def contact_to_json(contact: Contact) -> dict[str, Any]:
    """Write a person's own facts."""
    return _contact_json(contact)


def organisation_to_json(organisation: Organisation) -> dict[str, Any]:
    """Write an organisation's facts."""
    return _organisation_json(organisation)


def _contact_json(contact: Contact) -> dict[str, Any]:
    data = _known(vars(contact), _plain)
    if contact.hold is not UNKNOWN and contact.hold is not None:
        data["hold"] = {"reason": contact.hold}
    return data


def _organisation_json(organisation: Organisation) -> dict[str, Any]:
    rest = {name: value for name, value in vars(organisation).items() if name != "dialogue"}
    return {**_known(rest, _plain), **_known({"dialogue": organisation.dialogue}, _events_json)}


def _events_json(events: tuple[Event, ...]) -> list[dict[str, Any]]:
    return [event_to_json(event) for event in events]


def _known(values: Mapping[str, Any], write: Callable[[Any], Any]) -> dict[str, Any]:
    return {name: write(value) for name, value in values.items() if value is not UNKNOWN}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, (Attested, ReviewAnswer, NotRelevant)):
        return {name: _plain(item) for name, item in vars(value).items()}
    return value


def _maybe(data: Json, key: str, where: str, read: Callable[[Any, str], T | None]) -> T | Unknown | None:
    if key not in data:
        return UNKNOWN
    return None if data[key] is None or data[key] is False else read(data[key], where)


def _optional(data: Json, key: str, where: str, read: Callable[[Any, str], T]) -> T | None:
    value = data.get(key)
    return None if value is None else read(value, where)


def _list(data: Json, key: str, where: str, read: Callable[[Any, str], T]) -> tuple[T, ...] | Unknown:
    if key not in data:
        return UNKNOWN
    value = data[key]
    if value is None or value is False:
        return ()
    if not isinstance(value, list):
        raise _error(where, value, "a list")
    return tuple(read(item, f"{where}[{at}]") for at, item in enumerate(value))


def _flag(data: Json, key: str, where: str) -> bool | Unknown:
    if key not in data:
        return UNKNOWN
    if data[key] is None:
        return False
    if not isinstance(data[key], bool):
        raise _error(where, data[key], "true, false or null")
    return bool(data[key])


def _object(value: Any, where: str) -> Json:
    if not isinstance(value, Mapping):
        raise _error(where, value, "an object")
    return value


def _id(value: Any, where: str) -> str:
    if isinstance(value, Mapping):
        return _id(value.get("id", value.get("ref")), where)
    if isinstance(value, bool) or not isinstance(value, (str, int)) or value == "":
        raise _error(where, value, "an id")
    return str(value)


def _without_requests(data: Json) -> Json:
    """A ticket that is itself a request under the GDPR does not keep anybody."""
    tickets = data.get("open_tickets")
    if not isinstance(tickets, list):
        return data
    return {**data, "open_tickets": [t for t in tickets if not (isinstance(t, Mapping) and t.get("request") is True)]}


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise _error(where, value, "text")
    return value


def _date(value: Any, where: str) -> date:
    if isinstance(value, str) and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise _error(where, value, "a day such as 2026-01-31")


def _hold(value: Any, where: str) -> str:
    return "hold" if value is True else _text(_object(value, where).get("reason", "hold"), f"{where}.reason")


def _attested(value: Any, where: str) -> Attested:
    found = _object(value, where)
    return Attested(_date(found.get("on"), f"{where}.on"), _text(found.get("reason", ""), f"{where}.reason"))


def _not_relevant(value: Any, where: str) -> NotRelevant:
    found = _object(value, where)
    return NotRelevant(_date(found.get("since"), f"{where}.since"), _text(found.get("why", ""), f"{where}.why"))


def _error(where: str, value: Any, allowed: str) -> FactsError:
    return FactsError(f"{where} is {value!r}; allowed: {allowed}")
