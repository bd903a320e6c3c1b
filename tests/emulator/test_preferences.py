"""What people have said about being written to: by address, by type, or all at once."""

from typing import Any

import pytest

from crm_gdpr.emulator import Portal
from crm_gdpr.emulator.preferences import SubscriptionType
from tests.emulator.conftest import Api

ANNA, NEWS, OFFERS = "anna@example.se", 1104, 1102
BASIS = {"legalBasis": "CONSENT_WITH_NOTICE", "legalBasisExplanation": "Asked for it at a fair"}
STATUSES = "/communication-preferences/2026-09/statuses"


def state(api: Api, id_: int = NEWS) -> str:
    found = api("GET", f"{STATUSES}/{ANNA}?channel=EMAIL").json()["results"]
    return {one["subscriptionId"]: one["status"] for one in found}[id_]


def write(api: Api, value: str, **more: Any) -> Any:
    body = {"channel": "EMAIL", "statusState": value, "subscriptionId": NEWS, **BASIS, **more}
    return api("POST", f"{STATUSES}/{ANNA}", body)


def v3(api: Api, verb: str, version: str = "v3") -> int:
    body = {"emailAddress": ANNA, "subscriptionId": str(NEWS), **BASIS}
    return api("POST", f"/communication-preferences/{version}/{verb}", body).status_code


def test_who_was_never_asked_differs_from_who_refused(portal: Portal, api: Api):
    assert state(api) == "NOT_SPECIFIED"
    portal.unsubscribe(ANNA, NEWS)
    assert state(api) == "UNSUBSCRIBED"
    assert state(api, OFFERS) == "NOT_SPECIFIED"


def test_v3_cannot_tell_the_two_apart(portal: Portal, api: Api):
    portal.unsubscribe(ANNA, NEWS)
    found = api("GET", f"/communication-preferences/v3/status/email/{ANNA}").json()["subscriptionStatuses"]
    assert {one["status"] for one in found} == {"NOT_SUBSCRIBED"}


def test_v3_does_not_subscribe_who_opted_out(portal: Portal, api: Api):
    assert v3(api, "subscribe") == 200
    portal.unsubscribe(ANNA, NEWS)
    assert v3(api, "subscribe") == 400
    portal.unsubscribe_all("bo@example.se")
    assert v3(api, "resubscribe", "2026-09") == 200
    assert state(api) == "SUBSCRIBED"


def test_v4_brings_back_who_opted_out_of_everything_to_one_type_only(portal: Portal, api: Api):
    portal.unsubscribe_all(ANNA)
    answer = write(api, "SUBSCRIBED").json()["results"][0]
    assert answer["setStatusSuccessReason"] == "RESUBSCRIBE_OCCURRED"
    assert (state(api), state(api, OFFERS)) == ("SUBSCRIBED", "UNSUBSCRIBED")


def test_a_switch_lets_the_opt_out_stand(portal: Portal, api: Api):
    portal.switches = portal.switches.changed(resubscribe_lifts_opt_out=False)
    portal.unsubscribe_all(ANNA)
    assert write(api, "SUBSCRIBED").json()["results"][0]["setStatusSuccessReason"] == "NO_STATUS_CHANGE"
    assert state(api) == "UNSUBSCRIBED"


@pytest.mark.parametrize("missing", ["legalBasis", "legalBasisExplanation"])
def test_with_data_privacy_settings_a_status_takes_a_legal_basis(portal: Portal, api: Api, missing: str):
    assert write(api, "SUBSCRIBED", **{missing: None}).status_code == 400
    portal.switches = portal.switches.changed(data_privacy=False)
    assert write(api, "SUBSCRIBED", **{missing: None}).status_code == 200


@pytest.mark.parametrize(
    "wrong", [{"legalBasis": "Not applicable"}, {"statusState": "MAYBE"}, {"channel": "SMS"}, {"subscriptionId": 7}]
)
def test_what_the_account_does_not_know_is_refused(api: Api, wrong: dict[str, Any]):
    assert write(api, "SUBSCRIBED", **wrong).status_code in (400, 404)
    assert state(api) == "NOT_SPECIFIED"


