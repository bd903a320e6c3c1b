"""Steering the emulator, under a prefix the real API lacks. The whole table:

=======================  ==================================================================================
GET  clock               ``{"now": "2026-11-02T08:00:00Z"}``; PUT or POST the same to set it
POST clock/advance       ``{"days": 31, "hours": 2}``: moves on, empties the bin, lets meetings pass
GET/POST/DELETE faults   one or a list of ``{"match", "method", "status", "times", "share", …}`` (``faults.py``)
GET/DELETE stats         calls by method, path template and status; what was asked for and is not emulated
GET/POST/DELETE tokens   ``{"token", "scopes": [...] or null, "app_id"}``; until one is named any token will do
GET/POST switches        behaviour HubSpot leaves undocumented (``switches.py``)
GET/POST/DELETE rules    ``{"object": "deals", "property": "closedate", "where": {"dealstage": "closedwon"}}``: what
                         the administrator requires; without ``where`` of every new record
GET/PUT webhooks         ``{"url", "secret", "subscriptions": ["deal.creation", "contact.propertyChange:email",
                         "object.creation:contact", "object.propertyChange:contact:email"], "concurrent": 10,
                         "trouble": {"duplicate": 0.2, "shuffle": 0.2, "drop": 0.1},
                         "by_clock": false, "real_time": false}``:
                         with ``by_clock`` no retry comes before its time; with ``real_time`` signatures bear
                         the real time instead of the account's, for apps that know no other
GET/POST deliveries      every delivery with its attempts; ``{"resend": n}`` sends one again
POST seed                ``{"contacts": 2000, "seed": 1}``: empties the account and fills it
POST snapshot            ``{"name": "seeded"}``: keeps everything as it is now; GET lists the names
POST restore             ``{"name": "seeded"}``: back to that moment, as often as wanted
POST reset               empties everything
GET  cast                the ids of the people the demo is about
=======================  ==================================================================================
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, request

from crm_gdpr.emulator.deliveries import Delivery, Trouble, trouble_from
from crm_gdpr.emulator.errors import Malformed, Refusal
from crm_gdpr.emulator.faults import fault_from
from crm_gdpr.emulator.population import populate
from crm_gdpr.emulator.requirements import Requirement
from crm_gdpr.emulator.tokens import Token
from crm_gdpr.emulator.webhooks import CONCURRENT, Webhooks
from crm_gdpr.emulator.wire.answers import answer, error
from crm_gdpr.emulator.wire.call import whole, words
from crm_gdpr.emulator.wire.guard import Guard


class Control:
    """The views; each is one line of the table above."""

    def __init__(self, guard: Guard, webhooks: Webhooks) -> None:
        self.guard, self.portal, self.webhooks = guard, guard.portal, webhooks
        self.snapshots: dict[str, bytes] = {}

    def clock(self) -> Any:
        if request.method != "GET":
            self.portal.clock.set(str(_given("now")))
            self.portal.tick()
        return {"now": self.portal.clock.now()}

    def advance(self) -> Any:
        self.portal.advance(**_body())
        return {"now": self.portal.clock.now()}

    def faults(self) -> Any:
        if request.method == "POST":
            given = request.get_json(force=True, silent=True)
            self.guard.faults.waiting += [fault_from(one) for one in (given if isinstance(given, list) else [given])]
        if request.method == "DELETE":
            self.guard.faults.waiting.clear()
        return [asdict(fault) for fault in self.guard.faults.waiting]

    def stats(self) -> Any:
        if request.method == "DELETE":
            self.guard.calls.clear()
            self.guard.not_emulated.clear()
        calls = sorted(self.guard.calls.items())
        return {
            "total": sum(count for _key, count in calls),
            "calls": [{"method": m, "path": p, "status": s, "count": count} for (m, p, s), count in calls],
            "not_emulated": [
                {"method": m, "path": p, "count": count} for (m, p), count in sorted(self.guard.not_emulated.items())
            ],
        }

    def tokens(self) -> Any:
        named = self.guard.tokens.named
        if request.method == "POST":
            given, token = _body(), _text("token")
            app_id = whole(given.get("app_id", self.portal.app_id), "app_id")
            granted = None if given.get("scopes") is None else frozenset(words(given["scopes"], "scopes"))
            named[token] = Token(token, app_id, str(given.get("app_name", "Private app")), granted)
        if request.method == "DELETE":
            named.clear()
        return [{"app_id": t.app_id, "scopes": None if t.scopes is None else sorted(t.scopes)} for t in named.values()]

    def switches(self) -> Any:
        if request.method == "POST":
            self.portal.switches = self.portal.switches.changed(**_body())
        return asdict(self.portal.switches)

    def rules(self) -> Any:
        if request.method == "POST":
            kind, where = self.portal.kind(str(_given("object"))).name, _body().get("where")
            self.portal.catalogue(kind).get(str(_given("property")))
            met = next(((str(name), str(value)) for name, value in where.items()), None) if where else None
            self.portal.requirements.append(Requirement(kind, str(_given("property")), met))
        if request.method == "DELETE":
            self.portal.requirements.clear()
        return [asdict(one) for one in self.portal.requirements]

    def settings(self) -> Any:
        given = _body() if request.method == "PUT" else {}
        at_once = whole(given.get("concurrent", self.webhooks.concurrent), "concurrent")
        trouble = trouble_from(given["trouble"]) if "trouble" in given else self.webhooks.trouble
        if "subscriptions" in given:
            self.webhooks.subscribe(given["subscriptions"])
        self.webhooks.trouble, self.webhooks.concurrent = trouble, max(1, min(CONCURRENT, at_once))
        self.webhooks.url = str(given.get("url", self.webhooks.url))
        self.webhooks.secret = str(given.get("secret", self.webhooks.secret))
        self.webhooks.by_clock = bool(given.get("by_clock", self.webhooks.by_clock))
        self.webhooks.real_time = bool(given.get("real_time", self.webhooks.real_time))
        return {
            "url": self.webhooks.url,
            "subscriptions": [one.listed for one in self.webhooks.subscriptions],
            "concurrent": self.webhooks.concurrent,
            "by_clock": self.webhooks.by_clock,
            "real_time": self.webhooks.real_time,
            "trouble": asdict(self.webhooks.trouble),
        }

    def deliveries(self) -> Any:
        if request.method == "POST":
            return _shown(self.webhooks.resend(whole(_given("resend"), "resend")))
        return {"idle": self.webhooks.idle(), "deliveries": [_shown(one) for one in list(self.webhooks.deliveries)]}

    def seed(self) -> Any:
        given = _body()
        contacts, seed = (whole(given.get(name, usual), name) for name, usual in (("contacts", 2_000), ("seed", 1)))
        populate(self.portal, contacts, seed)
        return self.portal.cast

    def snapshot(self) -> Any:
        if request.method == "POST":
            self.snapshots[_text("name")] = self.portal.snapshot()
        return [{"name": name, "bytes": len(taken)} for name, taken in self.snapshots.items()]

    def restore(self) -> Any:
        taken = self.snapshots.get(str(_given("name")))
        if taken is None:
            raise Malformed(f"There is no snapshot {_given('name')}; there are {', '.join(self.snapshots) or 'none'}")
        self.portal.restore_snapshot(taken)
        self.webhooks.forget()
        return {"now": self.portal.clock.now()}

    def reset(self) -> Any:
        self.portal.reset()
        self.webhooks.forget()
        self.webhooks.trouble = Trouble()
        self.guard.faults.waiting.clear()
        self.guard.tokens.named.clear()
        return self.stats()

    def cast(self) -> Any:
        return self.portal.cast


_RULES = {
    "clock": ("clock", ("GET", "PUT", "POST")),
    "clock/advance": ("advance", ("POST",)),
    "faults": ("faults", ("GET", "POST", "DELETE")),
    "stats": ("stats", ("GET", "DELETE")),
    "tokens": ("tokens", ("GET", "POST", "DELETE")),
    "switches": ("switches", ("GET", "POST")),
    "rules": ("rules", ("GET", "POST", "DELETE")),
    "webhooks": ("settings", ("GET", "PUT")),
    "deliveries": ("deliveries", ("GET", "POST")),
    "seed": ("seed", ("POST",)),
    "snapshot": ("snapshot", ("GET", "POST")),
    "restore": ("restore", ("POST",)),
    "reset": ("reset", ("POST",)),
    "cast": ("cast", ("GET",)),
}


def control_blueprint(guard: Guard, webhooks: Webhooks) -> Blueprint:
    blueprint, control = Blueprint("control", __name__, url_prefix="/_emulator"), Control(guard, webhooks)
    for path, (name, methods) in _RULES.items():
        blueprint.add_url_rule(f"/{path}", name, _answered(guard, getattr(control, name)), methods=list(methods))
    return blueprint


def _answered(guard: Guard, view: Callable[[], Any]) -> Callable[[], Response]:
    def serve() -> Response:
        try:
            with guard.portal.lock:
                return answer(view())
        except (Refusal, ValueError, TypeError) as problem:
            return error(400, "VALIDATION_ERROR", str(problem))

    return serve


def _body() -> dict[str, Any]:
    found = request.get_json(force=True, silent=True)
    if not isinstance(found, dict):
        raise Malformed("A JSON object is expected")
    return found


def _given(name: str) -> Any:
    if name not in _body():
        raise Malformed(f"{name} is missing")
    return _body()[name]


def _text(name: str) -> str:
    found = _given(name)
    if not isinstance(found, str) or not found:
        raise Malformed(f"{name} is a text, not {found!r}")
    return found


def _shown(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": delivery.id,
        "state": delivery.state,
        "events": delivery.events,
        "attempts": [asdict(attempt) for attempt in delivery.attempts],
    }
