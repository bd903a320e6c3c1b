"""Error envelopes, limits and tokens, as clients meet them."""

import json
from itertools import count

import pytest
import requests

from crm_gdpr.emulator import Limits, Portal, Running, serve
from crm_gdpr.emulator.instants import text
from crm_gdpr.emulator.limits import Window
from tests.emulator.conftest import Api

CONTACTS = "/crm/objects/2026-09/contacts"


def test_refused_values_are_told_twice(portal: Portal, api: Api):
    anna = portal.add_contact()
    answer = api("PATCH", f"{CONTACTS}/{anna}", {"properties": {"shoe_size": "42"}})
    body = answer.json()
    assert (answer.status_code, body["category"]) == (400, "VALIDATION_ERROR")
    assert body["errors"][0] == {
        "message": 'Property "shoe_size" does not exist',
        "code": "PROPERTY_DOESNT_EXIST",
        "context": {"propertyName": ["shoe_size"]},
    }
    inner = json.loads(body["message"].removeprefix("Property values were not valid: "))
    assert (inner[0]["error"], inner[0]["portalId"]) == ("PROPERTY_DOESNT_EXIST", portal.portal_id)


def test_a_missing_record_is_a_page_when_read_and_json_when_written(api: Api):
    read, written = api("GET", f"{CONTACTS}/7"), api("PATCH", f"{CONTACTS}/7", {"properties": {}})
    assert read.headers["Content-Type"].startswith("text/html")
    assert read.headers["X-HubSpot-NotFound"] == "true"
    assert (written.status_code, written.json()["category"]) == (404, "OBJECT_NOT_FOUND")
    assert written.json()["message"] == "Object not found.  objectId are usually numeric."


def test_a_taken_address_names_its_holder(portal: Portal, api: Api):
    anna = portal.add_contact(email="anna@example.se")
    answer = api("POST", CONTACTS, {"properties": {"email": "anna@example.se"}})
    assert answer.status_code == 409
    assert answer.json()["message"] == f"Contact already exists. Existing ID: {anna}"


def test_a_taken_property_name_is_a_conflict(api: Api):
    new = {"name": "email", "label": "E", "groupName": "contactinformation", "type": "string", "fieldType": "text"}
    assert api("POST", "/crm/properties/2026-09/contacts", new).status_code == 409


@pytest.mark.parametrize(
    ("sent", "place"),
    [
        pytest.param(b"{", "line 1, column 2", id="half of it"),
        pytest.param(b"", "line 1, column 1", id="nothing"),
        pytest.param(b'{"properties":\n {"amount": NaN}}', "line 2, column 13", id="no number"),
        pytest.param(b'{"properties": {"firstname": "\\ud800"}}', "line 1, column 31", id="half a letter"),
        pytest.param("Å".encode("latin-1"), "line 1, column 1", id="not UTF-8"),
    ],
)
def test_what_is_not_json_is_told_with_its_place(api: Api, sent: bytes, place: str):
    answer = api("POST", CONTACTS, data=sent)
    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")
    assert answer.json()["message"] == f"Invalid input JSON on {place}"


def test_an_address_too_long_is_refused_whatever_it_asks(portal: Portal, api: Api):
    names = ",".join(f"property_{number}" for number in range(1400))
    assert api("GET", f"{CONTACTS}?properties={names}").status_code == 414
    assert api("GET", "/_emulator/stats").json()["calls"][0]["status"] == 414
    portal.switches = portal.switches.changed(longest_address=30_000)
    assert api("GET", f"{CONTACTS}?properties={names}").status_code == 200


@pytest.mark.parametrize("header", [None, "Basic any", "Bearer "])
def test_without_a_token_nobody_gets_in(api: Api, header: str | None):
    answer = api("GET", CONTACTS, headers={"Authorization": header})
    assert (answer.status_code, answer.json()["category"]) == (401, "INVALID_AUTHENTICATION")


def test_once_tokens_are_named_others_are_strangers(api: Api):
    api("POST", "/_emulator/tokens", {"token": "ours"})
    assert api("GET", CONTACTS).status_code == 401
    assert api("GET", CONTACTS, headers={"Authorization": "Bearer ours"}).status_code == 200


def test_a_token_does_what_its_scopes_grant_and_no_more(api: Api):
    api("POST", "/_emulator/tokens", {"token": "any", "scopes": ["crm.objects.contacts.read"]})
    assert api("POST", f"{CONTACTS}/search", {}).status_code == 200
    refused = api("POST", CONTACTS, {"properties": {}})
    assert (refused.status_code, refused.json()["category"]) == (403, "MISSING_SCOPES")
    assert refused.json()["errors"][0]["context"] == {"requiredGranularScopes": ["crm.objects.contacts.write"]}


