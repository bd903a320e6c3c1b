"""Everything HubSpot holds about a person, read afresh by id: properties, engagements, companies, deals, tickets.

Who else took part in a mail or a meeting (addresses in headers) is not read at all; texts are read whole, and a person
looks through them before release.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crm_gdpr.addons.access.meaning import Meaning, moment, same
from crm_gdpr.addons.access.model import Part, Row
from crm_gdpr.policy import Text

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.sync import HubSpot, Record

THIRD_PARTIES = "participants"  # reason code: addresses of other people in headers (Art. 15(4))
UNREAD = "not_read"  # reason code: associated a moment ago, not there when read


@dataclass(frozen=True)
class Kind:
    """One kind of record around a person: what to read of it, and which property dates it."""

    name: str
    title: Text
    dated: str
    properties: tuple[str, ...]
    category: str = "correspondence"
    withheld: str | None = None


KINDS = (
    Kind(
        "emails",
        Text(sv="E-post", en="E-mail"),
        "hs_timestamp",
        ("hs_email_direction", "hs_email_status", "hs_email_subject", "hs_email_text", "hs_email_html"),
        withheld=THIRD_PARTIES,
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
        withheld=THIRD_PARTIES,
    ),
    Kind(
        "communications",
        Text(sv="Meddelanden", en="Messages"),
        "hs_timestamp",
        ("hs_communication_channel_type", "hs_communication_body"),
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
        "createdate",
        ("hs_pipeline_stage", "subject", "content", "hs_resolution"),
    ),
    Kind(
        "deals",
        Text(sv="Affärer du har del i", en="Deals you have a part in"),
        "createdate",
        ("dealname", "dealstage", "closedate", "description"),
    ),
    Kind(
        "companies",
        Text(sv="Organisationer du företräder", en="Organisations you represent"),
        "createdate",
        ("name", "domain"),
        category="contact_details",
    ),
)


@dataclass(frozen=True)
class Reader:
    """Reads what stands around one contact."""

    env: Env
    hubspot: HubSpot
    contact_id: str

    def contact(self, names: Iterable[str]) -> Record | None:
        """Return the contact with these properties; in a batch call, since all names would make too long an address."""
        return self._read("contacts", [self.contact_id], names).get(self.contact_id)

    def parts(self) -> list[Part]:
        """Return one part for each kind of record, empty ones too: nothing found is an answer."""
        return [self._part(kind) for kind in KINDS]

    def meaning(self, kind: str) -> Meaning:
        """Return the words for a kind's properties."""
        singular = {"contacts": "contact", "companies": "company", "deals": "deal"}.get(kind)
        ours = [p for p in self.env.registry.properties if p.object == singular]
        return Meaning(self.hubspot.properties(kind), ours, self._zone)

    def _part(self, kind: Kind) -> Part:
        ids = self.hubspot.associated("contacts", kind.name, [self.contact_id]).get(self.contact_id, ())
        if not ids:
            return Part(kind.name, kind.title, kind.category, (), 0)
        records = self._read(kind.name, ids, (kind.dated, *kind.properties))
        meaning = self.meaning(kind.name)
        rows = [self._row(kind, record, meaning) for record in sorted(records.values(), key=_dated(kind))]
        return Part(kind.name, kind.title, kind.category, tuple(rows), len(ids), _withheld(kind, ids, records))

    def _row(self, kind: Kind, record: Record, meaning: Meaning) -> Row:
        values = {name: record.properties.get(name) for name in kind.properties}
        if values.get("hs_email_text"):
            values.pop("hs_email_html")  # the same mail again, with its markup
        day = moment(record.properties.get(kind.dated) or "", self._zone)
        fields = tuple(meaning.field(name, value) for name, value in values.items() if value)
        return Row(same(" · ".join(filter(None, (day, f"{kind.name}/{record.id}")))), fields)

    def _read(self, kind: str, ids: Iterable[str], names: Iterable[str]) -> Mapping[str, Record]:
        return self.hubspot.read_many(kind, ids, tuple(names))

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.env.policy.controller.timezone)


def _dated(kind: Kind) -> Callable[[Record], tuple[str, str]]:
    return lambda record: (record.properties.get(kind.dated) or "", record.id)


def _withheld(kind: Kind, ids: Iterable[str], records: Mapping[str, Record]) -> dict[str, int]:
    """Count what is left out, by reason."""
    counts = {UNREAD: sum(1 for id_ in ids if id_ not in records)}
    if kind.withheld is not None:
        counts[kind.withheld] = len(records)
    return {reason: count for reason, count in counts.items() if count}
