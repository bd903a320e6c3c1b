"""Everything a handler may touch, passed as its first argument: settings, policy, clock, HubSpot, store, queue."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import requests
import urllib3
from environs import Env as Environment
from environs import EnvError

from crm_gdpr.gate import Gate
from crm_gdpr.policy import Policy
from crm_gdpr.policy.addresses import digest
from crm_gdpr.policy.book import Recipient
from crm_gdpr.registry import Registry
from crm_gdpr.store import Store
from crm_gdpr.store.ledger import Line
from crm_gdpr.store.usage_rows import Rows, TableError
from crm_gdpr.store.work import Item
from crm_gdpr.sync import HubSpot
from crm_gdpr.sync.scan import Scan

TELL_PEOPLE = {"email", "hs_object_id"}
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class SettingsError(Exception):
    """A setting that is missing or cannot be right."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The environment, read once.  `repr` shows no secret."""

    access_token: str = field(repr=False)
    client_secret: str = field(repr=False)
    secret_key: str = field(repr=False)
    pseudonym_key: str = field(repr=False)
    redis_url: str = field(repr=False)
    database_url: str = field(repr=False)
    portal_id: int
    files: Path
    app_id: str | None = None
    base_url: str = "https://api.hubapi.com"
    api_version: str = "2026-09"
    signature: str = "v3"
    plan: str = "professional"
    public_url: str = "http://127.0.0.1:8000"
    policy_file: Path | None = None
    clock_url: str | None = None

    def __post_init__(self) -> None:
        on_loopback = urlsplit(self.base_url).hostname in LOOPBACK
        if self.clock_url and not on_loopback:
            raise SettingsError(
                "CRM_GDPR_CLOCK_URL is for the emulator only; unset it, or let HUBSPOT_BASE_URL be loopback"
            )
        if self.plan == "unlimited" and not on_loopback:
            raise SettingsError("HUBSPOT_PLAN=unlimited is for the emulator only; name the plan of the account")

    @classmethod
    def read(cls) -> Settings:
        """Read the environment; a missing secret is named, never guessed."""
        read = Environment()
        try:
            return cls(
                access_token=read.str("HUBSPOT_ACCESS_TOKEN"),
                client_secret=read.str("HUBSPOT_CLIENT_SECRET"),
                portal_id=read.int("HUBSPOT_PORTAL_ID"),
                app_id=read.str("HUBSPOT_APP_ID", None),
                base_url=read.str("HUBSPOT_BASE_URL", "https://api.hubapi.com").rstrip("/"),
                api_version=read.str("HUBSPOT_API_VERSION", "2026-09"),
                signature=read.str("HUBSPOT_SIGNATURE", "v3"),
                plan=read.str("HUBSPOT_PLAN", "professional"),
                redis_url=read.str("REDIS_URL"),
                database_url=read.str("DATABASE_URL"),
                policy_file=read.path("CRM_GDPR_POLICY", None),
                secret_key=read.str("CRM_GDPR_SECRET_KEY"),
                pseudonym_key=read.str("CRM_GDPR_PSEUDONYM_KEY"),
                files=read.path("CRM_GDPR_FILES"),
                public_url=read.str("CRM_GDPR_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/"),
                clock_url=read.str("CRM_GDPR_CLOCK_URL", None),
            )
        except EnvError as error:
            raise SettingsError(f"{error}; the README lists every setting") from None

    @property
    def journal(self) -> Path:
        """Where the journal of the store lies: with the files, away from the database."""
        return self.files / f"journal-{self.portal_id}.jsonl"

    def redacted(self) -> dict[str, Any]:
        """Return the settings that may be shown."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.repr}


KEPT_OPEN = urllib3.PoolManager()  # the emulated clock is asked at every step


@dataclass(frozen=True)
class Clock:
    """The time: the machine's, or the emulator's when its address is given."""

    url: str | None = None

    def now(self) -> datetime:
        if self.url is None:
            return datetime.now(UTC)
        answer = KEPT_OPEN.request("GET", self.url, timeout=5)
        if answer.status != 200:
            raise OSError(f"the emulated clock at {self.url} answered {answer.status}")
        return datetime.fromisoformat(answer.json()["now"]).astimezone(UTC)


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing HubSpot said; a rumour, to be checked by reading the record.  It carries ids, never a value."""

    type: str
    object_id: str
    occurred_ms: int
    property_name: str | None = None
    change_source: str | None = None
    source_id: str | None = None
    from_id: str | None = None
    to_id: str | None = None


class Queue(Protocol):
    """Where work is left for a worker."""

    def enqueue(self, job: str, key: str, **ids: Any) -> bool:
        """Leave work once per key; False when the key is known."""

    def enqueue_many(self, job: str, pieces: Iterable[tuple[str, dict[str, Any]]]) -> int:
        """Leave several pieces of the same job; returns how many were new."""

    def leave(self, job: str, pieces: Iterable[tuple[str, dict[str, Any]]]) -> list[Item]:
        """Leave pieces that the caller does now; returns those that were new."""

    def wake(self, job: str) -> None:
        """Let a job that looks for its own work run soon, unless it waits to already."""

    def is_long(self, queue: str) -> bool:
        """Tell whether what waits is behind other work, and not lost."""

    def send(self, items: Iterable[Item]) -> None:
        """Send again what the store already holds."""


