"""The CRM's pages, as a person and as the demo's script use them."""

import re
from collections.abc import Iterator

import pytest
import requests

from crm_gdpr.emulator import Portal, Running
from crm_gdpr.emulator.lists import NewList
from crm_gdpr.emulator.naming import kind_name
from crm_gdpr.emulator.population import populate
from tests.emulator.conftest import Api

LISTS = ["contacts", "contacts?q=anna&page=1", "companies", "tickets", "bin"]
EMPTY_FORMS = ["contacts/new", "tickets/new", "import"]


@pytest.fixture
def crm(running: Running) -> Iterator[Api]:
    """A browser that prefers English."""
    crm = Api(running.url)
    crm.speak("en")
    yield crm
    crm.close()


def post(crm: Api, path: str, **fields: str) -> requests.Response:
    return crm("POST", f"/app/{path}", data=fields, allow_redirects=False)


def made(answer: requests.Response) -> str:
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].rpartition("/")[2]


@pytest.mark.parametrize("page", LISTS + EMPTY_FORMS)
def test_every_page_opens(portal: Portal, crm: Api, page: str):
    populate(portal, 60, 1)
    answer = crm("GET", f"/app/{page}")
    assert answer.status_code == 200
    assert "<h1>" in answer.text


def test_records_open_with_what_is_known_of_them(portal: Portal, crm: Api):
    anna = portal.add_contact(firstname="Anna", lastname="Lind", email="anna.lind@example.se")
    company = portal.add_company(name="Nordkraft AB")
    portal.link(("contacts", anna), ("companies", company))
    ticket = portal.add_ticket(contacts=[anna], subject="Frågor")
    portal.log("email", [anna], hs_email_subject="Sv: <offert>", hs_email_direction="INCOMING_EMAIL")
    page = crm("GET", f"/app/contacts/{anna}").text
    assert all(part in page for part in ("Anna Lind", "Nordkraft AB", "Frågor", "Sv: &lt;offert&gt;"))
    assert "Anna Lind" in crm("GET", f"/app/companies/{company}").text
    assert "Anna Lind" in crm("GET", f"/app/tickets/{ticket}").text


def test_our_own_properties_have_a_card_of_their_own(portal: Portal, crm: Api, api: Api):
    base = "/crm/properties/2026-09/contacts"
    api("POST", f"{base}/groups", {"name": "crm_gdpr", "label": "Data protection"})
    new = {"name": "gdpr_source", "label": "Källa", "groupName": "crm_gdpr", "type": "string", "fieldType": "text"}
    api("POST", base, new)
    assert "Data protection" in crm("GET", f"/app/contacts/{portal.add_contact(gdpr_source='outreach')}").text


def test_sales_adds_a_person_by_hand(portal: Portal, crm: Api):
    found_at = "https://www.nordkraft.example.se/kontakt"
    anna = made(post(crm, "contacts", email="anna@example.se", firstname="Anna", evidence=found_at))
    assert portal.value("contacts", anna, "hs_object_source") == "CRM_UI"
    assert portal.value("contacts", anna, "hs_object_source_detail_1") == found_at


def test_sales_edits_a_person_in_one_form(portal: Portal, crm: Api):
    elin = portal.add_owner("elin@example.com", "Elin", "Norberg")
    anna = portal.add_contact(email="anna@example.se", firstname="Anna", phone="1")
    portal.purge(portal.add_contact(email="bo@example.se"))
    page = crm("GET", f"/app/contacts/{anna}").text
    assert all(part in page for part in ('value="anna@example.se"', 'value="Anna"', "Elin Norberg"))
    post(crm, f"contacts/{anna}/edit", email="anna@example.se", firstname="", lastname=" Lind ", hubspot_owner_id=elin)
    read = [portal.value("contacts", anna, name) for name in ("email", "firstname", "lastname", "phone")]
    assert read == ["anna@example.se", None, "Lind", "1"]
    assert portal.value("contacts", anna, "hubspot_owner_id") == elin
    refused = post(crm, f"contacts/{anna}/edit", email="bo@example.se", firstname="Bo")
    assert (refused.status_code, portal.value("contacts", anna, "firstname")) == (400, None)


def test_sales_edits_a_company(portal: Portal, crm: Api):
    company = portal.add_company()
    post(crm, f"companies/{company}/edit", name="Nordkraft AB", contract_end_date="2027-01-31")
    assert portal.value("companies", company, "contract_end_date") == "2027-01-31"
    assert 'value="2027-01-31"' in crm("GET", f"/app/companies/{company}").text


