"""A state machine over an account: anything may happen to anyone between nights, and every night the oracle is asked.

Never is anyone archived or erased with dialogue inside the period, an active relationship, a hold or an open question;
everyone due is in the plan, or their owner was told less than thirty days ago that silence lets them go.  The oracle is
that of the policy, and shares nothing with the product; of our own conduct it is told only how far somebody has come.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from crm_gdpr.addons.dialogue.reconcile import reconcile
from crm_gdpr.addons.erasure.handlers import follow_up
from crm_gdpr.addons.erasure.watching import watch
from crm_gdpr.addons.retention.applying import apply_plan
from crm_gdpr.addons.retention.approving import approve_plan
from crm_gdpr.addons.retention.planning import make_plan
from crm_gdpr.addons.retention.reminding import remind
from crm_gdpr.definitions import definitions
from crm_gdpr.emulator import Portal, serve
from crm_gdpr.jobs import assemble
from crm_gdpr.policy.reading import PACKAGED
from crm_gdpr.sync import install
from crm_gdpr.testing import Settings
from tests.addons.nights import last_digest, let_pass, uncapped
from tests.policy import oracle

CONNECTED = "f240bbac-87c9-4f6e-bf70-924b57d47db7"
AWAY = ("archive", "erase")
EMPTY = {
    "hold": None, "restricted": False, "objected_on": None, "attested": [], "review_answer": None,
    "request_open": False, "erasure_requested_on": None, "not_relevant": None,
}  # fmt: skip


@dataclass
class Life:
    """What the test itself knows of a person, in the shape that the oracle reads."""

    id: str
    contact: dict[str, Any]
    said: list[dict[str, Any]] = field(default_factory=list)
    firm: dict[str, Any] | None = None

    def event(self, kind: str, ref: str, on: date, **more: Any) -> None:
        self.said.append({"ref": ref, "kind": kind, "on": on.isoformat(), **more})


@contextmanager
def account(redis_url: str, migrated: Any, home: Any) -> Iterator[tuple[Portal, Any]]:
    """An emulated account with the system over it, as the fixtures make it: a new one for each run of the machine."""
    portal = Portal()
    running = serve(portal)
    policy = home / "policy.toml"
    policy.write_text(PACKAGED.read_text().replace("armed = false", "armed = true"))
    shutil.copyfile(migrated, home / "store.db")
    env = assemble(
        Settings(
            access_token="made-up", client_secret="made-up", secret_key="made-up", pseudonym_key="made-up",
            redis_url=redis_url, database_url=f"sqlite:///{home / 'store.db'}", portal_id=portal.portal_id,
            app_id=str(portal.app_id), base_url=running.url, plan="unlimited", policy_file=policy,
            files=home / "files", clock_url=f"{running.url}/_emulator/clock",
        )
    )  # fmt: skip
    wanted = definitions(env.registry)
    install.apply(env.hubspot, install.plan(wanted, install.present(env.hubspot, wanted)))
    env = uncapped(env)
    try:
        yield (
            portal,
            replace(
                env, policy=replace(env.policy, review=replace(env.policy.review, digest_people=1000, digest_days=1))
            ),
        )
    finally:
        env.store.database.close()
        running.stop()


class AnyLife(RuleBasedStateMachine):
    """Nights of one account, and what people do between them."""

    size = 10

    def __init__(self, make: Callable[[], Any], done: set[str]) -> None:
        super().__init__()
        self.done = done
        self._account = make()
        self.portal, self.env = self._account.__enter__()
        self.lives: list[Life] = []
        self.gone: set[str] = set()

    def teardown(self) -> None:
        self.done.update(line.action for line in self.env.store.ledger.lines())
        self._account.__exit__(None, None, None)

    @initialize(seed=st.integers(0, 2**32))
    def people_come(self, seed: int) -> None:
        dice = random.Random(seed)  # noqa: S311 - lives, not secrets
        for number in range(self.size):
            self._enter(number, dice)

    @rule(who=st.integers(0, 10**6), what=st.sampled_from(sorted(("talk", "call", "meet", "hold", "release", "restrict",
        "object", "leave", "attest", "let_go", "buy", "sign", "deal", "lose", "lapse", "ask"))))  # fmt: skip
    def something_happens(self, who: int, what: str) -> None:
        """To one person, or to every seventh of a crowd."""
        there = [life for life in self.lives if self.portal.is_live(life.id)]
        for life in there[who % max(1, min(7, len(there))) :: 7]:
            getattr(self, f"_{what}")(life, self.env.today())

    @rule(who=st.integers(0, 10**6))
    def somebody_is_restored(self, who: int) -> None:
        binned = [life for life in self.lives if self.portal.is_archived(life.id)]
        for life in binned[who % 7 :: 7]:
            self.portal.restore("contacts", life.id)

    @rule(days=st.sampled_from([31, 81, 1]))
    def night(self, days: int) -> None:
        """Days pass; read, plan, compare with the oracle, approve and run, and see what happened to whom."""
        let_pass(self.env, self.portal, days)
        watch(self.env)
        reconcile(self.env, full=True)
        plan = make_plan(self.env)
        planned = {i.contact_id: i.step for i in self.env.store.plans.items(plan.id)} if plan else {}
        words = {life.id: self._word(life) for life in self.lives if life.id not in self.gone}
        before = {id_: self._place(id_) for id_ in words}
        remind(self.env)
        for id_, said in words.items():
            self._compare(id_, said, planned.get(id_), before[id_])
        if plan is not None:
            approve_plan(self.env, plan.id, plan.hash, by="kim")
            apply_plan(self.env, plan.id)
        for id_, place in before.items():
            if self._place(id_) != place:
                assert words[id_] in AWAY, f"{id_} went from {place} to {self._place(id_)} though {words[id_]}"
                assert place != "live" or words[id_] != "archive" or not self._has_time_to_answer(id_), (
                    f"{id_} too soon"
                )
        follow_up(self.env)
        self.gone = {life.id for life in self.lives if self.portal.is_gone(life.id)}
        assert self.env.store.ledger.verify().holds

    def _place(self, id_: str) -> str:
        case = self.env.store.cases.of(id_)
        return "cleared" if case and case.state == "awaiting_bin" else "bin" if self.portal.is_archived(id_) else "live"

    def _compare(self, id_: str, said: str, planned: str | None, place: str) -> None:
        is_done = place == "cleared" or (said == "archive" and place == "bin")
        if said in AWAY and not is_done and not (said == "archive" and self._has_time_to_answer(id_)):
            assert planned == said, f"{id_} is due to {said}, and planned to {planned}"
        if said == "review" and place == "live" and self.env.store.stages.get(id_) is None:
            assert planned == "review", f"{id_} is due for review, and planned to {planned}"
        assert planned in (None, said), f"{id_} is planned to {planned}, and the oracle says {said}"

    def _has_time_to_answer(self, id_: str) -> bool:
        """Tell whether the person has not spoken, and the owner was told less than thirty days ago."""
        life, last = next(life for life in self.lives if life.id == id_), last_digest(self.env, id_)
        spoken = life.contact["objected_on"] or life.contact["not_relevant"]
        return not spoken and last is not None and (self.env.today() - last).days < 30

    def _is_too_soon(self, id_: str) -> bool:
        life = next(life for life in self.lives if life.id == id_)
        return not life.contact["review_answer"] and self._has_time_to_answer(id_)

    def _word(self, life: Life) -> str:
        stage, stage_on = self.env.store.stages.get(life.id) or (None, None)
        at = {"stage": stage, "stage_on": stage_on.isoformat() if stage_on else None}
        facts = {"contact": {**life.contact, **at}, "dialogue": life.said, "organisation": life.firm}
        return oracle.judge(facts, self.env.today()).verdict

    def _enter(self, number: int, dice: random.Random) -> None:
        made_on = self.env.today() - timedelta(days=dice.randint(150, 1200))
        source = dice.choice(["website", "outreach"])
        id_ = self.portal.add_contact(email=f"p{number}@example.com", createdate=_at(made_on), gdpr_source=source)
        life = Life(id_, {"id": id_, "created_on": made_on.isoformat(), "source": source, **EMPTY})
        if dice.random() < 0.5:
            firm = self.portal.add_company(lifecyclestage="lead", createdate=_at(made_on))
            self.portal.link(("contacts", id_), ("companies", firm))
            life.firm = {"id": firm, "customer": False, "contract_until": None, "relationship_ended_on": None,
                         "open_deals": [], "open_tickets": [], "dialogue": []}  # fmt: skip
        self.lives.append(life)
        for _ in range(dice.randint(0, 2)):
            self._talk(life, max(made_on, self.env.today() - timedelta(days=dice.randint(1, 900))))

    def _log(self, life: Life, kind: str, on: date, **values: str) -> str:
        id_ = self.portal.log(kind, contacts=[life.id], hs_timestamp=_at(on), **values)
        return f"{kind}s/{id_}"

    def _talk(self, life: Life, on: date) -> None:
        ref = self._log(life, "call", on, hs_call_disposition=CONNECTED)
        life.event("call", ref, on, disposition="connected")

    def _call(self, life: Life, on: date) -> None:
        life.event("call", self._log(life, "call", on, hs_call_disposition=""), on, disposition=None)

    def _meet(self, life: Life, on: date) -> None:
        day = on + timedelta(days=20)
        ref = self._log(life, "meeting", day, hs_meeting_start_time=_at(day), hs_meeting_outcome="SCHEDULED")
        life.event("meeting", ref, day, outcome="SCHEDULED")

    def _say(self, life: Life, **values: str) -> None:
        self.portal.edit("contacts", life.id, **values)

    def _hold(self, life: Life, on: date) -> None:
        self._say(life, gdpr_hold_reason="tvist", gdpr_hold_by="kim")
        life.contact["hold"] = {"reason": "tvist"}

    def _release(self, life: Life, on: date) -> None:
        self._say(life, gdpr_hold_reason="", gdpr_hold_by="")
        life.contact["hold"] = None

    def _restrict(self, life: Life, on: date) -> None:
        life.contact["restricted"] = not life.contact["restricted"]
        self._say(life, gdpr_restricted=str(life.contact["restricted"]).lower())

    def _object(self, life: Life, on: date) -> None:
        self._say(life, gdpr_objected_on=on.isoformat())
        life.contact["objected_on"] = on.isoformat()

    def _leave(self, life: Life, on: date) -> None:
        self._say(life, gdpr_not_relevant_since=on.isoformat(), gdpr_not_relevant_why="left")
        life.contact["not_relevant"] = {"since": on.isoformat(), "why": "left"}

    def _attest(self, life: Life, on: date) -> None:
        self._say(life, gdpr_attested_on=on.isoformat(), gdpr_attested_reason="mässa")
        life.contact["attested"] = [{"on": on.isoformat(), "reason": "mässa"}]

    def _let_go(self, life: Life, on: date) -> None:
        self._say(life, gdpr_review_answer="let_go", gdpr_review_answered_on=on.isoformat())
        life.contact["review_answer"] = {"on": on.isoformat(), "answer": "let_go"}

    def _ask(self, life: Life, on: date) -> None:
        self.env.store.requests.open(right="A15", received_on=on, due_on=on, contact_id=life.id)
        life.contact["request_open"] = True

    def _buy(self, life: Life, on: date) -> None:
        if life.firm:
            self.portal.edit("companies", life.firm["id"], lifecyclestage="customer")
            life.firm |= {"customer": True, "relationship_ended_on": None}

    def _sign(self, life: Life, on: date) -> None:
        if life.firm:
            until = (on + timedelta(days=60)).isoformat()
            self.portal.edit("companies", life.firm["id"], contract_end_date=until)
            life.firm |= {"contract_until": until}
            life.firm |= {"relationship_ended_on": None if life.firm["customer"] else until}

    def _lapse(self, life: Life, on: date) -> None:
        if life.firm:
            self.portal.edit("companies", life.firm["id"], lifecyclestage="lead")
            life.firm |= {"customer": False, "relationship_ended_on": life.firm["contract_until"]}

    def _deal(self, life: Life, on: date) -> None:
        if life.firm:
            deal = f"deals/{self.portal.add_deal(companies=[life.firm['id']])}"
            life.firm["open_deals"].append(deal)
            life.firm["dialogue"].append({"ref": deal, "kind": "deal", "on": on.isoformat()})

    def _lose(self, life: Life, on: date) -> None:
        for deal in life.firm["open_deals"] if life.firm else ():
            self.portal.edit("deals", deal.removeprefix("deals/"), dealstage="closedlost")
        if life.firm:
            life.firm["open_deals"] = []


def _at(day: date) -> str:
    return f"{day.isoformat()}T12:00:00Z"


class Crowd(AnyLife):
    """The same with many people."""

    size = 250


@pytest.mark.parametrize(
    ("machine", "runs", "steps"),
    [
        pytest.param(AnyLife, 2, 8, id="some"),
        pytest.param(Crowd, 8, 16, id="two thousand", marks=pytest.mark.slow),
    ],
)
def test_whatever_happens_nobody_goes_against_the_oracle(redis_url, migrated, tmp_path, machine, runs, steps):
    number, done = count(), set[str]()

    def make() -> Any:
        home = tmp_path / str(next(number))
        home.mkdir()
        return account(redis_url, migrated, home)

    quiet = settings(
        max_examples=runs, stateful_step_count=steps, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck), phases=(Phase.generate,),
    )  # fmt: skip
    run_state_machine_as_test(lambda: machine(make, done), settings=quiet)
    if machine is Crowd:
        assert {"archive.done", "erase.begun"} <= done, "too quiet a world to prove anything"
