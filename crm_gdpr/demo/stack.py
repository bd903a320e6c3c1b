"""Start and stop every process of the system: Redis, emulated HubSpot, web, two workers, clock."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import requests

from crm_gdpr.embedded import Redis
from crm_gdpr.env import Env, Settings
from crm_gdpr.jobs import assemble
from crm_gdpr.policy.reading import PACKAGED

PORTAL_ID, APP_ID = 26_000_001, 4_200_001
PATIENCE_S = 30.0
OFFICER, SUPPORT = "dpo", "support"


class DemoError(Exception):
    """The demo cannot go on; the message says why and what to do."""


@dataclass(frozen=True)
class Account:
    """A demo account of the console."""

    name: str
    password: str
    role: str


@dataclass
class Stack:
    """All processes of the demo.  Leave the block, and they are stopped."""

    home: Path
    web_port: int
    crm_port: int
    contacts: int
    seed: int
    limits: str = "off"
    accounts: dict[str, Account] = field(default_factory=dict)
    _processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _parts: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        for port in (self.web_port, self.crm_port):
            _refuse_taken(port)
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir(parents=True)
        socket_home = Path(tempfile.mkdtemp(prefix="crm-gdpr-"))  # a socket's path must be short
        self._parts.callback(shutil.rmtree, socket_home, ignore_errors=True)
        self.settings = self._settings(self._parts.enter_context(Redis(socket_home)))
        self._parts.callback(self._stop_processes)
        try:
            self._start()
        except BaseException:
            self._parts.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._parts.close()

    @property
    def crm_url(self) -> str:
        return f"http://127.0.0.1:{self.crm_port}"

    @property
    def web_url(self) -> str:
        return f"http://127.0.0.1:{self.web_port}"

    @property
    def environment(self) -> dict[str, str]:
        """The settings as every process of the demo gets them; nothing of HubSpot's is taken from outside."""
        s = self.settings
        ours = {
            "HUBSPOT_ACCESS_TOKEN": s.access_token,
            "HUBSPOT_CLIENT_SECRET": s.client_secret,
            "HUBSPOT_PORTAL_ID": str(s.portal_id),
            "HUBSPOT_APP_ID": str(s.app_id),
            "HUBSPOT_BASE_URL": s.base_url,
            "HUBSPOT_PLAN": s.plan,
            "REDIS_URL": s.redis_url,
            "DATABASE_URL": s.database_url,
            "CRM_GDPR_POLICY": str(s.policy_file),
            "CRM_GDPR_SECRET_KEY": s.secret_key,
            "CRM_GDPR_PSEUDONYM_KEY": s.pseudonym_key,
            "CRM_GDPR_FILES": str(s.files),
            "CRM_GDPR_PUBLIC_URL": s.public_url,
            "CRM_GDPR_CLOCK_URL": str(s.clock_url),
        }
        outside = {k: v for k, v in os.environ.items() if not k.startswith(("HUBSPOT_", "CRM_GDPR_"))}
        return outside | ours

    def env(self) -> Env:
        """An `Env` of our own, to look at what the processes did."""
        return assemble(self.settings)

    def check(self) -> None:
        """Say which process has died, if one has."""
        for name, process in self._processes.items():
            if process.poll() is not None:
                log = (self.home / f"{name}.log").read_text()[-600:]
                raise DemoError(f"{name} stopped with code {process.returncode}; the end of its log:\n{log}")

    def _settings(self, redis_url: str) -> Settings:
        policy = self.home / "policy.toml"
        policy.write_text(PACKAGED.read_text().replace("armed = false", "armed = true"))
        return Settings(
            access_token=secrets.token_hex(16),
            client_secret=secrets.token_hex(16),
            secret_key=secrets.token_hex(32),
            pseudonym_key=secrets.token_hex(32),
            redis_url=redis_url,
            database_url=f"sqlite:///{self.home / 'store.db'}",
            portal_id=PORTAL_ID,
            app_id=str(APP_ID),
            base_url=self.crm_url,
            plan="professional" if self.limits == "real" else "unlimited",
            public_url=self.web_url,
            policy_file=policy,
            files=self.home / "files",
            clock_url=f"{self.crm_url}/_emulator/clock",
        )

    def _start(self) -> None:
        app_id, portal_id, secret = str(APP_ID), str(PORTAL_ID), self.settings.client_secret
        self._run(
            "crm",
            *("crm_gdpr.cli", "emulator", "--port", str(self.crm_port), "--limits", self.limits),
            *("--contacts", str(self.contacts), "--seed", str(self.seed), "--app-id", app_id, "--portal-id", portal_id),
            *("--webhook", f"{self.web_url}/webhooks/hubspot", "--secret", secret),
        )
        env = self.env()
        env.store.database.migrate()
        for name, role in ((OFFICER, "officer"), (SUPPORT, "support")):
            self.accounts[name] = Account(name, secrets.token_urlsafe(6), role)
            env.store.users.add(name, self.accounts[name].password, role)
        bind = f"127.0.0.1:{self.web_port}"
        threads = ("--worker-class", "gthread", "--workers", "1", "--threads", "4", "--log-level", "error")
        self._run("web", "gunicorn", *threads, "--bind", bind, "crm_gdpr.app:create_app()")
        for name, queue in (
            ("worker-interactive", "interactive"),
            ("worker-bulk-1", "bulk"),
            ("worker-bulk-2", "bulk"),
        ):
            self._run(name, "crm_gdpr.cli", "worker", queue)
        self._run("clock", "crm_gdpr.cli", "clock", "--every", "0.1")
        self._await(f"{self.crm_url}/_emulator/clock")
        self._await(f"{self.web_url}/health")

    def _run(self, name: str, module: str, *arguments: str) -> None:
        log = self._parts.enter_context((self.home / f"{name}.log").open("wb"))
        self._processes[name] = subprocess.Popen(  # noqa: S603 - our own processes
            [sys.executable, "-m", module, *arguments],
            env=self.environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches us alone, and we stop them in order
        )

    def _await(self, url: str) -> None:
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            self.check()
            try:
                requests.get(url, timeout=2)
            except (requests.ConnectionError, requests.Timeout):
                time.sleep(0.05)
            else:
                return
        raise DemoError(f"{url} did not answer within {PATIENCE_S:.0f} seconds; the logs are in {self.home}")

    def _stop_processes(self) -> None:
        for process in reversed(self._processes.values()):
            process.terminate()
        for process in self._processes.values():
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()


def free_port() -> int:
    """Return a port of this machine that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise DemoError(
                f"port {port} is taken ({error.strerror}); choose others with --port and --crm-port"
            ) from None
