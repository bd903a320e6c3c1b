"""The door: what is HubSpot's is kept and answered; nothing else leaves a trace."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from crm_gdpr.app import create_app
from crm_gdpr.env import Env
from crm_gdpr.jobs import WorkQueue
from crm_gdpr.jobs.clock import sweep
from crm_gdpr.jobs.queue import connect
from crm_gdpr.webhooks.door import MAX_BYTES
from crm_gdpr.webhooks.signature import v1, v3
from tests.events import created
from tests.webhooks.answered import answered

SIGNATURE, STAMP = "X-HubSpot-Signature-v3", "X-HubSpot-Request-Timestamp"
NOWHERE = "redis://127.0.0.1:1"


def signed(env: Env, body: bytes, *, ahead_ms: int = 0, uri: str = "/webhooks/hubspot") -> dict[str, str]:
    """Return the headers HubSpot would send, as of now or of another moment."""
    stamp = str(int(env.clock.now().timestamp() * 1000) + ahead_ms)
    address = env.settings.public_url + uri
    return {STAMP: stamp, SIGNATURE: v3(env.settings.client_secret, "POST", address, body, stamp)}


def is_untouched(env: Env) -> bool:
    return env.store.inbox.count() == 0 and not env.store.work.counts() and not env.store.inbox.aside()


def test_a_signed_delivery_is_kept_before_it_is_acknowledged(portal, env, deliver):
    assert deliver(created(portal, "1")).status_code == 204
    assert [*env.store.inbox.bodies()] == [1]
    assert json.loads(env.store.inbox.bodies()[1])[0]["objectId"] == 1


def test_the_answer_is_empty(portal, deliver):
    assert deliver(created(portal, "1")).data == b""


def test_a_forged_delivery_is_refused_and_leaves_no_trace(portal, env, deliver):
    assert deliver(created(portal, "1"), **{SIGNATURE: "forged"}).status_code == 401
    assert is_untouched(env)


@pytest.mark.parametrize("missing", [SIGNATURE, STAMP])
def test_an_unsigned_delivery_is_refused_and_leaves_no_trace(env, client, missing):
    headers = signed(env, b"[]")
    del headers[missing]
    assert client.post("/webhooks/hubspot", data=b"[]", headers=headers).status_code == 401
    assert is_untouched(env)


@pytest.mark.parametrize("ahead_ms", [-310_000, 310_000], ids=["stale", "from the future"])
def test_a_delivery_out_of_its_time_is_refused_and_leaves_no_trace(env, client, ahead_ms):
    headers = signed(env, b"[]", ahead_ms=ahead_ms)
    assert client.post("/webhooks/hubspot", data=b"[]", headers=headers).status_code == 401
    assert is_untouched(env)


def test_a_body_changed_on_its_way_is_refused(portal, env, client):
    headers = signed(env, b"[]")
    body = json.dumps([created(portal, "1")]).encode()
    assert client.post("/webhooks/hubspot", data=body, headers=headers).status_code == 401
    assert is_untouched(env)


def test_an_older_signature_does_not_open_the_door(env, client):
    headers = {"X-HubSpot-Signature": v1(env.settings.client_secret, b"[]"), "X-HubSpot-Signature-Version": "v1"}
    assert client.post("/webhooks/hubspot", data=b"[]", headers=headers).status_code == 401
    assert is_untouched(env)


def test_an_account_of_the_older_kind_may_accept_version_1(env):
    older = replace(env, settings=replace(env.settings, signature="v1"))
    headers = {"X-HubSpot-Signature": v1(env.settings.client_secret, b"[]")}
    answer = create_app(older).test_client().post("/webhooks/hubspot", data=b"[]", headers=headers)
    assert answer.status_code == 204


def test_a_header_that_is_no_ascii_is_refused_and_not_an_error(portal, deliver):
    assert deliver(created(portal, "1"), **{SIGNATURE: "å"}).status_code == 401


def test_a_query_is_part_of_what_was_signed(env, client):
    uri = "/webhooks/hubspot?from=a%3Ab"
    assert client.post(uri, data=b"[]", headers=signed(env, b"[]", uri=uri)).status_code == 204
    assert client.post(uri, data=b"[ ]", headers=signed(env, b"[ ]")).status_code == 401


def test_a_byte_identical_replay_is_acknowledged_and_has_no_second_effect(portal, env, deliver, work):
    jane = portal.add_contact(email="jane@example.com")
    body = json.dumps([created(portal, jane)]).encode()
    assert [deliver(body=body).status_code for _ in range(3)] == [204, 204, 204]
    work()
    assert deliver(body=body).status_code == 204
    work()
    assert env.store.inbox.count() == 1
    assert answered(env) == 1
    assert [line.action for line in env.store.ledger.lines()].count("source.tagged") == 1


@pytest.mark.parametrize(
    "body",
    [b"{}", b'"text"', b"1", b"null", b"", b"[", b"\xff\xfe[]", b"[" * 200_000],
    ids=["object", "text", "number", "null", "nothing", "half", "no utf-8", "deep"],
)
def test_a_body_that_is_not_an_array_is_refused(env, deliver, body):
    assert deliver(body=body).status_code == 400
    assert is_untouched(env)


def test_an_oversized_body_is_refused(env, deliver):
    assert deliver(body=b"[" + b" " * MAX_BYTES + b"]").status_code == 413
    assert is_untouched(env)


def test_the_largest_body_is_taken(env, deliver):
    assert deliver(body=b"[" + b" " * (MAX_BYTES - 2) + b"]").status_code == 204


def test_the_door_takes_posts_only(client):
    assert client.get("/webhooks/hubspot").status_code == 405


def test_a_delivery_is_acknowledged_while_redis_is_down_and_found_by_the_sweeper(portal, env, work):
    jane = portal.add_contact(email="jane@example.com")
    lost = replace(env, queue=WorkQueue(env.store, env.registry, env.clock, connect(NOWHERE)))
    body = json.dumps([created(portal, jane)]).encode()
    answer = create_app(lost).test_client().post("/webhooks/hubspot", data=body, headers=signed(env, body))
    assert answer.status_code == 204
    env.store.work.postpone([item.key for item in env.store.work.overdue(float("inf"))], due_s=0)
    sweep(env)
    work()
    assert portal.value("contacts", jane, "gdpr_source")


def test_a_delivery_whose_work_was_never_left_is_found_by_the_sweeper(portal, env, work):
    """The process died between keeping the delivery and leaving the work."""
    jane = portal.add_contact(email="jane@example.com")
    env.store.inbox.add(json.dumps([created(portal, jane)]).encode(), env.clock.now())
    sweep(env)
    work()
    assert portal.value("contacts", jane, "gdpr_source")
