"""Stories: a mail marked GDPR becomes a request, the request an answer, and the answer is collected once."""

from __future__ import annotations

import ast
import io
import json
import os
import re
import time
import zipfile
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import crm_gdpr
from crm_gdpr.addons.access import identity, jobs, rights, steps
from crm_gdpr.addons.access.conduct import ACTIONS
from crm_gdpr.addons.access.files import content_of
from crm_gdpr.addons.access.kinds import SURE
from crm_gdpr.addons.access.meaning import moment, plain
from crm_gdpr.addons.access.proposing import SHOW, proposals
from crm_gdpr.addons.access.redact import Review
from crm_gdpr.emulator import Portal
from crm_gdpr.emulator.faults import Fault
from crm_gdpr.env import Env
from crm_gdpr.policy import Right
from crm_gdpr.store.requests import Request
from crm_gdpr.sync import ENGAGEMENTS, HubSpotError
from tests.events import event


@pytest.fixture
def anna(portal: Portal) -> str:
    """Someone with a life in the CRM."""
    company = portal.add_company(name="Verkstaden AB", domain="verkstaden.example.se")
    anna = portal.add_contact(
        email="anna@verkstaden.example.se",
        firstname="Anna",
        lastname="Ek",
        lifecyclestage="lead",
        createdate="2026-02-01T09:00:00Z",
    )
    portal.link(("contacts", anna), ("companies", company))
    portal.log(
        "email",
        [anna],
        hs_email_direction="INCOMING_EMAIL",
        hs_email_subject="Fråga om rapporter",
        hs_email_text="Kan ni visa <b>rapporterna</b>?",
        hs_email_headers=json.dumps({"cc": [{"email": "canary@example.org"}]}),
    )
    portal.log("note", [anna], hs_note_body="<p>Vill ha demo &amp; pris</p>")
    portal.log("call", [anna], hs_call_disposition="f240bbac-87c9-4f6e-bf70-924b57d47db7", hs_call_title="Uppföljning")
    return anna


@pytest.fixture
def ticket(portal: Portal, anna: str) -> str:
    return portal.add_ticket(subject="Gdpr: vad har ni om mig?", content="Hej", contacts=[anna], source_type="EMAIL")


def request_of(env: Env) -> Request:
    """Return the only request there is."""
    (request,) = env.store.requests.all()
    return request


def told(portal: Portal, ticket: str, **more) -> dict:
    return event(portal, "ticket.creation", ticket, **more)


@pytest.fixture
def drafted(env: Env, anna: str, ticket: str) -> Request:
    """A request whose identity is confirmed and whose answer is drafted; how it came here is told elsewhere."""
    mail = {"received_at": env.clock.now(), "ticket_id": ticket, "ref": f"tickets/{ticket}"}
    number = steps.open_request(env, right=Right.ACCESS, received_on=env.today(), contact_id=anna, by="access", **mail)
    identity.confirm(env, request_of(env), "wrote from the address on file", by="kim")
    jobs.prepare(env, number)
    return request_of(env)


@pytest.fixture
def prepared(env: Env, drafted: Request) -> Request:
    """A request whose answer a person has read through."""
    read_through(env, drafted)
    return request_of(env)


def read_through(env: Env, request: Request, *, show: tuple[str, ...] = (), by: str = "kim") -> Review:
    """Read an answer through: hide whatever is proposed, but for what is to be shown."""
    _, draft = steps.look_at(env, request)
    hidden = {p.what: p.reason for p in proposals(draft.answer) if p.what not in show and p.advice != SHOW}
    decided = Review(hidden)
    steps.review(env, request, decided, by=by)
    return decided


def files_of(content: bytes | None) -> dict[str, str]:
    assert content is not None
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {
            name: package.read(name).decode("latin-1" if name.endswith("pdf") else "utf-8")
            for name in package.namelist()
        }


def package_files(env: Env, request: Request) -> dict[str, str]:
    package = env.store.requests.package_of(request.id)
    assert package is not None
    return files_of(content_of(env, package))


def data_of(env: Env, request: Request) -> dict:
    return json.loads(package_files(env, request)["data.json"])


def drafts(env: Env) -> list[Path]:
    return list(env.settings.files.glob("*.draft.zip"))


