"""Our own records about a person: what they asked, what we did, and the packages made for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crm_gdpr.addons.access.conduct import RIGHT, STATUSES, action
from crm_gdpr.addons.access.files import delete
from crm_gdpr.addons.access.handlers import ASKED
from crm_gdpr.addons.access.merging import MERGED, ids_in_case, merged_ids
from crm_gdpr.addons.register.export import standing_on_contact

if TYPE_CHECKING:
    from crm_gdpr.env import Env


def read(env: Env, contact_id: str) -> list[Mapping[str, Any]]:
    """Return requests and ledger lines; who on our side did it stays with us (CJEU C-579/21)."""
    requests: list[Mapping[str, Any]] = [
        {
            "request": RIGHT[request.right],
            "status": STATUSES[request.status],
            "received_on": request.received_on.isoformat(),
            "due_on": request.due_on.isoformat(),
            "identity_checked": request.identity_note,
            "extended_on": request.extended_on.isoformat() if request.extended_on else None,
            "extended_why": request.extended_why,
            "answered_on": request.closed_on.isoformat() if request.closed_on else None,
            "refused_why": request.outcome_why,
        }
        for request in env.store.requests.of(contact_id)
    ]
    requests += [row for row in standing_on_contact(env, contact_id, (ASKED,)) if row["value"]]
    contact = env.hubspot.read("contacts", contact_id, (MERGED,))
    old = () if contact is None else merged_ids(contact.properties.get(MERGED))
    lines = [line for id_ in (*old, contact_id) for line in env.store.ledger.lines(subject=env.pseudonym(id_))]
    return requests + [{"at": line.at, "action": action(line.action), "ledger_line": line.seq} for line in lines]


def erase(env: Env, contact_id: str) -> None:
    """Delete the packages about a person, and kill their links."""
    for id_ in ids_in_case(env, contact_id):
        for package in env.store.requests.packages_about(id_):
            delete(env, package)
