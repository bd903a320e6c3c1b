"""A headless Chromium, driven over the WebDriver protocol with plain HTTP: just what the tests of the pages need."""

from __future__ import annotations

import base64
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

import requests

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
PATIENCE_S = 20.0
ARGUMENTS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions"),
)


def missing() -> str | None:
    """Name what a browser test needs and does not find."""
    absent = [name for name in ("chromium", "chromedriver") if shutil.which(name) is None]
    return f"not installed: {', '.join(absent)}" if absent else None


class Browser:
    """One browser with an empty profile; it is closed when the block is left."""

    def __init__(self, profile: Path, language: str = "sv") -> None:
        self._profile = profile
        self._language = language
        self._http = requests.Session()
        self._port = _free_port()
        self._at = f"http://127.0.0.1:{self._port}"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Browser:
        command = ["chromedriver", f"--port={self._port}", f"--log-path={self._profile / 'driver.log'}"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(self._is_ready)
        options = {"args": [*ARGUMENTS, f"--user-data-dir={self._profile}", f"--lang={self._language}"]}
        options["prefs"] = {
            "intl.accept_languages": self._language,
            "download.default_directory": str(self._profile),
        }
        wanted = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        answer = self._call("POST", "/session", capabilities={"alwaysMatch": wanted})
        self._at += f"/session/{answer['sessionId']}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._call("DELETE", "")
        self._http.close()
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=PATIENCE_S)

    def open(self, address: str) -> None:
        self._call("POST", "/url", url=address)

    @property
    def address(self) -> str:
        return str(self._call("GET", "/url"))

    @property
    def title(self) -> str:
        return str(self._call("GET", "/title"))

    def fill(self, selector: str, text: str) -> None:
        self._call("POST", f"/element/{self._find(selector)}/value", text=text)

    def press(self, selector: str) -> None:
        self._call("POST", f"/element/{self._find(selector)}/click")

    def submit(self, selector: str) -> None:
        """Press what leads to another page, and wait until that page is whole: a click alone returns before."""
        self.run("window.left_behind = true")
        self.press(selector)
        until(self._is_beyond)

    def text(self, selector: str = "body") -> str:
        return str(self._call("GET", f"/element/{self._find(selector)}/text"))

    def run(self, script: str) -> Any:
        """Evaluate a script from outside the page; the page's own policy does not concern the driver."""
        return self._call("POST", "/execute/sync", script=script, args=[])

    def complaints(self) -> list[str]:
        """What the browser had to say of the pages since it was last asked: blocked content, missing files."""
        return [str(entry["message"]) for entry in self._call("POST", "/se/log", type="browser")]

    def size(self, width: int, height: int) -> None:
        self._call("POST", "/window/rect", width=width, height=height)

    def picture(self, file: Path) -> None:
        """Keep what the page looks like, from top to bottom."""
        width = int(self.run("return window.outerWidth"))
        self.size(width, 600)
        self.size(width, int(self.run("return document.documentElement.scrollHeight")) + 40)
        file.write_bytes(base64.b64decode(self._call("GET", "/screenshot")))

    def _find(self, selector: str) -> str:
        return str(self._call("POST", "/element", using="css selector", value=selector)[ELEMENT])

    def _call(self, method: str, path: str, **body: Any) -> Any:
        given = body if method == "POST" else None
        answer = self._http.request(method, self._at + path, json=given, timeout=PATIENCE_S).json()["value"]
        if isinstance(answer, dict) and "error" in answer:
            raise AssertionError(f"{method} {path} {body}: {answer['error']}: {answer.get('message', '')}")
        return answer

    def _is_beyond(self) -> bool:
        try:
            return bool(self.run("return !window.left_behind && document.readyState === 'complete'"))
        except AssertionError:  # between two pages there is nothing to ask
            return False

    def _is_ready(self) -> bool:
        try:
            return bool(self._call("GET", "/status")["ready"])
        except requests.ConnectionError:
            return False


def until(holds: Callable[[], bool]) -> None:
    """Wait for what a browser does in its own time."""
    last = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < last, "waited in vain"
        time.sleep(0.02)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