def released(env: Env) -> list[Path]:
    return list(env.settings.files.glob("*.package.zip"))


def path_of(link: str) -> str:
    return link.removeprefix("http://localhost")


class TestFromMailToRequest:
    def test_a_mail_marked_gdpr_opens_a_request_with_its_due_date(self, env, portal, anna, ticket, deliver, work):
        portal.edit("tickets", ticket, createdate="2026-03-05T09:00:00Z")
        deliver(told(portal, ticket))
        work()
        request = request_of(env)
        assert (request.right, request.status, request.contact_id) == ("A15", "acknowledged", anna)
        assert (request.received_on, request.due_on) == (date(2026, 3, 5), date(2026, 4, 7))
        told_of = [line.action for line in env.store.ledger.lines(subject=env.pseudonym(anna))]
        assert [action for action in told_of if action != "source.tagged"] == [
            "request.opened",
            "request.acknowledged",
        ]

    def test_the_day_is_the_controllers_day(self, env, portal, ticket, deliver, work):
        portal.edit("tickets", ticket, createdate="2026-03-04T23:30:00Z")
        deliver(told(portal, ticket))
        work()
        assert request_of(env).received_on == date(2026, 3, 5)

    @pytest.mark.parametrize("subject", ["Fakturafråga", "GDPRS handbok", ""])
    def test_any_other_mail_is_left_alone(self, env, portal, anna, subject, deliver, work):
        deliver(told(portal, portal.add_ticket(subject=subject, contacts=[anna])))
        work()
        assert env.store.requests.all() == []

    def test_a_redelivered_mail_opens_one_request(self, env, portal, ticket, deliver, work):
        deliver(told(portal, ticket))
        deliver(told(portal, ticket, occurredAt=1, attemptNumber=1))
        work()
        assert len(env.store.requests.all()) == 1
        assert sum(line.action == "request.opened" for line in env.store.ledger.lines()) == 1

    def test_a_ticket_that_is_gone_is_recorded_and_left(self, env, portal, deliver, work):
        deliver(told(portal, "999999"))
        work()
        assert env.store.requests.all() == []
        assert env.store.work.failed() == []
        assert env.store.ledger.lines()[-1].action == "ticket.gone"

    def test_several_people_on_the_ticket_leave_the_choice_to_support(self, env, portal, anna, deliver, work):
        other = portal.add_contact(email="bo@verkstaden.example.se")
        deliver(told(portal, portal.add_ticket(subject="GDPR", contacts=[anna, other])))
        work()
        assert request_of(env).contact_id is None
        with pytest.raises(steps.StepRefused, match="whom"):
            identity.confirm(env, request_of(env), "called back", by="kim")


class TestIdentity:
    def test_nothing_is_made_before_somebody_has_checked(self, env, portal, ticket, deliver, work):
        deliver(told(portal, ticket))
        work()
        assert env.store.requests.package_of(request_of(env).id) is None
        with pytest.raises(steps.StepRefused, match="not been confirmed"):
            steps.release(env, request_of(env), by="kim")

    def test_a_check_without_words_is_no_check(self, env, portal, ticket, deliver, work):
        deliver(told(portal, ticket))
        work()
        with pytest.raises(steps.StepRefused, match="what was checked"):
            identity.confirm(env, request_of(env), "  ", by="kim")

    def test_what_was_checked_stays_out_of_the_ledger(self, env, anna, prepared):
        assert prepared.identity_note == "wrote from the address on file"
        assert not any("address on file" in str(line.detail) for line in env.store.ledger.lines())

    def test_the_person_cannot_be_changed_once_confirmed(self, env, portal, prepared):
        with pytest.raises(steps.StepRefused):
            steps.name_person(env, prepared, portal.add_contact(email="bo@example.com"), by="kim")


WHOLE = ("report.sv.html", "report.en.html", "data.json", "data.schema.json", "portability.json")


