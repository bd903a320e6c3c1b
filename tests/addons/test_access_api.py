"""The API of requests: whose token it takes, what it answers, and the document that describes it."""

from __future__ import annotations

import io
import zipfile

import jsonschema
import pytest
from click.testing import CliRunner
from openapi_spec_validator import validate

from crm_gdpr.addons.access import identity, steps
from crm_gdpr.addons.access.api import RIGHTS
from crm_gdpr.addons.access.files import opened
from crm_gdpr.addons.access.proposing import HIDE, proposals
from crm_gdpr.addons.access.redact import Review
from crm_gdpr.cli import cli
from crm_gdpr.cli import rights as commands
from crm_gdpr.emulator import Portal
from crm_gdpr.emulator.faults import Fault
from crm_gdpr.env import Env
from tests.addons.pages import sign_in

ERROR = {
    "type": "object",
    "required": ["code", "status", "message"],
    "properties": {"code": {"type": "integer"}, "status": {"type": "string"}, "message": {"type": "string"}},
}


@pytest.fixture
def anna(portal: Portal) -> str:
    return portal.add_contact(email="anna@example.com", firstname="Anna", createdate="2025-01-01T09:00:00Z")


@pytest.fixture
def head(env: Env) -> dict[str, str]:
    """What a caller sends: the token of somebody in support."""
    env.store.users.add("sam", "a long password", "support")
    return {"Authorization": f"Bearer {env.store.users.issue_token('sam', env.clock.now())}"}


def post(client, head, **body):
    return client.post("/access/requests", json=body, headers=head)


def read_through(env: Env, number: int, work) -> None:
    identity.confirm(env, env.store.requests.get(number), "called back", by="kim")
    work()
    request = env.store.requests.get(number)
    _, draft = steps.look_at(env, request)
    steps.review(
        env, request, Review({p.what: p.reason for p in proposals(draft.answer) if p.advice == HIDE}), by="kim"
    )


class TestWho:
    @pytest.mark.parametrize("header", ["", "Bearer", "Bearer " + "x" * 43, "Basic c2FtOng="])
    @pytest.mark.parametrize("path", ["/access/requests/1", "/access/requests/1/package"])
    def test_nobody_without_a_token(self, env, client, header, path):
        answer = client.get(path, headers={"Authorization": header} if header else {})
        assert answer.status_code == 401
        jsonschema.validate(answer.json, ERROR)

    def test_a_revoked_token_and_one_that_was_replaced_are_dead(self, env, client, head):
        env.store.users.issue_token("sam", env.clock.now())
        assert client.get("/access/requests/1", headers=head).status_code == 401

    def test_only_a_hash_of_it_is_kept(self, env, head):
        token = head["Authorization"].removeprefix("Bearer ")
        with env.store.database.read() as connection:
            rows = connection.exec_driver_sql("SELECT * FROM api_tokens").all()
        assert token not in str(rows)


class TestRequests:
    def test_a_request_is_opened_and_seen(self, env, client, head, anna):
        answer = post(client, head, contact_id=anna, right="A15", received_on="2026-10-01")
        assert answer.status_code == 201
        assert (answer.json["due_on"], answer.json["contact_id"], answer.json["package"]) == (
            "2026-11-02",
            anna,
            "none",
        )
        seen = client.get(f"/access/requests/{answer.json['id']}", headers=head).json
        assert seen["id"] == answer.json["id"]
        assert env.store.ledger.lines()[-1].actor == "sam"

    def test_an_overdue_one_says_so(self, client, head, anna):
        assert post(client, head, contact_id=anna, received_on="2026-09-01").json["overdue"]

    def test_of_several_who_match_none_is_chosen(self, portal, client, head, anna):
        other = portal.add_contact(email="a.ek@example.com", hs_additional_emails="anna@example.com")
        answer = post(client, head, email="anna@example.com").json
        assert (answer["contact_id"], sorted(answer["candidates"])) == (None, sorted([anna, other]))

    def test_somebody_unknown_is_registered_too(self, client, head):
        answer = post(client, head, email="nobody@example.com")
        assert (answer.status_code, answer.json["candidates"]) == (201, [])

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"contact_id": "1", "email": "a@example.com"},
            {"contact_id": "1; drop"},
            {"email": "no address"},
            {"email": "a@example.com", "right": "A99"},
            {"email": "a@example.com", "received_on": "yesterday"},
            {"email": "a@example.com", "received_on": "2999-01-01"},
            {"email": "a@example.com", "received_on": "0001-01-01"},
            {"email": "a@example.com", "admin": True},
            {"email": "a" * 5000 + "@example.com"},
            {"email": ["a@example.com"]},
        ],
    )
    def test_bad_input_is_refused_in_one_shape(self, env, client, head, body):
        answer = client.post("/access/requests", json=body, headers=head)
        assert answer.status_code == 422
        jsonschema.validate(answer.json, ERROR)
        assert env.store.requests.all() == []

    def test_what_is_no_json_and_what_is_not_there_have_the_same_shape(self, client, head):
        answers = [
            client.post("/access/requests", data="{", content_type="application/json", headers=head),
            client.get("/access/requests/999", headers=head),
            post(client, head, contact_id="999999"),
        ]
        assert [answer.status_code for answer in answers] == [400, 404, 404]
        for answer in answers:
            jsonschema.validate(answer.json, ERROR)

    @pytest.mark.parametrize(
        ("method", "path", "code"),
        [
            ("get", "/access/nothing/here", 404),
            ("get", "/access/requests/abc", 404),
            ("get", f"/access/requests/{'9' * 30}", 404),
            ("get", "/access/requests", 405),
            ("delete", "/access/requests/1", 405),
            ("put", "/access/requests", 405),
        ],
    )
    def test_a_wrong_address_or_method_has_it_too(self, client, head, method, path, code):
        answer = getattr(client, method)(path, headers=head)
        assert (answer.status_code, answer.json["code"]) == (code, code)
        jsonschema.validate(answer.json, ERROR)
        assert getattr(client, method)(path).status_code == 401

    def test_a_fault_of_ours_and_one_of_hubspots_have_it_too(self, client, head, anna, emulator, monkeypatch):
        emulator.guard.faults.waiting = [Fault(match="/contacts", status=400, times=9)]
        theirs = post(client, head, contact_id=anna)
        monkeypatch.setattr("crm_gdpr.addons.access.api.people", lambda *_: 1 / 0)
        ours = post(client, head, contact_id=anna)
        assert (theirs.status_code, ours.status_code) == (502, 500)
        for answer in (theirs, ours):
            jsonschema.validate(answer.json, ERROR)

    def test_a_fault_is_logged_by_its_kind_without_a_value(self, client, head, caplog, monkeypatch):
        def fail(_env, address):
            raise ValueError(address)

        monkeypatch.setattr("crm_gdpr.addons.access.api.people", fail)
        post(client, head, email="anna@example.com")
        assert "ValueError" in caplog.text
        assert "anna@example.com" not in caplog.text

    def test_the_address_of_somebody_unknown_is_kept_for_the_letter(self, env, client, head):
        number = post(client, head, email="nobody@example.com").json["id"]
        request = env.store.requests.get(number)
        assert request.address == "nobody@example.com"
        sign_in(client, env, role="support", name="kim")
        page = client.get(f"/console/requests/{number}").text
        assert "nobody@example.com" in page
        assert "We have received your request" in page


