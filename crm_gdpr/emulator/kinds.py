"""The object types of the account, by any of their names."""

from crm_gdpr.emulator.errors import NotEmulated, UnknownKind
from crm_gdpr.emulator.further_kinds import ELSEWHERE, FURTHER
from crm_gdpr.emulator.kind import Kind

CONTACTS = Kind(
    "contacts",
    "contact",
    "0-1",
    defaults=("createdate", "email", "firstname", "hs_object_id", "lastmodifieddate", "lastname"),
    searched=(
        *("firstname", "lastname", "email", "phone", "hs_additional_emails", "fax", "mobilephone", "company"),
        "hs_marketable_until_renewal",
    ),
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
    required=("subject", "hs_pipeline_stage"),
    searched=("subject", "content"),
)


def _activity(name: str, singular: str, type_id: str, *searched: str, needs: tuple[str, ...] = ()) -> Kind:
    return Kind(name, singular, type_id, required=("hs_timestamp", *needs), searched=searched, is_activity=True)


ACTIVITIES = (
    _activity("calls", "call", "0-48", "hs_call_title", "hs_call_body"),
    _activity("communications", "communication", "0-18", needs=("hs_communication_channel_type",)),
    _activity("emails", "email", "0-49", "hs_email_subject", needs=("hs_email_direction",)),
    _activity("meetings", "meeting", "0-47", "hs_meeting_title"),
    _activity("notes", "note", "0-46", "hs_note_body"),
    _activity("postal_mail", "postal_mail", "0-116", "hs_postal_mail_body"),
    _activity("tasks", "task", "0-27", "hs_task_subject", "hs_task_body"),
)
KINDS: dict[str, Kind] = {kind.name: kind for kind in (CONTACTS, COMPANIES, DEALS, TICKETS, *ACTIVITIES, *FURTHER)}


class Kinds(dict[str, Kind]):
    """The object types of one account, by name: HubSpot's own, and those it defines itself."""

    def __init__(self) -> None:
        super().__init__()
        self._aliases: dict[str, str] = {}
        for kind in KINDS.values():
            self.add(kind)

    def add(self, kind: Kind) -> None:
        self[kind.name] = kind
        self._aliases |= dict.fromkeys(kind.aliases, kind.name)

    def drop(self, kind: Kind) -> None:
        del self[kind.name]
        for alias in kind.aliases:
            del self._aliases[alias]

    def of(self, alias: str) -> Kind:
        """Accept what HubSpot accepts: contacts, contact, CONTACT, 0-1, and for its own types the short name, too."""
        name = self._aliases.get(alias.lower())
        if name is None:
            raise (NotEmulated if alias.lower() in ELSEWHERE else UnknownKind)(alias)
        return self[name]


_OWN = Kinds()


def kind_of(alias: str) -> Kind:
    """One of HubSpot's own object types, by any of its names."""
    return _OWN.of(alias)
