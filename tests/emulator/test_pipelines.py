"""Pipelines and stages: made, changed, and gone when nobody is in them; deals and tickets follow."""

import pytest

from crm_gdpr.emulator import Portal
from crm_gdpr.emulator.errors import Invalid, Malformed, NotFound, StageInUse
from crm_gdpr.emulator.stages import Stage
from tests.emulator.conftest import Api

OPEN, WON = Stage("asked", "Asked", {"probability": "0.3"}), Stage("renewed", "Renewed", {"probability": "1.0"}, 1)
PIPELINES = "/crm/pipelines/2026-09/deals"


@pytest.fixture
def renewals(portal: Portal) -> str:
    return portal.add_pipeline("deals", "Renewals", [OPEN, WON], order=1).id


def test_deals_go_through_a_pipeline_of_the_account_s_own(portal: Portal, renewals: str):
    deal = portal.add_deal(dealstage="asked")
    assert (portal.value("deals", deal, "pipeline"), portal.value("deals", deal, "hs_is_closed")) == (renewals, "false")
    portal.edit("deals", deal, dealstage="renewed")
    assert portal.value("deals", deal, "hs_is_closed_won") == "true"


def test_a_stage_that_is_not_there_is_no_choice(portal: Portal, renewals: str):
    portal.remove_stage("deals", renewals, "asked")
    with pytest.raises(Invalid):
        portal.add_deal(dealstage="asked")


def test_a_stage_goes_only_when_no_deal_is_in_it(portal: Portal, api: Api, renewals: str):
    deal = portal.add_deal(dealstage="asked")
    with pytest.raises(StageInUse):
        portal.replace_pipeline("deals", renewals, "Renewals", [WON], 1)
    refused = api("DELETE", f"{PIPELINES}/{renewals}/stages/asked")
    assert (refused.status_code, refused.json()["subCategory"]) == (400, "PipelineError.STAGE_ID_IN_USE")
    assert deal in refused.json()["message"]
    portal.edit("deals", deal, dealstage="renewed")
    assert api("DELETE", f"{PIPELINES}/{renewals}/stages/asked").status_code == 204


def test_a_pipeline_in_use_goes_unless_asked_to_look(portal: Portal, api: Api, renewals: str):
    portal.add_deal(dealstage="asked")
    assert api("DELETE", f"{PIPELINES}/{renewals}?validateReferencesBeforeDelete=true").status_code == 400
    assert api("DELETE", f"{PIPELINES}/{renewals}").status_code == 204
    with pytest.raises(NotFound):
        portal.pipeline("deals", renewals)


def test_the_last_pipeline_and_the_last_stage_stay(portal: Portal, renewals: str):
    portal.remove_stage("deals", renewals, "asked")
    with pytest.raises(Malformed):
        portal.remove_stage("deals", renewals, "renewed")
    with pytest.raises(Malformed):
        portal.remove_pipeline("tickets", "0", if_unused=False)


@pytest.mark.parametrize(("kind", "metadata"), [("deals", {}), ("tickets", {"probability": "0.3"})])
def test_a_stage_says_how_likely_a_deal_or_how_open_a_ticket_is(portal: Portal, kind: str, metadata: dict[str, str]):
    with pytest.raises(Malformed):
        portal.add_pipeline(kind, "Other", [Stage("one", "One", metadata)])


def test_contacts_have_no_pipelines(api: Api):
    body = {"label": "People", "displayOrder": 0, "stages": []}
    assert api("POST", "/crm/v3/pipelines/contacts", body).status_code == 400
    assert api("GET", "/crm/v3/pipelines/contacts").json() == {"results": []}


def test_a_change_adds_to_the_metadata_and_is_logged(api: Api, renewals: str):
    path = f"{PIPELINES}/{renewals}/stages/asked"
    changed = api("PATCH", path, {"label": "Offered", "metadata": {"probability": "0.5"}}).json()
    assert (changed["label"], changed["metadata"]) == ("Offered", {"probability": "0.5", "isClosed": "false"})
    assert [row["action"] for row in api("GET", f"{path}/audit").json()["results"]] == ["UPDATE"]
    assert [row["action"] for row in api("GET", f"{PIPELINES}/{renewals}/audit").json()["results"]] == ["CREATE"]
