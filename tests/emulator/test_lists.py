"""Lists: by hand, filled once, or following their filters; and who is in them."""

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crm_gdpr.emulator import Portal
from crm_gdpr.emulator.errors import Malformed
from crm_gdpr.emulator.lists import DYNAMIC, SNAPSHOT, NewList
from tests.emulator.conftest import Api

LISTS = "/crm/lists/2026-09"
TRAFFIC = Path(os.environ.get("HUBSPOT_VECTORS", Path(__file__).parents[3] / "shared" / "vectors"))


def where(name: str, operation: str, operator: str, **more: Any) -> dict[str, Any]:
    told = {"operationType": operation, "operator": operator, **more}
    return {
        "filterBranchType": "AND",
        "filterBranches": [],
        "filters": [{"filterType": "PROPERTY", "property": name, "operation": told}],
    }


def members(api: Api, id_: object, query: str = "") -> list[str]:
    return [one["recordId"] for one in api("GET", f"{LISTS}/{id_}/memberships{query}").json()["results"]]


def test_a_list_by_hand_holds_who_was_put_there(portal: Portal, api: Api):
    anna, bo = portal.add_contact(), portal.add_contact()
    people = portal.add_list(NewList("People", "contacts")).id
    assert api("PUT", f"{LISTS}/{people}/memberships/add", [anna, bo, "7"]).json() == {
        "recordsIdsAdded": [anna, bo],
        "recordIdsMissing": ["7"],
    }
    assert api("PUT", f"{LISTS}/{people}/memberships/add", [anna]).json() == {}
    assert api("PUT", f"{LISTS}/{people}/memberships/remove", [anna]).json() == {"recordIdsRemoved": [anna]}
    assert members(api, people) == [bo]


@pytest.mark.parametrize("name", ["0-1", "contact", "CONTACTS"])
def test_lists_are_found_by_any_name_of_their_object_type(portal: Portal, api: Api, name: str):
    made = {"name": name, "objectTypeId": name, "processingType": "MANUAL"}
    people = api("POST", LISTS, made).json()["list"]
    assert people["objectTypeId"] == "0-1"
    portal.add_list(NewList("Firms", "companies"))
    assert [one["name"] for one in api("POST", f"{LISTS}/search", {"objectTypeId": name}).json()["lists"]] == [name]
    anna = portal.add_contact()
    api("PUT", f"{LISTS}/{people['listId']}/memberships/add", [int(anna)])
    assert api("GET", f"{LISTS}/records/{name}/{anna}/memberships").json()["total"] == 1


def test_folders_show_as_a_gap(api: Api):
    assert api("GET", f"{LISTS}/folders?folderId=0").json()["category"] == "NOT_EMULATED"
    assert api("GET", "/_emulator/stats").json()["not_emulated"][0]["path"] == f"{LISTS}/folders"


def test_a_list_that_follows_changes_with_its_people(portal: Portal, api: Api):
    ek = portal.add_list(NewList("Ek", "contacts", DYNAMIC, where("lastname", "STRING", "IS_EQUAL_TO", value="ek"))).id
    anna = portal.add_contact(lastname="Ek")
    assert members(api, ek) == [anna]
    assert api("PUT", f"{LISTS}/{ek}/memberships/add", [anna]).status_code == 400
    portal.edit("contacts", anna, lastname="Alm")
    assert members(api, ek) == []


def test_a_snapshot_stays_as_it_was_taken(portal: Portal, api: Api):
    anna = portal.add_contact(lastname="Ek")
    taken = portal.add_list(NewList("Ek", "contacts", SNAPSHOT, where("lastname", "ALL_PROPERTY", "IS_KNOWN"))).id
    portal.add_contact(lastname="Ek")
    assert members(api, taken) == [anna]


