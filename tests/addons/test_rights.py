"""Stories: who may be answered, and what a request of each right comes to."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest

from crm_gdpr.addons.access import identity, letters, rights, steps
from crm_gdpr.addons.access.carrying import take_objection
from crm_gdpr.addons.access.going_astray import missent
from crm_gdpr.addons.access.letter_texts import FOR_SUPPORT, LETTERS
from crm_gdpr.addons.objection.taking import object_to
from crm_gdpr.emulator import Portal
from crm_gdpr.policy import Right, due

LONG_AGO = "2025-01-01T09:00:00Z"


@pytest.fixture
def anna(portal: Portal) -> str:
    return portal.add_contact(email="anna@example.com", firstname="Anna", lastname="Ek", createdate=LONG_AGO)


def opened(env, contact_id: str, right: Right = Right.ACCESS, **more):
    number = steps.open_request(
        env, right=right, received_on=env.today(), received_at=env.clock.now(), contact_id=contact_id, by="kim", **more
    )
    return env.store.requests.get(number)


def again(env, request):
    return env.store.requests.get(request.id)


def notes_on(env, contact_id: str) -> str:
    ids = env.hubspot.associated("contacts", "notes", [contact_id])[contact_id]
    found = env.hubspot.read_many("notes", ids, ("hs_note_body",)).values()
    return "\n".join(note.properties["hs_note_body"] or "" for note in found)


def path_of(link: str) -> str:
    return link.removeprefix("http://localhost")


class TestIdentity:
    def test_a_link_goes_to_an_address_that_was_on_file(self, env, portal, anna, client):
        request = opened(env, anna)
        link = path_of(identity.send_link(env, request, "anna@example.com", by="kim"))
        assert "anna@example.com" in notes_on(env, anna)
        assert client.get(link).status_code == 200
        assert again(env, request).status != "accepted", "looking changes nothing"
        assert client.post(link).status_code == 200
        assert (again(env, request).status, again(env, request).identity_by) == ("accepted", "the person")
        assert client.post(link).status_code == client.get(link).status_code == 404

    def test_expired_used_and_guessed_links_are_refused_alike(self, env, portal, anna, client):
        link = path_of(identity.send_link(env, opened(env, anna), "anna@example.com", by="kim"))
        guessed = client.get("/p/" + "x" * 43)
        portal.advance(days=7)
        assert client.get(link).text == client.post(link).text == guessed.text

    @pytest.mark.parametrize(
        ("email", "more", "why"),
        [
            pytest.param("info@example.com", {}, identity.ROLE, id="a mailbox of several"),
            pytest.param("Support+x@example.com", {}, identity.ROLE, id="however it is written"),
            pytest.param("bo@example.com", {"gdpr_not_relevant_since": "2026-01-01"}, identity.LEFT, id="who has left"),
        ],
    )
    def test_no_link_goes_where_another_may_read_it(self, env, portal, email, more, why):
        contact = portal.add_contact(email=email, createdate=LONG_AGO, **more)
        request = opened(env, contact)
        assert [way.against for way in identity.ways(env, request)] == [why]
        with pytest.raises(steps.StepRefused):
            identity.send_link(env, request, email, by="kim")

    def test_no_link_goes_to_an_address_that_came_with_the_request_or_is_not_there(self, env, portal, anna):
        request = opened(env, anna)
        portal.advance(minutes=5)
        portal.edit("contacts", anna, email="new@example.net")
        (way,) = identity.ways(env, request)
        assert way.against == identity.LATE
        with pytest.raises(steps.StepRefused, match="does not stand"):
            identity.send_link(env, request, "replyto@example.org", by="kim")

    @pytest.mark.parametrize(
        ("called", "against"),
        [
            pytest.param({"firstname": "Anna", "lastname": "Ek"}, None, id="called the same"),
            pytest.param({"firstname": "Bo", "lastname": "Ek"}, identity.MERGED, id="called otherwise"),
            pytest.param({}, identity.MERGED, id="nameless"),
        ],
    )
    def test_a_merged_record_gets_a_link_only_if_it_is_shown_to_be_one_person(self, env, portal, anna, called, against):
        other = portal.add_contact(email="somebody@example.com", createdate=LONG_AGO, **called)
        survivor = str(portal.merge("contacts", anna, other).id)
        portal.advance(days=1)
        assert {way.against for way in identity.ways(env, opened(env, survivor))} == {against}

    def test_the_mailboxes_of_several_are_the_policys_too(self, env, portal):
        contact = portal.add_contact(email="vaxel@example.com", createdate=LONG_AGO)
        assert [way.against for way in identity.ways(env, opened(env, contact))] == [identity.ROLE]

    def test_looking_at_the_head_of_a_link_changes_nothing(self, env, anna, client):
        request = opened(env, anna)
        link = path_of(identity.send_link(env, request, "anna@example.com", by="kim"))
        assert client.head(link).status_code == client.get(link).status_code == 200
        assert client.options(link).status_code == 200
        assert again(env, request).status != "accepted"
        assert client.post(link).status_code == 200

    def test_where_no_link_may_go_a_second_reader_agrees(self, env, portal):
        contact = portal.add_contact(email="info@example.com", createdate=LONG_AGO)
        request = opened(env, contact)
        assert not identity.confirm(env, request, "called back", by="kim")
        assert again(env, request).status != "accepted"
        with pytest.raises(steps.StepRefused, match="another"):
            identity.agree(env, again(env, request), by="kim")
        identity.agree(env, again(env, request), by="sam")
        assert (again(env, request).status, again(env, request).identity_second_by) == ("accepted", "sam")

    def test_a_link_for_one_person_never_confirms_another(self, env, portal, anna, client):
        """Anna's link answered for Bo: his data went to her ticket."""
        request = opened(env, anna)
        link = path_of(identity.send_link(env, request, "anna@example.com", by="kim"))
        bo = portal.add_contact(email="bo@example.com", createdate=LONG_AGO)
        steps.name_person(env, again(env, request), bo, by="kim")
        assert client.post(link).status_code == 404
        assert again(env, request).status != "accepted"

    def test_a_check_of_one_person_is_no_check_of_another(self, env, portal):
        first, other = (portal.add_contact(email=f"{box}@example.com", createdate=LONG_AGO) for box in ("info", "hr"))
        request = opened(env, first)
        identity.confirm(env, request, "called back", by="kim")
        steps.name_person(env, again(env, request), other, by="kim")
        with pytest.raises(steps.StepRefused, match="No check"):
            identity.agree(env, again(env, request), by="sam")

    def test_a_second_request_is_checked_for_itself(self, env, anna, work):
        identity.confirm(env, opened(env, anna), "called back", by="kim")
        second = opened(env, anna)
        assert second.status == "initiated"
        with pytest.raises(steps.StepRefused, match="not been confirmed"):
            steps.release(env, second, by="kim")

    def test_the_clock_runs_on_when_somebody_else_is_named(self, env, portal, anna):
        request = opened(env, anna)
        identity.send_link(env, request, "anna@example.com", by="kim")
        portal.advance(days=5)
        bo = portal.add_contact(email="bo@example.com", createdate=LONG_AGO)
        steps.name_person(env, again(env, request), bo, by="kim")
        assert (again(env, request).paused_on, again(env, request).paused_days) == (None, 5)

    def test_the_clock_rests_only_while_the_identity_is_asked_for(self, env, portal, anna, client):
        request = opened(env, anna)
        link = path_of(identity.send_link(env, request, "anna@example.com", by="kim"))
        portal.advance(days=5)
        client.post(link)
        assert again(env, request).due_on == due(request.received_on, extended=False, paused_days=5).due_on
        assert again(env, request).due_on > request.due_on


