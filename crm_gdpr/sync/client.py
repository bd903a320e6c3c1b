"""The only module that imports `hubspot`, the official client; it supplies paths and bodies, nothing else.

Each access such as `client.crm.objects.basic_api` would build a connection pool of its own; here every API object
is made once and sent over our transport.  Its models are not used: they cost ten times the JSON they stand for.
"""

from collections.abc import Mapping
from importlib import import_module
from threading import Lock
from typing import Any

import hubspot

from crm_gdpr.sync.transport import Transport

PACKAGES = (
    "crm.objects",
    "crm.contacts",
    "crm.associations.v4",
    "crm.properties",
    "crm.owners",
    "crm.pipelines",
    "crm.lists",
)


def preload() -> None:
    """Import what the client would import on first use: a worker does it once, before it forks for each job."""
    for package in PACKAGES:
        import_module(f"hubspot.{package}")


def client(transport: Transport) -> Any:
    """The official client over our transport.  The token stays with the session; the client never has it."""
    made: dict[tuple[str, str], Any] = {}
    lock = Lock()

    def api(package: Any, name: str, _config: Mapping[str, Any]) -> Any:
        key = (package.__name__, name)
        with lock:
            if key not in made:
                configuration = package.Configuration()
                configuration.host = transport.base_url
                wire = package.ApiClient(configuration=configuration)
                wire.rest_client.pool_manager = transport
                made[key] = getattr(package, name)(api_client=wire)
            return made[key]

    return hubspot.HubSpot(api_factory=api)
