"""Stories: dead addresses, customers looked through once a year, and holds that are asked about on their day."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm_gdpr.addons.dialogue.reconcile import reconcile
from crm_gdpr.addons.retention import bounces
from crm_gdpr.addons.retention.bounces import propose
from crm_gdpr.addons.retention.customers import look_through
from crm_gdpr.addons.retention.reconsidering import reconsider
from tests.addons.nights import let_pass, silent


@pytest.fixture
def sven(portal):
    return portal.add_owner("sven@example.com", "Sven", "Säljare")


@pytest.fixture
def dana(portal, env):
    return portal.add_owner(env.policy.controller.officer, "Dana", "Skydd")


def tasks(portal, words, owner=None):
    found = [task.properties for task in portal.live["tasks"] if words in task.properties["hs_task_subject"]]
    return [task for task in found if owner in (None, task.get("hubspot_owner_id"))]


# --- dead addresses


def bounced(portal, email, **more):
    person = portal.add_contact(email=email, **more)
    portal.record("contacts", int(person)).note({"hs_email_hard_bounce_reason_enum": "UNKNOWN_USER"})
    return person


def test_a_dead_address_is_a_proposal_to_the_owner_once(portal, env, sven):
    person = bounced(portal, "kim@example.com", hubspot_owner_id=sven)
    propose(env)
    let_pass(env, portal, 8)
    propose(env)
    (task,) = tasks(portal, "addresses are dead", sven)
    assert f"/app/contacts/{person}" in task["hs_task_body"]
    assert "kim" not in str(task)
    assert not portal.value("contacts", person, "gdpr_not_relevant_since"), "a person confirms it"


def test_who_was_confirmed_is_not_proposed(portal, env, sven):
    bounced(portal, "kim@example.com", hubspot_owner_id=sven, gdpr_not_relevant_since="2026-10-01")
    propose(env)
    assert tasks(portal, "addresses are dead") == []


def test_several_on_one_domain_are_one_alarm_and_no_proposals(portal, env, sven, dana):
    people = [bounced(portal, f"p{n}@Firma.example", hubspot_owner_id=sven) for n in range(bounces.SEVERAL)]
    propose(env)
    propose(env)
    assert tasks(portal, "addresses are dead") == []
    (alarm,) = tasks(portal, "on one domain", dana)
    assert all(f"/contacts/{person}" in alarm["hs_task_body"] for person in people)
    assert "firma" not in str(alarm).casefold()


def test_once_the_officer_has_looked_owners_are_asked_and_new_ones_are_a_new_alarm(portal, env, sven, dana):
    def some(first):
        return [bounced(portal, f"p{first + n}@firma.example", hubspot_owner_id=sven) for n in range(bounces.SEVERAL)]

    def night():
        let_pass(env, portal, 8)
        propose(env)

    people = some(0)
    for _ in range(2):
        night()
    (alarm,) = env.store.errands.waiting(bounces.ALARM)
    assert tasks(portal, "addresses are dead") == []
    portal.edit("tasks", alarm.task_id, hs_task_status="COMPLETED")
    night()
    (asked,) = tasks(portal, "3 addresses are dead", sven)
    assert all(f"/contacts/{person}" in asked["hs_task_body"] for person in people)
    some(10)
    for _ in range(2):
        night()
    assert len(tasks(portal, "on one domain", dana)) == 2
    assert len(tasks(portal, "addresses are dead")) == 1


def test_a_provider_of_private_addresses_is_no_domain_of_one_company(portal, env, sven):
    for number in range(bounces.SEVERAL):
        bounced(portal, f"p{number}@gmail.com", hubspot_owner_id=sven)
    propose(env)
    assert len(tasks(portal, "3 addresses are dead", sven)) == 1
    assert tasks(portal, "on one domain") == []


# --- customers


@pytest.fixture
def firm(portal, env, sven):
    return portal.add_company(lifecyclestage="customer", hubspot_owner_id=sven)


def contact_of(portal, firm, **more):
    person = silent(portal, f"p{firm}@example.com", **more)
    portal.link(("contacts", person), ("companies", firm))
    return person


def looked_through(env):
    reconcile(env, full=True)
    look_through(env)


def test_once_a_year_the_owner_of_a_customer_looks_through_its_silent_contacts(portal, env, firm, sven):
    person = contact_of(portal, firm)
    talker = portal.add_contact(email="talker@example.com", gdpr_source="customer")
    portal.link(("contacts", talker), ("companies", firm))
    for _ in range(2):
        looked_through(env)
    (task,) = tasks(portal, "customer to look through", sven)
    assert f"/contacts/{person}" in task["hs_task_body"]
    assert f"/contacts/{talker}" not in task["hs_task_body"]
    assert f"/companies/{firm}" in task["hs_task_body"]
    portal.advance(days=366)
    looked_through(env)
    assert len(tasks(portal, "customer to look through", sven)) == 2


@pytest.mark.parametrize(
    ("company", "asked"),
    [
        pytest.param({}, True, id="lifecycle alone"),
        pytest.param({"contract_end_date": "2028-01-01"}, False, id="a contract that runs"),
        pytest.param({"gdpr_customer": "true"}, False, id="a flag, which has a review date of its own"),
    ],
)
def test_a_status_that_rests_on_nothing_that_ends_is_confirmed(portal, env, firm, company, asked):
    contact_of(portal, firm)
    portal.edit("companies", firm, **company)
    looked_through(env)
    (task,) = tasks(portal, "customer to look through")
    assert ("rests only on its lifecycle" in task["hs_task_body"]) is asked


@pytest.mark.parametrize(("more", "asked"), [({}, 1), ({"description": "2028-01-01"}, 0)], ids=["endless", "ends"])
def test_who_has_a_won_deal_and_no_company_is_confirmed_yearly_too(portal, env, sven, more, asked):
    relationship = replace(env.policy.relationship, deal_contract_until="description")
    env = replace(env, policy=replace(env.policy, relationship=relationship))
    person = silent(portal, hubspot_owner_id=sven)
    portal.add_deal(contacts=[person], dealstage="closedwon", **more)

    def bodies():
        found = (task["hs_task_body"] for task in tasks(portal, "customer to look through", sven))
        return [body for body in found if "belongs to no company" in body]

    for _ in range(2):
        looked_through(env)
    assert len(bodies()) == asked
    assert all(f"/contacts/{person}" in body for body in bodies())
    portal.advance(days=366)
    looked_through(env)
    assert len(bodies()) == 2 * asked


@pytest.mark.parametrize("kind", ["deal", "ticket"])
def test_what_was_left_open_for_a_year_keeps_nobody_unasked(portal, env, sven, kind):
    """A deal that nobody closed kept its people for ever, and nobody was ever asked."""
    firm = portal.add_company(lifecyclestage="lead", hubspot_owner_id=sven)
    person = contact_of(portal, firm)
    more = {"dealname": "Licens"} if kind == "deal" else {"subject": "Fråga"}
    made = getattr(portal, f"add_{kind}")(companies=[firm], createdate="2023-01-10T09:00:00Z", **more)
    for _ in range(2):
        looked_through(env)
    (task,) = tasks(portal, "customer to look through", sven)
    assert f"/contacts/{person}" in task["hs_task_body"]
    assert f"/app/{kind}s/{made}" in task["hs_task_body"]
    assert "If it is over: close it." in task["hs_task_body"]
    portal.advance(days=366)
    looked_through(env)
    assert len(tasks(portal, "customer to look through", sven)) == 2


def test_what_was_opened_this_year_is_not_asked_about(portal, env, sven):
    firm = portal.add_company(lifecyclestage="lead", hubspot_owner_id=sven)
    contact_of(portal, firm)
    portal.add_deal(companies=[firm], dealname="Licens")
    looked_through(env)
    assert tasks(portal, "customer to look through") == []


def test_what_somebody_confirmed_stands_in_the_ledger(portal, env, firm):
    contact_of(portal, firm)
    looked_through(env)
    (errand,) = env.store.errands.waiting("customer")
    portal.edit("tasks", errand.task_id, hs_task_status="COMPLETED")
    looked_through(env)
    assert "customer.confirmed" in [line.action for line in env.store.ledger.lines()]


def test_an_owner_is_asked_about_a_few_customers_a_week(portal, env, sven):
    for _ in range(6):
        contact_of(portal, portal.add_company(lifecyclestage="customer", hubspot_owner_id=sven))
    looked_through(env)
    assert len(tasks(portal, "customer to look through", sven)) == 5
    looked_through(env)
    assert len(tasks(portal, "customer to look through", sven)) == 6


# --- holds and flags

HELD = {"gdpr_hold_reason": "tvist", "gdpr_hold_by": "Dana"}


@pytest.mark.parametrize(
    ("values", "asked"),
    [
        pytest.param({**HELD, "gdpr_hold_until": "2027-06-01"}, False, id="a day ahead, within a year"),
        pytest.param({**HELD, "gdpr_hold_until": "2026-11-01"}, True, id="the day has come"),
        pytest.param({**HELD, "gdpr_hold_until": "2029-01-01"}, True, id="further ahead than a year"),
        pytest.param(HELD, True, id="no day"),
        pytest.param({"gdpr_hold_reason": "x", "gdpr_hold_until": "2027-06-01"}, True, id="nobody"),
        pytest.param({}, False, id="no hold"),
    ],
)
@pytest.mark.parametrize("kind", ["contact", "company", "deal"])
def test_a_hold_is_asked_about_when_its_day_comes_or_it_has_none(portal, env, dana, kind, values, asked):
    getattr(portal, f"add_{kind}")(**values)
    reconsider(env)
    assert bool(tasks(portal, "to review", dana)) is asked


def test_a_flag_without_a_reason_is_asked_about_until_it_has_one(portal, env, dana):
    firm = portal.add_company(gdpr_customer="true")
    reconsider(env)
    let_pass(env, portal, 8)
    reconsider(env)
    assert len(tasks(portal, "1 holds and customer flags", dana)) == 1
    let_pass(env, portal, 23)
    reconsider(env)
    assert len(tasks(portal, "1 holds and customer flags", dana)) == 2
    portal.edit(
        "companies", firm, gdpr_customer_why="ramavtal", gdpr_customer_by="Dana", gdpr_customer_until="2027-06-01"
    )
    let_pass(env, portal, 31)
    reconsider(env)
    assert len(tasks(portal, "holds and customer flags", dana)) == 2
