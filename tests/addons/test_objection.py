"""Stories: a no is a no, recorded once with its day."""

from __future__ import annotations

import pytest

from crm_gdpr.addons.objection.handlers import object_to
from tests.addons.nights import told
from tests.events import event


@pytest.fixture
def jane(portal, env):
    return portal.add_contact(email="jane@example.com")


@pytest.fixture
def hear(portal, deliver, work):
    def optout(person, **more):
        deliver(event(portal, "contact.propertyChange", person, propertyName="hs_email_optout", **more))
        work()

    return optout


def test_whoever_leaves_all_mailings_has_objected(portal, env, jane, hear):
    portal.edit("contacts", jane, hs_email_optout="true")
    hear(jane, propertyValue="true")
    assert portal.value("contacts", jane, "gdpr_objected_on") == env.today().isoformat()
    assert portal.value("contacts", jane, "gdpr_objected_how") == "unsubscribed from all e-mail"
    assert told(env, jane) == ["objection.recorded"]


def test_the_record_decides_and_not_the_event(portal, env, jane, hear):
    hear(jane, propertyValue="true")
    assert not portal.value("contacts", jane, "gdpr_objected_on")
    assert told(env, jane) == []


def test_the_first_day_stands(portal, env, jane):
    object_to(env, jane, how="by phone", by="kim")
    first = portal.value("contacts", jane, "gdpr_objected_on")
    portal.advance(days=9)
    object_to(env, jane, how="by e-mail", by="kim")
    assert portal.value("contacts", jane, "gdpr_objected_on") == first
    assert portal.value("contacts", jane, "gdpr_objected_how") == "by phone"
    assert told(env, jane) == ["objection.recorded"]


def test_someone_gone_before_the_event_is_recorded_and_left(portal, env, jane, hear):
    portal.purge(jane)
    hear(jane)
    assert told(env, jane) == ["contact.gone"]
    assert env.store.work.failed() == []