def test_the_contact_shows_what_was_refused(portal: Portal):
    anna = portal.add_contact(email=ANNA)
    portal.unsubscribe("Anna@Example.se", NEWS)
    assert portal.value("contacts", anna, f"hs_email_optout_{NEWS}") == "true"
    assert portal.value("contacts", anna, "hs_email_optout") is None
    portal.unsubscribe_all(ANNA)
    assert portal.value("contacts", anna, "hs_email_optout") == "true"
    portal.subscribe(ANNA, OFFERS)
    assert portal.value("contacts", anna, "hs_email_optout") is None
    assert portal.value("contacts", anna, f"hs_email_optout_{NEWS}") == "true"


def test_preferences_belong_to_the_address_and_not_to_the_contact(portal: Portal):
    portal.unsubscribe_all(ANNA)
    anna = portal.add_contact(email=ANNA)
    assert portal.value("contacts", anna, "hs_email_optout") == "true"
    portal.edit("contacts", anna, email="anna@example.com")
    assert portal.value("contacts", anna, "hs_email_optout") is None
    portal.archive("contacts", anna)
    assert portal.preferences.knows(ANNA)


@pytest.mark.parametrize("kept", [False, True])
def test_a_permanent_deletion_forgets_unless_told_otherwise(portal: Portal, kept: bool):
    portal.switches = portal.switches.changed(purge_keeps_preferences=kept)
    anna = portal.add_contact(email=ANNA)
    portal.unsubscribe_all(ANNA)
    portal.purge(anna)
    assert portal.preferences.knows(ANNA) is kept


@pytest.mark.parametrize("told", [True, False])
def test_an_opt_out_is_told_unless_the_switch_says_no(portal: Portal, told: bool):
    portal.switches = portal.switches.changed(opt_out_is_told=told)
    portal.add_contact(email=ANNA)
    heard: list[object] = []
    portal.listeners.append(lambda event: heard.append(event.details.get("propertyName")))
    portal.unsubscribe_all(ANNA)
    assert heard == (["hs_email_optout"] if told else [])


def test_batches_need_the_plan_that_has_them(portal: Portal, api: Api):
    ask = ("POST", f"{STATUSES}/batch/read?channel=EMAIL", {"inputs": [ANNA]})
    assert api(*ask).status_code == 403
    portal.switches = portal.switches.changed(batch_preferences=True)
    assert api(*ask).json()["results"][0]["subscriberIdString"] == ANNA


def test_a_business_unit_can_be_refused_alone(portal: Portal, api: Api):
    portal.add_subscription_type(SubscriptionType(2_001, "Other brand", "Its news", business_unit=9))
    portal.unsubscribe_all(ANNA, unit=9)
    assert (state(api, 2_001), state(api)) == ("UNSUBSCRIBED", "NOT_SPECIFIED")
    wide = api("GET", f"{STATUSES}/{ANNA}/unsubscribe-all?channel=EMAIL&businessUnitId=9").json()["results"]
    assert [(one["wideStatusType"], one["status"]) for one in wide] == [
        ("PORTAL_WIDE", "NOT_SPECIFIED"),
        ("BUSINESS_UNIT_WIDE", "UNSUBSCRIBED"),
    ]


def test_a_token_needs_the_scope(api: Api):
    api("POST", "/_emulator/tokens", {"token": "any", "scopes": ["crm.objects.contacts.read"]})
    assert api("GET", f"{STATUSES}/{ANNA}?channel=EMAIL").status_code == 403
    api("POST", "/_emulator/tokens", {"token": "any", "scopes": ["communication_preferences.read"]})
    assert api("GET", f"{STATUSES}/{ANNA}?channel=EMAIL").status_code == 200
    assert write(api, "UNSUBSCRIBED").status_code == 403


def test_a_reset_forgets_what_was_said(portal: Portal):
    portal.unsubscribe_all(ANNA)
    portal.reset()
    assert not portal.preferences.knows(ANNA)
