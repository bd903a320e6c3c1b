"""Stories: a contact comes into being, and is tagged from the record itself."""

from __future__ import annotations

import pytest

from crm_gdpr.addons.provenance.handlers import tag_everyone, tag_missed
from crm_gdpr.addons.provenance.tagging import TAGS
from crm_gdpr.emulator import Portal
from crm_gdpr.emulator.faults import Fault
from tests.events import created

ADDRESS = "astrid@example.com"


def test_a_new_contact_is_tagged_from_its_own_record(portal: Portal, deliver, work):
    jane = portal.add_contact(
        email="jane@example.com",
        hs_object_source="CRM_UI",
        hs_object_source_detail_1="https://example.com/about",
    )
    assert deliver(created(portal, jane)).status_code == 204
    work()
    assert portal.value("contacts", jane, "gdpr_source") == "outreach"
    assert portal.value("contacts", jane, "gdpr_legal_basis") == "legitimate_interest"


def test_every_tag_is_written_with_its_evidence(portal, env, deliver, work):
    jane = portal.add_contact(email=ADDRESS, createdate="2026-01-09T23:30:00Z", hs_object_source="FORM")
    deliver(created(portal, jane))
    work()
    tags = {name: portal.value("contacts", jane, name) for name in TAGS}
    assert tags["gdpr_source"] == "website"
    assert tags["gdpr_collected_on"] == "2026-01-10"
    assert tags["gdpr_policy_version"] == env.policy.version
    assert tags["gdpr_source_evidence"].startswith("website form: ")
    assert ADDRESS not in str(tags)


def test_the_ledger_says_that_it_was_tagged_and_not_who(portal, env, deliver, work):
    jane = portal.add_contact(email=ADDRESS)
    deliver(created(portal, jane))
    work()
    (line,) = env.store.ledger.lines()
    assert (line.action, line.subject) == ("source.tagged", env.pseudonym(jane))
    assert ADDRESS not in str(line)


def test_what_a_person_wrote_is_never_overwritten(portal, env, deliver, work):
    jane = portal.add_contact(email=ADDRESS, gdpr_source="other")
    deliver(created(portal, jane))
    work()
    tag_everyone(env)
    assert portal.value("contacts", jane, "gdpr_source") == "other"
    assert env.store.ledger.lines() == []


def test_what_webhooks_missed_is_tagged_at_night_and_once(portal, env):
    people = [portal.add_contact(email=f"p{n}@example.com") for n in range(3)]
    for _ in range(2):
        tag_missed(env)
    assert all(portal.value("contacts", person, "gdpr_source") for person in people)
    assert [line.action for line in env.store.ledger.lines()] == ["source.tagged"] * 3


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_hubspot_delays_the_tag_and_does_not_lose_it(portal, emulator, env, deliver, work, status):
    jane = portal.add_contact(email=ADDRESS)
    emulator.guard.faults.waiting.append(Fault(match="/contacts", status=status, retry_after=0))
    deliver(created(portal, jane))
    work()
    assert portal.value("contacts", jane, "gdpr_source")
    assert env.store.work.failed() == []
