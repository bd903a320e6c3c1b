"""Stories of the pages: who gets in, what is shown and why, and who may decide what."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from crm_gdpr.addons.access import steps
from crm_gdpr.addons.console import pages, paging, site
from crm_gdpr.addons.console.accounts import FAILURES, KEPT, OF_ONE_ADDRESS, Throttle
from crm_gdpr.addons.console.picture import band_of, draw
from crm_gdpr.addons.dialogue.reconcile import facts_of, reconcile_fully
from crm_gdpr.addons.retention.planning import make_plan
from crm_gdpr.emulator import Portal
from crm_gdpr.emulator.faults import Fault
from crm_gdpr.env import Env
from crm_gdpr.policy import Right, decide, facts_to_json
from crm_gdpr.policy.book import Ladder
from tests.addons.pages import PASSWORD, post, sign_in, token

CSS = Path(site.__file__).parent / "static" / "console.css"


@pytest.fixture
def silent(portal: Portal) -> str:
    """Someone who was last heard of fourteen months ago."""
    silent = portal.add_contact(email="sofia@example.se", firstname="Sofia", createdate="2024-01-10T09:00:00Z")
    portal.log("meeting", [silent], hs_meeting_outcome="COMPLETED", hs_meeting_start_time="2025-09-01T10:00:00Z")
    portal.log("email", [silent], hs_timestamp="2026-01-01T10:00:00Z", hs_email_subject="Vi hörs")
    return silent


@pytest.fixture
def read(env: Env, silent: str) -> None:
    """The portal as read in the night."""
    reconcile_fully(env)


@pytest.fixture
def officer(client: FlaskClient, env: Env) -> FlaskClient:
    sign_in(client, env)
    return client


@pytest.fixture
def support(app: Flask, env: Env) -> FlaskClient:
    client = app.test_client()
    sign_in(client, env, "support", "sam")
    return client


@pytest.fixture
def request_id(env: Env, silent: str) -> int:
    found = steps.open_request(env, right=Right.ACCESS, received_on=env.today(), contact_id=silent, by="kim")
    assert found is not None
    return found


def address(page: pages.Page) -> str:
    """Return a page's address with numbers where it takes them."""
    first_of_any = re.sub(r"<any\((\w+)[^>]*>", r"\1", page.rule)
    return "/console" + re.sub(r"<(int:)?\w+_id>", "1", first_of_any)


class TestGettingIn:
    @pytest.mark.parametrize("page", [p for p in pages.PAGES if p.role != "anyone"], ids=lambda p: p.rule)
    def test_no_page_answers_a_stranger(self, client, page):
        given = {"csrf_token": token(client.get("/console/login").text)}
        answer = client.get(address(page)) if "GET" in page.methods else client.post(address(page), data=given)
        assert (answer.status_code, answer.location.split("?")[0]) == (302, "/console/login")

    def test_every_page_stands_in_the_table_with_a_role(self, app):
        served = {r.endpoint.removeprefix("console.") for r in app.url_map.iter_rules() if r.endpoint[:8] == "console."}
        assert served == set(pages.NEEDED)

    @pytest.mark.parametrize(("name", "password"), [("kim", "wrong"), ("nobody", PASSWORD), ("", "")])
    def test_a_wrong_password_and_an_unknown_name_are_refused_alike(self, client, env, name, password):
        env.store.users.add("kim", PASSWORD, "officer")
        answer = post(client, "/console/login", page="/console/login", name=name, password=password)
        assert answer.status_code == 401
        assert client.get("/console/").status_code == 302

    def test_the_sixth_failure_within_a_minute_waits(self, client, env):
        env.store.users.add("kim", PASSWORD, "officer")
        for _ in range(5):
            post(client, "/console/login", page="/console/login", name="kim", password="wrong")
        answer = post(client, "/console/login", page="/console/login", name="kim", password=PASSWORD)
        assert answer.status_code == 429

    def test_names_made_up_in_a_flood_make_nobody_forgotten_and_are_stopped_themselves(self):
        throttle = Throttle()
        for _ in range(FAILURES):
            throttle.failed("kim", "192.0.2.1")
        for n in range(KEPT):
            throttle.failed(f"made up {n}", "192.0.2.2")
        assert throttle.blocks("kim", "192.0.2.1")
        assert throttle.blocks("one more", "192.0.2.2")
        assert not throttle.blocks("kim", "192.0.2.3")

    def test_failures_are_forgotten_after_a_minute(self, monkeypatch):
        throttle = Throttle()
        for _ in range(OF_ONE_ADDRESS):
            throttle.failed("kim", "192.0.2.1")
        later = time.monotonic() + 61
        monkeypatch.setattr(time, "monotonic", lambda: later)
        assert not throttle.blocks("kim", "192.0.2.1")

    def test_a_new_password_ends_every_session(self, officer, env):
        assert officer.get("/console/").status_code == 200
        env.store.users.add("kim", "another long password", "officer")
        assert officer.get("/console/").status_code == 302

    def test_signing_in_leads_back_to_the_page_that_was_asked_for(self, client, env):
        env.store.users.add("kim", PASSWORD, "officer")
        asked = client.get("/console/plans").location
        assert post(client, asked, page=asked, name="kim", password=PASSWORD).location == "/console/plans"

    @pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/console/\\evil.example"])
    def test_it_leads_nowhere_else(self, client, env, elsewhere):
        env.store.users.add("kim", PASSWORD, "officer")
        page = f"/console/login?next={elsewhere}"
        assert post(client, page, page=page, name="kim", password=PASSWORD).location == "/console/"

    def test_signing_out_takes_a_post(self, officer):
        assert officer.get("/console/logout").status_code == 405
        assert post(officer, "/console/logout").status_code == 302
        assert officer.get("/console/").status_code == 302

    def test_a_removed_role_is_gone_at_once(self, officer, env):
        env.store.users.add("kim", PASSWORD, "support")
        assert post(officer, "/console/pause", why="-").status_code == 403


