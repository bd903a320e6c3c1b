"""Stories: who was told is known by evidence, who was not is asked about, blocked, and in the end let go."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner

from crm_gdpr.addons.notice.backlog import apply, plan
from crm_gdpr.addons.notice.clock import look, start
from crm_gdpr.addons.objection.links import contact_behind, is_good
from crm_gdpr.cli.notice import notice
from crm_gdpr.diagnosis import diagnose
from crm_gdpr.emulator import Portal
from crm_gdpr.emulator.activity_log import CONNECTED
from crm_gdpr.emulator.actor import form, user
from crm_gdpr.policy.notice_text import PACKAGED_NOTICE, load_template

MARK = load_template().mark
LONG_AGO = {"createdate": "2024-05-02T08:00:00Z", "gdpr_collected_on": "2024-05-02"}
OLD = {**LONG_AGO, "gdpr_source": "outreach", "hs_object_source": "IMPORT"}


@pytest.fixture
def env(env):
    """The clock was started before anybody in these stories was there."""
    start(env)
    return env


@pytest.fixture
def jane(portal: Portal, env) -> str:
    day = env.today().isoformat()
    return portal.add_contact(email="jane@example.com", gdpr_source="outreach", gdpr_collected_on=day)


def night(env, portal: Portal, days: float = 1) -> None:
    portal.advance(days=days)
    look(env)


def value(portal: Portal, contact_id: str, name: str = "gdpr_notice_state") -> str | None:
    return portal.value("contacts", contact_id, name)


def mail(portal: Portal, contact_id: str, text: str, **properties: Any) -> str:
    return portal.log("email", [contact_id], hs_email_text=text, **properties)


def mailing(portal: Portal, contact_id: str, name: str) -> None:
    """What HubSpot keeps on a contact of the marketing e-mails sent to them."""
    first, now = value(portal, contact_id, "hs_email_first_send_date"), portal.clock.now()
    sent = {"hs_email_first_send_date": first or now, "hs_email_last_send_date": now}
    portal.edit("contacts", contact_id, **sent, hs_email_last_email_name=name)


def tasks(portal: Portal) -> list[str]:
    return [record.properties["hs_task_subject"] for record in portal.live["tasks"]]


def test_a_mail_that_carried_the_notice_discharges(portal, env, jane):
    sent = mail(portal, jane, f"Hej! {MARK}")
    night(env, portal)
    assert value(portal, jane) == "told"
    assert value(portal, jane, "gdpr_notice_evidence") == f"emails/{sent}"
    assert [line.action for line in env.store.ledger.lines()] == ["notice.told"]


def test_a_first_message_without_the_notice_is_overdue_at_once_and_marketing_blocked(portal, env, jane):
    mail(portal, jane, "Hej!")
    night(env, portal)
    assert (value(portal, jane), value(portal, jane, "gdpr_notice_blocks")) == ("overdue", "true")
    assert not value(portal, jane, "gdpr_restricted")
    mail(portal, jane, MARK)
    night(env, portal)
    assert (value(portal, jane), value(portal, jane, "gdpr_notice_blocks")) == ("told", "false")
    assert "(late)" in str(value(portal, jane, "gdpr_notice_evidence"))


def test_a_notice_that_bounced_told_nobody(portal, env, jane):
    mail(portal, jane, MARK, hs_email_status="BOUNCED")
    night(env, portal)
    assert value(portal, jane) == "open"


def test_a_call_discharges_when_it_was_ticked_and_took_place(portal, env, jane):
    portal.edit("contacts", jane, gdpr_notice_by_phone_on=env.today().isoformat())
    night(env, portal, 0.01)
    assert value(portal, jane) == "open"
    portal.log("call", [jane], hs_call_disposition=CONNECTED)
    night(env, portal, 0.01)
    assert value(portal, jane) == "told"


def test_who_had_the_information_already_is_recognised(portal, env, jane):
    portal.edit("contacts", jane, gdpr_informed_on=env.today().isoformat())
    night(env, portal)
    assert (value(portal, jane), value(portal, jane, "gdpr_notice_evidence")) == ("told", "informed")


def test_who_has_had_an_access_answer_is_informed(portal, env, jane):
    request = env.store.requests.open(right="A15", received_on=env.today(), due_on=env.today(), contact_id=jane)
    night(env, portal)
    assert value(portal, jane) == "open"
    env.store.requests.change(request, status="fulfilled", outcome="nothing_held", closed_on=env.today())
    night(env, portal)
    assert value(portal, jane) == "open", "a letter that nothing is held tells nobody of the notice"
    env.store.requests.change(request, outcome="answered")
    night(env, portal)
    assert (value(portal, jane), value(portal, jane, "gdpr_notice_evidence")) == ("told", f"requests/{request}")


def test_a_form_that_showed_the_notice_discharges(portal, env):
    shown = {"gdpr_source": "website", "gdpr_collected_on": env.today().isoformat(), "gdpr_notice_version": "2026-1"}
    kim = portal.add_contact(email="kim@example.com", actor=form("f-1"), **shown)
    typed = portal.add_contact(email="typed@example.com", actor=user(9002), **shown)
    night(env, portal)
    assert (value(portal, kim), value(portal, kim, "gdpr_notice_evidence")) == ("told", "form, notice 2026-1")
    assert value(portal, typed) == "open"


def test_the_owner_is_asked_five_days_before_and_once(portal, env, jane):
    night(env, portal, 26)
    assert value(portal, jane) == "soon"
    look(env)
    assert [subject for subject in tasks(portal) if "Inform people" in subject] == tasks(portal)
    assert len(tasks(portal)) == 1


def test_an_owner_is_asked_once_a_week_about_all_who_must_be_told_before_the_next_time(portal, env, jane):
    sven = portal.add_owner("sven@example.com", "Sven", "Säljare")
    portal.edit("contacts", jane, hubspot_owner_id=sven)
    portal.advance(days=4)
    day = env.today().isoformat()
    own = {"gdpr_source": "outreach", "gdpr_collected_on": day, "hubspot_owner_id": sven}
    kim = portal.add_contact(email="kim@example.com", **own)
    night(env, portal, 22)
    for _ in range(5):
        night(env, portal)
    assert (value(portal, jane), value(portal, kim)) == ("overdue", "soon")
    (told,) = [t.properties for t in portal.live["tasks"] if t.properties.get("hubspot_owner_id") == sven]
    assert f"/contacts/{jane}" in told["hs_task_body"]
    assert f"/contacts/{kim}" in told["hs_task_body"]


def test_the_officer_is_told_while_anybody_is_late_and_of_nobody_else(portal, env, jane):
    portal.add_owner(env.policy.controller.officer, "Dana", "Skydd")
    mail(portal, jane, "Hej!")
    for _ in range(8):
        night(env, portal)
    assert [subject for subject in tasks(portal) if "not told in time" in subject] == tasks(portal)
    assert len(tasks(portal)) == 2
    mail(portal, jane, MARK)
    for _ in range(8):
        night(env, portal)
    assert len(tasks(portal)) == 2
    assert {f.what: f.state for f in diagnose(env)}["people not told"] == "ok"


def test_thirty_days_overdue_is_not_relevant_any_more(portal, env, jane):
    night(env, portal, 40)
    assert value(portal, jane) == "overdue"
    assert not value(portal, jane, "gdpr_not_relevant_since")
    assert {f.what: f.state for f in diagnose(env)}["people not told"] == "broken"
    night(env, portal, 25)
    assert value(portal, jane) == "given_up"
    assert value(portal, jane, "gdpr_not_relevant_since") == env.today().isoformat()


def test_those_there_before_are_told_in_tranches_and_never_one_task_each(portal, env):
    people = [portal.add_contact(email=f"p{n}@example.com", hs_object_source_id="71", **OLD) for n in range(7)]
    mail(portal, people[0], MARK, hs_timestamp="2024-05-20T08:00:00Z")
    night(env, portal)
    assert [value(portal, one) for one in people] == ["told", *["backlog"] * 6]
    assert tasks(portal) == []
    (tranche,) = plan(env)
    apply(env, [tranche], by="kim")
    assert (tranche.name, len(tranche.contact_ids), len(tasks(portal))) == (f"import 71, {people[1]}-", 6, 1)
    night(env, portal)
    assert value(portal, people[1]) == "open"
    mailing(portal, people[1], f"{MARK}, import 71")
    mailing(portal, people[2], "Nyhetsbrev november")
    night(env, portal)
    assert (value(portal, people[1]), value(portal, people[2])) == ("told", "open")
    assert plan(env) == []


def test_a_day_of_collection_moved_back_makes_it_late_and_no_backlog(portal, env, jane):
    portal.edit("contacts", jane, gdpr_collected_on=(env.today() - timedelta(days=40)).isoformat())
    night(env, portal)
    assert value(portal, jane) == "overdue"


def test_whoever_came_alone_is_told_with_the_others(portal, env):
    for n in range(4):
        portal.add_contact(email=f"i{n}@example.com", hs_object_source_id=str(n), **OLD)
    for n in range(3):
        portal.add_contact(email=f"m{n}@example.com", **{**OLD, "hs_object_source": "EMAIL"})
    assert [(t.name.partition(",")[0], len(t.contact_ids)) for t in plan(env)] == [("email", 3), ("others", 4)]
    assert {f.what: f.state for f in diagnose(env)}["people not told"] == "look"


def test_a_bulk_notice_that_was_broken_off_goes_on_with_the_same_tasks(portal, env, monkeypatch):
    for n in range(5):
        portal.add_contact(email=f"p{n}@example.com", hs_object_source_id="71", **OLD)
    monkeypatch.setattr("crm_gdpr.addons.notice.backlog.SIZE", 2)
    tranches = plan(env)
    apply(env, tranches[:1], by="kim")
    with monkeypatch.context() as broken:
        broken.setattr(type(env.hubspot), "update_many", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            apply(env, tranches[1:], by="kim")
    apply(env, plan(env), by="kim")
    assert plan(env) == []
    assert len(tasks(portal)) == len(tranches) == 3


def test_a_mailing_without_the_notice_is_a_first_message(portal, env, jane):
    mailing(portal, jane, "Nyhetsbrev november")
    night(env, portal)
    assert value(portal, jane) == "overdue"
    mailing(portal, jane, f"{MARK} till prospekt")
    night(env, portal)
    assert (value(portal, jane), value(portal, jane, "gdpr_notice_evidence")) == ("told", "mailing (late)")


def test_what_told_stands_when_another_mailing_follows(portal, env, jane):
    mailing(portal, jane, MARK)
    night(env, portal)
    mailing(portal, jane, "Nyhetsbrev november")
    night(env, portal)
    assert value(portal, jane) == "told"


@pytest.mark.parametrize("by_mailing", [True, False])
def test_a_bounce_afterwards_opens_the_duty_again(portal, env, jane, by_mailing):
    sent = None if by_mailing else mail(portal, jane, MARK)
    if by_mailing:
        mailing(portal, jane, MARK)
    night(env, portal)
    assert value(portal, jane) == "told"
    if sent:
        portal.edit("emails", sent, hs_email_status="BOUNCED")
    else:
        portal.edit("contacts", jane, hs_email_hard_bounce_reason_enum="UNKNOWN_USER")
    night(env, portal)
    assert (value(portal, jane), value(portal, jane, "gdpr_notice_given_on")) == ("open", None)
    assert [line.action for line in env.store.ledger.lines()] == ["notice.told", "notice.reopened"]


def test_passed_on_to_others_first_is_overdue_at_once(portal, env, jane):
    portal.edit("contacts", jane, gdpr_disclosed_on=env.today().isoformat())
    night(env, portal)
    assert (value(portal, jane), value(portal, jane, "gdpr_notice_due_on")) == (
        "overdue",
        value(portal, jane, "gdpr_disclosed_on"),
    )


def test_days_are_those_of_the_controllers_time_zone(portal, env, jane):
    after_midnight = f"{env.today().isoformat()}T23:30:00Z"  # in Stockholm the day after
    portal.log("call", [jane], hs_call_disposition=CONNECTED, hs_timestamp=after_midnight)
    portal.edit("contacts", jane, gdpr_notice_by_phone_on=(env.today() + timedelta(days=1)).isoformat())
    night(env, portal, 2)
    assert value(portal, jane) == "told"


def test_a_customers_contact_is_chased_and_never_let_go_for_it(portal, env):
    day = env.today().isoformat()
    kim = portal.add_contact(email="kim@example.com", gdpr_source="customer", gdpr_collected_on=day)
    night(env, portal, 70)
    assert (value(portal, kim), value(portal, kim, "gdpr_notice_blocks")) == ("overdue", "true")
    assert not value(portal, kim, "gdpr_not_relevant_since")


def test_each_person_has_a_link_of_their_own_to_say_no_by(portal, env, client, jane):
    night(env, portal)
    link = str(value(portal, jane, "gdpr_notice_link"))
    assert contact_behind(env, link.rpartition("/")[2]) == jane
    assert client.get(link.removeprefix(env.settings.public_url)).status_code == 200
    night(env, portal)
    assert value(portal, jane, "gdpr_notice_link") == link


def test_a_link_that_is_dead_or_somebody_elses_is_written_anew(portal, env, jane):
    """A copied contact carried the link of another person, and a no by it was that person's."""
    night(env, portal)
    kim = portal.add_contact(email="kim@example.com", gdpr_notice_link=value(portal, jane, "gdpr_notice_link"))
    moved = replace(env, settings=replace(env.settings, public_url="https://new.example.com"))
    night(moved, portal)
    links = {id_: str(value(portal, id_, "gdpr_notice_link")) for id_ in (jane, kim)}
    assert [contact_behind(env, link.rpartition("/")[2]) for link in links.values()] == [jane, kim]
    assert all(link.startswith("https://new.example.com/o/") for link in links.values())
    portal.advance(days=370)
    assert not is_good(moved, links[jane], jane), "it would soon be dead"


def test_a_company_has_a_text_of_its_own_beside_its_policy(portal, env, jane):
    own = PACKAGED_NOTICE.read_text().replace("2026-1", "Firman-7")
    env.settings.policy_file.with_name("notice.toml").write_text(own)
    mail(portal, jane, "GDPR-information Firman-7")
    night(env, portal)
    assert value(portal, jane) == "told"
    printed = CliRunner().invoke(notice, ["text", "--policy", str(env.settings.policy_file)])
    assert printed.output.rstrip().endswith("GDPR-information Firman-7")
    assert "{{ contact.gdpr_notice_link }}" in printed.output
    assert "{{ contact.gdpr_found_at }}" in printed.output


def test_the_command_refuses_a_text_that_asks(tmp_path):
    assert CliRunner().invoke(notice, ["check"]).exit_code == 0
    spoilt = tmp_path / "notice.toml"
    spoilt.write_text(PACKAGED_NOTICE.read_text().replace("Uppgifterna är kontaktuppgifter", "Vill du ha mer? Det är"))
    refused = CliRunner().invoke(notice, ["check", str(spoilt)])
    assert refused.exit_code == 1
    assert "14(1)(d).sv" in refused.output
