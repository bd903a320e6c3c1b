"""Property definitions and their groups: made, changed, archived, brought back and purged."""

import pytest

from crm_gdpr.emulator import Portal
from crm_gdpr.emulator.lists import DYNAMIC, NewList
from tests.emulator.conftest import Api

PROPERTIES = "/crm/properties/2026-09/contacts"
STAGE = {
    "name": "gdpr_stage",
    "label": "Stage",
    "groupName": "contactinformation",
    "type": "enumeration",
    "fieldType": "select",
    "options": [{"label": "Review", "value": "review", "displayOrder": 0, "hidden": False}],
}
CONTACTS = "/crm/objects/2026-09/contacts"


@pytest.fixture
def anna(portal: Portal, api: Api) -> str:
    api("POST", PROPERTIES, STAGE)
    return portal.add_contact(gdpr_stage="review")


def test_a_taken_name_is_told_as_such(anna: str, api: Api):
    answer = api("POST", PROPERTIES, STAGE)
    assert (answer.status_code, answer.json()["category"]) == (409, "OBJECT_ALREADY_EXISTS")
    group = {"name": "contactinformation", "label": "Again"}
    assert api("POST", f"{PROPERTIES}/groups", group).status_code == 409


def test_an_archived_property_is_unknown_and_comes_back_with_its_values(anna: str, api: Api):
    assert api("DELETE", f"{PROPERTIES}/gdpr_stage").status_code == 204
    path = f"{CONTACTS}/{anna}?properties=gdpr_stage"
    assert "gdpr_stage" not in api("GET", path).json()["properties"]
    assert api("PATCH", f"{CONTACTS}/{anna}", {"properties": {"gdpr_stage": "review"}}).status_code == 400
    assert api("GET", f"{PROPERTIES}/gdpr_stage").status_code == 404
    assert api("GET", f"{PROPERTIES}/gdpr_stage?archived=true").json()["archivedAt"]
    assert api("POST", PROPERTIES, STAGE).status_code == 201
    assert api("GET", path).json()["properties"]["gdpr_stage"] == "review"


def test_ninety_days_later_it_is_gone_with_its_values(anna: str, portal: Portal, api: Api):
    api("DELETE", f"{PROPERTIES}/gdpr_stage")
    portal.advance(days=91)
    assert api("GET", f"{PROPERTIES}/gdpr_stage?archived=true").status_code == 404
    api("POST", PROPERTIES, STAGE)
    assert portal.value("contacts", anna, "gdpr_stage") is None
    assert portal.record("contacts", int(anna)).history("gdpr_stage") == ()


@pytest.mark.parametrize("on", ["a list", "a form"])
def test_what_others_rest_on_stays(anna: str, portal: Portal, api: Api, on: str):
    if on == "a list":
        asked = {"operationType": "ALL_PROPERTY", "operator": "IS_KNOWN"}
        known = {"filterType": "PROPERTY", "property": "gdpr_stage", "operation": asked}
        inner = {"filterBranchType": "AND", "filterBranches": [], "filters": [known]}
        whole = {"filterBranchType": "OR", "filterBranches": [inner], "filters": []}
        portal.add_list(NewList("In review", "contacts", DYNAMIC, whole))
    else:
        portal.add_form("Stage", fields=("email", "gdpr_stage"))
    answers = [
        api("DELETE", f"{PROPERTIES}/gdpr_stage"),
        api("POST", f"{PROPERTIES}/batch/archive", {"inputs": [{"name": "gdpr_stage"}]}),
    ]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert answers[0].json()["subCategory"].endswith("CANNOT_DELETE_PROPERTY_IN_USE")
    assert api("GET", f"{PROPERTIES}/gdpr_stage").status_code == 200


def test_what_hubspot_defines_is_not_archived(api: Api):
    assert api("DELETE", f"{PROPERTIES}/email").status_code == 400


def test_what_hubspot_defines_is_changed_in_its_options_at_most(api: Api):
    cold = {"options": [{"label": "Cold", "value": "COLD", "displayOrder": 0, "hidden": False}]}
    assert api("PATCH", f"{PROPERTIES}/email", {"label": "Address"}).status_code == 400
    assert api("PATCH", f"{PROPERTIES}/hs_marketable_status", cold).status_code == 400
    assert api("PATCH", f"{PROPERTIES}/hs_lead_status", {**cold, "label": "Status"}).status_code == 400
    changed = api("PATCH", f"{PROPERTIES}/hs_lead_status", cold).json()
    assert [option["value"] for option in changed["options"]] == ["COLD"]
    told = {"archivable": True, "readOnlyDefinition": True, "readOnlyValue": False, "readOnlyOptions": False}
    assert changed["modificationMetadata"] == told


def test_two_options_cannot_have_one_value(api: Api):
    assert api("POST", PROPERTIES, {**STAGE, "options": STAGE["options"] * 2}).status_code == 400


