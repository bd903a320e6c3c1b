"""A gateway whose answers a test writes down, and a real Redis."""

import json
from collections.abc import Iterator

import pytest
import redis
import responses

from crm_gdpr.sync import Budget, HubSpot

BASE = "https://hubspot.example.com"
OBJECTS = f"{BASE}/crm/objects/2026-09"
TOKEN = "made-up-token"


@pytest.fixture
def waits() -> list[float]:
    """How long the gateway would have slept."""
    return []


@pytest.fixture
def hubspot(waits: list[float]) -> HubSpot:
    return HubSpot(access_token=TOKEN, base_url=BASE, budget=Budget.unlimited(), sleep=waits.append)


@pytest.fixture
def answers() -> Iterator[responses.RequestsMock]:
    """What HubSpot answers, in order; a call that nobody wrote an answer for fails the test."""
    with responses.RequestsMock(registry=responses.registries.OrderedRegistry) as mock:
        yield mock


@pytest.fixture
def store(redis_url: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
        yield client


def contact(number: object, **properties: str | None) -> dict[str, object]:
    return {"id": number, "properties": properties, "createdAt": "2026-01-02T03:04:05.678Z", "archived": False}


def sent(mock: responses.RequestsMock, call: int = -1) -> dict[str, object]:
    """The body of a call."""
    return json.loads(mock.calls[call].request.body)
