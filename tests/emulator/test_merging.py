"""Two records become one: what is kept, what is moved, and where the old ids lead."""

import pytest

from crm_gdpr.emulator import Portal
from crm_gdpr.emulator.account import Event
from crm_gdpr.emulator.errors import Malformed, NotFound, Taken, TooMany
from crm_gdpr.emulator.lists import NewList
from tests.emulator.conftest import Api

CONTACTS = "/crm/objects/2026-09/contacts"


def two_people(portal: Portal) -> tuple[str, str]:
    anna = portal.add_contact(email="anna@example.se", firstname="Anna", createdate="2025-05-01T08:00:00Z")
    twin = portal.add_contact(
        email="anna.lind@example.se", firstname="A.", jobtitle="CFO", createdate="2024-05-01T08:00:00Z"
    )
    return anna, twin


def test_the_first_record_wins_and_the_other_fills_the_gaps(portal: Portal):
    merged = portal.merge("contacts", *two_people(portal)).properties
    assert (merged["firstname"], merged["jobtitle"], merged["createdate"]) == ("Anna", "CFO", "2024-05-01T08:00:00Z")
    assert (merged["email"], merged["hs_additional_emails"]) == ("anna@example.se", "anna.lind@example.se")


def test_a_switch_lets_the_newest_value_win(portal: Portal):
    portal.switches = portal.switches.changed(merge_keeps="newest")
    anna, twin = two_people(portal)
    portal.edit("contacts", twin, firstname="Ann")
    merged = portal.merge("contacts", anna, twin).properties
    assert (merged["firstname"], merged["email"]) == ("Ann", "anna@example.se")


def test_the_furthest_stage_is_kept(portal: Portal):
    anna, twin = portal.add_contact(lifecyclestage="lead"), portal.add_contact(lifecyclestage="customer")
    assert portal.merge("contacts", anna, twin).properties["lifecyclestage"] == "customer"


def test_the_survivor_has_a_new_id_to_which_the_old_ones_lead(portal: Portal):
    anna, twin = two_people(portal)
    merged = portal.merge("contacts", anna, twin)
    assert str(merged.id) not in (anna, twin)
    assert merged.properties["hs_merged_object_ids"] == f"{anna};{twin}"
    assert merged.properties["hs_all_contact_vids"] == f"{merged.id};{anna};{twin}"
    assert [vid.split(":")[0] for vid in merged.properties["hs_calculated_merged_vids"].split(";")] == [anna, twin]
    assert portal.find("contacts", anna) is portal.find("contacts", twin) is merged
    assert not portal.is_live(anna)


def test_a_switch_lets_the_first_record_keep_its_id(portal: Portal):
    portal.switches = portal.switches.changed(merge_makes_new_record=False)
    anna, twin = two_people(portal)
    company = portal.add_company()
    portal.link(("contacts", anna), ("companies", company))
    merged = portal.merge("contacts", anna, twin)
    assert (str(merged.id), merged.properties["hs_merged_object_ids"]) == (anna, twin)
    assert list(portal.associated(merged, "companies")) == [int(company)]


def test_merging_again_remembers_everyone(portal: Portal):
    anna, twin = two_people(portal)
    first = portal.merge("contacts", anna, twin)
    third = portal.add_contact(email="al@example.se")
    last = portal.merge("contacts", third, first.id)
    assert last.properties["hs_merged_object_ids"].split(";") == [anna, twin, third, str(first.id)]
    assert portal.find("contacts", anna) is last
    assert set(last.properties["hs_additional_emails"].split(";")) == {"anna@example.se", "anna.lind@example.se"}


def test_history_is_that_of_both(portal: Portal):
    anna, twin = two_people(portal)
    portal.edit("contacts", twin, firstname="Ann")
    values = [version.value for version in portal.merge("contacts", anna, twin).history("firstname")]
    assert values == ["Anna", "Ann", "Anna", "A."]


def test_associations_come_along_and_one_company_is_primary(portal: Portal):
    anna, twin = two_people(portal)
    one, other = portal.add_company(), portal.add_company(name="Andra AB")
    portal.link(("contacts", anna), ("companies", one))
    portal.link(("contacts", twin), ("companies", other))
    portal.link(("contacts", anna), ("contacts", twin))
    call = portal.log("call", [twin], [other])
    merged = portal.merge("contacts", anna, twin)
    assert portal.associated(merged, "companies") == {int(one): (1, 279), int(other): (279,)}
    assert (merged.properties["associatedcompanyid"], merged.properties["num_contacted_notes"]) == (one, "1")
    assert list(portal.associated(portal.record("calls", int(call)), "contacts")) == [merged.id]
    assert portal.associated(merged, "contacts") == {}


