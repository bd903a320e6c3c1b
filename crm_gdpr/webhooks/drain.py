"""Drain a delivery: parse, set aside what is not for us, leave one work item per event; then handle the events."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from marshmallow import ValidationError

from crm_gdpr.env import Env, Event
from crm_gdpr.metrics import EVENTS
from crm_gdpr.webhooks.events import is_own, key_of, parse


def drain(env: Env, delivery_id: int) -> None:
    """Turn one delivery into work items, then forget its body; a second time finds nothing."""
    body = env.store.inbox.body(delivery_id)
    if body is None:
        return
    pieces = [piece for element in json.loads(body) if (piece := _piece(env, element)) is not None]
    env.queue.enqueue_many("webhooks.handle", pieces)
    env.store.inbox.drained(delivery_id, env.clock.now())


def handle(env: Env, event: dict[str, Any]) -> None:
    """Let every subscribed handler answer one event."""
    heard = Event(**event)
    for subscription in env.registry.answering(heard.type, heard.property_name):
        subscription.handler(env, heard)


def forget(env: Env) -> None:
    """Let go of deliveries and finished work whose period has passed."""
    env.store.inbox.forget(env.clock.now())
    env.store.work.forget(env.clock.now())


def _piece(env: Env, element: Any) -> tuple[str, dict[str, Any]] | None:
    """Return the work an event means, or None when it is not for us; then it is set aside, or is our own echo."""
    try:
        portal_id, event = parse(element)
    except ValidationError as error:
        _set_aside(env, element, f"not an event: {sorted(error.messages_dict)}")
        return None
    if portal_id != env.settings.portal_id:
        _set_aside(env, element, "of another portal")
    elif is_own(event, env.settings.app_id):
        EVENTS.labels("own").inc()
    elif not env.registry.answering(event.type, event.property_name):
        _set_aside(env, element, "nobody answers this type")
    else:
        EVENTS.labels("accepted").inc()
        return key_of(element), {"event": asdict(event)}
    return None


def _set_aside(env: Env, element: Any, why: str) -> None:
    EVENTS.labels("set_aside").inc()
    event: Mapping[str, Any] = element if isinstance(element, Mapping) else {}
    env.store.inbox.set_aside(why, event, env.clock.now())
