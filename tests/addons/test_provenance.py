"""Stories: a contact comes into being, and is tagged from the record itself."""

from __future__ import annotations

from crm_gdpr.emulator import Portal
from tests.events import created


def test_a_new_contact_is_tagged_from_its_own_record(portal: Portal, deliver, work):
    jane = portal.add_contact(email="jane@example.com")
    assert deliver(created(portal, jane)).status_code == 204
    work()
    assert portal.value("contacts", jane, "gdpr_source") == "outreach"
    assert portal.value("contacts", jane, "gdpr_legal_basis") == "legitimate_interest"
