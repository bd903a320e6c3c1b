"""What an account says of itself: owners and details."""

import base64
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response

from crm_gdpr.emulator.account import Owner
from crm_gdpr.emulator.errors import Malformed, NotFound
from crm_gdpr.emulator.instants import text, to_ms
from crm_gdpr.emulator.records import id_number
from crm_gdpr.emulator.wire.answers import answer
from crm_gdpr.emulator.wire.call import Call

TIME_ZONE = ZoneInfo("Europe/Stockholm")


def list_owners(call: Call) -> Response:
    """The cursor of owners is opaque, unlike others."""
    email, limit = call.request.args.get("email", "").lower(), call.number("limit", 100, 500)
    start = _cursor(call.request.args.get("after"))
    rows = [o for o in _owners(call) if email in ("", o.email.lower()) and int(o.id) >= start]
    body: dict[str, Any] = {"results": [_owner(call, owner) for owner in rows[:limit]]}
    if len(rows) > limit:
        body["paging"] = {"next": call.beyond(base64.b64encode(rows[limit].id.encode()).decode())}
    return answer(body)


def read_owner(call: Call, id_: str) -> Response:
    by_user = call.request.args.get("idProperty") == "userId"
    for owner in _owners(call):
        if id_ == (str(owner.user_id) if by_user else owner.id):
            return answer(_owner(call, owner))
    raise NotFound("owner", id_)


def account_details(call: Call) -> Response:
    now = datetime.fromtimestamp(call.portal.clock.now_ms() / 1000, UTC).astimezone(TIME_ZONE)
    offset = now.utcoffset()
    return answer(
        {
            "portalId": call.portal.portal_id,
            "accountType": "STANDARD",
            "timeZone": TIME_ZONE.key,
            "companyCurrency": "SEK",
            "additionalCurrencies": [],
            "utcOffset": now.strftime("%:z") if offset is None else now.isoformat()[-6:],
            "utcOffsetMilliseconds": int(offset.total_seconds() * 1000) if offset else 0,
            "uiDomain": "app-eu1.hubspot.com",
            "dataHostingLocation": "eu1",
        }
    )


def _owners(call: Call) -> list[Owner]:
    """Those who are there, or those who have left."""
    return [owner for owner in call.portal.owners.values() if owner.archived is call.flag("archived")]


def _cursor(after: str | None) -> int:
    if not after or after.isdigit():
        return max(0, id_number(after))
    try:
        return int(base64.b64decode(after))
    except ValueError:
        raise Malformed(f"after must be a cursor this API gave, not {after}") from None


def _owner(call: Call, owner: Owner) -> dict[str, Any]:
    at = text(to_ms(call.portal.start))
    return {
        "id": owner.id,
        "email": owner.email,
        "type": "PERSON",
        "firstName": owner.first_name,
        "lastName": owner.last_name,
        "userId": None if owner.archived else owner.user_id,
        "userIdIncludingInactive": owner.user_id,
        "createdAt": at,
        "updatedAt": at,
        "archived": owner.archived,
    }
