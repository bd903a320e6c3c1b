"""What people did on our pages, read back by record, type and time; and the calls of the day."""

from typing import Any

import pytest

from crm_gdpr.emulator import Portal
from tests.emulator.conftest import Api

EVENTS = "/events/event-occurrences/2026-09"


def told(api: Api, query: str = "") -> list[Any]:
    found: list[Any] = api("GET", f"{EVENTS}?{query}").json()["results"]
    return found


@pytest.fixture
def anna(portal: Portal) -> str:
    anna, bo = portal.add_contact(email="anna@example.se"), portal.add_contact(email="bo@example.se")
    portal.view_page(anna, "https://www.example.com/", at="2026-10-01T10:00:00Z")
    portal.view_page(anna, "https://www.example.com/demo", at="2026-10-02T10:00:00Z")
    portal.add_event("e_opened_email", anna, at="2026-10-03T10:00:00Z", hs_subject="Hej")
    portal.view_page(bo, "https://www.example.com/")
    return anna


def test_events_of_one_person_come_newest_first(anna: str, api: Api):
    found = told(api, f"objectType=contact&objectId={anna}")
    assert [one["occurredAt"][:10] for one in found] == ["2026-10-03", "2026-10-02", "2026-10-01"]
    assert found[0]["eventType"] == "e_opened_email"
    assert found[0]["properties"] == {"hs_subject": "Hej"}
    assert told(api, "objectType=contact&objectProperty.email=anna%40example.se") == found


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ("eventType=e_visited_page", ["02", "01"]),
        ("occurredAfter=2026-10-01T12:00:00Z&occurredBefore=2026-10-03T00:00:00Z", ["02"]),
        ("sort=occurredAt&limit=1", ["01"]),
    ],
)
def test_events_are_chosen_by_type_and_time(anna: str, api: Api, query: str, days: list[str]):
    found = told(api, f"objectType=contact&objectId={anna}&{query}")
    assert [one["occurredAt"][8:10] for one in found] == days


@pytest.mark.parametrize("query", ["objectId=7", "objectType=contact", "sort=name", "objectType=contact&objectId=x"])
def test_a_question_that_means_nothing_is_refused(api: Api, query: str):
    assert api("GET", f"{EVENTS}?{query}").status_code == 400


def test_pages_seen_stand_on_the_contact(portal: Portal, anna: str):
    values = portal.record("contacts", int(anna)).properties
    assert values["hs_analytics_num_page_views"] == "2"
    assert values["hs_analytics_first_url"] == "https://www.example.com/"
    assert values["hs_analytics_last_timestamp"] == "2026-10-02T10:00:00Z"


@pytest.mark.parametrize("way", ["erased", "binned"])
def test_events_go_with_the_person(portal: Portal, anna: str, api: Api, way: str):
    if way == "erased":
        portal.purge(anna)
    else:
        portal.archive("contacts", anna)
        assert len(told(api, f"objectType=contact&objectId={anna}")) == 3
        portal.advance(days=91)
    assert told(api, f"objectType=contact&objectId={anna}") == []
    assert len(told(api)) == 1


def test_a_merged_person_keeps_the_events_of_both(portal: Portal, anna: str, api: Api):
    bo = str(portal.find("contacts", "bo@example.se", "email").id)
    merged = portal.merge("contacts", anna, bo)
    assert len(told(api, f"objectType=contact&objectId={merged.id}")) == 4


def test_events_are_part_of_a_reset(portal: Portal, anna: str):
    assert anna
    portal.reset()
    assert portal.events.events == []


@pytest.mark.parametrize("version", ["v3", "2026-03", "2026-09"])
def test_usage_counts_the_calls_of_the_day(portal: Portal, api: Api, version: str):
    for _ in range(3):
        api("GET", "/crm/v3/owners")
    row = api("GET", f"/account-info/{version}/api-usage/daily/private-apps").json()["results"][0]
    assert (row["name"], row["currentUsage"], row["fetchStatus"]) == ("private-apps-api-calls-daily", 3, "SUCCESS")
    assert row["resetsAt"] > portal.clock.now()
