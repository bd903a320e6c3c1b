"""Back to a moment: the whole account as it was, from Python, over HTTP and from a file."""

from dataclasses import asdict
from typing import Any

import pytest

from crm_gdpr.emulator import Portal
from crm_gdpr.emulator.errors import Malformed
from crm_gdpr.emulator.population import populate
from tests.emulator.conftest import Api


def everything(portal: Portal) -> list[dict[str, Any]]:
    return [asdict(record) for shelves in (portal.live, portal.bin) for shelf in shelves.values() for record in shelf]


def lived_in() -> Portal:
    portal = Portal()
    populate(portal, 30, 2)
    gone, archived, *_rest = (str(record.id) for record in portal.live["contacts"])
    portal.purge(gone)
    portal.archive("contacts", archived)
    return portal


def test_an_account_is_again_what_it_was():
    portal = lived_in()
    before, links, taken = everything(portal), portal.links, portal.snapshot()
    around = {r.id: portal.associated(r, "emails") for r in portal.live["contacts"]}
    portal.advance(days=200)
    portal.add_contact(email="new@example.se")
    portal.edit("contacts", str(next(iter(portal.live["contacts"])).id), firstname="Other")
    assert everything(portal) != before
    portal.restore_snapshot(taken)
    assert everything(portal) == before
    assert {r.id: portal.associated(r, "emails") for r in portal.live["contacts"]} == around
    assert portal.links is not links


def test_the_clock_goes_on_from_the_moment_of_the_snapshot():
    portal = Portal()
    taken = portal.snapshot()
    portal.advance(days=31)
    portal.restore_snapshot(taken)
    assert portal.clock.now().startswith("2026-11-02T08:00:0")


def test_ids_and_addresses_go_on_where_they_were():
    portal = Portal()
    portal.add_contact(email="anna@example.se")
    taken = portal.snapshot()
    one = portal.add_contact(email="bo@example.se")
    portal.restore_snapshot(taken)
    assert portal.add_contact(email="bo@example.se") == one
    assert portal.find("contacts", "anna@example.se", "email")


def test_what_came_after_is_not_there_and_listeners_go_on_listening():
    portal, heard = Portal(), []
    portal.listeners.append(heard.append)
    taken = portal.snapshot()
    portal.later = "a part that was hung on afterwards"  # type: ignore[attr-defined]
    portal.restore_snapshot(taken)
    assert not hasattr(portal, "later")
    assert not heard
    portal.add_contact()
    assert heard


def test_a_part_that_knows_its_account_knows_it_afterwards():
    portal = Portal()
    portal.part = {"of": portal}  # type: ignore[attr-defined]
    portal.restore_snapshot(portal.snapshot())
    assert portal.part["of"] is portal  # type: ignore[attr-defined]


def test_what_is_no_snapshot_is_refused():
    portal = lived_in()
    before = everything(portal)
    for nonsense in (b"", b"nothing", portal.snapshot()[:200]):
        with pytest.raises(Malformed):
            portal.restore_snapshot(nonsense)
    assert everything(portal) == before


def test_over_http_snapshots_have_names(portal: Portal, api: Api):
    anna = portal.add_contact(email="anna@example.se")
    assert [one["name"] for one in api("POST", "/_emulator/snapshot", {"name": "with anna"}).json()] == ["with anna"]
    for _ in range(2):
        api("POST", "/_emulator/reset")
        assert portal.is_gone(anna)
        assert api("POST", "/_emulator/restore", {"name": "with anna"}).json()["now"].startswith("2026-11-02")
        assert portal.is_live(anna)
    refused = api("POST", "/_emulator/restore", {"name": "other"})
    assert refused.status_code == 400
    assert "with anna" in refused.json()["message"]
