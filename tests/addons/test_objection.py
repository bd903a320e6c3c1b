"""Stories: a no is a no, heard through the front door, made to hold on every channel, and recorded."""

from __future__ import annotations

import pytest

from crm_gdpr.addons.objection import taking
from crm_gdpr.addons.objection.person import MARK
from crm_gdpr.addons.objection.taking import object_to
from crm_gdpr.emulator.faults import Fault
from crm_gdpr.emulator.lists import DYNAMIC, NewList
from crm_gdpr.webhooks import drain as draining
from tests.addons.door import has_no_way, night, notes, papers, tasks
from tests.addons.nights import told
from tests.events import event

NEWS = 1_104
HAS_EMAIL = {"operationType": "ALL_PROPERTY", "operator": "IS_KNOWN"}


@pytest.fixture
def jane(portal, settle):
    owner = portal.add_owner("kim@example.se", "Kim", "Ek")
    jane = portal.add_contact(
        email="jane@example.com", phone="08-123 456 78", mobilephone="070-174 06 05", hubspot_owner_id=owner
    )
    settle()
    return jane


# Taken from


def test_whoever_leaves_all_mailings_has_objected(portal, env, jane, settle_by_queue):
    portal.unsubscribe_all("jane@example.com")
    settle_by_queue()
    assert portal.value("contacts", jane, "gdpr_objected_on") == env.today().isoformat()
    assert portal.value("contacts", jane, "gdpr_objected_how") == "Avregistrering i HubSpot / Unsubscribed in HubSpot"
    (recorded,) = env.store.objections.of([jane])
    assert (recorded.scope, recorded.channel, recorded.by) == ("marketing", "unsubscribe", "the person")
    assert told(env, jane).count("objection.recorded") == 1


@pytest.mark.parametrize(("said", "scope"), [("no_contact", "marketing"), ("on_grounds", "processing")])
def test_a_no_that_sales_was_told_is_set_on_the_contact(portal, env, jane, settle, said, scope):
    portal.edit("contacts", jane, gdpr_no_contact=said)
    settle()
    (recorded,) = env.store.objections.of([jane])
    assert (recorded.scope, recorded.channel, recorded.by) == (scope, "property", "HubSpot: userId:9001")


def test_noes_that_come_together_are_read_together_and_each_is_by_who_said_it(portal, env, emulator, deliver):
    people = [portal.add_contact(email=f"p{n}@example.com", gdpr_no_contact="no_contact") for n in range(3)]
    said = {"changeSource": "CRM_UI", "propertyName": "gdpr_no_contact"}
    deliver(*(event(portal, "contact.propertyChange", p, sourceId=f"userId:{p}", **said) for p in people))
    emulator.guard.calls.clear()
    draining.drain(env)
    calls = [
        path for (_, path, _), count in emulator.guard.calls.items() if path.startswith("/crm/") for _ in range(count)
    ]
    assert len(calls) == 1
    assert [o.by for p in people for o in env.store.objections.of([p])] == [f"HubSpot: userId:{p}" for p in people]


def test_a_mail_that_support_handles_is_left_on_the_queue_by_the_one_who_reads_it(env, jane, settle):
    key = f"objection-ticket-{jane}"
    env.queue.enqueue("objection.take", key, contact_id=jane, how="mail", by="sam", on="2026-11-01")
    settle()
    (recorded,) = env.store.objections.of([jane])
    assert (recorded.channel, recorded.by, recorded.objected_on.isoformat()) == ("mail", "sam", "2026-11-01")


def test_the_record_decides_and_not_the_event(portal, env, jane, deliver, work):
    deliver(event(portal, "contact.propertyChange", jane, propertyName="hs_email_optout", propertyValue="true"))
    work()
    assert env.store.objections.of([jane]) == []
    assert not portal.value("contacts", jane, "gdpr_objected_on")


def test_the_first_day_stands(portal, env, jane, settle):
    object_to(env, jane, how="phone", by="kim")
    settle()
    first = portal.value("contacts", jane, "gdpr_objected_on")
    portal.advance(days=9)
    object_to(env, jane, how="mail", by="sam")
    settle()
    assert portal.value("contacts", jane, "gdpr_objected_on") == first
    assert portal.value("contacts", jane, "gdpr_objected_how") == "Telefon / Phone"
    assert told(env, jane).count("objection.recorded") == 1


