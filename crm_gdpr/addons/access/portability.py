"""The narrower scope of Art. 20: what the person gave us themselves, where the ground is consent or contract.  Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from crm_gdpr.addons.access.grounds import has_consented, recorded
from crm_gdpr.addons.access.model import Answer, Part, Row

GIVEN = ("forms", "conversations")  # in the person's own words
OWN_RECORD = "contacts"
BY = {"forms": "email", "conversations": "from"}  # who gave it
COMPUTED = (
    *("hs_", "gdpr_", "num_", "notes_", "first_", "recent_", "days_", "associatedcompany", "hubspot", "lifecycle"),
    *("createdate", "lastmodifieddate", "closedate"),
)
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
    if "contract" not in recorded(properties).values() and not has_consented(properties):
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
        "data": {part.kind: [_values(row) for row in part.rows if _is_given(part, row, answer.own)] for part in parts},
    }


def _is_given(part: Part, row: Row, own: Iterable[str]) -> bool:
    """Tell whether the person gave it: what our side wrote in a chat, or somebody else in a form, they did not."""
    mine = {word.casefold() for word in own}
    by = {each.raw.strip().casefold() for each in row.fields if each.name == BY.get(part.kind)}
    return part.kind == OWN_RECORD or bool(by & mine)


def _values(row: Row) -> dict[str, str]:
    return {each.name: each.raw for each in row.fields if not each.name.startswith(COMPUTED)}
