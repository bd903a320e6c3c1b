"""Whose usage data goes early, whose must stay, and by what values a person is known in other databases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from crm_gdpr.addons.dialogue.reconcile import facts_of
from crm_gdpr.policy import UNKNOWN, Facts, Organisation

if TYPE_CHECKING:
    from datetime import date

    from crm_gdpr.env import Env
    from crm_gdpr.store.usage_rows import Identity

OTHER_ADDRESSES = "hs_additional_emails"


def split(env: Env) -> tuple[list[str], list[str]]:
    """Return those whose usage data goes early (objection, ended relationship), and those whose data must stay."""
    asked, today = env.store.requests.with_open_request(), env.today()
    early, stay = [], []
    for known in env.store.index.everyone():
        facts = facts_of(known, known.contact_id in asked)
        if must_stay(facts):
            stay.append(known.contact_id)
        elif goes_early(facts, today):
            early.append(known.contact_id)
    return early, stay


def must_stay(facts: Facts) -> bool:
    """A hold, a restriction (Art. 18) or an open request keeps everything as it is; so does not knowing."""
    return bool(facts.contact.hold or facts.contact.restricted or facts.contact.request_open)


def goes_early(facts: Facts, on: date) -> bool:
    """An objection (Art. 21) or the end of the relationship ends every period of usage data at once."""
    if facts.contact.objected_on not in (None, UNKNOWN):
        return True
    organisation = facts.organisation
    if not isinstance(organisation, Organisation) or organisation.customer is not False:
        return False
    ended = organisation.relationship_ended_on
    return ended is not None and ended is not UNKNOWN and ended <= on


def identities(
    env: Env, contact_ids: Iterable[str], names: Iterable[str], *, archived: bool = False
) -> dict[str, Identity]:
    """Return each person's values of some HubSpot properties; every address they have had counts as theirs."""
    wanted = tuple(dict.fromkeys((*names, OTHER_ADDRESSES)))
    records = env.hubspot.read_many("contacts", contact_ids, wanted, archived=archived)
    return {id_: _identity(id_, record.properties, wanted) for id_, record in records.items()}


def identities_anywhere(env: Env, contact_ids: Iterable[str], names: Iterable[str]) -> dict[str, Identity]:
    """Return the same of people who are live and of those in the recycle bin."""
    wanted = list(contact_ids)
    return {**identities(env, wanted, names, archived=True), **identities(env, wanted, names)}


def _identity(contact_id: str, properties: Mapping[str, str | None], names: Iterable[str]) -> Identity:
    found = {name: [value] for name in names if (value := properties.get(name))}
    others = [each for each in (properties.get(OTHER_ADDRESSES) or "").split(";") if each]
    return {**found, "email": [*found.get("email", ()), *others], "hs_object_id": [contact_id]}
