"""The one way out to HubSpot: what lies under the official client in place of its own connection pool.

Adds what the client lacks: one keep-alive session, time-outs, the bearer token, the call budget, the configured
API version, and retries by intent.  Answers other than 2xx leave here as `HubSpotError`, so the client's own
exceptions, a separate set in each of its packages, are never met.
"""

import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import MaxRetryError, NewConnectionError

from crm_gdpr import quick_json
from crm_gdpr.sync.budget import Budget, Lane, families_of
from crm_gdpr.sync.errors import DAILY, HubSpotError, Limited, Malformed, Said, Unavailable, error_from
from crm_gdpr.sync.retry import Intent, intent_of, wait_before
from crm_gdpr.sync.versions import versioned

TIMEOUT: Final = (3.05, 30.0)  # to connect, between bytes; seconds
CONNECTIONS = 16
LARGEST: Final = 100 * 1024 * 1024  # bytes of a file that is handed on


@dataclass(frozen=True)
class Answer:
    """A 2xx answer, read whole; has what the client looks at when it is told not to build models."""

    status: int
    data: bytes
    applied: bool = False

    def json(self) -> dict[str, Any]:
        """The JSON object in it; anything else is not an answer of HubSpot's."""
        try:
            value = quick_json.loads(self.data)
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise Malformed.because("an answer that is not a JSON object", self.applied)
        return value


class Bearer(requests.auth.AuthBase):
    """Puts the token on each request; as `auth`, so that a .netrc file cannot replace it."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def session(access_token: str, app_id: str | None) -> requests.Session:
    """A session for all calls of a process: keep-alive, gzip, our token, and nobody else's retries."""
    made = requests.Session()
    made.auth = Bearer(access_token)
    made.headers["User-Agent"] = f"crm-gdpr app/{app_id}" if app_id else "crm-gdpr"
    for scheme in ("https://", "http://"):
        made.mount(scheme, HTTPAdapter(pool_maxsize=CONNECTIONS, max_retries=0))
    return made


@dataclass(frozen=True)
class Transport:
    """Sends a call on one lane of the budget, and again where that cannot do harm."""

    session: requests.Session
    base_url: str
    api_version: str
    budget: Budget
    lane: Lane
    sleep: Callable[[float], None] = time.sleep
    calls: Counter[str] | None = None  # where somebody counts what they cost

    def request(
        self, method: str, url: str, body: str | None = None, fields: Any = None, **of_the_client: Any
    ) -> Answer:
        """The method the client calls on its pool; its headers and time-outs are replaced by ours."""
        path = url.removeprefix(self.base_url)
        intent, retry = intent_of(method, path), 0
        while True:
            try:
                return self._send(method, path, intent, body=body, query=fields)
            except HubSpotError as error:
                retry += 1
                wait = wait_before(retry, error, intent)
                self._tell_others(path, error, wait)
                if wait is None:
                    raise
                self.sleep(wait)

    def get(self, path: str) -> dict[str, Any]:
        """For the few paths that the client does not know."""
        return self.request("GET", self.base_url + path).json()

    def send(self, method: str, path: str, body: Any = None, *, query: Any = None) -> Answer:
        """The same for those that take a body or a query."""
        text = None if body is None else json.dumps(body)
        return self.request(method, self.base_url + path, body=text, fields=query)

    def fetch(self, url: str) -> bytes:
        """What a signed address serves.  It may be anybody's server: nothing of ours goes along, and it must end."""
        try:
            answer = requests.get(url, timeout=TIMEOUT, allow_redirects=False, stream=True)
            answer.raise_for_status()
            content = answer.raw.read(LARGEST + 1, decode_content=True)
        except requests.RequestException as error:
            raise _cut(error, writes=False) from error
        if len(content) > LARGEST:
            raise Malformed.because("a file larger than any that may be attached")
        return bytes(content)

    def _send(self, method: str, path: str, intent: Intent, *, body: str | None, query: Any) -> Answer:
        for family in families_of(path):
            self.budget.acquire(family, self.lane)
        if self.calls is not None:
            self.calls[path.partition("?")[0].removeprefix("/").split("/")[0]] += 1
        bare, _, tail = path.partition("?")
        url = self.base_url + versioned(bare, self.api_version) + (f"?{tail}" if tail else "")
        writes = intent is not Intent.READ
        try:
            answer = self.session.request(
                method,
                url,
                params=query,
                data=body,
                headers={"Content-Type": "application/json"} if body else None,
                timeout=TIMEOUT,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise _cut(error, writes) from error
        if not 200 <= answer.status_code < 300:
            raise error_from(answer.status_code, answer.headers, answer.content, writes)
        return Answer(answer.status_code, answer.content, applied=writes)

    def _tell_others(self, path: str, error: HubSpotError, wait: float | None) -> None:
        """A 429 stops every process that shares the allowance, not only the one that met it."""
        if not isinstance(error, Limited) or error.status != 429:
            return
        if error.policy == DAILY:
            self.budget.day_is_spent()
        elif wait:
            for family in families_of(path):
                self.budget.pause(family, wait)


def _cut(error: requests.RequestException, writes: bool) -> Unavailable:
    """A connection that failed.  Only one that was never made is known to have applied nothing."""
    return Unavailable(Said(category=type(error).__name__), applied_unknown=writes and not _never_sent(error))


def _never_sent(error: requests.RequestException) -> bool:
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else None
    return isinstance(error, requests.ConnectTimeout) or isinstance(reason, NewConnectionError)