class TestTheAnswer:
    def test_everything_around_the_person_is_in_it(self, env, prepared):
        data = data_of(env, prepared)
        text = json.dumps(data, ensure_ascii=False)
        for wanted in (
            "anna@verkstaden.example.se",
            "Fråga om rapporter",
            "Vill ha demo",
            "Verkstaden AB",
            "Gdpr: vad",
        ):
            assert wanted in text

    def test_codes_are_explained(self, env, prepared):
        calls = next(part for part in data_of(env, prepared)["data"] if part["kind"] == "calls")
        outcome = next(f for f in calls["records"][0]["fields"] if f["name"] == "hs_call_disposition")
        assert (outcome["value"][:8], outcome["meaning"]["en"]) == ("f240bbac", "Connected")

    def test_found_is_included_or_said_to_be_withheld(self, env, prepared):
        manifest = {line["kind"]: line for line in data_of(env, prepared)["manifest"] if line["kind"] != "section"}
        assert (manifest["emails"]["found"], manifest["emails"]["included"]) == (1, 1)
        assert manifest["emails"]["redacted"] == {"other_person": 1, "staff": 1}
        assert all(line["found"] == line["included"] + sum(line["withheld"].values()) for line in manifest.values())
        assert set(manifest) >= {*ENGAGEMENTS, "tickets", "deals", "companies", "contacts"}

    def test_other_peoples_addresses_in_headers_are_not_in_it(self, env, prepared):
        for text in package_files(env, prepared).values():
            assert "canary@example.org" not in text

    def test_our_own_records_are_in_it_without_our_colleagues(self, env, prepared):
        text = json.dumps(data_of(env, prepared), ensure_ascii=False)
        assert "Identiteten bekräftades" in text
        assert '"kim"' not in text

    def test_every_element_of_the_article_is_there(self, env, prepared):
        elements = {e["article"]: e["lines"] for e in data_of(env, prepared)["information"]}
        assert set(elements) >= {"15(1)", *(f"15(1)({letter})" for letter in "abcdefgh"), "15(2)"}
        assert all(elements.values())
        assert "HubSpot" in elements["15(1)(c)"][0]["en"]
        assert "IMY" in elements["15(1)(f)"][0]["en"]

    def test_the_reports_open_offline_and_show_markup_as_text(self, env, prepared):
        files = package_files(env, prepared)
        assert set(files) == {*WHOLE, "report.pdf"}
        for language in ("sv", "en"):
            report = files[f"report.{language}.html"]
            assert f'<html lang="{language}">' in report
            assert "&lt;b&gt;rapporterna&lt;/b&gt;" in report
            assert not re.search(r"(src|href)=\"(?!#)|@import|url\(|<script|<link", report)

    def test_an_answer_about_nobody_is_recorded_and_not_made(self, env, portal, ticket, anna, deliver, work):
        deliver(told(portal, ticket))
        work()
        identity.confirm(env, request_of(env), "called back", by="kim")
        portal.purge(anna)
        work()
        assert env.store.requests.package_of(request_of(env).id) is None
        assert env.store.ledger.lines()[-1].action == "package.nobody"

    def test_hubspot_failing_half_way_is_tried_again(self, env, emulator, portal, ticket, deliver, work):
        deliver(told(portal, ticket))
        work()
        emulator.guard.faults.waiting = [Fault(match="/emails", status=400, times=2)]
        identity.confirm(env, request_of(env), "called back", by="kim")
        work()
        assert env.store.requests.package_of(request_of(env).id) is not None
        assert len(drafts(env)) == 1

    def test_only_this_process_may_read_a_package(self, env, prepared):
        assert env.settings.files.stat().st_mode & 0o777 == 0o700
        assert {file.stat().st_mode & 0o777 for file in env.settings.files.iterdir()} == {0o600}

    def test_every_kind_of_engagement_is_read(self):
        assert {kind.name for kind in SURE} >= {*ENGAGEMENTS, "tickets", "deals", "companies"}


class TestTwoLives:
    def test_a_customer_and_a_prospect_are_told_different_purposes(self, env, portal, anna, deliver, work):
        company = portal.add_company(name="Kunden AB", lifecyclestage="customer")
        bo = portal.add_contact(
            email="bo@kunden.example.se", lifecyclestage="customer", createdate="2026-02-01T09:00:00Z"
        )
        portal.link(("contacts", bo), ("companies", company))
        purposes = {}
        for person in (anna, bo):
            request_id = steps.open_request(
                env, right=Right.ACCESS, received_on=env.today(), contact_id=person, by="kim"
            )
            identity.confirm(env, env.store.requests.get(request_id), "called back", by="kim")
            work()
            read_through(env, env.store.requests.get(request_id))
            data = data_of(env, env.store.requests.get(request_id))
            purposes[person] = [line["en"] for e in data["information"][1:2] for line in e["lines"]]
        assert any("possible customers" in line for line in purposes[anna])
        assert not any("possible customers" in line for line in purposes[bo])
        assert any("Supporting customers" in line for line in purposes[bo])


