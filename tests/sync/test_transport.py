"""What goes out, what is sent again and what never is."""

import socket
import threading

import pytest
import requests
import responses
from requests.exceptions import ChunkedEncodingError
from urllib3.exceptions import MaxRetryError, NewConnectionError

from crm_gdpr.sync import Budget, HubSpot
from crm_gdpr.sync.errors import (
    Forbidden,
    Limited,
    Malformed,
    NotFound,
    Refused,
    Unauthorised,
    Unavailable,
)
from tests.sync.conftest import BASE, OBJECTS, TOKEN, contact, sent

JANE = f"{OBJECTS}/contacts/1"


def too_many(policy, **headers):
    return {"status": 429, "json": {"status": "error", "policyName": policy}, "headers": headers}


def read(hubspot):
    return hubspot.read("contacts", "1", ["email"])


def test_every_call_carries_token_timeout_and_gzip(hubspot, answers):
    answers.get(JANE, json=contact("1"))
    read(hubspot)
    request = answers.calls[0].request
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"
    assert "gzip" in request.headers["Accept-Encoding"]
    assert request.req_kwargs["timeout"] == (3.05, 30.0)


def test_a_netrc_file_does_not_replace_the_token(hubspot, answers, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine hubspot.example.com login jane password other")
    monkeypatch.setenv("NETRC", str(netrc))
    answers.get(JANE, json=contact("1"))
    read(hubspot)
    assert answers.calls[0].request.headers["Authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize(
    ("version", "path"), [("2026-09", "/crm/objects/2026-09/contacts/1"), ("v3", "/crm/v3/objects/contacts/1")]
)
def test_the_configured_version_is_the_one_called(answers, version, path):
    answers.get(BASE + path, json=contact("1"))
    gateway = HubSpot(access_token=TOKEN, base_url=BASE, api_version=version, budget=Budget.unlimited())
    assert read(gateway).id == "1"


def test_an_unknown_version_is_refused_at_once():
    with pytest.raises(ValueError, match="HUBSPOT_API_VERSION is 'v2'"):
        HubSpot(access_token=TOKEN, base_url=BASE, api_version="v2", budget=Budget.unlimited())


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param({"status": 500}, id="a server error"),
        pytest.param({"status": 502, "body": "<html>"}, id="a gateway's page"),
        pytest.param({"status": 524}, id="Cloudflare's time-out"),
        pytest.param({"status": 423}, id="a locked record"),
        pytest.param({"status": 477, "headers": {"Retry-After": "3"}}, id="a move between data centres"),
        pytest.param({"body": requests.ReadTimeout()}, id="no answer in time"),
        pytest.param({"body": requests.ConnectionError()}, id="a refused connection"),
        pytest.param({"body": ChunkedEncodingError()}, id="a connection cut in the middle of the body"),
        pytest.param(too_many("TEN_SECONDLY_ROLLING"), id="ten seconds' allowance spent"),
        pytest.param(too_many("SECONDLY"), id="a second's allowance spent"),
        pytest.param(too_many(None), id="a 429 that names no policy"),
    ],
)
def test_a_read_survives(hubspot, answers, waits, fault):
    answers.get(JANE, **fault)
    answers.get(JANE, json=contact("1"))
    assert read(hubspot).id == "1"
    assert len(waits) == 1


@pytest.mark.parametrize(
    ("fault", "wait"),
    [
        pytest.param({"status": 423}, 2.0, id="two seconds for a lock"),
        pytest.param({"status": 477, "headers": {"Retry-After": "7"}}, 7.0, id="what a moving account asks for"),
        pytest.param({"status": 477}, 10.0, id="ten seconds where it asks for none"),
        pytest.param(too_many("SECONDLY"), 1.0, id="a second for a second's allowance"),
        pytest.param(too_many("TEN_SECONDLY_ROLLING"), 2.0, id="longer for ten seconds' allowance"),
        pytest.param(too_many("TEN_SECONDLY_ROLLING", **{"Retry-After": "4"}), 4.0, id="or what it asks for"),
        pytest.param(too_many("SECONDLY", **{"Retry-After": "3600"}), 10.0, id="never more than the window"),
    ],
)
def test_it_waits(hubspot, answers, waits, fault, wait):
    answers.get(JANE, **fault)
    answers.get(JANE, json=contact("1"))
    read(hubspot)
    assert waits == [wait]


