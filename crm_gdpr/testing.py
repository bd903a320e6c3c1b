"""Fixtures for the tests of this project and of third-party addons: an emulated portal, and the system over it.

`portal` is the account, built by plain calls; `env` the system over it through real HTTP, a real Redis and a real
store; `client` its web process; `deliver` signs events as HubSpot does; `work` runs the queue until it is empty.
"""

from __future__ import annotations

import json
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from flask import Flask
from flask.testing import FlaskClient
from rq import Queue, SimpleWorker
from werkzeug.test import TestResponse

from crm_gdpr.app import create_app
from crm_gdpr.definitions import definitions
from crm_gdpr.embedded import Redis
from crm_gdpr.emulator import Portal, Running, serve
from crm_gdpr.emulator.properties import Catalogue
from crm_gdpr.env import Env, Settings
from crm_gdpr.jobs import QUEUES, assemble, run
from crm_gdpr.jobs.queue import connect
from crm_gdpr.policy.reading import PACKAGED
from crm_gdpr.store.database import Database
from crm_gdpr.sync import install
from crm_gdpr.webhooks.signature import v3

Deliver = Callable[..., TestResponse]


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A real Redis on a unix socket, for the whole session."""
    home = Path(tempfile.mkdtemp(prefix="crm-gdpr-"))  # a socket's path must be short
    with Redis(home) as url:
        yield url
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def portal() -> Portal:
    """An empty HubSpot account."""
    return Portal()


@pytest.fixture
def emulator(portal: Portal) -> Iterator[Running]:
    """The account behind HTTP."""
    running = serve(portal)
    yield running
    running.stop()


@pytest.fixture
def hubspot_url(emulator: Running) -> str:
    """The address of the emulated HubSpot."""
    return emulator.url


@pytest.fixture
def policy_file(tmp_path: Path) -> Path:
    """The packaged policy, armed."""
    file = tmp_path / "policy.toml"
    file.write_text(PACKAGED.read_text().replace("armed = false", "armed = true"))
    return file


@pytest.fixture
def settings(portal: Portal, hubspot_url: str, redis_url: str, policy_file: Path, tmp_path: Path) -> Settings:
    """Settings of a system over the emulated portal."""
    return Settings(
        access_token=secrets.token_hex(8),
        client_secret=secrets.token_hex(16),
        secret_key=secrets.token_hex(16),
        pseudonym_key=secrets.token_hex(16),
        redis_url=redis_url,
        database_url=f"sqlite:///{tmp_path / 'store.db'}",
        portal_id=portal.portal_id,
        app_id=str(portal.app_id),
        base_url=hubspot_url,
        plan="unlimited",
        public_url="http://localhost",
        policy_file=policy_file,
        files=tmp_path / "files",
        clock_url=f"{hubspot_url}/_emulator/clock",
    )


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store's file with all its tables, to be copied."""
    file = tmp_path_factory.mktemp("migrated") / "store.db"
    database = Database(f"sqlite:///{file}")
    database.migrate()
    database.close()
    return file


@pytest.fixture
def bare_env(settings: Settings, migrated: Path) -> Iterator[Env]:
    """The system, with nothing installed in the portal yet."""
    connect(settings.redis_url).flushall()
    shutil.copyfile(migrated, settings.database_url.removeprefix("sqlite:///"))
    env = assemble(settings)
    yield env
    env.store.database.close()


@pytest.fixture
def env(bare_env: Env, portal: Portal, installed: dict[str, Catalogue]) -> Env:
    """The system, with its properties in the portal: installed over HTTP for the first test, then copied."""
    wanted = definitions(bare_env.registry)
    if not installed:
        install.apply(bare_env.hubspot, install.plan(wanted, install.present(bare_env.hubspot, wanted)))
        installed |= {kind: _ours(portal.catalogue(kind)) for kind in wanted}
    for kind, ours in installed.items():
        portal.catalogue(kind).groups.update(ours.groups)
        portal.catalogue(kind).properties.update(ours.properties)
    return bare_env


@pytest.fixture(scope="session")
def installed() -> dict[str, Catalogue]:
    """What the first installation made in its portal, by kind of record."""
    return {}


def _ours(found: Catalogue) -> Catalogue:
    properties = {name: each for name, each in found.properties.items() if each.group == install.GROUP}
    return Catalogue(properties, {install.GROUP: found.groups[install.GROUP]})


@pytest.fixture
def app(env: Env) -> Flask:
    return create_app(env)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """The web process, without a network in between."""
    return app.test_client()


@pytest.fixture
def deliver(client: FlaskClient, env: Env) -> Deliver:
    """Deliver events as HubSpot does, signed now; headers and body may be spoilt on purpose."""

    def send(*events: Any, body: bytes | None = None, **headers: str) -> TestResponse:
        raw = json.dumps(list(events)).encode() if body is None else body
        stamp = str(int(env.clock.now().timestamp() * 1000))
        uri = f"{env.settings.public_url}/webhooks/hubspot"
        signed = {
            "X-HubSpot-Request-Timestamp": stamp,
            "X-HubSpot-Signature-v3": v3(env.settings.client_secret, "POST", uri, raw, stamp),
        }
        return client.post("/webhooks/hubspot", data=raw, headers={**signed, **headers})

    return send


class DeafWorker(SimpleWorker):
    """Takes no commands while it works: the thread that would listen for them takes a fifth of a second to end."""

    def subscribe(self) -> None:
        """Listen to nobody."""

    def unsubscribe(self) -> None:
        """There is nothing to end."""


@pytest.fixture
def work(env: Env, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Run everything that is queued, in this process, until nothing is left."""
    monkeypatch.setattr(run, "boot", lambda: env)
    connection: redis.Redis = connect(env.settings.redis_url)

    def until_empty() -> None:
        for _ in range(10):
            queues = [Queue(name, connection=connection, serializer="json") for name in QUEUES]
            DeafWorker(queues, connection=connection, serializer="json").work(burst=True, logging_level="ERROR")
            if not env.store.work.open():
                return
            env.queue.send(env.store.work.overdue(float("inf")))

    return until_empty
