"""The object types of the account: their names, type ids and what a bare read returns."""

from dataclasses import dataclass

from crm_gdpr.emulator.errors import UnknownKind

_ACTIVITY = ("hs_createdate", "hs_lastmodifieddate", "hs_object_id")


@dataclass(frozen=True)
class Kind:
    """One object type. ``name`` is HubSpot's plural, used everywhere inside the emulator."""

    name: str
    singular: str
    type_id: str
    defaults: tuple[str, ...] = _ACTIVITY
    required: tuple[str, ...] = ()
    searched: tuple[str, ...] = ()

    @property
    def is_activity(self) -> bool:
        return self.defaults is _ACTIVITY

    @property
    def created(self) -> str:
        return "hs_createdate" if self.is_activity else "createdate"

    @property
    def modified(self) -> str:
        return "lastmodifieddate" if self.name == "contacts" else "hs_lastmodifieddate"


CONTACTS = Kind(
    "contacts",
    "contact",
    "0-1",
    defaults=("createdate", "email", "firstname", "hs_object_id", "lastmodifieddate", "lastname"),
    searched=("firstname", "lastname", "email", "phone", "hs_additional_emails", "mobilephone", "company"),
)
COMPANIES = Kind(
    "companies",
    "company",
    "0-2",
    defaults=("createdate", "domain", "hs_lastmodifieddate", "hs_object_id", "name"),
    searched=("name", "domain", "phone", "website"),
)
DEALS = Kind(
    "deals",
    "deal",
    "0-3",
    defaults=(
        *("amount", "closedate", "createdate", "dealname", "dealstage"),
        *("hs_lastmodifieddate", "hs_object_id", "pipeline"),
    ),
    searched=("dealname", "pipeline", "dealstage", "description"),
)
TICKETS = Kind(
    "tickets",
    "ticket",
    "0-5",
    defaults=(
        *("content", "createdate", "hs_lastmodifieddate", "hs_object_id", "hs_pipeline"),
        *("hs_pipeline_stage", "hs_ticket_category", "hs_ticket_priority", "subject"),
    ),
    required=("hs_pipeline_stage",),
    searched=("subject", "content"),
)
ACTIVITIES = (
    Kind("calls", "call", "0-48", required=("hs_timestamp",), searched=("hs_call_title", "hs_call_body")),
    Kind("communications", "communication", "0-18", required=("hs_timestamp", "hs_communication_channel_type")),
    Kind("emails", "email", "0-49", required=("hs_timestamp", "hs_email_direction"), searched=("hs_email_subject",)),
    Kind("meetings", "meeting", "0-47", required=("hs_timestamp",), searched=("hs_meeting_title",)),
    Kind("notes", "note", "0-46", required=("hs_timestamp",), searched=("hs_note_body",)),
    Kind("tasks", "task", "0-27", required=("hs_timestamp",), searched=("hs_task_subject", "hs_task_body")),
)
KINDS: dict[str, Kind] = {kind.name: kind for kind in (CONTACTS, COMPANIES, DEALS, TICKETS, *ACTIVITIES)}
_ALIASES = {alias: kind for kind in KINDS.values() for alias in (kind.name, kind.singular, kind.type_id)}


def kind_of(alias: str) -> Kind:
    """Accept what HubSpot accepts: contacts, contact, CONTACT, 0-1."""
    kind = _ALIASES.get(alias.lower())
    if kind is None:
        raise UnknownKind(alias)
    return kind