@dataclass(frozen=True, kw_only=True)
class Env:
    """What handlers, jobs and pages work with."""

    settings: Settings
    policy: Policy
    registry: Registry
    clock: Clock
    hubspot: HubSpot
    store: Store
    queue: Queue

    @property
    def gate(self) -> Gate:
        """The only way to anything destructive."""
        return Gate(
            hubspot=self.hubspot,
            store=self.store,
            policy=self.policy,
            today=self.today(),
            hour=self.clock.now().hour,
            record=self.record,
            pseudonym=self.pseudonym,
            digests=self.digests,
            erasers=tuple(partial(s.erase, self) for s in self.registry.export_sections if s.erase is not None),
        )

    def scan(self, since: datetime | None = None, mirror: Sequence[str] = ()) -> Scan:
        """A reading of the portal: all of it, or what changed since, with a count of its own of the calls."""
        return Scan(self.hubspot.counted(), self.policy, since, mirror)

    def usage_tables(self) -> dict[str, Rows]:
        """Return the tables of the company's own that policy.toml names, each found to be as described there."""
        found = {spec.name: Rows(spec, self.policy.controller.timezone) for spec in self.policy.usage.tables}
        for rows in found.values():
            rows.check()
            if rows.is_in(self.settings.database_url):
                raise TableError(f"usage table {rows.spec.name!r} is in our own store; name the company's own database")
        self._check_who({name for spec in self.policy.usage.tables for name in spec.person} - TELL_PEOPLE)
        return found

    def _check_who(self, names: set[str]) -> None:
        """Refuse to know people by a property that they may share: one's erasure would take another's rows."""
        known = {p["name"]: p for p in self.hubspot.properties("contacts")} if names else {}
        shared = sorted(name for name in names if not known.get(name, {}).get("hasUniqueValue"))
        if shared:
            raise TableError(
                f"usage tables know people by {', '.join(shared)}, which several contacts may have; use email, "
                "hs_object_id, or a property that HubSpot keeps unique"
            )

    def today(self) -> date:
        """Return the date in the controller's time zone."""
        return self.clock.now().astimezone(ZoneInfo(self.policy.controller.timezone)).date()

    def pseudonym(self, contact_id: str) -> str:
        """Name a person without naming them: same key, same person, no way back."""
        what = f"{self.settings.portal_id}:contact:{contact_id}"
        return hmac.new(self.settings.pseudonym_key.encode(), what.encode(), hashlib.sha256).hexdigest()

    def digests(self, addresses: Iterable[tuple[str, str]]) -> frozenset[str]:
        """Hash addresses (kind, value) so that they are known again; refused with another key than the first."""
        self.store.suppression.check(self.key_fingerprint())
        key = self._derived_key("suppression")
        return frozenset(digest(key, f"{self.settings.portal_id}:{kind}", value) for kind, value in addresses)

    def key_fingerprint(self) -> str:
        """Tell one pseudonym key from another without showing either."""
        return self._derived_key("fingerprint").hex()[:16]

    def _derived_key(self, purpose: str) -> bytes:
        """A key for each purpose, so that a hash of the suppression list is never one of the ledger."""
        return hmac.new(self.settings.pseudonym_key.encode(), f"crm_gdpr/{purpose}".encode(), hashlib.sha256).digest()

    def notify(self, recipient: Recipient, told: Mapping[str, Any]) -> None:
        """Tell a recipient by a call that only we can have signed; anything but 2xx is raised, to be tried again."""
        at, body = str(int(self.clock.now().timestamp())), json.dumps(told, sort_keys=True)
        key = hmac.new(
            self.settings.secret_key.encode(), f"crm_gdpr/recipient/{recipient.name}".encode(), hashlib.sha256
        )
        signature = hmac.new(key.hexdigest().encode(), f"{at}.{body}".encode(), hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "X-CRM-GDPR-Timestamp": at, "X-CRM-GDPR-Signature": signature}
        requests.post(
            recipient.notify, data=body, headers=headers, timeout=10, allow_redirects=False
        ).raise_for_status()

    def record(self, action: str, *, actor: str, contact_id: str | None = None, **detail: Any) -> None:
        """Write one line in the ledger."""
        subject = self.pseudonym(contact_id) if contact_id is not None else None
        self.store.ledger.write([Line(action, actor, subject, detail)], at=self.clock.now())

    def record_each(self, action: str, *, actor: str, people: Mapping[str, Mapping[str, Any]]) -> None:
        """Write one line for each contact, all of them in one transaction."""
        lines = [Line(action, actor, self.pseudonym(id_), detail) for id_, detail in people.items()]
        self.store.ledger.write(lines, at=self.clock.now())
