"""Tell owners once more before silence lets anybody go: in time, and again after everything stood still for long."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from crm_gdpr.addons.dialogue.reconcile import judge
from crm_gdpr.addons.register.owners import Owners
from crm_gdpr.addons.register.weekly import may_ask, week
from crm_gdpr.addons.retention import digest
from crm_gdpr.addons.retention.reviewing import deliver, digest_line
from crm_gdpr.policy import Text
from crm_gdpr.policy.silence import archive_on, must_be_told

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.store.index import Known

REMINDED = Text(sv="{count} kontakter arkiveras om 30 dagar", en="{count} contacts are archived in 30 days")


def remind(env: Env) -> None:
    """Tell owners once more, a week's worth at a time, before silence lets those go whose review began long ago."""
    if not env.policy.destruction.armed or env.store.pause.now() is not None:
        return
    soon = _let_go_soon(env)
    by_owner: dict[str, list[str]] = defaultdict(list)
    for contact_id, owner in (Owners(env).of(soon) if soon else {}).items():
        by_owner[owner].append(contact_id)
    wrong = None
    for owner, contact_ids in sorted(by_owner.items()):
        try:
            _remind(env, owner, {id_: soon[id_] for id_ in contact_ids})
        except Exception as error:  # nobody of theirs goes before they are told; no other owner waits for it
            wrong = wrong or error
    if wrong:
        raise wrong


def _remind(env: Env, owner: str, soon: Mapping[str, Mapping[str, Any]]) -> None:
    if not may_ask(env, "reminder", owner):
        return
    lines = [digest_line(env, id_, soon[id_]) for id_ in sorted(soon, key=lambda id_: str(soon[id_]["next"]["on"]))]
    errand = deliver(env, "reminder", owner, digest.REMINDER, REMINDED, lines)
    env.store.stages.remind(soon, env.today())
    env.record_each("review.reminded", actor="retention", people={id_: {} for id_ in soon})
    env.store.errands.done(errand.id, env.today())


def _let_go_soon(env: Env) -> dict[str, dict[str, Any]]:
    """Return the verdicts of those whose owners are to be told now, each with the day that silence lets them go."""
    today, limits, asked = env.today(), env.policy.review, env.store.requests.with_open_request()
    told, soon = env.store.stages.told(), today + timedelta(days=limits.remind_days)
    found = {}
    for known in _perhaps_let_go(env, list(told), soon + week(env)):
        if known.contact_id not in told:
            continue
        verdict = judge(known, known.contact_id in asked, env.policy, today)
        if must_be_told(verdict, told[known.contact_id], limits, today):
            day = max(archive_on(verdict) or soon, soon)
            found[known.contact_id] = {**verdict.to_json(), "next": {"step": "archive", "on": day.isoformat()}}
    return found


def _perhaps_let_go(env: Env, in_review: Sequence[str], until: date) -> Iterator[Known]:
    """Yield everyone whose archive is due, and those of these whose next step comes by a day; most are not read."""
    yield from env.store.index.everyone(verdicts=("archive",))
    for standing in env.store.index.standings(in_review):
        if standing.verdict != "archive" and standing.next_on is not None and standing.next_on <= until:
            known = env.store.index.known(standing.contact_id)
            if known is not None:
                yield known
