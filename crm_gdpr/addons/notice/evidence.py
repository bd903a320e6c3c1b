"""Read what shows whether people were told: mails, calls, mailings, forms, answers, and what sales filled in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crm_gdpr.addons.notice.known import BOUNCED, CALL, FIRST_MAILING, LAST_MAILING, MAIL, MAILING_NAME, Known
from crm_gdpr.addons.notice.letter import template
from crm_gdpr.addons.notice.properties import NAMES, VERSION
from crm_gdpr.policy.notice import Duty, Evidence

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.sync import Record

CONTACT = (
    *("createdate", "gdpr_source", "gdpr_collected_on", "gdpr_not_relevant_since", "gdpr_not_relevant_why"),
    *("hs_object_source", "hs_object_source_id", FIRST_MAILING, LAST_MAILING, MAILING_NAME, BOUNCED, *NAMES),
)
STARTED = "notice.started_on"


def duties(env: Env, records: Sequence[Record]) -> dict[str, Duty]:
    """Return the duty of each contact; mails, calls and forms are read for all of them at once."""
    mails, calls = _read(env, "emails", MAIL, records), _read(env, "calls", CALL, records)
    filled = [record.id for record in records if record.properties.get(VERSION)]
    forms = env.hubspot.read_many("contacts", filled, (), history=(VERSION,))
    zone, started = ZoneInfo(env.policy.controller.timezone), date.fromisoformat(env.store.notes.get(STARTED))
    text, answered = template(env), _answered(env)
    return {
        r.id: Known(r, mails.get(r.id, ()), calls.get(r.id, ()), forms.get(r.id), answered.get(r.id), text, zone).duty(
            started
        )
        for r in records
    }


def _answered(env: Env) -> dict[str, Evidence]:
    """Who has had an access answer has had all of the notice with it (Art. 15(1))."""
    given = [each for each in env.store.requests.all() if (each.right, each.outcome) == ("A15", "answered")]
    return {
        id_: Evidence(ref=f"requests/{each.id}", kind="informed", on=each.closed_on)
        for each in given
        for id_ in each.ids
        if each.closed_on
    }


def _read(env: Env, kind: str, names: Sequence[str], records: Sequence[Record]) -> dict[str, list[Record]]:
    linked = env.hubspot.associated("contacts", kind, [record.id for record in records])
    found = env.hubspot.read_many(kind, {id_ for ids in linked.values() for id_ in ids}, names)
    return {id_: [found[each] for each in ids if each in found] for id_, ids in linked.items()}