def test_people_of_merged_companies_stay_with_them(portal: Portal):
    one, other, anna = portal.add_company(), portal.add_company(name="Andra AB"), portal.add_contact()
    portal.link(("contacts", anna), ("companies", other))
    merged = portal.merge("companies", one, other)
    assert portal.value("contacts", anna, "associatedcompanyid") == str(merged.id)
    assert merged.properties["num_associated_contacts"] == "1"


def test_every_address_of_the_survivor_is_taken(portal: Portal):
    merged = portal.merge("contacts", *two_people(portal))
    for address in ("anna@example.se", "Anna.Lind@example.se"):
        with pytest.raises(Taken, match=f"Existing ID: {merged.id}"):
            portal.add_contact(email=address)


def test_an_additional_address_finds_its_holder_only_if_the_switch_says_so(portal: Portal):
    merged = portal.merge("contacts", *two_people(portal))
    with pytest.raises(NotFound):
        portal.find("contacts", "anna.lind@example.se", "email")
    portal.switches = portal.switches.changed(find_by_additional_email=True)
    assert portal.find("contacts", "anna.lind@example.se", "email") is merged


def test_erasing_the_survivor_blocks_every_address(portal: Portal):
    merged = portal.merge("contacts", *two_people(portal))
    portal.purge(str(merged.id))
    assert portal.blocklist == {"anna@example.se", "anna.lind@example.se"}


def test_erasing_the_survivor_leaves_nothing_of_those_it_was_made_of(portal: Portal):
    anna, twin = two_people(portal)
    people = portal.add_list(NewList("People", "contacts"))
    portal.add_to_list(people.id, [int(anna), int(twin)])
    portal.view_page(twin, "https://www.example.com/")
    merged = portal.merge("contacts", anna, twin)
    assert portal.ids_of("contacts", merged.id) == {merged.id, int(anna), int(twin)}
    portal.purge(str(merged.id))
    assert (portal.events.events, people.members) == ([], {})


def test_a_merge_is_told_once(portal: Portal):
    anna, twin = two_people(portal)
    told: list[Event] = []
    portal.listeners.append(told.append)
    merged = portal.merge("contacts", anna, twin)
    assert [(event.what, event.id) for event in told] == [("merge", int(anna))]
    assert told[0].details == {
        "primaryObjectId": int(anna),
        "mergedObjectIds": [int(twin)],
        "newObjectId": merged.id,
        "numberOfPropertiesMoved": 1,
    }


def test_nothing_merges_with_itself_or_with_what_is_not_there(portal: Portal):
    anna = portal.add_contact()
    with pytest.raises(Malformed):
        portal.merge("contacts", anna, anna)
    with pytest.raises(NotFound):
        portal.merge("contacts", anna, "7")
    assert portal.is_live(anna)


def test_a_profile_has_at_most_so_many_identities(portal: Portal):
    anna, twin = two_people(portal)
    portal.edit("contacts", twin, hs_merged_object_ids=";".join(str(id_) for id_ in range(1, 250)))
    with pytest.raises(TooMany):
        portal.merge("contacts", anna, twin)


def test_old_ids_work_in_single_calls_but_not_in_batches(portal: Portal, api: Api):
    anna, twin = two_people(portal)
    merged = api("POST", f"{CONTACTS}/merge", {"primaryObjectId": anna, "objectIdToMerge": twin}).json()["id"]
    assert api("GET", f"{CONTACTS}/{twin}").json()["id"] == merged
    assert api("PATCH", f"{CONTACTS}/{anna}", {"properties": {"phone": "1"}}).json()["id"] == merged
    inputs = [{"id": anna, "properties": {"phone": "2"}}]
    assert api("POST", f"{CONTACTS}/batch/update", {"inputs": inputs}).json()["numErrors"] == 1
    assert api("DELETE", f"{CONTACTS}/{anna}").status_code == 204
    assert portal.is_live(merged)
    portal.switches = portal.switches.changed(merged_ids_everywhere=True)
    assert api("POST", f"{CONTACTS}/batch/update", {"inputs": inputs}).json()["results"][0]["id"] == merged
    assert api("POST", f"{CONTACTS}/gdpr-delete", {"objectId": twin}).status_code == 204
    assert portal.is_gone(merged)


def test_too_many_identities_are_answered_with_414(portal: Portal, api: Api):
    anna, twin = two_people(portal)
    portal.edit("contacts", twin, hs_merged_object_ids=";".join(str(id_) for id_ in range(1, 250)))
    assert api("POST", f"{CONTACTS}/merge", {"primaryObjectId": anna, "objectIdToMerge": twin}).status_code == 414
