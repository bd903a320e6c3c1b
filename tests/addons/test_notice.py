"""Stories: who was told is known by evidence, who was not is asked about, blocked, and in the end let go."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner

from crm_gdpr.addons.notice.backlog import apply, plan
from crm_gdpr.addons.notice.clock import look, start
from crm_gdpr.cli.notice import notice
from crm_gdpr.diagnosis import diagnose
from crm_gdpr.emulator import Portal
from crm_gdpr.emulator.activity_log import CONNECTED
from crm_gdpr.policy.notice_text import PACKAGED_NOTICE, load_template

MARK = load_template().mark


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


def test_a_form_that_showed_the_notice_discharges(portal, env):
    day = env.today().isoformat()
    kim = portal.add_contact(
        email="kim@example.com",
        gdpr_source="website",
        gdpr_collected_on=day,
        gdpr_notice_version="2026-1",
        first_conversion_date=f"{day}T08:00:00Z",
    )
    night(env, portal)
    assert (value(portal, kim), value(portal, kim, "gdpr_notice_evidence")) == ("told", "form, notice 2026-1")


def test_the_owner_is_asked_five_days_before_and_once(portal, env, jane):
    night(env, portal, 26)
    assert value(portal, jane) == "soon"
    look(env)
    assert [subject for subject in tasks(portal) if "Inform people" in subject] == tasks(portal)
    assert len(tasks(portal)) == 1


def test_thirty_days_overdue_is_not_relevant_any_more(portal, env, jane):
    night(env, portal, 40)
    assert value(portal, jane) == "overdue"
    assert not value(portal, jane, "gdpr_not_relevant_since")
    assert {f.what: f.state for f in diagnose(env)}["people not told"] == "broken"
    night(env, portal, 25)
    assert value(portal, jane) == "given_up"
    assert value(portal, jane, "gdpr_not_relevant_since") == env.today().isoformat()


def test_those_there_before_are_told_in_tranches_and_never_one_task_each(portal, env):
    old = {"gdpr_source": "outreach", "gdpr_collected_on": "2024-05-02"}
    people = [portal.add_contact(email=f"p{n}@example.com", hs_object_source_id="71", **old) for n in range(7)]
    mail(portal, people[0], MARK, hs_timestamp="2024-05-20T08:00:00Z")
    night(env, portal)
    assert [value(portal, one) for one in people] == ["told", *["backlog"] * 6]
    assert tasks(portal) == []
    (tranche,) = plan(env)
    apply(env, [tranche], by="kim")
    assert (tranche.name, len(tranche.contact_ids), len(tasks(portal))) == ("71 1", 6, 1)
    night(env, portal)
    assert value(portal, people[1]) == "open"
    portal.edit("contacts", people[1], hs_email_last_send_date=f"{env.today().isoformat()}T08:00:00Z")
    night(env, portal)
    assert (value(portal, people[1]), value(portal, people[2])) == ("told", "open")


def test_the_command_refuses_a_text_that_asks(tmp_path):
    assert CliRunner().invoke(notice, ["check"]).exit_code == 0
    spoilt = tmp_path / "notice.toml"
    spoilt.write_text(PACKAGED_NOTICE.read_text().replace("Uppgifterna är kontaktuppgifter", "Vill du ha mer? Det är"))
    refused = CliRunner().invoke(notice, ["check", str(spoilt)])
    assert refused.exit_code == 1
    assert "14(1)(d).sv" in refused.output