PLACES = [
    "contacts",
    "companies",
    "tickets",
    "bin",
    "import",
    "contacts/new",
    "tickets/new",
    "contacts/{}",
    "tickets/{}",
]
ENGLISH = {"Contacts", "Companies", "Recycle bin", "Properties", "Timeline", "Save", "Search", "Owner", "None", "From"}
SWEDISH = {"Kontakter", "Företag", "Papperskorg", "Egenskaper", "Tidslinje", "Spara", "Sök", "Ägare", "Inga", "Från"}


@pytest.mark.parametrize("place", PLACES)
def test_every_page_speaks_one_language_at_a_time(portal: Portal, crm: Api, place: str):
    anna = portal.add_contact(email="anna@example.se")
    path = f"/app/{place.format(portal.add_ticket(contacts=[anna]) if 'ticket' in place else anna)}"
    for code, spoken, silent in (("en", ENGLISH, SWEDISH), ("sv", SWEDISH, ENGLISH)):
        page = crm("GET", f"{path}?lang={code}").text
        said = {one.strip() for one in re.findall(r">([^<>]+)<", page)}
        assert f'<html lang="{code}">' in page
        assert said & spoken
        assert not said & silent


def test_a_language_is_kept_and_swedish_is_spoken_if_none_is_asked_for(running: Running, crm: Api):
    assert 'lang="en"' in crm("GET", "/app/contacts").text
    crm("GET", "/app/contacts?lang=sv")
    assert "Kontakter" in crm("GET", "/app/companies").text
    nobody = Api(running.url)
    assert '<html lang="sv">' in nobody("GET", "/app/contacts").text
    nobody.close()


def test_pages_load_nothing_from_elsewhere(portal: Portal, crm: Api):
    for place in ("contacts", f"contacts/{portal.add_contact()}", "bin"):
        page = crm("GET", f"/app/{place}").text
        assert "<script" not in page
        assert {one for one in re.findall(r'(?:src|href|action)="([^"]*)"', page) if "//" in one} == set()
    assert "url(" not in crm("GET", "/app/static/crm.css").text


def test_the_bin_says_when_and_a_timeline_shows_letters_too(portal: Portal, crm: Api):
    anna = portal.add_contact(firstname="Anna")
    portal.log("postal_mail", [anna], hs_postal_mail_body="Ett brev")
    assert "Ett brev" in crm("GET", f"/app/contacts/{anna}").text
    portal.archive("contacts", anna)
    portal.advance(days=3)
    assert "<td>2026-11-02 08:00</td>" in crm("GET", "/app/bin").text


@pytest.mark.parametrize(
    ("kind", "called"),
    [("quotes", "quotes"), ("feedback_submissions", "feedback submissions"), ("p26000001_licence", "licence")],
)
def test_every_object_type_is_called_something(kind: str, called: str):
    assert kind_name(kind) == called


def test_a_refusal_leads_back_to_where_one_was(portal: Portal, crm: Api, running: Running):
    anna = f"{running.url}/app/contacts/{portal.add_contact()}"
    for came_from, back in ((anna, anna), ("https://elsewhere.example.com/app/", "/app/contacts")):
        answer = crm("POST", "/app/clock", data={"days": "soon"}, headers={"Referer": came_from})
        assert f'href="{back}"' in answer.text


def test_sales_changes_a_person(portal: Portal, crm: Api):
    anna = portal.add_contact(lifecyclestage="customer")
    post(crm, f"contacts/{anna}/properties", name="jobtitle", value="CFO")
    post(crm, f"contacts/{anna}/lifecycle", lifecyclestage="other")
    assert (portal.value("contacts", anna, "jobtitle"), portal.value("contacts", anna, "lifecyclestage")) == (
        "CFO",
        "other",
    )


@pytest.mark.parametrize(
    ("kind", "of", "name", "value"),
    [
        ("email-in", "emails", "hs_email_direction", "INCOMING_EMAIL"),
        ("email-out", "emails", "hs_email_direction", "EMAIL"),
        ("call", "calls", "hs_call_disposition", "f240bbac-87c9-4f6e-bf70-924b57d47db7"),
        ("meeting", "meetings", "hs_meeting_outcome", "COMPLETED"),
        ("note", "notes", "hs_note_body", "Hej"),
        ("message", "communications", "hs_communication_body", "Hej"),
        ("task", "tasks", "hs_task_body", "Hej"),
    ],
)
def test_sales_logs_what_happened(portal: Portal, crm: Api, kind: str, of: str, name: str, value: str):
    anna, company = portal.add_contact(), portal.add_company()
    portal.link(("contacts", anna), ("companies", company))
    connected = "f240bbac-87c9-4f6e-bf70-924b57d47db7"
    post(crm, f"contacts/{anna}/log", kind=kind, text="Hej", disposition=connected, outcome="COMPLETED")
    (activity,) = portal.live[of]
    assert activity.properties[name] == value
    assert list(portal.associated(activity, "companies")) == [int(company)]