class TestForms:
    @pytest.mark.parametrize("page", [p for p in pages.PAGES if p.methods == ("POST",)], ids=lambda p: p.rule)
    def test_no_form_is_taken_without_its_token(self, officer, page):
        assert officer.post(address(page)).status_code == 400

    @pytest.mark.parametrize(
        "page", [p for p in pages.PAGES if p.role == "officer" and p.methods == ("POST",)], ids=lambda p: p.rule
    )
    def test_support_does_not_decide(self, support, page):
        assert post(support, address(page)).status_code == 403

    def test_the_door_and_the_public_link_need_no_token(self, client):
        assert client.post("/webhooks/hubspot", data=b"[]").status_code == 401
        assert client.post(f"/p/{'x' * 43}").status_code == 404


class TestOverview:
    def test_it_shows_how_everyone_stands(self, read, officer):
        page = officer.get("/console/?lang=en").text
        assert re.search(r'<span class="number">1</span>\s*<span class="badge review">', page)
        assert "People by months of silence" in page

    def test_an_overdue_request_is_loud(self, env, portal, request_id, officer):
        portal.advance(days=40)
        assert "overdue" in officer.get("/console/?lang=en").text

    def test_an_officer_stops_everything_with_a_reason_and_lets_it_go_on(self, env, officer):
        post(officer, "/console/pause", why="")
        assert env.store.pause.now() is None
        post(officer, "/console/pause", why="checking a list")
        assert env.store.pause.now().by == "kim"
        assert "checking a list" in officer.get("/console/").text
        post(officer, "/console/resume")
        assert env.store.pause.now() is None
        assert [line.action for line in env.store.ledger.lines(newest=2)] == ["paused", "resumed"]

    def test_what_failed_and_what_was_set_aside_is_shown(self, env, officer):
        env.store.inbox.set_aside("unknown type", {"subscriptionType": "contact.merge"}, env.clock.now())
        env.queue.enqueue("access.prepare", "a-lost-key", request_id=1)
        env.store.work.fail("a-lost-key", error="HubSpot: 401", at=env.clock.now())
        page = officer.get("/console/").text
        assert "contact.merge" in page
        assert "HubSpot: 401" in page


