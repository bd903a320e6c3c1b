"""The activity properties HubSpot calculates from the engagements associated with a record.

Last contacted counts calls, messages, meetings and e-mail; last activity counts notes too; tasks count in neither.
"""

from collections.abc import Iterable, Mapping

from crm_gdpr.emulator.instants import text, to_ms
from crm_gdpr.emulator.records import Record

CONTACTED = frozenset({"calls", "communications", "emails", "meetings", "postal_mail"})
_UPDATED = CONTACTED | {"notes"}


def activity_rollup(activities: Iterable[Record], now_ms: int) -> dict[str, str]:
    """Names and values; an empty value where there is nothing to count."""
    dated = [(record, moment) for record in activities if (moment := _moment(record.properties)) is not None]
    contacted = [at for record, at in dated if record.kind in CONTACTED and at <= now_ms]
    updated = [at for record, at in dated if record.kind in _UPDATED and at <= now_ms]
    coming = [at for record, at in dated if record.kind in {*_UPDATED, "tasks"} and at > now_ms]
    meetings = [at for record, at in dated if record.kind == "meetings"]
    return {
        "notes_last_contacted": _text(max(contacted, default=None)),
        "notes_last_updated": _text(max(updated, default=None)),
        "notes_next_activity_date": _text(min(coming, default=None)),
        "num_contacted_notes": str(len(contacted)),
        "num_notes": str(len(dated)),
        "hs_latest_meeting_activity": _text(max(meetings, default=None)),
        "hs_last_sales_activity_type": "EMAIL_REPLY" if _replies(dated, now_ms) else "",
        "hs_last_sales_activity_timestamp": _text(max(_replies(dated, now_ms), default=None)),
        "hs_sales_email_last_replied": _text(max(_replies(dated, now_ms), default=None)),
    }


def _replies(dated: Iterable[tuple[Record, int]], now_ms: int) -> list[int]:
    return [
        at for record, at in dated if at <= now_ms and record.properties.get("hs_email_direction") == "INCOMING_EMAIL"
    ]


def _moment(properties: Mapping[str, str]) -> int | None:
    """When it happened; a meeting without a timestamp is placed at its start."""
    value = properties.get("hs_timestamp") or properties.get("hs_meeting_start_time")
    return to_ms(value) if value else None


def _text(ms: int | None) -> str:
    return "" if ms is None else text(ms)
