"""Drain the inbox: parse, set aside what is not for us, leave one work item per event, and answer them at once.

Events are answered together by the handlers that take many, and else, or when such a one raises, by a
piece of work for each handler and event.  So a slow handler delays no quick one, and a bad event holds up itself alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import structlog
from marshmallow import ValidationError

from crm_gdpr.addon import Subscription
from crm_gdpr.env import Env, Event
from crm_gdpr.jobs.run import perform_together, where
from crm_gdpr.metrics import EVENTS
from crm_gdpr.webhooks.events import is_own, key_of, parse

log = structlog.get_logger()
TOGETHER = 10  # deliveries, of a hundred events at most, that are answered together
TURN = 5  # times that; then whoever else waits has a turn, those who tag what was told among them


def drain(env: Env) -> None:
    """Drain what has waited longest; what is left, or arrives meanwhile, is for the next turn."""
    for _ in range(TURN):
        if some := env.store.inbox.bodies(TOGETHER):
            _drain_some(env, some)
    if env.store.inbox.waiting():
        env.queue.wake("webhooks.drain")


def _drain_some(env: Env, deliveries: Mapping[int, bytes]) -> None:
    """Turn deliveries into work items, forget their bodies, and have the events answered."""
    told = [element for body in deliveries.values() for element in _elements(body)]
    fresh = env.queue.leave("webhooks.handle", [piece for each in told if (piece := _piece(env, each)) is not None])
    env.store.inbox.drained(deliveries, env.clock.now())
    perform_together(env, [item.key for item in fresh])


def _elements(body: bytes) -> list[Any]:
    try:
        told: list[Any] = json.loads(body)
    except (ValueError, RecursionError):  # the door could read it
        return [None]
    return told


def handle(env: Env, pieces: Sequence[Mapping[str, Any]]) -> None:
    """Let the handlers that take many answer the events together; the others get a piece of work for each event."""
    heard: dict[Subscription, list[Event]] = {}
    for event in (Event(**piece["event"]) for piece in pieces):
        for subscription in env.registry.answering(event.type, event.property_name):
            heard.setdefault(replace(subscription, event_type="", property_name=None), []).append(event)
    alone = [
        {"handler": _name(subscription), "event": vars(event)}
        for subscription, events in heard.items()
        if not (subscription.many and _answered(env, subscription, events))
        for event in events
    ]
    env.queue.enqueue_many("webhooks.answer", [(_key(piece), piece) for piece in alone])


def answer(env: Env, handler: str, event: dict[str, Any]) -> None:
    """Let one handler answer one event; it raises for as long as it cannot."""
    found = next((s for s in env.registry.subscriptions if _name(s) == handler), None)
    if found is None:
        raise LookupError("no installed addon has this handler any more")
    told = Event(**event)
    found.handler(env, [told] if found.many else told)


def _answered(env: Env, subscription: Subscription, events: Sequence[Event]) -> bool:
    """Try with all events at once; False when it raised, so that each is tried alone."""
    try:
        subscription.handler(env, events)
    except Exception as error:  # whatever it is, the other handlers are to go on
        log.warning("webhooks.handler_raised", handler=_name(subscription), events=len(events), error=where(error))
        return False
    return True


def _name(subscription: Subscription) -> str:
    return f"{subscription.handler.__module__}.{subscription.handler.__qualname__}"


def _key(piece: Mapping[str, Any]) -> str:
    return f"answer-{hashlib.sha256(json.dumps(piece, sort_keys=True).encode()).hexdigest()[:40]}"


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
    except Exception as error:  # one that trips us must not hold up those behind it
        _set_aside(env, element, f"not an event: {type(error).__name__}")
        return None
    if portal_id != env.settings.portal_id:
        _set_aside(env, element, "of another portal")
    elif is_own(event, env.settings.app_id):
        EVENTS.labels("own").inc()
    elif not env.registry.answering(event.type, event.property_name):
        _set_aside(env, element, "nobody answers this type")
    else:
        EVENTS.labels("accepted").inc()
        return key_of(element), {"event": vars(event)}
    return None


def _set_aside(env: Env, element: Any, why: str) -> None:
    EVENTS.labels("set_aside").inc()
    event: Mapping[str, Any] = element if isinstance(element, Mapping) else {}
    env.store.inbox.set_aside(why, event, env.clock.now())
