"""The pages behind a real port, and a browser in front of them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.browser.driver import Browser, missing


class Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's name
        """Say nothing."""


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The address of the web process."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    """A browser with an empty profile; skipped, and said so, where there is none."""
    reason = missing()
    if reason:
        pytest.skip(f"BROWSER TESTS SKIPPED: {reason}; on Debian: apt install chromium chromium-driver")
    profile = tmp_path / "profile"
    profile.mkdir()
    with Browser(profile) as opened:
        yield opened
