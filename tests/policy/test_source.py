"""Where a contact comes from, by what HubSpot knows of it; the ids read as the rules of the notice."""

import dataclasses
from datetime import date

import pytest

from crm_gdpr.policy import Around, classify, load_policy, provenance
from crm_gdpr.policy.assessment import current, review_due_on, watched
from crm_gdpr.policy.basis import bases
from crm_gdpr.policy.matching import matches
from crm_gdpr.policy.provenance import Provenance
from crm_gdpr.policy.source import strictest

POLICY = load_policy()
ON = date(2026, 11, 2)
PLACE = "https://www.example.se/kontakt"
WORK = {"email": "jane@firm.example.se", "jobtitle": "Ekonomichef", "company": "Firman AB"}
Values = dict[str, str | None]
FIRM: Values = {"name": "Firman AB", "lifecyclestage": "lead"}


def made(source: str | None, detail: str | None = None, **others: str | None) -> Values:
    return {**WORK, "hs_object_source": source, "hs_object_source_detail_1": detail, **others}


def decided(contact: Values, on: date = ON, **around: object) -> Provenance:
    return provenance(contact, Around(**around), POLICY, on)  # type: ignore[arg-type]  # one helper for all fields


@pytest.mark.parametrize(
    ("contact", "source", "rule"),
    [
        pytest.param(made("FORM", "Boka en demo"), "website", "website form", id="a form on the website"),
        pytest.param(made("form"), "website", "website form", id="whatever the case"),
        pytest.param(made("LEADIN"), "website", "website form", id="a form of another tool"),
        pytest.param(made("FORM", "GDPR-begäran"), "request", "form about rights", id="the form about rights"),
        pytest.param(made("FORM", "Ansökan säljare"), "other", "applied for a job", id="an application by form"),
        pytest.param(made("EMAIL", "jobb@example.com"), "other", "applied for a job", id="an application by mail"),
        pytest.param(made("EMAIL", "gdpr@example.com"), "request", "form about rights", id="a mail to the officer"),
        pytest.param(made("EMAIL", "sales@example.com"), "inbound", "wrote to us", id="a mail to us"),
        pytest.param(made("FORWARD_TO_CRM"), "inbound", "wrote to us", id="a mail that was forwarded"),
        pytest.param(made("CONVERSATIONS"), "inbound", "wrote to us", id="a chat"),
        pytest.param(made("BOT"), "inbound", "wrote to us", id="a chat with the bot"),
        pytest.param(made("MEETINGS"), "inbound", "booked a meeting", id="a booking"),
        pytest.param(made("CRM_UI", "Inkommande samtal"), "inbound", "got in touch", id="a call to us"),
        pytest.param(made("MOBILE_IOS", "Visitkort"), "inbound", "got in touch", id="a card handed over"),
        pytest.param(made("IMPORT", "Mässa i Göteborg"), "inbound", "got in touch", id="a list from a fair"),
        pytest.param(made("IMPORT", "webinar-2026.csv"), "inbound", "got in touch", id="a list of attendees"),
        pytest.param(made("CRM_UI", PLACE), "outreach", "looked up by sales", id="sales, from a public page"),
        pytest.param(
            made("MOBILE_IOS", "www.example.se"), "outreach", "looked up by sales", id="sales on the road, likewise"
        ),
        pytest.param(
            made("CRM_UI", gdpr_found_at=PLACE), "outreach", "looked up by sales", id="sales, with the page filled in"
        ),
        pytest.param(
            made("CRM_UI", PLACE, company=None, associatedcompanyid="7"),
            "outreach",
            "looked up by sales",
            id="sales, with the company associated",
        ),
        pytest.param(made("IMPORT", PLACE), "outreach", "list of prospects", id="a list from a public page"),
        pytest.param(made("IMPORT", "Kunder 2026"), "customer", "list of customers", id="a list of customers"),
        pytest.param(made("IMPORT", "Leverantörer"), "other", "list of others", id="a list of suppliers"),
        pytest.param(made("IMPORT", "Personal 2026"), "other", "list of others", id="a list of staff"),
        pytest.param(made("INTEGRATION", "Affärssystemet"), "customer", "business system", id="the business system"),
        pytest.param(
            made("CRM_UI", PLACE, lifecyclestage="customer"), "customer", "customer", id="a customer, however found"
        ),
        pytest.param(
            made("CRM_UI", PLACE, lifecyclestage="other"),
            "other",
            "neither prospect nor customer",
            id="somebody sales calls other",
        ),
        pytest.param(made("CRM_UI", email="kim@exopen.se"), "other", "our own staff", id="our own staff"),
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
        pytest.param(made("CRM_UI"), "unknown", "looked up by sales", id="sales, without a public place"),
        pytest.param(made("CRM_UI", "en lista"), "unknown", "looked up by sales", id="sales, with no place at all"),
        pytest.param(made("CRM_UI", PLACE, jobtitle=""), "unknown", "looked up by sales", id="sales, without a role"),
        pytest.param(
            made("CRM_UI", PLACE, company=None), "unknown", "looked up by sales", id="sales, without a company"
        ),
        pytest.param(
            made("CRM_UI", PLACE, email="jane@gmail.com"), "unknown", "private address", id="sales, a private address"
        ),
        pytest.param(
            made("IMPORT", PLACE, email="jane@hotmail.se"), "unknown", "private address", id="a list, private addresses"
        ),
        pytest.param(made("IMPORT", "lista.csv"), "unknown", "list of prospects", id="a list of nobody knows what"),
        pytest.param(made("IMPORT", "Köpt lista Q3"), "unknown", "bought list", id="a bought list"),
        pytest.param(made("API", "Prospektlistan AB"), "unknown", "bought list", id="a seller of lists by app"),
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
def test_the_source_is_found_or_unknown(contact: Values, source: str, rule: str | None):
    found = decided(contact)
    assert (found.source.source, found.source.rule) == (source, rule)


@pytest.mark.parametrize(
    ("around", "source", "rule"),
    [
        pytest.param({"companies": (FIRM,)}, "outreach", "looked up by sales", id="at a prospect"),
        pytest.param({"companies": ({**FIRM, "lifecyclestage": "customer"},)}, "customer", "customer", id="a customer"),
        pytest.param({"companies": ({**FIRM, "gdpr_customer": "true"},)}, "customer", "customer", id="flagged one"),
        pytest.param(
            {"companies": ({**FIRM, "contract_end_date": "2026-11-02"},)},
            "customer",
            "customer",
            id="on the last day of the contract",
        ),
        pytest.param(
            {"companies": ({**FIRM, "contract_end_date": "2026-11-01"},)},
            "customer",
            "former customer",
            id="the day after it",
        ),
        pytest.param({"companies": ({**FIRM, "type": "VENDOR"},)}, "other", "partner or supplier", id="a supplier"),
        pytest.param({"companies": ({**FIRM, "type": "PARTNER"},)}, "other", "partner or supplier", id="a partner"),
        pytest.param(
            {"companies": ({**FIRM, "type": "PARTNER", "lifecyclestage": "customer"},)},
            "customer",
            "customer",
            id="a partner who is a customer",
        ),
        pytest.param({"deals": ({"dealstage": "closedwon"},)}, "customer", "won deal", id="a deal that was won"),
        pytest.param({"deals": ({"hs_is_closed": "false"},)}, "outreach", "looked up by sales", id="an open one"),
        pytest.param({"merged": ("inbound",)}, "outreach", "looked up by sales", id="merged with a milder one"),
        pytest.param({"merged": ("unknown",)}, "outreach", "looked up by sales", id="merged with an unknown one"),
        pytest.param({"overruled": {"source": "inbound"}}, "inbound", None, id="a person decided otherwise"),
        pytest.param(
            {"overruled": {"source": "inbound"}, "merged": ("website",)}, "inbound", None, id="also after a merge"
        ),
    ],
)
def test_what_is_around_a_person_decides_too(around: dict[str, object], source: str, rule: str | None):
    found = decided(made("CRM_UI", PLACE), **around)
    assert (found.source.source, found.source.rule) == (source, rule)


def test_a_stranger_who_asks_for_their_rights_is_no_prospect():
    asked = decided(made("EMAIL", "support@example.com"), request_first=True)
    assert asked.source.source == "request"
    assert [(b.purpose, b.legal_basis) for b in asked.bases] == [("keep_records_right", "legal_obligation")]
    assert asked.marketing.email == "blocked"


def test_of_merged_people_the_strictest_source_stands_with_its_own_rule():
    both = decided(made("FORM", "Boka en demo"), merged=("outreach", "customer"))
    assert both.source.source == "outreach"
    assert "sammanslagna" in both.source.why.sv
    assert strictest((), POLICY) == "unknown"


def test_an_unknown_source_has_no_ground_and_says_what_it_lacks():
    bare = decided(made("CRM_UI", jobtitle=None))
    assert bare.bases == ()
    assert bare.source.lacks == ("role", "place")
    assert "webbsida" in bare.source.why.sv
    assert decided({}).source.why.en.startswith("No rule")


def test_the_first_rule_that_fits_decides():
    backwards = dataclasses.replace(POLICY, sources=POLICY.sources[::-1])
    both: Values = {"hs_object_source": "FORM", "relation": "customer"}
    assert classify(both, POLICY).source == "customer"
    assert classify(both, backwards).source == "website"


@pytest.mark.parametrize(
    ("words", "grounds"),
    [
        pytest.param(
            {"source": "outreach", "relation": "prospect", "person": "employee"},
            {"sales": "legitimate_interest"},
            id="a prospect",
        ),
        pytest.param(
            {"source": "website", "relation": "prospect", "person": "natural_person"},
            {"sales": "legitimate_interest", "website": "legitimate_interest"},
            id="a visitor",
        ),
        pytest.param(
            {"source": "customer", "relation": "customer", "person": "employee"},
            {"customer_support": "legitimate_interest", "sales": "legitimate_interest"},
            id="a customer's contact person",
        ),
        pytest.param(
            {"source": "customer", "relation": "customer", "person": "sole_trader"},
            {"customer_support": "contract", "sales": "legitimate_interest"},
            id="a customer who is a sole trader",
        ),
        pytest.param(
            {"source": "customer", "relation": "former_customer", "person": "employee"},
            {"sales": "legitimate_interest"},
            id="a former customer's contact person",
        ),
        pytest.param(
            {"source": "other", "relation": "", "person": "employee"}, {"dealings": "legitimate_interest"}, id="other"
        ),
        pytest.param({"source": "unknown", "relation": "", "person": "employee"}, {}, id="unknown"),
    ],
)
def test_each_purpose_has_its_own_ground(words: dict[str, str], grounds: dict[str, str]):
    assert {b.purpose: b.legal_basis for b in bases(words, POLICY, ON)} == grounds
    assert all(b.stands for b in bases(words, POLICY, ON))


def test_legitimate_interest_names_its_balancing_test_and_contract_needs_none():
    words = {"source": "customer", "relation": "customer", "person": "sole_trader"}
    contract, interest = bases(words, POLICY, ON)
    assert contract.assessment is None
    assert interest.assessment == "sales-inbound 1"


@pytest.mark.parametrize(
    ("on", "found"),
    [
        pytest.param(date(2026, 9, 30), None, id="before it was made"),
        pytest.param(date(2026, 10, 1), "sales-outreach", id="on the day"),
        pytest.param(date(2027, 9, 30), "sales-outreach", id="on the last day of its year"),
        pytest.param(date(2027, 10, 1), None, id="a year later"),
    ],
)
def test_a_balancing_test_is_current_for_a_year(on: date, found: str | None):
    test = current(POLICY, "outreach", "sales", on)
    assert (test.name if test else None) == found


def test_no_balancing_test_covers_a_purpose_it_was_not_made_for():
    assert current(POLICY, "outreach", "website", ON) is None


def test_without_a_current_balancing_test_there_is_no_tag():
    late = decided(made("CRM_UI", PLACE), on=date(2027, 10, 1))
    assert (late.source.source, late.bases, late.lapsed) == ("unknown", (), True)
    assert "outreach" in late.source.why.en


def test_what_a_person_decided_stays_when_the_test_has_lapsed_but_has_no_ground():
    late = decided(made("CRM_UI"), on=date(2027, 10, 1), overruled={"source": "outreach"})
    assert (late.source.source, late.bases) == ("outreach", ())


def test_the_yearly_review_is_watched_a_month_ahead():
    due = review_due_on(POLICY.assessments[0])
    one = dataclasses.replace(POLICY, assessments=POLICY.assessments[:1])
    states = {on: [each.state for each in watched(one, on)] for on in (date(2027, 8, 31), date(2027, 9, 1), due)}
    assert list(states.values()) == [[], ["look"], ["broken"]]


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
