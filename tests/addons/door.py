"""The front door: what happens in the portal reaches the web process over HTTP, signed, and workers do the rest."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from flask import Flask

from crm_gdpr.emulator import Portal
from crm_gdpr.emulator.emulator import Running
from crm_gdpr.emulator.server import Server
from crm_gdpr.env import Env
from crm_gdpr.project import project

Settle = Callable[[], None]


@contextmanager
def front_door(app: Flask, env: Env, emulator: Running, work: Callable[[], None]) -> Iterator[Settle]:
    """Let HubSpot tell what the project asks it to; yields what waits until all of it is heard and done."""
    server = Server("127.0.0.1", 0, app)
    app.extensions["crm_gdpr"] = replace(env, settings=replace(env.settings, public_url=server.url))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    webhooks = emulator.webhooks
    files = project(env.registry, "https://gdpr.example.com")
    asked = files["src/app/webhooks/webhooks-hsmeta.json"]["config"]["subscriptions"]
    webhooks.subscribe(
        (one["subscriptionType"], one.get("propertyName", "")) for kind in asked.values() for one in kind
    )
    webhooks.url, webhooks.secret = f"{server.url}/webhooks/hubspot", env.settings.client_secret

    def settle() -> None:
        """Our own writes are told too, so go on until nothing is left anywhere."""
        until = time.monotonic() + 20
        while True:
            while not webhooks.idle():
                assert time.monotonic() < until, "deliveries do not come to rest"
                time.sleep(0.005)
            if not env.store.work.open():
                return
            work()

    try:
        yield settle
    finally:
        webhooks.url = ""
        server.shutdown()
        server.server_close()


def night(env: Env, settle: Settle) -> None:
    """Let the nightly reading of objections run, and what follows."""
    env.queue.enqueue("objection.scan_fully", f"scan-{env.clock.now():%Y%m%d%H%M%S%f}-{env.store.work.counts()}")
    settle()


def papers(portal: Portal, person: str, kind: str, name: str) -> list[str]:
    """Return the texts of the notes or tasks that lie on a person."""
    record = portal.record("contacts", int(person))
    return [portal.value(kind, str(id_), name) or "" for id_ in portal.associated(record, kind)]


def tasks(portal: Portal, person: str) -> list[str]:
    return papers(portal, person, "tasks", "hs_task_subject")


def notes(portal: Portal, person: str) -> list[str]:
    return papers(portal, person, "notes", "hs_note_body")


def has_no_way(portal: Portal, email: str = "jane@example.com") -> bool:
    """Tell whether every mailing to an address is refused."""
    return portal.preferences.opt_out(email) is not None
