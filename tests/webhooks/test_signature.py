"""Which requests are HubSpot's: known signatures, forged ones, the twelve escapes, and the window of time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crm_gdpr.webhooks.signature import ESCAPES, WINDOW_MS, decode, is_fresh, is_signed, v1, v3

VECTORS = Path(__file__).parents[3] / "shared" / "vectors" / "signature_vectors.json"
NOW_MS = 1_790_000_000_000
SECRET = "made-up-secret"
URI = "https://example.com/webhooks/hubspot"
BODY = b'[{"objectId":1}]'


def known() -> dict[str, Any]:
    if not VECTORS.exists():
        return {"vectors": [], "negative": []}
    return json.loads(VECTORS.read_text())


def vectors(*versions: str) -> list[Any]:
    found = [pytest.param(v, id=v["id"]) for v in known()["vectors"] if v["version"] in versions]
    return found or [pytest.param(None, marks=pytest.mark.skip(reason=f"{VECTORS.name} is not beside the checkout"))]


def negatives() -> list[Any]:
    found = [pytest.param(v, id=v["reason"]) for v in known()["negative"]]
    return found or [pytest.param(None, marks=pytest.mark.skip(reason=f"{VECTORS.name} is not beside the checkout"))]


def is_accepted(vector: dict[str, Any], **changed: Any) -> bool:
    given = {**vector, **changed}
    stamp = given["timestamp"] or str(NOW_MS)
    headers = {
        "X-HubSpot-Signature": given["expected"],
        "X-HubSpot-Signature-v3": given["expected"],
        "X-HubSpot-Request-Timestamp": stamp,
    }
    return is_signed(
        headers,
        version=given["version"],
        secret=given["client_secret"],
        method=given["method"],
        uri=given["uri"] or URI,
        body=given["body"].encode(),
        now_ms=int(stamp),
    )


@pytest.mark.parametrize("vector", vectors("v1", "v3"))
def test_a_known_signature_is_accepted(vector):
    assert is_accepted(vector)


@pytest.mark.parametrize("vector", vectors("v1", "v3"))
@pytest.mark.parametrize(
    "changed",
    [{"client_secret": "another"}, {"body": "[0]"}, {"expected": ""}],
    ids=["another secret", "another body", "no signature"],
)
def test_a_known_signature_fits_nothing_else(vector, changed):
    assert not is_accepted(vector, **changed)


@pytest.mark.parametrize("vector", vectors("v3"))
@pytest.mark.parametrize("changed", [{"method": "PUT"}, {"uri": "https://example.com/elsewhere"}], ids=str)
def test_version_3_binds_method_and_address(vector, changed):
    assert not is_accepted(vector, **changed)


@pytest.mark.parametrize("vector", vectors("v2"))
def test_version_2_is_nobodys(vector):
    assert not is_accepted({**vector, "version": "v3"})


@pytest.mark.parametrize("negative", negatives())
def test_a_signature_made_in_a_wrong_way_is_refused(negative):
    base = next(v for v in known()["vectors"] if v["id"] == negative["base"])
    changed = {"expected": negative.get("signature", base["expected"])}
    assert not is_accepted(base, **changed, timestamp=negative.get("timestamp", base["timestamp"]))


@pytest.mark.parametrize("vector", vectors("v3"))
def test_only_the_one_accepted_version_counts(vector):
    """A request that carries a good version 1 signature only does not pass where version 3 is asked for."""
    body = vector["body"].encode()
    headers = {
        "X-HubSpot-Signature": v1(vector["client_secret"], body),
        "X-HubSpot-Request-Timestamp": vector["timestamp"],
    }
    asked = {"method": "POST", "uri": vector["uri"], "now_ms": int(vector["timestamp"])}
    assert not is_signed(headers, version="v3", secret=vector["client_secret"], body=body, **asked)


@pytest.mark.parametrize(("escape", "character"), ESCAPES.items())
def test_each_of_the_twelve_escapes_is_decoded(escape, character):
    assert decode(f"/a{escape}b") == decode(f"/a{escape.lower()}b") == f"/a{character}b"


def test_there_are_twelve_escapes():
    assert len(ESCAPES) == 12


@pytest.mark.parametrize("kept", ["%20", "%C3%A5", "%25", "%23", "%26", "%2B", "%3D", "%5B", "+", "%", "%zz"])
def test_every_other_escape_stays_as_it_was_sent(kept):
    assert decode(f"/a{kept}b") == f"/a{kept}b"


def test_an_escape_is_decoded_once():
    assert decode("/%253A") == "/%253A"
    assert decode("/%2540") == "/%2540"


@pytest.mark.parametrize(
    ("age_ms", "fresh"),
    [
        pytest.param(0, True, id="now"),
        pytest.param(WINDOW_MS, True, id="five minutes old"),
        pytest.param(WINDOW_MS + 1, False, id="older than five minutes"),
        pytest.param(-WINDOW_MS, True, id="five minutes ahead"),
        pytest.param(-WINDOW_MS - 1, False, id="more than five minutes ahead"),
        pytest.param(-600_000, False, id="ten minutes ahead"),
    ],
)
def test_the_window_is_five_minutes_both_ways(age_ms, fresh):
    stamp = str(NOW_MS - age_ms)
    headers = {"X-HubSpot-Request-Timestamp": stamp, "X-HubSpot-Signature-v3": v3(SECRET, "POST", URI, BODY, stamp)}
    asked = {"version": "v3", "secret": SECRET, "method": "POST", "uri": URI, "body": BODY, "now_ms": NOW_MS}
    assert is_signed(headers, **asked) is fresh


@pytest.mark.parametrize(
    "stamp",
    [
        pytest.param(str(NOW_MS // 1000), id="seconds instead of milliseconds"),
        pytest.param("", id="none"),
        pytest.param("now", id="a word"),
        pytest.param(f"-{NOW_MS}", id="negative"),
        pytest.param(f"{NOW_MS}.0", id="a fraction"),
        pytest.param(f" {NOW_MS}", id="a space before"),
        pytest.param("١٧٩٠٠٠٠٠٠٠٠٠٠", id="digits of another script"),
        pytest.param("9" * 5000, id="five thousand digits"),
    ],
)
def test_a_timestamp_that_is_none_is_not_fresh(stamp):
    assert not is_fresh(stamp, NOW_MS)


@pytest.mark.parametrize("signature", ["å" * 44, "\udcff" * 44, "\x00", "=" * 10_000])
@pytest.mark.parametrize("version", ["v1", "v3"])
def test_a_signature_that_is_no_ascii_is_refused_and_not_an_error(version, signature):
    headers = {
        "X-HubSpot-Request-Timestamp": str(NOW_MS),
        "X-HubSpot-Signature": signature,
        "X-HubSpot-Signature-v3": signature,
    }
    asked = {"secret": SECRET, "method": "POST", "uri": URI, "body": BODY, "now_ms": NOW_MS}
    assert not is_signed(headers, version=version, **asked)
