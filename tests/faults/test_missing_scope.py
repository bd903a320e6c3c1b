"""A scope that is missing: where nobody can be told from a customer nothing goes; else only those concerned are passed
over, by the name of the scope, and the others go.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm_gdpr.addons.dialogue.reconcile import reconcile
from crm_gdpr.addons.erasure.handlers import follow_up, request_erasure
from crm_gdpr.addons.retention.applying import apply_plan
from crm_gdpr.emulator.actor import SALES
from crm_gdpr.emulator.faults import Fault
from crm_gdpr.emulator.properties import Property
from crm_gdpr.emulator.schemas import Draft
from crm_gdpr.emulator.tokens import Token
from crm_gdpr.gate import Refused
from crm_gdpr.policy import Text
from crm_gdpr.policy.book import Recipient
from crm_gdpr.sync.scopes import SCOPES
from tests.addons.nights import LONG_AGO, approved, in_bin, in_review, let_pass, notes, silent, states, told, uncapped

OLD = "2023-02-01T10:00:00Z"
CONNECTED = "b2cf5968-551e-4856-9783-52b3da59a7d0"
SCOPE = "Grant the app the scopes it lacks: crm.objects.contacts.read."

STOPS = {  # who is a customer cannot be read at all
    "contacts": "objects/2026-09/contacts/batch",
    "companies": "objects/2026-09/companies",
    "deals": "objects/2026-09/deals",
    "tickets": "objects/2026-09/tickets",
    "which companies": "contacts/companies",
    "which deals": "contacts/deals",
    "which tickets": "contacts/tickets",
    "properties of companies": "properties/2026-09/companies",
    "properties of deals": "properties/2026-09/deals",
    "pipelines of deals": "pipelines/2026-09/deals",
    "pipelines of tickets": "pipelines/2026-09/tickets",
    "subscriptions": "contacts/subscriptions",
}
CONCERNS = {  # one of the two has such a record
    "e-mails": "objects/2026-09/emails",
    "calls": "objects/2026-09/calls",
    "notes": "objects/2026-09/notes",
}
NAMED = {  # never part of a verdict: what may be left behind is named in the evidence
    "threads": "conversations/",
    "object_types": "crm-object-schemas",
    "postal_mail": "contacts/postal_mail",
    "leads": "contacts/leads",
}


@pytest.fixture
def wide(env):
    return uncapped(env)


@pytest.fixture
def jane(portal, env):
    """Somebody with one record of every kind, all of them old, and an e-mail shared with somebody who stays."""
    jane = silent(portal, firstname="Jane", lastname="Doe")
    anna = portal.add_contact(email="anna@example.org")
    portal.log(
        "email", contacts=[jane, anna], hs_email_direction="EMAIL", hs_timestamp=OLD, hs_email_subject="Hej Jane"
    )
    firm = portal.add_company()
    portal.link(("contacts", jane), ("companies", firm))
    portal.log("email", contacts=[jane], hs_email_direction="EMAIL", hs_timestamp=OLD, hs_email_subject="Hej")
    portal.log("call", contacts=[jane], hs_call_disposition=CONNECTED, hs_timestamp=OLD)
    portal.log("note", contacts=[jane], hs_note_body="Ringde", hs_timestamp=OLD)
    portal.add_deal(contacts=[jane], dealname="Licens", dealstage="closedlost", createdate=LONG_AGO)
    portal.add_ticket(contacts=[jane], subject="Fråga", hs_pipeline_stage="4", createdate=LONG_AGO)
    return jane


@pytest.fixture
def john(portal, env):
    return silent(portal, "john@example.com")


@pytest.fixture
def forbid(emulator):
    """Take away the scope of some calls."""

    def forbidden(match, method="", after=0):
        emulator.guard.faults.waiting.append(Fault(match=match, method=method, status=403, times=10_000, after=after))

    return forbidden


archive_due = in_review


def asked_for(env, portal):
    reconcile(env, full=True)
    for person in portal.live["contacts"]:
        if person.properties["createdate"] < "2026":
            assert request_erasure(env, str(person.id), by="kim") is not None


WAYS = pytest.mark.parametrize("due", [archive_due, asked_for], ids=["archive", "erasure"])


def test_where_nobody_can_be_told_from_a_customer_the_run_stops(portal, wide, emulator, jane, john, forbid):
    archive_due(wide, portal)
    plan = approved(wide)
    for what, match in STOPS.items():  # one world for all: nothing happens in it
        forbid(match)
        with pytest.raises(Refused) as stopped:
            apply_plan(wide, plan.id)
        assert "who is a customer cannot be read: HubSpot: 403" in str(stopped.value), what
        assert SCOPE in str(stopped.value), what
        assert {state for _, state in states(wide, plan).values()} == {"waiting"}, what
        emulator.guard.faults.waiting.clear()
        wide.store.pause.resume(wide.today())
    assert portal.is_live(jane)
    assert portal.is_live(john)
    apply_plan(wide, plan.id)
    assert not portal.is_live(jane)


@pytest.mark.parametrize("due", [archive_due, asked_for], ids=["archive", "erasure"])
def test_the_scopes_that_the_app_asks_for_are_enough(portal, wide, emulator, jane, john, due):
    due(wide, portal)
    token = wide.settings.access_token
    scopes = frozenset({*SCOPES, "crm.objects.subscriptions.read"})
    emulator.guard.tokens.named[token] = Token(token, portal.app_id, scopes=scopes)
    plan = approved(wide)
    apply_plan(wide, plan.id)
    assert {state for _, state in states(wide, plan).values()} == {"done"}, notes(wide, plan)
    follow_up(wide)


@pytest.mark.parametrize("match", CONCERNS.values(), ids=CONCERNS)
def test_only_those_concerned_are_passed_over_by_the_name_of_the_scope(portal, wide, jane, john, forbid, match):
    archive_due(wide, portal)
    plan = approved(wide)
    forbid(match)
    apply_plan(wide, plan.id)
    assert {id_: state for id_, (_, state) in states(wide, plan).items()} == {jane: "failed", john: "done"}
    assert SCOPE in notes(wide, plan)[jane]
    assert told(wide, jane)[-1] == "step.skipped"
    assert portal.is_live(jane)
    assert not portal.is_live(john)


def test_what_is_no_part_of_a_verdict_stops_nobody_and_is_named(portal, wide, jane, john, forbid):
    asked_for(wide, portal)
    for match in NAMED.values():
        forbid(match)
    plan = approved(wide)
    apply_plan(wide, plan.id)
    assert {state for _, state in states(wide, plan).values()} == {"done"}
    assert set(NAMED) <= set(wide.store.cases.of(jane).frozen["unread"])


CLEARING = {  # what is needed only when the contents go
    "what may be written on e-mails": ("properties/2026-09/emails", ""),
    "letting go of e-mails": ("objects/2026-09/emails/", "DELETE"),
    "who shares them": ("emails/contacts/batch", ""),
}


@pytest.mark.parametrize(("match", "method"), CLEARING.values(), ids=CLEARING)
def test_an_erasure_that_may_not_be_finished_keeps_no_other_back_and_goes_on_later(
    portal, wide, emulator, jane, john, forbid, match, method
):
    asked_for(wide, portal)
    plan = approved(wide)
    forbid(match, method)
    apply_plan(wide, plan.id)
    assert {id_: state for id_, (_, state) in states(wide, plan).items()} == {jane: "failed", john: "done"}
    assert SCOPE in notes(wide, plan)[jane]
    assert portal.is_live(jane)
    emulator.guard.faults.waiting.clear()
    plan = approved(wide)
    apply_plan(wide, plan.id)
    assert states(wide, plan) == {jane: ("erase", "done")}
    assert [email.properties["hs_email_subject"] for email in portal.live["emails"]] == ["Hej [raderad]"]


@pytest.mark.parametrize("match", ["emails/contacts/batch", "properties/2026-09/emails"])
def test_so_it_is_at_the_end_of_the_bin(portal, wide, jane, john, forbid, match):
    in_bin(wide, portal)
    plan = approved(wide)
    forbid(match)
    apply_plan(wide, plan.id)
    assert {id_: state for id_, (_, state) in states(wide, plan).items()} == {jane: "failed", john: "done"}
    assert SCOPE in notes(wide, plan)[jane]


def test_what_cannot_be_read_after_the_bin_keeps_nobody_elses_case_open(portal, wide, jane, john, forbid):
    in_bin(wide, portal)
    apply_plan(wide, approved(wide).id)
    let_pass(wide, portal, 10)
    forbid("objects/2026-09/emails")
    follow_up(wide)
    assert {id_: wide.store.cases.of(id_).state for id_ in (jane, john)} == {jane: "awaiting_bin", john: "gone"}


@WAYS
def test_where_no_contact_may_be_deleted_the_run_ends_at_the_first(portal, wide, jane, john, forbid, due):
    due(wide, portal)
    plan = approved(wide)
    forbid("/contacts/", "DELETE")
    forbid("gdpr-delete")
    with pytest.raises(Refused, match=f"no contact may be deleted: HubSpot: 403.*{SCOPE}"):
        apply_plan(wide, plan.id)
    assert portal.is_live(jane)
    assert portal.is_live(john)


def test_reviews_that_nobody_can_be_asked_for_hold_up_no_archive(portal, wide, jane, forbid):
    in_review(wide, portal)
    new = silent(portal, "new@example.com")
    plan = approved(wide)
    assert states(wide, plan) == {jane: ("archive", "waiting"), new: ("review", "waiting")}
    forbid("owners")
    with pytest.raises(Exception, match=SCOPE):
        apply_plan(wide, plan.id)
    assert states(wide, plan) == {jane: ("archive", "done"), new: ("review", "waiting")}


def test_a_record_of_the_accounts_own_kind_that_may_not_be_read_is_a_task(portal, wide, jane, john, forbid):
    kind = portal.define(
        Draft("licence", "Licence", "Licences", [Property("user", "User", "")], associated=("CONTACT",))
    ).kind.name
    made = portal.create(kind, {"user": "Jane Doe"}, actor=SALES)
    portal.associate(("contacts", int(jane)), (kind, made.id), None, actor=SALES)
    asked_for(wide, portal)
    plan = approved(wide)
    forbid(f"objects/2026-09/{kind}")
    apply_plan(wide, plan.id)
    assert {state for _, state in states(wide, plan).values()} == {"done"}
    assert f"{kind}/{made.id}" in wide.store.cases.of(jane).frozen["left"]


def test_a_deal_that_may_not_be_seen_keeps_whom_it_concerns(portal, wide, emulator, jane, john):
    """Deals of one pipeline, say: HubSpot leaves them out of its answer."""
    in_review(wide, portal)
    plan = approved(wide)
    gate = wide.gate
    gate.approved(plan.id)
    emulator.guard.faults.waiting.append(
        Fault(match="objects/2026-09/deals/batch/read", status=404, times=10, inputs=1)
    )
    assert gate.carry_out(plan.id, john).state == "done"
    assert gate.carry_out(plan.id, jane).state in ("skipped", "failed")
    assert portal.is_live(jane)


def test_a_colleagues_conversation_that_may_not_be_read_is_a_task_and_no_obstacle(portal, wide, jane, john, forbid):
    (firm,) = wide.hubspot.associated("contacts", "companies", [jane])[jane]
    portal.link(("contacts", john), ("companies", firm))
    thread = portal.write_in("john@example.com", "Hej", "Offert", to="")
    portal.edit("contacts", jane, gdpr_erasure_requested_on="2026-11-01")
    plan = approved(wide)
    forbid(f"threads/{thread}/messages")
    apply_plan(wide, plan.id)
    assert states(wide, plan)[jane] == ("erase", "done"), notes(wide, plan)
    assert f"threads/{thread}" in wide.store.cases.of(jane).frozen["left"]


def test_what_follows_an_erasure_is_done_for_the_others_and_told_of_the_rest(portal, wide, jane, john, forbid):
    words = Text(sv="Ekonomi", en="Accounts")
    other = Recipient("Ekonomi", "processor", words, words)
    wide = replace(wide, policy=replace(wide.policy, recipients=(*wide.policy.recipients, other)))
    asked_for(wide, portal)
    apply_plan(wide, approved(wide).id)
    forbid("objects/2026-09/emails")
    forbid("/forms")
    follow_up(wide)
    asked = {errand.contact_id for errand in wide.store.errands.waiting("system")}
    assert asked == {jane, john}, "recipients are told all the same (Art. 19)"
    let_pass(wide, portal, 31)
    with pytest.raises(Exception, match=SCOPE):
        follow_up(wide)
    assert {id_: wide.store.cases.of(id_).state for id_ in (jane, john)} == {jane: "gone", john: "closed"}
    assert "forms" in wide.store.cases.of(john).frozen["unread"]
