"""One budget for all processes, over a real Redis."""

import subprocess
import sys
import time

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from crm_gdpr.sync.budget import PLANS, Budget, Limit, families_of
from crm_gdpr.sync.errors import Limited

SPENDER = """
import sys, time, redis
from crm_gdpr.sync.budget import Budget
budget = Budget(redis.Redis.from_url(sys.argv[1]), "1", "free")
budget.acquire("general", "bulk")
end = time.time() + 2.0
while time.time() < end:
    print(time.time())
    budget.acquire("general", "bulk")
"""


@pytest.fixture
def waits():
    return []


@pytest.fixture
def budget(store, waits):
    return Budget(store, "1", "free", sleep=waits.append)


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("family", ["general", "associations", "search"])
@pytest.mark.parametrize("lane", ["interactive", "bulk"])
def test_rate_and_burst_together_stay_within_the_limit(plan, family, lane):
    limit = PLANS[plan].limit(family)
    rate = limit.rate(lane, reserve=0.1)
    assert rate.limit * limit.window_ms / rate.interval + rate.burst <= limit.calls


@pytest.mark.parametrize("plan", PLANS)
def test_a_scan_uses_nearly_all_of_what_is_not_reserved(plan):
    limit = PLANS[plan].general
    assert limit.rate("bulk", reserve=0.1).limit >= 0.95 * 0.9 * limit.calls


def test_two_processes_share_one_budget(store, redis_url):
    spenders = [
        subprocess.Popen([sys.executable, "-c", SPENDER, redis_url], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    made = [[float(line) for line in spender.communicate(timeout=30)[0].split()] for spender in spenders]
    assert all(len(calls) > 3 for calls in made)
    calls = sorted(at for each in made for at in each)
    rate = Limit(100).rate("bulk", reserve=0.1)
    most = rate.burst + rate.limit * (calls[-1] - calls[0]) / 10 + 2
    assert len(calls) <= most


def test_a_person_does_not_wait_behind_a_scan(budget, waits):
    for _ in range(2):
        budget.acquire("general", "bulk")
    budget_is_empty_for_a_scan = budget._wait("general", "bulk")
    assert budget_is_empty_for_a_scan > 0
    for _ in range(10):
        budget.acquire("general", "interactive")
    assert waits == []


def test_a_scan_waits_for_its_turn(store):
    waits = []

    def sleep(seconds):
        waits.append(seconds)
        time.sleep(seconds)

    budget = Budget(store, "1", "free", sleep=sleep)
    for _ in range(4):
        budget.acquire("general", "bulk")
    assert 2 <= len(waits) <= 6
    assert max(waits) < 0.2


def test_families_do_not_spend_each_other(budget, waits):
    for family in ("general", "associations", "search"):
        budget.acquire(family, "bulk")
    assert waits == []


@pytest.mark.parametrize(
    ("path", "families"),
    [
        ("/crm/v3/objects/contacts/search", ("search",)),
        ("/crm/v4/associations/contacts/emails/batch/read", ("associations", "general")),
        ("/crm/v3/objects/contacts/batch/read", ("general",)),
    ],
)
def test_a_call_is_taken_from_the_allowance_hubspot_takes_it_from(path, families):
    assert families_of(path) == families


def test_a_429_makes_other_processes_wait_until_it_is_over(budget, store):
    Budget(store, "1", "free").pause("general", 0.5)
    assert 0.3 < budget._wait("general", "interactive") <= 0.5
    assert budget._wait("search", "interactive") == 0
    store.delete("crm_gdpr:budget:1:pause:general")
    assert budget._wait("general", "interactive") == 0


def test_a_spent_day_stops_every_process_at_once(budget, store, waits):
    Budget(store, "1", "free").day_is_spent()
    with pytest.raises(Limited) as error:
        budget.acquire("search", "interactive")
    assert error.value.policy == "DAILY"
    assert waits == []


def test_the_last_tenth_of_the_day_is_kept_for_people(budget, store):
    budget.acquire("general", "interactive")
    (day,) = store.keys("crm_gdpr:budget:1:day:*")
    store.set(day, 225_000)
    with pytest.raises(Limited):
        budget.acquire("general", "bulk")
    budget.acquire("general", "interactive")
    assert budget.spent_today() == 225_001


def test_patience_ends(budget, store):
    budget.pause("general", 60)
    with pytest.raises(Limited) as error:
        budget.acquire("general", "interactive")
    assert error.value.policy == "BUDGET"


def test_portals_do_not_spend_each_other(budget, store, waits):
    other = Budget(store, "2", "free", sleep=waits.append)
    for _ in range(2):
        budget.acquire("general", "bulk")
        other.acquire("general", "bulk")
    assert waits == []


def test_every_key_is_ours_and_none_stays_for_ever(budget, store):
    budget.acquire("general", "bulk")
    budget.pause("general", 1)
    budget.day_is_spent()
    keys = store.keys("*")
    assert len(keys) == 4
    assert all(key.startswith(b"crm_gdpr:") and 0 < store.ttl(key) <= 2 * 86_400 for key in keys)


def test_without_redis_a_process_goes_on_at_a_quarter_of_the_rate(tmp_path, caplog):
    gone = redis.Redis(unix_socket_path=str(tmp_path / "nobody"), retry=Retry(NoBackoff(), 0))
    budget = Budget(gone, "1", "free", sleep=time.sleep)
    budget.acquire("general", "bulk")
    budget.acquire("general", "bulk")
    assert 0.3 < budget._wait("general", "bulk") < 0.5
    assert budget.spent_today() == 0
    assert [record.message for record in caplog.records if "quarter" in record.message][1:] == []


def test_no_limits_where_there_are_none():
    budget = Budget.unlimited()
    for _ in range(1_000):
        budget.acquire("search", "bulk")
    assert budget.spent_today() == 0


def test_a_plan_that_does_not_exist_is_named(store):
    Budget.of("unlimited", 1, store).acquire("general", "bulk")
    Budget.of("professional", 1, store).acquire("general", "bulk")
    with pytest.raises(ValueError, match="HUBSPOT_PLAN is 'gold'; it may be free, professional"):
        Budget.of("gold", 1, store)
