"""Whole answers, or none: what HubSpot may leave out, repeat or slip in."""

from datetime import UTC, datetime

import pytest

from crm_gdpr.sync.errors import Malformed
from tests.sync.conftest import BASE, OBJECTS, contact, sent

CONTACTS = f"{OBJECTS}/contacts"
TO_NOTES = f"{BASE}/crm/associations/2026-09/contacts/notes/batch/read"


def page(*results, after=None, **more):
    paging = {"paging": {"next": {"after": after}}} if after else {}
    return {"results": list(results), **paging, **more}


def line(origin, *to, after=None):
    """One line of an association read; ids are numbers on the wire."""
    paging = {"paging": {"next": {"after": after}}} if after else {}
    return {"from": {"id": origin}, "to": [{"toObjectId": each} for each in to], **paging}


def none_found(origin):
    return {
        "category": "OBJECT_NOT_FOUND",
        "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
        "context": {"id": [origin]},
    }


def test_a_record_is_a_value(hubspot, answers):
    associations = {
        "companies": {"results": [{"id": "7", "type": "primary"}, {"id": "7", "type": "contact_to_company"}]}
    }
    answers.get(f"{CONTACTS}/1", json={**contact(1, email=None), "associations": associations, "url": "new field"})
    jane = hubspot.read("contacts", "1", ["email"], associations=["companies"])
    assert (jane.kind, jane.id, jane.properties) == ("contacts", "1", {"email": None})
    assert jane.associations == {"companies": ("7",)}
    assert jane.created_at == datetime(2026, 1, 2, 3, 4, 5, 678000, UTC)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param([], id="a list"),
        pytest.param({"properties": {}}, id="a record without id"),
        pytest.param({"id": "", "properties": {}}, id="an empty id"),
        pytest.param({"id": True, "properties": {}}, id="an id that is none"),
        pytest.param({"id": "1"}, id="a record without properties"),
        pytest.param({"id": "1", "properties": {"email": {"value": "x"}}}, id="values of an older API"),
        pytest.param({"id": "1", "properties": {}, "associations": {"companies": {}}}, id="associations cut away"),
        pytest.param(
            {"id": "1", "properties": {}, "associations": {"companies": {"results": [{}]}}},
            id="an associated record without id",
        ),
    ],
)
def test_a_record_is_not_concluded_from(hubspot, answers, answer):
    answers.get(f"{CONTACTS}/1", json=answer)
    with pytest.raises(Malformed):
        hubspot.read("contacts", "1", [])


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param({}, id="an answer without results"),
        pytest.param({"results": None}, id="results that are null"),
        pytest.param({"results": [{"properties": {}}]}, id="a result without id"),
        pytest.param({"results": [], "paging": {"next": {}}}, id="a next page without a cursor"),
        pytest.param({"results": [], "numErrors": 1}, id="errors counted and not listed"),
    ],
)
def test_a_list_is_not_concluded_from(hubspot, answers, answer):
    answers.get(CONTACTS, json=answer)
    with pytest.raises(Malformed):
        list(hubspot.pages("contacts", []))


def test_pages_are_read_to_the_last(hubspot, answers):
    answers.get(CONTACTS, json=page(contact("1"), contact("2"), after="3"))
    answers.get(CONTACTS, json=page(contact("3")))
    assert [[each.id for each in records] for records in hubspot.pages("contacts", [])] == [["1", "2"], ["3"]]
    assert [call.request.params.get("after") for call in answers.calls] == [None, "3"]
    assert answers.calls[0].request.params["limit"] == "100"


def test_a_cursor_that_comes_back_is_not_followed_for_ever(hubspot, answers):
    for _ in range(2):
        answers.get(CONTACTS, json=page(contact("1"), after="2"))
    with pytest.raises(Malformed, match="a page already read"):
        list(hubspot.pages("contacts", []))


def test_the_rest_of_a_long_list_of_associations_is_fetched(hubspot, answers):
    short = {"notes": {"results": [{"id": "11"}], "paging": {"next": {"after": "x"}}}}
    answers.get(CONTACTS, json=page({**contact("1"), "associations": short}, contact("2")))
    answers.post(TO_NOTES, json=page(line("1", 11, 12)))
    (records,) = hubspot.pages("contacts", [], associations=["notes"])
    assert [each.associations for each in records] == [{"notes": ("11", "12")}, {}]


def test_many_records_are_read_a_hundred_at_a_time_and_the_missing_left_out(hubspot, answers):
    ids = [str(number) for number in range(1, 102)]
    gone = {"category": "OBJECT_NOT_FOUND", "context": {"ids": ["2"]}}
    first = [contact(each) for each in ids[:100] if each != "2"]
    answers.post(f"{CONTACTS}/batch/read", status=207, json=page(*first, numErrors=1, errors=[gone]))
    answers.post(f"{CONTACTS}/batch/read", json=page(contact("101")))
    assert set(hubspot.read_many("contacts", [*ids, "1"], ["email"])) == set(ids) - {"2"}
    assert sent(answers)["inputs"] == [{"id": "101"}]


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(page(contact("1"), contact("3")), id="a record nobody asked for"),
        pytest.param(page(contact("1"), errors=[{"category": "INTERNAL_ERROR"}], numErrors=1), id="an error of theirs"),
    ],
)
def test_a_batch_is_not_concluded_from(hubspot, answers, answer):
    answers.post(f"{CONTACTS}/batch/read", json=answer)
    with pytest.raises(Malformed):
        hubspot.read_many("contacts", ["1", "2"], [])


