"""Stories: somebody whom a colleague deleted is taken out of what others share while the bin still tells the name."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm_gdpr.addons.dialogue.reconcile import reconcile
from crm_gdpr.addons.erasure.handlers import follow_up
from crm_gdpr.addons.erasure.watching import watch
from crm_gdpr.addons.retention.applying import apply_plan
from crm_gdpr.addons.retention.holds import hold
from crm_gdpr.addons.retention.planning import make_plan
from tests.addons.nights import approved, carry_out, let_pass, notes, states, told, uncapped

OLD = "2026-02-01T10:00:00Z"


@pytest.fixture
def officer(portal, env):
    return portal.add_owner(env.policy.controller.officer, "Dana", "Skydd")


@pytest.fixture
def firm(portal):
    return portal.add_company(name="Exempel AB", lifecyclestage="lead")


@pytest.fixture
def other(portal, firm):
    other = portal.add_contact(email="other@example.com", firstname="Olle", lastname="Ek", gdpr_source="website")
    portal.link(("contacts", other), ("companies", firm))
    return other


@pytest.fixture
def kim(portal, env, officer, firm, other):
    """Deleted by a colleague; with a call of their own, and named in what others have."""
    kim = portal.add_contact(email="kim@example.com", firstname="Kim", lastname="Berg", gdpr_source="website")
    portal.link(("contacts", kim), ("companies", firm))
    portal.log("call", contacts=[kim], hs_call_body="Kim Berg ringde", hs_timestamp=OLD)
    portal.log("note", contacts=[kim, other], hs_note_body="Kim Berg och Olle Ek träffades", hs_timestamp=OLD)
    portal.log("note", companies=[firm], hs_note_body="Kim Berg sköter inköpen", hs_timestamp=OLD)
    portal.add_ticket(contacts=[kim], subject="Kim Berg undrar", hs_pipeline_stage="4", createdate=OLD)
    reconcile(env, full=True)
    portal.archive("contacts", kim)
    watch(env)
    return kim


def days_later(env, portal, days):
    """Let days pass, and nights look at the bin."""
    for _ in range(days // 4):
        let_pass(env, portal, 4)
    watch(env)


def said(portal):
    return sorted(note.properties["hs_note_body"] for note in portal.live["notes"])


def test_their_names_go_from_what_others_share_before_the_bin_empties(portal, env, kim, other):
    days_later(env, portal, 76)
    assert make_plan(env) is None, "too early"
    days_later(env, portal, 4)
    assert states(env, carry_out(env)) == {kim: ("erase", "done")}
    assert said(portal) == ["[raderad] och Olle Ek träffades", "[raderad] sköter inköpen"]
    assert len(portal.live["calls"]) == 1, "what is theirs alone waits for the bin to end"
    assert len(portal.live["tickets"]) == 1
    assert make_plan(env) is None, "once"
    days_later(env, portal, 12)
    assert states(env, carry_out(env)) == {kim: ("erase", "done")}
    assert list(portal.live["calls"]) == []
    assert list(portal.live["tickets"]) == []
    assert said(portal) == ["[raderad] och Olle Ek träffades", "[raderad] sköter inköpen"]
    case = env.store.cases.of(kim)
    assert (case.state, case.frozen["left"]) == ("gone", [])
    assert told(env, kim)[1:] == ["redaction.begun", "redaction.done", "erase.begun", "erase.done"]


def test_whoever_is_restored_after_it_has_lost_nothing_of_their_own(portal, env, kim, other):
    days_later(env, portal, 80)
    carry_out(env)
    let_pass(env, portal, 4)
    portal.restore("contacts", kim)
    watch(env)
    assert len(portal.live["calls"]) == 1
    (note,) = [n for n in portal.live["notes"] if "Olle" in n.properties["hs_note_body"]]
    assert sorted(env.hubspot.associated("notes", "contacts", [str(note.id)])[str(note.id)]) == sorted([kim, other])
    assert any("Kim Berg och" in n.properties["hs_note_body"] for n in portal.bin["notes"]), "HubSpot can restore it"


@pytest.mark.parametrize("why", ["restored", "hold", "request", "customer"])
def test_what_came_after_the_approval_is_respected(portal, env, kim, firm, why):
    days_later(env, portal, 80)
    plan = approved(env)
    if why == "restored":
        portal.restore("contacts", kim)
    elif why == "hold":
        hold(env, kim, reason="tvist", until="2027-06-01", by="dana")
    elif why == "request":
        env.store.requests.open(right="A15", received_on=env.today(), due_on=env.today(), contact_id=kim)
    else:
        portal.edit("companies", firm, lifecyclestage="customer")
        reconcile(env, full=True)
    apply_plan(env, plan.id)
    assert states(env, plan) == {kim: ("erase", "skipped")}, notes(env, plan)
    assert "Kim Berg och Olle Ek träffades" in said(portal)
    if why != "restored":
        assert make_plan(env) is None, "and nobody is asked to approve it every night"


def test_what_cannot_be_made_anew_is_a_task_while_the_name_can_be_read(portal, env, kim, officer, firm):
    portal.edit("companies", firm, description="Fråga Kim Berg")
    days_later(env, portal, 80)
    carry_out(env)
    follow_up(env)
    (task,) = [t.properties for t in portal.live["tasks"] if "what is left" in t.properties["hs_task_subject"]]
    assert f"/app/companies/{firm}" in task["hs_task_body"]
    assert task["hubspot_owner_id"] == officer
    last = env.store.cases.of(kim).opened_on + timedelta(days=89)
    assert f"can be read in HubSpot's recycle bin until {last}" in task["hs_task_body"]


def test_without_an_approval_in_time_a_person_must_look(portal, env, kim, other):
    days_later(env, portal, 80)
    assert make_plan(env) is not None
    days_later(env, portal, 12)
    carry_out(env)
    case = env.store.cases.of(kim)
    assert [ref.partition("/")[0] for ref in case.frozen["left"]] == ["notes"]
    assert "Kim Berg och Olle Ek träffades" in said(portal)


def test_what_was_approved_is_done_and_no_more(portal, env, kim):
    """Approved while the bin told the name, carried out when it had emptied."""
    days_later(env, portal, 80)
    plan = approved(env)
    days_later(env, portal, 12)
    apply_plan(env, plan.id)
    assert states(env, plan) == {kim: ("erase", "skipped")}
    assert len(portal.live["calls"]) == 1
    assert states(env, carry_out(env)) == {kim: ("erase", "done")}
    assert list(portal.live["calls"]) == []


def test_what_two_share_who_are_both_in_the_bin_waits_for_its_end(portal, env, kim, other):
    portal.archive("contacts", other)
    watch(env)
    days_later(env, portal, 80)
    carry_out(uncapped(env))
    assert "Kim Berg och Olle Ek träffades" in said(portal)


def test_a_redaction_broken_off_is_taken_up_by_the_next_run(portal, env, kim, emulator, monkeypatch):
    days_later(env, portal, 80)
    plan = approved(env)

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(env.store.plans, "mark", killed)
        with pytest.raises(KeyboardInterrupt):
            apply_plan(env, plan.id)
    apply_plan(env, plan.id)
    assert states(env, plan) == {kim: ("erase", "done")}
    assert said(portal) == ["[raderad] och Olle Ek träffades", "[raderad] sköter inköpen"]
