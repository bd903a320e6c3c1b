"""How long a large account takes to fill and how much memory it needs, in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.emulator.conftest import Api

RUN = "from crm_gdpr.cli.emulator import emulator; emulator()"
pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")


@contextmanager
def emulator(contacts: int) -> Iterator[tuple[float, float, Api]]:
    """Seconds of processor until it answers, whatever else the machine does; and the most memory ever held, in MB."""
    command = [sys.executable, "-c", RUN, "--port", "0", "--contacts", str(contacts)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        api = Api(process.stdout.readline().split()[5])
        seconds = _processor_seconds(process.pid)
        told = dict(line.split(":", 1) for line in Path(f"/proc/{process.pid}/status").read_text().splitlines())
        yield seconds, int(told["VmHWM"].split()[0]) / 1024, api
        api.close()
    finally:
        process.terminate()
        process.communicate(timeout=30)


def test_a_contact_with_all_around_it_takes_less_than_25_kb():
    with emulator(20) as (_seconds, small, _api), emulator(5_000) as (_more, large, api):
        assert (large - small) / 5_000 * 1024 < 25
        assert api("POST", "/crm/objects/2026-09/contacts/search", {"limit": 1}).json()["total"] == 5_000


@pytest.mark.slow
def test_a_hundred_thousand_contacts_start_in_time_and_stay_small():
    with emulator(100_000) as (seconds, megabytes, api):
        counted = {kind: _total(api, kind) for kind in ("contacts", *ENGAGEMENTS)}
        assert counted.pop("contacts") == 100_000
        assert sum(counted.values()) >= 400_000
        assert megabytes < 3_000
        print(f"{seconds:.0f} s of processor, {megabytes:.0f} MB, {sum(counted.values())} engagements")
        assert seconds < 90, "a minute on a quiet machine; a crowded one makes each second longer"


ENGAGEMENTS = ("calls", "communications", "emails", "meetings", "notes", "tasks")


def _processor_seconds(pid: int) -> float:
    """Of a process with one busy thread, so that a quiet machine needs no longer by the clock on the wall."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _total(api: Api, kind: str) -> int:
    return int(api("POST", f"/crm/objects/2026-09/{kind}/search", {"limit": 1}).json()["total"])