class TestTheLink:
    def test_opening_it_changes_nothing(self, env, prepared, client):
        link = path_of(steps.release(env, prepared, by="kim"))
        for _ in range(3):
            assert client.get(link).status_code == 200
        assert request_of(env).status == "accepted"

    def test_the_button_delivers_once_and_closes_the_request(self, env, prepared, client):
        link = path_of(steps.release(env, prepared, by="kim"))
        answer = client.post(link)
        assert answer.status_code == 200
        assert "report.sv.html" in files_of(answer.data)
        assert (request_of(env).status, request_of(env).closed_on) == ("fulfilled", env.today())
        assert env.store.ledger.lines()[-1].action == "package.collected"
        assert client.post(link).status_code == 404

    def test_only_its_hash_is_kept(self, env, prepared):
        secret = steps.release(env, prepared, by="kim").rpartition("/")[2]
        package = env.store.requests.package_of(prepared.id)
        assert secret not in repr(package)
        assert not any(secret in str(line) for line in env.store.ledger.lines())

    def test_it_is_laid_on_the_ticket_and_the_contact(self, env, prepared, anna, ticket):
        link = steps.release(env, prepared, by="kim")
        for kind, id_ in (("contacts", anna), ("tickets", ticket)):
            notes = env.hubspot.associated(kind, "notes", [id_])[id_]
            bodies = env.hubspot.read_many("notes", notes, ("hs_note_body",)).values()
            assert any(link in (note.properties["hs_note_body"] or "") for note in bodies)

    def test_expired_used_guessed_and_tampered_look_alike(self, env, portal, prepared, client):
        link = path_of(steps.release(env, prepared, by="kim"))
        tampered = link[:-1] + ("A" if link[-1] != "A" else "B")
        pages = [client.get(tampered), client.post(tampered), client.get("/p/guess"), client.post(f"/p/{'x' * 43}")]
        portal.advance(days=14)
        pages += [client.get(link), client.post(link)]
        assert {page.status_code for page in pages} == {404}
        assert len({page.text for page in pages}) == 1

    def test_a_refusal_kills_the_link(self, env, prepared, client):
        link = path_of(steps.release(env, prepared, by="kim"))
        rights.refuse(env, request_of(env), "released to the wrong person", by="kim")
        assert client.get(link).status_code == client.post(link).status_code == 404
        assert request_of(env).status == "rejected"

    def test_a_new_release_kills_the_link_before(self, env, prepared, client):
        first, second = (path_of(steps.release(env, prepared, by="kim")) for _ in range(2))
        assert client.get(first).status_code == 404
        assert client.get(second).status_code == 200

    def test_a_link_nobody_saw_is_replaced_by_releasing_again(self, env, emulator, prepared, client):
        emulator.guard.faults.waiting = [Fault(match="/notes", method="POST", status=400)]
        with pytest.raises(HubSpotError):
            steps.release(env, prepared, by="kim")
        assert not any(line.action == "package.released" for line in env.store.ledger.lines())
        assert client.get(path_of(steps.release(env, prepared, by="kim"))).status_code == 200

    def test_it_is_dead_once_the_person_is_erased(self, env, prepared, anna, client):
        link = path_of(steps.release(env, prepared, by="kim"))
        env.store.cases.open(contact_id=anna, subject="-", way="request", frozen={}, on=env.today())
        env.store.cases.move(anna, "gone", env.today())
        assert client.post(link).status_code == 404
        jobs.forget(env)
        assert drafts(env) == released(env) == []

    def test_a_package_that_was_changed_on_disk_is_not_delivered(self, env, prepared, client):
        link = path_of(steps.release(env, prepared, by="kim"))
        (file,) = released(env)
        file.write_bytes(b"something else")
        assert client.post(link).status_code == 404

    def test_a_collected_answer_is_not_released_again(self, env, prepared, client):
        client.post(path_of(steps.release(env, prepared, by="kim")))
        with pytest.raises(steps.StepRefused):
            steps.release(env, request_of(env), by="kim")


