"""The dialogue index: enough to judge everyone, and nothing that names anyone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from crm_gdpr.addons.dialogue.handlers import keep_up
from crm_gdpr.addons.dialogue.reconcile import reconcile
from crm_gdpr.policy import UNKNOWN
from crm_gdpr.sync import read_facts
from tests.addons.readings import index_of

CANARY = "canaryastrid"


@pytest.fixture
def known(portal, env):
    """Read the portal into the index; return what it knows of a person."""

    def read(person):
        reconcile(env, full=True)
        return env.store.index.known(person).facts

    return read


def refs(events):
    return {event.ref for event in events}


def test_a_persons_own_dialogue(portal, known):
    jane, other = portal.add_contact(email="jane@example.com"), portal.add_contact(email="other@example.com")
    call, _ = portal.log("call", contacts=[jane]), portal.log("call", contacts=[other])
    assert refs(known(jane).dialogue) == {f"calls/{call}"}


def test_a_colleagues_dialogue_is_the_organisations(portal, known):
    company = portal.add_company()
    jane, kim = portal.add_contact(email="jane@example.com"), portal.add_contact(email="kim@example.com")
    for person in (jane, kim):
        portal.link(("contacts", person), ("companies", company))
    call = portal.log("call", contacts=[kim])
    facts = known(jane)
    assert refs(facts.dialogue) == set()
    assert facts.organisation.id == company
    assert refs(facts.organisation.dialogue) == {f"calls/{call}"}


def test_what_is_logged_on_the_organisation_alone_is_its_dialogue(portal, known):
    company, jane = portal.add_company(), portal.add_contact(email="jane@example.com")
    portal.link(("contacts", jane), ("companies", company))
    meeting = portal.log("meeting", companies=[company])
    assert refs(known(jane).organisation.dialogue) == {f"meetings/{meeting}"}


def test_an_open_deal_is_known_and_a_closed_one_is_not(portal, known):
    company, jane = portal.add_company(), portal.add_contact(email="jane@example.com")
    portal.link(("contacts", jane), ("companies", company))
    deal = portal.add_deal(companies=[company])
    portal.add_deal(companies=[company], dealstage="closedlost")
    assert known(jane).organisation.open_deals == (f"deals/{deal}",)


def test_someone_without_an_organisation_stands_for_themselves(portal, known):
    jane, alone = portal.add_contact(email="jane@example.com"), portal.add_contact(email="alone@example.com")
    deal = portal.add_deal(contacts=[jane])
    facts = known(jane)
    assert facts.organisation.open_deals == (f"deals/{deal}",)
    assert known(alone).organisation is None


def test_several_companies_and_no_primary_one_is_not_known(portal, known):
    jane = portal.add_contact(email="jane@example.com")
    for name in ("A", "B"):
        portal.link(("contacts", jane), ("companies", portal.add_company(name=name)), 279)
    portal.edit("contacts", jane, associatedcompanyid="")
    assert known(jane).organisation is UNKNOWN


@pytest.fixture
def another(portal, known):
    """Somebody of two companies; the second is not their own."""
    jane = portal.add_contact(email="jane@example.com")
    own, other = portal.add_company(name="Egna AB"), portal.add_company(name="Annat AB")
    for company in (own, other):
        portal.link(("contacts", jane), ("companies", company))
    assert known(jane).organisation.id == own
    return jane, own, other


def test_another_company_of_a_person_protects_them_too(portal, env, known, another):
    jane, own, other = another
    deal = portal.add_deal(companies=[other])
    call = portal.log("call", companies=[other])
    portal.edit("companies", other, lifecyclestage="customer", contract_end_date="2027-01-01")
    found = known(jane).organisation
    assert (found.id, found.customer, found.open_deals) == (own, True, (f"deals/{deal}",))
    assert f"calls/{call}" not in refs(found.dialogue)
    read = read_facts(env.hubspot, jane, env.policy).organisation
    assert (read.customer, read.contract_until, read.open_deals) == (True, found.contract_until, found.open_deals)


def test_so_does_what_is_open_with_somebody_there(portal, known, another):
    jane, _, other = another
    colleague = portal.add_contact(email="colleague@example.com")
    portal.link(("contacts", colleague), ("companies", other))
    ticket = portal.add_ticket(contacts=[colleague])
    assert known(jane).organisation.open_tickets == (f"tickets/{ticket}",)


def test_by_the_other_switch_their_own_company_alone_protects(portal, env, another):
    jane, _, other = another
    portal.edit("companies", other, lifecyclestage="customer")
    relationship = replace(env.policy.relationship, companies="primary")
    alone = replace(env, policy=replace(env.policy, relationship=relationship))
    reconcile(alone, full=True)
    assert env.store.index.known(jane).facts.organisation.customer is False
    assert read_facts(env.hubspot, jane, alone.policy).organisation.customer is False


def test_what_changes_at_another_company_is_judged_anew_and_the_bond_is_dropped_with_them(portal, env, another):
    jane, _, other = another
    reconcile(env, full=True)
    portal.edit("companies", other, lifecyclestage="customer")
    keep_up(env, "companies", [other])
    assert jane in {known.contact_id for known in env.store.index.everyone(due_on=env.today())}
    portal.purge(jane)
    reconcile(env, full=True)
    assert not index_of(env.store)["links"]


def test_a_customer_is_known(portal, known):
    company, jane = portal.add_company(lifecyclestage="customer"), portal.add_contact(email="jane@example.com")
    portal.link(("contacts", jane), ("companies", company))
    assert known(jane).organisation.customer is True


def test_what_hubspot_no_longer_has_is_dropped_by_a_full_reading(portal, env, known):
    jane = portal.add_contact(email="jane@example.com")
    call = portal.log("call", contacts=[jane])
    assert refs(known(jane).dialogue)
    portal.archive("calls", call)
    assert refs(known(jane).dialogue) == set()
    portal.purge(jane)
    reconcile(env, full=True)
    assert env.store.index.known(jane) is None


def test_a_second_reading_of_the_same_portal_changes_nothing(portal, env, known):
    jane = portal.add_contact(email="jane@example.com")
    portal.log("call", contacts=[jane])
    first = known(jane)
    assert known(jane) == first


def test_the_index_says_what_hubspot_says(portal, env, known):
    """The verdict of the night and the verdict of the gate rest on the same facts."""
    company = portal.add_company()
    jane, kim = portal.add_contact(email="jane@example.com"), portal.add_contact(email="kim@example.com")
    for person in (jane, kim):
        portal.link(("contacts", person), ("companies", company))
        portal.log("email", contacts=[person], companies=[company], hs_email_direction="INCOMING_EMAIL")
    portal.add_deal(contacts=[jane], companies=[company])
    indexed, read = known(jane), read_facts(env.hubspot, jane, env.policy)
    assert refs(indexed.dialogue) == refs(read.dialogue)
    assert refs(indexed.organisation.dialogue) == refs(read.organisation.dialogue)
    assert set(indexed.organisation.open_deals) == set(read.organisation.open_deals)


def test_nothing_that_names_anyone_is_on_the_disk(portal, env, known, tmp_path: Path):
    company = portal.add_company(name=f"{CANARY} AB", domain=f"{CANARY}.example.com")
    jane = portal.add_contact(
        email=f"{CANARY}@example.com",
        firstname=CANARY,
        lastname=CANARY,
        phone=f"070{CANARY}",
        jobtitle=CANARY,
        gdpr_hold_reason=f"tvist med {CANARY}",
        gdpr_hold_by="kim",
        gdpr_hold_until="2027-06-01",
        gdpr_attested_on="2026-10-01",
        gdpr_attested_reason=f"träffade {CANARY}",
        gdpr_not_relevant_since="2026-10-01",
        gdpr_not_relevant_why=f"{CANARY} har slutat",
    )
    portal.link(("contacts", jane), ("companies", company))
    portal.log("note", contacts=[jane], hs_note_body=CANARY)
    portal.log("call", contacts=[jane], hs_call_title=CANARY, hs_call_body=CANARY)
    portal.log("meeting", contacts=[jane], hs_meeting_title=CANARY, hs_meeting_body=CANARY)
    portal.log("task", contacts=[jane], hs_task_subject=CANARY, hs_task_body=CANARY)
    portal.log(
        "email",
        contacts=[jane],
        hs_email_direction="INCOMING_EMAIL",
        hs_email_subject=CANARY,
        hs_email_text=CANARY,
        hs_email_html=f"<p>{CANARY}</p>",
    )
    portal.add_deal(contacts=[jane], dealname=CANARY)
    portal.add_ticket(contacts=[jane], subject=CANARY, content=CANARY)
    assert known(jane).contact.hold
    env.store.database.close()
    files = list(tmp_path.glob("store.db*"))
    assert files
    assert [file.name for file in files if CANARY.encode() in file.read_bytes()] == []
