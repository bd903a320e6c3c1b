"""Everything the portal holds about a person is in the manifest, as a walk over the account tells."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import timedelta

import pytest
import requests

from crm_gdpr.addons.access.account import look_at_kinds
from crm_gdpr.addons.access.answer import compose
from crm_gdpr.addons.access.information import left_out
from crm_gdpr.addons.access.kinds import PERHAPS, SURE
from crm_gdpr.addons.access.model import Answer, Part
from crm_gdpr.addons.access.package import to_json
from crm_gdpr.emulator.actor import SALES
from crm_gdpr.emulator.properties import Property
from crm_gdpr.emulator.tokens import Token
from crm_gdpr.env import Env
from crm_gdpr.policy import Right
from crm_gdpr.store.requests import Request
from crm_gdpr.sync.scopes import SCOPES
from tests.addons.walk import BODIES, FURTHER, Lives, held, live


def asked(env: Env, contact_id: str, right: Right = Right.ACCESS) -> Request:
    number = env.store.requests.open(
        right=right.value, received_on=env.today(), due_on=env.today(), contact_id=contact_id
    )
    return env.store.requests.get(number or 0)


def answered(env: Env, contact_id: str) -> Answer:
    composed = compose(env, asked(env, contact_id))
    assert composed is not None
    return composed[0]


def part(answer: Answer, kind: str) -> Part:
    return next(each for each in answer.parts if each.kind == kind)


WORD = re.compile(r"mark\d{5}")


def check_everything(env: Env, lives: Lives, contact_id: str) -> None:
    """Every mark of the person's is in the answer, none of anybody else's, and the counts are those of the walk."""
    answer = answered(env, contact_id)
    kinds = {kind.name for kind in (*SURE, *PERHAPS)} | {each.kind for each in answer.parts if "licence" in each.kind}
    found = Counter({each.kind: each.found for each in answer.parts if each.kind in kinds and each.found})
    assert found == held(lives.portal, contact_id)
    assert all(each.reconciles for each in answer.parts)
    told = json.dumps(to_json(answer), ensure_ascii=False)
    assert set(WORD.findall(told)) == lives.marks[contact_id]
    record = lives.portal.record("contacts", int(contact_id))
    for name, value in record.properties.items():
        if value and not name.startswith("gdpr_"):
            assert json.dumps(value, ensure_ascii=False)[1:-1] in told, name


def test_everything_the_account_holds_is_found_for_random_people(env, portal):
    lives = live(portal, 8)
    for contact_id in lives.people[-3:]:
        check_everything(env, lives, contact_id)


@pytest.mark.slow
def test_everything_is_found_for_two_hundred_people(env, portal):
    lives = live(portal, 200)
    for contact_id in lives.people:
        check_everything(env, lives, contact_id)


def test_a_property_added_later_is_in_the_answer(env, portal):
    contact = portal.add_contact(email="anna@example.com")
    answered(env, contact)
    env.hubspot.create_property(
        "contacts",
        {
            "name": "shoe_size",
            "label": "Shoe size",
            "groupName": "contactinformation",
            "type": "string",
            "fieldType": "text",
        },
    )
    portal.edit("contacts", contact, shoe_size="43-canary")
    fields = [each for row in part(answered(env, contact), "contacts").rows for each in row.fields]
    assert [(each.label.en, each.raw) for each in fields if each.name == "shoe_size"] == [("Shoe size", "43-canary")]


PASSPORT = Property("passport", "Passnummer", "contactinformation", sensitivity="highly_sensitive")


def test_a_sensitive_property_is_in_the_answer(env, portal):
    portal.catalogue("contacts").create(PASSPORT)
    contact = portal.add_contact(email="anna@example.com", passport="AA-canary")
    answer = answered(env, contact)
    fields = [each for row in part(answer, "contacts").rows for each in row.fields]
    assert [(each.label.sv, each.raw) for each in fields if each.name == "passport"] == [("Passnummer", "AA-canary")]
    assert not [each for each in answer.parts if each.kind == "sensitive"]


def test_sensitive_properties_that_may_not_be_read_are_named(env, emulator, portal):
    token = env.settings.access_token
    emulator.guard.tokens.named[token] = Token(token, portal.app_id, scopes=frozenset(SCOPES))
    portal.catalogue("contacts").create(PASSPORT)
    not_read = part(answered(env, portal.add_contact(email="anna@example.com", passport="AA-canary")), "sensitive")
    assert "crm.objects.contacts.highly_sensitive.read.v2" in not_read.not_read


def test_what_was_offered_and_asked_is_in_the_answer(env, portal):
    contact = portal.add_contact(email="anna@example.com")
    given = {"quotes": {"hs_title": "Offert-canary"}, "feedback_submissions": {"hs_content": "Bra-canary"}}
    for kind, values in given.items():
        record = str(portal.create(kind, values, actor=SALES, trusted=True).id)
        portal.link(("contacts", contact), (kind, record))
    answer = answered(env, contact)
    told = json.dumps(to_json(answer), ensure_ascii=False)
    assert ("Offert-canary" in told, "Bra-canary" in told) == (True, True)
    assert {"quotes", "feedback_submissions"} <= {each.kind for each in answer.parts if each.found == 1}


def test_every_datum_has_a_category_that_is_shown_and_every_category_shown_has_data(env, portal):
    (contact,) = live(portal, 1, seed=3).people
    portal.edit("contacts", contact, gdpr_hold_reason="tvist")
    answer = answered(env, contact)
    shown = next(each for each in answer.information if each.article == "15(1)(b)").lines
    titles = {each.name: each.title for each in env.policy.categories}
    titles = {**{h.category: h.title for h in env.registry.holdings}, **titles}
    with_data = {titles[each.category] for each in answer.parts if each.rows}
    assert with_data <= set(shown)
    assert set(shown) <= with_data | {titles["rights"]}


def test_the_history_of_a_value_is_told_with_the_way_it_came(env, portal):
    contact = portal.add_contact(email="anna@example.com", jobtitle="CFO")
    portal.advance(days=1)
    portal.edit("contacts", contact, jobtitle="CEO")
    rows = [row for row in part(answered(env, contact), "history").rows if row.ref == "history/jobtitle"]
    assert [each.raw for each in rows[0].fields] == ["CEO", "CFO"]
    assert "medarbetare" in rows[0].fields[0].label.sv


def test_a_record_in_the_recycle_bin_with_the_same_address_is_found(env, portal):
    before = portal.add_contact(email="anna@example.com", jobtitle="Intern-canary")
    portal.archive("contacts", int(before), actor=None) if False else env.hubspot.archive("contacts", before)
    now = portal.add_contact(email="anna@example.com")
    rows = part(answered(env, now), "archived").rows
    assert [row.ref for row in rows] == [f"contacts/{before}"]
    assert "Intern-canary" in str(rows)


def test_a_scope_that_is_missing_is_named_and_not_passed_over(env, emulator, portal):
    from crm_gdpr.emulator.faults import Fault

    contact = portal.add_contact(email="anna@example.com")
    emulator.guard.faults.waiting = [Fault(match="/lists", status=403, times=9)]
    lists = part(answered(env, contact), "lists")
    assert lists.not_read
    assert (lists.found, lists.included) == (0, 0)


def test_what_no_step_reads_is_named_for_a_person_to_look_at(env, portal):
    answer = answered(env, portal.add_contact(email="anna@example.com"))
    assert part(answer, "beyond").not_read
    told = left_out(answer.parts)
    assert any("We look by hand" in line.en for line in told.lines)


def test_a_reading_broken_off_goes_on_where_it_stopped(env, emulator, portal):
    from crm_gdpr.emulator.faults import Fault
    from crm_gdpr.sync import HubSpotError

    (contact,) = live(portal, 1, seed=3).people
    portal.log("note", [contact], hs_note_body="x")
    request = asked(env, contact)
    emulator.guard.faults.waiting = [Fault(match="/notes", status=400, times=1)]
    with pytest.raises(HubSpotError):
        compose(env, request)
    before = emulator.guard.stats() if hasattr(emulator.guard, "stats") else None
    composed = compose(env, request)
    assert composed is not None
    assert part(composed[0], "notes").found >= 1
    assert before is None or before


RECORDS = {
    "contacts",
    *(kind.name for kind in (*SURE, *PERHAPS)),
    "lists",
    "events",
    "mailings",
    "forms",
    "conversations",
    "comments",
}


def calls(emulator) -> int:
    return requests.get(f"{emulator.url}/_emulator/stats", timeout=10).json()["total"]


def bound(answer: Answer, thread_pages: int) -> int:
    """The calls an answer may cost: the issue's own words."""
    items = {each.kind: each.found for each in answer.parts if each.kind in RECORDS}
    return 30 + sum(-(-found // 100) for found in items.values()) + thread_pages + 2 * len(answer.files)


def test_what_it_costs_stays_within_its_bound_cold_as_warm(env, emulator, portal):
    """Somebody with everything; only what is read once a day for all requests comes on top, on its first day."""
    portal.switches = portal.switches.changed(without_types="")
    contact, company = portal.add_contact(email="anna@example.com"), portal.add_company(name="Verkstaden")
    portal.link(("contacts", contact), ("companies", company))
    for number in range(350):
        colleague = portal.add_contact(email=f"colleague{number}@example.com", lastname=f"Kollega{number}")
        portal.link(("contacts", colleague), ("companies", company))
    for kind, name in FURTHER.items():
        made = portal.create(kind, {name: "x"}, actor=SALES, trusted=True)
        portal.associate(("contacts", int(contact)), (kind, made.id), None, actor=SALES)
    other = portal.add_contact(email="bo@example.com")
    for kind, body in BODIES.items():
        portal.log(kind, [contact, other], **{body: "text"})
    for number in range(230):
        portal.log("note", [contact], hs_note_body=f"note {number}")
    portal.add_ticket(subject="Ärende", contacts=[contact])
    portal.add_deal(dealname="Affär", contacts=[contact])
    portal.write_in("anna@example.com", "hej", to="")
    costs = []
    look_at_kinds(env)
    for _ in range(2):
        before = calls(emulator)
        answer = answered(env, contact)
        costs.append(calls(emulator) - before)
        assert costs[-1] == answer.calls + answer.calls_for_all
        assert answer.calls <= bound(answer, thread_pages=1)
    assert costs[1] == answer.calls
    assert answer.calls_for_all == 0


def test_the_kinds_an_account_lacks_are_named_with_the_day_of_the_look(env, portal):
    contact = portal.add_contact(email="anna@example.com")
    look_at_kinds(env)
    portal.advance(days=1)
    answer = answered(env, contact)
    assert answer.looked_on == (env.today() - timedelta(days=1)).isoformat()
    assert [title.sv for title in answer.absent] == ["Bokningar", "Tjänster", "Kurser", "Objekt"]
    portal.advance(days=1)
    assert answered(env, contact).looked_on == env.today().isoformat()
