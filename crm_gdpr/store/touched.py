"""Whom a change in the index concerns: they, their colleagues and their companies' people are to be judged anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, update

from crm_gdpr.store.tables import links, people

# Counted, so that a verdict on what was known before is not kept as one on what is known now.
TAKEN_BACK = update(people).values(stands_until=None, touched=people.c.touched + 1)
Link = tuple[str, str]  # contact or company, and its id


BELONGS = "contacts/"  # a link from a person to a company beside their own


def belonging(contact_id: str) -> str:
    """Return the reference under which a person's other companies stand among the links."""
    return BELONGS + contact_id


def who_belongs(ref: str) -> str:
    """Return the person whose other companies stand under a reference."""
    return ref.removeprefix(BELONGS)


@dataclass
class Touched:
    """Whom a change concerns."""

    contacts: set[str] = field(default_factory=set)
    companies: set[str] = field(default_factory=set)

    def add(self, found: Iterable[Link]) -> None:
        for kind, id_ in found:
            (self.contacts if kind == "contact" else self.companies).add(id_)


def judge_around(connection: Connection, touched: Touched) -> None:
    """People, their colleagues, and everyone of the companies: what is said with one is the organisation's dialogue.

    Those who belong to a company beside their own may be protected by it.
    """
    for ids in portions(sorted(touched.contacts)):
        of = select(people.c.organisation_id).where(people.c.contact_id.in_(ids), people.c.organisation_id.is_not(None))
        touched.companies.update(connection.execute(of).scalars())
        judge_anew(connection, ids)
    for ids in portions(sorted(touched.companies)):
        connection.execute(TAKEN_BACK.where(people.c.organisation_id.in_(ids)))
        beside = (links.c.kind == "company") & links.c.id.in_(ids) & links.c.ref.startswith(BELONGS)
        judge_anew(
            connection, [who_belongs(ref) for ref in connection.execute(select(links.c.ref).where(beside)).scalars()]
        )


def judge_anew(connection: Connection, contact_ids: Iterable[str]) -> None:
    """Take back how long the verdicts on these people stand."""
    connection.execute(TAKEN_BACK.where(people.c.contact_id.in_(contact_ids)))


def note(connection: Connection, which: ColumnElement[bool], noted: Mapping[str, Any], **columns: Any) -> bool:
    """Note facts of one person that HubSpot cannot take; False where the index has nobody like that."""
    known = connection.execute(select(people.c.facts).where(which)).scalar()
    if known is None:
        return False
    facts = {**known, **noted}
    connection.execute(TAKEN_BACK.where(which).values(facts=facts, **columns))
    return True


def links_of(connection: Connection, refs: Sequence[str]) -> defaultdict[str, set[Link]]:
    there: defaultdict[str, set[Link]] = defaultdict(set)
    for ref, kind, id_ in connection.execute(select(links).where(links.c.ref.in_(refs))):
        there[ref].add((kind, id_))
    return there


def portions(ids: Sequence[str], size: int = 500) -> Iterable[Sequence[str]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
