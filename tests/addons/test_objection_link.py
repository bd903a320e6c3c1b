"""Stories of the public page: looking changes nothing, pressing says no, and nothing but a link of ours opens it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from crm_gdpr.addons.objection import taking
from crm_gdpr.addons.objection.links import LIVES, link_for, token_for
from crm_gdpr.emulator.faults import Fault
from tests.addons.nights import told


@pytest.fixture
def jane(portal, env):
    return portal.add_contact(email="jane@example.com", firstname="Jane")


@pytest.fixture
def address(env, jane):
    return link_for(env, jane).removeprefix(env.settings.public_url)


def calls(emulator):
    return sum(count for (_, path, _), count in emulator.guard.calls.items())


def test_looking_changes_nothing_and_reads_nothing_of_the_person(portal, env, emulator, client, address, jane):
    before = calls(emulator), env.store.work.counts(), dict(portal.record("contacts", int(jane)).properties)
    for _ in range(3):
        page = client.get(address)
        assert page.status_code == 200
        assert client.head(address).status_code == 200
    assert "Jane" not in page.text
    assert before == (calls(emulator), env.store.work.counts(), dict(portal.record("contacts", int(jane)).properties))
    assert env.store.objections.all() == []
    assert told(env, jane) == []


def test_pressing_the_button_says_no(portal, env, client, work, address, jane):
    answered = client.post(address)
    assert answered.status_code == 200
    assert "noterat ditt nej" in answered.text
    assert client.post(address).status_code == 200
    work()
    (recorded,) = env.store.objections.of([jane])
    assert (recorded.channel, recorded.by, recorded.scope) == ("link", "the person", "marketing")
    assert portal.value("contacts", jane, "gdpr_objected_on") == env.today().isoformat()


def test_a_mail_program_that_unsubscribes_for_its_user_is_answered_alike(env, client, work, address, jane):
    assert client.post(address, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    work()
    assert len(env.store.objections.of([jane])) == 1


def test_a_no_said_again_moments_after_it_was_taken_back_is_a_no(portal, env, client, work, address, jane):
    client.post(address)
    work()
    taking.withdraw(env, 1, by="sam", why="phoned")
    portal.advance(seconds=5)
    client.post(address)
    work()
    assert [held.state for held in env.store.objections.of([jane])] == ["withdrawn", "holds"]


def test_the_no_is_taken_while_hubspot_is_down(env, client, work, address, jane, emulator):
    emulator.guard.faults.waiting.append(Fault(match="/crm/", status=503, times=3))
    assert client.post(address).status_code == 200
    work()
    assert len(env.store.objections.of([jane])) == 1


def test_a_person_who_is_gone_meanwhile_gets_the_same_answer(portal, env, client, work, address, jane):
    portal.purge(jane)
    assert client.post(address).status_code == 200
    work()
    assert told(env, jane) == ["contact.gone"]
    assert env.store.work.failed() == []


def spoil(token):
    contact_id, until, signature = token.split("-", 2)
    other = ("A" if signature[0] != "A" else "B") + signature[1:]
    return {
        "a signature changed": f"{contact_id}-{until}-{other}",
        "another contact": f"{int(contact_id) + 1}-{until}-{signature}",
        "a longer life": f"{contact_id}-29991231-{signature}",
        "no signature": f"{contact_id}-{until}-",
        "cut short": token[:-1],
        "a tail": token + "A",
        "guessed": "1-20991231-" + "A" * 43,
        "no date": f"{contact_id}-99999999-{signature}",
        "letters": "hello",
        "other digits": token.replace(contact_id, "١٢٣"),
    }


@pytest.mark.parametrize("how", spoil("100001-20281103-" + "x" * 43))
def test_what_is_no_link_of_ours_is_refused_alike_and_takes_nothing(env, client, jane, how):
    wrong = f"/o/{spoil(token_for(env, jane))[how]}"
    shown, pressed = client.get(wrong), client.post(wrong)
    assert (shown.status_code, pressed.status_code) == (404, 404)
    assert shown.text == pressed.text == client.get("/o/nothing").text
    assert env.store.work.open() == 0


def test_an_expired_link_is_refused_like_one_that_never_was(portal, env, client, address):
    portal.advance(days=LIVES.days)
    assert client.get(address).status_code == 200
    portal.advance(days=1)
    assert client.get(address).text == client.get("/o/nothing").text
    assert client.post(address).status_code == 404


def test_a_link_of_another_secret_opens_nothing(env, client, jane):
    other = replace(env, settings=replace(env.settings, secret_key="another"))
    assert client.get(f"/o/{token_for(other, jane)}").status_code == 404


@pytest.mark.parametrize(
    ("headers", "query", "language"),
    [
        ({}, "", "sv"),
        ({"Accept-Language": "en-GB,en;q=0.9"}, "", "en"),
        ({"Accept-Language": "en"}, "?lang=sv", "sv"),
        ({}, "?lang=en", "en"),
        ({}, "?lang=xx", "sv"),
    ],
)
def test_the_page_speaks_the_readers_language_and_keeps_it(client, address, headers, query, language):
    page = client.get(address + query, headers=headers).text
    assert f'<html lang="{language}">' in page
    assert f'action="?lang={language}"' in page
    assert ("Kontakta mig inte" in page) == (language == "sv")


def test_the_page_is_whole_by_itself_and_kept_by_nobody(client, address):
    page = client.get(address)
    loaded = re.findall(r'(?:src|href|action)="([^"]+)"', page.text)
    assert all(value.startswith(("/o/s/", "?lang=", "mailto:")) for value in loaded), loaded
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in page.headers
    assert "<script" not in page.text
    assert page.text.count("<h1>") == 1
    for name in (value for value in loaded if value.startswith("/o/s/")):
        with client.get(name) as found:
            assert found.status_code == 200


def test_a_no_said_from_the_recycle_bin_holds_when_somebody_restores(portal, env, settle, client, address, jane):
    """It was answered with thanks, and lost."""
    portal.archive("contacts", jane)
    settle()
    assert client.post(address).status_code == 200
    settle()
    (recorded,) = env.store.objections.of([jane])
    assert (recorded.state, env.store.suppression.count(recorded.id)) == ("holds", 1)
    portal.restore("contacts", jane)
    settle()
    assert portal.value("contacts", jane, "gdpr_objected_on") == env.today().isoformat()


def test_a_no_said_after_the_erasure_is_known_when_the_address_comes_back(portal, env, client, work, address, jane):
    digests = env.digests([("email", "jane@example.com")])
    env.store.cases.open(contact_id=jane, subject="-", way="bin", frozen={"addresses": sorted(digests)}, on=env.today())
    portal.purge(jane)
    assert client.post(address).status_code == 200
    work()
    assert len(env.store.objections.of([jane])) == 1
    assert env.store.suppression.known(digests).keys() == digests
