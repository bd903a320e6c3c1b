"""Is it the right person who asks?  Proportionate, and never a copy of an ID (Art. 12(6)).

An address that was on file before the request came in may get a one-time link; confirming on the page behind it is
enough.  Never Reply-To, never a mailbox that several read, never a record where two people may have been merged, never
the work address of somebody who has left: then support records another check, and a second reader agrees.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crm_gdpr.addons.access.letters import day_of, lay_again
from crm_gdpr.addons.access.merging import merged_ids
from crm_gdpr.addons.access.steps import (
    CLOSED,
    NO_NOTE,
    NOBODY,
    OPEN,
    StepRefused,
    accept,
    count_again,
    digest,
)
from crm_gdpr.policy import Text
from crm_gdpr.policy.person import address_kind

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.policy.book_people import People
    from crm_gdpr.store.requests import Request
    from crm_gdpr.sync import Record

LIVES = timedelta(days=7)
SHARED = re.compile(
    r"^(?:info|support|kontakt|contact|hello|hej|office|kontor|sales|salj|order|faktura|invoice|ekonomi|finance|admin|"
    r"reception|kundtjanst|kundservice|helpdesk|it|hr|jobb|jobs|press|marketing|marknad|noreply|no-reply|post|mail|team)"
    r"(?:[.+_-].*)?@",
    re.IGNORECASE,
)
WATCHED = ("email", "hs_additional_emails", "firstname", "lastname")
READ = (*WATCHED, "hs_merged_object_ids", "gdpr_not_relevant_since", "createdate", "gdpr_source")

LATE = Text(
    sv="Adressen fanns inte registrerad innan begäran kom in.", en="The address was not on file before the request."
)
ROLE = Text(sv="Adressen läses av flera.", en="The mailbox is read by several people.")
MERGED = Text(
    sv="Posten är sammanslagen och kan gälla två personer.", en="The record is merged and may be about two people."
)
LEFT = Text(sv="Personen har lämnat organisationen.", en="The person has left the organisation.")
NOT_ON_FILE = Text(sv="Adressen finns inte på kontakten.", en="The address does not stand on the contact.")
SAME_READER = Text(
    sv="Den andra läsaren ska vara någon annan än den som kontrollerade.",
    en="The second reader must be another than the one who checked.",
)
NOT_CHECKED = Text(sv="Ingen kontroll är antecknad ännu.", en="No check has been recorded yet.")
BY_LINK = "confirmed by a one-time link to an address on file"


@dataclass(frozen=True)
class Way:
    """An address of the person's, and what speaks against a link to it."""

    address: str
    against: Text | None


def ways(env: Env, request: Request) -> tuple[Way, ...]:
    """Return every address of the person's, and whether a link may go to it."""
    record = _record(env, request)
    if record is None:
        return ()
    general, received_at = _against_all(record), _received(env, request)
    return tuple(
        Way(each, general or _against(each, record, received_at, env.policy.people)) for each in _addresses(record)
    )


def needs_second(env: Env, request: Request) -> bool:
    """Tell whether a single check by support is not enough: no address of the person's may get a link."""
    return all(way.against is not None for way in ways(env, request))


def send_link(env: Env, request: Request, address: str, *, by: str) -> str:
    """Lay a one-time link for an address on file; the clock of the request rests until it is answered."""
    _may_check(request)
    way = next((each for each in ways(env, request) if each.address == address.strip().lower()), None)
    if way is None or way.against is not None:
        raise StepRefused(NOT_ON_FILE if way is None else way.against or NOT_ON_FILE)
    token, expires_at = secrets.token_urlsafe(32), env.clock.now() + LIVES
    link = f"{env.settings.public_url}/p/{token}"
    env.store.requests.change(
        request.id, link_hash=digest(token), link_expires_at=expires_at, paused_on=request.paused_on or env.today()
    )
    lay_again(env, request, "identity", link=link, day=day_of(env, expires_at).isoformat(), address=way.address)
    env.record("identity.asked", actor=by, contact_id=request.contact_id, request=request.id)
    return link


