"""Killed at any step and started again, an archive or an erasure ends as if nothing had happened."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from crm_gdpr.addons.dialogue.reconcile import reconcile
from crm_gdpr.addons.erasure.watching import watch
from crm_gdpr.addons.retention.applying import apply_plan
from crm_gdpr.emulator import Portal
from crm_gdpr.emulator.faults import Fault
from crm_gdpr.env import Env
from crm_gdpr.gate import Gate
from tests.addons.nights import approved, carry_out, in_bin, in_review, let_pass, silent, states, told, uncapped

SAMPLE = 6  # calls at which the ordinary suite breaks off; the long profile takes every one
PARTS = ("index", "stages", "plans", "cases", "pause")


class Killed(BaseException):
    """The process is gone: nothing it would still have done is done."""


@dataclass
class Fuse:
    """Burns at one call, before or after it; from then on every call is too late."""

    at: int
    after: bool
    count: int = 0

    def call(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        self.count += 1
        if self.count > self.at or (self.count == self.at and not self.after):
            raise Killed
        result = function(*args, **kwargs)
        if self.count == self.at:
            raise Killed
        return result

    @property
    def burnt(self) -> bool:
        return self.count >= self.at


class Fused:
    """Anything whose calls go through the fuse; `parts` are wrapped in turn."""

    def __init__(self, wrapped: Any, fuse: Fuse, parts: tuple[str, ...] = ()) -> None:
        self._wrapped, self._fuse, self._parts = wrapped, fuse, parts

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._wrapped, name)
        if name in self._parts:
            return Fused(value, self._fuse)
        return (lambda *a, **k: self._fuse.call(value, *a, **k)) if inspect.ismethod(value) else value


def at_hubspot(gate: Gate, fuse: Fuse) -> Gate:
    """Die at a call to HubSpot."""
    return replace(gate, hubspot=Fused(gate.hubspot, fuse))


def anywhere(gate: Gate, fuse: Fuse) -> Gate:
    """Die at a call to HubSpot, the store or the ledger."""

    def record(*args: Any, **kwargs: Any) -> None:
        fuse.call(gate.record, *args, **kwargs)

    hubspot, store = Fused(gate.hubspot, fuse), Fused(gate.store, fuse, PARTS)
    return replace(gate, hubspot=hubspot, store=store, record=record)


@dataclass(frozen=True)
class Life:
    """A person, a call only they had, and an e-mail somebody else had a part in."""

    person: str
    own: str
    shared: str
    number: int


@pytest.fixture
def wide(env: Env) -> Env:
    return uncapped(env)


@pytest.fixture(params=[pytest.param(None, marks=pytest.mark.slow, id="every call"), pytest.param(SAMPLE, id="some")])
def most(request: pytest.FixtureRequest) -> int | None:
    """How many calls to break off at; None is all of them."""
    return request.param


@pytest.fixture
def lives(portal: Portal, most: int | None) -> list[Life]:
    """People of whom a colleague speaks in a note that both have a part in."""
    other = portal.add_contact(email="other@example.com", gdpr_source="website")
    found = []
    for number in range((most or 300) + 1):
        person = silent(portal, f"p{number}@example.com")
        own = portal.log("call", contacts=[person], hs_timestamp="2023-02-01T10:00:00Z")
        note = {"hs_note_body": f"Ärende {number}, sade p{number}@example.com", "hs_timestamp": "2023-02-01T10:00Z"}
        found.append(Life(person, own, portal.log("note", contacts=[person, other], **note), number))
    return found


def end_state(env: Env, portal: Portal, plan: Any, life: Life) -> dict[str, Any]:
    """Return everything that must not depend on where the run was broken off."""
    case, known = env.store.cases.of(life.person), env.store.index.known(life.person)
    return {
        "item": states(env, plan)[life.person],
        "person": (portal.is_live(life.person), portal.is_archived(life.person)),
        "own": (portal.is_live(life.own), portal.is_archived(life.own)),
        "shared": (portal.is_live(life.shared), portal.is_archived(life.shared)),
        "copies": len([n for n in portal.live["notes"] if f"Ärende {life.number}," in n.properties["hs_note_body"]]),
        "case": (case.state, case.way, {kind: len(refs) for kind, refs in case.frozen.items()}),
        "stage": env.store.stages.get(life.person),
        "indexed": known and known.archived,
        "told": set(told(env, life.person)),
    }


def break_off(env: Env, plan: Any, life: Life, fuse: Fuse, where: Callable[[Gate, Fuse], Gate]) -> bool:
    """Run one person until the fuse burns, then start again; False when it never burnt."""
    try:
        where(env.gate, fuse).carry_out(plan.id, life.person)
    except Killed:
        env.gate.carry_out(plan.id, life.person)
        return True
    return fuse.burnt


def break_off_everywhere(env, portal, plan, lives, where, after) -> None:
    """Carry the plan out, each person broken off at another call, and compare with the one left in peace."""
    first, *rest = lives
    counting = Fuse(at=10_000, after=after)
    where(env.gate, counting).carry_out(plan.id, first.person)
    undisturbed = end_state(env, portal, plan, first)
    calls = range(1, counting.count + 1)
    assert counting.count >= 5
    if len(rest) < len(calls):
        assert len(rest) == SAMPLE, "more calls than people to break off"
        calls = sorted({1 + n * (len(calls) - 1) // (SAMPLE - 1) for n in range(SAMPLE)})
    for call, life in zip(calls, rest, strict=False):
        assert break_off(env, plan, life, Fuse(call, after), where)
        assert end_state(env, portal, plan, life) == undisturbed, f"broken off at call {call}"
    assert env.store.ledger.verify().holds


def ask_erasure(portal: Portal, lives: list[Life]) -> None:
    for life in lives:
        portal.edit("contacts", life.person, gdpr_erasure_requested_on="2026-11-01")


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("where", [at_hubspot, anywhere], ids=["a call to HubSpot", "any step"])
def test_an_archive_broken_off_at_any_step_ends_the_same(portal, wide, lives, where, after):
    in_review(wide, portal)
    break_off_everywhere(wide, portal, approved(wide), lives, where, after)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("where", [at_hubspot, anywhere], ids=["a call to HubSpot", "any step"])
def test_an_erasure_on_request_broken_off_at_any_step_ends_the_same(portal, wide, lives, where, after):
    ask_erasure(portal, lives)
    break_off_everywhere(wide, portal, approved(wide), lives, where, after)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("where", [at_hubspot, anywhere], ids=["a call to HubSpot", "any step"])
def test_an_erasure_from_the_bin_broken_off_at_any_step_ends_the_same(portal, wide, lives, where, after):
    in_bin(wide, portal)
    break_off_everywhere(wide, portal, approved(wide), lives, where, after)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("days", [80, 92], ids=["taken out of what others share", "cleaned up"])
def test_what_others_deleted_broken_off_at_any_step_ends_the_same(portal, wide, lives, days, after):
    wide = replace(wide, policy=replace(wide.policy, breaker=replace(wide.policy.breaker, foreign_deletions=10_000)))
    reconcile(wide, full=True)
    for life in lives:
        portal.archive("contacts", life.person)
    watch(wide)
    for _ in range(days // 4):
        let_pass(wide, portal, 4)
    break_off_everywhere(wide, portal, approved(wide), lives, anywhere, after)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_the_last_reading_broken_off_at_any_step_ends_the_same(portal, wide, lives, after):
    in_bin(wide, portal)
    plan = carry_out(wide)
    let_pass(wide, portal, 10)
    first, *rest = lives
    assert wide.gate.finish(first.person, "follow-up")
    undisturbed = end_state(wide, portal, plan, first)
    for call, life in enumerate(rest, start=1):
        fuse = Fuse(call, after)
        try:
            anywhere(wide.gate, fuse).finish(life.person, "follow-up")
        except Killed:
            wide.gate.finish(life.person, "follow-up")
        assert end_state(wide, portal, plan, life) == undisturbed, f"broken off at call {call}"
        if not fuse.burnt:
            break
    assert wide.store.ledger.verify().holds


def test_what_was_destroyed_counts_against_the_cap_wherever_it_was_broken_off(portal, wide, lives):
    """A run killed after the deed must not leave room for one more."""
    in_review(wide, portal)
    plan = approved(wide)
    for call, life in enumerate(lives, start=1):
        before = wide.store.pause.destroyed(wide.today())
        burnt = break_off(wide, plan, life, Fuse(call, after=True), anywhere)
        assert wide.store.pause.destroyed(wide.today()) >= before + 1, f"broken off at call {call}"
        if not burnt:
            break


# --- HubSpot did it, and the answer was lost


def lose_the_answer(emulator: Any, method: str, match: str) -> None:
    emulator.guard.faults.waiting.append(Fault(match=match, method=method, applied=True, reset=True))


def run_until_over(env: Env, plan: Any) -> None:
    """Apply as the queue does: what fails is tried again."""
    for _ in range(2):
        try:
            apply_plan(env, plan.id)
        except Exception:  # noqa: S112 - given back, as a worker would
            continue
        return
    pytest.fail("the plan does not come to an end")


def test_an_archive_whose_answer_is_lost_is_looked_up_and_not_repeated(portal, env, emulator):
    jane = silent(portal)
    in_review(env, portal)
    plan = approved(env)
    lose_the_answer(emulator, "DELETE", f"/{jane}")
    run_until_over(env, plan)
    assert states(env, plan) == {jane: ("archive", "done")}
    assert portal.is_archived(jane)
    assert told(env, jane) == ["review.begun", "archive.begun", "archive.done"]
    assert env.store.pause.destroyed(env.today()) == 1


def test_an_erasure_whose_answer_is_lost_is_looked_up_and_not_repeated(portal, env, emulator):
    jane = silent(portal, gdpr_erasure_requested_on="2026-11-01")
    own = portal.log("call", contacts=[jane], hs_timestamp="2023-02-01T10:00:00Z")
    plan = approved(env)
    lose_the_answer(emulator, "POST", "gdpr-delete")
    run_until_over(env, plan)
    assert states(env, plan) == {jane: ("erase", "done")}
    assert portal.is_gone(jane)
    assert portal.is_archived(own)
    assert told(env, jane) == ["erase.begun", "erase.done"]


def test_an_engagement_whose_answer_is_lost_does_not_stop_the_erasure(portal, env, emulator):
    jane = silent(portal, gdpr_erasure_requested_on="2026-11-01")
    own = portal.log("call", contacts=[jane], hs_timestamp="2023-02-01T10:00:00Z")
    plan = approved(env)
    lose_the_answer(emulator, "DELETE", f"/{own}")
    run_until_over(env, plan)
    assert portal.is_gone(jane)
    assert portal.is_archived(own)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(method="DELETE", status=503),
        Fault(method="DELETE", status=429),
        Fault(method="DELETE", reset=True),
        Fault(method="GET", match="/contacts/", status=502),
    ],
    ids=["unavailable", "limited", "cut", "a reading fails"],
)
def test_an_archive_that_hubspot_did_not_do_is_done_by_the_next_run(portal, env, emulator, fault):
    jane = silent(portal)
    in_review(env, portal)
    plan = approved(env)
    emulator.guard.faults.waiting.append(replace(fault))
    run_until_over(env, plan)
    assert portal.is_archived(jane)
    assert told(env, jane)[-1] == "archive.done"
    assert env.store.ledger.verify().holds
