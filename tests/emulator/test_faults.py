"""Everything that can be told to go wrong does, as told, and nothing else does."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from crm_gdpr.emulator import Portal, Running
from crm_gdpr.emulator.faults import POLICIES, Fault, Faults
from tests.emulator.conftest import Api

CONTACTS = "/crm/objects/2026-09/contacts"
OLD_CONTACTS = "/crm/v3/objects/contacts"


def order(api: Api, **fault: Any) -> None:
    assert api("POST", "/_emulator/faults", fault).status_code == 200


def batch(portal: Portal, count: int = 3) -> dict[str, Any]:
    return {"inputs": [{"id": portal.add_contact(firstname="Before")} for _ in range(count)]}


@pytest.mark.parametrize("policy", POLICIES)
def test_a_burst_of_limits_says_which_one(api: Api, policy: str):
    order(api, status=429, policy=policy, times=3)
    answers = [api("GET", CONTACTS) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [429, 429, 429, 200]
    assert answers[0].json()["policyName"] == policy
    assert answers[0].json()["message"] == f"You have reached your {policy.lower()} limit."


@pytest.mark.parametrize(("status", "category"), [(500, "INTERNAL_ERROR"), (423, "LOCKED"), (404, "OBJECT_NOT_FOUND")])
def test_a_failure_has_hubspot_s_envelope(api: Api, status: int, category: str):
    order(api, status=status)
    answer = api("GET", CONTACTS)
    assert (answer.status_code, answer.json()["category"]) == (status, category)
    assert answer.headers["X-HubSpot-Correlation-Id"]


def test_a_migration_says_when_to_come_back(api: Api):
    order(api, status=477)
    assert api("GET", CONTACTS).headers["Retry-After"] == "5"
    order(api, status=477, retry_after=60)
    assert api("GET", CONTACTS).headers["Retry-After"] == "60"


def test_a_gateway_answers_with_a_page(api: Api):
    order(api, status=503, page=True)
    answer = api("GET", CONTACTS)
    assert answer.status_code == 503
    assert answer.headers["Content-Type"].startswith("text/html")


def test_a_share_of_the_calls_fails_the_same_ones_in_every_run(api: Api):
    order(api, status=500, share=0.3, times=1000)
    failed = [api("GET", CONTACTS).status_code == 500 for _ in range(100)]
    assert 15 < sum(failed) < 45
    again = Faults()
    again.waiting = [Fault(status=500, share=0.3, times=1000)]
    assert [again.take("GET", CONTACTS) is not None for _ in range(100)] == failed


def test_only_calls_of_that_method_and_path_fail(portal: Portal, api: Api):
    order(api, match="/companies", method="POST")
    assert api("GET", "/crm/objects/2026-09/companies").status_code == 200
    assert api("POST", CONTACTS, {"properties": {}}).status_code == 201
    assert api("POST", "/crm/objects/2026-09/companies", {"properties": {"name": "A"}}).status_code == 503
    assert len(portal.live["companies"]) == 0


def test_a_line_torn_in_the_body_leaves_half_an_answer_to_work_that_was_done(portal: Portal, api: Api):
    order(api, method="POST", reset_in_body=True)
    with pytest.raises(requests.RequestException):
        api("POST", CONTACTS, {"properties": {"email": "anna@example.se"}})
    assert portal.find("contacts", "anna@example.se", "email")


def test_a_cut_line_is_a_reset(api: Api):
    order(api, reset=True)
    with pytest.raises(requests.ConnectionError, match="reset"):
        api("GET", CONTACTS)


@pytest.mark.parametrize("how", [{"dribble_ms": 200}, {"delay_ms": 200, "status": 0}])
def test_a_slow_answer_is_whole_in_the_end(portal: Portal, api: Api, how: dict[str, int]):
    anna = portal.add_contact()
    order(api, **how)
    started = time.monotonic()
    assert api("GET", CONTACTS).json()["results"][0]["id"] == anna
    assert time.monotonic() - started >= 0.15


@pytest.mark.parametrize(("path", "status"), [(CONTACTS, 200), (OLD_CONTACTS, 207)])
def test_a_batch_can_fail_in_part(portal: Portal, api: Api, path: str, status: int):
    body = batch(portal)
    for one in body["inputs"]:
        one["properties"] = {"firstname": "After"}
    order(api, match="/batch/update", inputs=2)
    answer = api("POST", f"{path}/batch/update", body)
    lost = [one["id"] for one in body["inputs"][:2]]
    assert (answer.status_code, answer.json()["numErrors"]) == (status, 2)
    assert [error["context"]["ids"] for error in answer.json()["errors"]] == [[id_] for id_ in lost]
    assert [one["id"] for one in answer.json()["results"]] == [body["inputs"][2]["id"]]
    assert {portal.value("contacts", id_, "firstname") for id_ in lost} == {"Before"}


def test_an_archiving_batch_can_fail_in_part_without_a_word(portal: Portal, api: Api):
    body = batch(portal)
    order(api, match="/batch/archive", inputs=1)
    assert api("POST", f"{CONTACTS}/batch/archive", body).status_code == 204
    assert [portal.is_live(one["id"]) for one in body["inputs"]] == [True, False, False]


def test_a_batch_that_is_nonsense_is_refused_whether_it_would_fail_or_not(api: Api):
    order(api, match="/batch/read", inputs=1)
    assert api("POST", f"{CONTACTS}/batch/read", {"inputs": "all"}).status_code == 400


@pytest.mark.parametrize("wrong", [{"times": "2"}, {"policy": "WEEKLY"}, {"share": "half"}, {"retry_after": 1.5}])
def test_a_fault_that_cannot_be_is_refused(api: Api, wrong: dict[str, Any]):
    assert api("POST", "/_emulator/faults", wrong).status_code == 400


def test_calls_at_once_share_the_faults_and_are_all_counted(running: Running):
    running.guard.faults.waiting = [Fault(status=503, times=30)]

    def call(_number: int) -> list[int]:
        api = Api(running.url)
        statuses = [api("GET", "/crm/v3/owners").status_code for _ in range(15)]
        api.close()
        return statuses

    with ThreadPoolExecutor(8) as pool:
        told = Counter(status for statuses in pool.map(call, range(8)) for status in statuses)
    assert told == {503: 30, 200: 90}
    assert {status: count for (_, _, status), count in running.guard.calls.items()} == told


def test_what_is_asked_for_and_not_there_is_listed(api: Api):
    assert api("GET", "/app-webhooks/2026-09/1/settings").status_code == 404
    assert api("GET", "/_emulator/stats").json()["not_emulated"] == [
        {"method": "GET", "path": "/app-webhooks/2026-09/1/settings", "count": 1}
    ]


def test_the_index_of_associations_may_be_late(portal: Portal, api: Api):
    anna, company = portal.add_contact(), portal.add_company()
    api("POST", "/_emulator/switches", {"association_lag_ms": 60_000})
    pairs = f"{CONTACTS}/{anna}/associations"

    def shown() -> list[bool]:
        batch_read = "/crm/associations/2026-09/contacts/companies/batch/read"
        record = api("GET", f"{CONTACTS}/{anna}?associations=companies").json()
        in_batch = api("POST", batch_read, {"inputs": [{"id": anna}]}).json()
        return [bool(api("GET", f"{pairs}/companies").json()["results"]), "associations" in record, *_found(in_batch)]

    assert api("PUT", f"{pairs}/default/companies/{company}").status_code == 200
    assert shown() == [False, False, False]
    portal.advance(minutes=1)
    assert shown() == [True, True, True]
    assert api("DELETE", f"{pairs}/companies/{company}").status_code == 204
    assert shown() == [True, True, True]
    portal.advance(minutes=1)
    assert shown() == [False, False, False]


def _found(answer: dict[str, Any]) -> list[bool]:
    return [bool(answer["results"])]
