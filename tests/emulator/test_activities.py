"""What HubSpot calculates from activities, and how records are tied together."""

import pytest

from crm_gdpr.emulator import Portal
from crm_gdpr.emulator.actor import SALES

PRIMARY, UNLABELLED = 1, 279


def last(portal: Portal, id_: str) -> tuple[str | None, str | None]:
    read = [portal.value("contacts", id_, name) for name in ("notes_last_contacted", "notes_last_updated")]
    return read[0], read[1]


def test_a_call_is_a_contact_a_note_is_an_activity_and_a_task_is_neither(portal: Portal):
    anna = portal.add_contact()
    portal.log("call", [anna], hs_timestamp="2026-01-10T09:00:00Z")
    portal.log("note", [anna], hs_timestamp="2026-02-10T09:00:00Z")
    portal.log("task", [anna], hs_timestamp="2026-03-10T09:00:00Z")
    assert last(portal, anna) == ("2026-01-10T09:00:00Z", "2026-02-10T09:00:00Z")
    assert portal.value("contacts", anna, "num_notes") == "3"


def test_a_coming_meeting_counts_when_its_day_has_come(portal: Portal):
    anna = portal.add_contact()
    portal.log("meeting", [anna], hs_timestamp="2026-11-05T09:00:00Z", hs_meeting_outcome="SCHEDULED")
    assert last(portal, anna) == (None, None)
    assert portal.value("contacts", anna, "notes_next_activity_date") == "2026-11-05T09:00:00Z"
    portal.advance(days=4)
    assert last(portal, anna) == ("2026-11-05T09:00:00Z", "2026-11-05T09:00:00Z")


def test_an_activity_thrown_away_no_longer_counts(portal: Portal):
    anna = portal.add_contact()
    mail = portal.log("email", [anna])
    portal.archive("emails", mail)
    assert last(portal, anna) == (None, None)
    portal.restore("emails", mail)
    assert last(portal, anna) != (None, None)


def test_logging_an_activity_moves_the_last_modified_date(portal: Portal):
    anna = portal.add_contact()
    before = portal.record("contacts", int(anna)).updated_ms
    portal.advance(hours=1)
    portal.log("call", [anna])
    assert portal.record("contacts", int(anna)).updated_ms > before


def test_the_first_company_becomes_the_primary_one(portal: Portal):
    anna, first, second = portal.add_contact(), portal.add_company(), portal.add_company()
    portal.link(("contacts", anna), ("companies", first))
    portal.link(("contacts", anna), ("companies", second))
    linked = portal.associated(portal.record("contacts", int(anna)), "companies")
    assert linked == {int(first): (PRIMARY, UNLABELLED), int(second): (UNLABELLED,)}
    assert portal.value("contacts", anna, "associatedcompanyid") == first


def test_another_primary_company_takes_the_place_of_the_first(portal: Portal):
    anna, first, second = portal.add_contact(), portal.add_company(), portal.add_company()
    portal.link(("contacts", anna), ("companies", first))
    portal.edit("contacts", anna, associatedcompanyid=second)
    linked = portal.associated(portal.record("contacts", int(anna)), "companies")
    assert linked == {int(first): (UNLABELLED,), int(second): (PRIMARY, UNLABELLED)}
    portal.edit("contacts", anna, associatedcompanyid="")
    assert portal.primary_company(("contacts", int(anna))) is None


@pytest.mark.parametrize("nobody", ["999999", "1.5"])
def test_a_company_that_is_not_there_becomes_nobody_s_primary(portal: Portal, nobody: str):
    anna, company = portal.add_contact(), portal.add_company()
    portal.edit("contacts", anna, associatedcompanyid=nobody)
    assert portal.value("contacts", anna, "associatedcompanyid") is None
    portal.link(("contacts", anna), ("companies", company))
    portal.edit("contacts", anna, associatedcompanyid=nobody)
    assert portal.value("contacts", anna, "associatedcompanyid") == company


def test_without_the_plain_association_no_label_stays(portal: Portal):
    anna, company = portal.add_contact(), portal.add_company()
    portal.link(("companies", company), ("contacts", anna))
    portal.dissociate(("contacts", int(anna)), ("companies", int(company)), UNLABELLED, actor=SALES)
    assert portal.associated(portal.record("contacts", int(anna)), "companies") == {}
    assert portal.value("contacts", anna, "associatedcompanyid") is None


