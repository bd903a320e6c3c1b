"""The activity properties HubSpot calculates from the engagements associated with a record.

Last contacted counts calls, messages, meetings, e-mail and chats; last activity notes too; tasks count in neither.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from crm_gdpr.emulator.instants import text, to_ms
from crm_gdpr.emulator.records import Record

CONTACTED = frozenset({"calls", "communications", "emails", "meetings", "postal_mail"})
_UPDATED = CONTACTED | {"notes"}
_NOTHING: Mapping[str, str] = {}


def activity_rollup(
    activities: Iterable[Record], now_ms: int, own: Mapping[str, str] = _NOTHING, chats: Sequence[int] = ()
) -> dict[str, str]:
    """Names and values; an empty value where there is nothing to count. ``own`` is what the record itself tells."""
    dated = [(record, moment) for record in activities if (moment := _moment(record.properties)) is not None]
    contacted = [*chats, *(at for record, at in dated if record.kind in CONTACTED and at <= now_ms)]
    updated = [*chats, *(at for record, at in dated if record.kind in _UPDATED and at <= now_ms)]
    coming = [at for record, at in dated if record.kind in {*_UPDATED, "tasks"} and at > now_ms]
    meetings = [at for record, at in dated if record.kind == "meetings"]
    replied = max(_replies(dated, now_ms), default=None)
    engaged_at, engaged_by = max(_engagements(replied, own), default=(None, ""))
    return {
        "notes_last_contacted": _text(max(contacted, default=None)),
        "notes_last_updated": _text(max(updated, default=None)),
        "notes_next_activity_date": _text(min(coming, default=None)),
        "num_contacted_notes": str(len(contacted)),
        "num_notes": str(len(dated) + len(chats)),
        "hs_latest_meeting_activity": _text(max(meetings, default=None)),
        "hs_last_sales_activity_type": engaged_by,
        "hs_last_sales_activity_timestamp": _text(engaged_at),
        "hs_sales_email_last_replied": _text(replied),
    }


def _engagements(replied: int | None, own: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """What the person did last, of each sort: the last engagement is theirs, not ours."""
    if replied is not None:
        yield replied, "EMAIL_REPLY"
    for name, what in (
        ("recent_conversion_date", "FORM_SUBMITTED"),
        ("hs_analytics_last_timestamp", "HUBSPOT_REVISIT"),
    ):
        if at := own.get(name):
            yield to_ms(at), what


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