class TestPeople:
    def test_a_person_is_shown_with_the_reasons_and_every_event(self, read, silent, support):
        page = support.get(f"/console/people/{silent}?lang=en").text
        assert "Sofia" in page
        assert "Last dialogue: meeting" in page
        assert "The meeting took place." in page
        assert "A mail from us is no dialogue until someone answers." in page

    def test_the_language_is_asked_for_once(self, read, silent, support):
        support.get("/console/?lang=en")
        assert "Verdict" in support.get(f"/console/people/{silent}").text
        support.get("/console/?lang=sv")
        assert "Utfall" in support.get(f"/console/people/{silent}").text

    @pytest.mark.parametrize("who", ["sofia@example.se", "SOFIA@example.se"])
    def test_an_address_leads_to_the_person_and_stays_out_of_the_url(self, support, silent, who):
        answer = post(support, "/console/people/search", who=who)
        assert answer.location == f"/console/people/{silent}"

    @pytest.mark.parametrize("who", ["nobody@example.se", "words"])
    def test_who_is_not_found_is_said(self, support, who):
        assert post(support, "/console/people/search", who=who).location == "/console/people"
        assert "Ingen kontakt hittades." in support.get("/console/people").text

    @pytest.mark.parametrize(
        "wrong", ["people/999999", "people/../x", "people?verdict=strange", "plans/9", "requests/9"]
    )
    def test_what_is_not_there_is_not_found(self, support, wrong):
        assert support.get(f"/console/{wrong}").status_code == 404

    def test_people_are_listed_by_verdict(self, read, silent, support):
        assert f"/console/people/{silent}" in support.get("/console/people?verdict=review").text
        assert f"/console/people/{silent}" not in support.get("/console/people?verdict=erase").text

    def test_a_long_list_is_read_page_by_page(self, env, portal, silent, support, monkeypatch):
        monkeypatch.setattr(paging, "SIZE", 1)
        longer = portal.add_contact(email="olle@example.se", createdate="2023-01-10T09:00:00Z")
        portal.log("meeting", [longer], hs_meeting_outcome="COMPLETED", hs_meeting_start_time="2025-02-01T10:00:00Z")
        reconcile_fully(env)
        shown = [
            support.get(f"/console/people?verdict=review&page={page}&lang=en").text for page in ("1", "2", "9", "x")
        ]
        assert [f"/console/people/{longer}" in page for page in shown] == [True, False, False, True]
        assert [f"/console/people/{silent}" in page for page in shown] == [False, True, True, False]
        assert "?verdict=review&amp;lang=en&amp;page=2" in shown[0]

    def test_of_several_of_a_name_all_are_shown(self, portal, support):
        two = [portal.add_contact(email=f"a{n}@example.se", firstname="Anna", lastname="Berg") for n in (1, 2)]
        page = post(support, "/console/people/search", who="Anna Berg")
        assert page.status_code == 200
        assert all(f"/console/people/{contact_id}" in page.text for contact_id in two)

    def test_what_stands_on_the_contact_is_said_in_words(self, portal, support):
        told = portal.add_contact(email="eva@example.se", gdpr_source="outreach", gdpr_collected_on="2026-01-31")
        page = support.get(f"/console/people/{told}?lang=en").text
        assert "We looked the person up" in page
        assert '<time datetime="2026-01-31">' in page

    def test_an_erased_person_is_shown_by_the_ledger_alone(self, env, portal, silent, support):
        env.record("erase.done", actor="plan 1", contact_id=silent)
        portal.purge(silent)
        page = support.get(f"/console/people/{silent}?lang=en")
        assert page.status_code == 200
        assert "Not among HubSpot" in page.text
        assert "Sofia" not in page.text

    def test_support_opens_a_request_from_the_persons_page(self, env, silent, support):
        post(support, f"/console/people/{silent}/request")
        (request,) = env.store.requests.all()
        assert (request.contact_id, request.received_on) == (silent, env.today())

    def test_hubspot_refusing_is_said_with_what_to_do(self, emulator, silent, officer):
        emulator.guard.faults.waiting = [Fault(match="contacts", status=401, times=9)]
        answer = officer.get(f"/console/people/{silent}?lang=en")
        assert (answer.status_code, "HUBSPOT_ACCESS_TOKEN" in answer.text) == (502, True)


