"""Once a year each customer is looked through: contacts long silent, and a status that rests on nothing that ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from crm_gdpr.addons.register.asking import Question, ask, close_done
from crm_gdpr.addons.register.owners import Owners
from crm_gdpr.addons.register.weekly import linked
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
OPEN = Text(
    sv="Står öppet sedan länge och skyddar kontakterna. Är det över: stäng det.",
    en="Has stood open for long, and keeps the contacts. If it is over: close it.",
)


@dataclass
class _Customer:
    """A company, or somebody without one who stands for themselves."""

    organisation: Organisation
    kind: str  # of its record: companies or contacts
    silent: list[str] = field(default_factory=list)
    long_open: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        """What it is called in the notes; companies go by their ids alone."""
        return self.organisation.id if self.kind == "companies" else f"{self.kind}/{self.organisation.id}"


def look_through(env: Env) -> None:
    """Ask each company's owner once a year, a few customers a week; what they completed stands in the ledger."""
    for errand in close_done(env, KIND):
        env.record("customer.confirmed", actor="somebody in HubSpot", errand=errand.key)
    if not env.policy.destruction.armed:
        return
    today, asked = env.today(), dict(env.store.notes.get(NOTE) or {})
    customers = _customers(env)
    due = [name for name in customers if name not in asked or _is_year_past(asked[name], today)]
    left: dict[str, int] = defaultdict(lambda: A_WEEK)
    companies = [name for name in due if customers[name].kind == "companies"]
    flags = env.hubspot.read_many("companies", companies, (env.policy.relationship.manual_flag,))
    owners = _owners(env, [customers[name] for name in due])
    for name in sorted(owners, key=lambda name: (asked.get(name, ""), int(customers[name].organisation.id))):
        flagged = name in flags and flags[name].properties.get(env.policy.relationship.manual_flag) == "true"
        if left[owners[name]] and _ask(env, owners[name], customers[name], flagged):
            left[owners[name]] -= 1
            asked[name] = today.isoformat()
    env.store.notes.put(NOTE, {name: day for name, day in asked.items() if name in customers})


def _owners(env: Env, customers: Sequence[_Customer]) -> dict[str, str]:
    """Return whom to ask about each customer, by its name; one whose record is gone is left out."""
    if not customers:
        return {}
    owners, ids = Owners(env), defaultdict[str, list[str]](list)
    for each in customers:
        ids[each.kind].append(each.organisation.id)
    found = {"companies": owners.of_companies(ids["companies"]), "contacts": owners.of(ids["contacts"])}
    asks = ((each.name, found[each.kind].get(each.organisation.id)) for each in customers)
    return {name: owner for name, owner in asks if owner is not None}


def _customers(env: Env) -> dict[str, _Customer]:
    """Return every customer, and whom something long open keeps, with those of its contacts who were long silent."""
    today, found = env.today(), dict[str, _Customer]()
    for known in env.store.index.everyone(verdicts=("keep",)):
        organisation = known.facts.organisation
        if not isinstance(organisation, Organisation):
            continue
        long_open = _long_open(known.facts, organisation, today)
        if long_open or _is_customer(organisation, today):
            new = _Customer(organisation, "contacts" if known.organisation_id is None else "companies")
            customer = found.setdefault(new.name, new)
            customer.long_open |= long_open
            if not known.archived and _is_silent(known.facts, env.policy, today):
                customer.silent.append(known.contact_id)
    return found


def _is_year_past(day: str, today: date) -> bool:
    return add_months(date.fromisoformat(day), MONTHS) <= today


def _is_customer(organisation: Organisation, today: date) -> bool:
    until = organisation.contract_until
    return organisation.customer is True or (isinstance(until, date) and today <= until)


def _long_open(facts: Facts, organisation: Organisation, today: date) -> set[str]:
    """Return the open deals and tickets with which nothing has happened for a year, as far as is known."""
    several = [each for each in (facts.dialogue, organisation.dialogue) if isinstance(each, tuple)]
    last = {event.ref: event.on for events in several for event in events if event.on}
    open_ = [each for each in (organisation.open_deals, organisation.open_tickets) if isinstance(each, tuple)]
    return {ref for refs in open_ for ref in refs if ref in last and add_months(last[ref], MONTHS) <= today}


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
    company, why = customer.organisation, ENDLESS if customer.kind == "companies" else ALONE
    endless = not flagged and _rests_on_nothing_that_ends(company, env.today())
    if not (endless or customer.silent):
        return False
    shown = customer.silent[:SHOWN]
    people = "".join(f"<li>{linked(env, 'contacts', id_)}</li>" for id_ in shown)
    body = f"<p>{linked(env, customer.kind, company.id)}</p>"
    body += f"<p>{why.sv} / {why.en}</p>" if endless else ""
    if customer.long_open and customer.silent:
        links = ", ".join(linked(env, *ref.split("/")) for ref in sorted(customer.long_open))
        body += f"<p>{links}: {OPEN.sv} / {OPEN.en}</p>"
    body += f"<p>{SILENT.sv} / {SILENT.en} ({len(customer.silent)})</p><ol>{people}</ol>" if people else ""
    key = f"{KIND}-{customer.name}-{env.today()}"
    ask(env, Question(kind=KIND, key=key, owner=owner, subject=SUBJECT, body=body))
    return True
