"""Property definitions and their groups: made, changed, archived, brought back and purged."""

import pytest

from crm_gdpr.emulator import Portal
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


def test_what_lists_rest_on_stays(anna: str, portal: Portal, api: Api):
    portal.catalogue("contacts").in_use.add("gdpr_stage")
    answers = [
        api("DELETE", f"{PROPERTIES}/gdpr_stage"),
        api("POST", f"{PROPERTIES}/batch/archive", {"inputs": [{"name": "gdpr_stage"}]}),
    ]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert answers[0].json()["subCategory"].endswith("CANNOT_DELETE_PROPERTY_IN_USE")
    assert api("GET", f"{PROPERTIES}/gdpr_stage").status_code == 200


def test_what_hubspot_defines_is_not_archived(api: Api):
    assert api("DELETE", f"{PROPERTIES}/email").status_code == 400


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
