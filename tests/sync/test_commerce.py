"""HubSpot's own subscriptions: whose contacts are customers, and what is concluded where they cannot be read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm_gdpr.emulator.actor import SALES
from crm_gdpr.emulator.faults import Fault
from crm_gdpr.policy import decide
from crm_gdpr.policy.facts import UNKNOWN
from crm_gdpr.sync import read_facts
from tests.addons.nights import silent


@pytest.fixture
def firm(portal):
    return portal.add_company(lifecyclestage="lead", createdate="2023-01-10T09:00:00Z")


@pytest.fixture
def jane(portal, firm):
    person = silent(portal)
    portal.link(("contacts", person), ("companies", firm))
    return person


def subscription(portal, *around, **properties):
    values = {"hs_subscription_status": "active", **properties}
    made = portal.create("subscriptions", values, actor=SALES).id
    for one in around:
        portal.link(one, ("subscriptions", str(made)))
    return str(made)


def organisation(env, person):
    return read_facts(env.hubspot, person, env.policy).organisation


def first_reason(env, person):
    facts = read_facts(env.hubspot, person, env.policy)
    facts = replace(facts, contact=replace(facts.contact, request_open=False))
    return decide(facts, env.policy, env.today()).because[0].code


@pytest.mark.parametrize("whose", ["contacts", "companies", "deals"])
def test_a_running_one_makes_a_customer_whoever_it_hangs_on(portal, env, firm, jane, whose):
    deal = portal.add_deal(companies=[firm], dealstage="closedlost")
    subscription(portal, (whose, {"contacts": jane, "companies": firm, "deals": deal}[whose]))
    assert organisation(env, jane).customer is True
    assert first_reason(env, jane) == "customer"


def test_a_colleagues_keeps_too(portal, env, firm, jane):
    colleague = portal.add_contact(email="john@example.com")
    portal.link(("contacts", colleague), ("companies", firm))
    subscription(portal, ("contacts", colleague))
    assert organisation(env, jane).customer is True


def test_one_of_another_company_keeps_where_any_may(portal, env, jane, firm):
    other = portal.add_company(lifecyclestage="lead")
    portal.link(("contacts", jane), ("companies", other))
    portal.edit("contacts", jane, associatedcompanyid=firm)
    subscription(portal, ("companies", other))
    assert organisation(env, jane).customer is True
    alone = replace(env.policy, relationship=replace(env.policy.relationship, companies="primary"))
    assert read_facts(env.hubspot, jane, alone).organisation.customer is False


def test_who_has_no_company_is_a_customer_by_their_own(portal, env):
    person = silent(portal, "john@example.com")
    assert organisation(env, person) is None
    subscription(portal, ("contacts", person))
    assert organisation(env, person).customer is True


@pytest.mark.parametrize("status", ["past_due", "paused", "scheduled", "a status of tomorrow"])
def test_whatever_has_not_ended_runs(portal, env, firm, jane, status):
    subscription(portal, ("companies", firm), hs_subscription_status=status)
    assert organisation(env, jane).customer is True


@pytest.mark.parametrize("status", ["canceled", "EXPIRED"])
def test_one_that_ended_ended_the_relationship_on_its_day(portal, env, firm, jane, status):
    made = subscription(portal, ("companies", firm))
    portal.advance(days=3)
    portal.edit("subscriptions", made, hs_subscription_status=status)
    ended_on = env.today()
    portal.advance(days=3)
    known = organisation(env, jane)
    assert (known.customer, known.relationship_ended_on) == (False, ended_on)


def test_one_without_a_status_is_not_known(portal, env, firm, jane):
    subscription(portal, ("companies", firm), hs_subscription_status="")
    assert organisation(env, jane).customer is UNKNOWN


def test_one_that_is_listed_and_not_told_is_not_known(portal, env, emulator, firm, jane):
    subscription(portal, ("companies", firm))
    emulator.guard.faults.waiting = [Fault(match="/subscriptions/batch/read", method="POST", status=403)]
    assert organisation(env, jane).customer is UNKNOWN


def test_without_the_scope_nobody_is_told_from_a_customer(env, emulator, jane):
    emulator.guard.faults.waiting = [Fault(match="/subscriptions/batch/read", status=403, times=9)]
    assert organisation(env, jane).customer is UNKNOWN


def test_nor_is_who_has_no_company(portal, env, emulator):
    person = silent(portal, "john@example.com")
    emulator.guard.faults.waiting = [Fault(match="/subscriptions/batch/read", status=403, times=9)]
    assert organisation(env, person).customer is UNKNOWN


@pytest.mark.parametrize("status", [400, 404])
def test_an_account_without_them_has_none(env, emulator, jane, status):
    emulator.guard.faults.waiting = [Fault(match="/subscriptions/batch/read", status=status, times=9)]
    assert organisation(env, jane).customer is False


def test_a_refusal_in_an_account_that_has_them_is_not_known(env, emulator, jane):
    emulator.guard.faults.waiting = [Fault(match="/companies/subscriptions/batch/read", status=400)]
    assert organisation(env, jane).customer is UNKNOWN


def test_policy_may_leave_them_out(portal, env, emulator, firm, jane):
    subscription(portal, ("companies", firm))
    emulator.guard.faults.waiting = [Fault(match="subscriptions", status=403, times=9)]
    out = replace(env.policy, relationship=replace(env.policy.relationship, subscriptions="ignore"))
    assert read_facts(env.hubspot, jane, out).organisation.customer is False
