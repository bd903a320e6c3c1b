"""Whatever is sent, the answer is an answer: never a fault of the emulator itself."""

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import Client

from crm_gdpr.emulator import Portal
from crm_gdpr.emulator.app import create_app
from crm_gdpr.emulator.lists import NewList
from crm_gdpr.emulator.tokens import Tokens
from crm_gdpr.emulator.webhooks import Webhooks
from crm_gdpr.emulator.wire.families import FAMILIES
from crm_gdpr.emulator.wire.guard import Guard
from crm_gdpr.emulator.wire.paths import PATHS
from crm_gdpr.emulator.wire.routes import ROUTES, Route

KEYS = ["inputs", "id", "properties", "email", "filterGroups", "filters", "propertyName", "operator", "value", "values"]
MORE_KEYS = ["sorts", "limit", "after", "from", "to", "types", "associationTypeId", "associations", "options", "name"]
FAMILY_KEYS = ["channel", "statusState", "subscriptionId", "subscriberIdString", "emailAddress"]
FAMILY_KEYS += ["objectTypeId", "processingType", "filterBranch", "filterBranchType", "recordId", "listIds"]
FAMILY_KEYS += ["fields", "fieldGroups", "configuration", "context", "legalConsentOptions", "consent"]
NAMES = st.sampled_from(KEYS + MORE_KEYS + FAMILY_KEYS)
WORDS = [
    "EQ",
    "IN",
    "100001",
    "email",
    "EMAIL",
    "SUBSCRIBED",
    "1102",
    "anna@example.se",
    "0-1",
    "MANUAL",
    "AND",
    "PROPERTY",
]
LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(WORDS)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=12,
)
ASKING = [route for route in ROUTES if route.method == "GET"]
BESIDE = {"objectType": "contact", "objectId": "100001", "channel": "EMAIL"}
TAKING = [route for route in ROUTES if route.method in ("POST", "PUT", "PATCH")]
OF_RECORDS = [route for route in TAKING if route.area not in PATHS]
OF_FAMILIES = [route for route in TAKING if route.area in PATHS]
BLANKS = {"<kind>": "contacts", "<to_kind>": "companies", "<id_>": "100001", "<to_id>": "7", "<name>": "email"}
MORE_BLANKS = {"<email>": "anna@example.se", "<list_id>": "1", "<source_id>": "2"}
QUERIES = ["limit", "after", "before", "properties", "propertiesWithHistory", "associations", "archived", "idProperty"]
QUERIES += ["objectType", "objectId", "objectProperty.email", "property.hs_url", "occurredAfter", "occurredBefore"]
QUERIES += ["sort", "channel", "businessUnitId", "listIds", "listName", "email", "dataSensitivity", "formTypes"]
QUERIES += ["expirationSeconds", "associatedContactId", "threadStatus", "latestMessageTimestampAfter", "legacyListId"]
QUERIES += ["ids", "eventType", "id"]
FORM_BLANKS = {"<form_id>": "demo", "<portal_id>": "26000001", "<thread_id>": "100009", "<file_id>": "7"}


@pytest.fixture(scope="module")
def client() -> Client:
    portal = Portal()
    portal.add_contact(email="anna@example.se")
    portal.add_list(NewList("People", "contacts"))
    portal.add_form(form_id="demo")
    return Client(create_app(Guard(portal, Tokens(portal.app_id)), Webhooks(portal)))


@pytest.mark.parametrize("route", OF_RECORDS, ids=lambda route: f"{route.method} {route.area}{route.path}")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=JSON)
def test_nonsense_is_refused_in_hubspot_s_words(client: Client, route: Route, body: Any):
    tell(client, route, body)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(route=st.sampled_from(OF_FAMILIES), body=JSON)
def test_nonsense_is_refused_by_the_other_families_too(client: Client, route: Route, body: Any):
    tell(client, route, body)


@pytest.mark.parametrize("name", QUERIES)
def test_nonsense_in_the_address_is_refused_too(client: Client, name: str):
    for route in ASKING:
        for value in ("~", "", "9" * 30, "²"):
            tell(client, route, {}, {**BESIDE, name: value})


@pytest.mark.parametrize("value", ["~", "-1", "9" * 30, "²", "a@b", "V-²"])
def test_nonsense_for_an_id_is_refused_too(client: Client, value: str):
    for route in (*ASKING, *(route for route in ROUTES if route.method == "DELETE")):
        for blank in re.findall("<[a-z_]+>", route.path):
            tell(client, route, {}, BESIDE, {blank: value})


def tell(
    client: Client,
    route: Route,
    body: Any,
    query: Mapping[str, str] | None = None,
    blanks: Mapping[str, str] | None = None,
) -> None:
    path = f"{next(filter(None, (family.base(route.area) for family in FAMILIES)))}{route.path}"
    for blank, value in {**BLANKS, **MORE_BLANKS, **FORM_BLANKS, **(blanks or {})}.items():
        path = path.replace(blank, value)
    answer = client.open(
        path, method=route.method, query_string=query, json=body, headers={"Authorization": "Bearer any"}
    )
    assert answer.status_code < 500
    if answer.status_code >= 400 and answer.mimetype != "text/html":
        assert json.loads(answer.text)["status"] == "error"