class TestTheOtherRights:
    def accepted(self, env, contact_id, right):
        request = opened(env, contact_id, right)
        identity.confirm(env, request, "called back", by="kim")
        return again(env, request)

    def test_a_correction_keeps_both_values_and_tells_the_recipients(self, env, portal, anna):
        portal.edit("contacts", anna, jobtitle="CFO")
        request = self.accepted(env, anna, Right.RECTIFICATION)
        rights.correct(env, request, {"jobtitle": "CEO"}, by="kim")
        assert portal.value("contacts", anna, "jobtitle") == "CEO"
        notes = notes_on(env, anna)
        assert "CFO → CEO" in notes
        assert "HubSpot" in notes
        assert (again(env, request).status, again(env, request).outcome) == ("fulfilled", "corrected")
        assert not any("CEO" in json.dumps(dict(line.detail)) for line in env.store.ledger.lines())
        assert env.hubspot.associated("contacts", "tasks", [anna])[anna]

    @pytest.mark.parametrize("name", ["gdpr_source", "createdate", "no_such_field"])
    def test_what_is_computed_is_not_corrected_by_hand(self, env, anna, name):
        request = self.accepted(env, anna, Right.RECTIFICATION)
        with pytest.raises(steps.StepRefused):
            rights.correct(env, request, {name: "x"}, by="kim")

    def test_nothing_is_corrected_for_somebody_unknown(self, env, anna):
        with pytest.raises(steps.StepRefused):
            rights.correct(env, opened(env, anna, Right.RECTIFICATION), {"jobtitle": "CEO"}, by="kim")

    def test_a_restriction_is_lifted_only_after_the_person_was_told(self, env, portal, anna):
        request = self.accepted(env, anna, Right.RESTRICTION)
        with pytest.raises(steps.StepRefused):
            rights.restrict(env, request, "z", by="kim")
        rights.restrict(env, request, "a", by="kim")
        assert portal.value("contacts", anna, "gdpr_restricted") == "true"
        with pytest.raises(steps.StepRefused, match="told"):
            rights.lift(env, again(env, request), by="kim")
        rights.tell_of_lifting(env, again(env, request), "checked, correct", by="kim")
        with pytest.raises(steps.StepRefused, match="told"):
            rights.lift(env, again(env, request), by="kim")
        portal.advance(days=1)
        rights.lift(env, again(env, request), by="kim")
        assert portal.value("contacts", anna, "gdpr_restricted") == "false"

    def test_an_objection_holds_at_once(self, env, anna):
        request = opened(env, anna, Right.OBJECTION)
        take_objection(env, request, by="kim")
        assert env.store.objections.of([anna])
        assert again(env, request).outcome == "objected"


