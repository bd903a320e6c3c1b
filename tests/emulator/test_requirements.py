"""What an administrator requires of records: held against writes on the paths of 2026-09, and on no others."""

from typing import Any

import pytest

from crm_gdpr.emulator import Portal
from tests.emulator.conftest import Api

NEW, OLD = "/crm/objects/2026-09", "/crm/v3/objects"
WON = {"object": "deals", "property": "closed_won_reason", "where": {"dealstage": "closedwon"}}
DEAL = {"dealname": "Licenser", "dealstage": "qualifiedtobuy"}


def refusals(answer: Any) -> list[tuple[str, list[str]]]:
    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")
    return [(error["code"], error["context"]["propertyName"]) for error in answer.json()["errors"]]


def test_a_new_record_has_what_is_required_of_it(api: Api):
    api("POST", "/_emulator/rules", {"object": "contact", "property": "phone"})
    person = {"properties": {"email": "anna@example.se"}}
    assert refusals(api("POST", f"{NEW}/contacts", person)) == [("MISSING_REQUIRED_PROPERTY", ["phone"])]
    anna = api("POST", f"{OLD}/contacts", person).json()["id"]
    assert api("PATCH", f"{NEW}/contacts/{anna}", {"properties": {"firstname": "Anna"}}).status_code == 200
    whole = {"properties": {"email": "bo@example.se", "phone": "08-123 45 67"}}
    assert api("POST", f"{NEW}/contacts", whole).status_code == 201


def test_what_a_stage_requires_has_to_come_with_it(portal: Portal, api: Api):
    api("POST", "/_emulator/rules", WON)
    deal = api("POST", f"{NEW}/deals", {"properties": DEAL}).json()["id"]
    won = {"properties": {"dealstage": "closedwon"}}
    asked = [("MISSING_CONDITIONAL_REQUIRED_PROPERTY", ["closed_won_reason"])]
    assert refusals(api("PATCH", f"{NEW}/deals/{deal}", won)) == asked
    assert portal.value("deals", deal, "dealstage") == "qualifiedtobuy"
    with_reason = {"properties": {"dealstage": "closedwon", "closed_won_reason": "Priset"}}
    assert api("PATCH", f"{NEW}/deals/{deal}", with_reason).status_code == 200
    assert refusals(api("PATCH", f"{NEW}/deals/{deal}", {"properties": {"closed_won_reason": ""}})) == asked
    assert api("PATCH", f"{OLD}/deals/{deal}", {"properties": {"closed_won_reason": ""}}).status_code == 200


@pytest.mark.parametrize(("base", "errors"), [(NEW, 1), (OLD, 0)])
def test_a_batch_tells_which_of_its_records_break_a_rule(portal: Portal, api: Api, base: str, errors: int):
    api("POST", "/_emulator/rules", WON)
    lost, won = (portal.add_deal(dealstage=stage) for stage in ("closedlost", "closedwon"))
    inputs = [{"id": id_, "properties": {"dealname": "Ny"}, "objectWriteTraceId": id_} for id_ in (lost, won)]
    told = api("POST", f"{base}/deals/batch/update", {"inputs": inputs}).json()
    assert (len(told["results"]), told.get("numErrors", 0)) == (2 - errors, errors)


def test_rules_are_listed_and_lifted(api: Api):
    assert len(api("POST", "/_emulator/rules", WON).json()) == 1
    assert api("POST", "/_emulator/rules", {**WON, "property": "shoe_size"}).status_code == 400
    assert api("GET", "/_emulator/rules").json()[0]["name"] == "closed_won_reason"
    assert api("DELETE", "/_emulator/rules").json() == []
