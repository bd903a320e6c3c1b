"""The one gate for destruction.  Every archive and every erase goes through `Gate.carry_out`, and nothing else.

It re-reads by id everything the verdict rests on, asks policy again, checks approval, switch and cap, freezes the ids
of all that is to go, and writes the ledger before and after.  Killed at any line and started again it ends the same:
every step first looks whether it is already done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from crm_gdpr.policy import Facts, Policy, Verdict, decide, facts_from_json
from crm_gdpr.store import Store
from crm_gdpr.store.cases import Case
from crm_gdpr.store.plans import Plan, PlanItem, fingerprint
from crm_gdpr.sync import HubSpot, read_facts
from crm_gdpr.sync.gather import Gathered, gather, still_own

DESTRUCTIVE = ("archive", "erase")


class Refused(Exception):
    """The gate stays shut for the whole run; the message says why and what to do."""


@dataclass(frozen=True)
class Outcome:
    """What became of one item: `done`, or `skipped` with the reason."""

    state: str
    note: str


class Record(Protocol):
    """Writes one line in the ledger."""

    def __call__(self, action: str, *, actor: str, contact_id: str | None = None, **detail: object) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Gate:
    """Archives and erases people, each one only after asking again."""

    hubspot: HubSpot
    store: Store
    policy: Policy
    today: date
    record: Record
    pseudonym: Callable[[str], str]

    def carry_out(self, plan_id: int, contact_id: str) -> Outcome:
        """Archive or erase one person of an approved plan, or say why not."""
        plan = self.approved(plan_id)
        item = self._item(plan, contact_id)
        if item.state != "waiting":
            return Outcome(item.state, item.note or "")
        self._check_cap()
        outcome = self._carry_out(plan, item)
        self.store.plans.mark(plan_id, [contact_id], outcome.state, outcome.note)
        return outcome

    def approved(self, plan_id: int) -> Plan:
        """Return the plan if it may run: armed, not paused, approved, and unchanged since the approval."""
        plan = self.store.plans.get(plan_id)
        if plan is None:
            raise Refused(f"plan {plan_id} is not known; `crm-gdpr plan` makes one and prints its number")
        if plan.approved_by is None:
            raise Refused(
                f"plan {plan_id} is not approved; see it, then `crm-gdpr approve {plan_id} --hash H --by NAME`"
            )
        if fingerprint(plan.made_on, self.store.plans.items(plan_id)) != plan.hash:
            raise Refused(f"plan {plan_id} no longer matches its approved hash; make a new plan")
        self._check_switch()
        return plan

    def _check_switch(self) -> None:
        if not self.policy.destruction.armed:
            raise Refused(
                "nothing is armed: plans are made, none runs; set `[destruction] armed = true` in policy.toml"
            )
        jump = self.store.pause.jumped(self.today, self.policy.breaker.clock_jump_days)
        if jump:
            self.store.pause.stop("breaker", self.today, f"the calendar moved {jump} days since it was last seen")
        stop = self.store.pause.now()
        if stop is not None:
            raise Refused(f"stopped by {stop.by} on {stop.on}: {stop.why}; `crm-gdpr resume --by NAME` lets it go on")

    def _check_cap(self) -> None:
        people = sum(self.store.index.counts().values())
        limits = self.policy.destruction
        cap = min(limits.max_per_run, max(1, int(people * limits.max_share)))
        if self.store.pause.destroyed(self.today) >= cap:
            raise Refused(f"the cap of {cap} people a day is reached; the rest of the plan waits for tomorrow")

    def _item(self, plan: Plan, contact_id: str) -> PlanItem:
        items = [i for i in self.store.plans.items(plan.id) if i.contact_id == contact_id]
        if not items or items[0].step not in DESTRUCTIVE:
            raise Refused(f"contact {contact_id} is not to be archived or erased by plan {plan.id}")
        return items[0]

    def _carry_out(self, plan: Plan, item: PlanItem) -> Outcome:
        actor = f"plan {plan.id}, approved by {plan.approved_by}"
        if item.step == "archive":
            return self._archive(item.contact_id, actor)
        case = self.store.cases.of(item.contact_id)
        if case is not None and case.way == "bin":
            return self._erase_from_bin(case, actor)
        return self._erase_live(item.contact_id, actor)

    def _archive(self, contact_id: str, actor: str) -> Outcome:
        case = self.store.cases.of(contact_id)
        if case is not None and case.state == "in_bin" and self._is_archived(contact_id):
            return Outcome("done", "was archived before the run was broken off")
        if case is None or case.state != "frozen" or not self._is_archived(contact_id):
            verdict = self._ask_again(contact_id)
            if verdict is None or verdict.verdict != "archive":
                return self._skip(contact_id, "archive", verdict, actor)
            case = self._freeze(contact_id, "bin")
            self.record("archive.begun", actor=actor, contact_id=contact_id, **_sizes(case))
            self.hubspot.archive("contacts", contact_id)
        self.store.stages.reach([contact_id], "archive", self.today)
        self.store.index.archived(contact_id, archived=True)
        self.store.cases.move(contact_id, "in_bin")
        self._count()
        self.record("archive.done", actor=actor, contact_id=contact_id)
        return Outcome("done", "in the recycle bin")

    def _erase_live(self, contact_id: str, actor: str) -> Outcome:
        case = self.store.cases.of(contact_id)
        begun = case is not None and case.way == "request" and case.state in ("frozen", "gone")
        if not (begun and self._is_gone(contact_id)):
            verdict = self._ask_again(contact_id)
            if verdict is None or verdict.verdict != "erase":
                return self._skip(contact_id, "erase", verdict, actor)
            case = self._freeze(contact_id, "request")
            self.record("erase.begun", actor=actor, contact_id=contact_id, **_sizes(case))
            self._archive_own(case)
            self.hubspot.purge(contact_id)
        if not self._is_gone(contact_id):
            return Outcome(
                "failed", "HubSpot still shows the contact after the permanent deletion; read it again tomorrow"
            )
        self._close(contact_id, actor)
        return Outcome("done", "gone: read as live and as archived, not found")

    def _erase_from_bin(self, case: Case, actor: str) -> Outcome:
        contact_id = case.contact_id
        if self.hubspot.read("contacts", contact_id, ()) is not None:
            return self._skip_text(contact_id, "erase", "restored by a person in HubSpot", actor)
        if case.state == "in_bin":
            verdict = self._ask_frozen(contact_id)
            if verdict is None or verdict.verdict != "erase":
                return self._skip(contact_id, "erase", verdict, actor)
            self.record("erase.begun", actor=actor, contact_id=contact_id, **_sizes(case))
            self._archive_own(case)
            self.store.cases.move(contact_id, "awaiting_bin")
            self._count()
        if not self.finish(contact_id, actor):
            return Outcome("done", "contents cleaned; waits for HubSpot's recycle bin to empty")
        return Outcome("done", "gone: read as live and as archived, not found")

    def finish(self, contact_id: str, actor: str) -> bool:
        """Close the case of a person whose bin has emptied; False while HubSpot still answers for them."""
        if not self._is_gone(contact_id):
            return False
        self._close(contact_id, actor)
        return True

    def _ask_again(self, contact_id: str) -> Verdict | None:
        facts = read_facts(self.hubspot, contact_id, self.policy)
        return None if facts is None else decide(self._complete(contact_id, facts), self.policy, self.today)

    def _ask_frozen(self, contact_id: str) -> Verdict | None:
        """Ask about someone in the bin: their associations are gone, so the facts frozen in the index speak."""
        known = self.store.index.known(contact_id)
        if known is None:
            return None
        return decide(self._complete(contact_id, facts_from_json(known.facts)), self.policy, self.today)

    def _complete(self, contact_id: str, facts: Facts) -> Facts:
        stage, stage_on = self.store.stages.get(contact_id) or (None, None)
        is_open = self.store.requests.is_open(contact_id)
        contact = replace(facts.contact, stage=stage, stage_on=stage_on, request_open=is_open)
        return replace(facts, contact=contact)

    def _freeze(self, contact_id: str, way: str) -> Case:
        found = gather(self.hubspot, contact_id)
        return self.store.cases.open(
            contact_id=contact_id, subject=self.pseudonym(contact_id), way=way, frozen=_frozen(found), on=self.today
        )

    def _archive_own(self, case: Case) -> None:
        """Let go of the engagements that concern nobody else, as they are associated now."""
        refs = still_own(self.hubspot, case.frozen.get("own", ()), case.contact_id)
        for ref in refs:
            kind, _, id_ = ref.partition("/")
            self.hubspot.archive(kind, id_)
        self.store.index.forget_events(refs)

    def _close(self, contact_id: str, actor: str) -> None:
        case = self.store.cases.of(contact_id)
        if case is None or case.state == "gone":
            return
        self.store.index.forget(contact_id)
        self.store.stages.clear(contact_id)
        if case.way == "request":
            self._count()
        self.record(
            "erase.done", actor=actor, contact_id=contact_id, proof="not found, live and archived", **_sizes(case)
        )
        self.store.cases.move(contact_id, "gone", self.today)

    def _is_archived(self, contact_id: str) -> bool:
        live = self.hubspot.read("contacts", contact_id, ())
        return live is None and self.hubspot.read("contacts", contact_id, (), archived=True) is not None

    def _is_gone(self, contact_id: str) -> bool:
        live = self.hubspot.read("contacts", contact_id, ())
        return live is None and self.hubspot.read("contacts", contact_id, (), archived=True) is None

    def _skip(self, contact_id: str, step: str, verdict: Verdict | None, actor: str) -> Outcome:
        if verdict is None:
            return self._skip_text(contact_id, step, "the contact is no longer there", actor)
        why = verdict.because[0].text.en if verdict.because else "policy no longer says so"
        return self._skip_text(contact_id, step, f"now {verdict.verdict}: {why}", actor)

    def _skip_text(self, contact_id: str, step: str, note: str, actor: str) -> Outcome:
        self.record("step.skipped", actor=actor, contact_id=contact_id, step=step, why=note)
        return Outcome("skipped", note)

    def _count(self) -> None:
        self.store.pause.count(self.today)


def _frozen(found: Gathered) -> dict[str, list[str]]:
    return {"own": list(found.own), "shared": list(found.shared)}


def _sizes(case: Case) -> dict[str, int]:
    return {kind: len(refs) for kind, refs in case.frozen.items()}
