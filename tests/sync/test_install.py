"""The plan of an installation: what is created, what is altered, and what is left alone."""

import pytest

from crm_gdpr.sync.errors import Refused
from crm_gdpr.sync.install import GROUP, Change, InstallError, Present, apply, plan
from tests.sync.conftest import BASE

SOURCE = {
    "name": "gdpr_source",
    "label": "Källa",
    "description": "Varifrån / Where from",
    "type": "enumeration",
    "fieldType": "select",
    "options": [{"value": "form", "label": "Formulär", "displayOrder": 0, "hidden": False}],
}
PROPERTIES = f"{BASE}/crm/properties/2026-09/contacts"


def portal(*properties, groups=(GROUP,)):
    return {"contacts": Present(frozenset(groups), {each["name"]: each for each in properties})}


def planned(*wanted, has):
    return [(each.what, each.name) for each in plan({"contacts": wanted}, has)]


def test_an_empty_portal_gets_group_and_property():
    assert planned(SOURCE, has=portal(groups=())) == [("create group", GROUP), ("create property", "gdpr_source")]


def test_a_portal_that_has_all_is_left_alone():
    hubspots_own = {"hubspotDefined": False, "archived": False, "groupName": "moved_by_somebody"}
    assert planned(SOURCE, has=portal({**SOURCE, **hubspots_own})) == []


def test_no_group_where_nothing_is_wanted():
    assert planned(has=portal(groups=())) == []


def test_what_the_portal_has_beside_ours_is_never_deleted():
    assert planned(has=portal(SOURCE)) == []


@pytest.mark.parametrize("text", ["label", "description"])
def test_a_changed_text_is_altered_alone(text):
    (change,) = plan({"contacts": [SOURCE]}, portal({**SOURCE, text: "old"}))
    assert change == Change("contacts", "alter property", "gdpr_source", {text: SOURCE[text]})


def test_an_option_the_portal_added_is_kept():
    fair = {"value": "fair", "label": "Mässa", "displayOrder": 5, "hidden": True}
    (change,) = plan({"contacts": [SOURCE]}, portal({**SOURCE, "options": [fair]}))
    assert [(option["value"], option["displayOrder"]) for option in change.body["options"]] == [
        ("form", 0),
        ("fair", 1),
    ]
    assert change.body["options"][1]["hidden"] is True


def test_an_option_relabelled_in_the_portal_gets_our_label_back():
    renamed = {**SOURCE["options"][0], "label": "Webb"}
    (change,) = plan({"contacts": [SOURCE]}, portal({**SOURCE, "options": [renamed]}))
    assert change.body == {"options": SOURCE["options"]}


def test_a_type_is_never_altered():
    with pytest.raises(InstallError, match="'gdpr_source' as string, not as enumeration"):
        planned(SOURCE, has=portal({**SOURCE, "type": "string"}))


def test_applying_does_what_the_plan_says(hubspot, answers):
    answers.post(f"{PROPERTIES}/groups", status=409, json={"category": "CONFLICT"})
    answers.post(PROPERTIES, status=201, json=SOURCE)
    apply(hubspot, plan({"contacts": [SOURCE]}, portal(groups=())))
    answers.patch(f"{PROPERTIES}/gdpr_source", json=SOURCE)
    apply(hubspot, plan({"contacts": [SOURCE]}, portal({**SOURCE, "label": "old"})))


def test_a_refusal_is_not_taken_for_done(hubspot, answers):
    answers.post(f"{PROPERTIES}/groups", status=400, json={"category": "VALIDATION_ERROR"})
    with pytest.raises(Refused):
        apply(hubspot, plan({"contacts": [SOURCE]}, portal(groups=())))
