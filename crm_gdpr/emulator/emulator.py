"""One emulator whole: account, door, webhooks; and how to run it inside this process."""

import threading
from dataclasses import dataclass

from crm_gdpr.emulator.app import create_app
from crm_gdpr.emulator.limits import Limits
from crm_gdpr.emulator.portal import Portal
from crm_gdpr.emulator.sender import Sender
from crm_gdpr.emulator.server import Server
from crm_gdpr.emulator.tokens import Tokens
from crm_gdpr.emulator.webhooks import Webhooks
from crm_gdpr.emulator.wire.guard import Guard


@dataclass
class Running:
    """An emulator that answers on ``url`` until it is stopped."""

    url: str
    portal: Portal
    guard: Guard
    webhooks: Webhooks
    _server: Server
    _sender: Sender

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._sender.stop()


def serve(portal: Portal, port: int = 0, host: str = "127.0.0.1", limits: Limits | None = None) -> Running:
    """Start answering; port 0 takes a free one. OSError when the port is taken."""
    webhooks = Webhooks(portal)
    guard = Guard(portal, Tokens(portal.app_id), limits)
    server = Server(host, port, create_app(guard, webhooks))
    sender = Sender(webhooks)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    sender.start()
    return Running(server.url, portal, guard, webhooks, server, sender)
