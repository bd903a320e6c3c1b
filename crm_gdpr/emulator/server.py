"""A small HTTP/1.1 server for the emulator: one process, a thread per connection, connections kept open.

Werkzeug's own server closes every connection after one answer, which would make every client look slow.
"""

import io
import socket
import struct
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote_to_bytes
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from crm_gdpr.emulator.wire.answers import error
from crm_gdpr.emulator.wire.failing import LINE, Line

_GOOD, _DRIBBLES = Line(), 10


def _broken(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Whatever went wrong in here, the client gets an answer, and the terminal the reason."""
    said = error(500, "INTERNAL_ERROR", "The emulator itself failed; the reason stands where it runs.")
    return said(environ, start_response)


class Server(ThreadingHTTPServer):
    """Serves one WSGI application."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, host: str, port: int, app: WSGIApplication) -> None:
        super().__init__((host, port), _Handler)
        self.app = app

    @property
    def url(self) -> str:
        return f"http://{self.server_address[0]!s}:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def answer(self) -> None:
        environ = self._environ(self._body())
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], _exc: object = None) -> Callable[..., object]:
            started.append((status, headers))
            return lambda _data: None

        try:
            body = _whole(self.server.app(environ, start_response))
        except Exception:
            traceback.print_exc()
            body = _whole(_broken(environ, start_response))
        line = environ.get(LINE, _GOOD)
        if line.cut:
            self._cut()
        else:
            self._send(*started[-1], body, line)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = answer  # noqa: N815 - http.server's names

    def _body(self) -> bytes:
        """As long as it says it is, or in chunks, as clients send what they do not know the length of."""
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return b"".join(iter(self._chunk, b""))
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _chunk(self) -> bytes:
        chunk = self.rfile.read(int(self.rfile.readline().partition(b";")[0], 16))
        self.rfile.readline()
        return chunk

    def _environ(self, body: bytes) -> dict[str, Any]:
        path, _, query = self.path.partition("?")
        host, port = self.server.server_address[:2]
        environ: dict[str, Any] = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "RAW_URI": self.path,
            "QUERY_STRING": query,
            "SERVER_NAME": str(host),
            "SERVER_PORT": str(port),
            "SERVER_PROTOCOL": self.request_version,
            "REMOTE_ADDR": self.client_address[0],
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.input_terminated": True,
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        return environ | {f"HTTP_{k.upper().replace('-', '_')}": v for k, v in self.headers.items()}

    def _send(self, status: str, headers: list[tuple[str, str]], body: bytes, line: Line) -> None:
        """Head and body in one write, so that no half of an answer waits for the other."""
        head = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers)]
        if not any(name.lower() == "content-length" for name, _value in headers) and not status.startswith("204"):
            head.append(f"Content-Length: {len(body)}")
        shown = b"" if self.command == "HEAD" else body
        self._write("\r\n".join([*head, "", ""]).encode("latin-1"), shown, line)

    def _write(self, head: bytes, body: bytes, line: Line) -> None:
        if line.torn:
            self.wfile.write(head + body[: len(body) // 2])
            self._cut()
        elif line.dribble_ms:
            self._dribble(head, body, line.dribble_ms)
        else:
            self.wfile.write(head + body)

    def _dribble(self, head: bytes, body: bytes, ms: int) -> None:
        self.wfile.write(head)
        size = len(body) // _DRIBBLES + 1
        for start in range(0, len(body), size):
            time.sleep(ms / 1000 / _DRIBBLES)
            self.wfile.write(body[start : start + size])

    def _cut(self) -> None:
        """Without a word of parting, so that the other side sees a reset."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.rfile.close()
        self.connection.close()

    def log_message(self, *_args: Any) -> None:
        """Quiet: the tally is under /_emulator/stats."""


def _whole(content: Iterable[bytes]) -> bytes:
    """Read to the end, and let go of what it was read from."""
    try:
        return b"".join(content)
    finally:
        if close := getattr(content, "close", None):
            close()