def test_a_mail_to_support_becomes_a_ticket_of_its_sender(portal: Portal, crm: Api):
    anna = portal.add_contact(email="anna@example.se")
    known = made(post(crm, "tickets", **{"from": "Anna@example.se", "subject": "GDPR", "body": "Vad har ni om mig?"}))
    new = made(post(crm, "tickets", **{"from": "bo@example.se", "subject": "GDPR"}))
    assert list(portal.associated(portal.record("tickets", int(known)), "contacts")) == [int(anna)]
    bo = portal.find("contacts", "bo@example.se", "email")
    assert bo.properties["hs_object_source"] == "EMAIL"
    assert int(new) in portal.associated(bo, "tickets")
    post(crm, f"tickets/{known}/stage", hs_pipeline_stage="4")
    assert portal.value("tickets", known, "hs_is_closed") == "true"


def test_a_list_is_imported(portal: Portal, crm: Api):
    portal.add_contact(email="anna@example.se")
    rows = "email,firstname\nanna@example.se,Anna\nbo@example.se,Bo\nno address,Cia\n"
    assert post(crm, "import", name="Mässa", csv=rows).headers["Location"].endswith("created=1&updated=1&refused=1")
    bo = portal.find("contacts", "bo@example.se", "email")
    assert (bo.properties["hs_object_source"], bo.properties["hs_object_source_detail_1"]) == ("IMPORT", "Mässa")


def test_a_person_goes_to_the_bin_and_comes_back_or_goes_for_good(portal: Portal, crm: Api):
    anna = portal.add_contact(firstname="Anna")
    post(crm, f"contacts/{anna}/archive")
    assert "Anna" in crm("GET", "/app/bin").text
    assert made(post(crm, f"bin/contacts/{anna}/restore")) == anna
    post(crm, f"contacts/{anna}/delete")
    assert portal.is_gone(anna)


def test_the_clock_is_moved_by_days(portal: Portal, crm: Api):
    post(crm, "clock", days="10")
    assert portal.clock.now().startswith("2026-11-12")


def test_what_cannot_be_done_is_said(portal: Portal, crm: Api):
    portal.add_contact(email="anna@example.se")
    taken = post(crm, "contacts", email="anna@example.se")
    assert taken.status_code == 400
    assert "already exists" in taken.text
    assert crm("GET", "/app/contacts/7").status_code == 404


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        *(("clock", {"days": days}, 400) for days in ("-1", "soon", "nan", "99999999")),
        ("bin/contacts/abc/restore", {}, 400),
        ("bin/unicorns/7/restore", {}, 400),
        ("bin/contacts/7/restore", {}, 404),
        ("contacts/²/archive", {}, 404),
    ],
)
def test_nonsense_is_answered_with_a_page(crm: Api, path: str, fields: dict[str, str], status: int):
    answer = post(crm, path, **fields)
    assert answer.status_code == status
    assert 'role="alert"' in answer.text


def test_pages_end_where_a_search_ends(crm: Api):
    assert crm("GET", "/app/contacts?page=999999").status_code == 200


def test_a_contact_shows_lists_and_subscriptions_and_can_refuse_them(portal: Portal, crm: Api):
    anna = portal.add_contact(email="anna@example.se")
    people = portal.add_list(NewList("Mässan 2026", "contacts"))
    portal.add_to_list(people.id, [int(anna)])
    made(post(crm, f"contacts/{anna}/subscription", type="1104", state="UNSUBSCRIBED"))
    shown = crm("GET", f"/app/contacts/{anna}").text
    assert "Mässan 2026" in shown
    assert 'Nyhetsbrev <span class="tag">unsubscribed</span>' in shown
    made(post(crm, f"contacts/{anna}/subscription", type="all"))
    assert portal.value("contacts", anna, "hs_email_optout") == "true"
    assert post(crm, f"contacts/{anna}/subscription", type="x", state="SUBSCRIBED").status_code == 400
