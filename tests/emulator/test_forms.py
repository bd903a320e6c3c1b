"""Forms filled in: a contact with provenance, dates and consent, and the submission to be read back."""

from typing import Any

import pytest

from crm_gdpr.emulator import Portal
from crm_gdpr.emulator.instants import DAY_MS
from crm_gdpr.emulator.submissions import Communication, Consent
from tests.emulator.conftest import Api

PAGE = "https://www.example.com/demo"
ANNA = "anna@example.se"


def send(api: Api, portal: Portal, form: str, **values: str) -> Any:
    fields = [{"objectTypeId": "0-1", "name": name, "value": value} for name, value in values.items()]
    return api("POST", f"/submissions/v3/integration/secure/submit/{portal.portal_id}/{form}", {"fields": fields})


def read(api: Api, form: str, query: str = "") -> Any:
    return api("GET", f"/form-integrations/v1/submissions/forms/{form}{query}").json()


def test_a_form_makes_a_contact_with_its_provenance(portal: Portal):
    form = portal.add_form("Boka en demo", form_id="f-1")
    anna = portal.submit_form(form, {"email": ANNA, "firstname": "Anna"}, page=PAGE)
    values = portal.record("contacts", int(anna)).properties
    assert (values["hs_object_source"], values["hs_object_source_id"]) == ("FORM", "f-1")
    assert values["hs_object_source_detail_1"] == "Boka en demo"
    assert values["first_conversion_event_name"] == values["recent_conversion_event_name"] == "demo: Boka en demo"
    assert values["num_conversion_events"] == "1"
    assert values["hs_last_sales_activity_timestamp"] == values["recent_conversion_date"]


def test_a_second_form_changes_the_contact_and_counts_on(portal: Portal):
    anna = portal.add_contact(email=ANNA, firstname="Anna")
    first, second = portal.add_form("One"), portal.add_form("Two")
    portal.submit_form(first, {"email": ANNA})
    portal.advance(days=3)
    assert portal.submit_form(second, {"email": "Anna@Example.se", "firstname": "Anne"}) == anna
    values = portal.record("contacts", int(anna)).properties
    assert (values["firstname"], values["hs_object_source"]) == ("Anne", "CRM_UI")
    assert (values["num_conversion_events"], values["num_unique_conversion_events"]) == ("2", "2")
    assert (values["first_conversion_event_name"], values["recent_conversion_event_name"]) == ("One", "Two")
    assert values["first_conversion_date"] < values["recent_conversion_date"]


def test_submissions_are_read_newest_first_fifty_at_most(portal: Portal, api: Api):
    form = portal.add_form()
    for number in range(3):
        portal.submit_form(form, {"email": f"p{number}@example.se"}, page=PAGE)
        portal.advance(minutes=1)
    first = read(api, form, "?limit=2")
    newest = first["results"][0]
    assert newest["values"] == [{"name": "email", "value": "p2@example.se", "objectTypeId": "0-1"}]
    assert (type(newest["submittedAt"]), newest["pageUrl"]) == (int, PAGE)
    then = read(api, form, f"?limit=2&after={first['paging']['next']['after']}")
    assert [one["values"][0]["value"] for one in then["results"]] == ["p0@example.se"]
    assert "paging" not in then
    assert api("GET", f"/form-integrations/v1/submissions/forms/{form}?limit=51").status_code == 400


@pytest.mark.parametrize(
    ("values", "type_"),
    [
        ({"email": "no address"}, "INVALID_EMAIL"),
        ({"firstname": "Anna"}, "REQUIRED_FIELD"),
        ({"email": ANNA, "shoe_size": "42"}, "FIELD_NOT_IN_FORM_DEFINITION"),
    ],
)
def test_what_the_form_does_not_take_is_refused(portal: Portal, api: Api, values: dict[str, str], type_: str):
    form = portal.add_form()
    answer = send(api, portal, form, **values)
    assert answer.status_code == 400
    assert [one["errorType"] for one in answer.json()["errors"]] == [type_]
    assert read(api, form)["results"] == []


