"""Make a no hold on every channel: mailings, lists, calls, and for the rest a task for a person.

Each step looks before it acts, so the whole may be run again at any time and ends the same.  A step that HubSpot will
never allow goes to the task; one that may yet succeed is tried again, after the others have been done.
"""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatch
from typing import TYPE_CHECKING

from crm_gdpr.addons.objection import letters, wording
from crm_gdpr.addons.objection.paper import lay_note, lay_task
from crm_gdpr.addons.objection.person import PROPERTIES, emails_of
from crm_gdpr.addons.objection.taking import PROCESSING, TYPE, mark
from crm_gdpr.addons.objection.wording import both

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.store.objections import Objection
    from crm_gdpr.sync import Record

KEEPS_PEOPLE_OUT = ("*spärr*", "*suppress*", "*exclu*", "*exklu*", "*do not*", "*inga utskick*", "*nej *", "*opt*out*")
TO_A_PERSON = ("CALL", "EMAIL")
CLOSED = ("COMPLETED", "DEFERRED")
NEVER = (400, 403, 404)  # the same request will be refused again
HOLDS_BACK_CALLS = ("taken", "found", "upheld", "merged", "quarantined")  # who comes back themselves may be answered
Step = Callable[["Env", "Record"], list[str]]


def enforce(env: Env, objection_id: int, contact_id: str, why: str) -> None:
    """Job `objection.enforce`: make one no hold for one contact that carries it."""
    held = env.store.objections.get(objection_id)
    if held is None or not held.in_force or contact_id not in env.store.objections.carried_by(objection_id):
        return
    record = env.hubspot.read("contacts", contact_id, PROPERTIES)
    if record is None:
        env.record("contact.gone", actor="objection", contact_id=contact_id, event="objection")
        return
    left, errors = _run(env, record, _steps(held, why))
    _tell_people(env, held, record, why, left)
    if errors:
        raise errors[0]
    env.record("objection.enforced", actor="objection", contact_id=record.id, objection=held.id, for_people=len(left))


def _steps(held: Objection, why: str) -> list[Step]:
    if held.scope == TYPE:
        return [_show, lambda env, record: _leave_type(env, record, held.about)]
    calls = [_hold_back_calls] if why in HOLDS_BACK_CALLS else []
    return [_show, _leave_mailings, _leave_lists, *calls, _unreachable]


def _run(env: Env, record: Record, steps: list[Step]) -> tuple[list[str], list[Exception]]:
    """Take every step; returns what is left for a person, and the errors that may pass."""
    left: list[str] = []
    errors: list[Exception] = []
    for step in steps:
        try:
            left += step(env, record)
        except Exception as error:  # one channel that fails must not keep the others open
            if getattr(error, "status", None) in NEVER:
                left.append(both(wording.TO_DO["preferences"]) if step is _leave_mailings else str(error))
            else:
                errors.append(error)
    return left, errors


def _show(env: Env, record: Record) -> list[str]:
    mark(env, record)
    return []


def _leave_mailings(env: Env, record: Record) -> list[str]:
    for email in emails_of(record):
        if env.hubspot.refused_all_at(email) is None:
            env.hubspot.unsubscribe_all(email)
    return []


def _leave_type(env: Env, record: Record, type_id: str) -> list[str]:
    for email in emails_of(record):
        if type_id not in env.hubspot.refused(email):
            env.hubspot.unsubscribe(email, type_id)
    return []


def _leave_lists(env: Env, record: Record) -> list[str]:
    """Leave the lists kept by hand; those that keep people out are left as they are."""
    left = []
    for found in env.hubspot.lists_of(record.id):
        if any(fnmatch(found.name.casefold(), pattern) for pattern in KEEPS_PEOPLE_OUT):
            continue
        if found.by_hand:
            env.hubspot.leave_list(found.id, record.id)
        else:
            left.append(both(wording.TO_DO["list"]).format(name=found.name))
    return left


def _hold_back_calls(env: Env, record: Record) -> list[str]:
    """Put off what colleagues meant to call or write; a task that belongs to the person's own ticket stays."""
    ids = env.hubspot.associated("contacts", "tasks", [record.id]).get(record.id, ())
    names = ("hs_task_type", "hs_task_status", "hs_task_subject")
    tasks = env.hubspot.read_many("tasks", ids, names) if ids else {}
    due = [t for t in tasks.values() if t.properties.get("hs_task_type") in TO_A_PERSON and _is_open(t)]
    answering = env.hubspot.associated("tasks", "tickets", [t.id for t in due]) if due else {}
    for task in due:
        if not answering.get(task.id):
            subject = wording.HELD_BACK + (task.properties.get("hs_task_subject") or "")
            env.hubspot.update("tasks", task.id, {"hs_task_status": "DEFERRED", "hs_task_subject": subject})
    return []


def _is_open(task: Record) -> bool:
    return task.properties.get("hs_task_status") not in CLOSED


def _unreachable(env: Env, record: Record) -> list[str]:
    """Name what no API reaches; an account that does not say whether a sequence runs is to be looked at."""
    has = record.properties
    left = ["marketable"] if has.get("hs_marketable_status") == "true" else []
    left += ["sequence"] if has.get("hs_sequences_is_enrolled", "true") == "true" else []
    return [both(wording.TO_DO[name]) for name in left]


def _tell_people(env: Env, held: Objection, record: Record, why: str, left: list[str]) -> None:
    """Lay the confirmation and the task; who comes back is welcomed or already in a task of their own."""
    if why == "found":
        return
    marker, owner = f"GDPR-21-{held.id}", record.properties.get("hubspot_owner_id") or ""
    if why == "quarantined" and held.scope != TYPE:
        source = record.properties.get("hs_object_source") or "unknown"
        lay_task(
            env, record.id, f"{marker}-Q", wording.QUARANTINE_TASK, [wording.quarantined(held.objected_on, source)]
        )
    if why.startswith("resubscribed"):
        todo = [both(wording.TO_DO["resubscribed"])]
        lay_task(env, record.id, f"{marker}-S", wording.RESUBSCRIBED_TASK, todo, owner)
    if why == "returned":
        lay_note(env, record.id, marker, letters.welcome(marker, held.objected_on))
    elif why in ("taken", "upheld") and held.scope != TYPE:
        pending, controller = held.state == "holds" and held.scope == PROCESSING, env.policy.controller.name
        letter = letters.confirmation(marker, held.objected_on, controller, of_processing=pending)
        lay_note(env, record.id, marker, letter)
        left = [both(wording.TO_DO["letter"]), *left]
    if held.scope == PROCESSING and held.state == "holds":
        lay_task(env, record.id, f"{marker}-P", wording.DECIDE_TASK, [both(wording.TO_DO["decide"])], owner)
    if left:
        lay_task(env, record.id, marker, wording.TASK, left, owner)
