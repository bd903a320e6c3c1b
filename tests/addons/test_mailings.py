"""Stories: the ground of what people are sent follows the ground on their contact, and a no is never touched."""

from __future__ import annotations

import pytest

from crm_gdpr.addons.provenance import mailings
from crm_gdpr.addons.provenance.legal_basis import CONTRACT, CUSTOMER, OTHER, PROSPECT, for_mailings
from crm_gdpr.addons.provenance.mailings import keep_mailings
from crm_gdpr.addons.provenance.scanning import tag_everyone
from crm_gdpr.emulator.preferences import NOT_SPECIFIED, SUBSCRIBED, UNSUBSCRIBED, Choice
from crm_gdpr.policy.person import CONSENT
from tests.events import created, event

JANE, NEWS, OFFERS, SERVICE = "jane@firm.example.com", 1104, 1102, 1103
FORM = {"email": JANE, "company": "Firman AB", "hs_object_source": "FORM"}


def holds(portal, type_id=NEWS, email=JANE):
    found = portal.preferences.choice(email, portal.preferences.type(type_id))
    return found.state, found.legal_basis


def sent(portal, basis, type_id=NEWS, email=JANE):
    portal.choose(email, type_id, Choice(SUBSCRIBED, legal_basis=basis, explanation="before us"))


def tag(env):
    tag_everyone(env)
    keep_mailings(env)


def spent(emulator, part):
    return sum(n for (_, path, _), n in emulator.guard.calls.items() if part in path)


def test_what_a_new_contact_is_sent_has_the_ground_of_their_tag(portal, env, deliver, work):
    sent(portal, "LEGITIMATE_INTEREST_OTHER")
    jane = portal.add_contact(**FORM)
    deliver(created(portal, jane))
    work()
    assert holds(portal) == (SUBSCRIBED, "LEGITIMATE_INTEREST_PQL")
    (line,) = [line for line in env.store.ledger.lines() if line.action == "source.mailings"]
    assert (line.subject, line.detail["legal_basis"]) == (env.pseudonym(jane), "LEGITIMATE_INTEREST_PQL")


def test_it_follows_when_the_organisation_becomes_a_customer(portal, env, deliver, work):
    sent(portal, "LEGITIMATE_INTEREST_PQL")
    jane, firm = portal.add_contact(**FORM), portal.add_company()
    portal.link(("contacts", jane), ("companies", firm))
    deliver(created(portal, jane))
    work()
    portal.edit("companies", firm, gdpr_customer="true")
    deliver(event(portal, "company.propertyChange", firm, propertyName="gdpr_customer"))
    work()
    assert holds(portal) == (SUBSCRIBED, "LEGITIMATE_INTEREST_CLIENT")


@pytest.mark.parametrize("state", [UNSUBSCRIBED, NOT_SPECIFIED])
def test_a_status_is_never_changed_to_write_a_ground(portal, env, state):
    if state == UNSUBSCRIBED:
        portal.unsubscribe(JANE, NEWS)
    portal.add_contact(**FORM)
    tag(env)
    assert holds(portal) == (state, None)


def test_who_refuses_while_we_write_stays_refused(portal, env, monkeypatch):
    sent(portal, "LEGITIMATE_INTEREST_OTHER")
    portal.add_contact(**FORM)
    tag_everyone(env)
    known = type(env.hubspot).subscribed

    def then_refuse(hubspot, emails):
        found = known(hubspot, emails)
        portal.unsubscribe_all(JANE)
        return found

    monkeypatch.setattr(type(env.hubspot), "subscribed", then_refuse)
    keep_mailings(env)
    assert holds(portal)[0] == UNSUBSCRIBED
    assert portal.preferences.opt_out(JANE)
    assert "source.mailings" not in [line.action for line in env.store.ledger.lines()]


@pytest.mark.parametrize("consent", ["CONSENT_WITH_NOTICE", "PROCESS_AND_STORE"])
def test_a_consent_to_a_mailing_is_never_replaced(portal, env, consent):
    sent(portal, consent)
    portal.add_contact(**FORM)
    tag(env)
    assert holds(portal) == (SUBSCRIBED, consent)


def test_every_address_and_every_mailing_of_a_person_is_kept_in_step(portal, env):
    sent(portal, "NON_GDPR", OFFERS, "other@firm.example.com")
    sent(portal, None, SERVICE)
    portal.add_contact(**FORM, hs_additional_emails="other@firm.example.com")
    tag(env)
    assert holds(portal, OFFERS, "other@firm.example.com") == (SUBSCRIBED, "LEGITIMATE_INTEREST_PQL")
    assert holds(portal, SERVICE) == (SUBSCRIBED, "LEGITIMATE_INTEREST_PQL")


@pytest.mark.parametrize(("licensed", "calls"), [(True, 2), (False, 122)])
def test_mailings_are_read_a_hundred_a_call_where_the_account_may(portal, env, emulator, licensed, calls):
    portal.switches = portal.switches.changed(batch_preferences=licensed)
    for n in range(120):
        portal.add_contact(**{**FORM, "email": f"p{n}@firm.example.com"})
    sent(portal, "NON_GDPR", email="p7@firm.example.com")
    tag_everyone(env)
    emulator.guard.calls.clear()
    keep_mailings(env)
    assert spent(emulator, "/statuses/") == calls
    assert spent(emulator, "/subscribe") == 1
    assert holds(portal, email="p7@firm.example.com") == (SUBSCRIBED, "LEGITIMATE_INTEREST_PQL")
    emulator.guard.calls.clear()
    tag(env)
    assert spent(emulator, "/communication-preferences/") == 0


def test_a_backlog_is_kept_in_step_a_portion_at_a_time(portal, env, monkeypatch):
    monkeypatch.setattr(mailings, "WAVE", 2)
    monkeypatch.setattr(mailings, "CALLS", 5)
    for n in range(5):
        portal.add_contact(**{**FORM, "email": f"p{n}@firm.example.com"})
    tag_everyone(env)
    left = []
    for _ in range(3):
        keep_mailings(env)
        left.append(env.store.lists.count(mailings.TO_KEEP))
    assert left == [1, 0, 0]


@pytest.mark.parametrize(
    ("stands", "word"),
    [
        pytest.param(PROSPECT, "LEGITIMATE_INTEREST_PQL", id="a prospect"),
        pytest.param(CUSTOMER, "LEGITIMATE_INTEREST_CLIENT", id="a customer's contact"),
        pytest.param(f"{CONTRACT};{CUSTOMER}", "LEGITIMATE_INTEREST_CLIENT", id="a sole trader: the mailing is not"),
        pytest.param(CONTRACT, "PERFORMANCE_OF_CONTRACT", id="a contract alone"),
        pytest.param(f"{OTHER};{CONSENT}", "LEGITIMATE_INTEREST_OTHER", id="a consent to something is none to this"),
        pytest.param(CONSENT, None, id="a consent alone"),
        pytest.param("Legitimate interest - prospect/lead", None, id="a hyphen is no en dash"),
        pytest.param("Not applicable", None, id="outside HubSpot's protections"),
        pytest.param(None, None, id="none"),
    ],
)
def test_the_three_vocabularies(stands, word):
    assert for_mailings(stands) == word
