"""Object types: HubSpot's own beside people and dialogues, those an account has not activated, and those left out."""

import pytest

from crm_gdpr.emulator import Portal
from crm_gdpr.emulator.actor import SALES
from crm_gdpr.emulator.further_kinds import ELSEWHERE, FURTHER, READ_ONLY
from crm_gdpr.emulator.kind import Kind
from tests.emulator.conftest import Api

OBJECTS = "/crm/objects/2026-09"
WITH_PEOPLE = [kind for kind in FURTHER if kind.name not in ("line_items", "products")]


@pytest.fixture
def whole(portal: Portal) -> Portal:
    """An account that has activated everything."""
    portal.switches = portal.switches.changed(without_types="")
    return portal


@pytest.mark.parametrize("kind", [kind for kind in FURTHER if kind.name != READ_ONLY], ids=lambda kind: kind.name)
def test_what_is_sold_and_booked_is_made_read_found_and_archived(whole: Portal, api: Api, kind: Kind):
    made = api("POST", f"{OBJECTS}/{kind.name}", {"properties": {}}).json()["id"]
    read = api("GET", f"/crm/v3/objects/{kind.type_id}/{made}").json()
    assert read["properties"].keys() == {*kind.defaults}
    assert api("POST", f"{OBJECTS}/{kind.singular}/search", {}).json()["total"] == 1
    assert api("DELETE", f"{OBJECTS}/{kind.name}/{made}").status_code == 204
    assert whole.is_archived(made)


@pytest.mark.parametrize("kind", WITH_PEOPLE, ids=lambda kind: kind.name)
def test_it_stands_beside_the_person_it_concerns(whole: Portal, api: Api, kind: Kind):
    anna, record = whole.add_contact(), str(whole.create(kind.name, {}, actor=SALES).id)
    assert api("PUT", f"{OBJECTS}/contacts/{anna}/associations/default/{kind.name}/{record}").status_code == 200
    beside = api("GET", f"{OBJECTS}/contacts/{anna}", params={"associations": kind.name}).json()["associations"]
    assert [row["id"] for row in beside[kind.name]["results"]] == [record]


def test_answers_to_a_survey_can_be_read_only(portal: Portal, api: Api):
    answer = str(portal.create(READ_ONLY, {"hs_content": "Bra"}, actor=SALES, trusted=True).id)
    assert api("GET", f"{OBJECTS}/{READ_ONLY}/{answer}").status_code == 200
    assert api("POST", f"{OBJECTS}/{READ_ONLY}/search", {"query": ""}).json()["total"] == 1
    for method, path in (("PATCH", f"/{answer}"), ("DELETE", f"/{answer}"), ("POST", ""), ("POST", "/batch/archive")):
        refused = api(method, f"{OBJECTS}/{READ_ONLY}{path}", {"properties": {}, "inputs": [{"id": answer}]})
        assert (refused.status_code, refused.json()["category"]) == (400, "VALIDATION_ERROR")
    assert portal.is_live(answer)


def test_a_type_that_was_not_activated_is_none(portal: Portal, api: Api):
    anna = portal.add_contact()
    for path in ("courses", f"contacts/{anna}?associations=courses"):
        assert api("GET", f"{OBJECTS}/{path}").status_code == 400
    api("POST", "/_emulator/switches", {"without_types": ""})
    for path in ("courses", f"contacts/{anna}?associations=courses"):
        assert api("GET", f"{OBJECTS}/{path}").status_code == 200


@pytest.mark.parametrize("name", sorted(ELSEWHERE))
def test_a_type_that_is_left_out_shows_as_a_gap(api: Api, name: str):
    answer = api("GET", f"{OBJECTS}/{name}")
    assert (answer.status_code, answer.json()["category"]) == (404, "NOT_EMULATED")
    told = api("GET", "/_emulator/stats").json()["not_emulated"]
    assert told == [{"method": "GET", "path": f"{OBJECTS}/{name}", "count": 1}]


def test_each_type_asks_for_its_own_scope(api: Api):
    api("POST", "/_emulator/tokens", {"token": "any", "scopes": ["crm.objects.quotes.read"]})
    assert api("GET", f"{OBJECTS}/quotes").status_code == 200
    refused = api("GET", f"{OBJECTS}/commerce_payments").json()
    assert refused["errors"][0]["context"] == {"requiredGranularScopes": ["crm.objects.commercepayments.read"]}