def test_someone_gone_before_the_event_is_recorded_and_left(portal, env, deliver, work):
    jane = portal.add_contact(email="jane@example.com")
    portal.purge(jane)
    deliver(event(portal, "contact.propertyChange", jane, propertyName="hs_email_optout"))
    work()
    assert told(env, jane) == ["contact.gone"]
    assert env.store.work.failed() == []


# At once, on every channel


def test_no_more_contact_refuses_all_mailings_of_every_address(portal, env, jane, settle):
    portal.edit("contacts", jane, hs_additional_emails="jane@home.example.com")
    portal.edit("contacts", jane, gdpr_no_contact="no_contact")
    settle()
    assert has_no_way(portal)
    assert has_no_way(portal, "jane@home.example.com")


def test_calls_and_mails_that_colleagues_meant_to_make_are_put_off(portal, jane, settle):
    call = portal.log("task", [jane], hs_task_type="CALL", hs_task_subject="Ring om erbjudandet")
    done = portal.log("task", [jane], hs_task_type="CALL", hs_task_subject="Ringt", hs_task_status="COMPLETED")
    other = portal.log("task", [jane], hs_task_type="TODO", hs_task_subject="Fakturera")
    portal.edit("contacts", jane, gdpr_no_contact="no_contact")
    settle()
    assert portal.value("tasks", call, "hs_task_status") == "DEFERRED"
    assert portal.value("tasks", call, "hs_task_subject") == "[Nej / No] Ring om erbjudandet"
    assert portal.value("tasks", done, "hs_task_subject") == "Ringt"
    assert portal.value("tasks", other, "hs_task_status") == "NOT_STARTED"


def test_the_answer_to_what_the_person_asked_is_not_put_off(portal, jane, settle):
    answer = portal.log("task", [jane], hs_task_type="CALL", hs_task_subject="Ring upp om felet")
    portal.link(("tasks", answer), ("tickets", portal.add_ticket(contacts=[jane])))
    portal.edit("contacts", jane, gdpr_no_contact="no_contact")
    settle()
    assert portal.value("tasks", answer, "hs_task_status") == "NOT_STARTED"


def test_what_no_api_reaches_is_a_task_for_the_owner_once(portal, env, jane, settle):
    portal.edit("contacts", jane, hs_marketable_status="true")
    portal.edit("contacts", jane, gdpr_no_contact="no_contact")
    settle()
    (task,) = portal.associated(portal.record("contacts", int(jane)), "tasks")
    assert "GDPR-21-1" in tasks(portal, jane)[0]
    assert portal.value("tasks", str(task), "hubspot_owner_id") == portal.value("contacts", jane, "hubspot_owner_id")
    body = portal.value("tasks", str(task), "hs_task_body") or ""
    assert "icke-marknadsföringskontakt" in body
    assert "sekvenser" in body
    taking.enforce_later(env, 1, jane, "again-1")
    settle()
    assert len(tasks(portal, jane)) == 1


def test_the_no_is_confirmed_by_a_letter_for_a_person_to_send(portal, env, jane, settle):
    portal.edit("contacts", jane, gdpr_no_contact="no_contact")
    settle()
    (letter,) = notes(portal, jane)
    assert "Du har sagt nej" in letter
    assert "You said no" in letter
    assert env.policy.controller.name in letter


def test_a_person_is_taken_off_the_lists_kept_by_hand_but_not_off_those_that_keep_people_out(portal, jane, settle):
    fair = portal.add_list(NewList("Mässan 2026", "contacts"))
    barred = portal.add_list(NewList("Spärrade", "contacts"))
    named = {"filterType": "PROPERTY", "property": "email", "operation": HAS_EMAIL}
    leaf = {"filterBranchType": "AND", "filterBranches": [], "filters": [named]}
    everyone = {"filterBranchType": "OR", "filterBranches": [leaf], "filters": []}
    portal.add_list(NewList("Alla med adress", "contacts", DYNAMIC, everyone))
    for one in (fair, barred):
        portal.add_to_list(one.id, [int(jane)])
    portal.edit("contacts", jane, gdpr_no_contact="no_contact")
    settle()
    assert [one.name for one in portal.lists_of("contacts", int(jane)) if not one.follows] == ["Spärrade"]
    (body,) = papers(portal, jane, "tasks", "hs_task_body")
    assert "Alla med adress" in body