def test_retries_end_and_each_waits_longer(hubspot, answers, waits):
    for _ in range(5):
        answers.get(JANE, status=503)
    with pytest.raises(Unavailable) as error:
        read(hubspot)
    assert not error.value.applied_unknown
    assert [low <= wait <= 2 * low for wait, low in zip(waits, [0.25, 0.5, 1, 2], strict=True)] == [True] * 4


def test_a_spent_day_is_not_waited_for(hubspot, answers, waits):
    answers.get(JANE, **too_many("DAILY"))
    with pytest.raises(Limited) as error:
        read(hubspot)
    assert error.value.policy == "DAILY"
    assert waits == []


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param({"status": 500}, id="a server error"),
        pytest.param({"body": requests.ReadTimeout()}, id="no answer in time"),
        pytest.param({"body": ChunkedEncodingError()}, id="a cut connection"),
    ],
)
class TestAWriteWhoseAnswerIsLost:
    def test_is_not_sent_again_when_it_creates(self, hubspot, answers, fault):
        answers.post(f"{OBJECTS}/contacts", **fault)
        with pytest.raises(Unavailable) as error:
            hubspot.create("contacts", {"email": "jane@example.com"})
        assert error.value.applied_unknown

    def test_is_not_sent_again_when_it_archives(self, hubspot, answers, fault):
        answers.delete(JANE, **fault)
        with pytest.raises(Unavailable) as error:
            hubspot.archive("contacts", "1")
        assert error.value.applied_unknown

    def test_is_not_sent_again_when_it_erases(self, hubspot, answers, fault):
        answers.post(f"{OBJECTS}/contacts/gdpr-delete", **fault)
        with pytest.raises(Unavailable) as error:
            hubspot.purge("1")
        assert error.value.applied_unknown

    def test_is_sent_again_when_it_updates(self, hubspot, answers, fault):
        answers.patch(JANE, **fault)
        answers.patch(JANE, json=contact("1", gdpr_source="form"))
        assert hubspot.update("contacts", "1", {"gdpr_source": "form"}).properties == {"gdpr_source": "form"}


def test_a_create_that_was_turned_away_is_sent_again(hubspot, answers):
    answers.post(f"{OBJECTS}/notes", **too_many("TEN_SECONDLY_ROLLING"))
    answers.post(f"{OBJECTS}/notes", status=423)
    answers.post(f"{OBJECTS}/notes", status=201, json=contact("9"))
    assert hubspot.create("notes", {"hs_note_body": "Hej"}).id == "9"


def test_a_create_that_never_left_is_sent_again(hubspot, answers):
    refused = NewConnectionError(None, "refused")
    answers.post(f"{OBJECTS}/notes", body=requests.ConnectionError(MaxRetryError(None, "/", refused)))
    answers.post(f"{OBJECTS}/notes", status=201, json=contact("9"))
    assert hubspot.create("notes", {"hs_note_body": "Hej"}).id == "9"


def test_a_create_answered_with_half_a_body_may_have_been_applied(hubspot, answers):
    answers.post(f"{OBJECTS}/notes", status=201, body='{"id": "9", "prop')
    with pytest.raises(Malformed) as error:
        hubspot.create("notes", {"hs_note_body": "Hej"})
    assert error.value.applied_unknown


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, Refused), (401, Unauthorised), (403, Forbidden), (404, NotFound), (409, Refused)],
)
def test_what_would_be_refused_again_is_not_sent_again(hubspot, answers, waits, status, kind):
    answers.patch(JANE, status=status, json={})
    with pytest.raises(kind) as error:
        hubspot.update("contacts", "1", {})
    assert error.value.status == status
    assert error.value.advice
    assert waits == []


def test_a_redirect_is_not_followed_with_the_token(hubspot, answers):
    answers.get(JANE, status=302, headers={"Location": "https://elsewhere.example.com"})
    with pytest.raises(Refused):
        read(hubspot)


