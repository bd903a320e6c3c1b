"""One task of a kind a week for each person asked, about so many at most: the shape of all that is asked in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from html import escape
from typing import TYPE_CHECKING

from crm_gdpr.addons.register.asking import Question, ask
from crm_gdpr.addons.register.links import record_link
from crm_gdpr.policy import Text

if TYPE_CHECKING:
    from crm_gdpr.env import Env


def week(env: Env) -> timedelta:
    """Return how long somebody is left in peace after a task, as policy says."""
    return timedelta(days=env.policy.review.digest_days)


def again_on(env: Env, kind: str, owner: str) -> date | None:
    """Return the day from which somebody may be asked about this kind of thing again; None who never was."""
    last = env.store.errands.last(kind, owner)
    return last.opened_on + week(env) if last else None


def may_ask(env: Env, kind: str, owner: str) -> bool:
    """Tell whether a week has passed since somebody was asked about this kind of thing."""
    again = again_on(env, kind, owner)
    return again is None or env.today() >= again


def ask_weekly(env: Env, kind: str, owner: str, subject: Text, opening: Text, lines: Sequence[str]) -> None:
    """Deliver one task with these lines; `subject` may say how many they are."""
    count = len(lines)
    said = Text(sv=subject.sv.format(count=count), en=subject.en.format(count=count))
    body = f"<p>{opening.sv} / {opening.en}</p><ol>{''.join(f'<li>{line}</li>' for line in lines)}</ol>"
    errand = ask(env, Question(kind=kind, key=f"{kind}-{owner}-{env.today()}", owner=owner, subject=said, body=body))
    env.store.errands.done(errand.id, env.today())


def linked(env: Env, kind: str, record_id: str, why: str = "") -> str:
    """Return a line that leads to a record."""
    line = f'<a href="{escape(record_link(env, kind, record_id))}">{record_id}</a>'
    return f"{line}: {escape(why)}" if why else line
