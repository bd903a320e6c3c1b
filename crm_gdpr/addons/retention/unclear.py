"""Nothing stays unknown for ever: after a month its owner is asked about a person, after two the officer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from crm_gdpr.addons.dialogue.reconcile import judge
from crm_gdpr.addons.register.owners import Owners
from crm_gdpr.addons.register.weekly import ask_weekly, linked, may_ask
from crm_gdpr.policy import Text

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.store.index import Known

KIND = NOTE = "unclear"
NOBODY_YET, OWNER, OFFICER = 0, 1, 2  # who has been asked
SUBJECT = Text(sv="{count} kontakter där något är oklart", en="{count} contacts about whom something is unclear")
OPENING = Text(
    sv="De kan varken behållas eller gallras förrän uppgiften är ifylld: utfallet av ett samtal eller möte, eller vem "
    "som skrev.",
    en="They can be neither kept nor let go until it is filled in: the outcome of a call or meeting, or who wrote.",
)


def ask_about_unclear(env: Env) -> None:
    """Ask about those who have been unknown for long: oldest first, one task a week for whoever is asked."""
    if not env.policy.destruction.armed:
        return
    unclear = {known.contact_id: known for known in env.store.index.everyone(verdicts=("unknown",))}
    before = env.store.notes.get(NOTE) or {}
    new = {"since": env.today().isoformat(), "asked": NOBODY_YET}
    waiting = {id_: dict(before.get(id_, new)) for id_ in unclear}
    for owner, ids, asked in _due(env, waiting):
        lines = [linked(env, "contacts", id_, _why(env, unclear[id_])) for id_ in ids]
        ask_weekly(env, KIND, owner, SUBJECT, OPENING, lines)
        env.record("unclear.asked", actor="retention", people=len(ids))
        for id_ in ids:
            waiting[id_]["asked"] = asked
    env.store.notes.put(NOTE, waiting)


def _due(env: Env, waiting: dict[str, dict[str, Any]]) -> Iterable[tuple[str, list[str], int]]:
    """Name who is to be asked about whom: the officer about the oldest, owners about the others."""
    limits, owners = env.policy.review, Owners(env)
    late = _older(env, waiting, limits.unknown_officer_days, OFFICER)
    found = {(owners.officer, OFFICER): late} if late else {}
    ours = [id_ for id_ in _older(env, waiting, limits.unknown_owner_days, OWNER) if id_ not in late]
    by_owner: dict[tuple[str, int], list[str]] = defaultdict(list)
    for id_, owner in (owners.of(ours) if ours else {}).items():
        by_owner[owner, OWNER].append(id_)
    for (owner, asked), ids in {**found, **by_owner}.items():
        if may_ask(env, KIND, owner):
            yield owner, sorted(ids, key=lambda id_: str(waiting[id_]["since"]))[: limits.digest_people], asked


def _older(env: Env, waiting: dict[str, dict[str, Any]], days: int, asked: int) -> list[str]:
    day = env.today() - timedelta(days=days)
    return [id_ for id_, w in waiting.items() if w["asked"] < asked and date.fromisoformat(w["since"]) <= day]


def _why(env: Env, known: Known) -> str:
    verdict = judge(known, env.store.requests.is_open(known.contact_id), env.policy, env.today())
    return " ".join(f"{reason.text.sv} / {reason.text.en}" for reason in verdict.because)