def test_a_429_makes_every_process_wait_and_a_spent_day_stops_them(answers):
    told = []

    class Watched(type(Budget.unlimited())):
        def pause(self, family, seconds):
            told.append((family, seconds))

        def day_is_spent(self):
            told.append("day")

    gateway = HubSpot(access_token=TOKEN, base_url=BASE, budget=Watched(), sleep=lambda _: None)
    answers.post(f"{OBJECTS}/contacts/search", **too_many("SECONDLY"))
    answers.post(f"{OBJECTS}/contacts/search", **too_many("DAILY"))
    with pytest.raises(Limited):
        list(gateway.search("contacts", [], []))
    assert told == [("search", 1.0), "day"]


def test_no_secret_and_no_personal_data_in_what_is_logged(hubspot, answers):
    said = "Property values were not valid: jane@example.com"
    answers.patch(
        JANE,
        status=400,
        json={
            "category": "VALIDATION_ERROR",
            "message": said,
            "correlationId": "c-1",
            "errors": [{"message": said, "code": "INVALID_EMAIL", "context": {"propertyName": ["email"]}}],
        },
    )
    with pytest.raises(Refused) as error:
        hubspot.update("contacts", "1", {"email": "jane@example.com"})
    assert str(error.value).startswith("HubSpot: 400 VALIDATION_ERROR INVALID_EMAIL(email). ")
    assert "jane" not in str(error.value)
    assert TOKEN not in repr(vars(hubspot._transport))
    assert error.value.message == said


def test_the_missing_scopes_are_named(hubspot, answers):
    answers.get(
        JANE,
        status=403,
        json={"category": "MISSING_SCOPES", "errors": [{"context": {"requiredGranularScopes": ["tickets"]}}]},
    )
    with pytest.raises(Forbidden, match="Grant the app the scopes it lacks: tickets"):
        read(hubspot)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({}, id="empty"),
        pytest.param({"errors": ["a text"], "message": 7, "category": None}, id="of other types"),
        pytest.param({"errors": [{"context": None}, {"code": 7}], "correlationId": []}, id="with holes"),
        pytest.param([], id="a list"),
    ],
)
def test_an_error_envelope_may_be(hubspot, answers, body):
    answers.get(JANE, status=400, json=body, headers={"X-HubSpot-Correlation-Id": "from-header"})
    with pytest.raises(Refused) as error:
        read(hubspot)
    assert error.value.correlation_id == "from-header"


def test_a_missing_record_may_be_a_page_of_html(hubspot, answers):
    answers.get(JANE, status=404, body="<html>Resource not found</html>", content_type="text/html")
    assert read(hubspot) is None


def test_properties_are_asked_for_by_name(hubspot, answers):
    asked = {"properties": ["email", "gdpr_source"], "associations": "companies", "archived": "true"}
    answers.get(JANE, json=contact("1"), match=[responses.matchers.query_param_matcher(asked)])
    hubspot.read("contacts", "1", ["email", "gdpr_source"], associations=["companies"], archived=True)


def test_clearing_a_value_sends_the_empty_text(hubspot, answers):
    answers.patch(JANE, json=contact("1"))
    hubspot.update("contacts", "1", {"gdpr_source": None})
    assert sent(answers) == {"properties": {"gdpr_source": ""}}


def half_an_answer(listener):
    """Answer one call with fewer bytes than announced, and hang up."""
    connection, _ = listener.accept()
    with connection:
        connection.recv(65_536)
        connection.sendall(b'HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n{"id": "9", "properties": {}}')


def test_a_body_shorter_than_announced_is_a_cut_connection():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        answering = threading.Thread(target=half_an_answer, args=[listener])
        answering.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        gateway = HubSpot(access_token=TOKEN, base_url=url, budget=Budget.unlimited(), sleep=lambda _: None)
        with pytest.raises(Unavailable) as error:
            gateway.create("notes", {"hs_note_body": "Hej"})
        answering.join()
    assert error.value.applied_unknown


def test_where_nobody_listens_nothing_was_applied():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    gateway = HubSpot(access_token=TOKEN, base_url=url, budget=Budget.unlimited(), sleep=lambda _: None)
    with pytest.raises(Unavailable) as error:
        gateway.create("notes", {"hs_note_body": "Hej"})
    assert not error.value.applied_unknown
