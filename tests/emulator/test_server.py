"""The small HTTP server under the emulator: connections kept, bodies in chunks, and an answer whatever happens."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from crm_gdpr.emulator import Portal
from crm_gdpr.emulator.server import Server
from tests.emulator.conftest import Api


def broken(_environ: Any, _start_response: Any) -> Any:
    raise RuntimeError("out of order")


@pytest.fixture
def failing() -> Iterator[str]:
    server = Server("127.0.0.1", 0, broken)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield server.url
    server.shutdown()
    server.server_close()


def test_a_fault_of_the_emulator_is_answered_and_told_where_it_runs(failing: str, capsys: pytest.CaptureFixture[str]):
    api = Api(failing)
    answers = [api("GET", "/crm/v3/objects/contacts") for _ in range(2)]
    api.close()
    assert [(answer.status_code, answer.json()["category"]) for answer in answers] == [(500, "INTERNAL_ERROR")] * 2
    assert "out of order" in capsys.readouterr().err


def test_a_body_may_come_in_chunks(portal: Portal, api: Api):
    sent = iter([b'{"properties": {"email"', b': "anna@example.se"}}'])
    made = api("POST", "/crm/v3/objects/contacts", data=sent)
    assert (made.status_code, made.json()["properties"]["email"]) == (201, "anna@example.se")
    assert api("GET", f"/crm/v3/objects/contacts/{made.json()['id']}").status_code == 200
    assert len(portal.live["contacts"]) == 1
