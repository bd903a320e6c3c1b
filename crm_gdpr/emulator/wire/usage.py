"""Usage figures: the calls of the day, from the very counters that limit them."""

from flask import Response

from crm_gdpr.emulator.instants import text
from crm_gdpr.emulator.wire.answers import answer
from crm_gdpr.emulator.wire.call import Call


def daily_usage(call: Call) -> Response:
    """Of private apps; where a plan sets no daily limit, none is told."""
    usage = call.usage()
    row = {
        "name": "private-apps-api-calls-daily",
        "usageLimit": usage.limit or 0,
        "currentUsage": usage.used,
        "collectedAt": call.portal.clock.now(),
        "fetchStatus": "SUCCESS",
        "resetsAt": text(usage.resets_ms),
    }
    return answer({"results": [row]})
