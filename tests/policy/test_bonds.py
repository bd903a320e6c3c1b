"""What an organisation bought, and holds on it and its deals, as facts about a person."""

from dataclasses import replace
from datetime import date

import pytest

from crm_gdpr.policy.bonds import with_hold, with_relations, with_subscriptions
from crm_gdpr.policy.facts import UNKNOWN, Contact, Organisation

THEN, LATER = date(2025, 6, 30), date(2027, 6, 30)


def organisation(contract=None, customer=False):
    return Organisation(id="7", customer=customer, contract_until=contract, relationship_ended_on=contract)


@pytest.mark.parametrize(
    ("contract", "ends", "found"),
    [
        pytest.param(None, [], (False, None, None), id="nothing bought"),
        pytest.param(None, [LATER], (False, LATER, LATER), id="a won deal keeps to its end"),
        pytest.param(None, [THEN, LATER], (False, LATER, LATER), id="the longest counts"),
        pytest.param(LATER, [THEN], (False, LATER, LATER), id="the company's contract is one of them"),
        pytest.param(None, [None], (True, None, None), id="without any end it is a customer"),
        pytest.param(None, [THEN, None], (True, THEN, None), id="one without an end among others too"),
        pytest.param(THEN, [None], (False, THEN, THEN), id="without its own end it goes by the company's"),
        pytest.param(UNKNOWN, [None], (False, UNKNOWN, UNKNOWN), id="which may not be known"),
        pytest.param(UNKNOWN, [LATER], (False, UNKNOWN, UNKNOWN), id="nor what outlasts it"),
    ],
)
def test_what_was_bought(contract, ends, found):
    known = with_relations(organisation(contract), ends)
    assert (known.customer, known.contract_until, known.relationship_ended_on) == found


def test_a_customer_stays_one_whatever_ended():
    assert with_relations(organisation(THEN, customer=True), [THEN]).relationship_ended_on is None


@pytest.mark.parametrize(
    ("own", "around", "found"),
    [
        pytest.param(None, [], None, id="none anywhere"),
        pytest.param(None, [False, False], None, id="all without"),
        pytest.param(None, [False, True], "inherited", id="one around"),
        pytest.param("tvist", [True], "tvist", id="their own goes first"),
        pytest.param(UNKNOWN, [True], "inherited", id="one around, their own not known"),
        pytest.param(None, [False, None], UNKNOWN, id="one that cannot be read"),
        pytest.param(None, [None, True], "inherited", id="one that can and one that cannot"),
        pytest.param(UNKNOWN, [False], UNKNOWN, id="their own not known"),
    ],
)
def test_holds_are_inherited(own, around, found):
    assert with_hold(Contact(id="1", hold=own), around).hold == found


@pytest.mark.parametrize(
    ("contract", "customer", "ended", "found"),
    [
        pytest.param(None, False, [], (False, None), id="none"),
        pytest.param(None, False, [None], (True, None), id="one that runs"),
        pytest.param(None, False, [THEN, None], (True, None), id="one that runs among others"),
        pytest.param(None, False, [UNKNOWN, None], (True, None), id="one that runs beside one that is not told"),
        pytest.param(THEN, False, [None], (True, None), id="one that runs after the contract has ended"),
        pytest.param(None, False, [THEN], (False, THEN), id="one that ended"),
        pytest.param(LATER, False, [THEN], (False, LATER), id="the contract ended later"),
        pytest.param(THEN, False, [LATER], (False, LATER), id="the subscription ended later"),
        pytest.param(UNKNOWN, False, [THEN], (False, UNKNOWN), id="a contract that is not known"),
        pytest.param(None, False, [THEN, UNKNOWN], (UNKNOWN, None), id="one that is not told"),
        pytest.param(None, UNKNOWN, [THEN], (UNKNOWN, THEN), id="the rest is not known"),
        pytest.param(None, True, [THEN, UNKNOWN], (True, None), id="a customer anyhow"),
    ],
)
def test_what_is_subscribed_to(contract, customer, ended, found):
    until = None if customer is True else contract
    known = with_subscriptions(replace(organisation(contract, customer), relationship_ended_on=until), ended)
    assert (known.customer, known.relationship_ended_on) == found
