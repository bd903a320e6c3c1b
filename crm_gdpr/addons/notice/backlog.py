"""Those who were there before the clock was started: one approved bulk notice, in tranches, by import or list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_gdpr.addons.notice.clock import judge, start
from crm_gdpr.addons.notice.evidence import CONTACT
from crm_gdpr.addons.notice.properties import GIVEN, TRANCHE, TRANCHE_ON
from crm_gdpr.addons.register.asking import Question, ask
from crm_gdpr.addons.register.links import view_link
from crm_gdpr.addons.register.owners import Owners
from crm_gdpr.policy import Text

if TYPE_CHECKING:
    from crm_gdpr.env import Env

SIZE = 500  # people in a tranche: what a mailing can be watched for bounces


@dataclass(frozen=True)
class Tranche:
    """One mailing of the bulk notice: the import or list its people came with, and who they are."""

    name: str
    contact_ids: tuple[str, ...]


def plan(env: Env) -> list[Tranche]:
    """Look for evidence in past mailings first; return the rest in tranches, by where they came from."""
    start(env)
    waiting: dict[str, list[str]] = defaultdict(list)
    untold = [{"propertyName": GIVEN, "operator": "NOT_HAS_PROPERTY"}]
    for page in env.hubspot.search("contacts", untold, CONTACT):
        lists = {record.id: record.properties.get("hs_object_source_id") or "others" for record in page}
        for id_, found in judge(env, page).items():
            if found.state == "backlog":
                waiting[lists[id_]].append(id_)
    return [tranche for name, ids in sorted(waiting.items()) for tranche in _tranches(name, sorted(ids, key=int))]


def apply(env: Env, tranches: list[Tranche], *, by: str) -> None:
    """Mark each tranche's people, and ask the officer for one mailing each; never a task a person."""
    today, officer = env.today().isoformat(), Owners(env).officer
    for tranche in tranches:
        marks = {TRANCHE: tranche.name, TRANCHE_ON: today}
        env.hubspot.update_many("contacts", dict.fromkeys(tranche.contact_ids, marks))
        env.record("notice.tranche", actor=by, tranche=tranche.name, people=len(tranche.contact_ids))
        link = view_link(env, **{TRANCHE: tranche.name})
        ask(
            env,
            Question(
                kind="notice",
                key=f"tranche-{tranche.name}",
                owner=officer,
                subject=Text(sv=f"Skicka informationen: {tranche.name}", en=f"Send the notice: {tranche.name}"),
                body=f'<p><a href="{link}">{len(tranche.contact_ids)} personer / people</a></p>',
            ),
        )


def _tranches(name: str, ids: list[str]) -> Iterator[Tranche]:
    for at, first in enumerate(range(0, len(ids), SIZE), 1):
        yield Tranche(f"{name} {at}", tuple(ids[first : first + SIZE]))
