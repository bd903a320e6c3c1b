"""Stories: the last real dialogue of everyone, found every night and shown to sales."""

from __future__ import annotations

import pytest

from crm_gdpr.addons.dialogue.reconcile import reconcile, reconcile_fully
from crm_gdpr.emulator.actor import SALES
from tests.addons.nights import silent
from tests.events import event


@pytest.fixture
def jane(portal, env):
    return silent(portal)


def reply(portal, person, at="2026-06-01T10:00:00Z"):
    return portal.log(
        "email",
        contacts=[person],
        hs_timestamp=at,
        hs_email_direction="INCOMING_EMAIL",
        hs_email_subject="Hej",
        hs_email_text="Gärna!",
    )


def last(portal, person):
    return portal.value("contacts", person, "gdpr_last_dialogue_on")


def test_a_reply_is_dialogue_and_the_event_is_named(portal, env, jane):
    mail = reply(portal, jane)
    reconcile_fully(env)
    assert last(portal, jane) == "2026-06-01"
    assert portal.value("contacts", jane, "gdpr_last_dialogue_event") == f"emails/{mail}"
    assert portal.value("contacts", jane, "gdpr_next_step") == "review"
    assert portal.value("contacts", jane, "gdpr_next_step_on") == "2027-06-01"


def test_what_we_send_is_no_dialogue(portal, env, jane):
    portal.log("email", contacts=[jane], hs_timestamp="2026-06-01T10:00:00Z")
    reconcile_fully(env)
    assert not last(portal, jane)


def test_a_new_reply_is_found_by_the_nightly_reading(portal, env, jane):
    reply(portal, jane)
    reconcile_fully(env)
    portal.advance(days=1)
    reply(portal, jane, "2026-11-03T07:00:00Z")
    reconcile(env)
    assert last(portal, jane) == "2026-11-03"


def test_an_edit_of_our_conclusions_is_put_back(portal, env, jane):
    reply(portal, jane)
    reconcile_fully(env)
    portal.edit("contacts", jane, gdpr_last_dialogue_on="2020-01-01")
    reconcile_fully(env)
    assert last(portal, jane) == "2026-06-01"


def test_a_quiet_night_writes_nothing(portal, env, jane, emulator):
    reply(portal, jane)
    reconcile_fully(env)
    before = portal.value("contacts", jane, "lastmodifieddate")
    reconcile_fully(env)
    assert env.store.scans.last()["written"] == 0
    assert portal.value("contacts", jane, "lastmodifieddate") == before


def test_an_attested_talk_is_read_soon_after(portal, env, deliver, work):
    jane = portal.add_contact(email="jane@example.com", createdate="2026-03-01T09:00:00Z", gdpr_source="website")
    reconcile_fully(env)
    portal.edit("contacts", jane, gdpr_attested_on="2026-10-01", gdpr_attested_reason="Träffades på mässa")
    deliver(event(portal, "contact.propertyChange", jane, propertyName="gdpr_attested_on"))
    work()
    assert last(portal, jane) == "2026-10-01"
    assert env.store.index.standing(jane).verdict == "keep"


def test_a_reading_is_told_in_the_ledger_in_numbers(portal, env, jane):
    reconcile_fully(env)
    (line,) = env.store.ledger.lines()
    assert line.action == "dialogue.reconciled"
    assert line.subject is None
    assert "jane@example.com" not in str(line)


def test_a_deal_that_closes_is_known_before_the_night(portal, env, deliver, work):
    company, jane = portal.add_company(), silent(portal)
    portal.link(("contacts", jane), ("companies", company))
    deal = portal.add_deal(companies=[company])
    reconcile_fully(env)
    portal.edit("deals", deal, dealstage="closedlost")
    deliver(event(portal, "deal.propertyChange", deal, propertyName="dealstage"))
    work()
    assert env.store.index.known(jane).facts.organisation.open_deals == ()


def test_a_deal_that_is_deleted_is_dropped_before_the_night(portal, env, deliver, work, jane):
    deal = portal.add_deal(contacts=[jane])
    reconcile_fully(env)
    portal.archive("deals", deal)
    deliver(event(portal, "deal.deletion", deal))
    work()
    assert env.store.index.known(jane).facts.organisation is None


def test_who_moves_to_another_company_stands_for_that_one(portal, env, deliver, work, jane):
    first, second = portal.add_company(), portal.add_company()
    portal.link(("contacts", jane), ("companies", first))
    reconcile_fully(env)
    portal.edit("contacts", jane, associatedcompanyid=second)
    deliver(event(portal, "contact.propertyChange", jane, propertyName="associatedcompanyid"))
    work()
    assert env.store.index.known(jane).facts.organisation.id == second


def test_a_deleted_mail_moves_the_date_to_the_next_best_event(portal, env, jane):
    reply(portal, jane, "2026-03-01T10:00:00Z")
    newest = reply(portal, jane)
    reconcile_fully(env)
    portal.archive("emails", newest)
    reconcile_fully(env)
    assert last(portal, jane) == "2026-03-01"


def test_a_mail_that_was_another_persons_moves_both_dates(portal, env, jane):
    kim = silent(portal, "kim@example.com")
    mail = reply(portal, jane)
    reconcile_fully(env)
    portal.dissociate(("emails", int(mail)), ("contacts", int(jane)), None, actor=SALES)
    portal.link(("emails", mail), ("contacts", kim))
    reconcile_fully(env)
    assert (last(portal, jane) or "", last(portal, kim)) == ("", "2026-06-01")


def test_who_was_merged_hands_their_dialogue_to_the_survivor(portal, env, jane):
    kim = silent(portal, "kim@example.com")
    reply(portal, kim)
    reconcile_fully(env)
    survivor = str(portal.merge("contacts", jane, kim).id)
    reconcile_fully(env)
    assert last(portal, survivor) == "2026-06-01"
    assert env.store.index.known(kim) is None
