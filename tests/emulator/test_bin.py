"""The recycle bin and permanent deletion: what goes, what stays, and when."""

import pytest

from crm_gdpr.emulator import Portal
from crm_gdpr.emulator.actor import app, imported
from crm_gdpr.emulator.errors import Invalid, NotFound, Taken

OUR_APP = app(4_200_001)


def test_the_bin_keeps_for_ninety_days_and_no_longer(portal: Portal):
    anna = portal.add_contact(email="anna@example.se")
    portal.archive("contacts", anna)
    portal.advance(days=89)
    assert portal.is_archived(anna)
    portal.advance(days=1)
    assert portal.is_gone(anna)


def test_what_people_said_outlives_them_unassociated(portal: Portal):
    anna = portal.add_contact()
    mail = portal.log("email", [anna])
    portal.archive("contacts", anna)
    assert portal.associated(portal.record("emails", int(mail)), "contacts") == {}
    portal.advance(days=91)
    assert portal.is_live(mail)


def test_restoring_brings_the_associations_back(portal: Portal):
    anna, company = portal.add_contact(email="anna@example.se"), portal.add_company()
    portal.link(("contacts", anna), ("companies", company))
    portal.archive("contacts", anna)
    portal.restore("contacts", anna)
    assert list(portal.associated(portal.record("companies", int(company)), "contacts")) == [int(anna)]
    assert str(portal.find("contacts", "anna@example.se", "email").id) == anna


def test_an_archived_address_is_free_and_its_new_holder_bars_the_way_back(portal: Portal):
    anna = portal.add_contact(email="anna@example.se")
    portal.archive("contacts", anna)
    portal.add_contact(email="anna@example.se")
    with pytest.raises(Taken):
        portal.restore("contacts", anna)


def test_permanent_deletion_leaves_nothing_in_the_bin(portal: Portal):
    anna = portal.add_contact(email="anna@example.se")
    note = portal.log("note", [anna])
    portal.purge(anna)
    assert portal.is_gone(anna)
    assert portal.is_live(note)


def test_an_erased_address_stays_away_from_people_but_not_from_the_api(portal: Portal):
    portal.purge(portal.add_contact(email="anna@example.se"))
    with pytest.raises(Invalid):
        portal.add_contact(email="anna@example.se")
    with pytest.raises(Invalid):
        portal.add_contact(email="anna@example.se", actor=imported("7"))
    assert portal.add_contact(email="anna@example.se", actor=OUR_APP)


def test_a_switch_closes_the_api_to_erased_addresses_too(portal: Portal):
    portal.switches = portal.switches.changed(blocklist_stops_api=True)
    portal.purge(portal.add_contact(email="anna@example.se"))
    with pytest.raises(Invalid):
        portal.add_contact(email="anna@example.se", actor=OUR_APP)


def test_deleting_an_unknown_address_blocks_it(portal: Portal):
    portal.gdpr_delete("nobody@example.se", "email", actor=OUR_APP)
    with pytest.raises(Invalid):
        portal.add_contact(email="nobody@example.se")


def test_deleting_by_address_finds_the_person(portal: Portal):
    anna = portal.add_contact(email="anna@example.se")
    portal.gdpr_delete("Anna@example.se", "email", actor=OUR_APP)
    assert portal.is_gone(anna)


def test_by_a_switch_what_was_said_with_nobody_else_goes_along_and_comes_back(portal: Portal):
    portal.switches = portal.switches.changed(lonely_activities_go=True)
    anna, company = portal.add_contact(), portal.add_company()
    alone = [portal.log(kind, [anna]) for kind in ("email", "note", "meeting")]
    staying = [portal.log("call", [anna]), portal.log("task", [anna]), portal.log("email", [anna], [company])]
    portal.archive("contacts", anna)
    assert all(portal.is_archived(id_) for id_ in alone)
    assert all(portal.is_live(id_) for id_ in staying)
    portal.restore("contacts", anna)
    assert all(portal.is_live(id_) for id_ in alone)
    assert portal.value("contacts", anna, "num_notes") == "6"
    portal.purge(anna)
    assert all(portal.is_gone(id_) for id_ in alone)
    assert all(portal.is_live(id_) for id_ in staying)


def test_what_went_along_is_erased_in_the_bin_too(portal: Portal):
    portal.switches = portal.switches.changed(lonely_activities_go=True, purge_archived="accept")
    anna, bo = portal.add_contact(), portal.add_contact()
    of_anna, of_bo = portal.log("note", [anna]), portal.log("note", [bo])
    portal.archive("contacts", anna)
    portal.archive("contacts", bo)
    portal.purge(anna)
    assert (portal.is_gone(of_anna), portal.is_archived(of_bo)) == (True, True)
    portal.advance(days=90)
    assert portal.is_gone(of_bo)
    assert portal.companions == {}


def test_an_archived_person_is_deleted_permanently_only_if_the_switch_says_so(portal: Portal):
    anna = portal.add_contact()
    portal.archive("contacts", anna)
    with pytest.raises(NotFound):
        portal.purge(anna)
    portal.switches = portal.switches.changed(purge_archived="accept")
    portal.purge(anna)
    assert portal.is_gone(anna)
