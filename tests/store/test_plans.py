"""Plans: what was seen is what is approved, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from crm_gdpr.policy import Text, Verdict
from crm_gdpr.policy.verdict import Reason
from crm_gdpr.store.plans import PlanItem, fingerprint

ON, AT = date(2026, 11, 2), datetime(2026, 11, 2, 8, tzinfo=UTC)
FACTS = {"contact": {"created_on": "2023-01-10"}}
ITEMS = [
    PlanItem("1", "archive", {"verdict": "archive"}, FACTS),
    PlanItem("2", "review", {"verdict": "review"}, FACTS),
]


@pytest.fixture
def plan(store):
    due = Reason("archive_due", Text("Dags.", "Due."))
    steps = [("archive", Verdict("1", "archive", (due,)), FACTS), ("review", Verdict("2", "review", ()), FACTS)]
    return store.plans.make(ON, steps)


def test_a_plan_is_read_as_it_was_made(store, plan):
    assert store.plans.get(plan.id) == plan
    assert [(item.contact_id, item.step, item.state) for item in store.plans.items(plan.id)] == [
        ("1", "archive", "waiting"),
        ("2", "review", "waiting"),
    ]
    assert fingerprint(ON, store.plans.items(plan.id)) == plan.hash


def test_the_hash_does_not_depend_on_the_order():
    assert fingerprint(ON, ITEMS) == fingerprint(ON, ITEMS[::-1])


@pytest.mark.parametrize(
    "items",
    [
        ITEMS[:1],
        [*ITEMS, PlanItem("3", "review", {}, {})],
        [replace(ITEMS[0], contact_id="9"), ITEMS[1]],
        [replace(ITEMS[0], step="erase"), ITEMS[1]],
        [replace(ITEMS[0], verdict={"verdict": "archive", "because": []}), ITEMS[1]],
        [replace(ITEMS[0], facts={"contact": {"created_on": "2023-01-11"}}), ITEMS[1]],
    ],
    ids=["one less", "one more", "another person", "another step", "another reason", "another fact"],
)
def test_the_hash_binds_every_person_step_reason_and_fact(items):
    assert fingerprint(ON, items) != fingerprint(ON, ITEMS)


def test_the_hash_binds_the_day():
    assert fingerprint(date(2026, 11, 3), ITEMS) != fingerprint(ON, ITEMS)


def test_the_hash_does_not_change_as_the_plan_is_carried_out(store, plan):
    store.plans.mark(plan.id, ["1"], "done", "in the bin")
    assert fingerprint(ON, store.plans.items(plan.id)) == plan.hash
    assert store.plans.counts(plan.id) == {("archive", "done"): 1, ("review", "waiting"): 1}


def test_a_plan_is_approved_by_one_person_once(store, plan):
    assert store.plans.approve(plan.id, "kim", AT)
    assert not store.plans.approve(plan.id, "other", AT)
    assert store.plans.get(plan.id).approved_by == "kim"


def test_nobody_approves_a_plan_that_is_not_there(store):
    assert not store.plans.approve(77, "kim", AT)
    assert store.plans.get(77) is None


def test_a_mark_stays_within_its_plan(store, plan):
    other = store.plans.make(ON, [("archive", Verdict("1", "archive", ()), {})])
    store.plans.mark(other.id, ["1"], "done", "")
    assert store.plans.items(plan.id)[0].state == "waiting"


def test_the_newest_plan_comes_first(store, plan):
    other = store.plans.make(ON, [])
    assert [p.id for p in store.plans.newest()] == [other.id, plan.id]


def test_the_second_name_is_another_one(store, plan):
    assert not store.plans.second(plan.id, "kim", AT), "there is no first one yet"
    store.plans.approve(plan.id, "kim", AT)
    assert not store.plans.second(plan.id, "kim", AT)
    assert store.plans.second(plan.id, "alex", AT)
    assert not store.plans.second(plan.id, "robin", AT)
    assert store.plans.get(plan.id).approvers == ("kim", "alex")


def test_a_closed_plan_names_nobody_and_still_proves_what_was_approved(store, plan):
    store.plans.close(plan.id, lambda contact_id: f"{contact_id:x>64}", ON)
    (one, _) = store.plans.items(plan.id)
    assert (one.contact_id, one.facts) == ("1".rjust(64, "x"), {})
    assert one.verdict == {"verdict": "archive", "because": [{"code": "archive_due"}]}
    assert store.plans.proven(store.plans.get(plan.id))
    assert store.plans.open_before(date(2027, 1, 1)) == []


def test_a_closed_plan_with_an_item_taken_away_proves_nothing(store, plan):
    store.plans.close(plan.id, str, ON)
    with store.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM plan_items WHERE step = 'review'")
    assert not store.plans.proven(store.plans.get(plan.id))


def test_a_plan_past_its_period_is_deleted(store, plan):
    assert store.plans.forget_before(ON) == 0
    assert store.plans.forget_before(date(2026, 11, 3)) == 1
    assert store.plans.get(plan.id) is None
    assert store.plans.items(plan.id) == []


def test_the_largest_plan_of_a_day_counts(store, plan):
    store.plans.make(ON, [])
    assert store.plans.destructive_by_day(ON) == {ON: 1}
    assert store.plans.destructive_by_day(date(2026, 11, 3)) == {}