class TestPlans:
    @pytest.fixture
    def plan(self, env: Env, read: None):
        plan = make_plan(env)
        assert plan is not None
        return plan

    def test_a_plan_shows_who_and_why(self, plan, silent, support):
        page = support.get(f"/console/plans/{plan.id}?lang=en").text
        assert f"/console/people/{silent}" in page
        assert "Last dialogue: meeting" in page
        assert plan.hash in page

    def test_everyone_in_a_plan_can_be_seen_before_it_is_approved(self, env, portal, silent, support, monkeypatch):
        other = portal.add_contact(email="olle@example.se", createdate="2023-01-10T09:00:00Z")
        portal.log("meeting", [other], hs_meeting_outcome="COMPLETED", hs_meeting_start_time="2025-02-01T10:00:00Z")
        reconcile_fully(env)
        plan = make_plan(env)
        monkeypatch.setattr(paging, "SIZE", 1)
        pages = [support.get(f"/console/plans/{plan.id}?step=review&page={page}").text for page in (1, 2)]
        assert sorted(c for c in (silent, other) for page in pages if f"/console/people/{c}" in page) == [silent, other]
        assert support.get(f"/console/plans/{plan.id}?step=strange").status_code == 404

    def test_it_is_approved_by_the_hash_that_was_shown(self, env, plan, officer):
        assert post(officer, f"/console/plans/{plan.id}/approve", hash=plan.hash).status_code == 302
        assert env.store.plans.get(plan.id).approved_by == "kim"
        assert env.store.ledger.lines()[-1].action == "plan.approved"

    @pytest.mark.parametrize("wrong", ["", "0" * 64])
    def test_another_hash_is_refused_with_the_reason(self, env, plan, officer, wrong):
        answer = post(officer, f"/console/plans/{plan.id}/approve", hash=wrong)
        assert (answer.status_code, "hash" in answer.text) == (409, True)
        assert env.store.plans.get(plan.id).approved_by is None

    def test_an_approved_plan_is_carried_out_by_the_workers(self, env, plan, silent, officer, work):
        post(officer, f"/console/plans/{plan.id}/approve", hash=plan.hash)
        assert post(officer, f"/console/plans/{plan.id}/apply").status_code == 302
        work()
        assert env.store.stages.get(silent)[0] == "review"
        assert env.store.plans.get(plan.id).applied_at is not None

    def test_a_plan_nobody_approved_is_not_carried_out(self, env, plan, officer):
        assert post(officer, f"/console/plans/{plan.id}/apply").status_code == 409
        assert env.store.work.open(["retention.apply"]) == 0

    def test_a_stop_is_shown_in_place_of_the_button(self, env, plan, officer):
        env.store.plans.approve(plan.id, "kim", env.clock.now())
        assert f"/console/plans/{plan.id}/apply" in officer.get(f"/console/plans/{plan.id}").text
        env.store.pause.stop("kim", env.today(), "checking")
        page = officer.get(f"/console/plans/{plan.id}").text
        assert f"/console/plans/{plan.id}/apply" not in page
        assert "checking" in page


class TestRequests:
    def test_the_whole_way_from_mail_to_link(self, env, silent, request_id, support, work):
        at = f"/console/requests/{request_id}"
        assert post(support, f"{at}/identity", note="called the number on file").status_code == 302
        work()
        report = support.get(f"{at}/report/sv")
        assert "Sofia" in report.text
        assert report.headers["Content-Security-Policy"].startswith("sandbox")
        assert "finns inte" not in support.get(f"{at}/review").text
        assert post(support, f"{at}/release", page=at).status_code == 409, "nobody has read it through"
        read = {"package": str(env.store.requests.package_of(request_id).id)}
        assert post(support, f"{at}/prepare", page=at).status_code == 302
        work()
        late = post(support, f"{at}/reviewed", page=f"{at}/review", **read)
        assert late.status_code == 409, "another draft has taken the place of the one that was read"
        read = {"package": str(env.store.requests.package_of(request_id).id)}
        assert post(support, f"{at}/reviewed", page=f"{at}/review", **read).status_code == 302
        released = post(support, f"{at}/release", page=at)
        link = re.search(r"http://localhost(/p/[\w-]{43})", released.text).group(1)
        assert link not in support.get(at).text
        assert support.post(link).status_code == 200
        assert env.store.requests.get(request_id).status == "fulfilled"

    @pytest.mark.parametrize("step", ["release", "prepare"])
    def test_no_step_is_taken_before_its_time(self, support, request_id, step):
        answer = post(support, f"/console/requests/{request_id}/{step}")
        assert (answer.status_code, "inte bekräftad" in answer.text) == (409, True)

    def test_support_says_whom_it_is_about(self, env, portal, silent, support):
        ticket = portal.add_ticket(subject="GDPR", contacts=[silent])
        request_id = steps.open_request(
            env, right=Right.ACCESS, received_on=env.today(), contact_id=None, by="access", ticket_id=ticket
        )
        assert "sofia@example.se" in support.get(f"/console/requests/{request_id}").text
        post(support, f"/console/requests/{request_id}/person", who="nobody@example.se")
        assert env.store.requests.get(request_id).contact_id is None
        post(support, f"/console/requests/{request_id}/person", who="sofia@example.se")
        assert env.store.requests.get(request_id).contact_id == silent

    def test_a_request_is_closed_without_an_answer(self, env, request_id, support):
        assert "skäl" in post(support, f"/console/requests/{request_id}/reject").text
        post(support, f"/console/requests/{request_id}/reject", why="Vi kan inte veta vem det är.")
        assert env.store.requests.get(request_id).status == "rejected"
        assert "Avslagen" in support.get("/console/requests").text


