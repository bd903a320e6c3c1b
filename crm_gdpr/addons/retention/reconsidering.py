"""Nothing keeps for ever: holds, and the flags that call a company a customer, are asked about on their review day.

One that names nobody, gives no reason, or lies further ahead than a year is asked about at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from crm_gdpr.addons.register.owners import Owners
from crm_gdpr.addons.register.weekly import ask_weekly, linked, may_ask
from crm_gdpr.policy import Text, add_months

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.sync import Record

KIND, NOTE = "reconsider", "reconsidered"
MONTHS = 12
AGAIN_AFTER = timedelta(days=30)
HOLD = ("gdpr_hold_reason", "gdpr_hold_by", "gdpr_hold_until")
FLAG = ("gdpr_customer_why", "gdpr_customer_by", "gdpr_customer_until")
INHERITED = "inherited"  # from a company or deal, which is asked about itself
IN_BIN = "i papperskorgen eller borta / in the recycle bin or gone;"
HELD = {"propertyName": HOLD[0], "operator": "HAS_PROPERTY"}
SUBJECT = Text(sv="{count} låsningar och kundflaggor att ompröva", en="{count} holds and customer flags to review")
OPENING = Text(
    sv="Behövs den inte: ta bort den. Behövs den: ange orsak, vem, och en ny dag inom tolv månader.",
    en="Not needed: take it away. Needed: give the reason, who, and a new day within twelve months.",
)


def reconsider(env: Env) -> None:
    """Ask the officer, a digest's worth a week, the longest overdue first; who is not answered is asked again."""
    owner, today = Owners(env).officer, env.today()
    if not env.policy.destruction.armed or not may_ask(env, KIND, owner):
        return
    due = dict(_due(env))
    asked = {key: day for key, day in (env.store.notes.get(NOTE) or {}).items() if key in due}
    open_ = [key for key in due if key not in asked or date.fromisoformat(asked[key]) + AGAIN_AFTER <= today]
    now = sorted(open_, key=lambda key: (due[key], key))[: env.policy.review.digest_people]
    if now:
        lines = [linked(env, kind, id_, due[key]) for key in now for kind, id_ in [key.split("/")]]
        ask_weekly(env, KIND, owner, SUBJECT, OPENING, lines)
        env.record("holds.asked", actor="retention", records=len(now))
    env.store.notes.put(NOTE, asked | dict.fromkeys(now, today.isoformat()))


def _due(env: Env) -> Iterator[tuple[str, str]]:
    """Name each record whose hold or flag is to be reviewed, with the day that stands on it."""
    flag = env.policy.relationship.manual_flag
    for kind in ("contacts", "companies", "deals"):
        yield from _among(env, kind, HELD, HOLD)
    yield from _in_bin(env)
    yield from _among(env, "companies", {"propertyName": flag, "operator": "EQ", "value": "true"}, FLAG)


def _in_bin(env: Env) -> Iterator[tuple[str, str]]:
    """Name those who are held in the recycle bin, or after it: their record can say no day."""
    for case in env.store.cases.in_state("in_bin"):
        known = env.store.index.known(case.contact_id)
        if known and isinstance(known.facts.contact.hold, str) and known.facts.contact.hold != INHERITED:
            yield f"contacts/{case.contact_id}", f"{IN_BIN} `crm-gdpr release {case.contact_id} --by NAME`"


def _among(env: Env, kind: str, wanted: Mapping[str, Any], names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for page in env.hubspot.search(kind, [wanted], names):
        for record in page:
            if not _stands(record, names, env.today()):
                yield f"{kind}/{record.id}", record.properties.get(names[2]) or ""


def _stands(record: Record, names: tuple[str, ...], today: date) -> bool:
    """Tell whether somebody gave a reason, and a day to look again that lies ahead, within a year."""
    why, who, until = (record.properties.get(name) or "" for name in names)
    return bool(why and who) and today.isoformat() < until[:10] <= add_months(today, MONTHS).isoformat()