@pytest.mark.parametrize(
    ("name", "value", "operation", "fits"),
    [
        ("lastname", "Ekdahl", {"operationType": "STRING", "operator": "STARTS_WITH", "value": "ek"}, True),
        ("lastname", "Ekdahl", {"operationType": "STRING", "operator": "DOES_NOT_CONTAIN", "value": "dahl"}, False),
        ("lastname", "", {"operationType": "STRING", "operator": "IS_NOT_EQUAL_TO", "value": "Ek"}, False),
        ("lastname", "", {"operationType": "ALL_PROPERTY", "operator": "IS_UNKNOWN"}, True),
        ("email", "a@b.se", {"operationType": "MULTISTRING", "operator": "CONTAINS", "values": ["c.se", "b.se"]}, True),
        (
            "lifecyclestage",
            "lead",
            {"operationType": "ENUMERATION", "operator": "IS_NONE_OF", "values": ["lead"]},
            False,
        ),
        ("num_notes", "3", {"operationType": "NUMBER", "operator": "IS_GREATER_THAN", "value": 2}, True),
        ("hs_email_optout", "true", {"operationType": "BOOL", "operator": "IS_EQUAL_TO", "value": True}, True),
        (
            "createdate",
            "2026-01-01T00:00:00Z",
            {"operationType": "DATETIME", "operator": "IS_BEFORE", "timestamp": 1_770_000_000_000},
            True,
        ),
    ],
)
def test_a_filter_judges_by_the_type_of_its_property(
    portal: Portal, name: str, value: str, operation: dict[str, Any], fits: bool
):
    anna = portal.add_contact()
    portal.record("contacts", int(anna)).note({name: value})
    branch = {
        "filterBranchType": "OR",
        "filters": [{"filterType": "PROPERTY", "property": name, "operation": operation}],
    }
    made = portal.add_list(NewList("Found", "contacts", DYNAMIC, branch))
    assert (int(anna) in portal.list_members(made.id)) is fits


def _renamed(operation: dict[str, Any]) -> dict[str, Any]:
    return {"operation": operation["operationType"], **{n: v for n, v in operation.items() if n != "operationType"}}


@pytest.mark.parametrize(
    "branch",
    [
        {"filterBranchType": "UNIFIED_EVENTS", "filters": []},
        {"filterBranchType": "AND", "filters": [{"filterType": "PAGE_VIEW"}]},
        where("lastname", "STRING", "HAS_EVER_BEEN_EQUAL_TO", value="Ek"),
        where("no_such_property", "STRING", "IS_EQUAL_TO", value="Ek"),
        where("createdate", "ROLLING_DATE_RANGE", "IS_LESS_THAN_X_DAYS_AGO", numberOfDays=3),
    ],
)
def test_what_cannot_be_judged_is_refused_and_never_answered_with_nobody(portal: Portal, branch: dict[str, Any]):
    with pytest.raises(Malformed):
        portal.add_list(NewList("Found", "contacts", DYNAMIC, branch))
    assert portal.lists.by_id == {}


def test_pages_follow_each_other_by_id_and_by_joining(portal: Portal, api: Api):
    people = [portal.add_contact() for _ in range(5)]
    made = portal.add_list(NewList("People", "contacts")).id
    for one in reversed(people):
        portal.add_to_list(made, [int(one)])
        portal.clock.advance(hours=1)
    found, path = [], f"{LISTS}/{made}/memberships?limit=2"
    while path:
        page = api("GET", path).json()
        found += [one["recordId"] for one in page["results"]]
        path = page.get("paging", {}).get("next", {}).get("link", "").removeprefix(api.url)
    assert found == people
    joined = api("GET", f"{LISTS}/{made}/memberships/join-order").json()["results"]
    assert [one["recordId"] for one in joined] == people[::-1]


def test_the_bin_hides_members_and_a_purge_takes_them_out(portal: Portal, api: Api):
    anna, bo = portal.add_contact(), portal.add_contact()
    made = portal.add_list(NewList("People", "contacts"))
    portal.add_to_list(made.id, [int(anna), int(bo)])
    portal.archive("contacts", anna)
    assert members(api, made.id) == [bo]
    portal.restore("contacts", anna)
    assert members(api, made.id) == [anna, bo]
    portal.purge(anna)
    portal.archive("contacts", bo)
    portal.advance(days=91)
    assert made.members == {}


def test_a_merged_member_is_in_the_list_as_what_came_of_it(portal: Portal, api: Api):
    anna, anne = portal.add_contact(), portal.add_contact()
    made = portal.add_list(NewList("People", "contacts")).id
    portal.add_to_list(made, [int(anna), int(anne)])
    merged = portal.merge("contacts", anna, anne)
    assert members(api, made) == [str(merged.id)]


