"""Stories: a contact comes into being or changes, and is tagged from the record itself."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from crm_gdpr.addons.provenance.export import history, read
from crm_gdpr.addons.provenance.handlers import contact_changed, tag_waiting
from crm_gdpr.addons.provenance.legal_basis import CONTRACT, CUSTOMER, MAILING, OTHER, PROPERTY, PROSPECT
from crm_gdpr.addons.provenance.scanning import tag_everyone, tag_missed
from crm_gdpr.addons.provenance.tagging import TAGS, UNKNOWN_LIST
from crm_gdpr.addons.provenance.watching import raise_alarm
from crm_gdpr.diagnosis import diagnose
from crm_gdpr.emulator import Portal
from crm_gdpr.emulator.actor import Actor, form, imported, user
from crm_gdpr.emulator.faults import Fault
from crm_gdpr.env import Event
from crm_gdpr.policy.person import CONSENT
from tests.addons.pages import sign_in
from tests.events import created, event

KIM = user(9002)
ADDRESS = "astrid@firm.example.com"
FORM = {"email": ADDRESS, "company": "Firman AB", "hs_object_source": "FORM"}
FOUND = {
    "email": ADDRESS,
    "company": "Firman AB",
    "jobtitle": "CTO",
    "hs_object_source": "CRM_UI",
    "hs_object_source_detail_1": "https://example.com/about",
}


@pytest.fixture
def tagged(portal: Portal, deliver, work) -> Callable[..., str]:
    """Add a contact, deliver its creation, and let it be tagged."""

    def add(**properties: Any) -> str:
        contact_id = portal.add_contact(**properties)
        assert deliver(created(portal, contact_id)).status_code == 204
        work()
        return contact_id

    return add


@pytest.fixture
def edit(portal: Portal, deliver, work) -> Callable[..., None]:
    """Change one value of a contact as somebody does in HubSpot, and deliver the event."""

    def change(contact_id: str, actor: Actor = KIM, **properties: str) -> None:
        portal.advance(minutes=1)
        portal.edit("contacts", contact_id, actor=actor, **properties)
        told = {"changeSource": actor.source, "sourceId": actor.id}
        deliver(
            *(
                event(portal, "contact.propertyChange", contact_id, propertyName=name, propertyValue=value, **told)
                for name, value in properties.items()
            )
        )
        work()

    return change


def value(portal: Portal, contact_id: str, name: str = "gdpr_source") -> str | None:
    return portal.value("contacts", contact_id, name)


def checked(env) -> dict[str, str]:
    return {finding.what: finding.state for finding in diagnose(env)}


# Created, and tagged


def test_a_new_contact_is_tagged_from_its_own_record(portal, tagged):
    jane = tagged(**FOUND)
    assert value(portal, jane) == "outreach"
    assert value(portal, jane, "gdpr_legal_basis") == "sales: legitimate_interest"
    assert value(portal, jane, "gdpr_lia_version") == "sales-outreach 1"
    assert value(portal, jane, "gdpr_class") == "employee"
    assert value(portal, jane, "gdpr_email_marketing") == "opt_out"
    assert value(portal, jane, PROPERTY) == PROSPECT


def test_every_tag_is_written_with_its_evidence(portal, env, tagged):
    jane = tagged(**FORM, createdate="2026-01-09T23:30:00Z", hs_object_source_id="f-1")
    tags = {name: value(portal, jane, name) for name in TAGS}
    assert tags["gdpr_source"] == tags["gdpr_sources"] == "website"
    assert tags["gdpr_collected_on"] == "2026-01-10"
    assert tags["gdpr_policy_version"] == env.policy.version
    assert tags["gdpr_source_evidence"].startswith("website form: hs_object_source=FORM, ")
    assert "hs_object_source_id=f-1" in tags["gdpr_source_evidence"]
    assert "created 2026-01-09T23:30" in tags["gdpr_source_evidence"]
    assert ADDRESS not in str(tags)


def test_outreach_that_does_not_show_its_place_says_what_it_lacks(portal, tagged):
    jane = tagged(**{**FOUND, "hs_object_source_detail_1": "en lista"})
    assert value(portal, jane) == "unknown"
    assert "lacks place" in str(value(portal, jane, "gdpr_source_evidence"))
    assert value(portal, jane, PROPERTY) in (None, "")
    assert value(portal, jane, "gdpr_email_marketing") == "blocked"


def test_sales_fills_in_the_place_and_the_source_is_known(portal, env, tagged, edit):
    jane = tagged(**{**FOUND, "hs_object_source_detail_1": ""})
    edit(jane, gdpr_found_at="https://example.com/about")
    assert value(portal, jane) == "outreach"
    assert env.store.lists.count(UNKNOWN_LIST) == 0


def test_the_ledger_says_that_it_was_tagged_and_not_who(portal, env, tagged):
    jane = tagged(**FORM)
    (line,) = env.store.ledger.lines()
    assert (line.action, line.subject) == ("source.tagged", env.pseudonym(jane))
    assert line.detail["source"] == "website"
    assert ADDRESS not in str(line)


def test_a_stranger_who_wrote_about_rights_is_no_prospect(portal, env, deliver, work, tagged):
    jane = tagged(email=ADDRESS, hs_object_source="EMAIL")
    assert value(portal, jane) == "inbound"
    ticket = portal.add_ticket(contacts=[jane], subject="GDPR: vad har ni om mig?")
    deliver(event(portal, "ticket.creation", ticket))
    work()
    work()
    assert value(portal, jane) == "request"
    assert value(portal, jane, "gdpr_email_marketing") == "blocked"


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_hubspot_delays_the_tag_and_does_not_lose_it(portal, emulator, env, deliver, work, status):
    jane = portal.add_contact(**FORM)
    emulator.guard.faults.waiting.append(Fault(match="/contacts", status=status, retry_after=0))
    deliver(created(portal, jane))
    work()
    assert value(portal, jane) == "website"
    assert env.store.work.failed() == []


def test_a_contact_that_is_gone_is_recorded_and_left(portal, env, deliver, work):
    jane = portal.add_contact(**FORM)
    told = created(portal, jane)
    portal.purge(jane)
    deliver(told)
    work()
    assert [line.action for line in env.store.ledger.lines()] == ["contact.gone"]


# Prospect, customer, former customer


def test_a_prospect_becomes_a_customer_and_a_former_one(portal, env, deliver, work, tagged):
    jane = tagged(**FOUND)
    firm = portal.add_company()
    portal.link(("contacts", jane), ("companies", firm))
    for stage, until, word in (("customer", "", CUSTOMER), ("lead", "2026-01-31", PROSPECT)):
        portal.edit("companies", firm, lifecyclestage="")
        portal.edit("companies", firm, lifecyclestage=stage, contract_end_date=until)
        portal.advance(minutes=1)
        deliver(event(portal, "company.propertyChange", firm, propertyName="lifecyclestage"))
        work()
        assert (value(portal, jane), value(portal, jane, PROPERTY)) == ("customer", word)
    assert value(portal, jane, "gdpr_sources") == "outreach, customer"
    assert [row["source"] for row in history(env, jane)] == ["outreach", "customer", "customer"]


def test_a_sole_trader_who_is_a_customer_is_kept_by_contract(portal, deliver, work, tagged):
    jane = tagged(**FOUND)
    firm = portal.add_company(name="Jane Doe enskild firma", lifecyclestage="customer")
    portal.link(("contacts", jane), ("companies", firm))
    deliver(event(portal, "contact.associationChange", jane, fromObjectId=int(jane), toObjectId=int(firm)))
    work()
    assert value(portal, jane, "gdpr_class") == "sole_trader"
    assert "customer_support: contract" in str(value(portal, jane, "gdpr_legal_basis"))
    assert CONTRACT in str(value(portal, jane, PROPERTY))


def test_a_won_deal_makes_a_customer(portal, deliver, work, tagged):
    jane = tagged(**FOUND)
    deal = portal.add_deal(contacts=[jane], dealstage="closedwon")
    deliver(event(portal, "deal.creation", deal))
    work()
    assert value(portal, jane) == "customer"


def test_a_consent_that_stands_in_hubspot_is_never_taken_away(portal, tagged, edit):
    jane = tagged(actor=form("f-1"), email="jane@gmail.com", hs_legal_basis=CONSENT)
    assert set(str(value(portal, jane, PROPERTY)).split(";")) == {PROSPECT, CONSENT}
    assert value(portal, jane, "gdpr_email_marketing") == "consented"


def test_hubspots_own_words_are_used_with_their_dashes():
    assert PROSPECT.count("\N{EN DASH}") == CUSTOMER.count("\N{EN DASH}") == 1
    assert "\N{EN DASH}" not in OTHER
    assert "Not applicable" not in MAILING


# A person's own edit


@pytest.mark.parametrize(
    ("name", "chosen"),
    [
        ("gdpr_source", "other"),
        ("gdpr_class", "sole_trader"),
        ("gdpr_legal_basis", "sales: consent"),
        (PROPERTY, OTHER),
    ],
)
def test_what_a_person_chose_wins_and_is_recorded_with_who_and_when(portal, env, tagged, edit, name, chosen):
    jane = tagged(**FORM)
    edit(jane, **{name: chosen})
    edit(jane, jobtitle="Controller")
    tag_everyone(env)
    assert value(portal, jane, name) == chosen
    assert f"{name}={chosen} (userId:9002, " in str(value(portal, jane, "gdpr_overruled"))
    lines = [line for line in env.store.ledger.lines() if line.action == "source.overruled"]
    assert [(line.actor, line.detail["property"]) for line in lines] == [("userId:9002", name)]
    assert lines[0].detail["decided_at"]


def test_what_a_person_wrote_on_a_new_contact_is_never_overwritten(portal, env, tagged):
    jane = tagged(email=ADDRESS, gdpr_source="other")
    tag_everyone(env)
    assert value(portal, jane) == "other"


def test_the_rest_follows_from_what_a_person_chose(portal, tagged, edit):
    jane = tagged(**FORM)
    edit(jane, gdpr_class="natural_person")
    assert value(portal, jane, "gdpr_email_marketing") == "blocked"
    edit(jane, gdpr_source="other")
    assert value(portal, jane, "gdpr_legal_basis") == "dealings: legitimate_interest"


@pytest.mark.parametrize("machine", [imported("77"), Actor("CRM_UI_BULK_ACTION", "userId:1"), Actor("AUTOMATION", "9")])
@pytest.mark.parametrize("written", ["inbound", ""])
def test_what_a_machine_writes_over_a_decision_is_put_back(portal, env, tagged, edit, machine, written):
    jane = tagged(**FORM)
    edit(jane, gdpr_source="other")
    edit(jane, actor=machine, gdpr_source=written)
    assert value(portal, jane) == "other"
    assert [line.action for line in env.store.ledger.lines()].count("source.overruled") == 1


def test_a_decision_made_while_we_wrote_is_not_lost(portal, env, deliver, tagged, work, monkeypatch):
    jane = tagged(**FORM)
    portal.edit("contacts", jane, actor=KIM, jobtitle="CTO", company="")
    known = type(env.hubspot).update_many

    def decide_meanwhile(hubspot, kind, changes):
        if changes:
            portal.advance(seconds=1)
            portal.edit("contacts", jane, actor=KIM, gdpr_class="sole_trader")
            portal.advance(seconds=1)
        return known(hubspot, kind, changes)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(type(env.hubspot), "update_many", decide_meanwhile)
        tag_everyone(env)
    assert value(portal, jane, "gdpr_class") == "natural_person"
    deliver(event(portal, "contact.propertyChange", jane, propertyName="gdpr_class", sourceId="userId:9002"))
    work()
    assert value(portal, jane, "gdpr_class") == "sole_trader"
    assert "gdpr_class=sole_trader (userId:9002, " in str(value(portal, jane, "gdpr_overruled"))


def test_a_decision_is_recorded_even_while_no_balancing_test_is_current(portal, env, tagged, edit):
    jane = tagged(**FORM)
    portal.advance(days=400)
    edit(jane, gdpr_class="sole_trader")
    assert "gdpr_class=sole_trader" in str(value(portal, jane, "gdpr_overruled"))
    assert value(portal, jane) == "website"


def test_what_a_person_empties_is_ours_again(portal, tagged, edit):
    jane = tagged(**FORM)
    edit(jane, gdpr_source="other")
    edit(jane, gdpr_source="")
    assert value(portal, jane) == "website"
    assert "gdpr_source" not in str(value(portal, jane, "gdpr_overruled"))


@pytest.mark.parametrize("actor", [imported("77"), Actor("CRM_UI_BULK_ACTION", "userId:1"), Actor("AUTOMATION", "9")])
def test_a_machine_or_a_bulk_edit_does_not_overrule(portal, tagged, edit, actor):
    jane = tagged(**FORM)
    edit(jane, actor=actor, gdpr_source="other")
    assert value(portal, jane) == "website"


def test_our_own_writes_do_not_wake_us(portal, env, deliver, work, tagged):
    jane = tagged(**FORM)
    own = {"changeSource": "INTEGRATION", "sourceId": env.settings.app_id}
    deliver(event(portal, "contact.propertyChange", jane, propertyName="gdpr_source", **own))
    work()
    assert env.store.lists.count("provenance.contacts") == 0
    assert len(env.store.ledger.lines()) == 1


# Through the front door: merged, restored


def test_of_merged_contacts_the_strictest_source_stands_and_all_are_kept(portal, env, settle):
    found = portal.add_contact(**FOUND)
    came = portal.add_contact(**{**FORM, "email": "other@firm.example.com"})
    settle()
    survivor = str(portal.merge("contacts", came, found).id)
    settle()
    assert value(portal, survivor) == "outreach"
    assert set(str(value(portal, survivor, "gdpr_sources")).split(", ")) == {"website", "outreach"}
    told = [row["source"] for row in read(env, survivor) if row.get("action") == "source.tagged"]
    assert sorted(told[:2]) == ["outreach", "website"]
    assert told[2:] == ["outreach"]
    assert "userId" not in str([row for row in read(env, survivor) if "action" in row])


def test_a_restored_contact_is_tagged_anew(portal, env, settle):
    jane, firm = portal.add_contact(**FOUND), portal.add_company()
    portal.link(("contacts", jane), ("companies", firm))
    settle()
    portal.archive("contacts", jane)
    portal.edit("companies", firm, gdpr_customer="true")
    settle()
    portal.restore("contacts", jane)
    settle()
    assert value(portal, jane) == "customer"


# At night


def test_what_webhooks_missed_is_tagged_at_night_and_once(portal, env):
    people = [portal.add_contact(email=f"p{n}@example.com") for n in range(3)]
    for _ in range(2):
        tag_missed(env)
    assert all(value(portal, person) for person in people)
    assert [line.action for line in env.store.ledger.lines()] == ["source.tagged"] * 3


@pytest.mark.parametrize("moved", ["2020-01-01", "2030-01-01", ""])
def test_a_day_of_collection_that_somebody_moved_is_put_back_at_night(portal, env, tagged, moved):
    jane = tagged(**FORM)
    tag_missed(env)
    day = value(portal, jane, "gdpr_collected_on")
    portal.advance(hours=1)
    portal.edit("contacts", jane, actor=KIM, gdpr_collected_on=moved)
    tag_missed(env)
    assert value(portal, jane, "gdpr_collected_on") == day


def test_whoever_comes_with_an_earlier_day_of_collection_keeps_it(portal, tagged):
    assert value(portal, tagged(**FORM, gdpr_collected_on="2026-09-01"), "gdpr_collected_on") == "2026-09-01"


def test_a_change_nobody_heard_of_is_found_at_night(portal, env, tagged):
    jane = tagged(**FOUND)
    firm = portal.add_company()
    portal.link(("contacts", jane), ("companies", firm))
    tag_missed(env)
    portal.advance(hours=1)
    portal.edit("companies", firm, gdpr_customer="true")
    tag_missed(env)
    assert value(portal, jane) == "customer"


def test_a_balancing_test_past_its_date_takes_no_tag_away_and_gives_none(portal, env, tagged):
    jane = tagged(**FORM)
    portal.advance(days=400)
    kim = tagged(email="kim@firm.example.com", company="Firman AB", hs_object_source="FORM")
    tag_everyone(env)
    assert (value(portal, jane), value(portal, kim)) == ("website", "unknown")
    assert checked(env)["balancing tests"] == "broken"


# What a person should look at


def test_an_unknown_source_is_an_alarm_after_a_day(portal, env, tagged):
    assert checked(env)["unknown sources"] == "ok"
    tagged(email=ADDRESS, hs_object_source="MIGRATION")
    assert checked(env)["unknown sources"] == "look"
    portal.advance(hours=25)
    assert checked(env)["unknown sources"] == "broken"


def test_the_officer_is_asked_about_unknown_sources_once_a_week(portal, env, tagged):
    dana = portal.add_owner(env.policy.controller.officer, "Dana", "Skydd")
    tagged(email=ADDRESS, hs_object_source="MIGRATION")
    raise_alarm(env)
    assert not portal.live["tasks"]
    for _ in range(8):
        portal.advance(days=1)
        raise_alarm(env)
    told = [task.properties for task in portal.live["tasks"]]
    assert {task["hubspot_owner_id"] for task in told} == {dana}
    assert len(told) == 2
    assert all("1 contacts without a known source" in task["hs_task_subject"] for task in told)
    assert ADDRESS not in str(told)


def test_the_officer_is_asked_to_review_a_balancing_test_before_its_day_and_when_it_has_passed(portal, env):
    portal.advance(days=310)
    for _ in range(2):
        raise_alarm(env)
    told = [task.properties["hs_task_subject"] for task in portal.live["tasks"]]
    assert len(told) == len(env.policy.assessments)
    assert all("is to be reviewed before 2027-10-01" in subject for subject in told)
    portal.advance(days=40)
    raise_alarm(env)
    assert len(portal.live["tasks"]) == 2 * len(env.policy.assessments)


def test_the_unknown_are_listed_with_their_age_and_counted(portal, env, client, tagged):
    jane = tagged(email=ADDRESS, firstname="Jane", hs_object_source="MIGRATION")
    sign_in(client, env, "support", "sam")
    page = client.get("/console/sources?lang=en").text
    assert f'href="/console/people/{jane}"' in page
    assert "hs_object_source=MIGRATION" in page
    assert "more than" not in page
    assert 'crm_gdpr_unknown_sources{age="new"} 1.0' in client.get("/metrics").text
    portal.advance(hours=25)
    assert "1 have been unknown for more than 24 hours" in client.get("/console/sources?lang=en").text
    assert 'crm_gdpr_unknown_sources{age="late"} 1.0' in client.get("/metrics").text


@pytest.mark.parametrize("night", [tag_missed, tag_everyone])
def test_an_unknown_source_that_is_gone_is_off_the_list(portal, env, tagged, night):
    jane = tagged(email=ADDRESS, hs_object_source="MIGRATION")
    portal.purge(jane)
    night(env)
    assert checked(env)["unknown sources"] == "ok"


@pytest.mark.parametrize(
    ("made", "text"),
    [
        pytest.param({"hs_object_source_detail_1": "Köpt lista Q3"}, "köpt lista", id="a bought list"),
        pytest.param({"email": "jane@gmail.com"}, "Adressen är privat", id="a private address"),
        pytest.param({"jobtitle": ""}, "roll eller den öppna webbsida", id="no role"),
    ],
)
def test_what_is_unknown_says_why_in_words(portal, env, tagged, made, text):
    jane = tagged(**{**FOUND, "hs_object_source": "IMPORT", **made})
    assert value(portal, jane) == "unknown"
    assert text.casefold() in str(value(portal, jane, "gdpr_source_evidence")).casefold()


def test_a_portal_without_hubspots_legal_basis_is_tagged_all_the_same_and_told(portal, env, tagged):
    del portal.catalogues["contacts"].properties[PROPERTY]
    jane = tagged(**FORM)
    assert value(portal, jane) == "website"
    assert checked(env)["HubSpot's legal basis"] == "look"


# What it costs


def related(portal: Portal, count: int) -> Iterator[str]:
    firms = [portal.add_company() for _ in range(math.ceil(count / 2))]
    for n in range(count):
        jane = portal.add_contact(**{**FOUND, "email": f"p{n}@firm.example.com"})
        portal.link(("contacts", jane), ("companies", firms[n // 2]))
        if n % 3 == 0:
            portal.add_deal(contacts=[jane])
        yield jane


def spent(emulator) -> dict[str, int]:
    """Return the calls made, by the template of their path without its version."""
    found: dict[str, int] = {}
    for (_, path, _), n in emulator.guard.calls.items():
        if "_emulator" not in path:
            found[path.replace("/2026-09", "")] = n
    return found


def tag_new(env, people: list[str]) -> None:
    """What the webhooks of creations lead to; what other addons do with them is not counted here."""
    contact_changed(env, [Event(type="contact.creation", object_id=jane, occurred_ms=1) for jane in people])
    tag_waiting(env)


@pytest.mark.parametrize("count", [1, 101, pytest.param(1_050, marks=pytest.mark.slow)])
def test_tagging_costs_no_more_calls_than_the_batches_it_takes(portal, emulator, env, count):
    people = list(related(portal, count))
    emulator.guard.calls.clear()
    tag_new(env, people)
    assert all(value(portal, jane) for jane in people)
    hundreds, thousands = math.ceil(count / 100), math.ceil(count / 1000)
    firms, deals = math.ceil(math.ceil(count / 2) / 100), math.ceil(math.ceil(count / 3) / 100)
    assert spent(emulator) == {
        "/crm/objects/<kind>/batch/read": hundreds + firms + deals,
        "/crm/associations/<kind>/<to_kind>/batch/read": 2 * thousands,
        "/crm/objects/<kind>/batch/update": hundreds,
    }


def test_who_comes_with_a_tag_costs_one_more_reading_a_fifty_to_see_who_wrote_it(portal, emulator, env):
    people = [
        portal.add_contact(actor=imported("77"), email=f"p{n}@firm.example.com", hs_legal_basis=OTHER)
        for n in range(101)
    ]
    emulator.guard.calls.clear()
    tag_new(env, people)
    assert spent(emulator)["/crm/objects/<kind>/batch/read"] == math.ceil(101 / 100) + math.ceil(101 / 50)
    emulator.guard.calls.clear()
    tag_new(env, people)
    assert spent(emulator)["/crm/objects/<kind>/batch/read"] == math.ceil(101 / 100)


def test_the_list_of_the_unknown_is_old_from_the_first_day(env):
    first = env.clock.now()
    env.store.lists.add("x", ["1"], at=first)
    env.store.lists.add("x", ["1", "2"], at=first + timedelta(hours=1))
    assert [(item.id, item.since_at) for item in env.store.lists.waiting("x", 10)] == [
        ("1", first),
        ("2", first + timedelta(hours=1)),
    ]
    assert env.store.lists.count("x", before=first + timedelta(minutes=1)) == 1


def test_what_is_put_on_a_list_again_while_it_is_worked_on_stays(env):
    now = env.clock.now()
    assert env.store.lists.add("x", ["1", "2"], at=now)
    wave = env.store.lists.waiting("x", 10)
    assert not env.store.lists.add("x", ["2"], at=now)
    env.store.lists.done("x", wave)
    assert [item.id for item in env.store.lists.waiting("x", 10)] == ["2"]
