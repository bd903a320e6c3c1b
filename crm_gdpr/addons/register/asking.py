"""Ask a person to do something: one task in HubSpot for each thing, however often it is asked.

A task names people by a link to their record, never by name or address: no name outlives the person in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from crm_gdpr.policy import Text

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.store.errands import Errand

WHOLE = 60_000  # HubSpot takes 65,536 characters in a task


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked: `key` names the fact, `owner` the HubSpot owner, "" for nobody in particular."""

    kind: str
    key: str
    owner: str
    subject: Text
    body: str
    contact_id: str | None = None
    due_on: date | None = None
    urgent: bool = False


def ask(env: Env, question: Question) -> Errand:
    """Deliver the task unless it was; told twice, after a crash between, is better than never."""
    errand = env.store.errands.open(
        question.kind,
        question.key,
        owner_id=question.owner,
        on=env.today(),
        contact_id=question.contact_id,
        due_on=question.due_on,
    )
    if errand.task_id is None and errand.done_on is None:
        env.store.errands.delivered(errand.id, env.hubspot.create("tasks", _task(env, question)).id)
    return errand


def close_done(env: Env, *kinds: str) -> list[Errand]:
    """Close the errands whose tasks somebody has completed or deleted; return them."""
    waiting = [errand for errand in env.store.errands.waiting(*kinds) if errand.task_id]
    tasks = env.hubspot.read_many("tasks", [str(errand.task_id) for errand in waiting], ("hs_task_status",))
    open_ = {id_ for id_, task in tasks.items() if task.properties.get("hs_task_status") != "COMPLETED"}
    closed = [errand for errand in waiting if errand.task_id not in open_]
    for errand in closed:
        env.store.errands.done(errand.id, env.today())
    return closed


def _task(env: Env, question: Question) -> dict[str, str]:
    now = env.clock.now()
    due = now + timedelta(days=max(0, (question.due_on - env.today()).days)) if question.due_on else now
    return {
        "hs_task_subject": f"GDPR: {question.subject.sv} / {question.subject.en}",
        "hs_task_body": question.body[:WHOLE],
        "hs_timestamp": due.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "hs_task_status": "NOT_STARTED",
        "hs_task_type": "TODO",
        **({"hs_task_priority": "HIGH"} if question.urgent else {}),
        **({"hubspot_owner_id": question.owner} if question.owner else {}),
    }
