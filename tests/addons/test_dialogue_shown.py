"""What people see of it: how far a reading has come, what it found, and the whole trace of one person."""

from __future__ import annotations

import json
from datetime import date

import pytest
from click.testing import CliRunner

from crm_gdpr.addons.dialogue import hands
from crm_gdpr.addons.dialogue.reconcile import begin, reconcile
from crm_gdpr.cli import cli, reading
from crm_gdpr.cli import portal as commands
from tests.addons.nights import silent
from tests.addons.pages import sign_in


@pytest.fixture
def jane(portal, env):
    """A person with a reply, a mail of ours, a talk vouched for, and a colleague who was called."""
    company = portal.add_company()
    jane = silent(portal, gdpr_attested_on="2026-03-01", gdpr_attested_reason="Mässa")
    kim = silent(portal, "kim@example.com")
    for person in (jane, kim):
        portal.link(("contacts", person), ("companies", company))
    portal.log("email", contacts=[jane], hs_timestamp="2026-02-01T10:00:00Z", hs_email_direction="INCOMING_EMAIL")
    portal.log("email", contacts=[jane], hs_timestamp="2026-05-01T10:00:00Z")
    portal.log("note", contacts=[kim], hs_timestamp="2026-06-01T10:00:00Z")
    reconcile(env, full=True)
    return jane


def test_explain_tells_every_event_counted_or_not_and_why(env, jane, monkeypatch):
    monkeypatch.setattr(commands, "boot", lambda: env)
    ran = CliRunner().invoke(cli, ["explain", jane, "--json"])
    told = json.loads(ran.stdout)
    assert [(e["on"], e["whose"], e["counts"]) for e in told["events"]] == [
        ("2026-02-01", "person", "yes"),
        ("2026-03-01", "attested", "yes"),
        ("2026-05-01", "person", "no"),
        ("2026-06-01", "organisation", "no"),
    ]
    assert all(e["why_sv"] and e["why_en"] for e in told["events"])
    assert told["last_dialogue"]["whose"] == "attested"


def test_the_persons_page_tells_the_same(env, jane, client):
    sign_in(client, env)
    page = client.get(f"/console/people/{jane}?lang=en").text
    for each in (
        "2026-02-01", "attested/2026-03-01", "2026-05-01", "2026-06-01", "Does not count", "attested by the owner"
    ):  # fmt: skip
        assert each in page


def test_a_reading_that_goes_on_tells_how_far_it_has_come(portal, env, jane, client):
    reading_now = begin(env, full=True)
    hands.read_part(env, reading_now, *env.store.scans.claim(reading_now.id, "one", most=1))
    portal.advance(seconds=10)
    progress = env.store.scans.progress(reading_now).to_json(env.clock.now())
    assert progress["records"] == 2
    assert progress["calls"] == 1
    assert progress["parts"] == f"1/{len(env.scan().kinds)}"
    assert progress["seconds_left"] > 0
    assert (
        reading.said(progress)
        == f"2 records, 0/s, 1 calls, parts {progress['parts']}, about {progress['seconds_left']} s left"
    )
    sign_in(client, env)
    assert "Läser nu: 2 poster" in client.get("/console/?lang=sv").text


def test_the_nights_tell_what_no_webhook_had_told(portal, env, jane, client):
    portal.log("call", contacts=[jane])
    reconcile(env, full=True)
    sign_in(client, env)
    assert "<td>calls 1</td>" in client.get("/console/").text


def test_the_index_may_be_dropped_and_is_built_anew(portal, env, jane):
    before = env.store.index.standing(jane)
    env.store.index.drop()
    assert env.store.index.known(jane) is None
    reconcile(env)
    assert env.store.index.standing(jane) == before
    assert before.last_dialogue_on == date(2026, 3, 1)


def test_the_command_builds_it_anew_only_when_told_to(portal, env, jane, monkeypatch):
    monkeypatch.setattr(reading, "boot", lambda: env)
    for _ in range(2):
        portal.advance(days=3)
        reconcile(env)
    before = env.store.index.standing(jane)
    env.store.index.forget(jane)
    told = CliRunner().invoke(cli, ["reconcile", "--json"])
    assert told.exit_code == 0, told.output
    assert env.store.index.known(jane) is None, "nothing has changed in HubSpot"
    told = CliRunner().invoke(cli, ["reconcile", "--anew", "--json"])
    assert told.exit_code == 0, told.output
    assert env.store.index.standing(jane) == before
    assert json.loads(told.output) == env.store.scans.last()


def test_who_lies_in_the_bin_keeps_what_they_are_judged_by_when_the_index_is_dropped(env, jane):
    env.store.index.archived(jane, archived=True)
    before = env.store.index.known(jane).facts.dialogue
    env.store.index.drop()
    assert len(before) == 2
    assert env.store.index.known(jane).facts.dialogue == before
