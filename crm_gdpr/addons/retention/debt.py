"""Promise debt: people past their date, by what stands in the way.  Counted every night, shown everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.policy import Verdict
    from crm_gdpr.store.plans import Plan, Step

NOTE = "promise_debt"
CAUSES = ("dry_run", "paused", "unapproved", "cap", "failed", "unknown", "no_owner", "hold_asked", "reminding")


def count_debt(env: Env, due: Iterable[Step], earlier: Plan | None) -> None:
    """Keep how many people wait past their date, each under one cause."""
    stopped = _is_stopped(env)
    waiting = {v.contact for step, v, _ in due if step != "review" or (stopped and _is_past(env, v))}
    silent = _silent(env) - waiting
    waiting |= silent if stopped else set()
    planned = _planned(env, earlier)
    failed = {id_ for id_ in waiting if planned.get(id_) == "failed"}
    late = waiting & planned.keys()
    found = {
        "failed": len(failed),
        _cause(env, earlier): len((waiting if stopped else late) - failed),
        "unknown": env.store.index.counts().get("unknown", 0),
        "hold_asked": len(env.store.errands.waiting(env.store.errands.HOLD_ASKED)),
        "reminding": 0 if stopped else len(silent),
        "no_owner": int(env.store.notes.get("unowned") or 0),
    }
    env.store.notes.put(NOTE, {cause: found.get(cause, 0) for cause in CAUSES})


def _is_past(env: Env, verdict: Verdict) -> bool:
    """Tell whether nothing but the time to answer a review lies between a person and the archive."""
    days = timedelta(days=env.policy.retention.review_days)
    return verdict.next is not None and verdict.next.on <= env.today() + days


def _silent(env: Env) -> set[str]:
    """Return those in review whose archive is due, but for those somebody has asked a hold for."""
    standings = env.store.index.standings(list(env.store.stages.told()))
    return {each.contact_id for each in standings if each.verdict == "archive"} - env.store.errands.holds_asked()


def _is_stopped(env: Env) -> bool:
    return not env.policy.destruction.armed or env.store.pause.now() is not None


def _cause(env: Env, earlier: Plan | None) -> str:
    if not env.policy.destruction.armed:
        return "dry_run"
    if env.store.pause.now() is not None:
        return "paused"
    return "cap" if earlier is not None and earlier.approvers else "unapproved"


def _planned(env: Env, earlier: Plan | None) -> dict[str, str]:
    """Return those whom a plan of an earlier day would have archived or erased, and what became of that."""
    if earlier is None or earlier.closed_on is not None or earlier.made_on >= env.today():
        return {}
    return {item.contact_id: item.state for item in env.store.plans.items(earlier.id) if item.step != "review"}


def debt(env: Env) -> Mapping[str, int]:
    """Return what last night counted; nothing before the first night."""
    return dict(env.store.notes.get(NOTE) or {})
