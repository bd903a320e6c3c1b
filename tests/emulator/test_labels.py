"""Association types and labels, in both directions, as v4 and v3 know them."""

from typing import Any

import pytest
from hubspot import HubSpot

from crm_gdpr.emulator import Portal, Running
from crm_gdpr.emulator.account import Event
from crm_gdpr.emulator.actor import SALES
from crm_gdpr.emulator.errors import Exists, Malformed, NotFound
from tests.emulator.conftest import Api

V4 = "/crm/v4/associations/contacts/companies"
ADVISER = {"name": "adviser", "label": "Adviser", "inverseLabel": "Advised by"}


@pytest.fixture
def ends(portal: Portal) -> tuple[str, str]:
    return portal.add_contact(), portal.add_company()


def types_of(portal: Portal, contact: str, company: str) -> tuple[int, ...]:
    return portal.associated(portal.record("contacts", int(contact)), "companies").get(int(company), ())


def test_a_label_has_an_id_in_each_direction(portal: Portal):
    there, back = portal.add_label("contacts", "companies", "adviser", "Adviser", "Advised by")
    assert (there.reverse_id, back.reverse_id) == (back.id, there.id)
    assert (there.label, back.label, there.category) == ("Adviser", "Advised by", "USER_DEFINED")


def test_a_label_stands_beside_the_unlabelled_type(portal: Portal, ends: tuple[str, str]):
    anna, company = ends
    portal.link(("contacts", anna), ("companies", company))
    label, back = portal.add_label("contacts", "companies", "adviser", "Adviser")
    portal.link(("contacts", anna), ("companies", company), label.id)
    assert set(types_of(portal, *ends)) == {1, 279, label.id}
    there = portal.associated(portal.record("companies", int(company)), "contacts")
    assert set(there[int(anna)]) == {2, 280, back.id}


def test_a_label_removed_leaves_the_association(portal: Portal, ends: tuple[str, str]):
    label, _back = portal.add_label("contacts", "companies", "adviser", "Adviser")
    portal.link(("contacts", ends[0]), ("companies", ends[1]), label.id)
    told: list[Event] = []
    portal.listeners.append(told.append)
    portal.remove_label("contacts", "companies", label.id, actor=SALES)
    assert set(types_of(portal, *ends)) == {1, 279}
    assert [event.details["associationRemoved"] for event in told] == [True, True]
    with pytest.raises(Malformed):
        portal.link(("contacts", ends[0]), ("companies", ends[1]), label.id)


def test_one_name_is_one_label_and_hubspot_s_own_stay(portal: Portal):
    portal.add_label("contacts", "contacts", "colleague", "Colleague")
    with pytest.raises(Exists):
        portal.add_label("contacts", "contacts", "colleague", "Mate")
    with pytest.raises(Malformed):
        portal.remove_label("contacts", "companies", 279, actor=SALES)
    with pytest.raises(NotFound):
        portal.rename_label("contacts", "companies", 99, "Adviser")


@pytest.mark.parametrize("path", [f"{V4}/labels", "/crm/associations/v4/contacts/companies/labels"])
def test_labels_are_defined_renamed_and_listed(api: Api, path: str):
    there, back = api("POST", path, ADVISER).json()["results"]
    assert (there["label"], back["label"]) == ("Adviser", "Advised by")
    assert api("PUT", path, {"associationTypeId": there["typeId"], "label": "Counsel"}).status_code == 204
    listed = {row["typeId"]: row["label"] for row in api("GET", path).json()["results"]}
    assert listed == {279: None, 1: "Primary", there["typeId"]: "Counsel"}
    assert api("DELETE", f"{path}/{there['typeId']}").status_code == 204
    assert len(api("GET", path).json()["results"]) == 2


def test_a_category_must_be_the_types_own(ends: tuple[str, str], api: Api):
    spec = [{"associationCategory": "USER_DEFINED", "associationTypeId": 279}]
    path = f"/crm/v4/objects/contacts/{ends[0]}/associations/companies/{ends[1]}"
    assert api("PUT", path, spec).status_code == 400


def test_one_label_of_a_pair_goes_in_a_batch(portal: Portal, ends: tuple[str, str], api: Api):
    label, _back = portal.add_label("contacts", "companies", "adviser", "Adviser")
    portal.link(("contacts", ends[0]), ("companies", ends[1]), label.id)
    types = [{"associationCategory": "USER_DEFINED", "associationTypeId": label.id}]
    row = {"from": {"id": ends[0]}, "to": {"id": ends[1]}, "types": types}
    assert api("POST", f"{V4}/batch/labels/archive", {"inputs": [row]}).status_code == 204
    assert set(types_of(portal, *ends)) == {1, 279}


def test_pairs_are_associated_plainly_in_a_batch(portal: Portal, ends: tuple[str, str], api: Api):
    rows = [{"from": {"id": ends[0]}, "to": {"id": to}} for to in (ends[1], "7")]
    answer = api("POST", f"{V4}/batch/associate/default", {"inputs": rows})
    assert (answer.status_code, answer.json()["numErrors"]) == (207, 1)
    assert [row["associationSpec"]["associationTypeId"] for row in answer.json()["results"]] == [279, 280]
    assert types_of(portal, *ends)


def test_v3_names_types_instead_of_numbering_them(portal: Portal, ends: tuple[str, str], api: Api):
    base, row = "/crm/v3/associations/contact/company/batch", {"from": {"id": ends[0]}, "to": {"id": ends[1]}}

    def read() -> Any:
        return api("POST", f"{base}/read", {"inputs": [row["from"]]}).json()["results"]

    api("POST", f"{base}/create", {"inputs": [{**row, "type": "contact_to_company_unlabeled"}]})
    plain = {"id": ends[1], "type": "contact_to_company"}
    assert read() == [{"from": row["from"], "to": [plain, {**plain, "type": "contact_to_company_unlabeled"}]}]
    assert api("POST", f"{base}/archive", {"inputs": [{**row, "type": "contact_to_company"}]}).status_code == 204
    assert types_of(portal, *ends) == (279,)
    assert api("POST", f"{base}/create", {"inputs": [{**row, "type": "friend"}]}).status_code == 400


def test_the_official_client_labels_unchanged(running: Running, portal: Portal, ends: tuple[str, str]):
    client = HubSpot(access_token="any", host=running.url).crm.associations.v4
    made = client.schema.definitions_api.create("contacts", "companies", ADVISER).results[0]
    assert [one.label for one in client.schema.definitions_api.get_all("contacts", "companies").results][
        -1
    ] == "Adviser"
    spec = [{"associationCategory": "USER_DEFINED", "associationTypeId": made.type_id}]
    client.basic_api.create("contacts", ends[0], "companies", ends[1], spec)
    assert made.type_id in types_of(portal, *ends)
    found = client.batch_api.get_page("contacts", "companies", {"inputs": [{"id": ends[0]}]}).results[0]
    assert {one.label for one in found.to[0].association_types} == {None, "Primary", "Adviser"}
    client.basic_api.archive("contacts", ends[0], "companies", ends[1])
    assert types_of(portal, *ends) == ()


def test_a_letter_is_a_contact_like_a_call(portal: Portal):
    anna = portal.add_contact()
    portal.log("postal_mail", [anna], hs_timestamp="2026-10-01T09:00:00Z", hs_postal_mail_body="Hej")
    assert portal.value("contacts", anna, "notes_last_contacted") == "2026-10-01T09:00:00Z"
