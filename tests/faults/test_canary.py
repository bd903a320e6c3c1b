"""A canary string in many places of one person's data: after the bin has run out a scan of everything finds none."""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict

import pytest

from crm_gdpr.addons.dialogue.reconcile import reconcile
from crm_gdpr.addons.erasure.handlers import follow_up, request_erasure
from crm_gdpr.jobs.queue import connect
from tests.addons.nights import carry_out, in_bin, let_pass, silent, uncapped
from tests.events import event

CANARY = "Zebrafink"
ADDRESS = f"{CANARY.lower()}@example.com"
SECOND = f"anna.{CANARY.lower()}@example.se"
SAID = f"Anna {CANARY} sade att {ADDRESS} gäller"
HEADERS = json.dumps(
    {"from": {"email": ADDRESS, "firstName": "Anna", "lastName": CANARY}, "to": [{"email": "b@example.se"}]}
)
TOLD = {
    "note": ("hs_note_body",),
    "call": ("hs_call_title", "hs_call_body"),
    "meeting": ("hs_meeting_title", "hs_meeting_body", "hs_internal_meeting_notes", "hs_meeting_location"),
    "task": ("hs_task_subject", "hs_task_body"),
    "communication": ("hs_communication_body",),
    "email": ("hs_email_subject", "hs_email_text", "hs_email_html"),
}
PLURAL = {"note": "notes", "call": "calls", "meeting": "meetings", "task": "tasks", "communication": "communications",
          "email": "emails"}  # fmt: skip


class World:
    """A person whose name stands everywhere, a colleague, and somebody with nothing to do with them."""

    def __init__(self, portal):
        self.portal = portal
        self.person = silent(
            portal, ADDRESS, firstname="Anna", lastname=CANARY, phone="+46701234567",
            jobtitle=f"{CANARY} chef", gdpr_source_evidence=f"https://example.se/{CANARY}",
            gdpr_attested_reason=f"{CANARY} ringde",
        )  # fmt: skip
        portal.edit("contacts", self.person, lastname=f"{CANARY}-Ny")  # the old one stays in the history
        portal.edit("contacts", self.person, lastname=CANARY)
        self.colleague = portal.add_contact(
            email="b@example.se", firstname="Anna", lastname="Berg", gdpr_source="website"
        )
        self.firm = portal.add_company(name="Exempel AB")
        for who in (self.person, self.colleague):
            portal.link(("contacts", who), ("companies", self.firm))
        self.own = [self._log(kind, [self.person]) for kind in TOLD]
        self.shared = [self._log(kind, [self.person, self.colleague]) for kind in TOLD]
        self.mention = self._log("note", [self.colleague])
        self.silent_on_company = portal.log("note", companies=[self.firm], hs_note_body=f"Fråga {ADDRESS} igen")
        portal.add_ticket(contacts=[self.person], subject=SAID, content=SAID, hs_pipeline_stage="4")
        now = portal.clock.now()
        portal.clock.set("2023-02-01T10:00:00Z")
        self._elsewhere_in_hubspot()
        portal.clock.set(now)
        portal.archive("contacts", portal.add_contact(email=SECOND, firstname="Anna", lastname=CANARY))
        portal.edit("contacts", self.person, hs_additional_emails=SECOND)
        self.elsewhere = portal.log("note", contacts=[self.colleague], hs_note_body="Anna Berg vill ha offert")

    def _elsewhere_in_hubspot(self):
        """Chats, files, letters, deals, a record of the account's own kind, a form, a twin, a name of before."""
        portal, person, colleague = self.portal, self.person, self.colleague
        portal.submit_form(portal.add_form(), {"email": ADDRESS, "firstname": "Anna", "message": SAID})
        self.file = portal.add_file(f"{CANARY}.pdf", CANARY.encode())
        self.brochure = portal.add_file("brochure.pdf", b"ours")
        portal.log("note", [person], hs_note_body=SAID, hs_attachment_ids=f"{self.file};{self.brochure}")
        self.stranger = portal.log("note", [], hs_note_body="se bilagan", hs_attachment_ids=self.brochure)
        portal.write_in(ADDRESS, SAID, to="")
        portal.write_in(ADDRESS, SAID, subject=SAID)
        for ticket in portal.live["tickets"]:
            portal.edit("tickets", str(ticket.id), hs_pipeline_stage="4")
        portal.log("postal_mail", [person], hs_postal_mail_body=SAID)
        deal = portal.add_deal(contacts=[person], companies=[self.firm], dealname="Avslag", dealstage="closedlost")
        note = portal.log("note", [colleague], hs_note_body=f"{CANARY}s affär: &Aring;, A. {CANARY} tackade nej")
        portal.link(("notes", note), ("deals", deal))
        self.call = portal.log(
            "call", [person, colleague], hs_call_to_number="0701234567", hs_call_body=f"Anna {CANARY}-Ny ringde"
        )

    def _log(self, kind, contacts):
        texts = dict.fromkeys(TOLD[kind], SAID)
        more = {"hs_email_headers": HEADERS} if kind == "email" else {}
        return self.portal.log(kind, contacts=contacts, companies=[self.firm], hs_timestamp="2023-02-01T10:00:00Z",
                               **texts, **more)  # fmt: skip

    def places(self):
        """Every value, past or present, of every record that still bears the canary."""
        found = []
        for where in (self.portal.live, self.portal.bin):
            for kind, shelf in where.items():
                for record in shelf:
                    values = [
                        record.properties,
                        *(asdict(v) for name in record.properties for v in record.history(name)),
                    ]
                    found += [(kind, str(record.id)) for value in values if _bears(value)]
        return found

    def anywhere(self):
        """Tell whether any byte of the whole account bears the canary; HubSpot's own block list, which is not read or
        written by any API, aside."""
        self.portal.blocklist.clear()
        return CANARY.lower().encode() in self.portal.snapshot().lower()

    def others(self):
        """Every live record that says nothing of the person."""
        theirs = {*self.places(), ("contacts", self.person)}
        return {(kind, str(record.id)) for kind, shelf in self.portal.live.items() for record in shelf} - theirs

    def values(self, refs):
        """What people wrote on these records: not what HubSpot calculates, nor what we compute every night."""
        return {(kind, id_): self._written(kind, self.portal.record(kind, int(id_)).properties) for kind, id_ in refs}

    def _written(self, kind, properties):
        defined = self.portal.catalogue(kind).properties
        ours = {name for name in properties if name.startswith("gdpr_")}
        return {name: v for name, v in properties.items() if name not in ours and not defined[name].read_only}


