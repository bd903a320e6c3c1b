"""What goes when a person goes, by erasure or by the bin, and what stays behind to be found elsewhere.

The list of what an erasure removes is HubSpot's (hubspot.md, 2.8); what it leaves out is a switch or stays.
"""

import pytest

from crm_gdpr.emulator import Portal
from crm_gdpr.emulator.lists import NewList

ANNA = "anna@example.se"


@pytest.fixture
def anna(portal: Portal) -> str:
    """A person who has left traces everywhere."""
    anna = portal.submit_form(portal.add_form(), {"email": ANNA}, page="https://www.example.com/demo")
    attached = portal.add_file("cv.pdf", b"%PDF")
    portal.write_in(ANNA, "Hej", "Fråga", attachments=(attached,))
    portal.view_page(anna, "https://www.example.com/")
    portal.unsubscribe_all(ANNA)
    portal.add_to_list(portal.add_list(NewList("People", "contacts")).id, [int(anna)])
    return anna


def traces(portal: Portal) -> set[str]:
    found = {
        "submission": any(one.email == ANNA for one in portal.form_book.submissions),
        "thread": bool(portal.conversations.threads),
        "event": bool(portal.events.events),
        "preference": portal.preferences.knows(ANNA),
        "member": any(one.members for one in portal.lists.live()),
        "file": bool(portal.files.live()),
        "ticket": len(portal.live["tickets"]) > 0,
        "e-mail": len(portal.live["emails"]) > 0,
        "blocked": ANNA in portal.blocklist,
    }
    return {name for name, there in found.items() if there}


def test_an_erasure_leaves_files_tickets_and_mails(portal: Portal, anna: str):
    portal.purge(anna)
    assert traces(portal) == {"file", "ticket", "e-mail", "blocked"}


def test_the_bin_keeps_what_is_not_the_record_s_own(portal: Portal, anna: str):
    """Nothing says that an emptied bin takes conversations, submissions or preferences: so they stay."""
    everything = traces(portal)
    portal.archive("contacts", anna)
    assert traces(portal) == everything
    portal.advance(days=91)
    assert traces(portal) == everything - {"event", "member"}


def test_all_of_it_comes_back_with_a_snapshot_and_goes_with_a_reset(portal: Portal, anna: str):
    assert anna
    everything, taken = traces(portal), portal.snapshot()
    portal.reset()
    assert traces(portal) == set()
    portal.restore_snapshot(taken)
    assert traces(portal) == everything
