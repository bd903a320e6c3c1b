"""Records over HTTP: statuses, paging, names, batches."""

import time
from typing import Any

import pytest
from hubspot import HubSpot
from hubspot.utils.signature import Signature

from crm_gdpr.emulator import Portal, Running
from crm_gdpr.emulator.payloads import signed_headers
from tests.emulator.conftest import Api

CONTACTS = "/crm/objects/2026-09/contacts"
ASSOCIATIONS = "/crm/associations/2026-09"


def ids(answer: dict[str, Any]) -> list[str]:
    return [row["id"] for row in answer["results"]]


@pytest.mark.parametrize("name", ["contacts", "contact", "CONTACT", "0-1"])
def test_an_object_type_has_many_names(portal: Portal, api: Api, name: str):
    anna = portal.add_contact()
    assert ids(api("GET", f"/crm/objects/2026-09/{name}").json()) == [anna]


def test_a_list_goes_on_after_the_last_id(portal: Portal, api: Api):
    anna, bo, cia = (portal.add_contact() for _ in range(3))
    first = api("GET", f"{CONTACTS}?limit=2").json()
    assert ids(first) == [anna, bo]
    assert first["paging"]["next"]["after"] == str(int(bo) + 1)
    second = api("GET", first["paging"]["next"]["link"].removeprefix(api.url)).json()
    assert ids(second) == [cia]
    assert "paging" not in second


def test_unknown_names_are_ignored_and_empty_ones_are_null(portal: Portal, api: Api):
    portal.add_contact(email="anna@example.se")
    shown = api("GET", f"{CONTACTS}?properties=email,jobtitle&properties=shoe_size").json()["results"][0]["properties"]
    assert (shown["email"], shown["jobtitle"]) == ("anna@example.se", None)
    assert "shoe_size" not in shown
    assert {"createdate", "hs_object_id", "lastmodifieddate"} <= shown.keys()


def test_associations_come_inline(portal: Portal, api: Api):
    anna, company = portal.add_contact(), portal.add_company()
    portal.link(("contacts", anna), ("companies", company))
    found = api("GET", f"{CONTACTS}/{anna}?associations=companies,deals").json()["associations"]
    plain = {"id": company, "type": "contact_to_company"}
    assert found == {"companies": {"results": [plain, {"id": company, "type": "contact_to_company_unlabeled"}]}}


def test_a_person_is_read_by_address(portal: Portal, api: Api):
    anna = portal.add_contact(email="anna@example.se")
    assert api("GET", f"{CONTACTS}/anna%40example.se?idProperty=email").json()["id"] == anna


def test_a_creation_says_where_the_record_is(api: Api):
    made = api("POST", CONTACTS, {"properties": {"email": "anna@example.se"}})
    assert made.status_code == 201
    assert made.headers["Location"].endswith(f"/contacts/{made.json()['id']}")
    assert made.json()["properties"]["hs_object_source"] == "INTEGRATION"


def test_a_creation_may_bring_associations(portal: Portal, api: Api):
    anna = portal.add_contact()
    types = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 202}]
    note = {"hs_timestamp": "2026-11-02T08:00:00Z", "hs_note_body": "Hej"}
    body = {"properties": note, "associations": [{"to": {"id": int(anna)}, "types": types}]}
    made = api("POST", "/crm/objects/2026-09/notes", body).json()["id"]
    assert int(made) in portal.associated(portal.record("contacts", int(anna)), "notes")


def test_archiving_twice_is_answered_like_once(portal: Portal, api: Api):
    anna = portal.add_contact()
    assert [api("DELETE", f"{CONTACTS}/{anna}").status_code for _ in range(2)] == [204, 204]
    assert api("GET", f"{CONTACTS}/{anna}").status_code == 404
    assert api("GET", f"{CONTACTS}/{anna}?archived=true").json()["archivedAt"]
    assert ids(api("GET", f"{CONTACTS}?archived=true").json()) == [anna]


