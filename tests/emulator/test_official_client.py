"""HubSpot's own Python client, unchanged, against activities, definitions and the families beside the records."""

from typing import Any

import pytest
from hubspot import HubSpot

from crm_gdpr.emulator import Portal, Running
from crm_gdpr.emulator.lists import NewList

pytestmark = pytest.mark.filterwarnings("ignore:invalid escape sequence")  # in the client, when compiled
ANNA = "anna@example.se"


@pytest.fixture
def client(running: Running) -> Any:
    return HubSpot(access_token="any", host=running.url, base_url=running.url)


def test_communication_preferences(client: Any):
    told = client.communication_preferences
    news = told.definition_api.get_page().subscription_definitions[-1]
    told.status_api.unsubscribe({"emailAddress": ANNA, "subscriptionId": news.id})
    statuses = told.status_api.get_email_status(ANNA).subscription_statuses
    assert {one.status for one in statuses} == {"NOT_SUBSCRIBED"}


def test_lists_and_memberships(portal: Portal, client: Any):
    anna, lists = portal.add_contact(), client.crm.lists
    made = str(portal.add_list(NewList("People", "contacts")).id)
    assert lists.memberships_api.add(made, [anna]).records_ids_added == [anna]
    assert lists.memberships_api.get_page(made).results[0].record_id == anna
    assert lists.memberships_api.get_lists("0-1", anna).results[0].list_id == made
    assert lists.lists_api.get_by_id(made).list.name == lists.lists_api.get_all(list_ids=[made]).lists[0].name
    assert lists.lists_api.do_search({"query": "peop"}).total == 1


def test_what_an_account_defines(portal: Portal, running: Running, client: Any):
    elin = portal.add_owner("elin@example.com", "Elin", "Ek")
    crm = client.crm
    assert [one.id for one in crm.owners.owners_api.get_page().results] == [elin]
    assert crm.owners.owners_api.get_by_id(int(elin)).email == "elin@example.com"
    known = {"name": "shoe_size", "label": "Shoe size", "type": "number", "fieldType": "number"}
    crm.properties.core_api.create("contacts", {**known, "groupName": "contactinformation"})
    assert crm.properties.core_api.get_by_name("0-1", "shoe_size").type == "number"
    assert "shoe_size" in {one.name for one in crm.properties.core_api.get_all("contact").results}
    assert crm.properties.groups_api.get_by_name("contacts", "contactinformation").label
    won = crm.pipelines.pipeline_stages_api.get_by_id("deals", "default", "closedwon")
    assert won.metadata["probability"] == "1.0"
    told = crm.associations.schema.types_api.get_all("contacts", "companies").results
    assert {one.id: one.name for one in told} == {"279": "contact_to_company_unlabeled", "1": "contact_to_company"}
    label = crm.associations.v4.schema.definitions_api.create("contacts", "companies", {"label": "X", "name": "x"})
    assert label.results[0].category == "USER_DEFINED"
    assert not running.guard.not_emulated


@pytest.mark.parametrize("kind", ["calls", "communications", "emails", "meetings", "notes", "postal_mail", "tasks"])
def test_activities(portal: Portal, client: Any, kind: str):
    anna = portal.add_contact()
    given = {"emails": {"hs_email_direction": "EMAIL"}, "communications": {"hs_communication_channel_type": "SMS"}}
    api = getattr(client.crm.objects, kind)
    type_id = portal.type_between(kind, "contacts", None).id
    spec = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id}]
    made = api.basic_api.create(
        {
            "properties": {"hs_timestamp": "2026-11-01T09:00:00Z", **given.get(kind, {})},
            "associations": [{"to": {"id": anna}, "types": spec}],
        }
    )
    read = api.basic_api.get_by_id(made.id, properties=["hs_timestamp"], associations=["contacts"])
    assert read.associations["contacts"].results[0].id == anna
    assert api.batch_api.read({"inputs": [{"id": made.id}], "properties": []}).results[0].id == made.id
    assert api.search_api.do_search({"limit": 1}).total == 1
    assert [one.id for one in client.crm.objects.get_all(kind)] == [made.id]
    api.basic_api.archive(made.id)
    assert api.basic_api.get_page(archived=True).results[0].archived_at


def test_an_object_type_of_the_account_s_own(client: Any):
    fields = [{"name": "number", "label": "Number", "type": "string", "fieldType": "text"}]
    labels = {"singular": "Licence", "plural": "Licences"}
    new = {"name": "licence", "labels": labels, "properties": fields, "requiredProperties": ["number"]}
    made = client.crm.schemas.core_api.create({**new, "primaryDisplayProperty": "number", "associatedObjects": []})
    one = client.crm.objects.basic_api.create(made.object_type_id, {"properties": {"number": "L-1"}})
    read = client.crm.objects.basic_api.get_by_id(made.fully_qualified_name, one.id, properties=["number"])
    assert read.properties["number"] == "L-1"


def test_forms_events_and_files(portal: Portal, running: Running, client: Any):
    form, file = portal.add_form("Boka en demo"), portal.add_file("cv.pdf")
    anna = portal.submit_form(form, {"email": ANNA})
    portal.view_page(anna, "https://www.example.com/")
    assert client.marketing.forms.forms_api.get_page().results[0].id == form
    seen = client.events.events_api.get_page(object_type="contact", object_id=int(anna)).results
    assert [one.event_type for one in seen] == ["e_visited_page"]
    client.files.files_api.delete(file)
    assert portal.files.by_id == {}
    assert not running.guard.not_emulated
