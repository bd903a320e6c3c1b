"""Stories of the console: an objection is taken, decided, withdrawn, and who came back is released."""

from __future__ import annotations

import re

import pytest

from crm_gdpr.addons.objection.taking import object_to
from crm_gdpr.emulator.actor import app
from tests.addons.nights import told
from tests.addons.pages import post, sign_in
from tests.events import created


@pytest.fixture
def jane(portal, env):
    return portal.add_contact(email="jane@example.com", firstname="Jane", lastname="Doe")


@pytest.fixture
def officer(client, env):
    sign_in(client, env)
    return client


@pytest.fixture
def support(client, env):
    sign_in(client, env, "support", "sam")
    return client


def test_support_takes_a_no_that_was_said_on_the_phone(portal, env, jane, support, work):
    answer = post(support, f"/console/people/{jane}/objection", how="phone", scope="marketing")
    assert answer.location == "/console/objections/1"
    work()
    (recorded,) = env.store.objections.of([jane])
    assert (recorded.channel, recorded.by) == ("phone", "sam")
    assert portal.value("contacts", jane, "gdpr_objected_on")
    page = support.get("/console/objections?lang=en").text
    assert "Jane Doe" in page
    assert "All direct marketing" in page
    assert 'href="/console/objections/1"' in support.get(f"/console/people/{jane}").text


@pytest.mark.parametrize(
    ("how", "scope"), [("", "marketing"), ("unsubscribe", "marketing"), ("phone", "type"), ("phone", "")]
)
def test_what_a_colleague_cannot_have_heard_is_not_taken(env, jane, support, how, scope):
    assert post(support, f"/console/people/{jane}/objection", how=how, scope=scope).status_code == 404
    assert env.store.objections.all() == []


@pytest.mark.parametrize("whom", ["999", "jane"])
def test_nobody_is_objected_for_who_is_not_there(env, support, whom):
    answer = post(support, f"/console/people/{whom}/objection", how="phone", scope="marketing")
    assert answer.status_code == 404
    assert env.store.objections.all() == []


def test_the_persons_own_link_stands_on_their_page_and_works(env, jane, support, client):
    link = re.search(r"http://localhost(/o/[\w-]+)", support.get(f"/console/people/{jane}").text)
    assert link
    assert client.get(link.group(1)).status_code == 200


def test_the_person_changed_their_mind(portal, env, jane, support, work):
    object_to(env, jane, how="phone", by="kim")
    work()
    refused = post(support, "/console/objections/1/withdraw", why=" ")
    assert refused.status_code == 409
    assert env.store.objections.get(1).state == "holds"
    post(support, "/console/objections/1/withdraw", why="ringde och ville ha nyhetsbrevet")
    assert env.store.objections.get(1).state == "withdrawn"
    assert not portal.value("contacts", jane, "gdpr_objected_on")
    assert "ringde och ville" in support.get("/console/objections/1").text
    assert "ringde" not in str(env.store.ledger.lines())


def test_support_does_not_decide(env, jane, support):
    object_to(env, jane, how="mail", by="kim", scope="processing")
    assert post(support, "/console/objections/1/decide", verdict="upheld", why="-").status_code == 403


@pytest.mark.parametrize("verdict", ["upheld", "overruled"])
def test_an_objection_on_other_grounds_is_decided(env, jane, officer, verdict):
    object_to(env, jane, how="mail", by="kim", scope="processing")
    assert "To be decided" in officer.get("/console/objections?lang=en").text
    assert post(officer, "/console/objections/1/decide", verdict="maybe", why="x").status_code == 404
    post(officer, "/console/objections/1/decide", verdict=verdict, why="the claim is before a court")
    assert env.store.objections.get(1).state == verdict
    assert f"objection.{verdict}" in told(env, jane)


def test_somebody_else_in_quarantine_is_released(portal, env, jane, support, work, deliver):
    object_to(env, jane, how="phone", by="kim")
    portal.purge(jane)
    back = portal.add_contact(actor=app(99), email="jane@example.com")
    deliver(created(portal, back))
    work()
    assert "somebody who said no" in support.get("/console/objections/1?lang=en").text
    assert post(support, f"/console/objections/1/release/{int(back) + 1}").status_code == 404
    post(support, f"/console/objections/1/release/{back}")
    assert not portal.value("contacts", back, "gdpr_quarantined_on")
    assert env.store.objections.carried_by(1) == [jane]


def test_an_objection_that_is_not_there_has_no_page(officer):
    assert officer.get("/console/objections/9").status_code == 404
