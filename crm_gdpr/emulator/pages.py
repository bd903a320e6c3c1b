"""The CRM's pages under /app/, where people work: lists and records. What they do is in ``forms.py``.

Plain HTML in Swedish and English, no script, nothing loaded from elsewhere; the account is read through its methods.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from crm_gdpr.emulator.account import Owner
from crm_gdpr.emulator.kinds import KINDS
from crm_gdpr.emulator.naming import OWNER, fields
from crm_gdpr.emulator.portal import Portal
from crm_gdpr.emulator.records import Record
from crm_gdpr.emulator.search import Query, search

PAGE = 50
_SHOWN_OF_BIN = 500
_MOST_PAGES = 200  # as far as a search reaches
DATA_PROTECTION_GROUP = "crm_gdpr"
_TITLES = {
    "emails": "hs_email_subject",
    "calls": "hs_call_title",
    "meetings": "hs_meeting_title",
    "notes": "hs_note_body",
    "tasks": "hs_task_subject",
    "communications": "hs_communication_body",
    "postal_mail": "hs_postal_mail_body",
}
_OUTCOMES = {
    "emails": "hs_email_direction",
    "calls": "hs_call_disposition",
    "meetings": "hs_meeting_outcome",
    "tasks": "hs_task_status",
    "communications": "hs_communication_channel_type",
}


@dataclass(frozen=True)
class Line:
    """One activity on a timeline."""

    kind: str
    at: str
    title: str
    outcome: str
    id: int


class Pages:
    """The pages that only show."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal

    def rules(self) -> dict[str, Callable[..., str | Response]]:
        return {
            "/": self.home,
            "/contacts": self.contacts,
            "/contacts/new": self.new_contact,
            "/contacts/<id_>": self.contact,
            "/companies": self.companies,
            "/companies/<id_>": self.company,
            "/tickets": self.tickets,
            "/tickets/new": self.new_ticket,
            "/tickets/<id_>": self.ticket,
            "/import": self.new_import,
            "/bin": self.bin,
        }

    def home(self) -> Response:
        return redirect("/app/contacts")

    def contacts(self) -> str:
        return self._list("contacts", "contacts.html")

    def companies(self) -> str:
        return self._list("companies", "companies.html")

    def tickets(self) -> str:
        return self._list("tickets", "tickets.html", stages=self._stages("tickets"))

    def contact(self, id_: str) -> str:
        record = self.portal.find("contacts", id_)
        return render_template(
            "contact.html",
            record=record,
            card=self._properties(record, DATA_PROTECTION_GROUP),
            properties=self._properties(record),
            timeline=self.timeline(record),
            companies=self.neighbours(record, "companies"),
            deals=self.neighbours(record, "deals"),
            tickets=self.neighbours(record, "tickets"),
            subscriptions=self._subscriptions(record),
            lists=self.portal.lists_of("contacts", record.id),
            dispositions=self._options("calls", "hs_call_disposition"),
            outcomes=self._options("meetings", "hs_meeting_outcome"),
            **self._change(record),
        )

    def company(self, id_: str) -> str:
        record = self.portal.find("companies", id_)
        return render_template(
            "company.html",
            record=record,
            card=self._properties(record, DATA_PROTECTION_GROUP),
            properties=self._properties(record),
            timeline=self.timeline(record),
            people=self.neighbours(record, "contacts"),
            deals=self.neighbours(record, "deals"),
            tickets=self.neighbours(record, "tickets"),
            **self._change(record),
        )

    def ticket(self, id_: str) -> str:
        record = self.portal.find("tickets", id_)
        return render_template(
            "ticket.html",
            record=record,
            properties=self._properties(record),
            people=self.neighbours(record, "contacts"),
            timeline=self.timeline(record),
            stages=self._stages("tickets"),
        )

    def bin(self) -> str:
        binned = [record for shelf in self.portal.bin.values() for record in shelf]
        binned.sort(key=lambda record: record.archived_ms or 0, reverse=True)
        days = self.portal.switches.bin_days
        return render_template("bin.html", records=binned[:_SHOWN_OF_BIN], total=len(binned), days=days)

    def new_contact(self) -> str:
        return render_template("new_contact.html", fields=fields("contacts"), owners=self._owners(), owner="")

    def new_ticket(self) -> str:
        return render_template("new_ticket.html")

    def new_import(self) -> str:
        return render_template("import.html", told=request.args)

    def timeline(self, record: Record) -> list[Line]:
        """Every activity, newest first."""
        activities = [a for kind in _TITLES for a in self.neighbours(record, kind)]
        lines = [self._line(activity) for activity in activities]
        return sorted(lines, key=lambda line: line.at, reverse=True)

    def neighbours(self, record: Record, kind: str) -> list[Record]:
        linked = self.portal.associated(record, kind)
        return [found for id_ in linked if (found := self.portal.live[kind].get(id_))]

    def _list(self, kind: str, template: str, **more: Any) -> str:
        words, page = request.args.get("q", ""), min(max(1, request.args.get("page", 1, type=int)), _MOST_PAGES)
        query = Query(text=words, after=(page - 1) * PAGE, limit=PAGE, sort=KINDS[kind].created, descending=True)
        found = search(self.portal, kind, query)
        rows = [record for record, _values in found.page]
        pages = min(max(1, -(-found.total // PAGE)), _MOST_PAGES)
        return render_template(template, rows=rows, total=found.total, q=words, page=page, pages=pages, **more)

    def _line(self, record: Record) -> Line:
        read = record.properties.get
        outcome = read(_OUTCOMES.get(record.kind, ""), "")
        labels = dict(self._options(record.kind, _OUTCOMES[record.kind])) if record.kind in _OUTCOMES else {}
        title = read(_TITLES[record.kind], "")
        return Line(record.kind, read("hs_timestamp", ""), title, labels.get(outcome, outcome), record.id)

    def _subscriptions(self, record: Record) -> list[tuple[int, str, str]]:
        """Id, name and state of each type of mail, for the address of the contact."""
        known, email = self.portal.preferences, record.properties.get("email", "")
        return [(one.id, one.name, known.choice(email, one).state) for one in known.types.values()] if email else []

    def _change(self, record: Record) -> dict[str, Any]:
        """What the forms that change a record offer."""
        return {
            "fields": fields(record.kind, record),
            "owners": self._owners(),
            "owner": record.properties.get(OWNER, ""),
            "stages": self._options(record.kind, "lifecyclestage"),
            "editable": self._editable(record.kind),
        }

    def _owners(self) -> list[Owner]:
        return [owner for owner in self.portal.owners.values() if not owner.archived]

    def _options(self, kind: str, name: str) -> list[tuple[str, str]]:
        return [(option.value, option.label) for option in self.portal.catalogue(kind).get(name).options]

    def _stages(self, kind: str) -> list[tuple[str, str]]:
        return [(stage.id, stage.label) for pipeline in self.portal.pipelines_of(kind) for stage in pipeline.stages]

    def _editable(self, kind: str) -> list[str]:
        known = self.portal.catalogue(kind).properties.values()
        return sorted(prop.name for prop in known if not prop.read_only and not prop.archived)

    def _properties(self, record: Record, group: str | None = None) -> list[tuple[str, str, str]]:
        """Label, name and value: of one group, or of all but the data protection card."""
        catalogue = self.portal.catalogue(record.kind).properties
        return [
            (catalogue[name].label, name, value)
            for name, value in sorted(record.properties.items())
            if (catalogue[name].group == DATA_PROTECTION_GROUP) is (group is not None)
        ]
