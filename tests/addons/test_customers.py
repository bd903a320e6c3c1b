"""Whoever belongs to a customer stays, whatever says so: the index at night and the gate's own reading agree."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm_gdpr.addons.dialogue.reconcile import reconcile
from crm_gdpr.policy import decide
from crm_gdpr.sync import read_facts
from tests.addons.nights import silent


def by(env, **relationship):
    """The same account under a policy that names more of its fields."""
    return replace(env, policy=replace(env.policy, relationship=replace(env.policy.relationship, **relationship)))


@pytest.fixture
def firm(portal, env):
    return portal.add_company(lifecyclestage="lead", createdate="2023-01-10T09:00:00Z")


@pytest.fixture
def jane(portal, firm):
    person = silent(portal)
    portal.link(("contacts", person), ("companies", firm))
    return person


def won(portal, firm, **more):
    """Add a deal that was won long ago."""
    now = portal.clock.now_ms()
    portal.clock.stop(1_675_245_600_000)
    deal = portal.add_deal(companies=[firm], dealstage="closedwon", **more)
    portal.clock.stop(now)
    return deal


def both(env, person):
    """Judge by the index and by what the gate reads; they say the same."""
    reconcile(env, full=True)
    by_index = verdict(env, env.store.index.known(person).facts)
    assert by_index == verdict(env, read_facts(env.hubspot, person, env.policy))
    return by_index.verdict, by_index.because[0].code


def verdict(env, facts):
    return decide(replace(facts, contact=replace(facts.contact, request_open=False)), env.policy, env.today())


def test_nobody_keeps_somebody_silent(portal, env, jane):
    assert both(env, jane)[0] == "review"


def test_a_won_deal_without_an_end_keeps(portal, env, firm, jane):
    won(portal, firm)
    assert both(env, jane) == ("keep", "customer")


@pytest.mark.parametrize(("until", "said"), [("2027-06-30", "keep"), ("2024-01-31", "review")])
def test_a_won_deal_goes_by_the_contract_of_its_company(portal, env, firm, jane, until, said):
    won(portal, firm)
    portal.edit("companies", firm, contract_end_date=until)
    assert both(env, jane)[0] == said


@pytest.mark.parametrize(("until", "said"), [("2027-06-30", "keep"), ("2024-01-31", "review")])
def test_or_by_its_own(portal, env, firm, jane, until, said):
    env = replace(
        env,
        policy=replace(env.policy, relationship=replace(env.policy.relationship, deal_contract_until="description")),
    )
    won(portal, firm, description=until)
    assert both(env, jane)[0] == said


def test_a_lost_deal_keeps_nobody(portal, env, firm, jane):
    deal = won(portal, firm)
    portal.edit("deals", deal, dealstage="closedlost")
    assert both(env, jane)[0] == "review"


def test_a_subscription_keeps_like_a_contract(portal, env, firm, jane):
    env = by(env, subscription_until="description")
    portal.edit("companies", firm, contract_end_date="2024-01-31", description="2027-01-01")
    assert both(env, jane) == ("keep", "contract_runs")


def test_the_persons_own_stage_keeps_as_long_as_no_contract_ended(portal, env, firm, jane):
    portal.edit("contacts", jane, lifecyclestage="customer")
    assert both(env, jane) == ("keep", "customer")
    portal.edit("companies", firm, contract_end_date="2024-01-31")
    assert both(env, jane)[0] == "review"


@pytest.mark.parametrize("kind", ["companies", "deals"])
def test_a_hold_on_the_company_or_a_deal_is_inherited(portal, env, firm, jane, kind):
    lost = won(portal, firm)
    portal.edit("deals", lost, dealstage="closedlost")
    portal.edit(kind, {"companies": firm, "deals": lost}[kind], gdpr_hold_reason="tvist")
    assert both(env, jane) == ("keep", "hold")


def test_a_hold_on_their_own_deal_is_inherited_by_who_has_no_company(portal, env):
    person = silent(portal)
    deal = portal.add_deal(contacts=[person])
    portal.edit("deals", deal, dealstage="closedlost", gdpr_hold_reason="tvist")
    assert both(env, person) == ("keep", "hold")
