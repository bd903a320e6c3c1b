"""Searching: operators, sorting, and the limits that make it more than a list."""

from typing import Any

import pytest

from crm_gdpr.emulator import Portal
from tests.emulator.conftest import Api

SEARCH = "/crm/objects/2026-09/contacts/search"
VIEWS = "hs_analytics_num_page_views"
MOST_VIEWS = {"propertyName": VIEWS, "direction": "DESCENDING"}
BARE = {"propertyName": "firstname", "operator": "EQ", "value": "bo"}


@pytest.fixture
def people(portal: Portal) -> dict[str, str]:
    anna = portal.add_contact(email="anna@nord.example.se", firstname="Anna", **{VIEWS: "3"}, lifecyclestage="lead")
    bo = portal.add_contact(email="bo@syd.example.se", firstname="Bo", **{VIEWS: "12"}, lifecyclestage="customer")
    cia = portal.add_contact(firstname="Cia", **{VIEWS: "7"}, createdate="2024-01-10T00:00:00Z")
    return {anna: "anna", bo: "bo", cia: "cia"}


def found(api: Api, people: dict[str, str], **query: Any) -> list[str]:
    return [people[row["id"]] for row in api("POST", SEARCH, query).json()["results"]]


def where(name: str, operator: str, *value: Any, **more: Any) -> dict[str, Any]:
    filter_ = {"propertyName": name, "operator": operator, **({"value": value[0]} if value else {}), **more}
    return {"filterGroups": [{"filters": [filter_]}]}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param({}, ["anna", "bo", "cia"], id="nothing is required"),
        pytest.param(where("firstname", "EQ", "ANNA"), ["anna"], id="text without regard to case"),
        pytest.param(where("lifecyclestage", "EQ", "LEAD"), [], id="options with regard to case"),
        pytest.param(where("email", "NEQ", "bo@syd.example.se"), ["anna"], id="unequal among those with a value"),
        pytest.param(where(VIEWS, "GT", "7"), ["bo"], id="numbers as numbers"),
        pytest.param(where(VIEWS, "LTE", "7"), ["anna", "cia"], id="at most"),
        pytest.param(where(VIEWS, "BETWEEN", "4", highValue="12"), ["bo", "cia"], id="between, ends included"),
        pytest.param(where("createdate", "LT", "1767225600000"), ["cia"], id="instants as milliseconds"),
        pytest.param(where("createdate", "GTE", "2026-01-01"), ["anna", "bo"], id="instants as dates"),
        pytest.param(where("lifecyclestage", "IN", values=["customer"]), ["bo"], id="one of"),
        pytest.param(where("firstname", "IN", values=["Anna"]), [], id="one of, in lower case only"),
        pytest.param(where("lifecyclestage", "NOT_IN", values=["lead"]), ["bo"], id="none of"),
        pytest.param(where("email", "HAS_PROPERTY"), ["anna", "bo"], id="known"),
        pytest.param(where("email", "NOT_HAS_PROPERTY"), ["cia"], id="not known"),
        pytest.param(where("email", "CONTAINS_TOKEN", "*@syd.example.se"), ["bo"], id="a token with a star"),
        pytest.param({"query": "nord"}, ["anna"], id="free text"),
        pytest.param({"query": "Bo syd"}, ["bo"], id="every word of it, wherever it stands"),
        pytest.param({"filters": [BARE]}, ["bo"], id="bare filters"),
        pytest.param({"sorts": [MOST_VIEWS]}, ["bo", "cia", "anna"], id="sorted"),
        pytest.param({"sorts": [VIEWS]}, ["anna", "cia", "bo"], id="sorted by a bare name"),
        pytest.param({"limit": 1, "after": 1}, ["bo"], id="from an offset, as a number"),
    ],
)
def test_a_search_finds(api: Api, people: dict[str, str], query: dict[str, Any], expected: list[str]):
    assert found(api, people, **query) == expected


@pytest.mark.parametrize(
    "query",
    [
        pytest.param({"limit": 201}, id="more than 200 a page"),
        pytest.param({"after": "9999", "limit": 2}, id="past the first ten thousand"),
        pytest.param({"filterGroups": [{"filters": []}] * 6}, id="six groups"),
        pytest.param(
            {"filterGroups": [{"filters": where("email", "HAS_PROPERTY")["filterGroups"][0]["filters"] * 7}]},
            id="seven filters",
        ),
        pytest.param(where("shoe_size", "EQ", "42"), id="an unknown property"),
        pytest.param(where("email", "LIKE", "a"), id="an unknown operator"),
        pytest.param(where(VIEWS, "EQ", "many"), id="a number that is none"),
        pytest.param(where(VIEWS, "BETWEEN", "4"), id="between without an end"),
        pytest.param({"query": "x" * 3_000}, id="a body that is too long"),
        pytest.param({"sorts": ["email", "firstname"]}, id="two sorts"),
    ],
)
def test_a_search_refuses(api: Api, people: dict[str, str], query: dict[str, Any]):
    answer = api("POST", SEARCH, query)
    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")


@pytest.mark.parametrize(
    ("kind", "name"), [("emails", "hs_email_html"), ("emails", "hs_body_preview"), ("notes", "hs_body_preview_html")]
)
def test_bodies_are_not_searched_by(api: Api, kind: str, name: str):
    assert api("POST", f"/crm/v3/objects/{kind}/search", where(name, "HAS_PROPERTY")).status_code == 400


def test_a_search_never_shows_the_archived(api: Api, portal: Portal, people: dict[str, str]):
    portal.archive("contacts", next(iter(people)))
    assert found(api, people) == ["bo", "cia"]


def test_a_search_lags_behind(api: Api, portal: Portal, people: dict[str, str]):
    api("POST", "/_emulator/switches", {"search_lag_ms": 60_000})
    portal.advance(minutes=2)
    portal.edit("contacts", next(iter(people)), firstname="Annika")
    portal.add_contact(firstname="Dan")
    assert found(api, people, **where("firstname", "IN", values=["anna", "annika", "dan"])) == ["anna"]
    portal.advance(minutes=2)
    assert api("POST", SEARCH, where("firstname", "EQ", "dan")).json()["total"] == 1


def test_a_search_can_ask_for_associations(api: Api, portal: Portal, people: dict[str, str]):
    company = portal.add_company()
    portal.link(("contacts", next(iter(people))), ("companies", company))
    assert found(api, people, **where("associations.company", "EQ", company)) == ["anna"]