class Checker(HTMLParser):
    """Looks for what a screen reader would miss."""

    def __init__(self) -> None:
        super().__init__()
        self.labelled: set[str] = set()
        self.inputs: list[str] = []
        self.problems: list[str] = []
        self.headings: list[int] = []
        self.ids: list[str] = []
        self._table: set[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids += [given["id"]] if given.get("id") else []
        self._problems(tag, given)
        if tag == "label":
            self.labelled.add(given.get("for") or "")
        if tag in ("input", "textarea", "select") and given.get("type") != "hidden":
            self.inputs.append(given.get("id") or "?")
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "table":
            self._table = set()
        elif self._table is not None:
            self._table.add(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            if "caption" not in (self._table or ()):
                self.problems.append("a table without a caption")
            self._table = None

    def _problems(self, tag: str, given: dict[str, str | None]) -> None:
        if tag == "html" and not given.get("lang"):
            self.problems.append("no language")
        if tag == "th" and "scope" not in given:
            self.problems.append("a heading cell without a scope")
        if "style" in given or tag == "script" or any(name.startswith("on") for name in given):
            self.problems.append(f"{tag} with a style, a script or a handler of its own")
        if tag == "svg" and not given.get("aria-labelledby"):
            self.problems.append("a picture without words")


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_page_can_be_read_by_a_screen_reader(env, read, silent, request_id, officer, language):
    known = env.store.index.known(silent)
    verdict = decide(facts_of(known, False), env.policy, env.today())
    plan = env.store.plans.make(env.today(), [("review", verdict, facts_to_json(known.facts))])
    paths = ["", "people?verdict=review", f"people/{silent}", "plans", f"plans/{plan.id}", "requests"]
    for path in [*paths, f"requests/{request_id}"]:
        page = officer.get(f"/console/{path}{'&' if '?' in path else '?'}lang={language}")
        checker = Checker()
        checker.feed(page.text)
        assert page.status_code == 200
        assert checker.problems == [], path
        assert set(checker.inputs) <= checker.labelled, path
        assert len(checker.ids) == len(set(checker.ids)), path
        assert checker.headings[0] == 1, path
        assert checker.headings.count(1) == 1, path
        assert all(b - a <= 1 for a, b in zip(checker.headings, checker.headings[1:], strict=False)), path


def test_every_colour_of_text_is_dark_enough():
    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", CSS.read_text()))
    for name in ("ink", "soft", "blue", "keep", "review", "archive", "erase", "unknown"):
        for ground in ("#ffffff", colours["ground"], "#fdf3f3", "#eef5ef"):
            assert (luminance(ground) + 0.05) / (luminance(colours[name]) + 0.05) >= 4.5, (name, ground)


@pytest.mark.parametrize(
    ("months", "band"),
    [(0, "keep"), (11, "keep"), (12, "review"), (20, "review"), (21, "archive"), (24, "erase"), (99, "erase")],
)
def test_a_bar_belongs_to_the_step_its_silence_has_reached(months: int, band: str):
    assert band_of(months, Ladder(12, 21, 24)) == band


def test_the_picture_leaves_nobody_out():
    picture = draw({0: 3, 12: 5, 50: 2, 36: 1}, Ladder(12, 21, 24))
    assert sum(bar.people for bar in picture.bars) == 11
    assert picture.bands == {"keep": 3, "review": 5, "archive": 0, "erase": 3}
    assert max(bar.height for bar in picture.bars) <= picture.base - picture.ceiling


def test_an_empty_portal_has_a_picture_too():
    assert draw({}, Ladder(12, 21, 24)).top == 1
