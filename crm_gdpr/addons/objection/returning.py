"""Meet a contact as it is now: take what it says, carry a no that it belongs to, and know people who come back.

Webhooks and the nightly reading both come here, so what a lost webhook missed is found in the night, and ends the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from crm_gdpr.addons.objection.person import (
    MARK,
    NO_CONTACT,
    OPT_OUT,
    addresses_of,
    came_themselves,
    emails_of,
    ids_of,
    opted_out_types,
    says_no,
)
from crm_gdpr.addons.objection.taking import (
    MARKETING,
    PROCESSING,
    TYPE,
    enforce_later,
    is_being_enforced,
    remember,
    take,
    unshown,
)

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.store.objections import Objection
    from crm_gdpr.sync import Record

ENDINGS = ("objection.withdrawn", "objection.overruled", "objection.released")
SAID_BY_SALES = {"no_contact": MARKETING, "on_grounds": PROCESSING}


@dataclass(frozen=True)
class Said:
    """Who spoke, and whether it was just now (`taken`) or before we listened (`found`)."""

    by: str
    why: str


def meet(env: Env, records: Iterable[Record], *, by: str, when: str, why: str = "taken") -> dict[str, Exception]:
    """Look at some contacts; `by` says who spoke where one of them says no, `when` names the occasion.

    `why` is "found" for what was said before this system came: it holds, but nobody is asked to confirm it now.
    Returns what went wrong, by contact: one that cannot be met keeps no other from it.
    """
    met, errors = list({record.id: record for record in records}.values()), dict[str, Exception]()
    digests = {record.id: env.digests(addresses_of(record).telling()) for record in met}
    known = env.store.suppression.known({each for several in digests.values() for each in several})
    carrying = env.store.objections.carrying(id_ for record in met for id_ in ids_of(record))
    for record in met:
        numbers = {n for each in digests[record.id] for n in known.get(each, ())}
        if not (numbers or carrying.intersection(ids_of(record)) or says_no(record)):
            continue
        try:
            _meet_one(env, record, numbers, Said(by, why), when)
        except Exception as error:  # whatever it is, the others are to be met
            errors[record.id] = error
    return errors


def _meet_one(env: Env, record: Record, recognised: set[int], said: Said, when: str) -> None:
    carried = env.store.objections.of(ids_of(record))
    for held in env.store.objections.many(recognised - {o.id for o in carried}):
        if held.in_force and record.id not in env.store.objections.carried_by(held.id, same=False):
            _recognise(env, held, record)
    _listen(env, record, env.store.objections.of(ids_of(record)), said)
    for held in carried:
        if held.in_force:
            _go_on_carrying(env, held, record, said, when)


def _listen(env: Env, record: Record, carried: list[Objection], said: Said) -> None:
    """Take the no that the contact itself shows and nobody has recorded yet."""
    asked, them = record.properties.get(NO_CONTACT) or "", "the person"
    if asked in SAID_BY_SALES and not _is_taken(carried, SAID_BY_SALES[asked]):
        take(env, record, how="property", by=said.by, scope=SAID_BY_SALES[asked], why=said.why)
    wide = any(o.in_force and o.scope != TYPE for o in carried)
    if record.properties.get(OPT_OUT) == "true" and not wide and not asked:
        if _is_news(env, record):
            take(env, record, how="unsubscribe", by=them, why=said.why)
    elif record.properties.get(MARK[0]) and not any(o.in_force for o in carried) and not asked:
        _take_marked(env, record, carried, said)
    for type_id in opted_out_types(record):
        if not any((o.scope, o.about) == (TYPE, type_id) for o in carried):
            take(env, record, how="unsubscribe", by=them, scope=TYPE, about=type_id, why=said.why)


def _is_taken(carried: list[Objection], scope: str) -> bool:
    return any(o.in_force and o.scope == scope for o in carried)


def _is_news(env: Env, record: Record) -> bool:
    """An opt-out that stands since before a no ended, or was ours by mistake, is not a new no; a later one is."""
    ends = [
        datetime.fromisoformat(line.at)
        for id_ in ids_of(record)
        for line in env.store.ledger.lines(subject=env.pseudonym(id_))
        if line.action in ENDINGS
    ]
    if not ends:
        return True
    moments = (env.hubspot.refused_all_at(email) for email in emails_of(record))
    return any(at is not None and at > max(ends) for at in moments)


def _take_marked(env: Env, record: Record, carried: list[Objection], said: Said) -> None:
    """A day that a person, or an older version of this system, wrote on the contact is a no of that day."""
    if any(o.scope == MARKETING for o in carried):  # ended: what is left of it is cleared, not taken again
        return
    try:
        on = date.fromisoformat((record.properties.get(MARK[0]) or "")[:10])
    except ValueError:
        on = env.today()
    take(env, record, how="property", by=said.by, on=min(on, env.today()), why=said.why)


def _go_on_carrying(env: Env, held: Objection, record: Record, said: Said, when: str) -> None:
    """The person's own record: new addresses are hashed, what was undone is done again, a merge carries it along."""
    is_new = remember(env, held.id, record) > 0
    if env.store.objections.carry(held.id, record.id):
        env.record("objection.merged", actor="objection", contact_id=record.id, objection=held.id)
        enforce_later(env, held.id, record.id, "merged")
        return
    edited, subscribed = bool(unshown(env, record)), _is_subscribed(held, record)
    if not (is_new or edited or subscribed):
        return
    undone = not is_new and not is_being_enforced(env, held.id, record.id)
    if edited and undone:
        env.record("objection.put_back", actor="objection", contact_id=record.id, objection=held.id)
    again = f"resubscribed-{when}" if subscribed and undone else f"again-{when}"
    enforce_later(env, held.id, record.id, said.why if said.why == "found" else again)


def _is_subscribed(held: Objection, record: Record) -> bool:
    """Tell whether somebody whose no is to all mailings may be sent some."""
    return held.scope != TYPE and bool(emails_of(record)) and record.properties.get(OPT_OUT) != "true"


def _recognise(env: Env, held: Objection, record: Record) -> None:
    """Somebody who said no is back under another id: no marketing, and quarantined unless they came themselves."""
    source = record.properties.get("hs_object_source") or "unknown"
    themselves = came_themselves(record)
    why = "returned" if themselves else "quarantined"
    env.record(f"objection.{why}", actor="objection", contact_id=record.id, objection=held.id, source=source)
    since = None if themselves or held.scope == TYPE else env.today()
    env.store.objections.carry(held.id, record.id, quarantined_on=since)
    remember(env, held.id, record)
    enforce_later(env, held.id, record.id, why)