def test_or_it_is_refused_where_a_switch_says_so(portal: Portal, api: Api):
    anna = portal.add_contact()
    portal.switches = portal.switches.changed(archiving_nobody_is_refused=True)
    assert [api("DELETE", f"{CONTACTS}/{id_}").status_code for id_ in (anna, anna, "7")] == [204, 404, 404]


def test_permanent_deletion_cannot_be_read_back(portal: Portal, api: Api):
    anna = portal.add_contact()
    assert api("POST", f"{CONTACTS}/gdpr-delete", {"objectId": anna}).status_code == 204
    assert api("GET", f"{CONTACTS}/{anna}?archived=true").status_code == 404
    assert api("POST", f"{CONTACTS}/gdpr-delete", {"objectId": anna}).status_code == 404


@pytest.mark.parametrize(("family", "status"), [("objects/2026-09", 200), ("v3/objects", 207)])
def test_ids_that_are_not_there_are_told_beside_the_results(portal: Portal, api: Api, family: str, status: int):
    anna = portal.add_contact()
    answer = api("POST", f"/crm/{family}/contacts/batch/read", {"inputs": [{"id": anna}, {"id": "7"}]})
    assert answer.status_code == status
    assert ids(answer.json()) == [anna]
    assert answer.json()["numErrors"] == 1
    assert answer.json()["errors"][0]["context"] == {"ids": ["7"]}


def test_one_bad_value_fails_the_batch_and_changes_nothing(portal: Portal, api: Api):
    anna, bo = portal.add_contact(), portal.add_contact()
    good, bad = {"id": anna, "properties": {"phone": "1"}}, {"id": bo, "properties": {"shoe_size": "42"}}
    assert api("POST", f"{CONTACTS}/batch/update", {"inputs": [good, bad]}).status_code == 400
    assert portal.value("contacts", anna, "phone") is None


def test_with_a_trace_on_each_the_good_ones_go_through(portal: Portal, api: Api):
    inputs = [
        {"objectWriteTraceId": "a", "properties": {"email": "anna@example.se"}},
        {"objectWriteTraceId": "b", "properties": {"email": "no address"}},
    ]
    answer = api("POST", f"{CONTACTS}/batch/create", {"inputs": inputs}).json()
    assert [row["objectWriteTraceId"] for row in answer["results"]] == ["a"]
    assert answer["errors"][0]["context"] == {"objectWriteTraceId": ["b"]}


def test_a_batch_has_a_most(api: Api):
    inputs = [{"id": str(number)} for number in range(101)]
    assert api("POST", f"{CONTACTS}/batch/read", {"inputs": inputs}).status_code == 400


def test_a_batch_archive_passes_over_what_is_not_there(portal: Portal, api: Api):
    anna = portal.add_contact()
    body = {"inputs": [{"id": int(anna)}, {"id": "7"}]}
    assert api("POST", f"{CONTACTS}/batch/archive", body).status_code == 204
    assert portal.is_archived(anna)


def test_neighbours_of_many_are_read_at_once(portal: Portal, api: Api):
    anna, bo = portal.add_contact(), portal.add_contact()
    mail = portal.log("email", [anna])
    body = {"inputs": [{"id": anna}, {"id": bo}]}
    answer = api("POST", f"{ASSOCIATIONS}/contacts/emails/batch/read", body).json()
    types = [{"category": "HUBSPOT_DEFINED", "typeId": 197, "label": None}]
    assert answer["results"] == [{"from": {"id": anna}, "to": [{"toObjectId": int(mail), "associationTypes": types}]}]
    assert answer["errors"][0]["context"]["fromObjectId"] == [bo]


def test_pairs_with_nobody_are_told(portal: Portal, api: Api):
    types = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 279}]
    pair = {"from": {"id": portal.add_contact()}, "to": {"id": 1234}, "types": types}
    answer = api("POST", f"{ASSOCIATIONS}/contact/company/batch/create", {"inputs": [pair]}).json()
    assert answer["errors"][0]["message"] == "COMPANY=1234 is not valid"


