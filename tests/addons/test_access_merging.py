"""A person whose records are merged keeps their requests, under every id; and is checked again before anything goes."""

from __future__ import annotations

import pytest

from crm_gdpr.addons.access import identity, steps
from crm_gdpr.addons.access.export import read
from crm_gdpr.addons.access.files import DRAFT
from crm_gdpr.addons.access.merging import is_gone
from crm_gdpr.policy import Right
from tests.events import event


@pytest.fixture
def two(portal) -> tuple[str, str]:
    anna = portal.add_contact(email="anna@example.com", firstname="Anna", lastname="Ek")
    return anna, portal.add_contact(email="a.ek@example.org", firstname="Anna", lastname="Ek")


@pytest.fixture
def accepted(env, portal, two, work) -> int:
    portal.advance(days=1)  # the addresses were on file before
    number = steps.open_request(env, right=Right.ACCESS, received_on=env.today(), contact_id=two[0], by="kim")
    work()
    identity.confirm(env, env.store.requests.get(number), "called back", by="kim")
    return number


def test_a_request_is_found_by_the_old_id_and_the_new_one(env, portal, two, accepted, deliver, work):
    work()
    survivor = str(portal.merge("contacts", *two).id)
    deliver(event(portal, "contact.merge", survivor))
    work()
    for id_ in (survivor, *two):
        assert [each.id for each in env.store.requests.of(id_)] == [accepted]
        assert env.store.requests.is_open(id_)
    assert {"request.opened", "request.merged"} <= {
        line.action for id_ in (survivor, *two) for line in env.store.ledger.lines(subject=env.pseudonym(id_))
    }
    assert "Begäran registrerades" in str(read(env, survivor))


def test_what_was_confirmed_before_a_merge_is_checked_again(env, portal, two, accepted, deliver, work):
    """It may be two people now, and the answer would hold both."""
    work()
    package = env.store.requests.package_of(accepted)
    survivor = str(portal.merge("contacts", *two).id)
    deliver(event(portal, "contact.merge", survivor))
    work()
    request = env.store.requests.get(accepted)
    assert (request.status, request.contact_id, request.identity_by) == ("acknowledged", survivor, None)
    assert not (env.settings.files / (package.file + DRAFT)).exists()
    with pytest.raises(steps.StepRefused):
        steps.release(env, request, by="kim")
    deliver(event(portal, "contact.merge", survivor))
    identity.confirm(env, request, "called back again", by="kim")
    work()
    assert env.store.requests.package_of(accepted).contact_id == survivor


def test_a_link_laid_before_a_merge_confirms_nothing_after_it(env, portal, two, client, deliver, work):
    portal.advance(days=1)
    number = steps.open_request(env, right=Right.ACCESS, received_on=env.today(), contact_id=two[0], by="kim")
    link = identity.send_link(env, env.store.requests.get(number), "anna@example.com", by="kim")
    survivor = str(portal.merge("contacts", *two).id)
    deliver(event(portal, "contact.merge", survivor))
    work()
    assert client.post(link.removeprefix("http://localhost")).status_code == 404
    request = env.store.requests.get(number)
    assert (request.status, request.contact_id, request.paused_on) == ("acknowledged", survivor, None)


def test_a_merge_that_nobody_told_of_is_met_when_the_answer_is_made(env, portal, two, accepted, work):
    survivor = str(portal.merge("contacts", *two).id)
    work()
    request = env.store.requests.get(accepted)
    assert (request.status, request.contact_id) == ("acknowledged", survivor)
    assert env.store.requests.package_of(accepted) is None


def test_candidates_who_were_merged_are_one(env, portal, two, deliver, work):
    number = steps.open_request(
        env, right=Right.ACCESS, received_on=env.today(), contact_id=None, by="kim", candidates=two
    )
    survivor = str(portal.merge("contacts", *two).id)
    deliver(event(portal, "contact.merge", survivor))
    work()
    assert env.store.requests.get(number).candidates == (survivor,)


@pytest.mark.parametrize("state", ["gone", "verified", "closed"])
def test_somebody_erased_under_one_id_is_gone_under_all(env, state):
    env.store.cases.open(contact_id="9", subject="-", way="request", frozen={"merged": ["7"]}, on=env.today())
    assert not is_gone(env, "7")
    env.store.cases.move("9", state, env.today())
    assert is_gone(env, "7")
    assert is_gone(env, "9")
    assert not is_gone(env, "8")