def test_a_deleted_list_can_be_restored_for_ninety_days(portal: Portal, api: Api):
    made = portal.add_list(NewList("People", "contacts")).id
    assert api("DELETE", f"{LISTS}/{made}").status_code == 204
    assert api("GET", f"{LISTS}/{made}").status_code == 404
    assert api("PUT", f"{LISTS}/{made}/restore").status_code == 204
    api("DELETE", f"{LISTS}/{made}")
    portal.advance(days=91)
    assert api("PUT", f"{LISTS}/{made}/restore").status_code == 404


def test_two_lists_do_not_share_a_name(portal: Portal, api: Api):
    portal.add_list(NewList("People", "contacts"))
    again = {"name": "PEOPLE", "objectTypeId": "0-1", "processingType": "MANUAL"}
    assert api("POST", LISTS, again).status_code == 409


def test_a_record_tells_its_lists(portal: Portal, api: Api):
    anna = portal.add_contact(lastname="Ek")
    portal.add_list(NewList("Nobody", "contacts"))
    ek = portal.add_list(NewList("Ek", "contacts", DYNAMIC, where("lastname", "STRING", "IS_EQUAL_TO", value="Ek")))
    found = api("GET", f"/crm/v3/lists/records/0-1/{anna}/memberships").json()["results"]
    assert [one["listId"] for one in found] == [str(ek.id)]


def test_lists_are_part_of_a_snapshot_and_of_a_reset(portal: Portal):
    made = portal.add_list(NewList("People", "contacts"))
    taken = portal.snapshot()
    portal.reset()
    assert portal.lists.live() == []
    portal.restore_snapshot(taken)
    assert portal.lists.get(made.id).name == "People"


def recorded() -> list[Any]:
    file = TRAFFIC / "recorded_traffic.json"
    return [one for one in json.loads(file.read_text("utf-8")) if "/lists" in one["path"]] if file.is_file() else []


@pytest.mark.skipif(not recorded(), reason=f"recorded traffic is not in {TRAFFIC}")
def test_recorded_exchanges_come_out_in_kind(portal: Portal, api: Api):
    """Same status, and every recorded key there with the same type; ids stand for a list and people of our own."""
    handle = replace(portal.catalogue("contacts").get("jobtitle"), name="twitterhandle")
    portal.catalogue("contacts").create(handle)
    people = [portal.add_contact() for _ in range(2)]
    for number, one in enumerate(recorded()):
        made = portal.add_list(NewList(f"List {number}", "contacts")).id
        if one["path"].endswith("/remove") and one["request"] != [42]:
            portal.add_to_list(made, [int(id_) for id_ in people])
        if one["path"].endswith("/memberships"):
            portal.add_to_list(made, [int(portal.add_contact()) for _ in range(30)])
        body = [int(id_) for id_ in people] if is_ids(one["request"]) else replaced(one["request"], number)
        if one["response"] == {}:
            portal.add_to_list(made, [int(id_) for id_ in people])
        path = "/".join(str(made) if part.isdigit() else part for part in one["path"].split("/"))
        answer = api(one["method"], path, body, params=dict(one["query"]) | ids(one, made))
        assert answer.status_code == one["status"], (one["method"], path, answer.text)
        if one["response"] and one["status"] < 300:
            assert same_kind(one["response"], answer.json()), (path, answer.text)


def is_ids(request: Any) -> bool:
    return isinstance(request, list) and request != [42]


def replaced(request: Any, number: int) -> Any:
    return {**request, "name": f"New {number}"} if isinstance(request, dict) and request.get("name") else request


def ids(one: Any, made: int) -> dict[str, str]:
    return {"listIds": str(made)} if dict(one["query"]).get("listIds") else {}


def same_kind(then: Any, now: Any) -> bool:
    if isinstance(then, dict):
        return all(name in now and same_kind(value, now[name]) for name, value in then.items() if name not in _OWN)
    if isinstance(then, list):
        return bool(now) or not then if not (then and now) else same_kind(then[0], now[0])
    return type(then) is type(now)


_OWN = ("_trimmed_from", "createdById", "updatedById", "hs_last_record_added_at", "hs_last_record_removed_at")
