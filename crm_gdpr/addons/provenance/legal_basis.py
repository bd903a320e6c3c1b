"""HubSpot's own words for a lawful basis: those of `hs_legal_basis`, and those of communication preferences.  Pure.

Three vocabularies say the same thing.  The values of `hs_legal_basis` are old labels: the first two hold an en dash,
the third a hyphen.  `Not applicable` is never written: it takes a contact out of HubSpot's own protections.
"""

from __future__ import annotations

from crm_gdpr.policy import Provenance
from crm_gdpr.policy.person import CONSENT

PROPERTY = "hs_legal_basis"
PROSPECT = "Legitimate interest – prospect/lead"
CUSTOMER = "Legitimate interest – existing customer"
OTHER = "Legitimate interest - other"
CONTRACT = "Performance of a contract"
MAILING = {  # the words of communication preferences; of several grounds the first is that of a mailing
    CUSTOMER: "LEGITIMATE_INTEREST_CLIENT",
    PROSPECT: "LEGITIMATE_INTEREST_PQL",
    OTHER: "LEGITIMATE_INTEREST_OTHER",
    CONTRACT: "PERFORMANCE_OF_CONTRACT",
}
CONSENTED = ("CONSENT_WITH_NOTICE", "PROCESS_AND_STORE")  # given for that very mailing: never ours to give or take


def for_hubspot(found: Provenance, present: str | None) -> str:
    """Return `hs_legal_basis` for a contact's grounds; a consent that stands there is never taken away."""
    wanted = [_word(found, ground.purpose, ground.legal_basis) for ground in found.bases]
    if CONSENT in (present or "").split(";"):
        wanted.append(CONSENT)
    return ";".join(dict.fromkeys(wanted))


def for_mailings(legal_basis: str | None) -> str | None:
    """Return the ground of what a contact is sent, from its `hs_legal_basis`; None where that has none of ours."""
    stands = (legal_basis or "").split(";")
    return next((word for basis, word in MAILING.items() if basis in stands), None)


def is_ours_to_change(present: str, wanted: str) -> bool:
    """Tell whether the ground of a mailing is to be replaced; a consent never is."""
    return present != wanted and present not in CONSENTED


def _word(found: Provenance, purpose: str, legal_basis: str) -> str:
    if legal_basis == "contract":
        return CONTRACT
    if legal_basis != "legitimate_interest" or purpose == "dealings":
        return OTHER
    return CUSTOMER if found.words["relation"] == "customer" or purpose == "customer_support" else PROSPECT
