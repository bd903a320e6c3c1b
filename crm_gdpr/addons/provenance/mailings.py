"""The ground of what people are sent, kept in step with the ground on their contact: bulk work, behind the tags.

A portion at a time: without batches everybody costs a call, and a backlog of them must not stand in a night's way.
Only what somebody is subscribed to already gets another ground; whether they are subscribed is theirs to say.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from crm_gdpr.addons.provenance.legal_basis import PROPERTY, for_mailings, is_ours_to_change
from crm_gdpr.policy.person import addresses

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.sync import Record

TO_KEEP = "provenance.mailings"
WAVE, CALLS = 100, 200  # people read together, and calls after which the rest waits for the next time
CONTACT = (PROPERTY, "email", "hs_additional_emails", "gdpr_legal_basis", "gdpr_lia_version", "gdpr_policy_version")


def keep_mailings(env: Env) -> None:
    """Bring the mailings of those whose ground changed in step with it, those who waited longest first."""
    env = replace(env, hubspot=env.hubspot.counted())
    while env.hubspot.calls < CALLS and (wave := env.store.lists.waiting(TO_KEEP, WAVE)):
        people = env.hubspot.read_many("contacts", [item.id for item in wave], CONTACT)
        _keep(env, list(people.values()))
        env.store.lists.done(TO_KEEP, wave)


def _keep(env: Env, people: list[Record]) -> None:
    grounds = {person.id: basis for person in people if (basis := for_mailings(person.properties.get(PROPERTY)))}
    theirs = {person.id: addresses(person.properties) for person in people if person.id in grounds}
    sent = env.hubspot.subscribed(email for emails in theirs.values() for email in emails)
    for person in people:
        basis = grounds.get(person.id, "")
        kept = [
            each.type_id
            for email in theirs.get(person.id, ())
            for each in sent[email]
            if is_ours_to_change(each.legal_basis, basis)
            and env.hubspot.keep_basis(email, each.type_id, basis, why(person))
        ]
        if kept:
            env.record("source.mailings", actor="provenance", contact_id=person.id, types=kept, legal_basis=basis)


def why(person: Record) -> str:
    """Say in HubSpot what the ground rests on."""
    had = person.properties
    said = (had.get("gdpr_legal_basis"), had.get("gdpr_lia_version"), f"policy {had.get('gdpr_policy_version')}")
    return " | ".join(each for each in said if each)
