"""The ground of each purpose for one person, as the contact carries it: "sales: legitimate_interest; …".  Pure."""

from __future__ import annotations

from collections.abc import Mapping

from crm_gdpr.addons.access.wording import BASES

RECORDED = "gdpr_legal_basis"


def recorded(properties: Mapping[str, str | None]) -> dict[str, str]:
    """Return the ground of each purpose; a word that is no ground of Art. 6(1) is none."""
    pairs = (each.partition(":") for each in (properties.get(RECORDED) or "").split(";"))
    return {purpose.strip(): ground.strip() for purpose, _, ground in pairs if ground.strip() in BASES}


def has_consented(properties: Mapping[str, str | None]) -> bool:
    """Tell whether something rests on the person's consent, mailings among it."""
    return "consent" in recorded(properties).values() or properties.get("gdpr_email_marketing") == "consented"
