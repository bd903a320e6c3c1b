"""What people do in the CRM's pages: every form, its address and its fields.

Answers send the browser on to the record (``Location`` ends in its id). A script may post the same by plain HTTP.

======================================  =====================================================================
POST /app/contacts                      email firstname lastname company jobtitle phone evidence hubspot_owner_id
POST /app/contacts/<id>/edit            the same but for evidence; what is left out stays (also for companies)
POST /app/contacts/<id>/properties      name value (also for companies)
POST /app/contacts/<id>/lifecycle       lifecyclestage (also for companies)
POST /app/contacts/<id>/log             kind (email-in email-out call meeting note message task) subject text
                                        disposition outcome at
POST /app/contacts/<id>/subscription    type (an id, or all) state (SUBSCRIBED, UNSUBSCRIBED): the person's own choice
POST /app/contacts/<id>/archive         into the recycle bin (also for companies and tickets)
POST /app/contacts/<id>/delete          permanently
POST /app/tickets                       from subject body: a mail to support; an unknown sender becomes a contact
POST /app/tickets/<id>/stage            hs_pipeline_stage
POST /app/import                        name csv: first line names properties; known addresses are updated
POST /app/bin/<kind>/<id>/restore
POST /app/clock                         days
======================================  =====================================================================
"""

import csv
import io
import json
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from flask import redirect, request
from werkzeug.wrappers import Response

from crm_gdpr.emulator.actor import SALES, Actor, imported, mail
from crm_gdpr.emulator.errors import Malformed, NotFound, Refusal
from crm_gdpr.emulator.naming import field_names
from crm_gdpr.emulator.portal import Portal
from crm_gdpr.emulator.preferences import Choice
from crm_gdpr.emulator.records import Record

SUPPORT = "support@example.com"


