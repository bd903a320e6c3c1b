"""The clock three years ahead, an emptied customer list, a half-readable portal: nothing is deleted."""

from __future__ import annotations

import pytest

from crm_gdpr.addons.dialogue.reconcile import reconcile
from crm_gdpr.addons.retention.applying import apply_plan
from crm_gdpr.addons.retention.approving import approve_plan
from crm_gdpr.addons.retention.planning import make_plan, plan_night
from crm_gdpr.emulator.faults import Fault
from tests.addons.nights import in_review, silent, uncapped

PEOPLE = 4


@pytest.fixture
def world(portal, env):
    """Customers' contacts and people whose archive is due."""
    firms = [portal.add_company(lifecyclestage="customer") for _ in range(3)]
    for number, firm in enumerate(firms):
        contact = silent(portal, f"customer{number}@example.com")
        portal.link(("contacts", contact), ("companies", firm))
    for number in range(PEOPLE):
        silent(portal, f"silent{number}@example.com")
    wide = uncapped(env)
    reconcile(wide, full=True)
    plan_night(wide)
    in_review(wide, portal)
    return wide, firms


def try_everything(env):
    """A night, an approval, and a run, each as far as it gets."""
    for act in (lambda: reconcile(env, full=True), lambda: plan_night(env), lambda: approve_newest(env)):
        try:
            act()
        except Exception:  # noqa: S112 - a night that fails is followed by the next step all the same
            continue


def approve_newest(env):
    plan = make_plan(env)
    if plan is not None:
        approve_plan(env, plan.id, plan.hash, by="kim")
        apply_plan(env, plan.id)


def in_bin(portal):
    return len(list(portal.bin["contacts"]))


def test_without_a_disaster_something_would_have_been_archived(portal, world):
    env, _ = world
    try_everything(env)
    assert in_bin(portal) == PEOPLE


def test_a_clock_three_years_ahead_deletes_nobody(portal, world):
    env, _ = world
    portal.advance(days=3 * 365)
    for _ in range(2):
        try_everything(env)
    assert in_bin(portal) == 0
    assert "calendar moved" in env.store.pause.now().why


def test_an_emptied_customer_list_deletes_nobody(portal, world):
    env, firms = world
    for firm in firms:
        portal.edit("companies", firm, lifecyclestage="lead")
    try_everything(env)
    assert in_bin(portal) == 0
    assert "customers went down" in env.store.pause.now().why


@pytest.mark.parametrize("kind", ["companies", "deals", "calls", "associations"])
def test_a_half_readable_portal_deletes_nobody(portal, world, emulator, kind):
    """What cannot be read while a plan runs stops it; nothing is concluded from the part that could be read."""
    env, _ = world
    emulator.guard.faults.waiting.append(Fault(match=f"/{kind}", status=403, times=10_000))
    for _ in range(2):
        try_everything(env)
    assert in_bin(portal) == 0
