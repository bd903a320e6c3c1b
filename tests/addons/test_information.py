"""What is told of the processing holds for this person: their purposes, period, source and rights, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from crm_gdpr.addons.access.codes import explained
from crm_gdpr.addons.access.grounds import recorded
from crm_gdpr.addons.access.information import Circumstances, information, left_out
from crm_gdpr.addons.access.meaning import Meaning, same
from crm_gdpr.addons.access.model import Part, Row
from crm_gdpr.addons.access.portability import portable, provided_kinds
from crm_gdpr.addons.register.__manifest__ import addon as register
from crm_gdpr.policy import classify, decide, facts_from_json, load_policy, steps_ahead
from tests.addons.test_redact import answer, part, row
from tests.policy.test_decide import firm, life, mail

POLICY = load_policy()
TODAY = date(2026, 6, 15)
SALES = {"gdpr_source": "outreach", "gdpr_legal_basis": "sales: legitimate_interest"}
CATEGORIES = frozenset({"contact_details", "correspondence"})


def told(facts: dict[str, Any] | None = None, present=CATEGORIES, policy=POLICY, **properties: str) -> dict[str, str]:
    """Return the lines of each element in English."""
    known = facts_from_json(facts or life(mail("2026-01-31")))
    verdict = decide(known, policy, TODAY)
    about = Circumstances(
        policy=policy,
        holdings=register.holdings,
        present=frozenset(present),
        parts=tuple(Part(name, same(name), name, (Row(same(""), ()),), 1) for name in present),
        properties=properties,
        facts=known,
        verdict=verdict,
        steps=steps_ahead(known, policy, TODAY, verdict.reached),
        source=classify(properties, policy),
        portable=bool(provided_kinds(properties)),
    )
    return {each.article: "\n".join(line.en for line in each.lines) for each in information(about)}


class TestPurposes:
    def test_are_those_recorded_with_the_ground_recorded(self):
        purposes = told(gdpr_source="customer", gdpr_legal_basis="customer_support: contract")["15(1)(a)"]
        assert "Supporting customers in using the service. Ground: contract" in purposes
        assert "possible customers" not in purposes

    @pytest.mark.parametrize(
        ("source", "basis"),
        [("request", "keep_records_right: legal_obligation"), ("other", "dealings: legitimate_interest")],
    )
    def test_whoever_is_no_prospect_is_not_told_of_sales(self, source, basis):
        assert "possible customers" not in told(gdpr_source=source, gdpr_legal_basis=basis)["15(1)(a)"]

    def test_sales_ends_with_an_objection(self):
        assert "possible customers" in told(**SALES)["15(1)(a)"]
        assert "possible customers" not in told(**SALES, gdpr_objected_on="2026-06-01")["15(1)(a)"]

    def test_whose_source_is_unknown_is_told_that_no_ground_was_found(self):
        assert "could not establish" in told(gdpr_source="unknown")["15(1)(a)"]

    def test_the_website_is_a_purpose_where_there_is_usage(self):
        assert "website" in told(present=("usage",), **SALES)["15(1)(a)"]
        assert "website" not in told(**SALES)["15(1)(a)"]


class TestPeriod:
    def test_names_the_event_and_every_day_to_come(self):
        period = told(**SALES)["15(1)(d)"]
        assert "email 1, received 2026-01-31" in period
        for day in ("2027-01-31", "2027-10-31", "2028-01-24"):
            assert day in period
        assert "12-24 months" not in period

    def test_names_what_keeps_the_data_and_what_counts_once_it_ends(self):
        period = told(life(mail("2026-01-31"), org=firm(open_deals=["deals/9"])), **SALES)["15(1)(d)"]
        assert "A deal is open (deals/9)." in period
        assert "email 1, received 2026-01-31" in period
        assert "Once that ends" in period

    def test_a_customers_contact_stays_while_the_relationship_lasts(self):
        period = told(life(org=firm(customer=True)), gdpr_source="customer")["15(1)(d)"]
        assert "The organisation is a customer (companies/7)." in period
        assert "Once the relationship ends" in period
        assert "Contact details, Dialogue with the person: while the relationship lasts" in period

    def test_whoever_never_answered_is_told_of_the_shorter_period_only(self):
        period = told(life(source="outreach", created_on="2026-02-01"), **SALES)["15(1)(d)"]
        assert "erased on 2027-01-25" in period
        assert "24 months" not in period


class TestRights:
    def test_are_those_that_the_grounds_give(self):
        assert "object" in told(**SALES)["15(1)(e)"]
        asked = told(gdpr_source="request", gdpr_legal_basis="keep_records_right: legal_obligation")["15(1)(e)"]
        assert "object" not in asked
        for right in ("machine-readable", "withdraw"):
            assert right not in asked

    def test_consent_can_be_withdrawn_and_what_was_given_moved(self):
        rights = told(gdpr_source="website", gdpr_email_marketing="consented")["15(1)(e)"]
        assert "withdraw your consent" in rights
        assert "machine-readable" in rights

    def test_an_objection_is_confirmed(self):
        assert "2026-06-01 is recorded" in told(**SALES, gdpr_objected_on="2026-06-01")["15(1)(e)"]


class TestSource:
    def test_says_the_page_the_day_and_the_way_in_words(self):
        source = told(
            **SALES, hs_object_source="IMPORT", hs_object_source_detail_1="Mässan 2026", gdpr_found_at="https://x.example",
            createdate="2026-02-01T09:00:00Z", gdpr_collected_on="2026-02-01",
            gdpr_source_evidence="list of prospects: hs_object_source=IMPORT, hs_object_source_id=userId:9001",
        )["15(1)(g)"]  # fmt: skip
        assert "created on 2026-02-01, imported: Mässan 2026" in source
        assert "https://x.example" in source
        for code in ("hs_object_source", "userId", "IMPORT"):
            assert code not in source

    def test_tells_what_there_is_where_the_source_is_unknown(self):
        source = told(gdpr_source="unknown", hs_object_source="API", createdate="2026-02-01T09:00:00Z")["15(1)(g)"]
        assert "do not show" in source
        assert "from a connected system" in source

    def test_tells_every_source_and_that_a_person_chose(self):
        source = told(
            gdpr_source="outreach",
            gdpr_sources="outreach, inbound",
            gdpr_source_evidence="decided in HubSpot by 9001, x",
        )["15(1)(g)"]
        assert "by hand" in source
        assert "You contacted us." in source
        assert "9001" not in source


def test_recipients_are_those_who_see_this_persons_data():
    (hubspot,) = POLICY.recipients
    support = replace(hubspot, name="Desk", title=same("Desk, for support"), only_for=("customer_support",))
    policy = replace(POLICY, recipients=(hubspot, support))
    customer = told(policy=policy, gdpr_source="customer", gdpr_legal_basis="customer_support: contract")
    prospect = told(policy=policy, **SALES)
    for article in ("15(1)(c)", "15(2)"):
        assert "Desk" in customer[article]
        assert "Desk" not in prospect[article]
        assert "HubSpot" in prospect[article]


def test_a_policy_that_approves_by_itself_is_not_told_as_a_persons_decision():
    assert "a person approves" in told(**SALES)["15(1)(h)"]
    itself = replace(POLICY, destruction=replace(POLICY.destruction, automatic=True))
    assert "a person approves" not in told(policy=itself, **SALES)["15(1)(h)"]


def test_what_is_not_included_is_told_only_where_something_is_not():
    assert left_out((part("notes", row("notes/1", hs_note_body="x")),)) is None
    visited = part("usage", row("", hs_analytics_source="DIRECT"), category="usage")
    assert "each visit" in left_out((visited,)).lines[0].en


class TestPortability:
    def test_a_contract_or_consent_opens_it_for_the_persons_own_words_only(self):
        properties = {
            "gdpr_source": "customer",
            "gdpr_legal_basis": "customer_support: contract; sales: legitimate_interest",
        }
        whole = answer(
            part("contacts", row("", email="anna@example.com", num_notes="3", lifecyclestage="customer")),
            part(
                "conversations", row("t/1", **{"from": "anna@example.com", "message": "hej"}), row("t/2", message="vi")
            ),
            part(
                "forms", row("f/1", email="Anna@example.com", message="demo"), row("f/2", email="bo@x.se", tip="Anna")
            ),
            provided=provided_kinds(properties),
        )
        assert portable(whole)["data"] == {
            "contacts": [{"email": "anna@example.com"}],
            "conversations": [{"from": "anna@example.com", "message": "hej"}],
            "forms": [{"email": "Anna@example.com", "message": "demo"}],
        }

    def test_legitimate_interest_does_not(self):
        assert provided_kinds(SALES) == ()


@pytest.mark.parametrize(
    ("name", "raw", "sv"),
    [
        ("gdpr_legal_basis", "sales: legitimate_interest", "Hitta: berättigat intresse (artikel 6.1 f)"),
        ("gdpr_sources", "inbound", "Du kontaktade oss."),
        ("hs_object_source", "CRM_UI", "inskrivet av en medarbetare"),
        ("hs_call_duration", "185000", "3 min 5 s"),
        ("hs_email_direction", "INCOMING_EMAIL", "Till oss"),
        ("status", "NOT_SPECIFIED", "Inget val gjort"),
    ],
)
def test_a_code_is_explained(name, raw, sv):
    assert explained(name, raw, {"sales": same("Hitta")}).sv == sv


def test_hubspots_own_fields_are_called_in_the_persons_language():
    from zoneinfo import ZoneInfo

    words = Meaning([{"name": "jobtitle", "label": "Job Title"}], (), ZoneInfo("Europe/Stockholm"))
    assert (words.label("jobtitle").sv, words.label("jobtitle").en) == ("Titel", "Job Title")


@pytest.mark.parametrize("stored", [None, "", "sales", "sales: because", ": ;;", "x: consent y"])
def test_a_ground_that_is_none_is_not_told(stored):
    assert recorded({"gdpr_legal_basis": stored}) == {}
