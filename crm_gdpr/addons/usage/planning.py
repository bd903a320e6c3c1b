"""Plan what usage data is to go: each table by category, properties of contacts, and people who are let go early."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from crm_gdpr.addons.usage.people import identities_anywhere, split
from crm_gdpr.policy import add_months
from crm_gdpr.policy.usage import UsageProperty, clearings, last_past

if TYPE_CHECKING:
    from datetime import date

    from crm_gdpr.env import Env
    from crm_gdpr.store.usage_plans import UsagePlan
    from crm_gdpr.store.usage_rows import Rows

Step = dict[str, Any]
KEPT_MONTHS = 36
OVERTAKEN_AFTER = timedelta(days=30)


def look(env: Env) -> Iterator[tuple[str, str]]:
    """Tell doctor whether each table is as policy.toml describes it, and whether rows stand in it without a time."""
    undated = {name: rows.undated() for name, rows in env.usage_tables().items()}
    found = [f"{name}: {count} rows without a time are never let go of" for name, count in undated.items() if count]
    yield from (("look", each) for each in found)
    if not found:
        yield "ok", f"{len(undated)} tables"


def plan_night(env: Env) -> None:
    """Plan every night; nothing goes before a named person has approved it, and what a cap left goes on by itself."""
    go_on(env)
    make_plan(env)
    let_go_of_names(env)


def go_on(env: Env) -> None:
    """Take up the newest approved plan that a cap or a crash broke off; nothing while stopped or not armed."""
    plan = next((each for each in env.store.usage_plans.newest() if each.approved_by), None)
    if plan is None or plan.applied_at or not plan.done or not env.policy.destruction.armed or env.store.pause.now():
        return
    env.queue.enqueue("usage.apply", f"usage-{plan.id}-{env.today()}", plan_id=plan.id)


def let_go_of_names(env: Env) -> None:
    """Name people by keyed hash in plans that were overtaken; delete plans past their period."""
    newest = next(iter(env.store.usage_plans.newest(1)), None)
    for plan in env.store.usage_plans.newest():
        over = not plan.approved_by or plan.made_on < env.today() - OVERTAKEN_AFTER
        if newest and plan.id < newest.id and over and any("contact" in step for step in plan.steps):
            env.store.usage_plans.overtaken(plan.id, [nameless(env, step) for step in plan.steps])
    env.store.usage_plans.forget_before(add_months(env.today(), -KEPT_MONTHS))


def nameless(env: Env, step: Mapping[str, Any]) -> Step:
    """Return a step as it is kept once it is over: people by keyed hash only."""
    contact = step.get("contact", "")
    return {**step, "contact": env.pseudonym(contact)} if contact.isdigit() else dict(step)


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
    properties = [each.name for each in env.policy.usage.properties]
    if not here and not properties:
        return
    early, _ = split(env)
    names = {n for rows in here.values() for n in rows.spec.person}
    filled = env.hubspot.read_many("contacts", early, properties) if properties else {}
    for contact_id, person in identities_anywhere(env, early, names).items():
        found = sum(rows.count(person) for rows in here.values())
        if contact_id in filled:
            found += sum(1 for value in properties if filled[contact_id].properties.get(value))
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
