"""Clock, faults, switches, seeds and the tally: what tests and the demo hold in their hands."""

from dataclasses import fields
from pathlib import Path

import pytest
import requests

from crm_gdpr.emulator import Portal, Running
from crm_gdpr.emulator.switches import Switches
from tests.emulator.conftest import Api

CONTACTS = "/crm/objects/2026-09/contacts"


def test_the_clock_runs_and_jumps(portal: Portal, api: Api):
    assert api("GET", "/_emulator/clock").json()["now"].startswith("2026-11-02T08:00:0")
    assert api("POST", "/_emulator/clock/advance", {"days": 31}).json()["now"].startswith("2026-12-03")
    assert api("PUT", "/_emulator/clock", {"now": "2027-01-01T00:00:00Z"}).json()["now"].startswith("2027-01-01")


def test_moving_the_clock_empties_the_bin(portal: Portal, api: Api):
    anna = portal.add_contact()
    api("DELETE", f"{CONTACTS}/{anna}")
    api("POST", "/_emulator/clock/advance", {"days": 91})
    assert api("GET", f"{CONTACTS}/{anna}?archived=true").status_code == 404


def test_a_fault_strikes_as_often_as_told(api: Api):
    api("POST", "/_emulator/faults", {"match": "/contacts", "method": "GET", "status": 503, "times": 2, "after": 1})
    assert [api("GET", CONTACTS).status_code for _ in range(4)] == [200, 503, 503, 200]


def test_a_fault_can_come_after_the_work(portal: Portal, api: Api):
    api("POST", "/_emulator/faults", {"method": "POST", "status": 502, "applied": True})
    assert api("POST", CONTACTS, {"properties": {"email": "anna@example.se"}}).status_code == 502
    assert portal.find("contacts", "anna@example.se", "email")


@pytest.mark.parametrize("applied", [True, False])
def test_a_line_can_be_cut_before_or_after_the_work(portal: Portal, api: Api, applied: bool):
    api("POST", "/_emulator/faults", {"method": "POST", "reset": True, "applied": applied})
    with pytest.raises(requests.ConnectionError):
        api("POST", CONTACTS, {"properties": {}})
    assert len(portal.live["contacts"]) == int(applied)


def test_a_fault_can_be_a_limit(api: Api):
    api("POST", "/_emulator/faults", {"status": 429, "policy": "DAILY", "retry_after": 3})
    answer = api("GET", CONTACTS)
    assert (answer.status_code, answer.json()["policyName"], answer.headers["Retry-After"]) == (429, "DAILY", "3")


def test_a_mistyped_fault_is_refused(api: Api):
    answer = api("POST", "/_emulator/faults", {"path": "/contacts"})
    assert answer.status_code == 400
    assert "match" in answer.json()["message"]


def test_the_tally_counts_by_template_and_status(portal: Portal, api: Api):
    api("GET", f"{CONTACTS}/{portal.add_contact()}")
    api("GET", f"{CONTACTS}/7")
    template = f"{CONTACTS.replace('contacts', '<kind>')}/<id_>"
    assert api("GET", "/_emulator/stats").json()["calls"] == [
        {"method": "GET", "path": template, "status": 200, "count": 1},
        {"method": "GET", "path": template, "status": 404, "count": 1},
    ]


def test_a_switch_that_does_not_exist_is_refused(api: Api):
    assert api("POST", "/_emulator/switches", {"purge_archived": "accept"}).json()["purge_archived"] == "accept"
    assert api("POST", "/_emulator/switches", {"kindness": True}).status_code == 400
    assert api("POST", "/_emulator/switches", {"bin_days": "ninety"}).status_code == 400


def test_a_seed_fills_the_account_and_a_reset_empties_it(portal: Portal, api: Api):
    cast = api("POST", "/_emulator/seed", {"contacts": 60, "seed": 3}).json()
    assert api("GET", "/_emulator/cast").json() == cast
    assert len(portal.live["contacts"]) == 60
    api("POST", "/_emulator/reset")
    assert len(portal.live["contacts"]) == 0


WRONG = [
    ("PUT", "clock", {"now": "soon"}),
    ("PUT", "clock", {"now": "9999-12-31T00:00:00Z"}),
    ("POST", "clock/advance", {"months": 1}),
    ("POST", "clock/advance", {"days": 1e300}),
    ("POST", "clock/advance", {"days": 9_000_000}),
    ("POST", "faults", "all of them"),
    ("POST", "faults", [7]),
    ("POST", "faults", {"status": 99}),
    ("POST", "faults", {"delay_ms": -1}),
    ("POST", "faults", {"times": 0}),
    ("POST", "faults", {"share": 7}),
    ("POST", "tokens", {"token": "t", "scopes": "crm.objects.contacts.read"}),
    ("POST", "tokens", {"token": 7}),
    ("POST", "switches", {"purge_archived": "maybe"}),
    ("POST", "switches", {"bin_days": -1}),
    ("PUT", "webhooks", {"trouble": {"drop": 2}}),
    ("PUT", "webhooks", {"trouble": {"lose": 1}}),
    ("PUT", "webhooks", {"concurrent": -3}),
    ("PUT", "webhooks", {"subscriptions": "contact.creation"}),
    ("POST", "deliveries", {"resend": "all"}),
    ("POST", "seed", {"contacts": -1}),
    ("POST", "snapshot", {"name": ""}),
]


@pytest.mark.parametrize(("method", "path", "body"), WRONG)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    portal: Portal, api: Api, method: str, path: str, body: object
):
    anna, switches = portal.add_contact(), portal.switches
    answer = api(method, f"/_emulator/{path}", body)
    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")
    assert portal.is_live(anna)
    assert portal.switches == switches
    assert api("GET", "/_emulator/clock").json()["now"].startswith("2026-11-02T08:00:0")
    assert not api("GET", "/_emulator/faults").json()
    assert not api("GET", "/_emulator/tokens").json()


@pytest.mark.parametrize("name", [field.name for field in fields(Switches)])
def test_every_switch_is_obeyed_and_tried(name: str):
    """No switch without its user, and none that no test sets."""
    here = Path(__file__).parents[2]
    sources = [path.read_text(encoding="utf-8") for path in (here / "crm_gdpr" / "emulator").rglob("*.py")]
    tests = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("*.py")]
    assert any(f"switches.{name}" in source for source in sources)
    assert any(name in test for test in tests)


def test_a_reset_ends_all_trouble(running: Running, api: Api):
    api("POST", "/_emulator/faults", {"status": 503})
    api("PUT", "/_emulator/webhooks", {"trouble": {"drop": 1}})
    api("POST", "/_emulator/reset")
    assert api("GET", CONTACTS).status_code == 200
    assert running.webhooks.trouble.drop == 0
