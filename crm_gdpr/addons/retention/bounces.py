"""An address that bounces proposes that somebody has left; a person confirms it, and nothing happens before that.

Several on one domain are no proposals but one alarm: it is the domain that refuses us, or the company that is gone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from crm_gdpr.addons.register.asking import Question, ask, close_done
from crm_gdpr.addons.register.owners import Owners
from crm_gdpr.addons.register.weekly import ask_weekly, linked, may_ask
from crm_gdpr.policy import Text

if TYPE_CHECKING:
    from crm_gdpr.env import Env

KIND, ALARM, NOTE = "bounced", "domain_bounced", "bounced"
LOOKED_AT = "bounced_domains"  # who bounced on a domain when its alarm was raised
SEVERAL = 3  # bounces on one domain that make an alarm
BOUNCED = [
    {"propertyName": "hs_email_hard_bounce_reason_enum", "operator": "HAS_PROPERTY"},
    {"propertyName": "gdpr_not_relevant_since", "operator": "NOT_HAS_PROPERTY"},
]
SUBJECT = Text(
    sv="{count} adresser är döda: har personen slutat?", en="{count} addresses are dead: has the person left?"
)
OPENING = Text(
    sv="Slutat eller död adress: fyll i Inte relevant sedan och orsak. Annars: rätta adressen.",
    en="Left, or a dead address: fill in Not relevant since and why. Otherwise correct the address.",
)
ALARMED = Text(sv="Flera adresser på samma domän studsar", en="Several addresses on one domain bounce")
LOOK = Text(
    sv="Troligen avvisas våra utskick, eller så har bolaget bytt namn eller upphört: undersök innan någon gallras.",
    en="Our mail is probably refused, or the company has changed its name or is gone: look before you weed anyone out.",
)


def propose(env: Env) -> None:
    """Ask owners about the people behind dead addresses, once about each, and the officer about whole domains."""
    if not env.policy.destruction.armed:
        return
    close_done(env, ALARM)
    owners, dead = Owners(env), dict(_dead(env))
    proposed = [ids for domain, ids in _by_domain(env, dead).items() if not _alarmed(env, owners, domain, ids)]
    asked = [id_ for id_ in env.store.notes.get(NOTE) or () if id_ in dead]
    by_owner: dict[str, list[str]] = defaultdict(list)
    for id_, owner in owners.of(sorted({*chain(*proposed)}.difference(asked), key=int)).items():
        by_owner[owner].append(id_)
    for owner, ids in by_owner.items():
        now = ids[: env.policy.review.digest_people]
        if may_ask(env, KIND, owner):
            ask_weekly(env, KIND, owner, SUBJECT, OPENING, [linked(env, "contacts", id_) for id_ in now])
            env.record("bounces.asked", actor="retention", people=len(now))
            asked += now
    env.store.notes.put(NOTE, asked)


def _dead(env: Env) -> Iterator[tuple[str, str]]:
    """Yield everyone with a dead address, and its domain; both are kept nowhere."""
    for page in env.hubspot.search("contacts", BOUNCED, ("email",)):
        for record in page:
            yield record.id, (record.properties.get("email") or "").rpartition("@")[2].casefold()


def _by_domain(env: Env, dead: dict[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for id_, domain in dead.items():
        shared = not domain or domain in env.policy.people.private_domains
        found[f"contact {id_}" if shared else domain].append(id_)
    return found


def _alarmed(env: Env, owners: Owners, domain: str, ids: list[str]) -> bool:
    """Raise one alarm when several new ones bounce on a domain; tell whether one waits for the officer to look."""
    name = env.pseudonym(domain)
    if any(errand.key.startswith(f"{ALARM}-{name}") for errand in env.store.errands.waiting(ALARM)):
        return True
    told = env.store.notes.get(LOOKED_AT) or {}
    if len(set(ids) - set(told.get(name, ()))) < SEVERAL:
        return False  # the officer has looked at the others: now their owners are asked
    lines = "".join(f"<li>{linked(env, 'contacts', id_)}</li>" for id_ in ids[: env.policy.review.digest_people])
    body = f"<p>{LOOK.sv} / {LOOK.en}</p><ol>{lines}</ol>"
    key = f"{ALARM}-{name}-{env.today()}"
    ask(env, Question(kind=ALARM, key=key, owner=owners.officer, subject=ALARMED, body=body, urgent=True))
    env.store.notes.put(LOOKED_AT, {**told, name: ids})
    return True
