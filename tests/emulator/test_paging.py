"""Cursors of each kind: every page is reached, by its cursor and by its link, and nothing is told twice or left out."""

from collections.abc import Iterator
from typing import Any

import pytest

from crm_gdpr.emulator import Portal, serve
from crm_gdpr.emulator.actor import SALES
from crm_gdpr.emulator.lists import NewList
from tests.emulator.conftest import Api

MANY = 501
"""One more than a page of associations holds."""
PAGED = [
    "/crm/objects/2026-09/contacts?properties=email,phone&archived=false",
    "/crm/v3/objects/notes/",
    "/crm/v3/owners/",
    "/crm/owners/2026-09",
    "/crm/v4/objects/contacts/{anna}/associations/notes",
    "/crm/objects/2026-09/contact/{anna}/associations/0-46",
    "/crm/lists/2026-09/{list}/memberships",
    "/crm/v3/lists/{list}/memberships/join-order",
    "/marketing/v3/forms/",
    "/marketing/forms/2026-09-beta?formTypes=all",
    "/form-integrations/v1/submissions/forms/{form}",
    "/conversations/v3/conversations/threads",
    "/conversations/conversations/2026-09/threads/{thread}/messages",
    "/files/v3/files/search",
    "/events/v3/events/?objectType=contact&objectId={anna}",
]


@pytest.fixture(scope="module")
def told() -> Iterator[tuple[Api, dict[str, str]]]:
    """An account with a few of everything, and the ids in it."""
    portal = Portal()
    running = serve(portal)
    api = Api(running.url)
    yield api, fill(portal)
    api.close()
    running.stop()


def fill(portal: Portal) -> dict[str, str]:
    anna, form, people = portal.add_contact(), portal.add_form(), portal.add_list(NewList("People", "contacts")).id
    members = [int(portal.add_contact()) for _ in range(4)]
    portal.add_to_list(people, [int(anna), *members])
    for number in range(5):
        portal.add_owner(f"owner{number}@example.com", "Elin", "Ek")
        portal.add_form(f"Form {number}")
        portal.submit_form(form, {"email": "bo@example.se"})
        portal.write_in(f"person{number}@example.se", "Hej")
        portal.write_in("anna@example.se", f"Hej {number}")
        portal.add_file(f"{number}.pdf")
        portal.view_page(anna, f"https://www.example.com/{number}")
        portal.log("note", [anna])
    thread = next(one for one in portal.conversations.threads.values() if len(one.messages) > 1)
    return {"anna": anna, "list": str(people), "form": form, "thread": str(thread.id)}


def key(row: dict[str, Any]) -> str:
    names = ("id", "toObjectId", "recordId", "conversionId")
    return str(next(row[name] for name in names if name in row))


def by_link(api: Api, path: str) -> Iterator[str]:
    while path:
        page = api("GET", path.removeprefix(api.url)).json()
        yield from map(key, page["results"])
        path = page.get("paging", {}).get("next", {}).get("link", "")


def by_cursor(api: Api, path: str) -> Iterator[str]:
    after = ""
    while after is not None:
        page = api("GET", path, params={"after": after}).json()
        yield from map(key, page["results"])
        after = page.get("paging", {}).get("next", {}).get("after")


@pytest.mark.parametrize("path", PAGED)
def test_pages_follow_one_another(told: tuple[Api, dict[str, str]], path: str):
    api, ids = told
    where = path.format(**ids)
    two = f"{where}{'&' if '?' in where else '?'}limit=2"
    whole = [key(row) for row in api("GET", two.replace("limit=2", "limit=50")).json()["results"]]
    assert len(whole) > 4
    assert list(by_link(api, two)) == whole
    assert list(by_cursor(api, two)) == whole


def test_events_can_be_paged_backwards(told: tuple[Api, dict[str, str]]):
    api, ids = told
    path = f"/events/v3/events?objectType=contact&objectId={ids['anna']}&limit=2"
    second = api("GET", f"{path}&after=2").json()
    first = api("GET", f"{path}&before={second['paging']['prev']['before']}").json()
    assert first == api("GET", path).json()
    assert "prev" not in first["paging"]


def test_a_search_pages_by_offset(told: tuple[Api, dict[str, str]]):
    api, _ids = told
    found: list[str] = []
    after: str | None = "0"
    while after is not None:
        page = api("POST", "/crm/v3/objects/notes/search", {"limit": 2, "after": after}).json()
        found += map(key, page["results"])
        after = page.get("paging", {}).get("next", {}).get("after")
    assert len(found) == len(set(found)) == page["total"]


def test_each_record_of_a_batch_of_associations_has_a_cursor_of_its_own(portal: Portal, api: Api):
    anna, bo = portal.add_contact(), portal.add_contact()
    with portal.bulk():
        made = [portal.create("notes", {}, actor=SALES).id for _ in range(MANY)]
        for id_ in made:
            portal.associate(("contacts", int(anna)), ("notes", id_), actor=SALES)
    portal.link(("contacts", bo), ("notes", str(made[0])))
    path = "/crm/associations/2026-09/contacts/notes/batch/read"
    first, other = api("POST", path, {"inputs": [{"id": anna}, {"id": bo}]}).json()["results"]
    assert "paging" not in other
    rest = {"id": anna, "after": first["paging"]["next"]["after"]}
    second = api("POST", path, {"inputs": [rest]}).json()["results"][0]
    assert [row["toObjectId"] for row in (*first["to"], *second["to"])] == made
    assert "paging" not in second
