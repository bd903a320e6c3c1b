"""An empty account, and the same account over real HTTP."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from crm_gdpr.emulator import Portal, Running, serve


class Api:
    """A plain client: nothing between the test and the wire."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["Authorization"] = "Bearer any"

    def __call__(self, method: str, path: str, body: Any = None, **more: Any) -> requests.Response:
        return self._session.request(method, self.url + path, json=body, timeout=10, **more)

    def speak(self, language: str) -> None:
        """Prefer a language, as browsers do."""
        self._session.headers["Accept-Language"] = language

    def close(self) -> None:
        self._session.close()


@pytest.fixture
def portal() -> Portal:
    return Portal()


@pytest.fixture
def running(portal: Portal) -> Iterator[Running]:
    running = serve(portal)
    yield running
    running.stop()


@pytest.fixture
def api(running: Running) -> Iterator[Api]:
    client = Api(running.url)
    yield client
    client.close()
