"""Mails that no person wrote, and mails that ask for a right."""

import json

import pytest

from crm_gdpr.sync.mail import is_automatic, is_marked


@pytest.mark.parametrize(
    ("subject", "headers"),
    [
        pytest.param("Automatiskt svar: Offert", None, id="an automatic reply in Swedish"),
        pytest.param("SV: Autosvar: Semester", None, id="behind a reply prefix"),
        pytest.param("Re: SV: Out of Office", None, id="behind two"),
        pytest.param("Frånvaro: Offert", None, id="an absence"),
        pytest.param("Undeliverable: Offert", None, id="a delivery report"),
        pytest.param("Accepterat: Demo", None, id="an accepted invitation"),
        pytest.param("Declined: Demo", None, id="a declined one"),
        pytest.param("Offert", json.dumps({"Auto-Submitted": "auto-replied"}), id="by its header"),
        pytest.param("Offert", json.dumps({"x-autoreply": "yes"}), id="by an older header"),
        pytest.param("Offert", json.dumps({"Content-Type": "multipart/report; report-type=x"}), id="by its type"),
        pytest.param("Demo", "Content-Type: text/calendar; method=REPLY\nFrom: x@example.com", id="by headers as sent"),
        pytest.param(None, json.dumps({"X-Failed-Recipients": "x@example.com"}), id="without a subject"),
    ],
)
def test_no_person_wrote(subject, headers):
    assert is_automatic(subject, headers)


@pytest.mark.parametrize(
    ("subject", "headers"),
    [
        pytest.param("SV: Offert", None, id="an answer"),
        pytest.param(None, None, id="nothing known"),
        pytest.param("Fråga om autosvar", None, id="the word inside a sentence"),
        pytest.param("Offert", json.dumps({"Auto-Submitted": "no"}), id="which says so itself"),
        pytest.param("Offert", json.dumps({"from": {"email": "x@example.com"}, "to": []}), id="HubSpot's own headers"),
        pytest.param("Offert", "[1, 2", id="headers that are nothing"),
        pytest.param("Offert", "[]", id="headers that are a list"),
    ],
)
def test_a_person_may_have_written(subject, headers):
    assert not is_automatic(subject, headers)


@pytest.mark.parametrize(
    ("subject", "marked"),
    [
        ("GDPR", True),
        ("Begäran enligt gdpr: registerutdrag", True),
        ("Sv: [GDPR]", True),
        ("Registerutdrag", True),
        ("gdprx", False),
        ("Webbinarium: GDPR i praktiken", False),
        (None, False),
    ],
)
def test_a_request_is_marked_gdpr(subject, marked):
    assert is_marked(subject) is marked