def _bears(value):
    return CANARY.lower() in json.dumps(value, ensure_ascii=False, default=str).lower()


@pytest.fixture
def world(portal, env):
    return World(portal)


def stored(env):
    """Everything our own store, queue and files hold, as text."""
    with env.store.database.read() as connection:
        tables = [name for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type='table'")]
        rows = [str(row) for table in tables for row in connection.exec_driver_sql(f"SELECT * FROM {table}")]  # noqa: S608 - our own names
    return "\n".join([*rows, env.settings.journal.read_text()])


def queued(env):
    """Every key of the queue and its value, unpacked where RQ packs it."""
    redis = connect(env.settings.redis_url)
    values = [value for key in redis.scan_iter() if redis.type(key) == b"hash" for value in redis.hvals(key)]
    return "\n".join((zlib.decompress(value) if value.startswith(b"x\x9c") else value).decode() for value in values)


def pass_bin(env, portal):
    for _ in range(32):
        let_pass(env, portal, 3)
        follow_up(env)


def test_on_request_no_trace_is_left_once_the_bin_has_emptied(portal, env, world, caplog, deliver, work):
    deliver(event(portal, "contact.propertyChange", world.person, propertyName="lastname", propertyValue=CANARY))
    assert not _bears(queued(env))
    work()
    assert len(world.places()) >= 25
    others = world.others()
    before = world.values(others)
    assert len(others) >= 5
    reconcile(env, full=True)
    assert request_erasure(env, world.person, by="kim").verdict == "erase"
    carry_out(env)
    case = env.store.cases.of(world.person)
    waits = {tuple(ref.split("/")) for ref in case.frozen["waits"] if not ref.startswith("threads/")}
    assert set(world.places()) == waits, "what waits in the bin is named"
    assert case.frozen["left"] == [f"files/{world.brochure}"], "a person must tell whether it names anybody"
    assert world.values(others) == before, "every other record is as it was"
    for original in world.shared:
        assert portal.is_archived(original)
    for kind in TOLD:
        copies = [record for record in portal.live[PLURAL[kind]] if "[raderad]" in str(record.properties)]
        theirs = [copy for copy in copies if int(world.colleague) in portal.associated(copy, "contacts")]
        assert theirs, f"the colleague's part of the {kind} is kept"
        assert any("[raderad] sade att [raderad] gäller" in str(copy.properties) for copy in theirs)
    assert portal.files.live() == [portal.files.get(world.brochure)], "a file that others carry stays"
    assert portal.value("notes", world.stranger, "hs_attachment_ids") == world.brochure
    assert "070" not in str([call.properties for call in portal.live["calls"]])
    pass_bin(env, portal)
    assert world.places() == []
    assert not world.anywhere()
    assert not _bears(stored(env) + queued(env))
    assert not _bears(caplog.text)
    assert env.store.ledger.verify().holds


def test_who_timed_out_leaves_no_trace_either(portal, env, world):
    env = uncapped(env)
    in_bin(env, portal)
    carry_out(env)
    pass_bin(env, portal)
    assert world.places() == []
    (form,) = portal.form_book.forms
    left = env.store.cases.of(world.person).frozen["left"]
    assert f"files/{world.brochure}" in left
    assert [r.rpartition("/")[0] for r in left if r.startswith("forms/")] == [f"forms/{form}"], "no API removes it"
    portal.form_book.submissions.clear()  # as the officer is asked to
    assert not world.anywhere()
    assert not _bears(stored(env))
