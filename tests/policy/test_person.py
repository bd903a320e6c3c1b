"""Who may be mailed: the class of a contact, and the rule of 19 § marknadsföringslagen for it."""

from datetime import date

import pytest

from crm_gdpr.policy import Around, load_policy, provenance
from crm_gdpr.policy.person import CONSENT, address_kind, is_personal_number

POLICY = load_policy()
ON = date(2026, 11, 2)
Values = dict[str, str | None]
FIRM: Values = {"name": "Firman AB"}
FORM: Values = {"hs_object_source": "FORM"}


@pytest.mark.parametrize(
    ("contact", "companies", "person", "email"),
    [
        pytest.param({"email": "jane@firm.example.se"}, (FIRM,), "employee", "opt_out", id="at a company"),
        pytest.param(
            {"email": "jane@firm.example.se", "company": "Firman AB"}, (), "employee", "opt_out", id="says the company"
        ),
        pytest.param({"company": "Firman AB"}, (), "employee", "opt_out", id="at a company, no address"),
        pytest.param({"email": "info@firm.example.se"}, (FIRM,), "role_mailbox", "opt_out", id="info@"),
        pytest.param({"email": "Info+se@firm.example.se"}, (), "role_mailbox", "opt_out", id="info@ in disguise"),
        pytest.param(
            {"email": "jane@firm.example.se", "hs_additional_emails": "info@firm.example.se"},
            (FIRM,),
            "employee",
            "opt_out",
            id="a person who also reads info@",
        ),
        pytest.param({"email": "jane@gmail.com"}, (FIRM,), "natural_person", "blocked", id="a private address"),
        pytest.param(
            {"email": "jane@firm.example.se", "hs_additional_emails": "x@firm.example.se;jane@gmail.com"},
            (FIRM,),
            "natural_person",
            "blocked",
            id="a private address beside the one at work",
        ),
        pytest.param({"email": "jane@firm.example.se"}, (), "natural_person", "blocked", id="no company shown"),
        pytest.param({}, (), "natural_person", "blocked", id="nothing known"),
        pytest.param(
            {"email": "jane@firm.example.se"},
            ({"name": "Jane Doe Enskild firma"},),
            "sole_trader",
            "blocked",
            id="a sole trader by name",
        ),
        pytest.param(
            {"email": "info@firm.example.se"},
            ({"name": "Janes Snickeri", "organisation_number": "800101-1234"},),
            "sole_trader",
            "blocked",
            id="a sole trader by number, also behind info@",
        ),
        pytest.param(
            {"email": "jane@firm.example.se"},
            ({"name": "Firman AB", "organisation_number": "556000-1234"},),
            "employee",
            "opt_out",
            id="a legal person's number",
        ),
        pytest.param(
            {"email": "jane@gmail.com", "hs_legal_basis": f"Legitimate interest - other;{CONSENT}"},
            (),
            "natural_person",
            "consented",
            id="a natural person who consented",
        ),
        pytest.param(
            {"email": "jane@gmail.com", "lifecyclestage": "customer"},
            (),
            "natural_person",
            "opt_out",
            id="a customer of our own",
        ),
        pytest.param({"email": "kim@exopen.se"}, (), "employee", "blocked", id="our own staff"),
    ],
)
def test_the_class_decides_the_marketing_rule(contact: Values, companies: tuple[Values, ...], person: str, email: str):
    found = provenance({**FORM, **contact}, Around(companies=companies), POLICY, ON)
    assert (found.person, found.marketing.email) == (person, email)


def test_a_person_decides_the_class_and_the_rule_follows():
    contact: Values = {**FORM, "email": "jane@firm.example.se"}
    found = provenance(contact, Around(companies=(FIRM,), overruled={"person": "sole_trader"}), POLICY, ON)
    assert (found.person, found.marketing.email) == ("sole_trader", "blocked")


def test_nobody_of_an_unknown_source_is_marketed_to():
    found = provenance({"email": "jane@firm.example.se"}, Around(companies=(FIRM,)), POLICY, ON)
    assert (found.source.source, found.marketing.email) == ("unknown", "blocked")


@pytest.mark.parametrize(
    ("number", "personal"),
    [
        pytest.param("800101-1234", True, id="ten digits"),
        pytest.param("19800101-1234", True, id="twelve digits"),
        pytest.param("801231-1234", True, id="born in December"),
        pytest.param("556000-1234", False, id="a company"),
        pytest.param("16556000-1234", False, id="a company, twelve digits"),
        pytest.param("802000-1234", False, id="an association"),
        pytest.param("80", False, id="half a number"),
        pytest.param(None, False, id="none"),
    ],
)
def test_a_persons_number_is_told_from_an_organisations(number: str | None, personal: bool):
    assert is_personal_number(number) is personal


@pytest.mark.parametrize("address", [None, "", "nobody", "@example.se", "jane@"])
def test_half_an_address_is_no_address(address: str | None):
    assert address_kind(address, POLICY.people) == ""
