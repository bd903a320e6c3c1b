"""Notes and tasks laid on a contact, each once: a marker in the text says whether it lies there already."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from crm_gdpr.addons.objection.wording import both
from crm_gdpr.policy import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm_gdpr.env import Env

TEXT = {"notes": "hs_note_body", "tasks": "hs_task_subject"}


def lay_note(env: Env, contact_id: str, marker: str, html: str) -> bool:
    """Lay a note on a contact, unless one with this marker is there; False when it was."""
    return _lay(env, "notes", contact_id, marker, {"hs_note_body": html})


def lay_task(env: Env, contact_id: str, marker: str, subject: Text, body: Iterable[str], owner: str = "") -> bool:
    """Lay a task for a person on a contact, due now, unless one with this marker is there."""
    items = "".join(f"<li>{escape(line)}</li>" for line in body)
    return _lay(
        env,
        "tasks",
        contact_id,
        marker,
        {
            "hs_task_subject": f"{both(subject)} [{marker}]",
            "hs_task_body": f"<ul>{items}</ul>",
            "hs_task_type": "TODO",
            "hs_task_status": "NOT_STARTED",
            "hs_task_priority": "HIGH",
            **({"hubspot_owner_id": owner} if owner else {}),
        },
    )


def _lay(env: Env, kind: str, contact_id: str, marker: str, properties: dict[str, str]) -> bool:
    ids = env.hubspot.associated("contacts", kind, [contact_id]).get(contact_id, ())
    there = env.hubspot.read_many(kind, ids, (TEXT[kind],)) if ids else {}
    if any(f"[{marker}]" in (record.properties.get(TEXT[kind]) or "") for record in there.values()):
        return False
    now = env.clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    env.hubspot.create(kind, {"hs_timestamp": now, **properties}, associations=[("contacts", contact_id)])
    return True
