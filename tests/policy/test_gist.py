"""The gist of what was said is enough: the verdict on it is the verdict on all of it, reasons included."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings

from crm_gdpr.policy import UNKNOWN, Event, Facts, Gist, decide, facts_from_json, load_policy, stands_until
from tests.policy.lives import lives

POLICY = load_policy()
ON = date(2026, 6, 15)
BY_PERSON = replace(POLICY, retention=replace(POLICY.retention, clock="person"))


def gist_of(facts: Facts, gist: Gist) -> Facts:
    """The same facts with no more events than bear on the verdict."""

    def of(events):
        if events is UNKNOWN:
            return UNKNOWN
        kept = gist.of((event.ref, event.on, gist.says(event)) for event in events)
        return tuple(event for event in events if event.ref in kept)

    organisation = facts.organisation
    if organisation is not UNKNOWN and organisation is not None:
        organisation = replace(organisation, dialogue=of(organisation.dialogue))
    return replace(facts, dialogue=of(facts.dialogue), organisation=organisation)


def named_once(life):
    """Each event under one reference in a life, deals under a deal's, as HubSpot has it."""
    lists = [life.get("dialogue") or [], (life.get("organisation") or {}).get("dialogue") or []]
    for number, event in enumerate(event for found in lists for event in {id(e): e for e in found}.values()):
        event["ref"] = f"{'deals' if event['kind'] == 'deal' else 'events'}/{event['ref'].partition('/')[2]}{number}"
    return life


@pytest.mark.parametrize("policy", [POLICY, BY_PERSON], ids=["later of both", "the person alone"])
@settings(max_examples=400, deadline=None)
@given(lived=lives())
def test_the_verdict_on_the_gist_is_the_verdict_on_everything(policy, lived):
    life, on = lived
    facts = facts_from_json(named_once(life))
    short = gist_of(facts, Gist(policy, on))
    verdict = decide(facts, policy, on)
    assert decide(short, policy, on) == verdict
    until = min(stands_until(short, verdict, on), date(2040, 1, 1))
    for day in {on + (until - on) // 2, until - timedelta(days=1)}:
        assert decide(facts, policy, day).verdict == verdict.verdict


def says(*events: Event) -> set[str]:
    gist = Gist(POLICY, ON)
    return gist.of((event.ref, event.on, gist.says(event)) for event in events)


def mail(number: int, on: date | None, direction: str | None = "in") -> Event:
    return Event(ref=f"emails/{number}", kind="email", on=on, direction=direction)


def test_of_many_mails_the_latest_is_kept():
    assert says(mail(1, date(2025, 1, 1)), mail(2, date(2026, 1, 1)), mail(3, date(2024, 1, 1))) == {"emails/2"}


def test_what_we_sent_is_not_kept():
    assert says(mail(1, date(2026, 1, 1), "out")) == set()


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(mail(7, date(2020, 1, 1), None), id="unclear"),
        pytest.param(mail(7, None), id="undated"),
        pytest.param(mail(7, date(2027, 1, 1)), id="ahead"),
        pytest.param(Event(ref="emails/7", kind="meeting", on=date(2027, 1, 1), outcome="SCHEDULED"), id="planned"),
    ],
)
def test_what_may_yet_count_is_kept_beside_the_latest(event):
    assert says(mail(1, date(2026, 1, 1)), event) == {"emails/1", "emails/7"}


def test_a_deal_does_not_hide_what_the_person_said():
    deal = Event(ref="deals/1", kind="deal", on=date(2026, 2, 1))
    assert says(mail(1, date(2026, 1, 1)), deal) == {"emails/1", "deals/1"}
