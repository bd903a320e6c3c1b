"""Who is asked to tell people: their owner, five days before at the latest, and the officer when it is late.

One task a week for each: it lists all who must be told before the next one could come in time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from html import escape
from typing import TYPE_CHECKING

from crm_gdpr.addons.notice.properties import STATE
from crm_gdpr.addons.register.asking import Question, ask
from crm_gdpr.addons.register.links import record_link, view_link
from crm_gdpr.addons.register.owners import Owners
from crm_gdpr.addons.register.weekly import may_ask, week
from crm_gdpr.policy import Text
from crm_gdpr.policy.notice import SOON, Told

if TYPE_CHECKING:
    from crm_gdpr.env import Env

SHOWN = 25  # people named in a task; the list in HubSpot has them all
ASKED = {
    "soon": Text(sv="Informera personer inom fem dagar", en="Inform people within five days"),
    "overdue": Text(sv="Personer som inte informerats i tid", en="People not told in time"),
}
OPENING = (
    "<p>Skicka informationen (mallen i HubSpot), eller ge den i ett samtal och fyll i dagen. / Send the notice (the "
    "template in HubSpot), or give it in a call and fill in the day.</p>"
)


def ask_to_tell(env: Env, found: Mapping[str, Told]) -> None:
    """Ask the owners of those who must be told soon, and the officer about those who are late."""
    horizon = env.today() + SOON + week(env)
    near = {id_ for id_, each in found.items() if each.state in ("open", "soon") and each.due_on <= horizon}  # type: ignore[operator]
    late = [id_ for id_, each in found.items() if each.state == "overdue"]
    if not late and not any(found[id_].state == "soon" for id_ in near):
        return
    owners, by_owner = Owners(env), defaultdict(list)
    for id_, owner in (owners.of(near) if near else {}).items():
        by_owner[owner].append(id_)
    for owner, ids in by_owner.items():
        if any(found[id_].state == "soon" for id_ in ids):
            _ask(env, "soon", owner, {id_: found[id_] for id_ in ids})
    if late:
        _ask(env, "overdue", owners.officer, {id_: found[id_] for id_ in late})


def _ask(env: Env, state: str, owner: str, people: Mapping[str, Told]) -> None:
    kind = f"notice-{state}"
    if not may_ask(env, kind, owner):
        return
    question = Question(
        kind=kind,
        key=f"{kind}-{owner}-{env.today()}",
        owner=owner,
        subject=ASKED[state],
        body=OPENING + _listed(env, state, sorted(people.items(), key=lambda item: str(item[1].due_on))),
        urgent=state == "overdue",
    )
    env.store.errands.done(ask(env, question).id, env.today())


def _listed(env: Env, state: str, people: list[tuple[str, Told]]) -> str:
    view = f'<p><a href="{escape(view_link(env, **{STATE: state}))}">{len(people)} personer / people</a></p>'
    return f"{view}<ol>{''.join(_lines(env, people[:SHOWN]))}</ol>"


def _lines(env: Env, people: Iterable[tuple[str, Told]]) -> Iterable[str]:
    for id_, told in people:
        link = escape(record_link(env, "contacts", id_))
        yield f'<li><a href="{link}">{id_}</a>: {told.due_on}</li>'
