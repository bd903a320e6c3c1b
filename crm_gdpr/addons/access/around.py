"""The records around a person, kind by kind, whole: every property that has a value, texts and all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from crm_gdpr.addons.access.kinds import SURE, Kind
from crm_gdpr.addons.access.meaning import Meaning, moment, same
from crm_gdpr.addons.access.model import Attached, Field, Found, Part, Person, Row

if TYPE_CHECKING:
    from crm_gdpr.addons.access.reader import Reader
    from crm_gdpr.sync import Record

UNREAD = "not_read"  # associated a moment ago, not there when read
FILES = "hs_attachment_ids"
HEADERS = "hs_email_headers"


def records(kind: Kind) -> Callable[[Reader], Found]:
    """Return the step that reads one kind."""

    def read(reader: Reader) -> Found:
        ids = reader.associated.get(kind.name, ())
        if not ids:
            return Found(parts=(Part(kind.name, kind.title, kind.category, (), 0),))
        meaning = reader.words(kind.name)
        found = reader.hubspot.read_many(kind.name, ids, meaning.names)
        ordered = sorted(found.values(), key=lambda record: (_date(kind, record), record.id))
        rows = tuple(_row(kind, record, meaning, reader) for record in ordered)
        unread = len([id_ for id_ in ids if id_ not in found])
        return Found(
            parts=(Part(kind.name, kind.title, kind.category, rows, len(ids), {UNREAD: unread} if unread else {}),),
            people=tuple(person for record in ordered for person in participants(record.properties.get(HEADERS))),
            others=tuple(_others(kind, ids, reader)),
            files=tuple(attached for record in ordered for attached in _attached(kind, record)),
        )

    return read


def participants(headers: str | None) -> Iterator[Person]:
    """Everybody whom a mail's headers name; who got it in secret is told apart."""
    try:
        told = json.loads(headers or "{}")
    except ValueError:
        return
    for role, people in told.items() if isinstance(told, dict) else ():
        for each in people if isinstance(people, list) else [people]:
            if isinstance(each, dict) and each.get("email"):
                name = " ".join(str(each[key]) for key in ("firstName", "lastName") if each.get(key))
                yield Person("bcc" if role == "bcc" else "other", name, (str(each["email"]),))


def _row(kind: Kind, record: Record, meaning: Meaning, reader: Reader) -> Row:
    values = {name: value for name, value in record.properties.items() if value}
    if values.get("hs_email_html") and values.get("hs_email_text") == _read(meaning, values, "hs_email_html"):
        values.pop("hs_email_html")  # the same words again, with their markup
    rest = sorted(name for name in values if name not in kind.first)
    fields = tuple(_field(meaning, name, values[name]) for name in (*kind.first, *rest) if name in values)
    day = moment(_date(kind, record), reader.zone)
    ref = f"{kind.name}/{record.id}"
    return Row(same(" · ".join(filter(None, (day, ref)))), fields, ref)


def _field(meaning: Meaning, name: str, value: str) -> Field:
    if name == HEADERS:  # who took part stands beside it, one by one
        people = [" ".join(filter(None, (p.name, *p.addresses))) for p in participants(value) if p.role != "bcc"]
        return Field(name, meaning.label(name), same("; ".join(people)), "; ".join(people))
    return meaning.field(name, value)


def _read(meaning: Meaning, values: Mapping[str, str], name: str) -> str:
    return meaning.field(name, values[name]).value.sv


def _others(kind: Kind, ids: Iterable[str], reader: Reader) -> Iterator[str]:
    """Other contacts on the same records, whose names may stand in the texts."""
    if kind not in SURE and not kind.exchanged:
        return  # what is sold or booked names its people in fields, not in texts
    concerned: Mapping[str, Any] = reader.hubspot.associated(kind.name, "contacts", ids)
    yield from dict.fromkeys(id_ for people in concerned.values() for id_ in people if id_ != reader.contact_id)


def _attached(kind: Kind, record: Record) -> Iterator[Attached]:
    for id_ in (record.properties.get(FILES) or "").split(";"):
        if id_.strip():
            yield Attached(id_.strip(), f"{kind.name}/{record.id}")


def _date(kind: Kind, record: Record) -> str:
    has = record.properties
    return has.get(kind.dated) or has.get("hs_timestamp") or has.get("hs_createdate") or has.get("createdate") or ""