def test_a_submission_is_dated_back_by_a_month_at_most(portal: Portal, api: Api):
    form, now = portal.add_form(), portal.clock.now_ms()
    body = {"fields": [{"name": "email", "value": ANNA}], "submittedAt": str(now - 10 * DAY_MS)}
    where = f"/submissions/v3/integration/secure/submit/{portal.portal_id}/{form}"
    assert api("POST", where, body).json() == {"inlineMessage": "Tack!"}
    assert read(api, form)["results"][0]["submittedAt"] == now - 10 * DAY_MS
    assert api("POST", where, {**body, "submittedAt": str(now - 40 * DAY_MS)}).status_code == 400


def test_consent_in_a_form_reaches_basis_and_subscription(portal: Portal, api: Api):
    form = portal.add_form()
    ticked = {"value": True, "subscriptionTypeId": 1104, "text": "Ja tack till nyhetsbrevet"}
    consent = {"consentToProcess": True, "text": "Jag samtycker", "communications": [ticked]}
    body = {"fields": [{"name": "email", "value": ANNA}], "legalConsentOptions": {"consent": consent}}
    api("POST", f"/submissions/v3/integration/secure/submit/{portal.portal_id}/{form}", body)
    anna = portal.find("contacts", ANNA, "email")
    assert anna.properties["hs_legal_basis"] == "Freely given consent from contact"
    chosen = portal.preferences.choices[ANNA][1104]
    assert (chosen.state, chosen.legal_basis, chosen.source) == ("SUBSCRIBED", "CONSENT_WITH_NOTICE", "Form")
    assert chosen.explanation == "Ja tack till nyhetsbrevet"


def test_legitimate_interest_in_a_form_is_told_in_hubspot_s_two_vocabularies(portal: Portal, api: Api):
    form = portal.add_form()
    interest = {"value": True, "subscriptionTypeId": 1102, "legalBasis": "LEAD", "text": "Vi får höra av oss"}
    body = {"fields": [{"name": "email", "value": ANNA}], "legalConsentOptions": {"legitimateInterest": interest}}
    api("POST", f"/submissions/v3/integration/secure/submit/{portal.portal_id}/{form}", body)
    anna = portal.find("contacts", ANNA, "email")
    assert anna.properties["hs_legal_basis"] == "Legitimate interest – prospect/lead"
    assert portal.preferences.choices[ANNA][1102].legal_basis == "LEGITIMATE_INTEREST_PQL"


def test_a_tick_in_a_form_brings_back_who_opted_out(portal: Portal):
    form = portal.add_form()
    portal.unsubscribe_all(ANNA)
    agreed = Consent(communications=(Communication(1104, "CONSENT_WITH_NOTICE", "Ja tack"),))
    anna = portal.submit_form(form, {"email": ANNA}, consent=agreed)
    assert portal.value("contacts", anna, "hs_email_optout") is None
    assert portal.value("contacts", anna, "hs_email_optout_1102") == "true"


def test_an_erased_person_comes_back_by_a_form(portal: Portal):
    anna = portal.add_contact(email=ANNA)
    portal.purge(anna)
    assert portal.is_live(portal.submit_form(portal.add_form(), {"email": ANNA}))


def test_erasure_takes_submissions_and_the_bin_does_not(portal: Portal, api: Api):
    form = portal.add_form()
    anna, bo = (portal.submit_form(form, {"email": f"{name}@example.se"}) for name in ("anna", "bo"))
    portal.purge(anna)
    portal.archive("contacts", bo)
    portal.advance(days=91)
    assert [one["values"][0]["value"] for one in read(api, form)["results"]] == ["bo@example.se"]


def test_an_archived_form_takes_nothing_and_is_gone_after_three_months(portal: Portal, api: Api):
    form = portal.add_form()
    portal.submit_form(form, {"email": ANNA})
    assert api("DELETE", f"/marketing/v3/forms/{form}").status_code == 204
    assert send(api, portal, form, email=ANNA).status_code == 404
    assert api("GET", f"/marketing/v3/forms/{form}?archived=true").status_code == 200
    portal.advance(days=91)
    assert api("GET", f"/marketing/v3/forms/{form}?archived=true").status_code == 404
    assert portal.form_book.submissions == []


def test_a_form_without_an_address_makes_nobody(portal: Portal):
    form = portal.add_form(fields=("message",))
    assert portal.submit_form(form, {"message": "Hej"}) == ""
    assert len(portal.form_book.submissions) == 1
