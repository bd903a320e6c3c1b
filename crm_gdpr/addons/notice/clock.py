"""Every night: who has been told, who must be told soon, and what follows for those who were not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from crm_gdpr.addons.notice.asking import ask_to_tell
from crm_gdpr.addons.notice.evidence import CONTACT, STARTED, duties
from crm_gdpr.addons.notice.properties import BLOCKS, DUE, EVIDENCE, GIVEN, LINK, STATE, TRANCHE_ON
from crm_gdpr.addons.objection.links import is_good, link_for
from crm_gdpr.policy.notice import Told, told

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.sync import Record

NOT_RELEVANT = ("gdpr_not_relevant_since", "gdpr_not_relevant_why")
BOUNCES = timedelta(days=14)  # so long a mail that told somebody may still come back
LATE, BACKLOG = "notice.late", "notice.backlog"  # how many, for doctor
RECORDED = {"told": "notice.told", "overdue": "notice.overdue", "given_up": "notice.given_up"}


def look(env: Env) -> None:
    """Judge everyone new, everyone still to be told or told lately, and those whose tranche has begun."""
    start(env)
    found: dict[str, Told] = {}
    for filters in _to_judge(env.today()):
        for page in env.hubspot.search("contacts", filters, CONTACT):
            found |= judge(env, [record for record in page if record.id not in found])
    waiting = sum(each.state == "backlog" for each in found.values())
    env.store.notes.put(BACKLOG, int(env.store.notes.get(BACKLOG) or 0) + waiting)
    env.store.notes.put(LATE, sum(each.state == "overdue" for each in found.values()))
    ask_to_tell(env, found)


def start(env: Env) -> None:
    """The clock runs from the first night; who was there before waits for the bulk notice."""
    if env.store.notes.get(STARTED) is None:
        env.store.notes.put(STARTED, env.today().isoformat())


def judge(env: Env, records: Iterable[Record]) -> dict[str, Told]:
    """Decide how the duty stands for some contacts, write what changed and record it."""
    people = {record.id: record for record in records}
    found = {id_: told(duty, env.today()) for id_, duty in duties(env, list(people.values())).items()}
    changes = {id_: _changes(env, people[id_], each) for id_, each in found.items()}
    written = env.hubspot.update_many("contacts", {id_: new for id_, new in changes.items() if new})
    moved = [id_ for id_ in written.done if changes[id_].get(STATE)]
    for state, action in RECORDED.items():
        env.record_each(
            action, actor="notice", people={id_: _detail(found[id_]) for id_ in moved if found[id_].state == state}
        )
    reopened = {id_: _detail(found[id_]) for id_ in moved if people[id_].properties.get(STATE) == "told"}
    env.record_each("notice.reopened", actor="notice", people=reopened)
    return found


def _to_judge(today: date) -> Iterator[list[dict[str, Any]]]:
    since = datetime.combine(today - BOUNCES, time(), UTC)
    yield [{"propertyName": STATE, "operator": "NOT_HAS_PROPERTY"}]
    yield [{"propertyName": STATE, "operator": "IN", "values": ["open", "soon", "overdue", "given_up", "unknown"]}]
    yield [
        {"propertyName": STATE, "operator": "EQ", "value": "backlog"},
        {"propertyName": TRANCHE_ON, "operator": "HAS_PROPERTY"},
    ]
    yield [
        {"propertyName": STATE, "operator": "EQ", "value": "told"},
        {"propertyName": GIVEN, "operator": "GTE", "value": str(int(since.timestamp() * 1000))},
    ]


def _changes(env: Env, record: Record, found: Told) -> dict[str, str]:
    had = record.properties
    wanted = {
        STATE: found.state,
        DUE: found.due_on.isoformat() if found.due_on else "",
        GIVEN: found.told_on.isoformat() if found.told_on else "",
        EVIDENCE: (found.ref or "") + (" (late)" if found.late else ""),
        BLOCKS: "true" if found.blocks_marketing else "false",
    }
    if not is_good(env, had.get(LINK) or "", record.id):
        wanted[LINK] = link_for(env, record.id)
    if found.state == "given_up" and not had.get(NOT_RELEVANT[0]):
        wanted |= dict(zip(NOT_RELEVANT, (env.today().isoformat(), found.because.sv), strict=True))
    return {name: value for name, value in wanted.items() if (had.get(name) or "") != value}


def _detail(found: Told) -> dict[str, str | bool]:
    detail: dict[str, str | bool] = {"due_on": found.due_on.isoformat() if found.due_on else ""}
    return {**detail, **({"ref": found.ref, "late": found.late} if found.ref else {})}
