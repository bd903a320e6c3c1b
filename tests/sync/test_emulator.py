"""The gateway over real HTTP, against an emulated portal, on both versions of the API."""

from datetime import UTC, datetime, timedelta

import pytest

from crm_gdpr.emulator import Limits, serve
from crm_gdpr.emulator.faults import Fault
from crm_gdpr.emulator.requirements import Requirement
from crm_gdpr.sync import Budget, HubSpot
from crm_gdpr.sync.errors import Refused, Unavailable
from crm_gdpr.sync.install import apply, plan, present
from crm_gdpr.sync.versions import VERSIONS

SOURCE = {"name": "gdpr_source", "label": "Källa", "type": "string", "fieldType": "text", "description": "Source"}


@pytest.fixture(params=VERSIONS)
def hubspot(request, emulator):
    return HubSpot(
        access_token="made-up",
        base_url=emulator.url,
        api_version=request.param,
        budget=Budget.unlimited(),
        sleep=lambda _: None,
    )


def test_a_record_read_by_id(portal, hubspot):
    exopen = portal.add_company(name="Exempel AB")
    jane = portal.add_contact(email="jane@example.com")
    portal.link(("contacts", jane), ("companies", exopen))
    read = hubspot.read("contacts", jane, ["email", "no_such_property"], associations=["companies"])
    assert (read.id, read.properties["email"]) == (jane, "jane@example.com")
    assert read.associations == {"companies": (exopen,)}
    assert "no_such_property" not in read.properties
    assert hubspot.read("contacts", "987654", ["email"]) is None


def test_pages_and_batches_hold_everybody(portal, hubspot):
    everybody = {portal.add_contact(email=f"jane.{number}@example.com") for number in range(230)}
    pages = list(hubspot.pages("contacts", ["email"]))
    assert [len(page) for page in pages] == [100, 100, 30]
    assert {each.id for page in pages for each in page} == everybody
    assert set(hubspot.read_many("contacts", [*everybody, "987654"], ["email"])) == everybody


def test_what_changed_comes_whole_though_all_of_it_in_the_same_moment(portal, hubspot):
    portal.add_contact(email="old@example.com")
    portal.advance(days=2)
    since = datetime.fromisoformat(portal.clock.now())
    changed = {portal.add_contact(email=f"jane.{number}@example.com") for number in range(450)}
    found = [each.id for page in hubspot.changed("contacts", since, ["email"]) for each in page]
    assert len(found) == len(set(found))
    assert set(found) == changed
    assert list(hubspot.changed("emails", since - timedelta(days=9), [])) == []


def test_associations_beyond_one_page(portal, hubspot):
    jane, john = portal.add_contact(email="jane@example.com"), portal.add_contact(email="john@example.com")
    notes = {portal.log("note", [jane]) for _ in range(501)}
    found = hubspot.associated("contacts", "notes", [jane, john])
    assert set(found[jane]) == notes
    assert found[john] == ()


def test_writing_and_what_the_portal_refuses(portal, hubspot):
    apply(hubspot, plan({"contacts": [SOURCE]}, present(hubspot, ["contacts"])))
    jane = hubspot.create("contacts", {"email": "jane@example.com"})
    with pytest.raises(Refused) as error:
        hubspot.create("contacts", {"email": "jane@example.com"})
    assert error.value.status == 409
    hubspot.update("contacts", jane.id, {"gdpr_source": "form"})
    others = {portal.add_contact(email=f"j.{number}@example.com"): {"gdpr_source": "import"} for number in range(120)}
    written = hubspot.update_many("contacts", {**others, jane.id: {"no_such": "x"}, "987654": {"gdpr_source": "x"}})
    assert set(written.done) == set(others)
    assert set(written.refused) == {jane.id, "987654"}
    assert hubspot.read("contacts", jane.id, ["gdpr_source"]).properties["gdpr_source"] == "form"


def test_a_note_lands_on_the_contact(portal, hubspot):
    jane = portal.add_contact(email="jane@example.com")
    at = datetime(2026, 1, 2, tzinfo=UTC).isoformat()
    note = hubspot.create("notes", {"hs_timestamp": at, "hs_note_body": "Brev"}, associations=[("contacts", jane)])
    assert hubspot.associated("contacts", "notes", [jane]) == {jane: (note.id,)}


