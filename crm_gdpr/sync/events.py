"""Engagements, tickets, deals and form submissions of HubSpot as events of the policy.

HubSpot's words end here.  What HubSpot does not say is left unset, and what it says in words we do not know is passed
on as it stands: the policy takes both for unknown.  Which of these events is a dialogue is not decided here.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from crm_gdpr.policy.facts import Event
from crm_gdpr.sync.mail import is_automatic, is_marked
from crm_gdpr.sync.records import Record
from crm_gdpr.sync.schemas import instant

# What each kind must be asked for, so that `event_from` can read it.
PROPERTIES: Mapping[str, tuple[str, ...]] = {
    "emails": ("hs_timestamp", "hs_email_direction", "hs_email_status", "hs_email_subject", "hs_email_headers"),
    "calls": ("hs_timestamp", "hs_call_direction", "hs_call_disposition"),
    "meetings": ("hs_timestamp", "hs_meeting_start_time", "hs_meeting_outcome"),
    "communications": ("hs_timestamp", "hs_communication_channel_type"),
    "notes": ("hs_timestamp",),
    "tasks": ("hs_timestamp",),
    "tickets": ("createdate", "subject", "source_type", "hs_object_source", "hs_pipeline_stage", "hs_is_closed"),
    "deals": (
        *("createdate", "dealstage", "hs_object_source", "hs_is_closed", "hs_is_closed_lost"),
        "hs_v2_date_entered_current_stage",
    ),
}
FORM_PROPERTIES = ("recent_conversion_date", "recent_conversion_event_name")

MAIL_DIRECTIONS = {"INCOMING_EMAIL": "in", "FORWARDED_EMAIL": "in", "EMAIL": "out", "DRAFT_EMAIL": "out"}
CALL_DIRECTIONS = {"INBOUND": "in", "OUTBOUND": "out"}
DISPOSITIONS = {
    "9d9162e7-6cf3-4944-bf63-4dff82258764": "busy",
    "f240bbac-87c9-4f6e-bf70-924b57d47db7": "connected",
    "a4c4c377-d246-4b32-a13b-75a56a4cd0ff": "left live message",
    "b2cf5968-551e-4856-9783-52b3da59a7d0": "left voicemail",
    "73a0d17f-1163-4015-bdd5-ec830791da20": "no answer",
    "17b47fee-58de-441e-a44c-c6300d46f273": "wrong number",
}
FROM_THE_PERSON = frozenset({"EMAIL", "FORM", "CHAT", "PHONE"})  # where a ticket says it came from
BY_NOBODY = frozenset(  # creation sources of a record behind which no person sat
    {"IMPORT", "INTEGRATION", "INTEGRATIONS_PLATFORM", "API", "WORKFLOWS", "AUTOMATION_PLATFORM", "MIGRATION"}
    | {"INTERNAL_PROCESSING", "SALESFORCE", "BATCH_UPDATE", "CALCULATED"}
)
AT_ONCE = timedelta(minutes=1)  # a deal enters its first stage as it is created


def event_from(record: Record, zone: ZoneInfo) -> Event:
    """The event a record stands for, dated in the controller's zone."""
    return _READERS[record.kind](record, zone)


def form_from(contact: Record, zone: ZoneInfo) -> Event | None:
    """The last form a person submitted, as their own record tells it."""
    on = _day(contact.properties.get("recent_conversion_date"), zone)
    if on is None:
        return None
    marked = is_marked(contact.properties.get("recent_conversion_event_name"))
    return Event(ref=f"forms/{contact.id}", kind="form", on=on, direction="in", request=marked)


def _email(record: Record, zone: ZoneInfo) -> Event:
    has = record.properties.get
    subject = has("hs_email_subject")
    return Event(
        ref=_ref(record),
        kind="email",
        on=_day(has("hs_timestamp"), zone),
        direction=_word(MAIL_DIRECTIONS, has("hs_email_direction")),
        status=has("hs_email_status") or None,
        automatic=is_automatic(subject, has("hs_email_headers")),
        request=is_marked(subject),
    )


def _call(record: Record, zone: ZoneInfo) -> Event:
    has = record.properties.get
    return Event(
        ref=_ref(record),
        kind="call",
        on=_day(has("hs_timestamp"), zone),
        direction=_word(CALL_DIRECTIONS, has("hs_call_direction")),
        disposition=_word(DISPOSITIONS, has("hs_call_disposition")),
    )


def _meeting(record: Record, zone: ZoneInfo) -> Event:
    has = record.properties.get
    on = _day(has("hs_meeting_start_time") or has("hs_timestamp"), zone)
    return Event(ref=_ref(record), kind="meeting", on=on, outcome=has("hs_meeting_outcome") or None)


def _communication(record: Record, zone: ZoneInfo) -> Event:
    """HubSpot does not say from whom a logged message was."""
    channel = record.properties.get("hs_communication_channel_type") or None
    on = _day(record.properties.get("hs_timestamp"), zone)
    return Event(ref=_ref(record), kind="communication", on=on, channel=channel)


def _note(record: Record, zone: ZoneInfo) -> Event:
    return Event(ref=_ref(record), kind="note", on=_day(record.properties.get("hs_timestamp"), zone))


def _task(record: Record, zone: ZoneInfo) -> Event:
    return Event(ref=_ref(record), kind="task", on=_day(record.properties.get("hs_timestamp"), zone))


def _ticket(record: Record, zone: ZoneInfo) -> Event:
    has = record.properties.get
    return Event(
        ref=_ref(record),
        kind="ticket",
        on=_day(has("createdate"), zone),
        direction=_opened_by(has("source_type"), has("hs_object_source")),
        request=is_marked(has("subject")),
    )


def _opened_by(channel: str | None, source: str | None) -> str | None:
    if FROM_THE_PERSON & {channel, source}:
        return "in"
    return "out" if source == "CRM_UI" or source in BY_NOBODY else None


def _deal(record: Record, zone: ZoneInfo) -> Event:
    """When a deal was last brought forward: to its present stage, unless that is lost, or into being.

    Who moved it stands only in the history of the stage, so a move by a workflow counts as one by a person: it can
    only keep a record longer.
    """
    has = record.properties.get
    created, moved = instant(has("createdate")), instant(has("hs_v2_date_entered_current_stage"))
    if moved and created and moved - created > AT_ONCE and has("hs_is_closed_lost") != "true":
        return Event(ref=_ref(record), kind="deal", on=moved.astimezone(zone).date())
    by_nobody = has("hs_object_source") in BY_NOBODY
    return Event(ref=_ref(record), kind="deal", on=_day(has("createdate"), zone), automatic=by_nobody)


def _ref(record: Record) -> str:
    return f"{record.kind}/{record.id}"


def _day(value: str | None, zone: ZoneInfo) -> date | None:
    at = instant(value)
    return at.astimezone(zone).date() if at else None


def _word(words: Mapping[str, str], value: str | None) -> str | None:
    return words.get(value, value) if value else None


_READERS: Mapping[str, Callable[[Record, ZoneInfo], Event]] = {
    "emails": _email,
    "calls": _call,
    "meetings": _meeting,
    "communications": _communication,
    "notes": _note,
    "tasks": _task,
    "tickets": _ticket,
    "deals": _deal,
}
