"""The people of the demo: sales in the CRM's own pages, support in the console, the officer at the command line."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests

from crm_gdpr.demo.stack import Account, DemoError, Stack

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass
class Sales:
    """Works in the CRM as usual, and moves the calendar."""

    url: str

    def submit(self, path: str, **fields: str) -> str:
        """Submit a form of the CRM; returns the id at the end of where it leads."""
        answer = requests.post(f"{self.url}/app/{path}", data=fields, allow_redirects=False, timeout=30)
        if answer.status_code != 303:
            raise DemoError(f"the CRM refused {path}: {answer.status_code}")
        return answer.headers["Location"].rpartition("/")[2]

    def pass_days(self, days: int) -> None:
        self.steer("clock/advance", {"days": days})

    def steer(self, what: str, value: Mapping[str, Any]) -> None:
        method = requests.put if what == "webhooks" else requests.post
        method(f"{self.url}/_emulator/{what}", json=value, timeout=60).raise_for_status()

    def cast(self) -> dict[str, Any]:
        found: dict[str, Any] = requests.get(f"{self.url}/_emulator/cast", timeout=10).json()
        return found

    def status_of(self, contact_id: str, *, archived: bool) -> int:
        """Ask the portal itself for a record."""
        path = f"{self.url}/crm/objects/2026-09/contacts/{contact_id}"
        headers = {"Authorization": "Bearer anyone"}
        return requests.get(path, params={"archived": str(archived).lower()}, headers=headers, timeout=10).status_code


@dataclass
class Officer:
    """Decides at the command line."""

    stack: Stack
    name: str

    def run(self, *arguments: str, expect: int = 0, store: str | None = None) -> Any:
        """Run a command, on another store if one is named; returns its JSON, or what it said."""
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "crm_gdpr.cli", *arguments],
            env=self.stack.environment | ({"DATABASE_URL": store} if store else {}),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != expect:
            said = (done.stderr or done.stdout).strip()
            raise DemoError(f"`crm-gdpr {' '.join(arguments)}` ended with {done.returncode}, not {expect}: {said}")
        return json.loads(done.stdout) if "--json" in arguments and done.stdout else done.stdout + done.stderr

    def decide(self, *arguments: str, expect: int = 0) -> Any:
        return self.run(*arguments, "--by", self.name, expect=expect)


@dataclass
class Support:
    """Answers people, in the console."""

    url: str
    account: Account
    browser: requests.Session = field(default_factory=requests.Session)

    def sign_in(self) -> None:
        self.submit("/console/login", page="/console/login", name=self.account.name, password=self.account.password)

    def read(self, path: str) -> str:
        answer = self.browser.get(self.url + path, timeout=30)
        if answer.status_code != 200:
            raise DemoError(f"the console answered {answer.status_code} for {path}")
        return answer.text

    def submit(self, path: str, *, page: str, **fields: str) -> str:
        """Submit a form that stands on a page; returns the page it leads to."""
        token = TOKEN.search(self.read(page))
        if token is None:
            raise DemoError(f"{page} has no form")
        form = {"csrf_token": token.group(1), **fields}
        answer = self.browser.post(self.url + path, data=form, timeout=30)
        if answer.status_code != 200:
            raise DemoError(f"the console answered {answer.status_code} for {path}")
        return answer.text
