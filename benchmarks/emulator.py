"""`python3 dev.py bench emulator`: how many calls a second the emulated HubSpot answers on one core.

The emulator runs in a process of its own, bound to one core; the client is bound to another where there is one.
Pages a second of its processor time is the figure that holds whatever else the machine is doing.
"""

from __future__ import annotations

import http.client
import itertools
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from crm_gdpr.cli.show import print_table

CONTACTS, PROPERTIES, PAGE, SECONDS = 2_000, 40, 100, 4
_RUN = "from crm_gdpr.cli.emulator import emulator; emulator()"
_API = "/crm/objects/2026-09/contacts"
_HEADERS = {"Authorization": "Bearer bench", "Content-Type": "application/json"}
Call = tuple[str, str, bytes | None]


def main() -> None:
    """Print calls a second by the clock on the wall, and by the processor time of the emulator alone."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    if cores:
        os.sched_setaffinity(0, cores[:1])  # inherited by the emulator
    with Emulator() as server:
        if cores:
            os.sched_setaffinity(0, cores[-1:])
        rows = [_measured(server, title, calls) for title, calls in _workloads(server)]
    columns = ("what", "calls", "a second", "a second of its processor")
    print_table(f"{CONTACTS} contacts, {PROPERTIES} properties, {PAGE} records a call", columns, rows)


@dataclass
class Emulator:
    """``crm-gdpr emulator`` as a process, and one connection to it."""

    def __enter__(self) -> Emulator:
        command = [sys.executable, "-c", _RUN, "--port", "0", "--contacts", str(CONTACTS)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own command
        url = (self._process.stdout.readline() if self._process.stdout else "").split()[5]
        self._line = http.client.HTTPConnection(url.removeprefix("http://"), timeout=30)
        return self

    def __exit__(self, *_: object) -> None:
        self._line.close()
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(10)

    def __call__(self, method: str, path: str, body: bytes | None = None) -> bytes:
        self._line.request(method, path, body, _HEADERS)
        answer = self._line.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{method} {path} was answered {answer.status}")
        return content

    def processor_seconds(self) -> float | None:
        """Time on the processor so far, where the system tells."""
        told = Path(f"/proc/{self._process.pid}/stat")
        if not told.exists():
            return None
        user, system = told.read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _workloads(server: Emulator) -> Iterator[tuple[str, Iterator[Call]]]:
    listed = json.loads(server("GET", _API.replace("objects", "properties")))["results"]
    names = [one["name"] for one in listed][:PROPERTIES]
    ids = [record["id"] for record in _records(server, ",".join(names))]
    pages = [ids[start : start + PAGE] for start in range(0, len(ids), PAGE)]
    lists = [f"{_API}?limit={PAGE}&after={page[0]}&properties={','.join(names)}" for page in pages]
    yield "list", itertools.cycle([("GET", path, None) for path in lists])
    reads = [{"properties": names, "inputs": [{"id": id_} for id_ in page]} for page in pages]
    yield "batch read", itertools.cycle([("POST", f"{_API}/batch/read", json.dumps(b).encode()) for b in reads])
    some = [{"propertyName": "lifecyclestage", "operator": "EQ", "value": "customer"}]
    asked = {"filterGroups": [{"filters": some}], "properties": names, "limit": PAGE}
    yield "search by one filter", itertools.repeat(("POST", f"{_API}/search", json.dumps(asked).encode()))
    edits = [{"inputs": [{"id": i, "properties": {"jobtitle": f"Chef {turn}"}} for i in pages[0]]} for turn in (1, 2)]
    yield "batch update", itertools.cycle([("POST", f"{_API}/batch/update", json.dumps(b).encode()) for b in edits])


def _records(server: Emulator, properties: str) -> Iterator[dict[str, str]]:
    after = "0"
    while after:
        page = json.loads(server("GET", f"{_API}?limit={PAGE}&after={after}&properties={properties}"))
        yield from page["results"]
        after = page.get("paging", {}).get("next", {}).get("after", "")


def _measured(server: Callable[..., bytes], title: str, calls: Iterator[Call]) -> tuple[str, int, str, str]:
    before, started, done = _spent(server), time.perf_counter(), 0
    while time.perf_counter() - started < SECONDS:
        server(*next(calls))
        done += 1
    seconds, spent = time.perf_counter() - started, _spent(server) - before
    return title, done, f"{done / seconds:.0f}", f"{done / spent:.0f}" if spent else "?"


def _spent(server: Callable[..., bytes]) -> float:
    return (server.processor_seconds() if isinstance(server, Emulator) else None) or 0.0
