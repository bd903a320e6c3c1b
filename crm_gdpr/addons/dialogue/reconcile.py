"""Read HubSpot into the dialogue index, then conclude anew for everyone and write back what changed."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from datetime import date, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from crm_gdpr.addons.dialogue.mirror import MIRROR, mirror_of
from crm_gdpr.policy import Facts, Policy, Verdict, decide, facts_from_json, stands_until

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crm_gdpr.env import Env
    from crm_gdpr.store.index import Known
    from crm_gdpr.sync.scan import Scan

OVERLAP = timedelta(minutes=10)  # the search index lags behind a write
BATCH = 500


def reconcile(env: Env, *, full: bool = False) -> None:
    """Read what changed since the last reading, or everything; then conclude."""
    started = env.clock.now()
    mark = env.store.notes.get("watermark")
    since = None if full or mark is None else datetime.fromisoformat(mark) - OVERLAP
    number = int(env.store.notes.get("scan_number") or 0) + (since is None)
    seen, drift = _read(env, env.scan(since), number)
    if since is None:
        drift["dropped"] = sum(env.store.index.close_scan(number).values())
        env.store.notes.put("scan_number", number)
    env.store.notes.put("watermark", started.isoformat())
    written = conclude(env, everyone=any(drift.values()))
    told = {"full": since is None, "read": seen, "changed": {k: n for k, n in drift.items() if n}, "written": written}
    done = {"started_at": started.isoformat(), "finished_at": env.clock.now().isoformat()}
    env.store.notes.put("scan", {**done, **told})
    env.record("dialogue.reconciled", actor="dialogue", detail=told)


def reconcile_fully(env: Env) -> None:
    """Read everything: what neither a search nor a webhook shows is closed by this."""
    reconcile(env, full=True)


def conclude(env: Env, *, everyone: bool = True) -> int:
    """Judge everyone, or those whose verdict does not stand until today; returns how many records were written."""
    today, written = env.today(), 0
    whom = env.store.index.everyone(due_on=None if everyone or _is_new_policy(env) else today)
    asked = env.store.requests.with_open_request()
    while batch := list(islice(whom, BATCH)):
        judged = [(known, facts_of(known, known.contact_id in asked)) for known in batch]
        verdicts = [(known, facts, decide(facts, env.policy, today)) for known, facts in judged]
        env.store.index.save((verdict, stands_until(facts, verdict, today)) for _, facts, verdict in verdicts)
        written += _write_back(env, [(known, verdict) for known, _, verdict in verdicts])
    return written


def facts_of(known: Known, request_open: bool) -> Facts:
    """Return the facts about one person as the index and our own register know them."""
    facts: dict[str, Any] = dict(known.facts)
    facts["contact"] = {**facts["contact"], "request_open": request_open}
    return facts_from_json(facts)


def judge(known: Known, request_open: bool, policy: Policy, on: date) -> Verdict:
    """Ask the policy about one person."""
    return decide(facts_of(known, request_open), policy, on)


def _is_new_policy(env: Env) -> bool:
    """Tell whether the policy is another than the last time everyone was judged."""
    now = hashlib.sha256(repr(env.policy).encode()).hexdigest()
    changed: bool = env.store.notes.get("judged_by") != now
    if changed:
        env.store.notes.put("judged_by", now)
    return changed


def _read(env: Env, scan: Scan, number: int) -> tuple[dict[str, int], dict[str, int]]:
    """Put people, organisations and events into the index; returns what was read, and what was new or different."""
    index = env.store.index
    seen: dict[str, int] = {}
    drift: dict[str, int] = defaultdict(int)
    for people, forms in _told(env, seen, "contacts", scan.people(MIRROR)):
        _greet_the_restored(env, [person.contact_id for person in people])
        drift["contacts"] += index.put_people(people, number)
        drift["forms"] += index.put_events(forms, number)
    for organisations in _told(env, seen, "companies", scan.organisations()):
        drift["companies"] += index.put_organisations(organisations, number)
    for kind in scan.kinds:
        for events in _told(env, seen, kind, scan.events(kind)):
            drift[kind] += index.put_events(events, number)
    return seen, drift


def _told(env: Env, seen: dict[str, int], kind: str, pages: Iterable[Any]) -> Iterator[Any]:
    """Pass pages on, and say how far the reading has come."""
    for page in pages:
        seen[kind] = seen.get(kind, 0) + len(page[0] if isinstance(page, tuple) else page)
        env.store.notes.put("scan_progress", {"reading": kind, **seen})
        yield page


def _greet_the_restored(env: Env, contact_ids: list[str]) -> None:
    """Someone brought back from the recycle bin starts over: a person in HubSpot wanted them kept."""
    for contact_id in env.store.stages.at("archive", contact_ids):
        env.store.stages.clear(contact_id)
        env.store.cases.restored(contact_id, env.today())
        env.record("archive.undone", actor="somebody in HubSpot", contact_id=contact_id)


def _write_back(env: Env, verdicts: list[tuple[Known, Verdict]]) -> int:
    changes = {}
    for known, verdict in verdicts:
        mirror = mirror_of(verdict)
        changed = {name: value for name, value in mirror.items() if known.mirror.get(name, "") != value}
        if changed and not known.archived:
            changes[known.contact_id] = (changed, mirror)
    if not changes:
        return 0
    written = env.hubspot.update_many("contacts", {id_: changed for id_, (changed, _) in changes.items()})
    env.store.index.mirrored({id_: changes[id_][1] for id_ in written.done})
    return len(written.done)
