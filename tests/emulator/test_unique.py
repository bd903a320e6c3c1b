"""Unique values: who may have one, and how records are found, changed and made by them."""

from dataclasses import replace
from typing import Any

import pytest

from crm_gdpr.emulator import Portal
from crm_gdpr.emulator.actor import app
from crm_gdpr.emulator.errors import Invalid, Malformed, Taken
from crm_gdpr.emulator.properties import Property
from tests.emulator.conftest import Api

CONTACTS = "/crm/objects/2026-09/contacts"
NUMBER = Property("customer_number", "Customer number", "contactinformation", unique=True)


def upsert(api: Api, *inputs: dict[str, Any], base: str = CONTACTS) -> Any:
    return api("POST", f"{base}/batch/upsert", {"inputs": list(inputs)})


def test_an_upsert_changes_who_is_there_and_makes_who_is_not(portal: Portal, api: Api):
    anna = portal.add_contact(email="anna@example.se")
    rows = [
        {"idProperty": "email", "id": "Anna@example.se", "properties": {"phone": "1"}},
        {"idProperty": "email", "id": "bo@example.se", "properties": {"phone": "2"}, "objectWriteTraceId": "b"},
    ]
    first, second = upsert(api, *rows).json()["results"]
    assert (first["id"], first["new"], portal.value("contacts", anna, "phone")) == (anna, False, "1")
    assert (second["new"], second["properties"]["email"], second["objectWriteTraceId"]) == (True, "bo@example.se", "b")


@pytest.mark.parametrize(("base", "status"), [(CONTACTS, 200), ("/crm/v3/objects/contacts", 207)])
def test_an_upsert_by_record_id_makes_nobody(api: Api, base: str, status: int):
    answer = upsert(api, {"id": "7", "properties": {"phone": "1"}}, base=base)
    assert (answer.status_code, answer.json()["results"], answer.json()["numErrors"]) == (status, [], 1)


def test_a_property_of_the_account_may_be_unique(portal: Portal, api: Api):
    portal.catalogue("contacts").create(NUMBER)
    made = upsert(api, {"idProperty": "customer_number", "id": "K-1", "properties": {"firstname": "Anna"}})
    anna = made.json()["results"][0]["id"]
    assert api("GET", f"{CONTACTS}/K-1?idProperty=customer_number").json()["id"] == anna
    with pytest.raises(Invalid) as refused:
        portal.create("contacts", {"customer_number": "k-1"}, actor=app(1))
    assert refused.value.problems[0].code == "CONFLICTING_UNIQUE_VALUE"
    assert anna in refused.value.problems[0].message


def test_people_are_changed_by_address(portal: Portal, api: Api):
    anna = portal.add_contact(email="anna@example.se")
    path = f"{CONTACTS}/anna%40example.se?idProperty=email"
    assert api("PATCH", path, {"properties": {"phone": "1"}}).json()["id"] == anna
    row = {"idProperty": "email", "id": "anna@example.se", "properties": {"phone": "2"}}
    assert api("POST", f"{CONTACTS}/batch/update", {"inputs": [row]}).json()["results"][0]["id"] == anna
    read = {"idProperty": "email", "inputs": [{"id": "anna@example.se"}], "properties": ["phone"]}
    found = api("POST", f"{CONTACTS}/batch/read", read).json()["results"]
    assert [row["properties"]["phone"] for row in found] == ["2"]


@pytest.mark.parametrize("name", ["firstname", "shoe_size"])
def test_only_unique_properties_identify(api: Api, name: str):
    read = {"idProperty": name, "inputs": [{"id": "Anna"}]}
    assert api("POST", f"{CONTACTS}/batch/read", read).status_code == 400


def test_a_batch_may_not_claim_one_address_twice(portal: Portal, api: Api):
    rows = [{"properties": {"email": "anna@example.se"}}, {"properties": {"email": "ANNA@example.se"}}]
    assert api("POST", f"{CONTACTS}/batch/create", {"inputs": rows}).status_code == 409
    assert len(portal.live["contacts"]) == 0


def test_a_taken_address_fails_the_batch_before_anything_is_written(portal: Portal, api: Api):
    anna = portal.add_contact(email="anna@example.se")
    rows = [{"properties": {"email": "bo@example.se"}}, {"properties": {"email": "anna@example.se"}}]
    answer = api("POST", f"{CONTACTS}/batch/create", {"inputs": rows})
    assert (answer.status_code, answer.json()["message"]) == (409, f"Contact already exists. Existing ID: {anna}")
    assert len(portal.live["contacts"]) == 1


def test_one_record_is_changed_once_in_a_batch(portal: Portal, api: Api):
    row = {"id": portal.add_contact(), "properties": {"phone": "1"}}
    answer = api("POST", f"{CONTACTS}/batch/update", {"inputs": [row, row]})
    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")


def test_an_address_may_become_the_first_of_its_holder(portal: Portal):
    anna = portal.add_contact(email="anna@example.se", hs_additional_emails="al@example.se;a.l@example.se")
    portal.update("contacts", int(anna), {"email": "al@example.se"}, actor=app(1))
    assert str(portal.find("contacts", "al@example.se", "email").id) == anna
    assert portal.value("contacts", anna, "hs_additional_emails") == "a.l@example.se"
    assert portal.add_contact(email="anna@example.se") != anna


def test_a_switch_keeps_an_address_that_was_replaced(portal: Portal):
    portal.switches = portal.switches.changed(old_address_stays=True)
    anna = portal.add_contact(email="anna@example.se")
    portal.update("contacts", int(anna), {"email": "al@example.se"}, actor=app(1))
    assert portal.value("contacts", anna, "hs_additional_emails") == "anna@example.se"
    with pytest.raises(Taken):
        portal.add_contact(email="anna@example.se")


def test_an_account_has_ten_unique_properties_of_its_own(portal: Portal):
    catalogue = portal.catalogue("contacts")
    for number in range(10):
        catalogue.create(replace(NUMBER, name=f"number_{number}"))
    with pytest.raises(Malformed):
        catalogue.create(NUMBER)