def test_archived_then_gone(portal, hubspot):
    jane = portal.add_contact(email="jane@example.com")
    assert hubspot.archive("contacts", jane)
    assert hubspot.read("contacts", jane, []) is None
    assert hubspot.read("contacts", jane, [], archived=True).archived
    portal.advance(days=91)
    assert hubspot.read("contacts", jane, [], archived=True) is None
    john = portal.add_contact(email="john@example.com")
    hubspot.purge(john)
    assert hubspot.read("contacts", john, []) is None
    assert hubspot.read("contacts", john, [], archived=True) is None


def test_an_installation_is_planned_applied_and_then_there(hubspot):
    wanted = {"contacts": [SOURCE]}
    changes = plan(wanted, present(hubspot, wanted))
    assert [change.what for change in changes] == ["create group", "create property"]
    apply(hubspot, changes)
    apply(hubspot, changes)
    assert plan(wanted, present(hubspot, wanted)) == []
    relabelled = {"contacts": [{**SOURCE, "label": "Källa (GDPR)"}]}
    apply(hubspot, plan(relabelled, present(hubspot, wanted)))
    assert plan(relabelled, present(hubspot, wanted)) == []


def test_owners_pipelines_and_the_account(portal, hubspot):
    portal.add_owner("owner@example.com", "Åsa", "Ek")
    assert "owner@example.com" in [owner["email"] for owner in hubspot.owners()]
    assert any(stage["id"] == "closedlost" for line in hubspot.pipelines("deals") for stage in line["stages"])
    assert hubspot.account()["portalId"] == portal.portal_id


@pytest.mark.parametrize("how", [{"reset": True}, {"status": 502}], ids=["the line is cut", "a gateway answers"])
def test_a_write_applied_though_its_answer_was_lost_is_not_sent_twice(emulator, portal, hubspot, how):
    emulator.guard.faults.waiting = [Fault(method="POST", applied=True, **how)]
    with pytest.raises(Unavailable) as error:
        hubspot.create("contacts", {"email": "jane@example.com"})
    assert error.value.applied_unknown
    assert [each.properties["email"] for page in hubspot.pages("contacts", ["email"]) for each in page] == [
        "jane@example.com"
    ]


def test_a_storm_is_waited_out_and_nothing_is_lost_or_doubled(emulator, portal, hubspot):
    everybody = [portal.add_contact(email=f"jane.{number}@example.com") for number in range(250)]
    emulator.guard.faults.waiting = [
        Fault(status=429, times=2),
        Fault(reset=True, after=1),
        Fault(status=503, times=3),
        Fault(status=500, method="POST"),
    ]
    read = [each.id for page in hubspot.pages("contacts", []) for each in page]
    assert sorted(read) == sorted(everybody)
    assert hubspot.update_many("contacts", {each: {"jobtitle": "VD"} for each in everybody}).refused == {}


def test_what_the_portal_s_own_rules_refuse_is_named_and_not_tried_again(emulator, portal, hubspot, request):
    enforced = request.node.callspec.params["hubspot"] == "2026-09"
    portal.requirements.append(Requirement("contacts", "phone", ("lifecyclestage", "customer")))
    jane, john = (portal.add_contact(lifecyclestage=stage) for stage in ("lead", "customer"))
    written = hubspot.update_many("contacts", {each: {"jobtitle": "VD"} for each in (jane, john)})
    assert written.done == ((jane,) if enforced else (jane, john))
    assert list(written.refused) == ([john] if enforced else [])
    assert all("MISSING_CONDITIONAL_REQUIRED_PROPERTY" in reason for reason in written.refused.values())
    assert sum(count for (_, path, _), count in emulator.guard.calls.items() if path.endswith("/batch/update")) == 1


def test_in_steady_state_there_is_no_429(portal, store):
    running = serve(portal, limits=Limits("free"))
    hubspot = HubSpot(access_token="made-up", base_url=running.url, budget=Budget(store, "1", "free"))
    jane = portal.add_contact(email="jane@example.com")
    for _ in range(6):
        hubspot.read("contacts", jane, [])
        hubspot.associated("contacts", "notes", [jane])
        list(hubspot.search("contacts", [], []))
    running.stop()
    assert not [status for (_, _, status) in running.guard.calls if status == 429]


def test_nobody_else_is_asked(emulator, portal, hubspot):
    hubspot.read("contacts", portal.add_contact(email="jane@example.com"), [])
    assert not emulator.guard.not_emulated