def test_owners_have_a_cursor_of_their_own(portal: Portal, api: Api):
    elin, oskar = (portal.add_owner(f"{name}@example.com", name, "Ek") for name in ("elin", "oskar"))
    first = api("GET", "/crm/owners/2026-09?limit=1").json()
    second = api("GET", "/crm/v3/owners/", params={"limit": 1, "after": first["paging"]["next"]["after"]}).json()
    assert (ids(first), ids(second)) == ([elin], [oskar])
    assert api("GET", f"/crm/owners/2026-09/{oskar}").json()["email"] == "oskar@example.com"


def test_who_has_left_is_told_apart(portal: Portal, api: Api):
    elin, oskar = (portal.add_owner(f"{name}@example.com", name, "Ek") for name in ("elin", "oskar"))
    portal.remove_owner(elin)
    owners = "/crm/owners/2026-09"
    assert (ids(api("GET", owners).json()), ids(api("GET", f"{owners}?archived=true").json())) == ([oskar], [elin])
    assert api("GET", f"{owners}/{elin}").status_code == 404
    left = api("GET", f"{owners}/{elin}?archived=true").json()
    assert (left["archived"], left["userId"], left["userIdIncludingInactive"]) == (True, None, 9001)
    assert ids(api("GET", f"{owners}?email=OSKAR@example.com").json()) == [oskar]


def test_the_official_client_works_unchanged(running: Running, portal: Portal):
    portal.add_contact(email="bo@example.se")
    client = HubSpot(access_token="any", host=running.url)
    anna = client.crm.contacts.basic_api.create({"properties": {"email": "anna@example.se"}})
    assert [one.id for one in client.crm.contacts.get_all()] == [str(int(anna.id) - 1), anna.id]
    found = client.crm.contacts.search_api.do_search(
        {"filterGroups": [{"filters": [{"propertyName": "email", "operator": "EQ", "value": "anna@example.se"}]}]}
    )
    assert found.total == 1
    made = client.crm.contacts.batch_api.create({"inputs": [{"properties": {"email": "cia@example.se"}}]}).results[0]
    read = client.crm.contacts.batch_api.read({"inputs": [{"id": made.id}, {"id": "7"}], "properties": ["email"]})
    assert (read.num_errors, read.results[0].properties["email"]) == (1, "cia@example.se")
    company = client.crm.companies.basic_api.create({"properties": {"name": "Nordkraft AB"}})
    client.crm.associations.v4.basic_api.create_default("contacts", anna.id, "companies", company.id)
    linked = client.crm.associations.v4.batch_api.get_page("contacts", "companies", {"inputs": [{"id": anna.id}]})
    assert linked.results[0].to[0].to_object_id in (company.id, int(company.id))
    merged = client.crm.contacts.basic_api.merge({"primaryObjectId": anna.id, "objectIdToMerge": made.id})
    assert client.crm.contacts.basic_api.get_by_id(made.id).id == merged.id
    client.crm.contacts.basic_api.archive(merged.id)
    client.crm.contacts.basic_api.purge({"objectId": str(int(anna.id) - 1)})
    assert client.crm.contacts.get_all() == []


@pytest.mark.parametrize("version", ["v1", "v3"])
def test_the_official_client_accepts_what_is_sent(version: str):
    url, body = "https://crm-gdpr.example.se/webhooks/hubspot?from=hubspot", '[{"propertyValue":"Åsa"}]'
    headers = signed_headers("a-secret", url, body.encode(), int(time.time() * 1000))
    assert Signature.is_valid(
        signature=headers["X-HubSpot-Signature" if version == "v1" else "X-HubSpot-Signature-v3"],
        client_secret="a-secret",
        request_body=body,
        http_uri=url,
        signature_version=version,
        timestamp=headers["X-HubSpot-Request-Timestamp"],
    )
