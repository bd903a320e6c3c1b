"""Plan what usage data is to go: each table by category, properties of contacts, and people who are let go early."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from crm_gdpr.addons.usage.people import identities, split
from crm_gdpr.policy.usage import UsageProperty, clearings, last_past

if TYPE_CHECKING:
    from datetime import date

    from crm_gdpr.env import Env
    from crm_gdpr.store.usage_plans import UsagePlan
    from crm_gdpr.store.usage_rows import Rows

Step = dict[str, Any]


def look(env: Env) -> Iterator[tuple[str, str]]:
    """Tell doctor whether each table is as policy.toml describes it, and whether rows stand in it without a time."""
    undated = {name: rows.undated() for name, rows in env.usage_tables().items()}
    found = [f"{name}: {count} rows without a time are never let go of" for name, count in undated.items() if count]
    yield from (("look", each) for each in found)
    if not found:
        yield "ok", f"{len(undated)} tables"


def plan_night(env: Env) -> None:
    """Plan every night; nothing goes before a named person has approved it."""
    make_plan(env)


def make_plan(env: Env) -> UsagePlan | None:
    """Keep a plan of all that is due today; None when nothing is."""
    here = env.usage_tables()
    steps = [*_rows_due(env, here), *_properties_due(env), *_people_due(env, here)]
    if not steps:
        return None
    plan = env.store.usage_plans.make(env.today(), steps)
    rows = sum(step["rows"] for step in steps)
    env.record("usage.planned", actor="usage", plan=plan.id, hash=plan.hash, steps=len(steps), rows=rows)
    return plan


def _rows_due(env: Env, here: dict[str, Rows]) -> Iterator[Step]:
    for name, rows in here.items():
        for clearing in clearings(rows.spec, env.policy.usage, env.today()):
            due = rows.due(clearing)
            if due:
                last_day = clearing.last_day.isoformat()
                yield {
                    "table": name,
                    "action": clearing.action,
                    "category": clearing.category,
                    "last_day": last_day,
                    "rows": due,
                }


def _properties_due(env: Env) -> Iterator[Step]:
    for each in env.policy.usage.properties:
        last_day = last_past(each.category, env.policy.usage, env.today())
        due = len(property_due(env, each, last_day))
        if due:
            yield {"property": each.name, "category": each.category, "last_day": last_day.isoformat(), "rows": due}


def _people_due(env: Env, here: dict[str, Rows]) -> Iterator[Step]:
    if not here:
        return
    early, _ = split(env)
    for contact_id, person in identities(env, early, {n for rows in here.values() for n in rows.spec.person}).items():
        found = sum(1 for rows in here.values() for _ in rows.of(person))
        if found:
            yield {"contact": contact_id, "rows": found}


def property_due(env: Env, each: UsageProperty, last_day: date) -> list[str]:
    """Return the contacts whose property is dated that day or before and still has a value."""
    zone = ZoneInfo(env.policy.controller.timezone)
    end = datetime.combine(last_day + timedelta(days=1), time(), zone).astimezone(UTC)
    filters = [
        {"propertyName": each.at, "operator": "LT", "value": str(int(end.timestamp() * 1000))},
        {"propertyName": each.name, "operator": "HAS_PROPERTY"},
    ]
    return [record.id for page in env.hubspot.search("contacts", filters, (each.name,)) for record in page]