@pytest.mark.parametrize(
    "kind", ["calls", "communications", "emails", "meetings", "notes", "tasks", "deals", "tickets"]
)
def test_everything_around_a_person_is_tied_both_ways(portal: Portal, kind: str):
    anna = portal.add_contact()
    make = {"deals": portal.add_deal, "tickets": portal.add_ticket}.get(kind)
    thing = make(contacts=[anna]) if make else portal.log(kind, [anna])
    assert list(portal.associated(portal.record(kind, int(thing)), "contacts")) == [int(anna)]
    assert list(portal.associated(portal.record("contacts", int(anna)), kind)) == [int(thing)]


def test_a_meeting_ahead_is_the_latest_though_it_has_not_been_held(portal: Portal):
    anna = portal.add_contact()
    portal.log("meeting", [anna], hs_timestamp="2026-12-24T09:00:00Z")
    assert portal.value("contacts", anna, "hs_latest_meeting_activity") == "2026-12-24T09:00:00Z"
    assert portal.value("contacts", anna, "notes_last_contacted") is None


def test_a_reply_is_the_last_engagement(portal: Portal):
    anna = portal.add_contact()
    portal.log("email", [anna], hs_timestamp="2026-10-01T09:00:00Z", hs_email_direction="INCOMING_EMAIL")
    assert portal.value("contacts", anna, "hs_last_sales_activity_type") == "EMAIL_REPLY"
    assert portal.value("contacts", anna, "hs_last_sales_activity_timestamp") == "2026-10-01T09:00:00Z"


def test_what_the_person_does_is_an_engagement_and_what_we_do_is_not(portal: Portal):
    anna, form = portal.add_contact(email="anna@example.se"), portal.add_form()

    def engaged() -> tuple[str | None, str]:
        at = portal.value("contacts", anna, "hs_last_sales_activity_timestamp") or ""
        return portal.value("contacts", anna, "hs_last_sales_activity_type"), at[:10]

    portal.log("email", [anna], hs_timestamp="2026-10-05T09:00:00Z")
    assert engaged() == (None, "")
    portal.log("email", [anna], hs_timestamp="2026-10-01T09:00:00Z", hs_email_direction="INCOMING_EMAIL")
    assert engaged() == ("EMAIL_REPLY", "2026-10-01")
    portal.view_page(anna, "https://www.example.com/", at="2026-10-02T09:00:00Z")
    assert engaged() == ("HUBSPOT_REVISIT", "2026-10-02")
    portal.submit_form(form, {"email": "anna@example.se"})
    assert engaged() == ("FORM_SUBMITTED", "2026-11-02")


def test_a_chat_is_a_contact(portal: Portal):
    anna = portal.add_contact(email="anna@example.se")
    thread = portal.write_in("anna@example.se", "Hej", to="")
    assert (last(portal, anna)[0] or "").startswith("2026-11-02")
    assert portal.value("contacts", anna, "num_contacted_notes") == "1"
    portal.advance(days=1)
    portal.reply(thread, "Hej själv")
    assert (last(portal, anna)[0] or "").startswith("2026-11-03")


def test_neighbours_are_counted(portal: Portal):
    anna, company = portal.add_contact(), portal.add_company()
    ticket = portal.add_ticket(contacts=[anna], companies=[company])
    portal.add_deal(contacts=[anna], companies=[company])
    assert portal.value("tickets", ticket, "hs_num_associated_companies") == "1"
    assert portal.value("companies", company, "num_associated_deals") == "1"


def test_what_is_calculated_may_come_late(portal: Portal):
    portal.switches = portal.switches.changed(rollup_lag_ms=60_000)
    anna = portal.add_contact()
    portal.log("call", [anna], hs_timestamp="2026-10-01T09:00:00Z")
    portal.advance(seconds=50)
    assert portal.value("contacts", anna, "notes_last_contacted") is None
    portal.advance(seconds=20)
    assert portal.value("contacts", anna, "notes_last_contacted") == "2026-10-01T09:00:00Z"
    portal.archive("calls", next(iter(portal.live["calls"])).id)
    portal.advance(seconds=50)
    assert portal.value("contacts", anna, "num_contacted_notes") == "1"
    portal.advance(seconds=20)
    assert portal.value("contacts", anna, "num_contacted_notes") == "0"
