"""Read what shows whether people were told: outgoing mail, connected calls, forms, and what sales filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from crm_gdpr.addons.notice.properties import BY_PHONE, INFORMED, NAMES, TRANCHE_ON, VERSION
from crm_gdpr.policy.notice import Duty, Evidence
from crm_gdpr.policy.notice_text import Template, load_template

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.sync import Record

CONTACT = (
    *("gdpr_source", "gdpr_collected_on", "gdpr_not_relevant_since", "gdpr_not_relevant_why", "first_conversion_date"),
    *("hs_email_last_send_date", "hs_email_hard_bounce_reason_enum", "hs_object_source_id", *NAMES),
)
MAIL = ("hs_timestamp", "hs_email_direction", "hs_email_status", "hs_email_subject", "hs_email_text", "hs_email_html")
CALL = ("hs_timestamp", "hs_call_disposition")
CONNECTED = "f240bbac-87c9-4f6e-bf70-924b57d47db7"  # HubSpot's id of the outcome "Connected"
NOT_SENT = ("BOUNCED", "FAILED", "SCHEDULED", "DRAFT")
STARTED = "notice.started_on"


def duties(env: Env, records: Sequence[Record]) -> dict[str, Duty]:
    """Return the duty of each contact; mails and calls are read for all of them at once."""
    mails = _read(env, "emails", MAIL, records)
    calls = _read(env, "calls", CALL, records)
    template, started = load_template(), date.fromisoformat(env.store.notes.get(STARTED))
    return {r.id: _duty(r, mails.get(r.id, []), calls.get(r.id, []), template, started) for r in records}


def _read(env: Env, kind: str, names: Sequence[str], records: Sequence[Record]) -> dict[str, list[Record]]:
    linked = env.hubspot.associated("contacts", kind, [record.id for record in records])
    found = env.hubspot.read_many(kind, {id_ for ids in linked.values() for id_ in ids}, names)
    return {id_: [found[each] for each in ids if each in found] for id_, ids in linked.items()}


def _duty(record: Record, mails: Sequence[Record], calls: Sequence[Record], template: Template, started: date) -> Duty:
    values = record.properties
    collected, tranche = day(values.get("gdpr_collected_on")), day(values.get(TRANCHE_ON))
    sent = [mail for mail in mails if _is_ours(mail) and day(mail.properties.get("hs_timestamp"))]
    spoken = {on for call in calls if _is_connected(call) and (on := day(call.properties.get("hs_timestamp")))}
    evidence = (
        *(_of_mail(mail, template) for mail in sent),
        *_of_calls(values, spoken),
        *_of_others(values, tranche),
    )
    first = [e.on for e in evidence if e.kind == "mail" and e.arrived] + sorted(spoken)
    return Duty(
        source=values.get("gdpr_source") or "unknown",
        collected_on=collected,
        first_message_on=min(first, default=None),
        evidence=evidence,
        backlog=collected is not None and collected < started,
        tranche_on=tranche,
    )


def _of_mail(mail: Record, template: Template) -> Evidence:
    values = mail.properties
    text = " ".join(values.get(name) or "" for name in ("hs_email_subject", "hs_email_text", "hs_email_html"))
    return Evidence(
        ref=f"emails/{mail.id}",
        kind="mail",
        on=_day(values.get("hs_timestamp")),
        carried=template.is_in(text),
        arrived=(values.get("hs_email_status") or "SENT") not in NOT_SENT,
    )


def _of_calls(values: Mapping[str, str | None], spoken: set[date]) -> list[Evidence]:
    """A tick alone is intention: a connected call of that day must be there."""
    ticked = day(values.get(BY_PHONE))
    return [Evidence(ref="calls", kind="call", on=ticked, arrived=ticked in spoken)] if ticked else []


def _of_others(values: Mapping[str, str | None], tranche: date | None) -> list[Evidence]:
    found = []
    if informed := day(values.get(INFORMED)):
        found.append(Evidence(ref="informed", kind="informed", on=informed))
    if values.get(VERSION) and (sent := day(values.get("first_conversion_date"))):
        found.append(Evidence(ref=f"form, notice {values[VERSION]}", kind="form", on=sent))
    mailed = day(values.get("hs_email_last_send_date"))
    if tranche and mailed and mailed >= tranche:
        bounced = bool(values.get("hs_email_hard_bounce_reason_enum"))
        found.append(Evidence(ref="bulk notice", kind="mail", on=mailed, arrived=not bounced))
    return found


def _is_ours(mail: Record) -> bool:
    return mail.properties.get("hs_email_direction") == "EMAIL"


def _is_connected(call: Record) -> bool:
    return call.properties.get("hs_call_disposition") == CONNECTED


def day(value: str | None) -> date | None:
    """Return the day of a date or an instant; None where there is none."""
    return _day(value) if value else None


def _day(value: str | None) -> date:
    return date.fromisoformat((value or "")[:10])