class Forms:
    """Each method is one form; the person is always somebody in sales or support."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal

    def rules(self) -> dict[str, Callable[..., Response]]:
        both, all_three = "<any(contacts,companies):kind>", "<any(contacts,companies,tickets):kind>"
        return {
            "/contacts": self.add_contact,
            f"/{both}/<id_>/edit": self.edit,
            f"/{both}/<id_>/properties": self.set_property,
            f"/{both}/<id_>/lifecycle": self.lifecycle,
            "/contacts/<id_>/log": self.log,
            "/contacts/<id_>/subscription": self.subscription,
            f"/{all_three}/<id_>/archive": self.archive,
            "/contacts/<id_>/delete": self.delete,
            "/tickets": self.mail_in,
            "/tickets/<id_>/stage": self.stage,
            "/import": self.import_csv,
            "/bin/<kind>/<id_>/restore": self.restore,
            "/clock": self.move_clock,
        }

    def add_contact(self) -> Response:
        given = {name: request.form[name] for name in field_names("contacts") if request.form.get(name)}
        given["email"] = _field("email")
        actor = Actor(SALES.source, SALES.id, request.form.get("evidence", ""))
        return _to("contacts", self.portal.create("contacts", given, actor=actor))

    def edit(self, kind: str, id_: str) -> Response:
        """What stands in the form and is other than before."""
        record = self.portal.find(kind, id_)
        given = {name: request.form[name].strip() for name in field_names(kind) if name in request.form}
        changed = {name: value for name, value in given.items() if value != record.properties.get(name, "")}
        self.portal.update(kind, record.id, changed, actor=SALES)
        return _to(kind, record)

    def set_property(self, kind: str, id_: str) -> Response:
        record = self.portal.find(kind, id_)
        values = {_field("name"): request.form.get("value", "")}
        self.portal.update(kind, record.id, values, actor=SALES)
        return _to(kind, record)

    def lifecycle(self, kind: str, id_: str) -> Response:
        record = self.portal.find(kind, id_)
        self.portal.update(kind, record.id, {"lifecyclestage": _field("lifecyclestage")}, actor=SALES)
        return _to(kind, record)

    def log(self, id_: str) -> Response:
        """An activity with the contact and, as the CRM does by itself, with its company."""
        record = self.portal.find("contacts", id_)
        kind, values = _activity(request.form, record.properties.get("email", ""))
        company = self.portal.primary_company(("contacts", record.id))
        at = request.form.get("at") or self.portal.clock.now()
        self.portal.log(kind, [id_], [str(company)] if company else [], **{"hs_timestamp": at, **values})
        return _to("contacts", record)

    def subscription(self, id_: str) -> Response:
        """What the person would click in a mail of ours."""
        record, type_ = self.portal.find("contacts", id_), _field("type")
        email = record.properties.get("email", "")
        if type_ == "all":
            self.portal.unsubscribe_all(email)
        else:
            self.portal.choose(email, _number(type_), Choice(_field("state")))
        return _to("contacts", record)

    def archive(self, kind: str, id_: str) -> Response:
        self.portal.archive(kind, self.portal.find(kind, id_).id)
        return redirect("/app/bin", 303)

    def delete(self, id_: str) -> Response:
        self.portal.purge(id_)
        return redirect("/app/contacts", 303)

    def mail_in(self) -> Response:
        sender = _field("from").strip().lower()
        person = self._sender(sender)
        company = self.portal.primary_company(("contacts", person.id))
        values = {
            "subject": _field("subject"),
            "content": request.form.get("body", ""),
            "hs_pipeline_stage": "1",
            "source_type": "EMAIL",
        }
        targets = [("contacts", person.id, None), *([("companies", company, None)] if company else [])]
        return _to("tickets", self.portal.create("tickets", values, actor=mail(SUPPORT), targets=targets))

    def stage(self, id_: str) -> Response:
        record = self.portal.find("tickets", id_)
        self.portal.update("tickets", record.id, {"hs_pipeline_stage": _field("hs_pipeline_stage")}, actor=SALES)
        return _to("tickets", record)

    def import_csv(self) -> Response:
        """Row by row; what is refused is counted and told."""
        import_id = self.portal.clock.now_ms() % 10**8
        actor = imported(str(import_id), request.form.get("name", ""))
        told = {"created": 0, "updated": 0, "refused": 0}
        for row in csv.DictReader(io.StringIO(_field("csv").strip())):
            told[self._import_row(row, actor)] += 1
        return redirect(f"/app/import?{urlencode(told)}", 303)

    def restore(self, kind: str, id_: str) -> Response:
        name = self.portal.kinds.of(kind).name
        record = self.portal.restore(name, _number(id_))
        return _to(name, record) if name in _SHOWN else redirect("/app/bin", 303)

    def move_clock(self) -> Response:
        self.portal.advance(days=_number(_field("days")))
        return redirect(request.headers.get("Referer") or "/app/contacts", 303)

    def _sender(self, email: str) -> Record:
        try:
            return self.portal.find("contacts", email, "email")
        except NotFound:
            return self.portal.create("contacts", {"email": email}, actor=mail(SUPPORT))

    def _import_row(self, row: Mapping[str, str], actor: Actor) -> str:
        values = {name: value for name, value in row.items() if name and value}
        try:
            known = self.portal.find("contacts", values.get("email", ""), "email")
        except NotFound:
            known = None
        try:
            if known is None:
                self.portal.create("contacts", values, actor=actor)
                return "created"
            self.portal.update("contacts", known.id, values, actor=actor)
        except Refusal:
            return "refused"
        return "updated"


_SHOWN = ("contacts", "companies", "tickets")


def _to(kind: str, record: Record) -> Response:
    return redirect(f"/app/{kind}/{record.id}", 303)


def _field(name: str) -> str:
    value = request.form.get(name)
    if not value:
        raise Malformed(f"{name} is missing")
    return value


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise Malformed(f"{text} is not a number")
    return int(text)


def _activity(form: Mapping[str, str], address: str) -> tuple[str, dict[str, str]]:
    """Object type and properties of what was logged."""
    subject, text = form.get("subject", ""), form.get("text", "")
    ours, theirs = _mail_headers(SUPPORT, address), _mail_headers(address, SUPPORT)
    written = {"hs_email_subject": subject, "hs_email_text": text, "hs_email_status": "SENT"}
    drafts: dict[str, tuple[str, dict[str, str]]] = {
        "email-in": ("emails", {"hs_email_direction": "INCOMING_EMAIL", **written, **theirs}),
        "email-out": ("emails", {"hs_email_direction": "EMAIL", **written, **ours}),
        "call": ("calls", {"hs_call_title": subject, "hs_call_body": text, "hs_call_direction": "OUTBOUND"}),
        "meeting": ("meetings", {"hs_meeting_title": subject, "hs_meeting_body": text}),
        "note": ("notes", {"hs_note_body": text or subject}),
        "message": ("communications", {"hs_communication_body": text or subject}),
        "task": ("tasks", {"hs_task_subject": subject, "hs_task_body": text}),
    }
    kind, values = drafts.get(form.get("kind", "")) or _unknown(form.get("kind", ""), drafts)
    outcome = {"calls": "disposition", "meetings": "outcome"}.get(kind, "")
    name = {"calls": "hs_call_disposition", "meetings": "hs_meeting_outcome"}.get(kind)
    return kind, {**values, **({name: form[outcome]} if name and form.get(outcome) else {})}


def _mail_headers(sender: str, receiver: str) -> dict[str, str]:
    return {"hs_email_headers": json.dumps({"from": {"email": sender}, "to": [{"email": receiver}]})}


def _unknown(kind: str, drafts: Mapping[str, object]) -> tuple[str, dict[str, str]]:
    raise Malformed(f"kind is one of {', '.join(drafts)}, not {kind!r}")
