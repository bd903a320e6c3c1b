"""Whatever happens in whatever order, after a full reading the index is what it would be if it were built anew."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_gdpr.addons.dialogue.handlers import keep_up
from crm_gdpr.addons.dialogue.reconcile import reconcile
from crm_gdpr.emulator.actor import SALES
from crm_gdpr.emulator.errors import Refusal
from tests.addons.readings import index_of, rebuilt

KINDS = ("contacts", "companies", "deals", "tickets")


def one_of(portal, kind, number):
    """Return the id of one of the live records of a kind, or None."""
    ids = [str(record.id) for record in portal.live[kind]]
    return ids[number % len(ids)] if ids else None


def with_person(portal, number, act):
    person = one_of(portal, "contacts", number)
    if person is not None:
        act(person)


def say(portal, env, one, two):
    kind = ("email", "call", "meeting", "note")[two % 4]
    with_person(portal, one, lambda person: portal.log(kind, contacts=[person]))


def arrive(portal, env, one, two):
    portal.add_contact(email=f"a{next(portal._ids)}@example.com", gdpr_source="website")


def found_company(portal, env, one, two):
    company = portal.add_company()
    with_person(portal, one, lambda person: portal.link(("contacts", person), ("companies", company)))


def open_deal(portal, env, one, two):
    with_person(portal, one, lambda person: portal.add_deal(contacts=[person]))


def open_ticket(portal, env, one, two):
    with_person(portal, one, lambda person: portal.add_ticket(contacts=[person]))


def close_deal(portal, env, one, two):
    deal = one_of(portal, "deals", one)
    if deal is not None:
        portal.edit("deals", deal, dealstage="closedlost")


def join(portal, env, one, two):
    company = one_of(portal, "companies", two)
    if company is not None:
        with_person(portal, one, lambda person: portal.edit("contacts", person, associatedcompanyid=company))


def delete(portal, env, one, two):
    kind = ("calls", "emails", "deals", "companies")[two % 4]
    record = one_of(portal, kind, one)
    if record is not None:
        portal.archive(kind, record, actor=SALES)


def merge(portal, env, one, two):
    first, second = one_of(portal, "contacts", one), one_of(portal, "contacts", two)
    if first != second:
        portal.merge("contacts", first, second)


def let_pass(portal, env, one, two):
    portal.advance(hours=one)


def night(portal, env, one, two):
    reconcile(env)


def week(portal, env, one, two):
    reconcile(env, full=True)


def webhook(portal, env, one, two):
    kind = KINDS[two % 4]
    record = one_of(portal, kind, one)
    if record is not None:
        keep_up(env, kind, [record])


ACTS = (say, say, arrive, found_company, open_deal, open_ticket, close_deal, join, delete, merge)
TIMES = (let_pass, night, week, webhook, webhook)
NUMBER = st.integers(0, 40)
STEPS = st.lists(st.tuples(st.sampled_from((*ACTS, *TIMES)), NUMBER, NUMBER), min_size=4, max_size=14)


def end_the_same(portal, env, tmp_path, steps):
    for act, one, two in steps:
        try:
            act(portal, env, one, two)
        except Refusal:  # the account does not allow it; nothing happened
            continue
    reconcile(env, full=True)
    assert index_of(env.store) == rebuilt(env, tmp_path)


RELAXED = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@settings(RELAXED, max_examples=6)
@given(steps=STEPS)
def test_any_interleaving_ends_in_the_index_built_anew(portal, env, tmp_path, steps):
    end_the_same(portal, env, tmp_path, steps)


@pytest.mark.slow
@settings(RELAXED, max_examples=300)
@given(steps=STEPS)
def test_any_of_many_interleavings_ends_in_the_index_built_anew(portal, env, tmp_path, steps):
    end_the_same(portal, env, tmp_path, steps)
