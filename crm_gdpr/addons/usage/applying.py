"""Approve a usage plan by its hash, and carry it out in batches, under the switch and the cap."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from crm_gdpr.addons.usage.people import identities_anywhere, split
from crm_gdpr.addons.usage.planning import Step, nameless, property_due
from crm_gdpr.policy.usage import clearings

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.store.usage_plans import UsagePlan
    from crm_gdpr.store.usage_rows import Identity, Rows


_CHANGED = "the policy has changed since usage plan {} was made; make a new one"


class UsageError(Exception):
    """A plan that may not run; the message says why and what to do."""


def approve_plan(env: Env, plan_id: int, given_hash: str, *, by: str) -> None:
    """Approve what somebody saw: the hash must be that of the plan, and nobody must have approved it before."""
    plan = _known(env, plan_id)
    if given_hash != plan.hash:
        raise UsageError(f"the hash is not that of usage plan {plan_id}; look at it again and use the hash it prints")
    if not env.store.usage_plans.approve(plan_id, by, env.clock.now()):
        raise UsageError(f"usage plan {plan_id} is approved already, by {plan.approved_by}")
    env.record("usage.approved", actor=by, plan=plan_id, hash=plan.hash)


def start_plan(env: Env, plan_id: int) -> None:
    """Queue an approved plan."""
    plan = _approved(env, plan_id)
    if plan.applied_at is not None:
        raise UsageError(f"usage plan {plan_id} was carried out on {plan.applied_at:%Y-%m-%d}; make a new one")
    env.queue.enqueue("usage.apply", f"usage-{plan_id}-{env.clock.now():%Y%m%d%H%M%S}", plan_id=plan_id)


def apply_plan(env: Env, plan_id: int) -> None:
    """Do what the plan says, as far as the cap goes; broken off anywhere, a second run does the rest."""
    plan = _approved(env, plan_id)
    if plan.applied_at is not None:
        return
    run = Run(env, plan, env.usage_tables(), env.policy.usage.max_rows)
    for number, step in enumerate(plan.steps):
        run.carry_out(str(number), dict(step))
    if run.left <= 0:
        return  # the cap is reached: the rest goes on the next night
    env.store.usage_plans.applied(plan_id, env.clock.now(), [nameless(env, step) for step in plan.steps])
    env.record("usage.applied", actor=f"approved by {plan.approved_by}", plan=plan_id, rows=sum(run.done.values()))


@dataclass
class Run:
    """One run of a plan; `left` is how many rows may still go."""

    env: Env
    plan: UsagePlan
    here: dict[str, Rows]
    left: int
    done: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.done.update(self.plan.done)
        self.early, stay = split(self.env)
        names = {name for rows in self.here.values() for name in rows.spec.person}
        self.kept = set(stay)
        self.protected: list[Identity] = list(identities_anywhere(self.env, stay, names).values())

    def carry_out(self, number: str, step: Step) -> None:
        """Do one step, batch by batch; the switch is asked before each."""
        if "table" in step:
            self._rows(number, step)
        elif "property" in step:
            self._property(number, step)
        else:
            self._person(number, step["contact"])

    def _rows(self, number: str, step: Step) -> None:
        rows = self.here.get(step["table"])
        if rows is None:
            raise UsageError(_CHANGED.format(self.plan.id))
        planned = (step["action"], step["category"], date.fromisoformat(step["last_day"]))
        due = clearings(rows.spec, self.env.policy.usage, self.plan.made_on)
        clearing = next((c for c in due if (c.action, c.category, c.last_day) == planned), None)
        if clearing is None:
            raise UsageError(_CHANGED.format(self.plan.id))
        after = None
        while (limit := self._batch()) > 0:
            gone, after = rows.clear(clearing, self.protected, limit, after)
            self._count(number, gone)
            if after is None:
                break
        self.env.record("usage.cleared", actor=self._actor, plan=self.plan.id, step=step, rows=self.done.get(number, 0))

    def _property(self, number: str, step: Step) -> None:
        each = next((p for p in self.env.policy.usage.properties if p.name == step["property"]), None)
        if each is None:
            raise UsageError(_CHANGED.format(self.plan.id))
        self.env.gate.check_switch()
        due = [
            id_ for id_ in property_due(self.env, each, date.fromisoformat(step["last_day"])) if id_ not in self.kept
        ]
        written = self.env.hubspot.update_many("contacts", {id_: {each.name: ""} for id_ in due[: self.left]})
        self._count(number, len(written.done))
        self.env.record("usage.cleared", actor=self._actor, plan=self.plan.id, step=step, rows=self.done.get(number, 0))

    def _person(self, number: str, contact_id: str) -> None:
        """Ask again: somebody protected meanwhile, or no longer to be let go of early, is passed over."""
        if contact_id not in self.early or self.left <= 0:
            return
        before = self.left
        for gone in clear_person(self.env, self.here, contact_id, self._batch):
            self._count(number, gone)
        if self.left > 0:
            self._count(number, clear_properties(self.env, contact_id))
        self.env.record("usage.let_go", actor=self._actor, contact_id=contact_id, rows=before - self.left)

    def _batch(self) -> int:
        """Return how many rows may go next, under the switch and the cap."""
        self.env.gate.check_switch()
        return min(self.env.policy.usage.batch_rows, self.left)

    def _count(self, number: str, gone: int) -> None:
        self.left -= gone
        self.done[number] = self.done.get(number, 0) + gone
        self.env.store.usage_plans.progress(self.plan.id, self.done)

    @property
    def _actor(self) -> str:
        return f"usage plan {self.plan.id}, approved by {self.plan.approved_by}"


def clear_person(env: Env, here: dict[str, Rows], contact_id: str, most: Callable[[], int]) -> Iterator[int]:
    """Let go of all rows about a person, live, in the recycle bin or gone, in batches; yields how many went each time.

    `most` is asked before each batch how many may go next.
    """
    names = {name for rows in here.values() for name in rows.spec.person}
    person = identities_anywhere(env, [contact_id], names).get(contact_id)
    person = person or {"hs_object_id": [contact_id]}  # HubSpot has let go of the addresses: what is left is the id
    for rows in here.values():
        while (limit := most()) > 0:
            gone = rows.clear_person(person, limit)
            yield gone
            if gone < limit:
                break


def clear_properties(env: Env, contact_id: str) -> int:
    """Empty the contact's own properties that hold usage data; returns how many had a value."""
    names = [each.name for each in env.policy.usage.properties]
    record = env.hubspot.read("contacts", contact_id, names) if names else None
    filled = [name for name in names if record is not None and record.properties.get(name)]
    if filled:
        env.hubspot.update("contacts", contact_id, dict.fromkeys(filled, ""))
    return len(filled)


def _known(env: Env, plan_id: int) -> UsagePlan:
    plan = env.store.usage_plans.get(plan_id)
    if plan is None:
        raise UsageError(f"usage plan {plan_id} is not known; `crm-gdpr usage plan` makes one and prints its number")
    return plan


def _approved(env: Env, plan_id: int) -> UsagePlan:
    """Return the plan if it may run: approved, unchanged since, and nothing stopped."""
    plan = _known(env, plan_id)
    if plan.approved_by is None:
        raise UsageError(f"usage plan {plan_id} is not approved; `crm-gdpr usage approve {plan_id} --hash H --by NAME`")
    if not plan.is_unchanged():
        raise UsageError(f"usage plan {plan_id} is not what was approved; make a new one")
    env.gate.check_switch()
    return plan
