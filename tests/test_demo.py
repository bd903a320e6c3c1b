"""The whole life of a prospect, through the front door: one run of the demo, each step of it asserted."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from crm_gdpr.demo.acts import ACTS

pytestmark = pytest.mark.slow  # two minutes of real processes


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What one run of `crm-gdpr demo --once` saw."""
    home = tmp_path_factory.mktemp("demo")
    stray = {"HUBSPOT_ACCESS_TOKEN": "a token of a real portal", "HUBSPOT_BASE_URL": "https://hubspot.invalid"}
    command = [sys.executable, "-m", "crm_gdpr.cli", "demo", "--once", "--json", "--home", str(home)]
    done = subprocess.run(command, env=os.environ | stray, capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode == 0, f"{done.stderr[-3000:]}\n{_logs(home)}"
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _logs(home: Path) -> str:
    return "\n".join(f"== {log.name}\n{log.read_text()[-1500:]}" for log in sorted(home.glob("*.log")))


def _row(life: dict[str, Any], who: str) -> dict[str, str]:
    return next(row for row in life["rows"] if who in row["who"])


@pytest.mark.parametrize("act", [act.__name__ for act in ACTS])
def test_each_act_was_seen_to_hold(life: dict[str, Any], act: str) -> None:
    assert act in [held["act"] for held in life["acts"]]


def test_the_portal_is_seeded(life: dict[str, Any]) -> None:
    assert _row(life, "the portal")["what"].startswith("2000 contacts in ")


def test_everyone_is_tagged_from_the_records_own_provenance(life: dict[str, Any]) -> None:
    assert {"customer", "outreach", "website", "inbound", "unknown"} <= set(
        re.findall(r"[a-z]+", _row(life, "everyone")["what"])
    )


def test_fifty_imported_contacts_are_tagged_once_although_deliveries_came_twice(life: dict[str, Any]) -> None:
    assert _row(life, "50 imported")["what"] == "source outreach"


def test_the_one_who_answered_between_approval_and_execution_is_skipped(life: dict[str, Any]) -> None:
    assert "email" in _row(life, "answered a mail")["why"]


@pytest.mark.parametrize(("who", "why"), [("customer's contact", "customer"), ("held contact", "hold")])
def test_a_customer_and_a_held_person_stay(life: dict[str, Any], who: str, why: str) -> None:
    assert _row(life, who)["what"] == "keep"
    assert why in _row(life, who)["why"]


def test_a_jump_of_the_calendar_needs_a_named_person(life: dict[str, Any]) -> None:
    assert any("breaker" in row["why"] for row in life["rows"])


def test_gone_is_proven_by_reading(life: dict[str, Any]) -> None:
    assert any(row["what"] == "gone" and "not found" in row["why"] for row in life["rows"])


def test_somebody_who_asks_is_gone_at_once(life: dict[str, Any]) -> None:
    assert _row(life, "asked to be erased")["what"] == "gone at once"


def test_the_package_is_handed_over_by_a_link_that_works_once(life: dict[str, Any]) -> None:
    assert "report.sv.html" in _row(life, "asked what we know")["why"]


def test_the_ledger_proves_itself_and_a_flipped_byte_breaks_it(life: dict[str, Any]) -> None:
    assert "is named" in _row(life, "the ledger")["why"]
