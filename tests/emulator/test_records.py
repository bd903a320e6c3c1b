"""Rules of records, read without knowing HTTP."""

import pytest

from crm_gdpr.emulator import Portal
from crm_gdpr.emulator.actor import SALES, app, imported
from crm_gdpr.emulator.errors import Invalid, Malformed, NotFound, Taken
from crm_gdpr.emulator.stages import Stage

OUR_APP = app(4_200_001, "crm_gdpr")
TICKET_NAMES = ("tickets", "hs_pipeline_stage", "hs_pipeline")
LEAD = "Legitimate interest – prospect/lead"


def write(portal: Portal, id_: str, **properties: object) -> list[str]:
    return portal.update("contacts", int(id_), properties, actor=OUR_APP)


def code(refused: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [problem.code for problem in refused.value.problems]


def test_a_record_remembers_who_made_it(portal: Portal):
    list_import = imported("7100", "https://www.nordkraft.example.se/om-oss")
    anna = portal.record("contacts", int(portal.add_contact(email="anna@example.se", actor=list_import)))
    assert anna.properties["hs_object_source"] == "IMPORT"
    assert anna.properties["hs_object_source_id"] == "7100"
    assert anna.properties["hs_object_source_detail_1"] == "https://www.nordkraft.example.se/om-oss"


def test_a_value_remembers_who_changed_it(portal: Portal):
    anna = portal.add_contact(jobtitle="Controller")
    write(portal, anna, jobtitle="CFO")
    newest, first = portal.record("contacts", int(anna)).history("jobtitle")
    assert (newest.value, newest.actor) == ("CFO", OUR_APP)
    assert (first.value, first.actor) == ("Controller", SALES)


def test_an_unchanged_value_is_no_change(portal: Portal):
    anna = portal.add_contact(jobtitle="Controller")
    assert write(portal, anna, jobtitle="Controller", phone="1") == ["phone"]


def test_every_problem_is_told_at_once(portal: Portal):
    anna = portal.add_contact()
    with pytest.raises(Invalid) as refused:
        write(portal, anna, shoe_size="42", hs_email_optout="true", lifecyclestage="friend", email="no address")
    assert code(refused) == ["PROPERTY_DOESNT_EXIST", "READ_ONLY_VALUE", "INVALID_OPTION", "INVALID_EMAIL"]


@pytest.mark.parametrize(
    ("name", "given", "stored"),
    [
        pytest.param("hs_legal_basis", LEAD, LEAD, id="the en dash belongs to the value"),
        pytest.param("hs_legal_basis", f";{LEAD};{LEAD}", LEAD, id="a leading semicolon adds, once"),
        pytest.param("hs_latest_source_timestamp", "1793606400000", "2026-11-02T08:00:00Z", id="milliseconds are read"),
        pytest.param(
            "hs_latest_source_timestamp",
            "2026-11-02T09:00:00.250+01:00",
            "2026-11-02T08:00:00.250Z",
            id="zones are left",
        ),
        pytest.param("email", " Anna.LIND@Example.se ", "anna.lind@example.se", id="addresses are lower case"),
        pytest.param("associatedcompanyid", "", None, id="an empty text clears"),
        pytest.param("hs_latest_source_timestamp", "2026-11-02", "2026-11-02T00:00:00Z", id="a day begins at midnight"),
    ],
)
def test_values_are_stored_as_text(portal: Portal, name: str, given: str, stored: str | None):
    anna = portal.add_contact(firstname="Anna")
    write(portal, anna, **{name: given})
    assert portal.value("contacts", anna, name) == stored


@pytest.mark.parametrize(
    ("name", "given", "problem"),
    [
        ("hs_legal_basis", "Legitimate interest - prospect/lead", "INVALID_OPTION"),
        ("hs_latest_source_timestamp", "soon", "INVALID_LONG"),
        ("hs_latest_source_timestamp", "20261102T080000", "INVALID_LONG"),
        ("hs_latest_source_timestamp", "٣", "INVALID_LONG"),
        ("associatedcompanyid", "1_000", "INVALID_INTEGER"),
        ("associatedcompanyid", "１２", "INVALID_INTEGER"),
        ("associatedcompanyid", "seven", "INVALID_INTEGER"),
    ],
)
def test_values_of_the_wrong_kind_are_refused(portal: Portal, name: str, given: str, problem: str):
    with pytest.raises(Invalid) as refused:
        write(portal, portal.add_contact(), **{name: given})
    assert code(refused) == [problem]


@pytest.mark.parametrize("given", ["2027-01-31", "1801353600000"])
def test_a_date_is_a_day(portal: Portal, given: str):
    company = portal.add_company(contract_end_date=given)
    assert portal.value("companies", company, "contract_end_date") == "2027-01-31"


@pytest.mark.parametrize("given", ["2027-01-31T10:00:00Z", "1801353600001", "20270131", "2027-W05-1", "--5", "²"])
def test_what_is_no_day_is_refused(portal: Portal, given: str):
    with pytest.raises(Invalid) as refused:
        portal.add_company(contract_end_date=given)
    assert code(refused) == ["INVALID_DATE"]


@pytest.mark.parametrize("given", [{"first": "Anna"}, ["Anna"]])
def test_a_value_is_a_text_a_number_or_a_truth(portal: Portal, given: object):
    with pytest.raises(Malformed, match="firstname"):
        write(portal, portal.add_contact(), firstname=given)


def test_an_address_belongs_to_one_person(portal: Portal):
    anna = portal.add_contact(email="anna@example.se")
    with pytest.raises(Taken, match=f"Existing ID: {anna}"):
        portal.add_contact(email="ANNA@example.se")


def test_an_address_given_up_can_be_taken(portal: Portal):
    anna = portal.add_contact(email="anna@example.se")
    write(portal, anna, email="anna.lind@example.se")
    assert portal.add_contact(email="anna@example.se") != anna
    assert str(portal.find("contacts", "anna.lind@example.se", "email").id) == anna


def test_a_lifecycle_stage_moves_back_only_when_cleared(portal: Portal):
    anna = portal.add_contact(lifecyclestage="customer")
    write(portal, anna, lifecyclestage="lead")
    assert portal.value("contacts", anna, "lifecyclestage") == "customer"
    write(portal, anna, lifecyclestage="")
    write(portal, anna, lifecyclestage="lead")
    assert portal.value("contacts", anna, "lifecyclestage") == "lead"


def test_a_switch_makes_moving_back_an_error(portal: Portal):
    portal.switches = portal.switches.changed(lifecycle_backwards="refuse")
    with pytest.raises(Invalid):
        write(portal, portal.add_contact(lifecyclestage="customer"), lifecyclestage="lead")


def test_a_stage_that_is_no_longer_offered_stands_in_no_way(portal: Portal):
    anna, twin = portal.add_contact(lifecyclestage="lead"), portal.add_contact(lifecyclestage="customer")
    catalogue = portal.catalogue("contacts")
    later = catalogue.get("lifecyclestage").options[2:]
    catalogue.update("lifecyclestage", {"options": later}, 0)
    write(portal, anna, lifecyclestage="opportunity")
    assert portal.merge("contacts", anna, twin).properties["lifecyclestage"] == "customer"


def test_a_switch_says_what_new_people_start_as(portal: Portal):
    assert portal.value("contacts", portal.add_contact(), "lifecyclestage") == "lead"
    portal.switches = portal.switches.changed(first_lifecycle_stage="subscriber")
    assert portal.value("companies", portal.add_company(), "lifecyclestage") == "subscriber"


def test_an_owner_is_assigned_at_a_moment(portal: Portal):
    anna = portal.add_contact(hubspot_owner_id="81000001")
    first = portal.value("contacts", anna, "hubspot_owner_assigneddate") or ""
    assert first.startswith("2026-11-02")
    portal.advance(days=1)
    write(portal, anna, jobtitle="CFO")
    assert portal.value("contacts", anna, "hubspot_owner_assigneddate") == first
    write(portal, anna, hubspot_owner_id="81000002")
    assert (portal.value("contacts", anna, "hubspot_owner_assigneddate") or "").startswith("2026-11-03")
    write(portal, anna, hubspot_owner_id="")
    assert portal.value("contacts", anna, "hubspot_owner_assigneddate") is None


@pytest.mark.parametrize(("kind", "stage", "pipeline"), [("deals", "dealstage", "pipeline"), TICKET_NAMES])
def test_a_stage_is_one_of_its_pipeline(portal: Portal, kind: str, stage: str, pipeline: str):
    more = {"probability": "0.5", "ticketState": "OPEN"}
    portal.add_pipeline(kind, "Renewals", [Stage("renewal", "Renewal", more)], "renewals")
    named = {"dealname": "A"} if kind == "deals" else {"subject": "A"}
    made = portal.create(kind, {**named, stage: "renewal"}, actor=OUR_APP)
    assert made.properties[pipeline] == "renewals"
    first = portal.pipelines_of(kind)[0].stages[0].id
    with pytest.raises(Invalid) as refused:
        portal.update(kind, made.id, {stage: first}, actor=OUR_APP)
    assert code(refused) == ["INVALID_OPTION"]
    home = next(iter(portal.pipelines[kind]))
    portal.update(kind, made.id, {stage: first, pipeline: home}, actor=OUR_APP)
    assert made.properties[pipeline] == home


def test_a_deal_is_closed_by_its_stage(portal: Portal):
    deal = portal.add_deal(dealstage="contractsent")
    assert portal.value("deals", deal, "hs_is_closed") == "false"
    portal.edit("deals", deal, dealstage="closedwon")
    closed = ("hs_is_closed", "hs_is_closed_won", "hs_is_closed_lost")
    assert [portal.value("deals", deal, name) for name in closed] == ["true", "true", "false"]
    assert portal.value("deals", deal, "closedate")


def test_a_stage_has_the_moment_it_was_entered(portal: Portal):
    deal = portal.add_deal(createdate="2026-01-10T09:00:00Z")
    assert portal.value("deals", deal, "hs_v2_date_entered_current_stage") == "2026-01-10T09:00:00Z"
    portal.edit("deals", deal, amount="5")
    assert portal.value("deals", deal, "hs_v2_date_entered_current_stage") == "2026-01-10T09:00:00Z"
    portal.edit("deals", deal, dealstage="contractsent")
    entered = portal.value("deals", deal, "hs_v2_date_entered_current_stage") or ""
    assert entered.startswith("2026-11-02T08:00:0")


def test_a_ticket_is_closed_by_its_stage(portal: Portal):
    ticket = portal.add_ticket()
    portal.edit("tickets", ticket, hs_pipeline_stage="4")
    assert portal.value("tickets", ticket, "hs_is_closed") == "true"


def test_an_activity_needs_its_moment(portal: Portal):
    with pytest.raises(Invalid) as refused:
        portal.create("notes", {"hs_note_body": "hej"}, actor=OUR_APP)
    assert code(refused) == ["REQUIRED_FIELD"]


def test_a_ticket_needs_a_subject(portal: Portal):
    with pytest.raises(Invalid) as refused:
        portal.create("tickets", {"hs_pipeline_stage": "1"}, actor=OUR_APP)
    assert code(refused) == ["REQUIRED_FIELD"]


def test_a_meeting_is_placed_at_its_start(portal: Portal):
    start = {"hs_meeting_start_time": "2026-10-01T09:00:00Z"}
    assert portal.create("meetings", start, actor=OUR_APP).properties["hs_timestamp"] == "2026-10-01T09:00:00Z"


def test_what_is_not_there_is_not_found(portal: Portal):
    with pytest.raises(NotFound):
        portal.record("contacts", 1)
