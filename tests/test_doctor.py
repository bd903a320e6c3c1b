"""`crm-gdpr doctor` says what works, and for what does not, what to do."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from datetime import timedelta

import pytest

from crm_gdpr.diagnosis import diagnose
from crm_gdpr.emulator.faults import Fault
from crm_gdpr.env import Env
from crm_gdpr.store.suppression import WrongKey


def states(env: Env) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for finding in diagnose(env):
        found.setdefault(finding.what, set()).add(finding.state)
    return found


def test_a_sound_installation_has_nothing_broken(env):
    assert all("broken" not in found for found in states(env).values())
    assert states(env)["properties"] == {"ok"}


def test_missing_properties_are_for_a_person_to_install(bare_env):
    assert states(bare_env)["properties"] == {"look"}


def test_a_token_of_another_portal_is_broken(env):
    strange = replace(env, settings=replace(env.settings, portal_id=1))
    assert states(strange)["HubSpot"] == {"broken"}


def test_families_that_end_soon_are_named(env, portal):
    portal.advance(days=300)
    assert states(env)["API versions"] == {"look"}


def test_a_stop_and_failed_work_are_told(env):
    env.store.pause.stop("kim", env.today(), "holiday")
    assert states(env)["pause"] == {"look"}


def test_hubspot_refusing_is_told_and_hides_nothing(env, emulator):
    emulator.guard.tokens.named["another"] = None  # from now on only named tokens are known
    found = states(env)
    assert found["HubSpot"] == {"broken"}
    assert found["ledger"] == {"ok"}


def subscriptions(env: Env) -> list[str]:
    return [f"{each.state}: {each.advice}" for each in diagnose(env) if each.what == "subscriptions"]


def test_subscriptions_that_may_not_be_read_are_told_with_the_way_out(env, emulator):
    assert subscriptions(env) == ["ok: read"]
    emulator.guard.faults.waiting = [Fault(match="/contacts/subscriptions", status=403)]
    (said,) = subscriptions(env)
    assert said.startswith("look: may not be read, so nothing is destroyed: grant crm.objects.subscriptions.read; or")
    emulator.guard.faults.waiting = [Fault(match="/contacts/subscriptions", status=400)]
    assert subscriptions(env) == ["ok: the account has none"]
    relationship = replace(env.policy.relationship, subscriptions="ignore")
    out = replace(env, policy=replace(env.policy, relationship=relationship))
    assert subscriptions(out) == ["ok: left out by policy"]


def other_engines(env: Env) -> list[str]:
    return [f"{each.state}: {each.advice}" for each in diagnose(env) if each.what == "other engines"]


def kinds(env: Env) -> list[str]:
    return [f"{each.state}: {each.advice}" for each in diagnose(env) if each.what == "kinds of record"]


def test_kinds_that_may_not_be_read_are_told_with_what_that_means(env, emulator):
    assert kinds(env) == ["ok: all may be read"]
    for match in ("contacts/invoices", "contacts/leads", "conversations"):
        emulator.guard.faults.waiting.append(Fault(match=match, status=403, times=9))
    assert kinds(env) == [
        "look: leads, invoices, threads may not be read: what hangs there of an erased person is left, and the case "
        "says so; grant their scopes where the account uses them",
        "look: invoices may not be read: what bookkeeping or a claim protects by them goes with the person; grant "
        "crm.objects.invoices.read where the account uses them",
    ]


def test_hubspots_own_deletion_is_asked_about_and_what_others_deleted_is_counted(env):
    (said,) = other_engines(env)
    assert said.startswith("ok: see in HubSpot that its own deletion of inactive contacts and its data cleanup are off")
    env.store.foreign.add("900", env.today() - timedelta(days=31), None)
    assert other_engines(env) == [said]
    env.store.foreign.add("901", env.today() - timedelta(days=29), None)
    env.store.foreign.add("902", env.today(), "77")
    (said,) = other_engines(env)
    assert said.startswith("look: 2 contacts were deleted by others in 30 days; see in HubSpot that its own deletion")


def with_key(env: Env, key: str) -> Env:
    return replace(env, settings=replace(env.settings, pseudonym_key=key))


def test_another_pseudonym_key_than_the_first_is_broken(env):
    env.digests([("email", "jane@example.com")])
    assert states(env)["pseudonym key"] == {"ok"}
    assert states(with_key(env, "another"))["pseudonym key"] == {"broken"}


def test_with_another_key_nobody_is_hashed(env):
    env.digests([])
    with pytest.raises(WrongKey):
        with_key(env, "another").digests([("email", "jane@example.com")])


def test_a_hash_of_the_suppression_list_is_never_one_of_the_ledger(env):
    plain = hmac.new(env.settings.pseudonym_key.encode(), b"email:jane@example.com", hashlib.sha256).hexdigest()
    (made,) = env.digests([("email", "jane@example.com")])
    assert made not in {plain, env.pseudonym("jane@example.com"), env.pseudonym("email:jane@example.com")}
    assert env.key_fingerprint() not in made
