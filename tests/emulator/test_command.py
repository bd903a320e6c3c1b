"""``crm-gdpr emulator`` as a process: starts, answers, stops, and says what is wrong."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

from tests.emulator.conftest import Api

RUN = "from crm_gdpr.cli.emulator import emulator; emulator()"


def start(*options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", RUN, "--port", "0", "--contacts", "20", *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_it_starts_answers_and_stops_when_told():
    process = start("--limits", "real", "--now", "2027-01-01T00:00:00Z")
    assert process.stdout is not None
    api = Api(process.stdout.readline().split()[5])
    answer = api("GET", "/crm/objects/2026-09/contacts")
    assert answer.status_code == 200
    assert answer.headers["X-HubSpot-RateLimit-Max"] == "190"
    assert api("GET", "/_emulator/clock").json()["now"].startswith("2027-01-01")
    api.close()
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (0, "", "")


def test_an_account_can_be_kept_from_one_start_to_the_next(tmp_path: Path):
    kept = tmp_path / "portal.snapshot"
    assert _contacts_after_adding_one(kept) == 20
    assert _contacts_after_adding_one(kept) == 21
    kept.write_bytes(b"something else")
    process = start("--snapshot", str(kept))
    _out, err = process.communicate(timeout=20)
    assert process.returncode == 1
    assert f"{kept} cannot be used" in err


def _contacts_after_adding_one(kept: Path) -> int:
    """How many there were at the start."""
    process = start("--snapshot", str(kept))
    assert process.stdout is not None
    words = process.stdout.readline().split()
    api = Api(words[5])
    assert api("POST", "/crm/objects/2026-09/contacts", {"properties": {"firstname": "Anna"}}).status_code == 201
    api.close()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=10)
    return int(words[3])


def test_a_port_that_is_taken_is_one_clear_line():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        process = start("--port", str(taken.getsockname()[1]))
        _out, err = process.communicate(timeout=20)
    assert process.returncode == 1
    assert err.count("\n") == 1
    assert "is taken" in err


def test_it_is_not_for_other_machines():
    process = start("--host", "192.0.2.1")
    _out, err = process.communicate(timeout=20)
    assert process.returncode == 2
    assert "loopback" in err
