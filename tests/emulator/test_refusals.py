"""Every refusal of a write, as clients meet it: the status, the words, and nothing changed."""

from typing import Any

import pytest

from crm_gdpr.emulator import Portal
from tests.emulator.conftest import Api

BASES = ("/crm/objects/2026-09", "/crm/objects/2026-03", "/crm/v3/objects")
PROBLEMS = [
    pytest.param({"shoe_size": "42"}, "PROPERTY_DOESNT_EXIST", id="a property nobody defined"),
    pytest.param({"hs_email_optout": "true"}, "READ_ONLY_VALUE", id="a value HubSpot keeps itself"),
    pytest.param({"notes_last_contacted": "2026-01-01"}, "READ_ONLY_VALUE", id="a calculated value"),
    pytest.param({"hs_additional_emails": "a@example.se"}, "READ_ONLY_VALUE", id="an additional address"),
    pytest.param({"hs_lead_status": "COLD"}, "INVALID_OPTION", id="no such choice"),
    pytest.param({"hs_legal_basis": "Not applicable;Because"}, "INVALID_OPTION", id="one wrong choice of two"),
    pytest.param({"email": "anna"}, "INVALID_EMAIL", id="no address"),
    pytest.param({"associatedcompanyid": "seven"}, "INVALID_INTEGER", id="no number"),
    pytest.param({"hs_latest_source_timestamp": "soon"}, "INVALID_LONG", id="no moment"),
]


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize(("values", "code"), PROBLEMS)
def test_a_value_that_is_not_valid_is_told_and_not_kept(
    portal: Portal, api: Api, base: str, values: dict[str, str], code: str
):
    anna = portal.add_contact(firstname="Anna")
    answer = api("PATCH", f"{base}/contacts/{anna}", {"properties": {"firstname": "Anne", **values}})
    body = answer.json()
    assert (answer.status_code, body["status"], body["category"]) == (400, "error", "VALIDATION_ERROR")
    assert [(one["code"], one["context"]) for one in body["errors"]] == [(code, {"propertyName": list(values)})]
    assert f'"error":"{code}"' in body["message"]
    assert answer.headers["Content-Type"] == "application/json;charset=utf-8"
    assert answer.headers["X-HubSpot-Correlation-Id"]
    assert portal.value("contacts", anna, "firstname") == "Anna"


@pytest.mark.parametrize("name", ["contact", "contacts", "CONTACTS", "Contact", "0-1"])
@pytest.mark.parametrize("slash", ["", "/"])
def test_names_and_trailing_slashes_make_no_difference(portal: Portal, api: Api, name: str, slash: str):
    anna, bo = portal.add_contact(), portal.add_contact()
    assert api("GET", f"/crm/v3/objects/{name}/{anna}{slash}").json()["id"] == anna
    listed = api("GET", f"/crm/v3/objects/{name}{slash}", params={"after": int(bo), "limit": 1}).json()
    assert [row["id"] for row in listed["results"]] == [bo]


@pytest.mark.parametrize(
    "path",
    [
        "/crm/objects/2026-09/{0}",
        "/crm/v3/objects/{0}",
        "/crm/objects/2026-09/contacts/100001?associations={0}",
        "/crm/v4/objects/contacts/100001/associations/{0}",
        "/crm/objects/2026-09/{0}/100002/associations/contacts",
        "/crm/properties/2026-09/{0}",
        "/crm/v3/properties/{0}/groups",
        "/crm/pipelines/2026-09/{0}",
        "/crm/v3/pipelines/{0}/0/stages",
        "/crm/associations/2026-09/{0}/contacts/labels",
        "/crm/v4/associations/contact/{0}/labels",
        "/crm/v3/associations/{0}/0-1/types",
        "/events/v3/events?objectType={0}&objectId=100002",
    ],
)
def test_an_object_type_has_many_names_wherever_it_is_named(portal: Portal, api: Api, path: str):
    portal.add_ticket(contacts=[portal.add_contact()])
    answers = [api("GET", path.format(name)) for name in ("tickets", "ticket", "TICKET", "0-5")]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/crm/objects/v3/contacts?offset_param=after&limit=1&after=1",
        "/crm/2026-09/objects/contacts?limit=1",
        "/crm/lists/v3/?listIds=1",
        "/crm/properties/v3/contacts/email",
        "/crm/owners/v3",
    ],
)
def test_version_and_area_may_stand_the_other_way_round(portal: Portal, api: Api, path: str):
    portal.add_contact()
    assert api("GET", path).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/batch/read", {"inputs": [{"id": 100001}]}),
        ("POST", "/batch/update", {"inputs": [{"id": 100001, "properties": {"firstname": "Anna"}}]}),
        ("POST", "/search", {"limit": 1, "after": 0, "sorts": ["-createdate"]}),
        ("POST", "/search", {"filters": [{"propertyName": "hs_is_contact", "operator": "EQ", "value": True}]}),
        ("POST", "/search", {"filters": [{"propertyName": "hs_object_id", "operator": "IN", "values": [100001]}]}),
        ("POST", "/search", {"filters": [{"propertyName": "hs_object_id", "operator": "EQ", "value": 100001}]}),
    ],
)
def test_ids_and_cursors_may_be_numbers(portal: Portal, api: Api, method: str, path: str, body: Any):
    assert portal.add_contact() == "100001"
    answer = api(method, f"/crm/objects/2026-09/contacts{path}", body).json()
    assert [row["id"] for row in answer["results"]] == ["100001"]


@pytest.mark.parametrize("base", BASES)
def test_a_record_that_is_not_there_is_a_page_when_read_and_json_otherwise(api: Api, base: str):
    read, changed = api("GET", f"{base}/notes/7"), api("PATCH", f"{base}/notes/7", {"properties": {}})
    assert (read.status_code, read.headers["Content-Type"].partition(";")[0]) == (404, "text/html")
    assert (changed.status_code, changed.json()["context"]) == (404, {"id": ["7"]})


def test_an_object_type_nobody_has_is_told(api: Api):
    answer = api("GET", "/crm/objects/2026-09/unicorns")
    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")
