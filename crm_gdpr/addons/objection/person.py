"""What is read of a contact to know a person by, and to know what was said on their behalf."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_gdpr.policy.addresses import Addresses

if TYPE_CHECKING:
    from crm_gdpr.sync import Record

OPT_OUT = "hs_email_optout"
NO_CONTACT = "gdpr_no_contact"
MARK = ("gdpr_objected_on", "gdpr_objected_how")
QUARANTINE = ("gdpr_quarantined_on", "gdpr_quarantine_why")
OURS = (NO_CONTACT, *MARK, *QUARANTINE)
EMAILS = ("email", "hs_additional_emails")
PHONES = ("phone", "mobilephone", "hs_whatsapp_phone_number")
RESTRICTED = "gdpr_restricted"
OWNER = "hubspot_owner_id"
TO_MEET = "objection.contacts"  # the list of those to be met
PROPERTIES = (
    *(*OURS, *EMAILS, *PHONES, OPT_OUT, RESTRICTED),
    *("hs_object_source", "hs_merged_object_ids", OWNER, "hs_marketable_status"),
    "hs_sequences_is_enrolled",
)
# Ways by which a record comes to be only when the person does something themselves.
BY_THEMSELVES = frozenset({"FORM", "LEADIN", "EMAIL", "FORWARD_TO_CRM", "CONVERSATIONS", "BOT", "MEETINGS"})


def emails_of(record: Record) -> list[str]:
    """Return every address of a contact as HubSpot has it."""
    listed = ";".join(record.properties.get(name) or "" for name in EMAILS)
    return [each for each in dict.fromkeys(part.strip() for part in listed.split(";")) if each]


def addresses_of(record: Record) -> Addresses:
    """Return what a contact can be known again by."""
    return Addresses.of(emails_of(record), (record.properties.get(name) for name in PHONES))


def ids_of(record: Record) -> list[str]:
    """Return the contact's id and those that were merged into it."""
    merged = (record.properties.get("hs_merged_object_ids") or "").split(";")
    return [record.id, *(each.strip() for each in merged if each.strip())]


def came_themselves(record: Record) -> bool:
    """Tell whether the person made this record by writing, booking or sending a form; unknown is no."""
    return record.properties.get("hs_object_source") in BY_THEMSELVES


def says_no(record: Record) -> bool:
    """Tell whether anything on the contact says no, or once did."""
    shown = record.properties
    return bool(shown.get(NO_CONTACT) or shown.get(OPT_OUT) == "true" or shown.get(MARK[0]) or opted_out_types(record))


def opted_out_types(record: Record) -> list[str]:
    """Return the subscription types the contact left, as far as their properties were read."""
    left = [name for name, value in record.properties.items() if name.startswith(f"{OPT_OUT}_") and value == "true"]
    return sorted(name.removeprefix(f"{OPT_OUT}_") for name in left)
