"""The record of Art. 30: every purpose with all that it asks for, and nothing kept for no purpose."""

from __future__ import annotations

import dataclasses
import json

from click.testing import CliRunner

from crm_gdpr.addons.register.record import activities, strangers
from crm_gdpr.cli.proof import record
from crm_gdpr.policy import load_policy
from crm_gdpr.registry import load

POLICY, HOLDINGS = load_policy(), load().holdings


def test_every_bundled_holding_has_a_purpose_of_the_policy():
    assert strangers(POLICY, HOLDINGS) == []


def test_what_is_kept_for_no_purpose_is_named():
    stray = dataclasses.replace(HOLDINGS[0], purpose="curiosity")
    assert strangers(POLICY, [*HOLDINGS, stray]) == [stray]


def test_each_holding_stands_in_one_activity():
    named = [each["name"] for row in activities(POLICY, HOLDINGS) for each in row["categories"]]
    assert sorted(named) == sorted(holding.category for holding in HOLDINGS)


def test_an_activity_says_all_that_the_article_asks_for():
    sales = next(row for row in activities(POLICY, HOLDINGS) if row["purpose"]["name"] == "sales")
    assert sales["controller"] == {"name": POLICY.controller.name, "contact": POLICY.controller.contact}
    assert sales["subjects"] == ["outreach", "inbound", "website", "customer"]
    assert sales["legal_bases"] == ["legitimate_interest"]
    assert any(test.startswith("sales-outreach 1") for test in sales["balancing_tests"])
    assert all(each["transfer_safeguard"]["en"] for each in sales["recipients"])
    assert all(each["period"]["sv"] and each["where"] for each in sales["categories"])
    assert len(sales["security"]) == len(POLICY.security) > 0


def test_the_command_prints_the_whole_record():
    told = json.loads(CliRunner().invoke(record, ["--json"]).output)
    assert {row["purpose"]["name"] for row in told} == {purpose.name for purpose in POLICY.purposes}
    table = CliRunner().invoke(record, [])
    assert table.exit_code == 0
    assert "Record of processing" in table.output
