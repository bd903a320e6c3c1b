"""Who may pass the gate: items of an approved and unchanged plan, under the switch and the cap, and only after
everything the verdict rests on was read again by id and policy still says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from crm_gdpr.gate.breakers import Breakers, Trip
from crm_gdpr.gate.grounds import HOLD_IS_ASKED, NOT_TOLD, as_approved
from crm_gdpr.gate.removal import Outcome, Record, Refused, Removal
from crm_gdpr.policy import Facts, Organisation, Policy, Verdict, decide
from crm_gdpr.policy.bonds import with_subscriptions
from crm_gdpr.policy.silence import may_let_go
from crm_gdpr.policy.verdict import UNSURE, WANTED
from crm_gdpr.store import Store
from crm_gdpr.store.pause import BREAKER
from crm_gdpr.store.plans import DESTRUCTIVE, Plan, PlanItem, fingerprint
from crm_gdpr.sync import HubSpot, read_facts
from crm_gdpr.sync.commerce import subscribed
from crm_gdpr.sync.errors import OF_ONE, HubSpotError
from crm_gdpr.sync.facts import zone_of
from crm_gdpr.sync.gather import merged_into
from crm_gdpr.sync.presence import split


class CapReached(Refused):
    """As many people as policy allows for now; the rest waits for the next hour, or the next day."""


@dataclass(frozen=True, kw_only=True)
class Gate:
    """Archives and erases people, each one only after asking again."""

    hubspot: HubSpot
    store: Store
    policy: Policy
    today: date
    hour: int
    record: Record
    pseudonym: Callable[[str], str]
    digests: Callable[[Iterable[tuple[str, str]]], frozenset[str]]
    erasers: tuple[Callable[[str], None], ...] = ()
    _steps: dict[int, dict[str, str]] = field(default_factory=dict, repr=False)

    def carry_out(self, plan_id: int, contact_id: str) -> Outcome:
        """Archive or erase one person of an approved plan, or say why not."""
        plan = self.approved(plan_id)
        step = self._steps[plan_id].get(contact_id)
        if step not in DESTRUCTIVE:
            raise Refused(f"contact {contact_id} is not to be archived or erased by plan {plan_id}")
        item = self.store.plans.item(plan_id, contact_id)
        if item.state != "waiting":
            return Outcome(item.state, item.note or "")
        self._check_cap()
        actor = f"plan {plan.id}, approved by {' and '.join(plan.approvers)}"
        try:
            outcome = self._carry_out(item, step, actor)
        except OF_ONE as error:
            self._pass_over(contact_id, step, error, actor)
            outcome = Outcome("failed", str(error))
        self.store.plans.mark(plan_id, [contact_id], outcome.state, outcome.note)
        return outcome

    def approved(self, plan_id: int) -> Plan:
        """Return the plan if it may run: armed, not stopped, approved, unchanged since, and nothing out of the way."""
        plan = self.store.plans.get(plan_id)
        if plan is None:
            raise Refused(f"plan {plan_id} is not known; `crm-gdpr plan` makes one and prints its number")
        self._check_approval(plan)
        if plan.id in self._steps:
            self._check_stop()
            return plan
        steps = self._bound_steps(plan)
        self.check_switch()
        self._check_breakers(plan)
        self._steps[plan.id] = steps
        return plan

    def finish(self, contact_id: str, actor: str) -> bool:
        """Close the case of a person whose bin has emptied; False while HubSpot answers for them, or not at all."""
        try:
            return self._removal.finish(contact_id, actor)
        except OF_ONE as error:
            self._pass_over(contact_id, "finish", error, actor)
            return False

    def let_go(self, contact_id: str, actor: str) -> None:
        """Let go of what bookkeeping or a claim kept of somebody erased, after its last day; not while stopped."""
        try:
            self.check_switch()
            self._removal.let_go(contact_id, actor)
        except Refused:
            return
        except OF_ONE as error:
            self._pass_over(contact_id, "let_go", error, actor)

    def _pass_over(self, contact_id: str, step: str, error: HubSpotError, actor: str) -> None:
        self.record("step.skipped", actor=actor, contact_id=contact_id, step=step, why=str(error))

    @cached_property
    def _removal(self) -> Removal:
        return Removal(
            hubspot=self.hubspot,
            store=self.store,
            today=self.today,
            hour=self.hour,
            record=self.record,
            pseudonym=self.pseudonym,
            digests=self.digests,
            timed_out=self.policy.destruction.timed_out,
            erasers=self.erasers,
        )

    def _carry_out(self, item: PlanItem, step: str, actor: str) -> Outcome:
        contact_id = item.contact_id

        def still_approved(ask: Callable[[str], Verdict | None]) -> Callable[[], Verdict | None]:
            return lambda: as_approved(ask(contact_id), item.verdict)

        if step == "archive":
            return self._removal.archive(contact_id, actor, still_approved(self._ask_before_archive))
        case = self.store.cases.of(contact_id)
        if case is not None and case.state in self.store.cases.GONE:
            return self._removal.erase_live(contact_id, actor, lambda: self._ask_erased(contact_id))
        if case is not None and case.way == "foreign" and case.state == "in_bin":
            approved = str(item.verdict["because"][0]["code"])
            return self._removal.clean_up(case, actor, lambda: self._ask_frozen(contact_id), approved)
        if case is not None and case.way == "bin" and case.state in ("in_bin", "awaiting_bin"):
            return self._removal.erase_from_bin(case, actor, still_approved(self._ask_frozen))
        return self._removal.erase_live(contact_id, actor, still_approved(self._ask_again))

    def _check_approval(self, plan: Plan) -> None:
        """One name, or two where policy asks for two, today's policy and not that of the day it was approved."""
        if plan.approved_by is None:
            raise Refused(
                f"plan {plan.id} is not approved; look at it, then `crm-gdpr approve {plan.id} --hash H --by NAME`"
            )
        above = self.policy.destruction.two_approvers_above
        if plan.seconded_by is None and self.store.plans.destructive(plan.id) > above:
            raise Refused(f"plan {plan.id} destroys more than {above} people: a second person must approve it too")

    def _bound_steps(self, plan: Plan) -> dict[str, str]:
        """Hash the items once per run; the steps taken are those that were hashed."""
        items = self.store.plans.items(plan.id)
        if plan.closed_on is not None or fingerprint(plan.made_on, items) != plan.hash:
            raise Refused(f"plan {plan.id} no longer matches its approved hash; make a new plan")
        return {item.contact_id: item.step for item in items}

    def check_switch(self) -> None:
        """Refuse while nothing is armed, the calendar jumped, or somebody stopped everything."""
        if not self.policy.destruction.armed:
            raise Refused(
                "nothing is armed: plans are made, none runs; set `[destruction] armed = true` in policy.toml"
            )
        self.store.pause.watch_calendar(self.today, self.policy.breaker.clock_jump_days)
        self._check_stop()

    def _check_breakers(self, plan: Plan) -> None:
        """Refuse when something is out of the way; asked once a run, before the first deletion."""
        trip = self._breakers.tripped(plan.id)
        if trip is not None:
            self.trip(trip)
            self._check_stop()

    def trip(self, trip: Trip) -> None:
        """Throw the switch for a breaker, and say so in the ledger once."""
        if self.store.pause.stop(BREAKER, self.today, trip.why, **trip.measure):
            self.record("breaker.tripped", actor="gate", cause=trip.cause, why=trip.why)

    def look_around(self) -> None:
        """Throw the switch at night already, for what no plan is needed to see."""
        breakers = self._breakers
        for trip in (breakers.store_is_older(), breakers.customers_vanished(), breakers.deleted_by_others()):
            if trip is not None:
                self.trip(trip)

    def _check_stop(self) -> None:
        stop = self.store.pause.now()
        if stop is not None:
            raise Refused(f"stopped by {stop.by} on {stop.on}: {stop.why}; `crm-gdpr resume --by NAME` lets it go on")

    @property
    def _breakers(self) -> Breakers:
        return Breakers(hubspot=self.hubspot, store=self.store, policy=self.policy, today=self.today)

    def _check_cap(self) -> None:
        limits, destroyed = self.policy.destruction, self.store.pause.destroyed(self.today)
        people = sum(self.store.index.counts().values()) + destroyed  # as many as there were this morning, or more
        cap = limits.people_a_day(people)
        if destroyed >= cap:
            raise CapReached(f"the cap of {cap} people a day is reached; the rest goes on tomorrow")
        if self.store.pause.destroyed_in_hour(self.today, self.hour) >= limits.max_per_hour:
            raise CapReached(f"the cap of {limits.max_per_hour} people an hour is reached; the rest goes on next hour")

    def _ask_again(self, contact_id: str) -> Verdict | None:
        """Ask about somebody live: everything is read again by id."""
        facts = read_facts(self.hubspot, contact_id, self.policy)
        if facts is None:
            return None
        merged = merged_into(self.hubspot, contact_id)
        return decide(self._complete(contact_id, facts, merged), self.policy, self.today)

    def _ask_before_archive(self, contact_id: str) -> Verdict | None:
        """Ask about somebody live, unless their owner waits for an answer, or is yet to be told that silence counts."""
        if self.store.errands.is_hold_asked(contact_id):
            return Verdict(contact_id, UNSURE, (HOLD_IS_ASKED,))
        verdict, told = self._ask_again(contact_id), self.store.stages.told([contact_id]).get(contact_id)
        if verdict is None or may_let_go(verdict, told, self.policy.review, self.today):
            return verdict
        return Verdict(contact_id, UNSURE, (NOT_TOLD,))

    def _ask_erased(self, contact_id: str) -> Verdict | None:
        """Ask about somebody who was erased and is back: they go again, unless something about them keeps them now."""
        verdict = self._ask_again(contact_id)
        if verdict is None or verdict.because[0].code in WANTED:
            return verdict
        return replace(verdict, verdict="erase")

    def _ask_frozen(self, contact_id: str) -> Verdict | None:
        """Ask about somebody in the bin: their associations are gone, so the facts in the index speak."""
        known = self.store.index.known(contact_id)
        if known is None:
            return None
        case = self.store.cases.of(contact_id)
        frozen = case.frozen if case else {}
        facts = self._subscribed_since(known.facts, split(frozen.get("around", ())))
        return decide(self._complete(contact_id, facts, frozen.get("merged", ())), self.policy, self.today)

    def _subscribed_since(self, facts: Facts, around: Mapping[str, Sequence[str]]) -> Facts:
        """Add what the companies and deals around somebody in the bin subscribe to now."""
        if not isinstance(facts.organisation, Organisation):
            return facts
        left = {kind: around.get(kind, ()) for kind in ("companies", "deals")}
        ended = subscribed(self.hubspot, left, self.policy.relationship, zone_of(self.policy))
        return replace(facts, organisation=with_subscriptions(facts.organisation, ended))

    def _complete(self, contact_id: str, facts: Facts, merged: Iterable[str]) -> Facts:
        """Add what only our own store knows: how far the person has come, and whether a request is open.

        A request may have been opened for a contact that has become part of this one since.  An erasure asked for
        waits until the open one is answered: the answer is about what it would take away.
        """
        stage, stage_on = self.store.stages.get(contact_id) or (None, None)
        is_open = not self.store.requests.with_open_request().isdisjoint({contact_id, *merged})
        contact = replace(facts.contact, stage=stage, stage_on=stage_on, request_open=is_open)
        if is_open:
            contact = replace(contact, erasure_requested_on=None)
        return replace(facts, contact=contact)
