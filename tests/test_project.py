"""The HubSpot project: what it asks to be told and to be allowed is what the system answers and calls."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from crm_gdpr.addons.dialogue.reconcile import reconcile_fully
from crm_gdpr.addons.provenance.scanning import tag_everyone
from crm_gdpr.cli import cli
from crm_gdpr.definitions import definitions
from crm_gdpr.emulator.tokens import Token
from crm_gdpr.project import ProjectError, project
from crm_gdpr.registry import load
from crm_gdpr.sync import install
from crm_gdpr.sync.errors import Forbidden
from crm_gdpr.sync.scopes import SCOPES

URL = "https://gdpr.example.se"
SPECS = Path(os.environ.get("HUBSPOT_SPECS", Path(__file__).parents[2] / "shared" / "hubspot-specs"))


@pytest.fixture
def subscriptions():
    files = project(load(), URL)
    return files["src/app/webhooks/webhooks-hsmeta.json"]["config"]["subscriptions"]


def told(subscriptions) -> list[tuple[str, str | None]]:
    return [(one["subscriptionType"], one.get("propertyName")) for kind in subscriptions.values() for one in kind]


def test_hubspot_is_asked_to_tell_what_some_addon_answers_once_each(subscriptions):
    answered = {(s.event_type, s.property_name) for s in load().subscriptions}
    assert set(told(subscriptions)) == answered
    assert len(told(subscriptions)) == len(answered)


def test_what_has_no_generic_form_is_a_hub_event(subscriptions):
    named = [one["subscriptionType"] for one in subscriptions["hubEvents"]]
    assert named == ["contact.privacyDeletion", "conversation.newMessage"]


IN_GUIDES = {
    "conversations.read",
    "conversations.write",
    "files",
    "forms",
    "sales-email-read",
}  # HubSpot's guides name them, no file at hand does


@pytest.mark.skipif(not SPECS.is_dir(), reason=f"HubSpot's OpenAPI files are not in {SPECS}")
def test_every_subscription_is_one_that_hubspot_has(subscriptions):
    official = json.loads((SPECS / "webhooks.2026-09.json").read_text())
    schema = official["components"]["schemas"]["SubscriptionCreateRequest"]["properties"]["eventType"]
    assert {type_ for type_, _ in told(subscriptions)} <= set(schema["enum"])


@pytest.mark.skipif(not SPECS.is_dir(), reason=f"HubSpot's OpenAPI files are not in {SPECS}")
@pytest.mark.parametrize("scope", sorted(set(SCOPES) - IN_GUIDES))
def test_every_scope_is_one_that_hubspot_has(scope):
    assert any(f'"{scope}"' in file.read_text() for file in sorted(SPECS.glob("*.2026-09.json")))


@pytest.mark.parametrize("address", ["http://gdpr.example.se", "gdpr.example.se", ""])
def test_an_address_that_hubspot_would_not_deliver_to_is_refused(address):
    with pytest.raises(ProjectError, match="over https only"):
        project(load(), address)


def test_the_project_is_written_before_there_is_a_token(tmp_path):
    (tmp_path / "src").mkdir()
    (tmp_path / "src/ours.txt").write_text("stays")
    ran = CliRunner().invoke(cli, ["install", "--project", str(tmp_path), "--public-url", f"{URL}/"], env={})
    assert ran.exit_code == 0, ran.output
    for name, content in project(load(), URL).items():
        assert json.loads((tmp_path / name).read_text()) == content
    hooks = json.loads((tmp_path / "src/app/webhooks/webhooks-hsmeta.json").read_text())
    assert hooks["config"]["settings"]["targetUrl"] == f"{URL}/webhooks/hubspot"
    assert (tmp_path / "src/ours.txt").read_text() == "stays"


def test_without_an_address_nothing_is_written(tmp_path):
    ran = CliRunner().invoke(cli, ["install", "--project", str(tmp_path)], env={"CRM_GDPR_PUBLIC_URL": ""})
    assert ran.exit_code == 2
    assert list(tmp_path.iterdir()) == []


def allow(emulator, env, scopes) -> None:
    token = env.settings.access_token
    emulator.guard.tokens.named[token] = Token(token, int(env.settings.app_id or 0), scopes=frozenset(scopes))


def test_the_scopes_of_the_project_are_enough_for_install_tags_and_a_full_reading(bare_env, portal, emulator):
    jane = portal.add_contact(email="jane@example.com")
    portal.log("email", [jane])
    portal.add_ticket(contacts=[jane])
    portal.add_deal(contacts=[jane], companies=[portal.add_company()])
    allow(emulator, bare_env, SCOPES)
    wanted = definitions(bare_env.registry)
    install.apply(bare_env.hubspot, install.plan(wanted, install.present(bare_env.hubspot, wanted)))
    tag_everyone(bare_env)
    reconcile_fully(bare_env)
    assert portal.value("contacts", jane, "gdpr_source")
    assert bare_env.store.index.known(jane)


def test_the_scopes_of_the_project_are_enough_for_what_an_answer_reads(bare_env, portal, emulator):
    jane = portal.add_contact(email="jane@example.com")
    allow(emulator, bare_env, SCOPES)
    hubspot = bare_env.hubspot
    assert hubspot.threads(jane) == []
    assert list(hubspot.forms()) == []
    assert list(hubspot.occurrences(jane)) == []


@pytest.mark.parametrize("scope", ["crm.schemas.contacts.write", "crm.schemas.companies.write"])
def test_install_is_refused_without_the_scope_it_needs(bare_env, emulator, scope):
    allow(emulator, bare_env, set(SCOPES) - {scope})
    wanted = definitions(bare_env.registry)
    with pytest.raises(Forbidden, match=scope):
        install.apply(bare_env.hubspot, install.plan(wanted, install.present(bare_env.hubspot, wanted)))
