"""Creating, updating in batches, archiving, and the one call that erases."""

import json

import pytest
import responses

from crm_gdpr.sync.errors import Malformed, NotFound, Refused
from tests.sync.conftest import BASE, OBJECTS, contact, sent

BATCH = f"{OBJECTS}/contacts/batch/update"
BAD = {"category": "VALIDATION_ERROR", "message": "jane@", "errors": [{"message": "jane@", "code": "INVALID_EMAIL"}]}


def test_a_new_record_is_associated_by_hubspots_own_types(hubspot, answers):
    answers.post(f"{OBJECTS}/notes", status=201, json=contact("9", hs_note_body="Hej"))
    made = hubspot.create("notes", {"hs_note_body": "Hej"}, associations=[("contacts", "1"), ("tickets", "3")])
    assert made.id == "9"
    assert [(each["to"]["id"], each["types"][0]["associationTypeId"]) for each in sent(answers)["associations"]] == [
        ("1", 202),
        ("3", 228),
    ]


def test_a_known_address_is_refused(hubspot, answers):
    conflict = {"category": "CONFLICT", "message": "Contact already exists. Existing ID: 4"}
    answers.post(f"{OBJECTS}/contacts", status=409, json=conflict)
    with pytest.raises(Refused) as error:
        hubspot.create("contacts", {"email": "jane@example.com"})
    assert (error.value.status, error.value.message[-1]) == (409, "4")


def test_updates_go_a_hundred_at_a_time(hubspot, answers):
    ids = [str(number) for number in range(101)]
    answers.post(BATCH, json={"results": [contact(each) for each in ids[:100]]})
    answers.post(BATCH, json={"results": [contact(each) for each in ids[100:]]})
    written = hubspot.update_many("contacts", {each: {"gdpr_source": "form"} for each in ids})
    assert written.done == tuple(ids)
    assert written.refused == {}


@pytest.mark.parametrize(
    ("status", "context"),
    [
        pytest.param(207, {"objectWriteTraceId": ["2"]}, id="by a multi-status that traces the input"),
        pytest.param(200, {"ids": ["2"]}, id="by a count of errors in a 200"),
        pytest.param(201, {"id": ["2"]}, id="by a count of errors in a 201"),
    ],
)
def test_one_refusal_of_a_batch_is_named(hubspot, answers, status, context):
    answers.post(
        BATCH, status=status, json={"results": [contact("1")], "numErrors": 1, "errors": [{**BAD, "context": context}]}
    )
    written = hubspot.update_many("contacts", {"1": {}, "2": {}})
    assert written.done == ("1",)
    assert written.refused == {"2": "VALIDATION_ERROR INVALID_EMAIL"}


def test_a_record_that_an_answer_passes_over_in_silence_is_named(hubspot, answers):
    answers.post(BATCH, json={"results": [contact("1")]})
    assert list(hubspot.update_many("contacts", {"1": {}, "2": {}}).refused) == ["2"]


def test_one_bad_record_does_not_cost_the_others_of_its_batch(hubspot):
    def portal(request):
        asked = [each["id"] for each in json.loads(request.body)["inputs"]]
        if "42" in asked:
            return 400, {}, json.dumps(BAD)
        return 200, {}, json.dumps({"results": [contact(each) for each in asked]})

    ids = [str(number) for number in range(100)]
    with responses.RequestsMock() as mock:
        mock.add_callback("POST", BATCH, portal)
        written = hubspot.update_many("contacts", {each: {} for each in ids})
        assert len(mock.calls) <= 15
    assert sorted(written.done, key=int) == [each for each in ids if each != "42"]
    assert written.refused == {"42": "400 VALIDATION_ERROR INVALID_EMAIL"}


def test_a_batch_answered_for_somebody_else_is_not_believed(hubspot, answers):
    answers.post(BATCH, json={"results": [contact("7")]})
    with pytest.raises(Malformed):
        hubspot.update_many("contacts", {"1": {}})


def test_archiving_says_whether_there_was_anything_to_archive(hubspot, answers):
    answers.delete(f"{OBJECTS}/contacts/1", status=204)
    answers.delete(f"{OBJECTS}/contacts/1", status=404, body="Resource not found", content_type="text/html")
    assert hubspot.archive("contacts", "1")
    assert not hubspot.archive("contacts", "1")


def test_erasing_is_by_id(hubspot, answers):
    answers.post(f"{OBJECTS}/contacts/gdpr-delete", status=204)
    hubspot.purge("1")
    assert sent(answers) == {"objectId": "1"}


def test_erasing_by_an_address_is_refused_before_it_is_sent(hubspot):
    with pytest.raises(ValueError, match="never an address"):
        hubspot.purge("jane@example.com")


def test_erasing_someone_who_is_gone_says_so(hubspot, answers):
    answers.post(f"{OBJECTS}/contacts/gdpr-delete", status=404)
    with pytest.raises(NotFound):
        hubspot.purge("1")


def test_definitions_are_created_and_altered(hubspot, answers):
    properties = f"{BASE}/crm/properties/2026-09/contacts"
    answers.post(f"{properties}/groups", status=201, json={"name": "crm_gdpr", "label": "GDPR"})
    answers.post(properties, status=201, json={"name": "gdpr_source"})
    answers.patch(f"{properties}/gdpr_source", json={"name": "gdpr_source"})
    hubspot.create_group("contacts", "crm_gdpr", "GDPR")
    hubspot.create_property("contacts", {"name": "gdpr_source"})
    hubspot.update_property("contacts", "gdpr_source", {"label": "Källa"})
    assert [json.loads(call.request.body) for call in answers.calls] == [
        {"name": "crm_gdpr", "label": "GDPR"},
        {"name": "gdpr_source"},
        {"label": "Källa"},
    ]
