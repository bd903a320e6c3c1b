"""Object types of the account's own: defined, used like any other, and deleted when they are empty."""

import pytest
from hubspot import HubSpot

from crm_gdpr.emulator import Portal, Running
from crm_gdpr.emulator.actor import SALES
from crm_gdpr.emulator.errors import Exists, Invalid, Malformed, UnknownKind
from crm_gdpr.emulator.properties import Property
from crm_gdpr.emulator.schemas import Draft
from tests.emulator.conftest import Api
from tests.emulator.contract_definitions import LICENCE

NUMBER = Property("number", "Number", "", unique=True)


@pytest.fixture
def kind(portal: Portal) -> str:
    draft = Draft("licence", "Licence", "Licences", [NUMBER], required=("number",), searchable=("number",))
    return portal.define(draft).kind.name


def test_it_is_called_by_three_names(portal: Portal, api: Api, kind: str):
    made = str(portal.create(kind, {"number": "L-1"}, actor=SALES).id)
    assert kind == f"p{portal.portal_id}_licence"
    for name in (kind, "licence", "LICENCE", portal.schema(kind).kind.type_id):
        assert api("GET", f"/crm/objects/2026-09/{name}/{made}").json()["id"] == made


def test_its_definition_is_obeyed(portal: Portal, kind: str):
    portal.create(kind, {"number": "L-1"}, actor=SALES)
    for values in ({}, {"number": "l-1"}, {"number": "L-2", "colour": "red"}):
        with pytest.raises(Invalid):
            portal.create(kind, values, actor=SALES)


def test_it_is_associated_with_activities_and_what_was_asked_for(portal: Portal, api: Api):
    schema = api("POST", "/crm-object-schemas/v3/schemas", LICENCE).json()
    assert {one["toObjectTypeId"] for one in schema["associations"]} == {"0-1", "0-27", "0-46", "0-47", "0-48", "0-49"}
    anna = portal.add_contact()
    made = str(portal.create("p26000001_licence", {"number": "L-1"}, actor=SALES).id)
    path = f"/crm/v4/objects/licence/{made}/associations"
    assert api("PUT", f"{path}/default/contacts/{anna}").json()["results"][0]["associationSpec"] == {
        "associationCategory": "USER_DEFINED",
        "associationTypeId": next(int(a["id"]) for a in schema["associations"] if a["toObjectTypeId"] == "0-1"),
    }
    read = api("GET", f"/crm/v3/objects/contacts/{anna}?associations=licence").json()["associations"]
    assert [row["id"] for row in read["p26000001_licence"]["results"]] == [made]


def test_it_goes_only_when_it_is_empty(portal: Portal, api: Api, kind: str):
    made = portal.create(kind, {"number": "L-1"}, actor=SALES)
    with pytest.raises(Malformed):
        portal.delete_schema(kind)
    portal.archive(kind, made.id)
    portal.delete_schema("licence")
    with pytest.raises(UnknownKind):
        portal.kinds.of("licence")
    assert api("GET", "/crm/objects/2026-09/licence").status_code == 400
    assert api("GET", "/crm/v3/schemas").json() == {"results": []}


def test_a_name_is_taken_once_and_what_it_names_must_be_there(portal: Portal, kind: str):
    with pytest.raises(Exists):
        portal.define(Draft("Licence", "L", "Ls", [NUMBER]))
    with pytest.raises(Malformed):
        portal.define(Draft("other", "O", "Os", [NUMBER], display="colour"))


def test_its_own_scopes_are_needed(portal: Portal, api: Api, kind: str):
    api("POST", "/_emulator/tokens", {"token": "any", "scopes": ["crm.objects.contacts.read"]})
    answer = api("GET", f"/crm/objects/2026-09/{kind}").json()
    assert answer["errors"][0]["context"] == {"requiredGranularScopes": ["crm.objects.custom.read"]}


def test_records_are_merged_archived_restored_and_found(portal: Portal, api: Api, kind: str):
    one, other = (portal.create(kind, {"number": number}, actor=SALES) for number in ("L-1", "L-2"))
    merged = portal.merge(kind, one.id, other.id)
    portal.archive(kind, merged.id)
    portal.restore(kind, merged.id)
    assert api("POST", f"/crm/objects/2026-09/{kind}/search", {"query": "l-1"}).json()["total"] == 1


def test_the_official_client_defines_unchanged(running: Running):
    client = HubSpot(access_token="any", host=running.url).crm
    made = client.schemas.core_api.create(LICENCE)
    assert (made.name, made.labels.plural, made.required_properties) == ("licence", "Licences", ["number"])
    changed = client.schemas.core_api.update("licence", {"labels": {"singular": "L", "plural": "Ls"}})
    assert changed.labels.singular == "L"
    record = client.objects.basic_api.create(made.object_type_id, {"properties": {"number": "L-1"}})
    assert client.objects.basic_api.get_by_id(made.fully_qualified_name, record.id).properties["hs_object_id"]
    tie = client.schemas.core_api.create_association("licence", {"fromObjectTypeId": "x", "toObjectTypeId": "deal"})
    client.schemas.core_api.archive_association("licence", tie.id)
    client.objects.basic_api.archive("licence", record.id)
    client.schemas.core_api.archive("licence")
    assert client.schemas.core_api.get_all().results == []
