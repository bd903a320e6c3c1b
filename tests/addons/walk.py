"""Random lives that leave a mark of their own in every corner of the account, and a walk that finds whose each is.

The walk knows nothing of the readers: it goes over the portal's own links, and over what was put elsewhere by hand.
"""

from __future__ import annotations

import itertools
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from crm_gdpr.emulator import Portal
from crm_gdpr.emulator.actor import SALES
from crm_gdpr.emulator.lists import NewList
from crm_gdpr.emulator.properties import Property
from crm_gdpr.emulator.schemas import Draft

BODIES = {
    "email": "hs_email_text",
    "call": "hs_call_body",
    "meeting": "hs_meeting_body",
    "note": "hs_note_body",
    "task": "hs_task_body",
    "communication": "hs_communication_body",
    "postal_mail": "hs_postal_mail_body",
}
FURTHER = {
    "appointments": "hs_appointment_name",
    "carts": "hs_cart_name",
    "courses": "hs_course_name",
    "invoices": "hs_number",
    "leads": "hs_lead_name",
    "listings": "hs_name",
    "orders": "hs_order_name",
    "quotes": "hs_title",
    "services": "hs_name",
    "subscriptions": "hs_name",
}
KINDS = ("emails", "calls", "meetings", "notes", "tasks", "communications", "tickets", "deals", "companies")


@dataclass
class Lives:
    """People, and the marks that each of them must find in their answer."""

    portal: Portal
    chance: random.Random
    people: list[str] = field(default_factory=list)
    marks: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def mark(self, *whose: str) -> str:
        """A word that stands nowhere else."""
        word = f"mark{next(self.numbers):05d}"
        for one in whose:
            self.marks[one].add(word)
        return word

    def often(self) -> int:
        return self.chance.choice((0, 0, 1, 3))

    def other(self) -> list[str]:
        return [self.chance.choice(self.people)] if self.people and self.chance.random() < 0.2 else []


def live(portal: Portal, number: int, seed: int = 7) -> Lives:
    """Make people with random lives, some of them shared, in an account that has every kind of record."""
    portal.switches = portal.switches.changed(without_types="")
    lives = Lives(portal, random.Random(seed))  # noqa: S311 - a life, not a secret
    companies = [portal.add_company(name=f"Bolag {n}") for n in range(max(2, number // 4))]
    own = portal.define(
        Draft("licence", "Licence", "Licences", [Property("number", "Number", "")], associated=("CONTACT",))
    ).kind.name
    form, mailed = portal.add_form("Boka"), portal.add_list(NewList("Inbjudna", "contacts")).id
    for n in range(number):
        contact = portal.add_contact(email=f"p{n}@example.com", firstname=f"P{n}")
        portal.edit("contacts", contact, jobtitle=lives.mark(contact))
        portal.link(("contacts", contact), ("companies", lives.chance.choice(companies)))
        _records(lives, contact, own)
        _elsewhere(lives, contact, f"p{n}@example.com", form, mailed)
        lives.people.append(contact)
    return lives


def held(portal: Portal, contact_id: str) -> Counter[str]:
    """Walk over the account's own links, and count what stands around one contact."""
    around = portal.links.everything(("contacts", int(contact_id)))
    return Counter(kind for (kind, id_), _ in around if id_ in portal.live[kind])


def _records(lives: Lives, contact: str, own: str) -> None:
    portal = lives.portal
    for kind, body in BODIES.items():
        for _ in range(lives.often()):
            whose = [contact, *lives.other()]
            portal.log(kind, whose, **{body: lives.mark(*whose)})
    for kind, name in (*FURTHER.items(), (own, "number")):
        if lives.chance.random() < 0.3:
            made = portal.create(kind, {name: lives.mark(contact)}, actor=SALES, trusted=True)
            portal.associate(("contacts", int(contact)), (kind, made.id), None, actor=SALES)
    for _ in range(lives.chance.choice((0, 1))):
        portal.add_ticket(subject=lives.mark(contact), contacts=[contact])
        portal.add_deal(dealname=lives.mark(contact), contacts=[contact])


def _elsewhere(lives: Lives, contact: str, email: str, form: str, mailed: int) -> None:
    portal, chance = lives.portal, lives.chance
    if chance.random() < 0.5:
        portal.submit_form(form, {"email": email.upper(), "message": lives.mark(contact)})
    if chance.random() < 0.5:
        portal.add_to_list(mailed, [int(contact)])
    if chance.random() < 0.5:
        portal.add_event("e_visited_page", contact, page=lives.mark(contact))
    if chance.random() < 0.3:
        thread = portal.write_in(email, lives.mark(contact), to="")
        portal.reply(thread, lives.mark(contact))
        portal.reply(thread, lives.mark(contact), comment=True)
    if chance.random() < 0.3:
        file = portal.add_file(f"{lives.mark(contact)}.txt", b"x")
        portal.log("note", [contact], hs_note_body="se filen", hs_attachment_ids=file)
    if chance.random() < 0.3:
        portal.subscribe(email, next(iter(portal.preferences.types)), lives.mark(contact))