class TestThePackage:
    def test_it_is_not_handed_out_before_it_was_checked_and_read(self, client, head, anna, work):
        number = post(client, head, contact_id=anna).json["id"]
        answer = client.get(f"/access/requests/{number}/package", headers=head)
        assert answer.status_code == 409
        jsonschema.validate(answer.json, ERROR)

    def test_then_it_is_and_the_ledger_says_to_whom(self, env, client, head, anna, work, monkeypatch, tmp_path):
        number = post(client, head, contact_id=anna).json["id"]
        read_through(env, number, work)
        answer = client.get(f"/access/requests/{number}/package", headers=head)
        with zipfile.ZipFile(io.BytesIO(answer.data)) as package:
            assert "data.json" in package.namelist()
        assert (env.store.ledger.lines()[-1].action, env.store.ledger.lines()[-1].actor) == ("package.exported", "sam")

        monkeypatch.setattr(commands, "boot", lambda: env)
        out = tmp_path / "answer.zip"
        said = CliRunner().invoke(cli, ["export", str(number), "--out", str(out), "--by", "kim"])
        password = said.output.strip().rpartition(" ")[2]
        assert list(opened(out.read_bytes(), password.encode())) == [f"request-{number}.zip"]
        with pytest.raises(RuntimeError):
            opened(out.read_bytes(), b"guess")
        assert CliRunner().invoke(cli, ["export", str(number), "--out", str(out), "--by", "kim"]).exit_code == 1

    def test_handed_over_another_way_the_request_is_answered_and_the_link_dead(self, env, client, head, anna, work):
        number = post(client, head, contact_id=anna).json["id"]
        read_through(env, number, work)
        link = steps.release(env, env.store.requests.get(number), by="kim").removeprefix("http://localhost")
        with pytest.raises(steps.StepRefused):
            steps.hand_over(env, env.store.requests.get(number), " ", by="kim")
        steps.hand_over(env, env.store.requests.get(number), "printed, by post", by="kim")
        request = env.store.requests.get(number)
        assert (request.status, request.outcome) == ("fulfilled", "answered")
        assert client.get(link).status_code == client.post(link).status_code == 404
        assert env.store.ledger.lines()[-1].action == "package.handed_over"


class TestTheDocument:
    def test_it_is_valid_and_the_schema_of_the_data_is_for_everybody(self, client):
        validate(client.get("/access/openapi.json").json)
        assert client.get("/access/data.schema.json").json["$id"] == "crm_gdpr.access/2"

    def test_it_describes_every_path(self, app, client):
        document = client.get("/access/openapi.json").json
        served = {rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("access_api.")} - {
            "/access/<path:rest>"
        }
        described = {path.replace("{request_id}", "<int:request_id>") for path in document["paths"]}
        assert described == served
        assert document["openapi"].startswith("3.1")

    def test_it_names_the_rights_and_the_shape_of_errors(self, client):
        document = client.get("/access/openapi.json").json
        assert document["components"]["schemas"]["Opened"]["properties"]["right"]["enum"] == list(RIGHTS)
        assert "Error" in document["components"]["schemas"]

    def test_the_pages_keep_their_own_errors(self, client):
        assert client.get("/p/nothing").mimetype == "text/html"
