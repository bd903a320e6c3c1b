"""HubSpot's own Python client, unchanged, against the families beside the records."""

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
