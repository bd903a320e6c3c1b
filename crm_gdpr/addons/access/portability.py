"""The narrower scope of Art. 20: what the person gave us themselves, where the ground is consent or contract.  Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm_gdpr.addons.access.model import Answer, Part

GROUNDS = ("consent", "contract")
GIVEN = ("forms", "conversations")  # in the person's own words
OWN_RECORD = "contacts"
WHY_NOT = {
    "sv": "Rätten till dataportabilitet gäller uppgifter som behandlas med stöd av samtycke eller avtal med dig "
    "(artikel 20.1 a). Dina uppgifter behandlas på annan grund; de finns alla i data.json.",
    "en": "The right to data portability concerns data processed on the ground of consent or of a contract with you "
    "(Art. 20(1)(a)). Your data is processed on another ground; all of it is in data.json.",
}
WHY = {
    "sv": "Uppgifter som du själv lämnat och som behandlas med stöd av samtycke eller avtal med dig.",
    "en": "Data that you gave us yourself, processed on the ground of consent or of a contract with you.",
}


def provided_kinds(properties: Mapping[str, str | None]) -> tuple[str, ...]:
    """Return the kinds that fall under Art. 20 for this person."""
    if properties.get("gdpr_legal_basis") not in GROUNDS:
        return ()
    from_the_person = properties.get("gdpr_source") in ("website", "inbound", "customer")
    return (OWN_RECORD, *GIVEN) if from_the_person else GIVEN


def portable(answer: Answer) -> dict[str, Any]:
    """Return the content of portability.json, and why it is empty where it is."""
    parts = [part for part in answer.parts if part.kind in answer.provided]
    return {
        "schema": "crm_gdpr.portability/1",
        "controller": {"name": answer.controller, "contact": answer.contact},
        "made_on": answer.made_on,
        "why": WHY if answer.provided else WHY_NOT,
        "data": {part.kind: [_values(part, number) for number in range(part.included)] for part in parts},
    }


def _values(part: Part, number: int) -> dict[str, str]:
    return {each.name: each.raw for each in part.rows[number].fields if not each.name.startswith(("hs_", "gdpr_"))}
