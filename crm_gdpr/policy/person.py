"""Who a contact is to the marketing rules: an employee, a role mailbox, a natural person or a sole trader.  Pure.

Swedish law asks prior consent for e-mail marketing to natural persons, sole traders included, and lets others opt out
(19 § marknadsföringslagen 2008:486).  Where it cannot be shown that a person stands for a legal person, they do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crm_gdpr.policy.book import Policy
from crm_gdpr.policy.book_people import People
from crm_gdpr.policy.matching import fits
from crm_gdpr.policy.text import Text

Values = Mapping[str, str | None]

STRICTEST = ("sole_trader", "natural_person", "employee", "role_mailbox")
CONSENT = "Freely given consent from contact"  # as `hs_legal_basis` spells it
NO_ROW = Text(
    sv="Ingen rad i policyn säger att e-postreklam är tillåten utan samtycke.",
    en="No row of the policy says that e-mail marketing is allowed without consent.",
)


@dataclass(frozen=True)
class Marketing:
    """Whether e-mail marketing is allowed: `opt_out`, `consented`, or `blocked` for want of prior consent."""

    email: str
    why: Text


def person_class(contact: Values, companies: Iterable[Values], policy: Policy) -> str:
    """Return the strictest class that any of a contact's addresses and companies gives it."""
    companies = list(companies)
    if any(is_sole_trader(company, policy.people) for company in companies):
        return "sole_trader"
    kinds = {address_kind(address, policy.people) for address in addresses(contact)}
    if "private" in kinds:
        return "natural_person"
    if "role_mailbox" in kinds and "business" not in kinds:
        return "role_mailbox"
    at_company = companies or contact.get("company") or contact.get("associatedcompanyid")
    return "employee" if at_company or "own" in kinds else "natural_person"


def marketing(words: Mapping[str, str], legal_basis: str | None, policy: Policy) -> Marketing:
    """Return the rule of e-mail marketing for a class, source and relation; consent given to HubSpot opens it."""
    row = next((row for row in policy.marketing if fits(row.when, words)), None)
    if row is not None and row.email == "opt_out":
        return Marketing("opt_out", row.why)
    if CONSENT in (legal_basis or "").split(";"):
        return Marketing("consented", row.why if row else NO_ROW)
    return Marketing("blocked", row.why if row else NO_ROW)


def is_sole_trader(company: Values, people: People) -> bool:
    """Tell a sole trader: by the form of business in the name, or by a number that is a person's."""
    name = (company.get("name") or "").casefold()
    return any(word.casefold() in name for word in people.sole_trader_words) or is_personal_number(
        company.get(people.organisation_number)
    )


def is_personal_number(number: str | None) -> bool:
    """Tell a person's number from an organisation's, whose third digit is at least two (lag 1974:174)."""
    digits = re.sub(r"\D", "", number or "")
    return len(digits) in (10, 12) and digits[-8] in "01"


def address_kind(address: str | None, people: People) -> str:
    """Return what kind of address it is: business, role_mailbox, private or own; empty where there is none."""
    local, _, domain = (address or "").strip().casefold().rpartition("@")
    if not (local and domain):
        return ""
    if domain in people.own_domains:
        return "own"
    if domain in people.private_domains:
        return "private"
    return "role_mailbox" if local.partition("+")[0] in people.role_mailboxes else "business"


def addresses(contact: Values) -> list[str]:
    """Return every address of a contact, the first one first."""
    found = [contact.get("email") or "", *(contact.get("hs_additional_emails") or "").split(";")]
    return [address.strip() for address in found if address.strip()]
