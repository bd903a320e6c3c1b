"""The contact itself: every property in readable words, its history, and other records of the same person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from crm_gdpr.addons.access.conduct import label
from crm_gdpr.addons.access.meaning import Meaning, moment, same
from crm_gdpr.addons.access.model import Field, Found, Part, Row
from crm_gdpr.addons.access.wording import way
from crm_gdpr.policy import Text

if TYPE_CHECKING:
    from crm_gdpr.addons.access.reader import Reader
    from crm_gdpr.sync import Record

USAGE = ("hs_analytics_", "hs_social_", "hs_ip_timezone", "hs_latest_source", "hs_email_last_", "hs_email_first_")
NAMES = ("firstname", "lastname", "email", "hs_additional_emails", "phone", "mobilephone", "hs_calculated_phone_number")
FIRST = (*NAMES, "jobtitle", "company", "address", "zip", "city", "country")
CONTACT = Text(sv="Dina kontaktuppgifter", en="Your contact record")
WEBSITE = Text(sv="Hur du använt webbplatsen och våra utskick", en="How you used the website and our mailings")
HISTORY = Text(sv="Uppgifternas historik", en="The history of the data")
ARCHIVED = Text(sv="Poster om dig i papperskorgen", en="Records about you in the recycle bin")
MERGED = Text(sv="Poster som slagits ihop med din", en="Records merged into yours")


def contact(reader: Reader) -> Found:
    """Read what the contact holds; what our own sections tell of it stands there."""
    record = reader.record
    if record is None:
        return Found()
    covered = frozenset[str]().union(*(s.covers for s in reader.env.registry.export_sections))
    values = {name: value for name, value in record.properties.items() if value}
    own = {name: value for name, value in values.items() if name not in covered}
    parts = (*_values(own, reader.meaning), _history(record, reader), *_other_records(reader))
    return Found(parts=parts, own=own_words(values))


def own_words(values: Mapping[str, str]) -> tuple[str, ...]:
    """The person's own names, addresses and numbers: never hidden from themselves."""
    parts = [part.strip() for name in NAMES for part in values.get(name, "").split(";")]
    whole = " ".join(filter(None, (values.get("firstname"), values.get("lastname"))))
    return tuple(dict.fromkeys(part for part in (*parts, whole) if part))


def _values(values: Mapping[str, str], meaning: Meaning) -> Iterable[Part]:
    usage = {name: value for name, value in values.items() if name.startswith(USAGE)}
    details = {name: value for name, value in values.items() if name not in usage}
    named = (("contacts", CONTACT, "contact_details", details), ("usage", WEBSITE, "usage", usage))
    for kind, title, category, each in named:
        fields = tuple(meaning.field(name, each[name]) for name in sorted(each, key=_place))
        rows = (Row(same(""), fields),) if fields else ()
        yield Part(kind, title, category, rows, len(rows))


def _place(name: str) -> tuple[int, str]:
    """What people look for first stands first."""
    return (FIRST.index(name) if name in FIRST else len(FIRST), name)


def _history(record: Record, reader: Reader) -> Part:
    """Each property that has had a value: every value, since when, and by what way it came."""
    rows = []
    for name, entries in sorted(record.history.items()):
        told = [
            Field(
                f"{name} {number}",
                Text(
                    sv=f"{moment(each.at.isoformat(), reader.zone) if each.at else '–'}, {way(each.source).sv}",
                    en=f"{moment(each.at.isoformat(), reader.zone) if each.at else '–'}, {way(each.source).en}",
                ),
                reader.meaning.field(name, each.value).value if each.value else label("emptied"),
                each.value,
            )
            for number, each in enumerate(entries, 1)
        ]
        if any(each.value for each in entries):
            rows.append(Row(reader.meaning.label(name), tuple(told), f"history/{name}"))
    return Part("history", HISTORY, "contact_details", tuple(rows), len(rows))


def _other_records(reader: Reader) -> Iterable[Part]:
    twins = reader.hubspot.by_address(reader.addresses, reader.meaning.names, archived=True)
    twins = [twin for twin in twins if twin.id != reader.contact_id]
    yield _records("archived", ARCHIVED, twins, reader.meaning)
    has = {} if reader.record is None else reader.record.properties
    ids = [each for each in (has.get("hs_merged_object_ids") or "").split(";") if each and each != reader.contact_id]
    kept = reader.hubspot.read_many("contacts", ids, reader.meaning.names, archived=True) if ids else {}
    rows = tuple(Row(same(f"contacts/{id_}"), _fields(kept.get(id_), reader.meaning), f"contacts/{id_}") for id_ in ids)
    yield Part("merged", MERGED, "contact_details", rows, len(ids))


def _records(kind: str, title: Text, records: list[Record], meaning: Meaning) -> Part:
    rows = tuple(Row(same(f"contacts/{each.id}"), _fields(each, meaning), f"contacts/{each.id}") for each in records)
    return Part(kind, title, "contact_details", rows, len(records))


def _fields(record: Record | None, meaning: Meaning) -> tuple[Field, ...]:
    values = {} if record is None else record.properties
    return tuple(meaning.field(name, value) for name, value in sorted(values.items()) if value)
