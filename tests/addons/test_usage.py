"""Stories: usage data in a database of the company's own, and on the contact, is given out and let go of in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, text

from crm_gdpr.addons.dialogue.reconcile import reconcile
from crm_gdpr.addons.erasure.handlers import request_erasure
from crm_gdpr.addons.erasure.watching import watch
from crm_gdpr.addons.retention.applying import apply_plan as carry_out_plan
from crm_gdpr.addons.retention.holds import hold
from crm_gdpr.addons.usage.applying import UsageError, apply_plan, approve_plan, start_plan
from crm_gdpr.addons.usage.export import erase, read
from crm_gdpr.addons.usage.planning import make_plan, plan_night
from crm_gdpr.diagnosis import diagnose
from crm_gdpr.gate import Refused
from crm_gdpr.policy import load_policy
from crm_gdpr.policy.reading import PACKAGED
from crm_gdpr.store.usage_rows import TableError
from tests.addons.nights import approved, let_pass, told, uncapped
from tests.addons.pages import post, sign_in

TABLE = """
[[usage.table]]
name = "page views"
title = {{ sv = "Sidvisningar", en = "Page views" }}
database = "{url}"
table = "page_views"
key = "id"
time = "seen_at"
person = {{ email = "visitor", hs_object_id = "hubspot_id" }}
personal = {{ ip = ["ip_address"], device = ["user_agent"], interaction = ["path"] }}
past = "{past}"

