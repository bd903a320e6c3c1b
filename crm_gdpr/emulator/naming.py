"""What records, object types and fields are called on the CRM's pages."""

import re
from collections.abc import Iterable

from crm_gdpr.emulator.instants import text
from crm_gdpr.emulator.language import t
from crm_gdpr.emulator.records import Record

_KINDS = {
    "contacts": ("kontakt", "contact"),
    "companies": ("företag", "company"),
    "deals": ("affär", "deal"),
    "tickets": ("ärende", "ticket"),
    "emails": ("e-post", "e-mail"),
    "calls": ("samtal", "call"),
    "meetings": ("möte", "meeting"),
    "notes": ("anteckning", "note"),
    "tasks": ("uppgift", "task"),
    "communications": ("meddelande", "message"),
    "postal_mail": ("brev", "letter"),
}
_FIELDS = {
    "contacts": {
        "email": ("E-post", "E-mail"),
        "firstname": ("Förnamn", "First name"),
        "lastname": ("Efternamn", "Last name"),
        "company": ("Företag", "Company"),
        "jobtitle": ("Titel", "Job title"),
        "phone": ("Telefon", "Phone"),
    },
    "companies": {
        "name": ("Namn", "Name"),
        "domain": ("Domän", "Domain"),
        "phone": ("Telefon", "Phone"),
        "contract_end_date": ("Avtalet slutar", "Contract ends"),
    },
}
_TYPES = {"email": "email", "phone": "tel", "contract_end_date": "date"}
OWNER = "hubspot_owner_id"


def field_names(kind: str) -> list[str]:
    """What the form of a record holds."""
    return [*_FIELDS[kind], OWNER]


def fields(kind: str, record: Record | None = None) -> list[tuple[str, str, str, str]]:
    """Name, label, type and value of each text field of the form."""
    values = record.properties if record else {}
    return [(name, t(*label), _TYPES.get(name, "text"), values.get(name, "")) for name, label in _FIELDS[kind].items()]


def kind_name(kind: str) -> str:
    """An object type of the account's own goes by its short name."""
    return t(*_KINDS[kind]) if kind in _KINDS else re.sub(r"^p\d+_", "", kind).replace("_", " ")


def shown_name(record: Record) -> str:
    """What a record is called in a heading or a link."""
    read = record.properties.get
    person = " ".join(part for part in (read("firstname"), read("lastname")) if part)
    titles = (read(f"hs_{one}") for one in ("email_subject", "call_title", "meeting_title", "task_subject"))
    named: Iterable[str | None] = (person, read("name"), read("dealname"), read("subject"), read("email"), *titles)
    return next((name for name in named if name), f"{kind_name(record.kind)} {record.id}")


def day(instant: str | int | None) -> str:
    """An instant, in text or milliseconds, as people read it."""
    written = text(instant) if isinstance(instant, int) else instant or ""
    return written[:16].replace("T", " ")