def waiting(env: Env, token: str) -> Request | None:
    """Return the request that a link confirms, while it may still be used."""
    request = env.store.requests.by_link(digest(token))
    if request is None or not request.is_open or request.link_expires_at is None:
        return None
    return request if env.clock.now() < request.link_expires_at else None


def confirm_by_link(env: Env, request: Request, token: str) -> bool:
    """The person confirmed: the link is used up, and the answer is made; False when it was used in the meantime."""
    used = env.store.requests.use_link(request.id, digest(token), link_expires_at=None)
    if used:
        env.record("identity.confirmed", actor="the person", contact_id=request.contact_id, request=request.id)
        count_again(env, request)
        accept(env, request, note=BY_LINK, by="the person")
    return used


def confirm(env: Env, request: Request, note: str, *, by: str) -> bool:
    """Record what was checked; True when that is enough, False when a second reader must agree."""
    _may_check(request)
    if not note.strip():
        raise StepRefused(NO_NOTE)
    if needs_second(env, request):
        env.record("identity.checked", actor=by, contact_id=request.contact_id, request=request.id)
        values = {"identity_note": note.strip(), "identity_by": by, "identity_second_by": None}
        env.store.requests.change(request.id, **values)
        return False
    env.record("identity.confirmed", actor=by, contact_id=request.contact_id, request=request.id)
    count_again(env, request)
    accept(env, request, note=note.strip(), by=by)
    return True


def agree(env: Env, request: Request, *, by: str) -> None:
    """A second reader agrees with the check that was recorded."""
    _may_check(request)
    if request.identity_by is None or request.identity_note is None:
        raise StepRefused(NOT_CHECKED)
    if request.identity_by == by:
        raise StepRefused(SAME_READER)
    env.record("identity.confirmed", actor=by, contact_id=request.contact_id, request=request.id, second=True)
    count_again(env, request)
    env.store.requests.change(request.id, identity_second_by=by)
    accept(env, request, note=request.identity_note, by=request.identity_by)


def _may_check(request: Request) -> None:
    if request.status not in OPEN:
        raise StepRefused(CLOSED)
    if request.contact_id is None:
        raise StepRefused(NOBODY)


def _record(env: Env, request: Request) -> Record | None:
    if request.contact_id is None:
        return None
    hubspot = env.hubspot.interactive()
    return hubspot.read_many("contacts", [request.contact_id], READ, history=WATCHED).get(request.contact_id)


def _received(env: Env, request: Request) -> datetime:
    """The moment of receipt; where only the day is known, its first."""
    if request.received_at is not None:
        return request.received_at
    zone = ZoneInfo(env.policy.controller.timezone)
    return datetime.combine(request.received_on, time(0), zone).astimezone(UTC)


def _addresses(record: Record) -> Iterator[str]:
    given = [record.properties.get("email") or "", *(record.properties.get("hs_additional_emails") or "").split(";")]
    yield from dict.fromkeys(each.strip().lower() for each in given if each.strip())


def _against_all(record: Record) -> Text | None:
    if record.properties.get("gdpr_not_relevant_since"):
        return LEFT
    merged = merged_ids(record.properties.get("hs_merged_object_ids"))
    return MERGED if merged and not _is_one_person(record, max(2, len(merged))) else None


def _is_one_person(record: Record, records: int) -> bool:
    """Tell whether each of several records that became one was called the same; a nameless one shows nothing."""
    names = [[each.value.casefold() for each in record.history.get(name, ()) if each.value] for name in WATCHED[2:]]
    return all(len(set(said)) == 1 and len(said) >= records for said in names)


def _against(address: str, record: Record, received_at: datetime, shared: People) -> Text | None:
    if SHARED.match(address) or address_kind(address, shared) == "role_mailbox":
        return ROLE
    entries = (*record.history.get("email", ()), *record.history.get("hs_additional_emails", ()))
    seen = [each.at for each in entries if each.at and address in each.value.lower().split(";")]
    return None if seen and min(seen) < received_at else LATE