[[usage.property]]
name = "last_login_ip"
category = "ip"
at = "last_login_at"
"""
SCHEMA = """CREATE TABLE page_views (id INTEGER PRIMARY KEY, seen_at DATETIME, visitor TEXT, hubspot_id INTEGER,
            ip_address TEXT, user_agent TEXT, path TEXT, session TEXT)"""

SEEN = "INSERT INTO page_views VALUES (NULL, :at, :who, :id, '192.0.2.7', 'Lynx', '/', 's')"


class Website:
    """The database of a website."""

    def __init__(self, url, now):
        self._engine, self.now, self.url = create_engine(url), now, url
        with self._engine.begin() as connection:
            connection.execute(text(SCHEMA))

    def seen(self, days_ago, visitor=None, hubspot_id=None):
        """Somebody looked at a page; None is a row that nobody dated."""
        at = None if days_ago is None else (self.now - timedelta(days=days_ago)).replace(tzinfo=None)
        row = {"at": at and at.isoformat(" "), "who": visitor, "id": hubspot_id}
        with self._engine.begin() as connection:
            connection.execute(text(SEEN), row)

    def rows(self):
        with self._engine.connect() as connection:
            found = connection.execute(text("SELECT visitor, ip_address, user_agent, path FROM page_views ORDER BY id"))
            return [tuple(row) for row in found]

    def close(self):
        self._engine.dispose()


@pytest.fixture(params=["delete"])
def past(request):
    return request.param


@pytest.fixture
def website(tmp_path):
    database = Website(f"sqlite:///{tmp_path / 'website.db'}", datetime.now(UTC))
    yield database
    database.close()


@pytest.fixture
def policy_file(tmp_path, website, past):
    file = tmp_path / "policy.toml"
    armed = PACKAGED.read_text().replace("armed = false", "armed = true")
    file.write_text(armed + TABLE.format(url=website.url, past=past))
    return file


@pytest.fixture
def now(portal, website):
    """The portal's clock stands at the database's now."""
    portal.clock.set(website.now.isoformat())
    return website.now


@pytest.fixture
def system(env, portal, now):
    for name, type_, field in (("last_login_ip", "string", "text"), ("last_login_at", "datetime", "date")):
        body = {"name": name, "label": name, "type": type_, "fieldType": field, "groupName": "contactinformation"}
        env.hubspot.create_property("contacts", body)
    return env


def carried_out(env):
    plan = make_plan(env)
    approve_plan(env, plan.id, plan.hash, by="kim")
    apply_plan(env, plan.id)
    return env.store.usage_plans.get(plan.id)


class TestPeriods:
    def test_address_and_device_go_after_ninety_days_the_rest_after_a_year(self, system, website):
        for days in (89, 90, 364, 366):
            website.seen(days, f"d{days}@example.com")
        carried_out(system)
        assert website.rows() == [
            ("d89@example.com", "192.0.2.7", "Lynx", "/"),
            ("d90@example.com", None, None, "/"),
            ("d364@example.com", None, None, "/"),
        ]

    @pytest.mark.parametrize("past", ["null"], indirect=True)
    def test_a_table_whose_rows_must_stay_is_emptied_of_what_is_personal(self, system, website):
        website.seen(400, "old@example.com")
        carried_out(system)
        assert website.rows() == [("old@example.com", None, None, None)]

    def test_a_row_without_a_time_is_never_due(self, system, website):
        website.seen(None, "when@example.com")
        assert make_plan(system) is None

    def test_a_property_of_the_contact_is_emptied_after_its_period(self, system, portal, now):
        at = {days: (now - timedelta(days=days)).isoformat() for days in (10, 100)}
        new, old = (portal.add_contact(last_login_ip="192.0.2.7", last_login_at=at[days]) for days in (10, 100))
        reconcile(system, full=True)
        carried_out(system)
        assert portal.value("contacts", new, "last_login_ip") == "192.0.2.7"
        assert portal.value("contacts", old, "last_login_ip") is None


class TestPeople:
    def test_an_objection_ends_every_period_at_once(self, system, portal, website):
        jane = portal.add_contact(email="jane@example.com", gdpr_objected_on="2026-01-01")
        website.seen(3, "JANE@example.com")
        website.seen(3, hubspot_id=int(jane))
        website.seen(3, "kim@example.com")
        reconcile(system, full=True)
        plan = carried_out(system)
        assert [row[0] for row in website.rows()] == ["kim@example.com"]
        assert told(system, jane)[-1] == "usage.let_go"
        assert jane not in str(plan.steps), "a plan that is carried out names nobody"

    def test_a_hold_keeps_everything_as_it_is(self, system, portal, website):
        jane = portal.add_contact(email="jane@example.com", hs_additional_emails="j@example.org")
        hold(system, jane, reason="a claim", until="2027-01-01", by="kim")
        for address in ("jane@example.com", "j@example.org", "kim@example.com"):
            website.seen(400, address)
        reconcile(system, full=True)
        carried_out(system)
        assert [row[0] for row in website.rows()] == ["jane@example.com", "j@example.org"]

    def test_an_open_request_keeps_everything_as_it_is(self, system, portal, website):
        jane = portal.add_contact(email="jane@example.com", gdpr_objected_on="2026-01-01")
        today = system.today()
        system.store.requests.open(right="A15", received_on=today, due_on=today, contact_id=jane)
        website.seen(3, "jane@example.com")
        reconcile(system, full=True)
        assert make_plan(system) is None

    def test_a_person_is_given_their_rows_and_nobody_elses(self, system, portal, website):
        jane = portal.add_contact(email="jane@example.com")
        website.seen(3, "jane@example.com")
        website.seen(4, "kim@example.com")
        (row,) = read(system, jane)
        assert (row["table"], row["path"], row["ip_address"]) == ("page views", "/", "192.0.2.7")

    def test_who_is_in_the_recycle_bin_is_let_go_of_too(self, system, portal, website):
        jane = portal.add_contact(email="jane@example.com")
        website.seen(3, "jane@example.com")
        system.hubspot.archive("contacts", jane)
        erase(system, jane)
        assert website.rows() == []

    def test_an_erasure_through_the_gate_lets_go_of_the_rows_by_address(self, system, portal, website):
        """It asked HubSpot for the addresses after HubSpot had forgotten them."""
        system = uncapped(system)
        armed = replace(system.policy.destruction, armed=True)
        system = replace(system, policy=replace(system.policy, destruction=armed))
        jane = portal.add_contact(email="jane@example.com", gdpr_source="inbound")
        website.seen(3, "jane@example.com")
        reconcile(system, full=True)
        request_erasure(system, jane, by="kim")
        plan = approved(system)
        carry_out_plan(system, plan.id)
        assert portal.is_gone(jane)
        assert website.rows() == []

    def test_an_objection_empties_the_contacts_own_properties_too(self, system, portal, now):
        seen = {"last_login_ip": "192.0.2.7", "last_login_at": now.isoformat()}
        jane = portal.add_contact(email="jane@example.com", gdpr_objected_on="2026-01-01", **seen)
        kim = portal.add_contact(email="kim@example.com", **seen)
        reconcile(system, full=True)
        carried_out(system)
        assert portal.value("contacts", jane, "last_login_ip") in (None, "")
        assert portal.value("contacts", kim, "last_login_ip") == "192.0.2.7"

    def test_a_hold_on_somebody_in_the_recycle_bin_keeps_their_rows(self, system, portal, website):
        jane = portal.add_contact(email="jane@example.com")
        hold(system, jane, reason="a claim", until="2027-01-01", by="kim")
        website.seen(400, "jane@example.com")
        reconcile(system, full=True)
        portal.archive("contacts", jane)
        watch(system)
        carried_out(system)
        assert [row[0] for row in website.rows()] == ["jane@example.com"]

    def test_somebodys_rows_go_in_batches_under_the_cap(self, system, portal, website):
        system = capped(system, max_rows=5, batch_rows=2)
        portal.add_contact(email="jane@example.com", gdpr_objected_on="2026-01-01")
        for _ in range(8):
            website.seen(3, "jane@example.com")
        reconcile(system, full=True)
        plan = carried_out(system)
        assert (len(website.rows()), plan.applied_at) == (3, None)

    def test_a_plan_that_was_overtaken_names_nobody(self, system, portal, website):
        jane = portal.add_contact(email="jane@example.com", gdpr_objected_on="2026-01-01")
        website.seen(3, "jane@example.com")
        reconcile(system, full=True)
        plan = make_plan(system)
        plan_night(system)
        assert jane not in str(system.store.usage_plans.get(plan.id).steps)
        with pytest.raises(UsageError, match="not approved"):
            apply_plan(system, plan.id)


class TestPlans:
    def test_what_a_cap_left_goes_on_the_next_night_by_itself(self, system, portal, website, work, monkeypatch):
        system = capped(system, max_rows=4)
        monkeypatch.setattr("crm_gdpr.jobs.run.boot", lambda: system)
        for _ in range(3):
            website.seen(400)
        plan = carried_out(system)
        assert (len(website.rows()), plan.applied_at) == (3, None)
        for _ in range(3):
            plan_night(system)
            work()
            let_pass(system, portal, 1)
        assert website.rows() == []

    def test_nothing_goes_without_approval_of_the_very_plan(self, system, website):
        website.seen(400)
        plan = make_plan(system)
        with pytest.raises(UsageError, match="not approved"):
            apply_plan(system, plan.id)
        with pytest.raises(UsageError, match="hash"):
            approve_plan(system, plan.id, "0" * 64, by="kim")
        assert len(website.rows()) == 1

    def test_a_table_that_policy_names_no_more_is_not_touched_and_the_error_says_what_to_do(self, system, website):
        website.seen(400)
        plan = make_plan(system)
        approve_plan(system, plan.id, plan.hash, by="kim")
        without = replace(system, policy=replace(system.policy, usage=replace(system.policy.usage, tables=())))
        with pytest.raises(UsageError, match="the policy has changed since usage plan 1 was made; make a new one"):
            apply_plan(without, plan.id)
        assert len(website.rows()) == 1

    def test_the_one_switch_stops_it(self, system, website):
        website.seen(400)
        plan = make_plan(system)
        approve_plan(system, plan.id, plan.hash, by="kim")
        system.store.pause.stop("kim", system.today(), "wait")
        with pytest.raises(Refused, match="wait"):
            apply_plan(system, plan.id)
        assert len(website.rows()) == 1

    def test_a_run_that_was_killed_is_finished_by_the_next(self, system, website, work):
        for _ in range(3):
            website.seen(400)
        plan = make_plan(system)
        approve_plan(system, plan.id, plan.hash, by="kim")
        start_plan(system, plan.id)
        work()
        assert website.rows() == []
        apply_plan(system, plan.id)
        assert told_of(system, "usage.applied") == 1

    def test_a_table_that_is_not_as_described_is_named(self, system, website, tmp_path):
        policy = PACKAGED.read_text() + TABLE.format(url=website.url, past="delete").replace("user_agent", "browser")
        other = with_policy(system, tmp_path, policy)
        with pytest.raises(TableError, match="no column browser; there are id, seen_at"):
            make_plan(other)
        assert [f.state for f in diagnose(other) if f.what == "usage tables"] == ["broken"]

    @pytest.mark.parametrize(
        ("written", "instead", "why"),
        [
            ('key = "id"', 'key = "session"', "the same in several rows"),
            ('visitor", hs_object_id', 'visitor", company', "know people by company"),
            ('time = "seen_at"', 'time = "visitor"', "no date or time"),
            ('table = "page_views"', 'table = "pages"', "no such table"),
            ('database = "', 'database = "env:NOWHERE_TO_BE_SEEN#', "is not there"),
        ],
        ids=["a key that is no key", "a property that colleagues share", "a time that is none", "no table", "no URL"],
    )
    def test_a_table_that_would_take_others_rows_is_refused(self, system, website, tmp_path, written, instead, why):
        whole = TABLE.format(url=website.url, past="delete")
        assert written in whole
        spoilt = whole.replace(written, instead)
        if "env:" in instead:
            spoilt = spoilt.replace(f"#{website.url}", "")
        with pytest.raises(TableError, match=why):
            make_plan(with_policy(system, tmp_path, PACKAGED.read_text() + spoilt))

    def test_our_own_store_is_no_usage_table(self, system, tmp_path):
        own = TABLE.format(url=system.settings.database_url, past="delete")
        for written, instead in (("page_views", "people"), ('key = "id"', 'key = "contact_id"'),
                                 ("seen_at", "next_on"), ("visitor", "verdict"), ("hubspot_id", "contact_id"),
                                 (', device = ["user_agent"], interaction = ["path"]', ""),
                                 ("ip_address", "last_dialogue_ref")):  # fmt: skip
            assert written in own
            own = own.replace(written, instead)
        with pytest.raises(TableError, match="our own store"):
            make_plan(with_policy(system, tmp_path, PACKAGED.read_text() + own))

    def test_doctor_names_rows_that_nobody_dated(self, system, website):
        website.seen(None, "when@example.com")
        (found,) = [f for f in diagnose(system) if f.what == "usage tables"]
        assert (found.state, found.advice) == ("look", "page views: 1 rows without a time are never let go of")


class TestThePage:
    def test_the_officer_approves_and_starts_a_plan_there(self, system, website, client, work):
        website.seen(400, "old@example.com")
        plan = make_plan(system)
        sign_in(client, system)
        page = client.get("/console/usage?lang=en").text
        assert plan.hash in page
        assert "old@example.com" not in page
        post(client, f"/console/usage/{plan.id}/approve", page="/console/usage", hash=plan.hash)
        post(client, f"/console/usage/{plan.id}/apply", page="/console/usage")
        work()
        assert website.rows() == []
        assert "Carried out" in client.get("/console/usage").text


def capped(env, **limits):
    return replace(env, policy=replace(env.policy, usage=replace(env.policy.usage, **limits)))


def told_of(env, action):
    return sum(1 for line in env.store.ledger.lines() if line.action == action)


def with_policy(env, tmp_path, content):
    file = tmp_path / "other.toml"
    file.write_text(content)
    return replace(env, policy=load_policy(file))
