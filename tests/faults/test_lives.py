"""Random lives through nights, plans and runs, beside the oracle of the policy, which shares nothing with the product.

Nobody is archived or erased of whom the oracle does not say so on that day; everyone of whom it does is in the plan, or
their owner has been told so less than thirty days ago, which is to come before an archive on silence.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import pytest

from crm_gdpr.addons.dialogue.reconcile import reconcile
from crm_gdpr.addons.erasure.handlers import follow_up
from crm_gdpr.addons.retention.applying import apply_plan
from crm_gdpr.addons.retention.approving import approve_plan
from crm_gdpr.addons.retention.planning import make_plan
from crm_gdpr.addons.retention.reminding import remind
from tests.addons.nights import last_digest, let_pass, uncapped
from tests.policy import oracle

CONNECTED = "f240bbac-87c9-4f6e-bf70-924b57d47db7"
TO_ANSWER = timedelta(days=30)
NIGHTS = 4  # a month or so apart: review, archive, and the end of the bin


@dataclass
class Life:
    """What the test itself knows of a person; the oracle is asked about nothing else."""

    source: str
    age: int
    calls: list[int]
    held: bool
    customer: bool
    left: bool
    answers: int | None
    id: str = ""
    company: str | None = None
    made_on: date = date.min
    talks: list[tuple[str, date]] = field(default_factory=list)


def some_life(dice: random.Random) -> Life:
    return Life(
        source=dice.choice(["website", "outreach"]),
        age=dice.randint(150, 1200),
        calls=[dice.randint(1, 900) for _ in range(dice.randint(0, 2))],
        held=dice.random() < 0.1,
        customer=dice.random() < 0.1,
        left=dice.random() < 0.1,
        answers=dice.choice([None, *range(NIGHTS)]),
    )


def world(seed: int, size: int) -> list[Life]:
    """People of all sorts; the first is held, the next a customer's, the third has left, the fourth is long silent."""
    dice = random.Random(seed)  # noqa: S311 - lives, not secrets
    people = [some_life(dice) for _ in range(size)]
    people[0].held = people[1].customer = people[2].left = True
    people[3] = Life("website", 1000, [], held=False, customer=False, left=False, answers=None)
    return people


def at(day: date) -> str:
    return f"{day.isoformat()}T12:00:00Z"


def enter(portal: Any, today: date, number: int, life: Life) -> None:
    life.made_on, life.calls = today - timedelta(days=life.age), [days for days in life.calls if days < life.age]
    holds = {"gdpr_hold_reason": "tvist", "gdpr_hold_by": "kim"} if life.held else {}
    gone = {"gdpr_not_relevant_since": today.isoformat(), "gdpr_not_relevant_why": "left"} if life.left else {}
    life.id = portal.add_contact(
        email=f"p{number}@example.com", createdate=at(life.made_on), gdpr_source=life.source, **holds, **gone
    )
    if life.customer:
        life.company = portal.add_company(lifecyclestage="customer")
        portal.link(("contacts", life.id), ("companies", life.company))
    for days in life.calls:
        talk(portal, life, today - timedelta(days=days))


def talk(portal: Any, life: Life, on: date) -> None:
    call = portal.log("call", contacts=[life.id], hs_call_disposition=CONNECTED, hs_timestamp=at(on))
    life.talks.append((f"calls/{call}", on))


def word(env: Any, life: Life, today: date, since: date) -> str:
    """Ask the oracle; only how far the person has come is taken from our own conduct."""
    stage = env.store.stages.get(life.id)
    firm = {"id": life.company, "customer": True, "contract_until": None, "relationship_ended_on": None,
            "open_deals": [], "open_tickets": [], "dialogue": []}  # fmt: skip
    contact = {
        "id": life.id, "created_on": life.made_on.isoformat(), "source": life.source, "attested": [],
        "hold": {"reason": "tvist"} if life.held else None, "restricted": False, "objected_on": None,
        "stage": stage[0] if stage else None, "stage_on": stage[1].isoformat() if stage else None,
        "review_answer": None, "request_open": False, "erasure_requested_on": None,
        "not_relevant": {"since": since.isoformat(), "why": "left"} if life.left else None,
    }  # fmt: skip
    said = [{"ref": ref, "kind": "call", "disposition": "connected", "on": on.isoformat()} for ref, on in life.talks]
    facts = {"contact": contact, "dialogue": said, "organisation": firm if life.company else None}
    return oracle.judge(facts, today).verdict


def night(env: Any, portal: Any, people: list[Life], since: date) -> None:
    """Read, plan, compare with the oracle, approve and run, and see what happened to whom."""
    reconcile(env, full=True)
    today, plan = env.today(), make_plan(env)
    planned = {item.contact_id: item.step for item in env.store.plans.items(plan.id)} if plan else {}
    alive = [life for life in people if not portal.is_gone(life.id)]
    words = {life.id: word(env, life, today, since) for life in alive}
    bins = {life.id for life in alive if portal.is_archived(life.id)}
    remind(env)
    asked = {life.id: last_digest(env, life.id) for life in alive}
    silent = {life.id for life in alive if not life.left}
    for id_, said in words.items():
        case = env.store.cases.of(id_)
        waits = case is not None and case.state == "awaiting_bin"
        if said in ("archive", "erase") and not (said == "archive" and id_ in bins) and not waits:
            waits = said == "archive" and id_ in silent and today - asked[id_] < TO_ANSWER
            assert waits or planned.get(id_) == said, f"{id_} is due to {said} and not in the plan"
        if said == "review" and env.store.stages.get(id_) is None and id_ not in bins:
            assert planned.get(id_) == "review", f"{id_} is due for review and not in the plan"
        assert planned.get(id_) in (None, "review") or planned[id_] == said, f"{id_} is planned against the oracle"
    if plan is not None:
        approve_plan(env, plan.id, plan.hash, by="kim")
        apply_plan(env, plan.id)
    for life in alive:
        if portal.is_archived(life.id) and life.id not in bins:
            assert words[life.id] == "archive", f"{life.id} was archived against the oracle"
            assert today - asked[life.id] >= TO_ANSWER or life.id not in silent, f"{life.id} was archived too soon"
    follow_up(env)
    assert env.store.ledger.verify().holds


def live_through(env: Any, portal: Any, people: list[Life]) -> None:
    env = uncapped(env)
    env = replace(env, policy=replace(env.policy, review=replace(env.policy.review, digest_people=1000, digest_days=1)))
    since = env.today()
    for number, life in enumerate(people):
        enter(portal, since, number, life)
    for count in range(NIGHTS):
        night(env, portal, people, since)
        let_pass(env, portal, 31 if count < 2 else 81)
        for life in people:
            if life.answers == count and portal.is_live(life.id):
                talk(portal, life, env.today())
    steps = {line.action for line in env.store.ledger.lines()}
    assert {"review.begun", "archive.done", "erase.begun"} <= steps, "too quiet a world to prove anything"


def test_nobody_goes_against_the_oracle_and_everyone_due_is_planned(env, portal):
    live_through(env, portal, world(seed=0, size=16))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 41))
def test_ten_thousand_lives_go_by_the_oracle(env, portal, seed):
    live_through(env, portal, world(seed, size=250))
