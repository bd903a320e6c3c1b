"""HubSpot's official JavaScript client, unchanged, against the emulator, and its signature check on what is sent.

The client is installed once, with npm, into the user's cache. Without node, npm or a registry the test is skipped.
"""

import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from crm_gdpr.emulator import Running
from crm_gdpr.emulator.payloads import signed_headers

VERSION = "13.5.0"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "crm_gdpr"
SCRIPT = Path(__file__).with_name("official_client.mjs")
SECRET, URL = "a-secret", "https://crm-gdpr.example.se/webhooks/hubspot?from=hubspot"


@pytest.fixture(scope="module")
def installed() -> Path:
    """Where the client is: made in a folder of its own and moved into place whole."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        pytest.skip("node and npm are not on PATH: the official JavaScript client was not tried")
    place = CACHE / f"hubspot-api-client-{VERSION}"
    if not place.is_dir():
        CACHE.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=CACHE))
        soon = ["--fetch-retry-mintimeout=500", "--fetch-retry-maxtimeout=2000"]  # where no registry answers
        wanted = ["--no-audit", "--no-fund", "--silent", "--prefix", str(made), f"@hubspot/api-client@{VERSION}", *soon]
        try:
            subprocess.run([npm, "install", *wanted], check=True, timeout=90, capture_output=True)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as problem:
            shutil.rmtree(made, ignore_errors=True)
            pytest.skip(f"npm could not install @hubspot/api-client {VERSION}: {problem}")
        if not place.is_dir():
            made.rename(place)
    return place


def test_the_official_javascript_client_works_unchanged(installed: Path, running: Running):
    body = '[{"subscriptionType":"contact.creation","objectId":7,"propertyValue":"Åsa"}]'
    headers = signed_headers(SECRET, URL, body.encode(), int(time.time() * 1000))
    delivery = json.dumps({"url": URL, "secret": SECRET, "body": body, "headers": headers})
    done = subprocess.run(
        [str(shutil.which("node")), SCRIPT, installed, running.url, delivery],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "everyone": ["anna@example.se", "bo@example.se", "cia@example.se", "dan@example.se"],
        "total": 1,
        "linked": True,
        "read": ["Anna"],
        "numErrors": 1,
        "merged": True,
        "missing": 404,
        "taken": [409, "CONFLICT"],
        "signed": [True, True],
        "left": ["bo@example.se"],
    }
