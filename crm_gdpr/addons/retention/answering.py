"""What an owner answers in a review takes effect: it gets its day, and a hold that is asked for goes to the officer."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crm_gdpr.addons.dialogue.handlers import told
from crm_gdpr.addons.register.asking import Question, ask, close_done
from crm_gdpr.addons.register.owners import Owners
from crm_gdpr.addons.register.weekly import linked
from crm_gdpr.policy import Text

if TYPE_CHECKING:
    from crm_gdpr.env import Env, Event
    from crm_gdpr.sync import Record

ANSWER, ANSWERED_ON = "gdpr_review_answer", "gdpr_review_answered_on"
UNDATED = [
    {"propertyName": ANSWER, "operator": "HAS_PROPERTY"},
    {"propertyName": ANSWERED_ON, "operator": "NOT_HAS_PROPERTY"},
]
SUBJECT = Text(sv="Någon ber om att låsa en kontakt: avgör", en="Somebody asks for a hold: decide")
BODY = Text(
    sv="Ja: fyll i Låst, orsak, Låst av och Låsningen omprövas (inom tolv månader). Nej: slutför uppgiften. Kontakten "
    "arkiveras inte så länge uppgiften är öppen.",
    en="Yes: fill in Hold, reason, Hold by and Hold reviewed on (within twelve months). No: complete the task. The "
    "contact is not archived while the task is open.",
)


def answered(env: Env, event: Event) -> None:
    """Take an answer as it stands on the record, on the day it was given."""
    record = env.hubspot.read("contacts", event.object_id, (ANSWER, ANSWERED_ON))
    if record is not None and record.properties.get(ANSWER):
        at = datetime.fromtimestamp(event.occurred_ms / 1000, UTC)
        take(env, record, at.astimezone(ZoneInfo(env.policy.controller.timezone)).date())
        told(env, event)


def take_undated(env: Env) -> None:
    """Take the answers whose webhook was lost, and close the asked-for holds that the officer has decided on."""
    close_done(env, env.store.errands.HOLD_ASKED)
    for page in env.hubspot.search("contacts", UNDATED, (ANSWER, ANSWERED_ON)):
        for record in page:
            take(env, record, env.today())


def take(env: Env, record: Record, on: date) -> None:
    """Date an answer that has none, or an earlier one's; a hold is the officer's to grant, and asked for first."""
    if record.properties[ANSWER] == "hold":
        waiting = env.store.errands.hold_asked(record.id)  # asked twice on two days, it is one task
        question = Question(
            kind=env.store.errands.HOLD_ASKED,
            key=waiting.key if waiting else f"hold-asked-{record.id}-{on}",
            owner=Owners(env).officer,
            subject=SUBJECT,
            body=f"<p>{linked(env, 'contacts', record.id)}</p><p>{BODY.sv} / {BODY.en}</p>",
            contact_id=record.id,
            due_on=on + timedelta(days=env.policy.retention.review_days),
            urgent=True,
        )
        ask(env, question)
    if (record.properties.get(ANSWERED_ON) or "") < on.isoformat():
        env.hubspot.update("contacts", record.id, {ANSWERED_ON: on.isoformat()})
        env.record("review.answered", actor="somebody in HubSpot", contact_id=record.id)