class TestLettingGo:
    @pytest.mark.parametrize(("collected", "days"), [(True, 14), (False, 30)])
    def test_a_package_lives_its_period_and_no_longer(self, env, portal, prepared, client, collected, days):
        link = path_of(steps.release(env, prepared, by="kim"))
        if collected:
            client.post(link)
        (file,) = released(env)
        portal.advance(days=days - 1)
        jobs.forget(env)
        assert file.exists()
        portal.advance(days=1)
        jobs.forget(env)
        jobs.forget(env)
        assert not file.exists()
        assert sum(line.action == "package.deleted" for line in env.store.ledger.lines()) == 1

    def test_an_answer_made_anew_takes_the_place_of_the_one_before(self, env, prepared, client, work):
        link = path_of(steps.release(env, prepared, by="kim"))
        steps.prepare_again(env, prepared.id)
        work()
        assert client.get(link).status_code == 404
        assert len(drafts(env)) == 1

    def test_a_request_is_let_go_of_two_years_after_it_was_closed(self, env, portal, prepared):
        rights.refuse(env, prepared, "taken back", by="kim")
        portal.advance(days=700)
        jobs.forget(env)
        assert env.store.requests.get(prepared.id) is not None
        portal.advance(days=40)
        jobs.forget(env)
        assert env.store.requests.get(prepared.id) is None

    def test_a_file_that_no_package_names_goes_after_an_hour(self, env, prepared):
        stray = env.settings.files / "0.package.zip"
        stray.write_bytes(b"-")
        jobs.forget(env)
        assert stray.exists()
        os.utime(stray, (time.time() - 7200,) * 2)
        jobs.forget(env)
        assert not stray.exists()

    def test_a_rejected_request_is_closed_and_cannot_go_on(self, env, prepared):
        rights.refuse(env, prepared, "taken back", by="kim")
        assert request_of(env).status == "rejected"
        with pytest.raises(steps.StepRefused):
            steps.release(env, request_of(env), by="kim")
        with pytest.raises(steps.StepRefused):
            rights.refuse(env, request_of(env), "taken back", by="kim")


def recorded_actions() -> set[str]:
    """Return every action that some module writes in the ledger about a person."""
    root = Path(crm_gdpr.__file__).parent
    calls = [node for file in root.rglob("*.py") for node in ast.walk(ast.parse(file.read_text()))]
    about_people = (
        node
        for node in calls
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith("record")
        and any(keyword.arg == "contact_id" for keyword in node.keywords)
    )
    return {str(node.args[0].value) for node in about_people if node.args and isinstance(node.args[0], ast.Constant)}


@pytest.mark.parametrize("name", sorted(recorded_actions()))
def test_every_action_about_a_person_is_told_in_words(name: str):
    assert name in ACTIONS


@pytest.mark.parametrize(
    ("html", "text"),
    [
        pytest.param("<p>Hej</p><p>då</p>", "Hej\ndå", id="a paragraph begins a line"),
        pytest.param("a &amp; b&nbsp;c", "a & b c", id="entities are read"),
        pytest.param("<script>alert(1)</script>kvar", "kvar", id="a script says nothing"),
        pytest.param("ingen markup", "ingen markup", id="text stays text"),
        pytest.param("1 < 2", "1 < 2", id="a lone sign is kept"),
        pytest.param("<b>halv", "halv", id="what is not closed is read"),
    ],
)
def test_a_note_reads_as_text(html: str, text: str):
    assert plain(html) == text


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        pytest.param("2026-03-05T09:00:00Z", "2026-03-05 10:00", id="an instant in winter"),
        pytest.param("1780000000000", "2026-05-28 22:26", id="milliseconds in summer"),
        pytest.param("i går", "i går", id="words stay words"),
        pytest.param("9" * 30, "9" * 30, id="no such instant"),
    ],
)
def test_an_instant_reads_as_day_and_time(env: Env, raw: str, read: str):
    assert moment(raw, ZoneInfo("Europe/Stockholm")) == read


def test_the_link_lives_fourteen_days():
    assert timedelta(days=14) == steps.LINK_LIVES
