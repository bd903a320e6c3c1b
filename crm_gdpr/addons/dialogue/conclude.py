"""Ask the policy about those whose verdict may have changed, keep what it says, and show it where sales sees it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from crm_gdpr.addons.dialogue.mirror import mirror_of
from crm_gdpr.policy import Facts, Gist, Policy, Verdict, decide, stands_until

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from crm_gdpr.env import Env
    from crm_gdpr.store.index import Known

BATCH = 1_000
WRITTEN_AT_ONCE = 100


def conclude(env: Env, *, everyone: bool = False) -> tuple[int, int]:
    """Judge those whose verdict does not stand until today; returns how many records were written, and the calls."""
    policy = hashlib.sha256(repr(env.policy).encode()).hexdigest()
    everyone = everyone or env.store.notes.get("judged_by") != policy
    gist = Gist(env.policy, env.today())
    done = conclude_for(env, env.store.index.everyone(due_on=None if everyone else gist.on, gist=gist))
    env.store.notes.put("judged_by", policy)
    return done


def conclude_for(env: Env, whom: Iterable[Known]) -> tuple[int, int]:
    """Judge these people, and write back what is shown otherwise; returns records written, and calls."""
    today, asked, people = env.today(), env.store.requests.with_open_request(), iter(whom)
    letters = _Writer(env)
    while batch := list(islice(people, BATCH)):
        judged = []
        for known in batch:
            facts = facts_of(known, known.contact_id in asked)
            verdict = decide(facts, env.policy, today)
            judged.append((known, verdict, stands_until(facts, verdict, today)))
        env.store.index.save(judged)
        for known, verdict, _ in judged:
            letters.show(known, verdict)
    letters.send()
    return letters.written, letters.hubspot.calls


def facts_of(known: Known, request_open: bool) -> Facts:
    """Return the facts about one person as the index and our own register know them."""
    facts = known.facts
    contact = replace(facts.contact, request_open=request_open)
    return Facts(contact=contact, dialogue=facts.dialogue, organisation=facts.organisation, strange=facts.strange)


def judge(known: Known, request_open: bool, policy: Policy, on: date) -> Verdict:
    """Ask the policy about one person."""
    return decide(facts_of(known, request_open), policy, on)


class _Writer:
    """Gathers what is shown otherwise, and writes it a hundred records a call."""

    def __init__(self, env: Env) -> None:
        self._index, self.hubspot, self.written = env.store.index, env.hubspot.counted(), 0
        self._changes: dict[str, tuple[dict[str, str], dict[str, str]]] = {}

    def show(self, known: Known, verdict: Verdict) -> None:
        mirror = mirror_of(verdict)
        changed = {name: value for name, value in mirror.items() if known.mirror.get(name, "") != value}
        if changed and not known.archived:
            self._changes[known.contact_id] = (changed, mirror)
        if len(self._changes) == WRITTEN_AT_ONCE:
            self.send()

    def send(self) -> None:
        """Write; whom HubSpot refuses is judged, and tried, again at the next occasion."""
        if not self._changes:
            return
        changes, self._changes = self._changes, {}
        written = self.hubspot.update_many("contacts", {id_: changed for id_, (changed, _) in changes.items()})
        self._index.mirrored({id_: changes[id_][1] for id_ in written.done})
        self._index.judge_anew(written.refused)
        self.written += len(written.done)