def test_nothing_asked_is_nothing_sent(hubspot):
    assert hubspot.read_many("contacts", [], []) == {}
    assert hubspot.associated("contacts", "notes", []) == {}


def test_what_changed_is_keyed_by_id_so_that_equal_timestamps_are_not_lost(hubspot, answers):
    search = f"{CONTACTS}/search"
    answers.post(search, json=page(contact("9"), contact("10"), after="200"))
    answers.post(search, json=page(contact("11")))
    since = datetime(2026, 1, 1, tzinfo=UTC)
    assert [[each.id for each in found] for found in hubspot.changed("contacts", since, ["email"])] == [
        ["9", "10"],
        ["11"],
    ]
    moved, key = sent(answers)["filterGroups"][0]["filters"]
    assert moved == {"propertyName": "lastmodifieddate", "operator": "GTE", "value": "1767225600000"}
    assert key == {"propertyName": "hs_object_id", "operator": "GT", "value": "10"}
    assert "after" not in sent(answers)
    assert sent(answers)["limit"] == 200


def test_other_kinds_have_another_name_for_the_day_of_change(hubspot, answers):
    answers.post(f"{OBJECTS}/emails/search", json=page())
    assert list(hubspot.changed("emails", datetime(2026, 1, 1, tzinfo=UTC), [])) == []
    assert sent(answers)["filterGroups"][0]["filters"][0]["propertyName"] == "hs_lastmodifieddate"


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(page(contact("2"), contact("1")), id="ids out of order"),
        pytest.param(page(contact("x")), id="an id that is no number"),
        pytest.param(page(after="200"), id="an empty page with another to follow"),
    ],
)
def test_a_search_is_not_concluded_from(hubspot, answers, answer):
    answers.post(f"{CONTACTS}/search", json=answer)
    with pytest.raises(Malformed):
        list(hubspot.search("contacts", [], []))


def test_a_search_that_ignores_its_key_ends(hubspot, answers):
    for _ in range(2):
        answers.post(f"{CONTACTS}/search", json=page(contact("1"), after="1"))
    with pytest.raises(Malformed, match="out of order"):
        list(hubspot.search("contacts", [], []))


def test_associations_are_followed_per_record_to_the_last(hubspot, answers):
    errors = {"errors": [none_found("3")], "numErrors": 1}
    answers.post(TO_NOTES, status=207, json=page(line("1", 11, "12", after="b"), line("2", 21, 21), **errors))
    answers.post(TO_NOTES, json=page(line("1", 13)))
    found = hubspot.associated("contacts", "notes", ["1", "2", "3", "4"])
    assert found == {"1": ("11", "12", "13"), "2": ("21",), "3": (), "4": ()}
    assert sent(answers) == {"inputs": [{"id": "1", "after": "b"}]}


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(page({"from": {"id": "1"}}), id="a line without its end"),
        pytest.param(page(line("2", 21)), id="associations of another"),
        pytest.param(page({"from": {"id": "1"}, "to": [{}]}), id="an end without an id"),
        pytest.param(page(errors=[{"category": "VALIDATION_ERROR"}], numErrors=1), id="an error that hides some"),
    ],
)
def test_associations_are_not_concluded_from(hubspot, answers, answer):
    answers.post(TO_NOTES, json=answer)
    with pytest.raises(Malformed):
        hubspot.associated("contacts", "notes", ["1"])


def test_associations_that_lead_back_end(hubspot, answers):
    for _ in range(2):
        answers.post(TO_NOTES, json=page(line("1", 11, after="b")))
    with pytest.raises(Malformed, match="already read"):
        hubspot.associated("contacts", "notes", ["1"])


def test_owners_pipelines_and_the_account(hubspot, answers):
    answers.get(f"{BASE}/crm/owners/2026-09", json=page({"id": "1"}, after="b"))
    answers.get(f"{BASE}/crm/owners/2026-09", json=page({"id": "2"}))
    answers.get(f"{BASE}/crm/pipelines/2026-09/deals", json=page({"id": "default", "stages": []}))
    answers.get(f"{BASE}/account-info/2026-09/details", json={"portalId": 62515})
    assert [owner["id"] for owner in hubspot.owners()] == ["1", "2"]
    assert hubspot.pipelines("deals")[0]["id"] == "default"
    assert hubspot.account()["portalId"] == 62515


@pytest.mark.parametrize("answer", [page({}), {"results": "none"}], ids=["a half definition", "no list"])
def test_definitions_come_whole(hubspot, answers, answer):
    answers.get(f"{BASE}/crm/properties/2026-09/contacts", json=answer)
    with pytest.raises(Malformed):
        hubspot.properties("contacts")
