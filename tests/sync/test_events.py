"""HubSpot's engagements in the policy's words."""

import json
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from crm_gdpr.policy.facts import Event
from crm_gdpr.sync import ENGAGEMENTS, Record
from crm_gdpr.sync.events import PROPERTIES, event_from, form_from

STOCKHOLM = ZoneInfo("Europe/Stockholm")
AT, ON = "2025-02-03T10:00:00.000Z", date(2025, 2, 3)
CONNECTED = "f240bbac-87c9-4f6e-bf70-924b57d47db7"
AUTO = json.dumps({"Auto-Submitted": "auto-replied"})


def event(kind, **properties):
    return event_from(Record(kind, "1", {"hs_timestamp": AT, "createdate": AT, **properties}), STOCKHOLM)


@pytest.mark.parametrize(
    ("kind", "properties", "expected"),
    [
        pytest.param(
            *("emails", {"hs_email_direction": "INCOMING_EMAIL", "hs_email_status": "SENT"}),
            {"kind": "email", "direction": "in", "status": "SENT"},
            id="a mail received",
        ),
        pytest.param(
            *("emails", {"hs_email_direction": "FORWARDED_EMAIL"}),
            {"kind": "email", "direction": "in"},
            id="a mail forwarded",
        ),
        pytest.param(
            *("emails", {"hs_email_direction": "EMAIL", "hs_email_status": "BOUNCED"}),
            {"kind": "email", "direction": "out", "status": "BOUNCED"},
            id="a mail sent that bounced",
        ),
        pytest.param("emails", {}, {"kind": "email"}, id="a mail without a direction"),
        pytest.param(
            *("emails", {"hs_email_direction": "SIDEWAYS"}),
            {"kind": "email", "direction": "SIDEWAYS"},
            id="a direction HubSpot invents later is passed on",
        ),
        pytest.param(
            *("emails", {"hs_email_direction": "INCOMING_EMAIL", "hs_email_subject": "Autosvar: Hej"}),
            {"kind": "email", "direction": "in", "automatic": True},
            id="an automatic reply by its subject",
        ),
        pytest.param(
            *("emails", {"hs_email_direction": "INCOMING_EMAIL", "hs_email_headers": AUTO}),
            {"kind": "email", "direction": "in", "automatic": True},
            id="an automatic reply by its header",
        ),
        pytest.param(
            *("emails", {"hs_email_direction": "INCOMING_EMAIL", "hs_email_subject": "GDPR"}),
            {"kind": "email", "direction": "in", "request": True},
            id="a request",
        ),
        pytest.param(
            *("calls", {"hs_call_direction": "OUTBOUND", "hs_call_disposition": CONNECTED}),
            {"kind": "call", "direction": "out", "disposition": "connected"},
            id="a call that connected",
        ),
        pytest.param(
            *("calls", {"hs_call_direction": "INBOUND", "hs_call_disposition": "own-guid"}),
            {"kind": "call", "direction": "in", "disposition": "own-guid"},
            id="a disposition of the portal's own is passed on",
        ),
        pytest.param("calls", {}, {"kind": "call"}, id="a call nobody closed"),
        pytest.param(
            *("meetings", {"hs_meeting_start_time": "2025-03-01T09:00:00Z", "hs_meeting_outcome": "COMPLETED"}),
            {"kind": "meeting", "on": date(2025, 3, 1), "outcome": "COMPLETED"},
            id="a meeting is dated by its start",
        ),
        pytest.param("meetings", {}, {"kind": "meeting"}, id="a meeting without start or outcome"),
        pytest.param(
            *("communications", {"hs_communication_channel_type": "WHATS_APP"}),
            {"kind": "communication", "channel": "WHATS_APP"},
            id="a message has no direction",
        ),
        pytest.param("notes", {}, {"kind": "note"}, id="a note"),
        pytest.param("tasks", {}, {"kind": "task"}, id="a task"),
        pytest.param("tickets", {"source_type": "EMAIL"}, {"kind": "ticket", "direction": "in"}, id="a ticket by mail"),
        pytest.param(
            "tickets", {"hs_object_source": "FORM"}, {"kind": "ticket", "direction": "in"}, id="a ticket by form"
        ),
        pytest.param(
            "tickets", {"hs_object_source": "CRM_UI"}, {"kind": "ticket", "direction": "out"}, id="a ticket of ours"
        ),
        pytest.param("tickets", {}, {"kind": "ticket"}, id="a ticket of unknown origin"),
        pytest.param(
            *("tickets", {"source_type": "EMAIL", "subject": "GDPR: utdrag"}),
            {"kind": "ticket", "direction": "in", "request": True},
            id="a ticket that is a request",
        ),
        pytest.param("deals", {"hs_object_source": "CRM_UI"}, {"kind": "deal"}, id="a deal a person created"),
        pytest.param(
            *("deals", {"hs_v2_date_entered_current_stage": "2025-05-01T10:00:00Z", "hs_object_source": "IMPORT"}),
            {"kind": "deal", "on": date(2025, 5, 1)},
            id="a deal moved on",
        ),
        pytest.param(
            "deals",
            {"hs_v2_date_entered_current_stage": "2025-05-01T10:00:00Z", "hs_is_closed_lost": "true"},
            {"kind": "deal"},
            id="a deal lost was not moved forward",
        ),
    ],
)
def test_an_event_is(kind, properties, expected):
    assert event(kind, **properties) == Event(ref=f"{kind}/1", **{"on": ON, **expected})


@pytest.mark.parametrize("source", ["WORKFLOWS", "IMPORT", "INTEGRATION"])
def test_a_deal_behind_which_no_person_sat_is_marked(source):
    deal = event("deals", hs_object_source=source, hs_v2_date_entered_current_stage=AT)
    assert deal == Event(ref="deals/1", kind="deal", on=ON, automatic=True)


@pytest.mark.parametrize(
    ("value", "on"),
    [
        pytest.param("2025-02-03T23:30:00Z", date(2025, 2, 4), id="late in the evening it is tomorrow in Stockholm"),
        pytest.param("2025-07-03T22:30:00Z", date(2025, 7, 4), id="and earlier still in summer"),
        pytest.param("1738576800000", date(2025, 2, 3), id="milliseconds"),
        pytest.param("2025-02-03T10:00:00", None, id="an instant without a zone is not one"),
        pytest.param("soon", None, id="no date"),
        pytest.param("", None, id="nothing"),
        pytest.param(None, None, id="null"),
    ],
)
def test_a_day_is_a_day_in_the_controllers_zone(value, on):
    assert event("notes", hs_timestamp=value).on == on


def test_the_last_form_of_a_person():
    jane = Record("contacts", "7", {"recent_conversion_date": AT, "recent_conversion_event_name": "Boka demo"})
    assert form_from(jane, STOCKHOLM) == Event(ref="forms/7", kind="form", on=ON, direction="in")
    assert form_from(Record("contacts", "7", {}), STOCKHOLM) is None


def test_every_kind_that_is_read_can_be_asked_for():
    assert {*ENGAGEMENTS, "tickets", "deals"} == set(PROPERTIES)
    assert not any(
        "body" in name or "text" in name or "html" in name for names in PROPERTIES.values() for name in names
    )
