"""Once a year each customer is looked through: contacts long silent, and a status that rests on nothing that ends."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from crm_gdpr.addons.register.asking import Question, ask, close_done
from crm_gdpr.addons.register.owners import Owners
from crm_gdpr.addons.retention.weekly import linked
from crm_gdpr.policy import Facts, Organisation, Text, add_months, trace

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.policy import Policy

KIND, NOTE = "customer", "customers_asked"
MONTHS = 12
SHOWN = 300  # of what one task has room for
A_WEEK = 5  # customers that one owner is asked about in a week
SUBJECT = Text(sv="Kund att gå igenom", en="A customer to look through")
SILENT = Text(
    sv="Tysta i tolv månader. Fortfarande rätt kontakt: gör inget. Ändrat: rätta. Slutat: fyll i Inte relevant sedan.",
    en="Silent for twelve months. Still the right contact: do nothing. Changed: correct it. Left: fill in Not relevant "
    "since.",
)
ENDLESS = Text(
    sv="Att bolaget är kund vilar bara på dess livscykel eller på en vunnen affär utan slut. Stämmer det: slutför "
    "uppgiften. Annars: ändra livscykeln eller fyll i avtalets slut.",
    en="That the company is a customer rests only on its lifecycle or on a won deal without an end. If so: complete "
    "the task. Otherwise change the lifecycle or fill in the end of the contract.",
)
ALONE = Text(
    sv="Personen hör inte till något bolag och är kund bara genom sin livscykel eller en vunnen affär utan slut. "
    "Stämmer det: slutför uppgiften. Annars: ändra livscykeln, fyll i avtalets slut på affären eller koppla bolaget.",
    en="The person belongs to no company, and is a customer only by the lifecycle or by a won deal without an end. If "
    "so: complete the task. Otherwise change the lifecycle, fill in the end of the contract on the deal, or add the "
    "company.",
)


@dataclass
class _Customer:
    """A company, or somebody without one who stands for themselves."""

    organisation: Organisation
    kind: str
    silent: list[str] = field(default_factory=list)


def look_through(env: Env) -> None:
    """Ask each company's owner once a year, a few customers a week; what they completed stands in the ledger."""
    for errand in close_done(env, KIND):
        env.record("customer.confirmed", actor="somebody in HubSpot", errand=errand.key)
    if not env.policy.destruction.armed:
        return
    today, asked = env.today(), dict(env.store.notes.get(NOTE) or {})
    customers = _customers(env)
    due = [id_ for id_ in customers if id_ not in asked or add_months(date.fromisoformat(asked[id_]), MONTHS) <= today]
    left: dict[str, int] = defaultdict(lambda: A_WEEK)
    companies = [id_ for id_ in due if customers[id_].kind == "companies"]
    flags = env.hubspot.read_many("companies", companies, (env.policy.relationship.manual_flag,))
    owners = _owners(env, companies, [customers[id_].organisation.id for id_ in due if id_ not in companies])
    for id_ in sorted(owners, key=lambda id_: (asked.get(id_, ""), int(customers[id_].organisation.id))):
        flagged = id_ in flags and flags[id_].properties.get(env.policy.relationship.manual_flag) == "true"
        if left[owners[id_]] and _ask(env, owners[id_], customers[id_], flagged):
            left[owners[id_]] -= 1
            asked[id_] = today.isoformat()
    env.store.notes.put(NOTE, {id_: day for id_, day in asked.items() if id_ in customers})


def _owners(env: Env, companies: list[str], alone: list[str]) -> dict[str, str]:
    """Return whom to ask about each customer, by the name it has in the notes."""
    if not (companies or alone):
        return {}
    owners = Owners(env)
    people = {_name(True, id_): owner for id_, owner in owners.of(alone).items()} if alone else {}
    return {**owners.of_companies(companies), **people}


def _name(alone: bool, id_: str) -> str:
    return f"contacts/{id_}" if alone else id_


def _customers(env: Env) -> dict[str, _Customer]:
    """Return every customer, with those of its contacts who were silent for long."""
    today, found = env.today(), dict[str, _Customer]()
    for known in env.store.index.everyone(verdicts=("keep",)):
        organisation = known.facts.organisation
        if isinstance(organisation, Organisation) and _is_customer(organisation, today):
            alone = known.organisation_id is None
            kind = "contacts" if alone else "companies"
            customer = found.setdefault(_name(alone, organisation.id), _Customer(organisation, kind))
            if not known.archived and _is_silent(known.facts, env.policy, today):
                customer.silent.append(known.contact_id)
    return found


def _is_customer(organisation: Organisation, today: date) -> bool:
    until = organisation.contract_until
    return organisation.customer is True or (isinstance(until, date) and today <= until)


def _is_silent(facts: Facts, policy: Policy, today: date) -> bool:
    """Tell whether a person's own last dialogue, or else their creation, is a year past."""
    own = [c.event.on for c in trace(facts, policy, today) if c.whose == "person" and c.counts == "yes" and c.event.on]
    created = facts.contact.created_on
    days = own or ([created] if isinstance(created, date) else [])
    return bool(days) and add_months(max(days), MONTHS) <= today


def _rests_on_nothing_that_ends(organisation: Organisation, today: date) -> bool:
    until = organisation.contract_until
    runs = isinstance(until, date) and today <= until
    return organisation.customer is True and not (runs or organisation.open_deals or organisation.open_tickets)


def _ask(env: Env, owner: str, customer: _Customer, flagged: bool) -> bool:
    """Deliver the task of one customer; False when there is nothing to ask."""
    company, alone = customer.organisation, customer.kind == "contacts"
    why = ALONE if alone else ENDLESS
    endless = not flagged and _rests_on_nothing_that_ends(company, env.today())
    if not (endless or customer.silent):
        return False
    shown = customer.silent[:SHOWN]
    people = "".join(f"<li>{linked(env, 'contacts', id_)}</li>" for id_ in shown)
    body = f"<p>{linked(env, customer.kind, company.id)}</p>"
    body += f"<p>{why.sv} / {why.en}</p>" if endless else ""
    body += f"<p>{SILENT.sv} / {SILENT.en} ({len(customer.silent)})</p><ol>{people}</ol>" if people else ""
    key = f"{KIND}-{_name(alone, company.id)}-{env.today()}"
    ask(env, Question(kind=KIND, key=key, owner=owner, subject=SUBJECT, body=body))
    return True
