"""The kinds of record there are around a person, and how each is told.

HubSpot's own kinds stand here; those an account has made itself are asked for.  A kind that the account does not have
is no kind; one that we may not read is named as not read.
"""

from __future__ import annotations

from dataclasses import dataclass

from crm_gdpr.policy import Text


@dataclass(frozen=True)
class Kind:
    """One kind of record: its title, the properties that date and title it, and those to be shown first."""

    name: str
    title: Text
    dated: str = "createdate"
    first: tuple[str, ...] = ()
    category: str = "correspondence"
    exchanged: bool = False  # between the person and us, so that they know who wrote


SURE = (
    Kind(
        "emails",
        Text(sv="E-post", en="E-mail"),
        "hs_timestamp",
        ("hs_email_direction", "hs_email_status", "hs_email_subject", "hs_email_text", "hs_email_html"),
        exchanged=True,
    ),
    Kind(
        "calls",
        Text(sv="Samtal", en="Calls"),
        "hs_timestamp",
        ("hs_call_direction", "hs_call_disposition", "hs_call_duration", "hs_call_title", "hs_call_body"),
    ),
    Kind(
        "meetings",
        Text(sv="Möten", en="Meetings"),
        "hs_meeting_start_time",
        ("hs_meeting_outcome", "hs_meeting_title", "hs_meeting_body", "hs_internal_meeting_notes"),
    ),
    Kind(
        "communications",
        Text(sv="Meddelanden", en="Messages"),
        "hs_timestamp",
        ("hs_communication_channel_type", "hs_communication_body"),
        exchanged=True,
    ),
    Kind("notes", Text(sv="Anteckningar", en="Notes"), "hs_timestamp", ("hs_note_body",)),
    Kind(
        "tasks",
        Text(sv="Att göra om dig", en="To-dos about you"),
        "hs_timestamp",
        ("hs_task_status", "hs_task_type", "hs_task_subject", "hs_task_body"),
    ),
    Kind(
        "tickets",
        Text(sv="Ärenden", en="Tickets"),
        first=("hs_pipeline_stage", "subject", "content", "hs_resolution"),
    ),
    Kind(
        "deals",
        Text(sv="Affärer du har del i", en="Deals you have a part in"),
        first=("dealname", "dealstage", "closedate", "description"),
    ),
    Kind(
        "companies",
        Text(sv="Organisationer du företräder", en="Organisations you represent"),
        first=("name", "domain"),
        category="contact_details",
    ),
)
# Kinds that an account may or may not have.
PERHAPS = (
    Kind("postal_mail", Text(sv="Brev", en="Letters"), "hs_timestamp", ("hs_postal_mail_body",), exchanged=True),
    Kind("leads", Text(sv="Leads", en="Leads"), "hs_createdate"),
    Kind("feedback_submissions", Text(sv="Enkätsvar", en="Survey answers"), "hs_createdate", exchanged=True),
    Kind("quotes", Text(sv="Offerter", en="Quotes"), "hs_createdate"),
    Kind("orders", Text(sv="Beställningar", en="Orders"), "hs_createdate"),
    Kind("invoices", Text(sv="Fakturor", en="Invoices"), "hs_createdate"),
    Kind("subscriptions", Text(sv="Abonnemang", en="Subscriptions"), "hs_createdate"),
    Kind("carts", Text(sv="Varukorgar", en="Carts"), "hs_createdate"),
    Kind("commerce_payments", Text(sv="Betalningar", en="Payments"), "hs_createdate"),
    Kind("appointments", Text(sv="Bokningar", en="Appointments"), "hs_createdate"),
    Kind("services", Text(sv="Tjänster", en="Services"), "hs_createdate"),
    Kind("courses", Text(sv="Kurser", en="Courses"), "hs_createdate"),
    Kind("listings", Text(sv="Objekt", en="Listings"), "hs_createdate"),
)


def made_here(name: str, label: str) -> Kind:
    """A kind that the account has made itself, called what the account calls it."""
    return Kind(name, Text(sv=label, en=label), "hs_createdate")
