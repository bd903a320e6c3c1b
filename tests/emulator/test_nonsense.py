"""Whatever is sent, the answer is an answer: never a fault of the emulator itself."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import Client

from crm_gdpr.emulator import Portal
from crm_gdpr.emulator.app import create_app
from crm_gdpr.emulator.tokens import Tokens
from crm_gdpr.emulator.webhooks import Webhooks
from crm_gdpr.emulator.wire.families import FAMILIES
from crm_gdpr.emulator.wire.guard import Guard
from crm_gdpr.emulator.wire.routes import ROUTES, Route

KEYS = ["inputs", "id", "properties", "email", "filterGroups", "filters", "propertyName", "operator", "value", "values"]
MORE_KEYS = ["sorts", "limit", "after", "from", "to", "types", "associationTypeId", "associations", "options", "name"]
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["EQ", "IN", "100001", "email"])
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS + MORE_KEYS), inner, max_size=5),
    max_leaves=12,
)
TAKING = [route for route in ROUTES if route.method in ("POST", "PUT", "PATCH")]


@pytest.fixture(scope="module")
def client() -> Client:
    portal = Portal()
    portal.add_contact(email="anna@example.se")
    app = create_app(Guard(portal, Tokens(portal.app_id)), Webhooks(portal))
    app.testing = True  # what goes wrong inside comes out here
    return Client(app)


@pytest.mark.parametrize("route", TAKING, ids=lambda route: f"{route.method} {route.area}{route.path}")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=JSON)
def test_nonsense_is_refused_in_hubspot_s_words(client: Client, route: Route, body: Any):
    path = f"{getattr(FAMILIES[0], route.area)}{route.path}"
    for blank, value in {"<kind>": "contacts", "<to_kind>": "companies", "<id_>": "100001", "<to_id>": "7"}.items():
        path = path.replace(blank, value)
    answer = client.open(
        path.replace("<name>", "email"), method=route.method, json=body, headers={"Authorization": "Bearer any"}
    )
    assert answer.status_code < 500
    if answer.status_code >= 400:
        assert json.loads(answer.text)["status"] == "error"
