"""What an address refused, asked and set under either version of the API; and lists."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from responses import matchers

from crm_gdpr.sync import Budget, HubSpot
from crm_gdpr.sync.errors import Malformed
from crm_gdpr.sync.lists import ContactList
from crm_gdpr.sync.preferences import Subscribed
from tests.sync.conftest import BASE, TOKEN, sent

PATHS = {
    "2026-09": (f"{BASE}/communication-preferences/2026-09", f"{BASE}/crm/lists/2026-09"),
    "v3": (f"{BASE}/communication-preferences/v4", f"{BASE}/crm/v3/lists"),
}
JANE = "jane+a@example.com"
QUOTED = "jane%2Ba%40example.com"
CHANNEL = [matchers.query_param_matcher({"channel": "EMAIL"})]


@pytest.fixture(params=PATHS)
def version(request) -> str:
    return str(request.param)


@pytest.fixture
def hubspot(version, waits) -> HubSpot:
    budget = Budget.unlimited()
    return HubSpot(access_token=TOKEN, base_url=BASE, budget=budget, api_version=version, sleep=waits.append)


def status(state: str, type_id: int = 12) -> dict[str, object]:
    return {"channel": "EMAIL", "status": state, "subscriptionId": type_id, "subscriberIdString": JANE}


def test_types_in_use_are_told(hubspot, answers, version):
    types = [{"id": "12", "name": "News", "isActive": True}, {"id": "13", "name": "Old", "isActive": False}]
    answers.get(f"{PATHS[version][0]}/definitions", json={"status": "COMPLETE", "results": types})
    assert [(each.id, each.name) for each in hubspot.subscription_types()] == [("12", "News")]


def test_a_refusal_is_not_the_same_as_never_asked(hubspot, answers, version):
    found = [status("UNSUBSCRIBED", 12), status("NOT_SPECIFIED", 13), status("SUBSCRIBED", 14)]
    answers.get(f"{PATHS[version][0]}/statuses/{QUOTED}", json={"results": found}, match=CHANNEL)
    assert hubspot.refused(JANE) == {"12"}


WHEN = "2026-11-02T08:00:00Z"


@pytest.mark.parametrize(
    ("wide", "at"),
    [
        ([{"status": "UNSUBSCRIBED", "wideStatusType": "PORTAL_WIDE", "timestamp": WHEN}], WHEN),
        ([{"status": "UNSUBSCRIBED", "wideStatusType": "BUSINESS_UNIT_WIDE", "timestamp": WHEN}], None),
        ([{"status": "NOT_SPECIFIED", "wideStatusType": "PORTAL_WIDE", "timestamp": WHEN}], None),
        ([], None),
    ],
)
def test_all_refused_is_the_whole_account(hubspot, answers, version, wide, at):
    url = f"{PATHS[version][0]}/statuses/{QUOTED}/unsubscribe-all"
    answers.get(url, json={"results": wide}, match=CHANNEL)
    assert hubspot.refused_all_at(JANE) == (at and datetime.fromisoformat(at))


def test_a_refusal_without_its_moment_is_not_believed(hubspot, answers, version):
    wide = [{"status": "UNSUBSCRIBED", "wideStatusType": "PORTAL_WIDE"}]
    answers.get(f"{PATHS[version][0]}/statuses/{QUOTED}/unsubscribe-all", json={"results": wide})
    with pytest.raises(Malformed):
        hubspot.refused_all_at(JANE)


def test_refusing_is_sent_again_when_the_answer_is_lost(hubspot, answers, version, waits):
    url = f"{PATHS[version][0]}/statuses/{QUOTED}/unsubscribe-all"
    answers.post(url, status=502)
    answers.post(url, json={"results": []}, match=CHANNEL)
    hubspot.unsubscribe_all(JANE)
    assert len(waits) == 1


def test_one_type_is_refused_with_its_ground(hubspot, answers, version):
    answers.post(f"{PATHS[version][0]}/statuses/{QUOTED}", json={"results": [status("UNSUBSCRIBED")]})
    hubspot.unsubscribe(JANE, "12")
    body = sent(answers)
    assert (body["subscriptionId"], body["statusState"], body["channel"]) == (12, "UNSUBSCRIBED", "EMAIL")
    assert body["legalBasis"] == "LEGITIMATE_INTEREST_OTHER"


def test_a_refusal_without_a_type_is_not_believed(hubspot, answers, version):
    answers.get(f"{PATHS[version][0]}/statuses/{QUOTED}", json={"results": [{"status": "UNSUBSCRIBED"}]})
    with pytest.raises(Malformed):
        hubspot.refused(JANE)


KIM = "kim@example.com"
NEWS = {**status("SUBSCRIBED"), "legalBasis": "LEGITIMATE_INTEREST_PQL"}


def test_what_people_are_sent_is_read_together_and_whoever_is_lacking_alone(hubspot, answers, version):
    base = PATHS[version][0]
    both = [{"subscriberIdString": JANE.upper(), "statuses": [NEWS, status("UNSUBSCRIBED", 13)]}]
    answers.post(f"{base}/statuses/batch/read", json={"results": both}, match=CHANNEL)
    answers.get(f"{base}/statuses/kim%40example.com", status=400, json={"category": "VALIDATION_ERROR"})
    assert hubspot.subscribed([JANE, KIM]) == {JANE: (Subscribed("12", "LEGITIMATE_INTEREST_PQL"),), KIM: ()}


def test_without_the_licence_each_address_is_read_alone(hubspot, answers, version):
    base = PATHS[version][0]
    answers.post(f"{base}/statuses/batch/read", status=403, json={"category": "MISSING_SCOPES"})
    answers.get(f"{base}/statuses/{QUOTED}", json={"results": [NEWS]}, match=CHANNEL)
    assert hubspot.subscribed([JANE]) == {JANE: (Subscribed("12", "LEGITIMATE_INTEREST_PQL"),)}


@pytest.mark.parametrize(("answer", "kept"), [(200, True), (400, False), (404, False)])
def test_a_ground_is_written_by_the_call_that_cannot_lift_a_refusal(hubspot, answers, version, answer, kept):
    path = "2026-09" if version == "2026-09" else "v3"
    answers.post(f"{BASE}/communication-preferences/{path}/subscribe", status=answer, json={})
    assert hubspot.keep_basis(JANE, "12", "LEGITIMATE_INTEREST_CLIENT", "why") is kept
    assert sent(answers) == {
        "emailAddress": JANE,
        "subscriptionId": "12",
        "legalBasis": "LEGITIMATE_INTEREST_CLIENT",
        "legalBasisExplanation": "why",
    }


def test_the_lists_of_a_contact_are_told_with_how_they_are_kept(hubspot, answers, version):
    lists = PATHS[version][1]
    answers.get(f"{lists}/records/0-1/7/memberships", json={"results": [{"listId": "1"}, {"listId": "2"}]})
    known = [
        {"listId": "1", "name": "Fair", "processingType": "MANUAL"},
        {"listId": "2", "name": "Silent", "processingType": "DYNAMIC"},
    ]
    both = matchers.query_param_matcher({"listIds": ["1", "2"]})
    answers.get(lists, json={"lists": known}, match=[both])
    assert hubspot.lists_of("7") == [ContactList("1", "Fair", True), ContactList("2", "Silent", False)]


def test_a_contact_on_no_list_costs_one_call(hubspot, answers, version):
    answers.get(f"{PATHS[version][1]}/records/0-1/7/memberships", json={"results": []})
    assert hubspot.lists_of("7") == []


def test_leaving_a_list_names_the_contact(hubspot, answers, version):
    removed = {"recordIdsRemoved": ["7"], "recordIdsMissing": [], "recordsIdsAdded": []}
    answers.put(f"{PATHS[version][1]}/1/memberships/remove", json=removed)
    hubspot.leave_list("1", "7")
    assert json.loads(answers.calls[-1].request.body) == ["7"]
