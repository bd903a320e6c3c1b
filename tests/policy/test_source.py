"""Where a contact comes from, by HubSpot's own provenance; the ids read as the rules of the notice."""

import dataclasses

import pytest

from crm_gdpr.policy import classify, load_policy
from crm_gdpr.policy.source import matches

POLICY = load_policy()


def made(source: str | None, detail: str | None = None, **others: str | None) -> dict[str, str | None]:
    return {"hs_object_source": source, "hs_object_source_detail_1": detail, **others}


@pytest.mark.parametrize(
    ("properties", "source", "rule"),
    [
        pytest.param(made("FORM", "Boka en demo"), "website", "website form", id="a form on the website"),
        pytest.param(made("form"), "website", "website form", id="whatever the case"),
        pytest.param(made("EMAIL", "sales@example.com"), "inbound", "wrote to us", id="a mail to us"),
        pytest.param(made("CONVERSATIONS"), "inbound", "wrote to us", id="a chat"),
        pytest.param(made("MEETINGS"), "inbound", "booked a meeting", id="a booking"),
        pytest.param(made("CRM_UI", "Inkommande samtal"), "inbound", "got in touch", id="a call to us"),
        pytest.param(made("IMPORT", "Mässa i Göteborg"), "inbound", "got in touch", id="a list from a fair"),
        pytest.param(made("IMPORT", "webinar-2026.csv"), "inbound", "got in touch", id="a list of attendees"),
        pytest.param(
            made("CRM_UI", "https://www.example.se/kontakt"),
            "outreach",
            "looked up by sales",
            id="sales, from a public page",
        ),
        pytest.param(
            made("MOBILE_IOS", "www.example.se"),
            "outreach",
            "looked up by sales",
            id="sales on the road, from a public page",
        ),
        pytest.param(
            made("IMPORT", "https://www.example.se/om-oss"),
            "outreach",
            "list of prospects",
            id="a list from a public page",
        ),
        pytest.param(made("IMPORT", "Kunder 2026"), "customer", "list of customers", id="a list of customers"),
        pytest.param(made("INTEGRATION", "Affärssystemet"), "customer", "business system", id="the business system"),
        pytest.param(
            made("CRM_UI", "https://example.se", lifecyclestage="customer"),
            "customer",
            "customer",
            id="a customer, however found",
        ),
        pytest.param(
            made("API", hs_analytics_source="ORGANIC_SEARCH"), "website", "website visit", id="found by a search engine"
        ),
        pytest.param(made(None, hs_analytics_source="REFERRALS"), "website", "website visit", id="came by a link"),
        pytest.param(
            made("CRM_UI", hs_analytics_source="PAID_SEARCH"),
            "website",
            "website visit",
            id="on the website before sales",
        ),
        pytest.param(made("CRM_UI"), "unknown", None, id="sales, without a public place"),
        pytest.param(made("CRM_UI", ""), "unknown", None, id="sales, with an empty place"),
        pytest.param(made("IMPORT", "lista.csv"), "unknown", None, id="a list of nobody knows what"),
        pytest.param(made("INTEGRATION", "Någon app"), "unknown", None, id="an app no rule names"),
        pytest.param(made("MIGRATION"), "unknown", None, id="a migration"),
        pytest.param(made(None, hs_analytics_source="OFFLINE"), "unknown", None, id="offline says nothing"),
        pytest.param(
            made(None, hs_analytics_source="EMAIL_MARKETING"), "unknown", None, id="our own mail says nothing"
        ),
        pytest.param(made("FORMS"), "unknown", None, id="a word that only begins alike"),
        pytest.param({}, "unknown", None, id="no provenance at all"),
    ],
)
def test_the_source_is_found_or_unknown(properties: dict[str, str | None], source: str, rule: str | None):
    found = classify(properties, POLICY)
    assert (found.source, found.rule) == (source, rule)


def test_an_unknown_source_has_no_legal_basis():
    assert classify({}, POLICY).legal_basis == ""


def test_a_known_source_has_the_legal_basis_the_notice_states():
    found = classify(made("FORM"), POLICY)
    assert found.legal_basis == "legitimate_interest"
    assert found.why.sv == "Personen lämnade sina uppgifter i ett formulär på webbplatsen."


def test_the_first_rule_that_fits_decides():
    backwards = dataclasses.replace(POLICY, sources=POLICY.sources[::-1])
    both = made("IMPORT", "https://example.se", lifecyclestage="customer")
    assert classify(both, POLICY).source == "customer"
    assert classify(both, backwards).source == "outreach"


@pytest.mark.parametrize(
    ("value", "pattern", "fits"),
    [
        pytest.param("IMPORT", "import", True, id="case does not matter"),
        pytest.param("Kunder 2026", "kund*", True, id="a star fits the rest"),
        pytest.param("Nya kunder", "kund*", False, id="a star fits the beginning only"),
        pytest.param("anything", "*", True, id="a star alone fits whatever is set"),
        pytest.param(None, "*", False, id="but not what is not set"),
        pytest.param(None, "", True, id="the empty text fits what is not set"),
        pytest.param("x", "", False, id="and nothing else"),
    ],
)
def test_a_pattern_fits(value: str | None, pattern: str, fits: bool):
    assert matches(value, pattern) is fits
