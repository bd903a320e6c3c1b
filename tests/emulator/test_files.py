"""Files: uploaded, attached, linked to, deleted, erased. The keys are those of HubSpot's reference pages."""

import json

import pytest
import requests

from crm_gdpr.emulator import Portal
from tests.emulator.conftest import Api

FILE = {"id", "createdAt", "updatedAt", "archived", "name", "path", "size", "type", "extension", "defaultHostingUrl"}
FILE |= {"url", "isUsableInContent", "access", "fileMd5", "sourceGroup"}
LINK = {"url", "expiresAt", "name", "extension", "type", "size"}
BASES = ["/files/v3/files", "/files/2026-03/files", "/files/2026-09/files"]


def fetch(url: str) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.get(url, timeout=10)


@pytest.mark.parametrize("base", BASES)
def test_a_file_is_uploaded_and_looks_as_the_reference_page_shows(api: Api, base: str):
    form = {"folderPath": "/avtal", "options": json.dumps({"access": "PRIVATE"})}
    sent = api("POST", base, files={"file": ("Avtal 1.pdf", b"%PDF")}, data=form)
    assert (sent.status_code, set(sent.json())) == (201, FILE)
    shown = api("GET", f"{base}/{sent.json()['id']}").json()
    assert (shown["name"], shown["extension"], shown["type"], shown["size"]) == ("Avtal 1", "pdf", "DOCUMENT", 4)
    assert shown["path"] == "/avtal/Avtal 1.pdf"
    assert [one["id"] for one in api("GET", f"{base}/search?name=avtal").json()["results"]] == [shown["id"]]


@pytest.mark.parametrize("form", [{}, {"folderPath": "/"}, {"folderPath": "/", "options": '{"access": "ALL"}'}])
def test_an_upload_says_where_to_and_for_whom(portal: Portal, api: Api, form: dict[str, str]):
    assert api("POST", BASES[0], files={"file": ("a.txt", b"a")}, data=form).status_code == 400
    assert portal.files.by_id == {}


def test_a_private_file_is_reached_by_a_signed_link_for_a_while(portal: Portal, api: Api):
    one = portal.add_file("brev.txt", b"Hej Anna")
    assert fetch(api("GET", f"{BASES[0]}/{one}").json()["url"]).status_code == 403
    link = api("GET", f"{BASES[0]}/{one}/signed-url?expirationSeconds=60").json()
    assert set(link) == LINK
    assert fetch(link["url"]).content == b"Hej Anna"
    portal.advance(minutes=2)
    assert fetch(link["url"]).status_code == 403


def test_a_public_file_is_reached_by_anybody(portal: Portal, api: Api):
    one = portal.add_file("logo.png", b"png", access="PUBLIC_NOT_INDEXABLE")
    assert fetch(api("GET", f"{BASES[0]}/{one}").json()["url"]).content == b"png"


@pytest.mark.parametrize("first", [False, True], ids=["live", "deleted before"])
@pytest.mark.parametrize("base", ["/files/v3/files", "/files/2026-03/files", "/files/2026-09-beta/files"])
def test_erasing_takes_the_content_also_of_a_deleted_file(portal: Portal, api: Api, base: str, first: bool):
    one = portal.add_file("brev.txt", b"Hej Anna", access="PUBLIC_INDEXABLE")
    url = api("GET", f"{BASES[0]}/{one}").json()["url"]
    if first:
        assert api("DELETE", f"{BASES[0]}/{one}").status_code == 204
        assert portal.files.find(one).content == b"Hej Anna"
        assert fetch(url).status_code == 404
    assert api("DELETE", f"{base}/{one}/gdpr-delete").status_code == 204
    assert portal.files.by_id == {}
    assert (fetch(url).status_code, api("GET", f"{BASES[0]}/{one}").status_code) == (404, 404)


def test_neither_note_nor_person_takes_a_file_along(portal: Portal, api: Api):
    one, anna = portal.add_file("brev.txt", b"Hej Anna"), portal.add_contact(email="anna@example.se")
    note = portal.log("note", [anna], hs_note_body="Brev", hs_attachment_ids=one)
    portal.purge(anna)
    portal.archive("notes", note)
    portal.advance(days=91)
    assert api("GET", f"{BASES[0]}/{one}").status_code == 200


def test_the_wire_needs_the_scope(portal: Portal, api: Api):
    one = portal.add_file("brev.txt")
    api("POST", "/_emulator/tokens", {"token": "any", "scopes": ["files.ui_hidden.read"]})
    assert api("GET", f"{BASES[0]}/{one}").status_code == 200
    assert api("DELETE", f"{BASES[0]}/{one}/gdpr-delete").status_code == 403