def test_a_channel_that_fails_keeps_no_other_open(portal, env, jane, emulator, settle):
    call = portal.log("task", [jane], hs_task_type="CALL", hs_task_subject="Ring")
    emulator.guard.faults.waiting.append(Fault(match="/communication-preferences/", status=403, times=99))
    portal.edit("contacts", jane, gdpr_no_contact="no_contact")
    settle()
    assert portal.value("tasks", call, "hs_task_status") == "DEFERRED"
    body = papers(portal, jane, "tasks", "hs_task_body")
    assert any("Avregistrera kontakten" in text for text in body)
    assert env.store.work.failed() == []


def test_a_contact_that_hubspot_lets_nobody_write_on_is_left_alone_on_every_channel(
    portal, env, jane, emulator, settle
):
    """A rule of the portal's own may refuse the mark: then a person is told, and everything else is done."""
    call = portal.log("task", [jane], hs_task_type="CALL", hs_task_subject="Ring")
    emulator.guard.faults.waiting.append(Fault(match=f"/{jane}", method="PATCH", status=400, times=99))
    portal.edit("contacts", jane, gdpr_no_contact="no_contact")
    settle()
    assert has_no_way(portal)
    assert portal.value("tasks", call, "hs_task_status") == "DEFERRED"
    assert any("HubSpot" in text for text in papers(portal, jane, "tasks", "hs_task_body"))
    assert env.store.work.failed() == []


def test_what_was_said_before_the_system_came_holds_without_a_letter_to_each(portal, env, emulator, settle):
    emulator.webhooks.trouble.drop = 1.0
    jane = portal.add_contact(email="jane@example.com", hs_email_optout="true")
    night(env, settle)
    john = portal.add_contact(email="john@example.com", hs_email_optout="true")
    night(env, settle)
    assert portal.value("contacts", jane, "gdpr_objected_on")
    assert (tasks(portal, jane), notes(portal, jane)) == ([], [])
    assert (len(tasks(portal, john)), len(notes(portal, john))) == (1, 1)


def test_leaving_one_kind_of_mailing_is_a_no_to_that_kind_alone(portal, env, jane, settle):
    portal.unsubscribe("jane@example.com", NEWS)
    night(env, settle)
    (recorded,) = env.store.objections.of([jane])
    assert (recorded.scope, recorded.about) == ("type", str(NEWS))
    assert not has_no_way(portal)
    assert not portal.value("contacts", jane, "gdpr_objected_on")
    assert notes(portal, jane) == []


# Objection on other grounds


@pytest.fixture
def grounds(portal, env, jane, settle):
    portal.edit("contacts", jane, gdpr_no_contact="on_grounds")
    settle()
    return env.store.objections.of([jane])[0].id


def test_an_objection_on_other_grounds_restricts_until_it_is_decided(portal, jane, grounds):
    assert portal.value("contacts", jane, "gdpr_restricted") == "true"
    assert not portal.value("contacts", jane, "gdpr_objected_on")
    assert any("Invändning att pröva" in subject for subject in tasks(portal, jane))
    assert "restricted" in notes(portal, jane)[0]


def test_the_restriction_is_put_back_while_it_is_not_decided(portal, env, jane, grounds, settle):
    portal.edit("contacts", jane, gdpr_restricted="")
    settle()
    assert portal.value("contacts", jane, "gdpr_restricted") == "true"
    assert "objection.put_back" in told(env, jane)


def test_overruled_with_reasons_the_restriction_ends(portal, env, jane, grounds, settle):
    with pytest.raises(taking.ObjectionRefused, match="reasons"):
        taking.decide_on(env, grounds, upheld=False, by="olga", why=" ")
    taking.decide_on(env, grounds, upheld=False, by="olga", why="claim in court")
    night(env, settle)
    assert not portal.value("contacts", jane, "gdpr_restricted")
    assert [o.state for o in env.store.objections.of([jane])] == ["overruled"]
    assert env.store.suppression.count() == 0


def test_upheld_it_holds_like_a_no_to_everything(portal, env, jane, grounds, settle):
    taking.decide_on(env, grounds, upheld=True, by="olga", why="no compelling grounds")
    settle()
    assert not portal.value("contacts", jane, "gdpr_restricted")
    assert portal.value("contacts", jane, "gdpr_objected_on") == env.today().isoformat()
    with pytest.raises(taking.ObjectionRefused, match="once"):
        taking.decide_on(env, grounds, upheld=True, by="olga", why="again")


# Ours to keep, theirs to take back