class TestEnds:
    def test_an_extension_takes_reasons_inside_the_first_month(self, env, portal, anna):
        request = opened(env, anna)
        with pytest.raises(steps.StepRefused, match="reason"):
            rights.extend(env, request, " ", by="kim")
        rights.extend(env, request, "many systems", by="kim")
        assert again(env, request).due_on == due(request.received_on, extended=True).due_on
        assert "many systems" in notes_on(env, anna)
        with pytest.raises(steps.StepRefused, match="already"):
            rights.extend(env, again(env, request), "more", by="kim")

    def test_after_the_first_month_it_is_too_late(self, env, portal, anna):
        request = opened(env, anna)
        portal.advance(days=40)
        with pytest.raises(steps.StepRefused, match="first month"):
            rights.extend(env, request, "many systems", by="kim")

    def test_a_refusal_gives_reasons_and_says_where_to_complain(self, env, anna):
        request = opened(env, anna)
        with pytest.raises(steps.StepRefused):
            rights.refuse(env, request, "", by="kim")
        rights.refuse(env, request, "the tenth this month", by="kim")
        notes = notes_on(env, anna)
        assert "the tenth this month" in notes
        assert "imy.se" in notes

    def test_nothing_held_is_an_answer_only_where_nobody_is_meant(self, env, portal, anna):
        with pytest.raises(steps.StepRefused):
            rights.hold_nothing(env, opened(env, anna), by="kim")
        ticket = portal.add_ticket(subject="GDPR")
        request = opened(env, None, ticket_id=ticket)
        rights.hold_nothing(env, request, by="kim")
        assert again(env, request).outcome == "nothing_held"
        notes = env.hubspot.associated("tickets", "notes", [ticket])[ticket]
        assert notes

    def test_nothing_held_is_refused_of_somebody_in_the_bin_and_while_something_is_kept(self, env, portal, anna):
        request, gone = opened(env, anna), opened(env, portal.add_contact(email="gone@example.com"))
        by_address = opened(env, None, address="anna@example.com")
        env.hubspot.archive("contacts", anna)
        portal.purge(gone.contact_id)
        kept = {"kept": [f"notes/1 bookkeeping {env.today()}"]}
        env.store.cases.open(contact_id=gone.contact_id, subject="-", way="bin", frozen=kept, on=env.today())
        for each, why in ((request, "connected"), (by_address, "connected"), (gone, "is kept")):
            with pytest.raises(steps.StepRefused, match=why):
                rights.hold_nothing(env, each, by="kim")
            assert again(env, each).is_open

    def test_nothing_held_says_so_where_a_no_is(self, env, portal, client):
        gone = portal.add_contact(email="nej@example.com", createdate=LONG_AGO)
        object_to(env, gone, how="phone", by="kim", on=env.today())
        portal.purge(gone)
        request = opened(env, None, address="Nej@example.com")
        rights.hold_nothing(env, request, by="kim")
        letter = letters.unlaid(env, again(env, request))
        assert "your objection: a code computed from your address" in letter
        other = opened(env, None, address="somebody@example.com")
        rights.hold_nothing(env, other, by="kim")
        assert "objection" not in letters.unlaid(env, again(env, other))

    def test_an_answer_gone_astray_opens_an_incident_of_72_hours(self, env, anna):
        request = opened(env, anna)
        incident = missent(env, request, "sent to the wrong Anna", by="kim")
        assert (incident.report_by - incident.known_at).total_seconds() == 72 * 3600
        assert env.store.ledger.lines()[-1].action == "package.missent"


def test_every_letter_is_whole_in_both_languages():
    assert set(LETTERS) == set(FOR_SUPPORT)
    for letter in LETTERS.values():
        names = [set(re.findall(r"{(\w+)}", text)) for text in (letter.sv, letter.en)]
        assert names[0] == names[1]
        assert "{controller}" in letter.sv


def test_the_clock_rests_by_the_day():
    assert due(date(2026, 9, 1), False, 10).due_on == date(2026, 10, 12)
    assert "rested 10 days" in due(date(2026, 9, 1), False, 10).steps[2].text.en
