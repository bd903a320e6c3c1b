"""People whose source nobody knows: listed with what is missing, the oldest first, and an alarm after a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, render_template

from crm_gdpr.addons.console.people import names_of
from crm_gdpr.addons.provenance.tagging import UNKNOWN_LIST
from crm_gdpr.addons.provenance.watching import ALARM

if TYPE_CHECKING:
    from crm_gdpr.env import Env

SHOWN = 100
EVIDENCE = "gdpr_source_evidence"


def sources() -> str:
    """List those who have been unknown longest, each with what was looked at in vain."""
    env: Env = current_app.extensions["crm_gdpr"]
    now, lists = env.clock.now(), env.store.lists
    oldest = lists.waiting(UNKNOWN_LIST, SHOWN)
    ids = [item.id for item in oldest]
    records = env.hubspot.interactive().read_many("contacts", ids, (EVIDENCE,)) if ids else {}
    return render_template(
        "console/sources.html",
        listed=[(item, int((now - item.since_at).total_seconds() // 3600)) for item in oldest],
        evidence={id_: record.properties.get(EVIDENCE) for id_, record in records.items()},
        names=names_of(env, ids) if ids else {},
        count=lists.count(UNKNOWN_LIST),
        late=lists.count(UNKNOWN_LIST, before=now - ALARM),
        alarm=int(ALARM.total_seconds() // 3600),
    )
