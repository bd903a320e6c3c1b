"""What HubSpot keeps about a person beside records: chats, forms, lists, mailings, events; who else is mentioned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crm_gdpr.addons.access.codes import explained
from crm_gdpr.addons.access.conduct import label
from crm_gdpr.addons.access.files import of_today
from crm_gdpr.addons.access.form_pages import sent_from
from crm_gdpr.addons.access.meaning import moment, plain, same
from crm_gdpr.addons.access.model import Attached, Field, Found, Part, Person, Row
from crm_gdpr.policy import Text

if TYPE_CHECKING:
    from crm_gdpr.addons.access.reader import Reader

CHATS = Text(sv="Chattar och trådar", en="Chats and threads")
COMMENTS = Text(sv="Interna kommentarer i samtal", en="Internal comments in conversations")
FORMS = Text(sv="Formulär du skickat", en="Forms you sent")
LISTS = Text(sv="Listor du står på", en="Lists you are on")
MAILINGS = Text(sv="Dina val om utskick, med rättslig grund", en="Your choices about mailings, with their legal basis")
EVENTS = Text(sv="Händelser som webbplatsen och utskicken noterat", en="Events noted by the website and mailings")
COLLEAGUES_TITLE = Text(sv="Andra som nämns", en="Others who are mentioned")


def conversations(reader: Reader) -> Found:
    """Every thread with the person, in the bin too: who said what, and what hangs on it.

    What colleagues said among themselves was exchanged with nobody, and is a part of its own.
    """
    hubspot = reader.hubspot
    threads = {each.id: each for gone in (False, True) for each in hubspot.threads(reader.contact_id, archived=gone)}
    said: list[Row] = []
    among_us: list[Row] = []
    people, files = [], []
    for thread in threads.values():
        for message in hubspot.messages(thread.id):
            text = hubspot.whole_message(thread.id, message.id) if message.truncated else message.text
            ref = f"threads/{thread.id}/{message.id}"
            told = {"from": message.sender, "subject": message.subject, "message": plain(text)}
            row = Row(same(f"{moment(message.at.isoformat(), reader.zone)} · {ref}"), tuple(_plain(told)), ref)
            (among_us if message.internal else said).append(row)
            people += [Person("other", *_name_or_address(party)) for party in message.parties]
            files += [Attached(id_, ref) for id_ in message.attachments]
    parts = [Part("conversations", CHATS, "correspondence", tuple(said), len(said))]
    if among_us:
        parts.append(Part("comments", COMMENTS, "correspondence", tuple(among_us), len(among_us)))
    return Found(parts=tuple(parts), people=tuple(dict.fromkeys(people)), files=tuple(files))


def forms(reader: Reader) -> Found:
    """What was sent from the person's addresses; the forms are read once a day for all requests."""
    rows = [
        Row(
            same(" · ".join(filter(None, (moment(each["at"] or "", reader.zone), each["form"], each["page"])))),
            tuple(Field(name, same(called), same(value), value) for name, called, value in each["values"]),
            f"forms/{each['form_id']}/{number}",
        )
        for number, each in enumerate(sent_from(reader))
    ]
    return Found(parts=(Part("forms", FORMS, "correspondence", tuple(rows), len(rows)),))


def lists(reader: Reader) -> Found:
    """The lists the person is on, and since when."""
    found = reader.hubspot.listings(reader.contact_id)
    names = {each.id: each.name for each in reader.hubspot.lists([each.id for each in found])} if found else {}
    rows = [
        Row(same(""), tuple(_plain({"list": names.get(each.id) or each.id, "since": _at(reader, each.since)})))
        for each in found
    ]
    return Found(parts=(Part("lists", LISTS, "contact_details", tuple(rows), len(rows)),))


def mailings(reader: Reader) -> Found:
    """What each of the person's addresses has chosen."""
    rows = [
        Row(
            same(""),
            tuple(
                _plain(
                    {
                        "address": address,
                        "subscription": choice.subscription,
                        "status": choice.status,
                        "legal_basis": choice.legal_basis,
                        "explanation": choice.explanation,
                        "since": _at(reader, choice.at),
                    }
                )
            ),
        )
        for address in reader.addresses
        for choice in reader.hubspot.choices(address)
    ]
    return Found(parts=(Part("mailings", MAILINGS, "contact_details", tuple(rows), len(rows)),))


def events(reader: Reader) -> Found:
    """What the website and mailings noticed about the person."""
    rows = tuple(
        Row(
            same(f"{_at(reader, each.at)} · {each.type}"),
            tuple(_plain({"event": each.type, **each.properties})),
            f"events/{each.id}",
        )
        for each in reader.hubspot.occurrences(reader.contact_id)
    )
    return Found(parts=(Part("events", EVENTS, "usage", rows, len(rows)),))


def staff(reader: Reader) -> Found:
    """Our own: their names may stand in any text.  They are read once a day for all requests."""
    people = tuple(
        Person("staff", " ".join(str(each.get(key) or "") for key in ("firstName", "lastName")).strip(), _mail(each))
        for each in of_today(reader.env, "owners", reader.for_all.owners)
    )
    return Found(people=people)


def named(reader: Reader, ids: Iterable[str]) -> tuple[Person, ...]:
    """Read what other contacts are called, to find them in the texts; nothing else of them is read."""
    wanted = ("firstname", "lastname", "email", "hs_additional_emails", "phone", "mobilephone")
    records = reader.hubspot.read_many("contacts", ids, wanted).values()
    return tuple(Person("other", _called(each.properties), tuple(_reached(each.properties))) for each in records)


def _called(has: Mapping[str, str | None]) -> str:
    return " ".join(filter(None, (has.get("firstname"), has.get("lastname"))))


def _reached(has: Mapping[str, str | None]) -> Iterator[str]:
    for name in ("email", "hs_additional_emails", "phone", "mobilephone"):
        yield from (part.strip() for part in (has.get(name) or "").split(";") if part.strip())


def _plain(values: Mapping[str, str]) -> Iterator[Field]:
    for name, value in values.items():
        if value:
            yield Field(name, label(name), explained(name, value, {}) or same(value), value)


def _name_or_address(party: str) -> tuple[str, tuple[str, ...]]:
    return ("", (party,)) if "@" in party or party.lstrip("+").isdigit() else (party, ())


def _mail(owner: Mapping[str, Any]) -> tuple[str, ...]:
    return (str(owner["email"]),) if owner.get("email") else ()


def _at(reader: Reader, at: datetime | None) -> str:
    """An instant as people read it; HubSpot's zero says that there was none."""
    return moment(at.isoformat(), reader.zone) if at and at.timestamp() > 0 else ""