@pytest.mark.parametrize("name", MARK)
def test_an_edit_of_the_mark_is_put_back(portal, env, jane, settle, name):
    portal.edit("contacts", jane, gdpr_no_contact="no_contact")
    settle()
    before = portal.value("contacts", jane, name)
    portal.edit("contacts", jane, **{name: ""})
    settle()
    assert portal.value("contacts", jane, name) == before
    assert "objection.put_back" in told(env, jane)


def test_somebody_subscribed_again_by_a_colleague_is_unsubscribed_again(portal, jane, settle):
    portal.edit("contacts", jane, gdpr_no_contact="no_contact")
    settle()
    portal.subscribe("jane@example.com", NEWS)
    assert not has_no_way(portal)
    settle()
    assert has_no_way(portal)
    assert sum("Prenumererade igen" in subject for subject in tasks(portal, jane)) == 1


def test_a_new_address_is_unsubscribed_and_nobody_is_said_to_have_subscribed(portal, jane, settle):
    portal.edit("contacts", jane, gdpr_no_contact="no_contact")
    settle()
    portal.edit("contacts", jane, email="jane@new.example.com")
    settle()
    assert has_no_way(portal, "jane@new.example.com")
    assert not any("Prenumererade igen" in subject for subject in tasks(portal, jane))


def test_the_person_may_say_otherwise_and_nobody_is_subscribed_by_that(portal, env, jane, settle):
    portal.unsubscribe_all("jane@example.com")
    settle()
    (held,) = env.store.objections.of([jane])
    portal.advance(minutes=5)
    taking.withdraw(env, held.id, by="sam", why="phoned on Monday")
    settle()
    night(env, settle)
    assert not portal.value("contacts", jane, "gdpr_objected_on")
    assert has_no_way(portal)
    assert [o.state for o in env.store.objections.of([jane])] == ["withdrawn"]
    assert env.store.suppression.count() == 0
    assert "objection.withdrawn" in told(env, jane)


def test_a_no_after_one_that_was_withdrawn_is_a_new_no(portal, env, jane, settle):
    portal.unsubscribe_all("jane@example.com")
    settle()
    portal.advance(minutes=5)
    taking.withdraw(env, 1, by="sam", why="phoned")
    portal.advance(minutes=5)
    portal.subscribe("jane@example.com", NEWS)
    portal.unsubscribe_all("jane@example.com")
    settle()
    assert [o.state for o in env.store.objections.of([jane])] == ["withdrawn", "holds"]


def test_withdrawn_twice_is_refused(env, jane):
    object_to(env, jane, how="phone", by="kim")
    taking.withdraw(env, 1, by="sam", why="phoned")
    with pytest.raises(taking.ObjectionRefused, match="does not hold"):
        taking.withdraw(env, 1, by="sam", why="phoned")
    with pytest.raises(taking.ObjectionRefused, match="no such"):
        taking.withdraw(env, 99, by="sam", why="phoned")


def test_a_day_written_by_hand_is_a_no_of_that_day(portal, env, jane, settle):
    portal.edit("contacts", jane, gdpr_objected_on="2026-10-01")
    settle()
    (recorded,) = env.store.objections.of([jane])
    assert (recorded.objected_on.isoformat(), recorded.channel) == ("2026-10-01", "property")


def test_what_ended_is_forgotten_after_two_years(portal, env, jane):
    object_to(env, jane, how="phone", by="kim")
    taking.withdraw(env, 1, by="sam", why="phoned")
    portal.advance(days=729)
    env.registry.jobs["objection.forget"].run(env)
    assert env.store.objections.get(1)
    portal.advance(days=5)
    env.registry.jobs["objection.forget"].run(env)
    assert env.store.objections.get(1) is None


def test_the_access_answer_tells_what_was_recorded_and_what_is_kept(env, jane, settle):
    object_to(env, jane, how="phone", by="kim")
    settle()
    section = next(s for s in env.registry.export_sections if "gdpr_objected_on" in s.covers)
    rows = list(section.read(env, jane))
    assert {"name": "gdpr_objected_on", "value": env.today().isoformat()} in rows
    (recorded,) = [row for row in rows if "objection" in row]
    assert (recorded["taken_by"], recorded["coded_addresses_kept"]) == ("kim", 3)


def test_no_address_is_left_in_the_store(env, jane, settle, tmp_path):
    object_to(env, jane, how="phone", by="kim")
    settle()
    env.store.database.close()
    stored = b"".join(file.read_bytes() for file in tmp_path.glob("store.db*"))
    assert b"objection.recorded" in stored
    assert b"jane@example.com" not in stored
    assert b"0701740605" not in stored
    assert b"+46701740605" not in stored
