"""Those who were there before the clock was started: one approved bulk notice, in tranches, by import or list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from crm_gdpr.addons.notice.clock import BACKLOG, judge, start
from crm_gdpr.addons.notice.evidence import CONTACT
from crm_gdpr.addons.notice.letter import template
from crm_gdpr.addons.notice.properties import GIVEN, TRANCHE, TRANCHE_ON
from crm_gdpr.addons.register.asking import Question, ask
from crm_gdpr.addons.register.links import view_link
from crm_gdpr.addons.register.owners import Owners
from crm_gdpr.policy import Text

if TYPE_CHECKING:
    from crm_gdpr.env import Env

SIZE = 500  # people in a tranche: what a mailing can be watched for bounces
OTHERS = "others"
Values = Mapping[str, str | None]


@dataclass(frozen=True)
class Tranche:
    """One mailing of the bulk notice: the import or way its people came by, and who they are."""

    name: str
    contact_ids: tuple[str, ...]


def plan(env: Env) -> list[Tranche]:
    """Look for evidence in past mailings first; return the rest in tranches, by where they came from."""
    start(env)
    waiting: dict[str, list[str]] = defaultdict(list)
    untold = [{"propertyName": GIVEN, "operator": "NOT_HAS_PROPERTY"}]
    for page in env.hubspot.search("contacts", untold, CONTACT):
        came = {record.id: _came_by(record.properties) for record in page}
        for id_, found in judge(env, page).items():
            if found.state == "backlog":
                waiting[came[id_]].append(id_)
    for alone in [name for name, ids in waiting.items() if len(ids) == 1 and name != OTHERS]:
        waiting[OTHERS] += waiting.pop(alone)  # a list of one would be a task for one
    env.store.notes.put(BACKLOG, sum(map(len, waiting.values())))
    return [tranche for name, ids in sorted(waiting.items()) for tranche in _tranches(name, sorted(ids, key=int))]


def apply(env: Env, tranches: list[Tranche], *, by: str) -> None:
    """Ask the officer for one mailing for each tranche, then mark its people; never a task a person."""
    today, officer = env.today().isoformat(), Owners(env).officer
    for tranche in tranches:
        ask(env, _mailing(env, tranche, officer))  # before the marks: those who are marked are not planned again
        marks = {TRANCHE: tranche.name, TRANCHE_ON: today}
        env.hubspot.update_many("contacts", dict.fromkeys(tranche.contact_ids, marks))
        env.record("notice.tranche", actor=by, tranche=tranche.name, people=len(tranche.contact_ids))
    env.store.notes.put(BACKLOG, 0)


def _mailing(env: Env, tranche: Tranche, officer: str) -> Question:
    link, mark = escape(view_link(env, **{TRANCHE: tranche.name})), template(env).mark
    return Question(
        kind="notice",
        key=f"tranche-{tranche.name}",
        owner=officer,
        subject=Text(sv=f"Skicka informationen: {tranche.name}", en=f"Send the notice: {tranche.name}"),
        body=(
            f'<p><a href="{link}">{len(tranche.contact_ids)} personer / people</a></p><p>Utskickets namn ska innehålla '
            f"<b>{mark}</b>: så syns det att det var informationen. / The name of the mailing must hold <b>{mark}</b>: "
            "that is how it is known for the notice.</p>"
        ),
    )


def _came_by(values: Values) -> str:
    """Name the import, or the way people came in; an id of anything else may be one of each person."""
    source = values.get("hs_object_source") or ""
    return f"import {values.get('hs_object_source_id') or '?'}" if source == "IMPORT" else source.lower() or OTHERS


def _tranches(name: str, ids: list[str]) -> Iterator[Tranche]:
    """Each is named by its first person: planned again after a crash it is the same one."""
    for first in range(0, len(ids), SIZE):
        yield Tranche(f"{name}, {ids[first]}-", tuple(ids[first : first + SIZE]))
