"""Drop from the index what HubSpot no longer has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, Select, String, case, column, delete, func, select, true, update

from crm_gdpr.store.tables import events, links, met, organisations, people, scan_parts, scans
from crm_gdpr.store.touched import BELONGS, Touched, belonging, judge_around, links_of, portions

EACH_MET = func.json_each(met.c.ids).table_valued(column("value", String))
MET = met.join(EACH_MET, true())


def close(connection: Connection, number: int, scan_id: int) -> Counter[str]:
    """Drop what a full scan no longer met, except people waiting in the recycle bin; returns the counts by kind."""
    gone, touched = Counter[str](), Touched()
    stale = (events.c.scan < number) & events.c.ref.not_in(_events_met(scan_id)) & ~_of_archived()
    lost = [(ref, ref.partition("/")[0]) for (ref,) in connection.execute(select(events.c.ref).where(stale))]
    gone.update(kind for _, kind in lost)
    for refs in portions([ref for ref, _ in lost]):
        touched.add(link for found in links_of(connection, refs).values() for link in found)
        forget_events(connection, refs)
    unmet = people.c.scan < number, people.c.contact_id.not_in(_ids_met(scan_id, "contacts")), ~people.c.archived
    left_people = select(people.c.contact_id, people.c.organisation_id).where(*unmet)
    for contact_id, company_id in connection.execute(left_people):
        gone["contacts"] += 1
        touched.add([("contact", contact_id), *([("company", company_id)] if company_id else [])])
    connection.execute(delete(people).where(*unmet))
    connection.execute(delete(links).where(links.c.ref.startswith(BELONGS), ~_of_someone()))
    key = organisations.c.company_id
    left = (organisations.c.scan < number) & key.not_in(_ids_met(scan_id, "companies"))
    touched.companies.update(connection.execute(select(key).where(left)).scalars())
    gone["companies"] += connection.execute(delete(organisations).where(left)).rowcount
    judge_around(connection, touched)
    return +gone


def everything(connection: Connection) -> None:
    """Drop the index and the readings behind it, so that the next one is full.

    People in the recycle bin stay, with their events: HubSpot no longer says what they are judged by.
    """
    connection.execute(delete(events).where(~_of_archived()))
    connection.execute(delete(people).where(~people.c.archived))
    connection.execute(delete(links).where(links.c.ref.not_in(select(events.c.ref)), ~_of_someone()))
    connection.execute(update(events).values(scan=0))
    for table in (organisations, scan_parts, met, scans):
        connection.execute(delete(table))


def forget_person(connection: Connection, contact_id: str) -> None:
    """Drop a person who is gone, and the events that concern nobody else."""
    theirs = select(links.c.ref).where(links.c.kind == "contact", links.c.id == contact_id)
    refs = list(connection.execute(theirs).scalars())
    company = connection.execute(select(people.c.organisation_id).where(people.c.contact_id == contact_id)).scalar()
    connection.execute(delete(people).where(people.c.contact_id == contact_id))
    connection.execute(delete(links).where(links.c.kind == "contact", links.c.id == contact_id))
    connection.execute(delete(links).where(links.c.ref == belonging(contact_id)))
    shared = set(connection.execute(select(links.c.ref).where(links.c.ref.in_(refs))).scalars())
    connection.execute(delete(events).where(events.c.ref.in_([ref for ref in refs if ref not in shared])))
    judge_around(connection, Touched(companies={company} if company else set()))


def forget_company(connection: Connection, company_id: str) -> None:
    """Drop an organisation, and judge its people anew."""
    connection.execute(delete(organisations).where(organisations.c.company_id == company_id))
    judge_around(connection, Touched(companies={company_id}))


def forget_events(connection: Connection, refs: Sequence[str]) -> None:
    """Drop events, and judge anew whom they concerned."""
    touched = Touched()
    touched.add(link for found in links_of(connection, refs).values() for link in found)
    connection.execute(delete(events).where(events.c.ref.in_(refs)))
    connection.execute(delete(links).where(links.c.ref.in_(refs)))
    judge_around(connection, touched)


def _ids_met(scan_id: int, kind: str) -> Select[tuple[str]]:
    """What a scan met as it was before; what was new or different is marked with its number."""
    return select(EACH_MET.c.value).select_from(MET).where(met.c.scan == scan_id, met.c.kind == kind)


def _events_met(scan_id: int) -> Select[tuple[str]]:
    """The same as references of events; who is met as before submitted no other form."""
    folder = case((met.c.kind == "contacts", "forms"), else_=met.c.kind)
    return select(folder + "/" + EACH_MET.c.value).select_from(MET).where(met.c.scan == scan_id)


def _of_someone() -> ColumnElement[bool]:
    """Links from people to companies beside their own."""
    return links.c.ref.in_(select(BELONGS + people.c.contact_id))


def _of_archived() -> ColumnElement[bool]:
    """Events of people in the recycle bin stay: an archived contact no longer lists them."""
    archived = select(people.c.contact_id).where(people.c.archived)
    return events.c.ref.in_(select(links.c.ref).where(links.c.kind == "contact", links.c.id.in_(archived)))
