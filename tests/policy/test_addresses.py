"""Which ways of writing an address or a number mean the same person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_gdpr.policy.addresses import Addresses, digest, email_of, phone_of

JANE = "jane.doe@example.com"


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("jane.doe@example.com", id="as it is"),
        pytest.param("  Jane.Doe@Example.COM ", id="case and blanks"),
        pytest.param("jane.doe+news@example.com", id="the tag is dropped"),
        pytest.param("jane.doe+a+b@example.com", id="all of it"),
        pytest.param("ｊane.doe@ｅxample．com", id="another form in Unicode"),
        pytest.param("jane.doe@example.com.", id="the dot of the root"),
        pytest.param("\ufeffjane.doe\u200b@exam\u00adple.com\u200e", id="marks that nobody sees"),
    ],
)
def test_written_so_it_is_the_same_address(written):
    assert email_of(written) == JANE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("jane@åkeri.example.se", "JANE@xn--keri-poa.example.se", id="the domain in either script"),
        pytest.param("é@example.com", "e\u0301@example.com", id="composed or not"),
        pytest.param("STRASSE@example.com", "straße@example.com", id="a letter that folds to two"),
    ],
)
def test_two_ways_of_writing_one_address(one, other):
    assert email_of(one) == email_of(other)


@pytest.mark.parametrize("other", ["janedoe@example.com", "jane.doe@example.org", "jane@example.com"])
def test_another_address_is_another(other):
    assert email_of(other) != JANE


@pytest.mark.parametrize("text", [None, "", "   ", "jane", "@example.com", "jane@", "jane doe@example.com", "jane@."])
def test_what_is_no_address_is_none(text):
    assert email_of(text) is None


@pytest.mark.parametrize(
    "written",
    [
        "+46701740605",
        "+46 70 174 06 05",
        "0701740605",
        "070-174 06 05",
        "(070) 174 06 05",
        "0046 70 174 06 05",
        "+46 (0)70-174 06 05",
        "+460701740605",
        "46701740605",
        "701740605",
        "tel:+46701740605",
        "070-174 06 05 ankn. 12",
        "070-174 06 05 ext 12",
        "０７０１７４０６０５",
        "\u202a+46 70 174 06 05\u202c",
    ],
)
def test_written_so_it_is_the_same_number(written):
    assert phone_of(written) == "+46701740605"


def test_another_country_keeps_its_own():
    assert phone_of("+1 (212) 555-0100") == "+12125550100"
    assert phone_of("0047 22 00 00 00") == "+4722000000"


@pytest.mark.parametrize("text", [None, "", "växeln", "12", "+", "+46", "0" * 40, "+" + "1" * 16])
def test_what_is_no_number_is_none(text):
    assert phone_of(text) is None


@pytest.mark.parametrize("number", ["+46812345678", "+46701740605"], ids=["a switchboard", "a mobile on duty"])
def test_a_number_that_may_be_shared_tells_nobody_from_their_colleagues(number):
    shared = Addresses.of(["jane@example.com"], [number])
    assert shared.telling() == {("email", "jane@example.com")}
    assert ("phone", number) in shared.every()


def test_unless_there_is_nothing_else():
    assert Addresses.of([None], ["08-123 456 78"]).telling() == {("phone", "+46812345678")}


@given(st.emails())
def test_normalising_twice_changes_nothing(address):
    assert email_of(email_of(address)) == email_of(address)


@given(st.text(max_size=30))
def test_any_text_is_an_address_or_none(text):
    for read in (email_of, phone_of):
        found = read(text)
        assert found is None or read(found) == found


def test_a_digest_needs_the_key_and_the_kind():
    assert digest(b"k", "email", "a@b.se") == digest(b"k", "email", "a@b.se")
    assert len({digest(b"k", "email", "x"), digest(b"k", "phone", "x"), digest(b"other", "email", "x")}) == 3
