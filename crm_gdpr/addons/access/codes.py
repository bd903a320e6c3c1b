"""Codes in readable words, where neither the portal nor the property says what they stand for (Art. 12(1)).  Pure."""

from __future__ import annotations

from collections.abc import Mapping

from crm_gdpr.addons.access.grounds import RECORDED, recorded
from crm_gdpr.addons.access.wording import BASES, SOURCES, way
from crm_gdpr.policy import Text

CODES = {
    "hs_email_direction": {
        "EMAIL": Text(sv="Från oss", en="From us"),
        "INCOMING_EMAIL": Text(sv="Till oss", en="To us"),
        "FORWARDED_EMAIL": Text(sv="Vidarebefordrat till oss", en="Forwarded to us"),
    },
    "hs_email_status": {
        "SENT": Text(sv="Skickat", en="Sent"),
        "BOUNCED": Text(sv="Kom inte fram", en="Did not arrive"),
        "FAILED": Text(sv="Gick inte att skicka", en="Could not be sent"),
    },
    "hs_call_direction": {
        "INBOUND": Text(sv="Till oss", en="To us"),
        "OUTBOUND": Text(sv="Från oss", en="From us"),
    },
    "hs_meeting_outcome": {
        "COMPLETED": Text(sv="Blev av", en="Took place"),
        "SCHEDULED": Text(sv="Planerat", en="Scheduled"),
        "CANCELED": Text(sv="Inställt", en="Cancelled"),
        "NO_SHOW": Text(sv="Någon kom inte", en="Somebody did not come"),
        "RESCHEDULED": Text(sv="Flyttat", en="Rescheduled"),
    },
    "hs_task_status": {
        "NOT_STARTED": Text(sv="Inte gjord", en="Not done"),
        "COMPLETED": Text(sv="Gjord", en="Done"),
    },
    "status": {
        "SUBSCRIBED": Text(sv="Ja", en="Yes"),
        "UNSUBSCRIBED": Text(sv="Nej", en="No"),
        "NOT_SPECIFIED": Text(sv="Inget val gjort", en="No choice made"),
    },
    "legal_basis": {
        "LEGITIMATE_INTEREST_PQL": Text(sv="Berättigat intresse (prospekt)", en="Legitimate interest (prospect)"),
        "LEGITIMATE_INTEREST_CLIENT": Text(sv="Berättigat intresse (kund)", en="Legitimate interest (customer)"),
        "LEGITIMATE_INTEREST_OTHER": Text(sv="Berättigat intresse (annat)", en="Legitimate interest (other)"),
        "PERFORMANCE_OF_CONTRACT": Text(sv="Avtal", en="Contract"),
        "CONSENT_WITH_NOTICE": Text(sv="Samtycke efter information", en="Consent after a notice"),
        "NON_GDPR": Text(sv="Utanför dataskyddsförordningen", en="Outside the GDPR"),
        "PROCESS_AND_STORE": Text(sv="Samtycke till lagring", en="Consent to storage"),
    },
}
CREATED_BY = ("hs_object_source", "hs_object_source_label")


def explained(name: str, raw: str, purposes: Mapping[str, Text]) -> Text | None:
    """Return what a code stands for; None where the value speaks for itself."""
    if name == RECORDED:
        return _grounds(raw, purposes)
    if name == "gdpr_sources":
        return _joined([SOURCES[each] for each in raw.split(", ") if each in SOURCES], " ")
    if name in CREATED_BY:
        return way(raw)
    if name.endswith("_duration") and raw.isascii() and raw.isdigit():
        minutes, seconds = divmod(int(raw) // 1000, 60)
        return Text(sv=f"{minutes} min {seconds} s", en=f"{minutes} min {seconds} s")
    return CODES.get(name, {}).get(raw)


def _grounds(raw: str, purposes: Mapping[str, Text]) -> Text | None:
    told = [(purposes[name], BASES[ground]) for name, ground in recorded({RECORDED: raw}).items() if name in purposes]
    return _joined([Text(sv=f"{p.sv}: {b.sv}", en=f"{p.en}: {b.en}") for p, b in told], "; ")


def _joined(texts: list[Text], by: str) -> Text | None:
    if not texts:
        return None
    return Text(sv=by.join(text.sv for text in texts), en=by.join(text.en for text in texts))