@pytest.mark.parametrize(("base", "status"), [(PROPERTIES, 200), ("/crm/v3/properties/contacts", 207)])
def test_what_cannot_be_defined_is_told_beside_what_was(anna: str, api: Api, base: str, status: int):
    inputs = [STAGE, {**STAGE, "name": "Bad Name"}, {"name": "bare"}, {**STAGE, "name": "gdpr_other"}]
    answer = api("POST", f"{base}/batch/create", {"inputs": inputs})
    told = answer.json()
    assert (answer.status_code, told["numErrors"]) == (status, 3)
    assert [row["name"] for row in told["results"]] == ["gdpr_other"]
    assert [error["category"] for error in told["errors"]] == ["OBJECT_ALREADY_EXISTS", *["VALIDATION_ERROR"] * 2]
    assert [error["context"]["name"] for error in told["errors"]] == [["gdpr_stage"], ["Bad Name"], ["bare"]]


def test_sensitive_definitions_are_told_only_to_who_asks_for_them(api: Api):
    passport = {**STAGE, "name": "passport", "type": "string", "fieldType": "text", "dataSensitivity": "sensitive"}
    assert api("POST", PROPERTIES, passport).json()["dataSensitivity"] == "sensitive"
    assert api("POST", PROPERTIES, {**passport, "name": "x", "dataSensitivity": "secret"}).status_code == 400
    found = {
        asked: {row["name"] for row in api("GET", f"{PROPERTIES}?dataSensitivity={asked}").json()["results"]}
        for asked in ("non_sensitive", "sensitive", "highly_sensitive")
    }
    assert (found["sensitive"], found["highly_sensitive"]) == ({"passport"}, set())
    assert "passport" not in found["non_sensitive"]


def test_some_definitions_may_be_asked_for_by_name(api: Api):
    found = api("GET", f"{PROPERTIES}?properties=email,phone&properties=shoe_size").json()["results"]
    assert {row["name"] for row in found} == {"email", "phone"}


def test_options_given_replace_the_whole_list(anna: str, api: Api):
    other = [{"label": "Archive", "value": "archive", "displayOrder": 0, "hidden": False}]
    changed = api("PATCH", f"{PROPERTIES}/gdpr_stage", {"options": other}).json()
    assert [option["value"] for option in changed["options"]] == ["archive"]
    assert api("PATCH", f"{CONTACTS}/{anna}", {"properties": {"gdpr_stage": "review"}}).status_code == 400


@pytest.mark.parametrize(("base", "status"), [(PROPERTIES, 200), ("/crm/v3/properties/contacts", 207)])
def test_names_that_are_not_there_are_told_beside_the_results(api: Api, base: str, status: int):
    body = {"inputs": [{"name": "email"}, {"name": "shoe_size"}]}
    answer = api("POST", f"{base}/batch/read", body)
    assert (answer.status_code, answer.json()["numErrors"]) == (status, 1)
    assert [row["name"] for row in answer.json()["results"]] == ["email"]


def test_a_group_is_renamed_and_goes_when_it_is_empty(anna: str, api: Api):
    api("POST", f"{PROPERTIES}/groups", {"name": "crm_gdpr", "label": "Dataskydd"})
    renamed = api("PATCH", f"{PROPERTIES}/groups/crm_gdpr", {"label": "Data protection", "displayOrder": 3}).json()
    assert (renamed["label"], renamed["displayOrder"]) == ("Data protection", 3)
    api("PATCH", f"{PROPERTIES}/gdpr_stage", {"groupName": "crm_gdpr"})
    assert api("DELETE", f"{PROPERTIES}/groups/crm_gdpr").status_code == 400
    api("DELETE", f"{PROPERTIES}/gdpr_stage")
    assert api("DELETE", f"{PROPERTIES}/groups/crm_gdpr").status_code == 204
    assert api("GET", f"{PROPERTIES}/groups/crm_gdpr").status_code == 404


def test_history_comes_with_lists_batches_and_archived_reads(anna: str, portal: Portal, api: Api):
    portal.edit("contacts", anna, firstname="Anna")
    portal.edit("contacts", anna, firstname="Anne")
    asked = "propertiesWithHistory=firstname"
    batch = {"inputs": [{"id": anna}], "propertiesWithHistory": ["firstname"]}
    rows = [
        api("GET", f"{CONTACTS}?{asked}").json()["results"][0],
        api("POST", f"{CONTACTS}/batch/read", batch).json()["results"][0],
    ]
    api("DELETE", f"{CONTACTS}/{anna}")
    rows.append(api("GET", f"{CONTACTS}/{anna}?archived=true&{asked}").json())
    rows.append(api("POST", f"{CONTACTS}/batch/read?archived=true", batch).json()["results"][0])
    for row in rows:
        assert [one["value"] for one in row["propertiesWithHistory"]["firstname"]] == ["Anne", "Anna"]
    assert api("GET", f"{CONTACTS}?{asked}&limit=51").status_code == 400
    assert api("GET", f"{CONTACTS}?{asked}&limit=50").status_code == 200
