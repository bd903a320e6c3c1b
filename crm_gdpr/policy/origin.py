"""What the rules of policy.toml may look at: HubSpot's own provenance, and words that sum up the records around it.

Pure.  Values come as HubSpot writes them; a record that could not be read adds no word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

from crm_gdpr.policy.book import Policy
from crm_gdpr.policy.person import address_kind

Values = Mapping[str, str | None]

PROVENANCE = (  # the HubSpot properties of a contact that a rule may look at
    "lifecyclestage",
    "hs_lead_status",
    "hs_object_source",
    "hs_object_source_label",
    "hs_object_source_id",
    "hs_object_source_detail_1",
    "hs_object_source_detail_2",
    "hs_object_source_detail_3",
    "hs_analytics_source",
    "hs_analytics_source_data_1",
    "hs_analytics_source_data_2",
    "recent_conversion_event_name",
)
FOUND_AT = "gdpr_found_at"  # where sales writes the public page the details were found on
ABOUT = ("createdate", "email", "hs_additional_emails", "jobtitle", "company", "associatedcompanyid", FOUND_AT)
WORDS: Mapping[str, tuple[str, ...]] = {  # "" stands for none, or not known
    "relation": ("customer", "former_customer", "prospect", ""),
    "company": ("known", ""),
    "company_type": ("prospect", "partner", "reseller", "vendor", "other", ""),
    "deal": ("open", "won", ""),
    "role": ("known", ""),
    "place": ("public", ""),
    "address": ("business", "role_mailbox", "private", "own", ""),
    "request": ("first", ""),
}
DEAL = ("dealstage", "hs_is_closed", "hs_is_closed_won")
PUBLIC = re.compile(r"(https?://|www\.)\S+\.\S+", re.IGNORECASE)


def company_properties(policy: Policy) -> tuple[str, ...]:
    """What a company must be asked for."""
    named = policy.relationship.contract_until, policy.relationship.manual_flag, policy.people.organisation_number
    return ("lifecyclestage", "type", "name", *named)


def origin(
    contact: Values, policy: Policy, on: date, *, companies: Iterable[Values] = (), deals: Iterable[Values] = ()
) -> dict[str, str]:
    """Return the words that rules may look at, for one contact and the records around it."""
    companies, deals = list(companies), list(deals)
    known = {name: contact.get(name) or "" for name in PROVENANCE}
    found_at = (contact.get("hs_object_source_detail_1"), contact.get(FOUND_AT))
    return {
        **known,
        "relation": relation(contact, companies, policy, on),
        "company": "known" if companies or contact.get("company") or contact.get("associatedcompanyid") else "",
        "company_type": next((c["type"].lower() for c in companies if c.get("type")), ""),  # type: ignore[union-attr]
        "deal": _deal(deals),
        "role": "known" if contact.get("jobtitle") else "",
        "place": "public" if any(PUBLIC.match(place or "") for place in found_at) else "",
        "address": address_kind(contact.get("email"), policy.people),
    }


def relation(contact: Values, companies: Iterable[Values], policy: Policy, on: date) -> str:
    """Tell a customer from a former one: by stage, by a person's flag, or by how long the contract runs."""
    rules, companies = policy.relationship, list(companies)
    stages = {values.get("lifecyclestage") for values in (contact, *companies)}
    until = [day for company in companies if (day := _day(company.get(rules.contract_until)))]
    flagged = any(company.get(rules.manual_flag) == "true" for company in companies)
    if flagged or any(day >= on for day in until) or stages & set(rules.lifecycle_stages):
        return "customer"
    return "former_customer" if until else ("prospect" if stages - {None, ""} else "")


def _deal(deals: Iterable[Values]) -> str:
    found = list(deals)
    if any(deal.get("hs_is_closed_won") == "true" or deal.get("dealstage") == "closedwon" for deal in found):
        return "won"
    return "open" if any(deal.get("hs_is_closed") != "true" for deal in found) else ""


def _day(value: str | None) -> date | None:
    try:
        return date.fromisoformat((value or "")[:10])
    except ValueError:
        return None