def test_what_is_not_emulated_is_counted(api: Api):
    assert api("GET", "/crm/v3/imports").status_code == 404
    assert api("GET", "/_emulator/stats").json()["not_emulated"] == [
        {"method": "GET", "path": "/crm/v3/imports", "count": 1}
    ]


def limited(portal: Portal, plan: str = "professional") -> Running:
    return serve(portal, limits=Limits(plan))


def test_searches_have_a_limit_of_their_own(portal: Portal):
    running = limited(portal)
    api = Api(running.url)
    answers = [api("POST", f"{CONTACTS}/search", {}) for _ in range(6)]
    assert [answer.status_code for answer in answers].count(429) >= 1
    assert answers[-1].json()["policyName"] == "SECONDLY"
    assert "X-HubSpot-RateLimit-Max" not in answers[0].headers
    assert api("GET", CONTACTS).headers["X-HubSpot-RateLimit-Remaining"] == "189"
    api.close()
    running.stop()


def test_an_answer_tells_of_limits_as_recorded(portal: Portal):
    running = limited(portal, "free")
    api = Api(running.url)
    told = _limits_of(api("GET", CONTACTS))
    assert told == {"daily", "daily-remaining", "interval-milliseconds", "max", "remaining", *SECONDLY}
    assert _limits_of(api("POST", f"{CONTACTS}/search", {})) == {"daily", "daily-remaining"}
    api("POST", "/_emulator/tokens", {"token": "any", "scopes": []})
    assert _limits_of(api("GET", CONTACTS)) == set()
    api.close()
    running.stop()


def test_an_app_with_oauth_has_no_daily_limit(portal: Portal):
    running = limited(portal, "oauth")
    api = Api(running.url)
    answer = api("GET", CONTACTS)
    assert _limits_of(answer) == {"interval-milliseconds", "max", "remaining", *SECONDLY}
    assert answer.headers["X-HubSpot-RateLimit-Max"] == "110"
    assert answer.headers["X-HubSpot-RateLimit-Secondly"] == "11"
    api.close()
    running.stop()


SECONDLY = ("secondly", "secondly-remaining")


def _limits_of(answer: requests.Response) -> set[str]:
    prefix = "x-hubspot-ratelimit-"
    return {name.lower().removeprefix(prefix) for name in answer.headers if name.lower().startswith(prefix)}


def test_the_association_api_counts_for_itself(portal: Portal):
    running = limited(portal)
    api = Api(running.url)
    anna = portal.add_contact()
    batch = api("POST", "/crm/associations/2026-09/contacts/companies/batch/read", {"inputs": [{"id": anna}]})
    assert batch.headers["X-HubSpot-RateLimit-Max"] == "150"
    assert api("GET", f"{CONTACTS}/{anna}/associations/companies").headers["X-HubSpot-RateLimit-Remaining"] == "189"
    api.close()
    running.stop()


def test_every_app_has_its_own_burst_and_they_share_the_day():
    limits = Limits("free", seconds_now=lambda: 0.0)
    assert [limits.take("2026-11-02", app_id=1) for _ in range(100)][-1] is None
    assert limits.take("2026-11-02", app_id=1)
    assert limits.take("2026-11-02", app_id=2) is None
    assert limits.used("2026-11-02") == 101
    assert limits.used("2026-11-03") == 0


def test_the_day_ends_at_midnight_in_the_account_s_zone(portal: Portal, running: Running):
    running.guard.limits = Limits("free")
    api = Api(running.url)
    portal.clock.set("2026-11-02T22:30:00Z")
    assert api("GET", CONTACTS).headers["X-HubSpot-RateLimit-Daily-Remaining"] == "249999"
    assert api("GET", CONTACTS).headers["X-HubSpot-RateLimit-Daily-Remaining"] == "249998"
    assert (running.guard.usage().used, text(running.guard.usage().resets_ms)) == (2, "2026-11-02T23:00:00Z")
    portal.clock.set("2026-11-02T23:00:00Z")
    assert api("GET", CONTACTS).headers["X-HubSpot-RateLimit-Daily-Remaining"] == "249999"
    api.close()


def test_a_burst_has_an_end(portal: Portal):
    limits = Limits("free", seconds_now=lambda: 0.0)
    exceeded = [limits.take("2026-11-02") for _ in range(101)]
    assert exceeded[:100] == [None] * 100
    assert exceeded[100] is not None
    assert exceeded[100].policy == "TEN_SECONDLY_ROLLING"


def test_a_day_has_an_end_and_another_day_comes():
    limits = Limits("free", seconds_now=count(step=10).__next__)
    last = [limits.take("2026-11-02") for _ in range(250_001)][-1]
    assert last is not None
    assert last.policy == "DAILY"
    assert limits.take("2026-11-03") is None


def test_a_window_rolls():
    now = [0.0]
    window = Window(1, 10, lambda: now[0])
    assert [window.take(), window.take()] == [True, False]
    now[0] = 10.1
    assert window.take()
