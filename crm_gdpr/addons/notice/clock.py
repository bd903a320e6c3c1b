"""Every night: who has been told, who must be told soon, and what follows for those who were not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from crm_gdpr.addons.notice.evidence import CONTACT, STARTED, duties
from crm_gdpr.addons.notice.properties import BLOCKS, DUE, EVIDENCE, GIVEN, STATE, TRANCHE_ON
from crm_gdpr.addons.register.asking import Question, ask
from crm_gdpr.addons.register.links import view_link
from crm_gdpr.addons.register.owners import Owners
from crm_gdpr.policy import Text
from crm_gdpr.policy.notice import Told, told

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.sync import Record

NOT_RELEVANT = ("gdpr_not_relevant_since", "gdpr_not_relevant_why")
OPEN = (
    ({"propertyName": STATE, "operator": "NOT_HAS_PROPERTY"},),
    ({"propertyName": STATE, "operator": "IN", "values": ["open", "soon", "overdue", "given_up", "unknown"]},),
    (
        {"propertyName": STATE, "operator": "EQ", "value": "backlog"},
        {"propertyName": TRANCHE_ON, "operator": "HAS_PROPERTY"},
    ),
)
SOON = Text(sv="Informera personer inom fem dagar", en="Inform people within five days")
LATE = Text(sv="Personer som inte informerats i tid", en="People not told in time")
RECORDED = {"told": "notice.told", "overdue": "notice.overdue", "given_up": "notice.given_up"}


def look(env: Env) -> None:
    """Judge everyone new, everyone still to be told, and those whose tranche of the bulk notice has begun."""
    start(env)
    found: dict[str, Told] = {}
    for filters in OPEN:
        for page in env.hubspot.search("contacts", filters, CONTACT):
            found |= judge(env, page)
    late = sum(each.blocks_marketing for each in found.values())
    env.store.notes.put("notice.late", late)
    _ask_owners(env, [id_ for id_, each in found.items() if each.state == "soon"])
    if late:
        _escalate(env, late)


def start(env: Env) -> None:
    """The clock runs from the first night; who was there before waits for the bulk notice."""
    if env.store.notes.get(STARTED) is None:
        env.store.notes.put(STARTED, env.today().isoformat())


def judge(env: Env, records: Iterable[Record]) -> dict[str, Told]:
    """Decide how the duty stands for some contacts, write what changed and record it."""
    people = {record.id: record for record in records}
    today = env.today()
    found = {id_: told(duty, today) for id_, duty in duties(env, list(people.values())).items()}
    changes = {id_: _changes(people[id_], each, today) for id_, each in found.items()}
    written = env.hubspot.update_many("contacts", {id_: new for id_, new in changes.items() if new})
    for state, action in RECORDED.items():
        moved = [id_ for id_ in written.done if found[id_].state == state and changes[id_].get(STATE)]
        env.record_each(action, actor="notice", people={id_: _detail(found[id_]) for id_ in moved})
    return found


def _changes(record: Record, found: Told, today: date) -> dict[str, str]:
    wanted = {
        STATE: found.state,
        DUE: found.due_on.isoformat() if found.due_on else "",
        GIVEN: found.told_on.isoformat() if found.told_on else "",
        EVIDENCE: (found.ref or "") + (" (late)" if found.late else ""),
        BLOCKS: "true" if found.blocks_marketing else "false",
    }
    if found.state == "given_up" and not record.properties.get(NOT_RELEVANT[0]):
        wanted |= dict(zip(NOT_RELEVANT, (today.isoformat(), found.because.sv), strict=True))
    return {name: value for name, value in wanted.items() if (record.properties.get(name) or "") != value}


def _detail(found: Told) -> dict[str, str | bool]:
    detail: dict[str, str | bool] = {"due_on": found.due_on.isoformat() if found.due_on else ""}
    return {**detail, **({"ref": found.ref, "late": found.late} if found.ref else {})}


def _ask_owners(env: Env, soon: list[str]) -> None:
    """One task an owner and week, with the list of those who must be told."""
    by_owner: dict[str, int] = {}
    for owner in Owners(env).of(soon).values() if soon else ():
        by_owner[owner] = by_owner.get(owner, 0) + 1
    year, week, _ = env.today().isocalendar()
    for owner, count in by_owner.items():
        ask(env, _question("notice", f"{owner}-{year}-{week}", owner, SOON, _body(env, count, "soon")))


def _escalate(env: Env, late: int) -> None:
    """The officer is told once a week while anybody is late; marketing to them is blocked already."""
    year, week, _ = env.today().isocalendar()
    officer = Owners(env).officer
    ask(env, _question("notice", f"late-{year}-{week}", officer, LATE, _body(env, late, "overdue"), urgent=True))


def _question(kind: str, key: str, owner: str, subject: Text, body: str, *, urgent: bool = False) -> Question:
    return Question(kind=kind, key=key, owner=owner, subject=subject, body=body, urgent=urgent)


def _body(env: Env, count: int, state: str) -> str:
    link = view_link(env, **{STATE: state})
    return f'<p><a href="{link}">{count} personer / {count} people</a></p>'
