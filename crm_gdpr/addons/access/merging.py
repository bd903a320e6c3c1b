"""One person under several ids: contacts are merged in HubSpot, and what was asked under an old id goes along.

Two people may have been merged by mistake.  So an identity confirmed before is checked again, and an answer that was
not yet collected is made anew.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from crm_gdpr.addons.access.files import delete
from crm_gdpr.addons.access.steps import UNCHECKED_AGAIN, count_again

if TYPE_CHECKING:
    from crm_gdpr.env import Env, Event
    from crm_gdpr.store.requests import Request

MERGED = "hs_merged_object_ids"
GONE = ("gone", "verified", "closed")


def merged(env: Env, event: Event) -> None:
    """Let the requests of those who were merged follow."""
    follow(env, event.object_id, datetime.fromtimestamp(event.occurred_ms / 1000, UTC))


def follow(env: Env, contact_id: str, at: datetime) -> None:
    """Bring the requests of one person under one id; what was confirmed before the merge is open again."""
    contact = env.hubspot.interactive().read("contacts", contact_id, (MERGED,))
    if contact is None:
        return
    old = {contact_id, *merged_ids(contact.properties.get(MERGED))} - {contact.id}
    for request in env.store.requests.follow(old, contact.id):
        if _was_checked(request, at):
            _check_again(env, request, contact.id)


def merged_ids(stored: str | None) -> tuple[str, ...]:
    """Return the ids that have become a contact, as HubSpot keeps them."""
    return tuple(each.strip() for each in (stored or "").split(";") if each.strip())


def is_gone(env: Env, contact_id: str) -> bool:
    """Tell whether a person has been erased since, under this id or another of theirs."""
    return any(
        contact_id in (case.contact_id, *case.frozen.get("merged", ())) for case in env.store.cases.in_state(*GONE)
    )


def ids_in_case(env: Env, contact_id: str) -> tuple[str, ...]:
    """Return every id of somebody whose erasure has begun."""
    case = env.store.cases.of(contact_id)
    return (contact_id, *(case.frozen.get("merged", ()) if case else ()))


def _was_checked(request: Request, at: datetime) -> bool:
    """Tell whether a check, or a link on its way, may be about the person as they were before the merge."""
    if request.status == "accepted":
        return request.identity_at is None or request.identity_at <= at
    return request.is_open and bool(request.link_hash or request.identity_by)


def _check_again(env: Env, request: Request, contact_id: str) -> None:
    env.record("request.merged", actor="access", contact_id=contact_id, request=request.id)
    package = env.store.requests.package_of(request.id)
    if package is not None:
        delete(env, package)
    count_again(env, request)
    status = "acknowledged" if request.status == "accepted" else request.status
    env.store.requests.change(request.id, status=status, identity_at=None, **UNCHECKED_AGAIN)
