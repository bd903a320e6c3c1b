"""Every operation of lists and memberships."""

from crm_gdpr.emulator import Portal
from tests.emulator.contract import Judge

OPERATION = {"operationType": "STRING", "operator": "IS_EQUAL_TO", "value": "Ek", "includeObjectsWithNoValueSet": False}
FILTERS = {
    "filterBranchType": "OR",
    "filterBranchOperator": "OR",
    "filters": [],
    "filterBranches": [
        {
            "filterBranchType": "AND",
            "filterBranchOperator": "AND",
            "filterBranches": [],
            "filters": [{"filterType": "PROPERTY", "property": "lastname", "operation": OPERATION}],
        }
    ],
}


def call_lists(judge: Judge, portal: Portal) -> None:
    people = [portal.add_contact(lastname="Ek") for _ in range(3)]
    new = {"objectTypeId": "0-1", "processingType": "MANUAL"}
    one = judge("lists", "POST", "", {**new, "name": "By hand"})["list"]["listId"]
    other = judge("lists", "POST", "", {**new, "name": "Also by hand"})["list"]["listId"]
    active = {**new, "name": "Ek", "processingType": "DYNAMIC", "filterBranch": FILTERS}
    following = judge("lists", "POST", "", active)["list"]["listId"]
    call_memberships(judge, one, other, people)
    judge("lists", "GET", "/<list_id>", list_id=following, query="includeFilters=true")
    judge("lists", "PUT", "/<list_id>/update-list-filters", {"filterBranch": FILTERS}, list_id=following)
    judge("lists", "GET", "", query=f"listIds={one}&listIds={following}")
    judge("lists", "POST", "/search", {"query": "hand"})
    judge("lists", "GET", "/object-type-id/<kind>/name/<name>", kind="0-1", name="ek")
    judge("lists", "GET", "/idmapping", query=f"legacyListId={one}")
    judge("lists", "POST", "/idmapping", [one, "77"])
    judge("lists", "PUT", "/<list_id>/update-list-name", list_id=one, query="listName=Renamed")
    judge("lists", "DELETE", "/<list_id>", list_id=one, status=204)
    judge("lists", "PUT", "/<list_id>/restore", list_id=one, status=204)


def call_memberships(judge: Judge, one: str, other: str, people: list[str]) -> None:
    first, *others = people
    judge("lists", "PUT", "/<list_id>/memberships/add", [*people, "7"], list_id=one)
    judge("lists", "GET", "/<list_id>/memberships", list_id=one, query="limit=1")
    judge("lists", "GET", "/<list_id>/memberships/join-order", list_id=one)
    judge("lists", "PUT", "/<list_id>/memberships/remove", [first], list_id=one)
    change = {"recordIdsToAdd": [first], "recordIdsToRemove": others[:1]}
    judge("lists", "PUT", "/<list_id>/memberships/add-and-remove", change, list_id=one)
    add_from = "/<list_id>/memberships/add-from/<source_id>"
    judge("lists", "PUT", add_from, list_id=other, source_id=one, status=204)
    judge("lists", "GET", "/records/<kind>/<id_>/memberships", kind="0-1", id_=first)
    asked = {"inputs": [{"objectTypeId": "0-1", "recordId": first}]}
    judge("lists", "POST", "/records/memberships/batch/read", asked)
    judge("lists", "DELETE", "/<list_id>/memberships", list_id=other, status=204)
