"""Real answers of HubSpot, recorded by others: the emulator answers each in kind, with the same keys and types.

The records a recording speaks of are entered first, so that the same question can be asked. Where the emulator
differs, it says so here, with the reason.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from crm_gdpr.emulator import Portal
from crm_gdpr.emulator.app import create_app
from crm_gdpr.emulator.tokens import Token, Tokens
from crm_gdpr.emulator.webhooks import Webhooks
from crm_gdpr.emulator.wire.guard import Guard
from tests.emulator.recorded import Account, differences

RECORDED = Path(__file__).parents[3] / "shared" / "vectors" / "recorded_traffic.json"
pytestmark = pytest.mark.skipif(not RECORDED.is_file(), reason=f"no recorded traffic in {RECORDED}")

NOT_REPLAYED = {
    r"/crm/v3/lists.*": "replayed beside the other tests of lists",
    r"/oauth/.*": "signing in is not emulated: nothing here does it",
    r"/crm/v3/objects/users.*": "the account's users are no records here",
}
STATUS = {
    (200, 201): "one recorder notes every success as 200; all others have 201 for a creation",
}


def exchanges() -> list[Any]:
    if not RECORDED.is_file():
        return []
    rows = json.loads(RECORDED.read_text(encoding="utf-8"))
    return [pytest.param(row, id=f"{number} {row['method']} {row['path']}") for number, row in enumerate(rows)]


@pytest.fixture(scope="module")
def guard() -> Guard:
    portal = Portal()
    return Guard(portal, Tokens(portal.app_id))


@pytest.fixture(scope="module")
def client(guard: Guard) -> Client:
    return Client(create_app(guard, Webhooks(guard.portal)))


@pytest.mark.parametrize("exchange", exchanges())
def test_a_recorded_exchange_is_answered_in_kind(guard: Guard, client: Client, exchange: Any):
    for pattern, reason in NOT_REPLAYED.items():
        if re.fullmatch(pattern, exchange["path"]):
            pytest.skip(reason)
    account = Account(guard.portal, exchange)
    guard.tokens.named = {"any": _STRANGER} if exchange["status"] == 403 else {}
    answer = ask(client, account, exchange)
    status = (exchange["status"], answer.status_code)
    assert status[0] == status[1] or status in STATUS, answer.text
    if status[0] == status[1]:
        assert headers(answer) == headers(exchange["response_headers"])
    if isinstance(exchange["response"], str):
        assert answer.text == exchange["response"]
    elif exchange["response"] is not None:
        assert list(differences(exchange["response"], answer.json)) == []


def headers(answer: TestResponse | Mapping[str, str]) -> set[str]:
    """Which of the headers that clients go by there are, and of what type the content is."""
    told = {name.lower(): value for name, value in getattr(answer, "headers", answer).items()}
    return {told.get("content-type", "nothing"), *({"location", "x-hubspot-notfound"} & told.keys())}


_STRANGER = Token("any", 1, scopes=frozenset({"none"}))


def ask(client: Client, account: Account, exchange: Any) -> TestResponse:
    """The same question, but for a cursor of another account."""
    body = exchange["request"]
    return client.open(
        account.own(exchange["path"]),
        method=exchange["method"],
        query_string=[(name, value) for name, value in exchange["query"] if name != "after"],
        json=None if body is None else json.loads(account.own(json.dumps(body))),
        headers={"Authorization": "Bearer any"},
    )
