"""What holds of every verdict, whatever the life."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from crm_gdpr.policy import Verdict, decide, facts_from_json, facts_to_json, load_policy, trace
from tests.policy.lives import lives
from tests.policy.oracle import months_after

POLICY = load_policy()
SCALE = ("keep", "review", "unknown", "archive", "erase")  # what people lose; for unknown a person has to look
Json = dict[str, Any]
Life = tuple[Json, date]

# Few lives are settled, so some promises look at many and keep few.
patient = [HealthCheck.too_slow, HealthCheck.filter_too_much]
promise = settings(max_examples=150, deadline=None, suppress_health_check=patient)


def judged(facts: Json, on: date) -> Verdict:
    return decide(facts_from_json(facts), POLICY, on)


def harsher(one: Verdict, other: Verdict) -> bool:
    return SCALE.index(one.verdict) > SCALE.index(other.verdict)


@promise
@given(lives(), st.randoms(use_true_random=False))
def test_order_and_duplicates_do_not_matter(life: Life, dice: random.Random) -> None:
    facts, on = life
    assert essence(judged(shuffled(facts, dice), on)) == essence(judged(facts, on))


def essence(verdict: Verdict) -> Verdict:
    """The verdict with each of its reasons once, in one order."""
    return replace(verdict, because=tuple(sorted(set(verdict.because), key=repr)))


def shuffled(facts: Json, dice: random.Random) -> Json:
    """The same events in another order, some of them once more."""
    mixed = json.loads(json.dumps(facts))
    for home, key in lists_of(mixed):
        home[key] += [dict(found) for found in home[key] if dice.random() < 0.5]
        dice.shuffle(home[key])
    return mixed


def lists_of(facts: Json) -> Iterator[tuple[Json, str]]:
    """Name every list of events and talks, and where it is."""
    homes = ((facts, "dialogue"), (facts.get("organisation") or {}, "dialogue"), (facts["contact"], "attested"))
    return ((home, key) for home, key in homes if home.get(key))


@promise
@given(lives())
def test_nobody_is_archived_or_erased_within_the_period_of_a_dialogue(life: Life) -> None:
    facts, on = life
    assume(not hastened(facts))
    verdict = judged(facts, on)
    months = {"archive": 21, "erase": 21}.get(verdict.verdict, 0)
    for considered in trace(facts_from_json(facts), POLICY, on):
        if months and considered.counts == "yes" and considered.event.on:
            assert months_after(considered.event.on, months) <= on


def hastened(facts: Json) -> bool:
    """Tell whether rules 9 to 11 may take the dates away."""
    keys = ("objected_on", "not_relevant", "review_answer", "erasure_requested_on")
    return any(facts["contact"].get(key) for key in keys)


CONTACT_FACTS = ("hold", "restricted", "request_open", "attested", "source", "objected_on", "created_on", "stage")
CONTACT_FACTS += ("review_answer", "erasure_requested_on", "not_relevant")
ORGANISATION_FACTS = ("customer", "contract_until", "relationship_ended_on", "open_deals", "open_tickets", "dialogue")
PATHS = [("contact", key) for key in CONTACT_FACTS] + [("organisation", key) for key in ORGANISATION_FACTS]
PATHS += [("dialogue",), ("organisation",)]


@promise
@given(lives(), st.sampled_from(PATHS))
def test_knowing_less_never_destroys_more(life: Life, path: tuple[str, ...]) -> None:
    facts, on = life
    knowing_less = judged(forgotten(facts, path), on)
    assert knowing_less.verdict not in ("archive", "erase") or not harsher(knowing_less, judged(facts, on))


def forgotten(facts: Json, path: tuple[str, ...]) -> Json:
    """The same facts without one of them."""
    *home, key = path
    if home:
        return facts | {home[0]: forgotten(facts[home[0]], (key,))} if facts.get(home[0]) else facts
    return {name: value for name, value in facts.items() if name != key}


PROTECTIVE = [
    ("contact", {"hold": {"reason": "dispute"}}),
    ("contact", {"restricted": True}),
    ("contact", {"request_open": True}),
    ("organisation", {"customer": True}),
    ("organisation", {"contract_until": "2035-01-01"}),
    ("organisation", {"open_deals": ["12"]}),
    ("organisation", {"open_tickets": ["34"]}),
]


@promise
@given(lives(), st.sampled_from(PROTECTIVE))
def test_a_fact_that_protects_is_never_harsher(life: Life, added: tuple[str, Json]) -> None:
    facts, on = life
    home, fact = added
    assume(facts.get(home))
    assert not harsher(judged(facts | {home: facts[home] | fact}, on), judged(facts, on))


TALKS = [
    {"ref": "forms/new", "kind": "form"},
    {"ref": "emails/new", "kind": "email", "direction": "in"},
    {"ref": "meetings/new", "kind": "meeting", "outcome": "COMPLETED"},
    {"ref": "meetings/new", "kind": "meeting", "outcome": "SCHEDULED"},
    {"ref": "calls/new", "kind": "call", "disposition": None},
]


@promise
@given(lives(), st.sampled_from(TALKS), st.integers(0, 1000), st.booleans())
def test_one_more_dialogue_since_the_creation_is_never_harsher(life: Life, talk: Json, ago: int, own: bool) -> None:
    facts, on = life
    day = on - timedelta(days=ago)
    assume(facts["contact"].get("created_on") and day.isoformat() >= facts["contact"]["created_on"])
    home = facts if own else facts.get("organisation") or {}
    assume("dialogue" in home)
    more = {"dialogue": [*home["dialogue"], talk | {"on": day.isoformat()}]}
    richer = facts | more if own else facts | {"organisation": home | more}
    assert not harsher(judged(richer, on), judged(facts, on))


@promise
@given(lives(), st.integers(0, 1000))
def test_one_more_attested_talk_is_never_harsher(life: Life, ago: int) -> None:
    facts, on = life
    assume("attested" in facts["contact"] and facts["contact"].get("created_on"))
    talk = {"on": (on - timedelta(days=ago)).isoformat(), "reason": "lunch"}
    richer = facts | {"contact": facts["contact"] | {"attested": [*(facts["contact"]["attested"] or []), talk]}}
    assert not harsher(judged(richer, on), judged(facts, on))


@promise
@given(lives())
def test_facts_survive_being_written_and_read(life: Life) -> None:
    facts = facts_from_json(life[0])
    again = facts_from_json(json.loads(json.dumps(facts_to_json(facts))))
    assert replace(again, strange=()) == replace(facts, strange=())


@promise
@given(lives())
def test_every_verdict_explains_itself_in_both_languages(life: Life) -> None:
    verdict = judged(*life)
    assert verdict.because
    for reason in verdict.because:
        assert reason.code
        assert reason.text.sv.strip()
        assert reason.text.en.strip()
        assert reason.text.sv != reason.text.en
        assert not re.search(r"[.:]\.$", f"{reason.text.sv}\n{reason.text.en}", re.MULTILINE)


@promise
@given(lives())
def test_a_verdict_that_touches_a_record_names_no_doubt(life: Life) -> None:
    verdict = judged(*life)
    doubts = {"unknown_fact", "unknown_event", "no_clock"} & {reason.code for reason in verdict.because}
    assert bool(doubts) == (verdict.verdict == "unknown") or "customer_decision" in codes(verdict)


def codes(verdict: Verdict) -> set[str]:
    return {reason.code for reason in verdict.because}


@promise
@given(lives())
def test_the_next_step_comes_on_its_day_and_not_before(life: Life) -> None:
    facts, on = life
    assume(is_settled(facts, on))
    verdict = judged(facts, on)
    assume(verdict.next)
    later = begun(facts, verdict, on)
    assert judged(later, verdict.next.on).verdict == verdict.next.step
    assert judged(later, verdict.next.on - timedelta(days=1)).verdict == verdict.verdict


TURNS = ("nothing", "objected_on", "not_relevant", "review_answer")


@settings(promise, max_examples=25)
@given(lives(), st.sampled_from(TURNS), st.integers(0, 400))
def test_a_record_left_alone_never_steps_back(life: Life, turn: str, after: int) -> None:
    facts, on = life
    assume(is_settled(facts, on))
    facts = facts | {"contact": facts["contact"] | turned(turn, (on + timedelta(days=after)).isoformat())}
    assume(judged(facts, on).verdict != "unknown")
    walk = [SCALE.index(word) for word in walked(facts, on, days=500)]
    assert walk == sorted(walk)


def turned(turn: str, on: str) -> Json:
    """What a person says on a day that lies ahead."""
    said = {"not_relevant": {"since": on, "why": "left"}, "review_answer": {"on": on, "answer": "let_go"}}
    return {} if turn == "nothing" else {turn: said.get(turn, on)}


def walked(facts: Json, on: date, days: int) -> Iterator[str]:
    """Name the verdict of each day while nothing happens but the steps that verdicts ask for."""
    for day in range(days):
        today = on + timedelta(days=day)
        verdict = judged(facts, today)
        yield verdict.verdict
        if verdict.verdict == "erase":
            return
        facts = begun(facts, verdict, today)


def is_settled(facts: Json, on: date) -> bool:
    """Tell whether time alone moves this record: nothing of it is new or to come, and nothing unclear."""
    asked = ("hold", "restricted", "request_open", "attested")
    if any(key not in facts["contact"] for key in asked) or "dialogue" not in facts or "organisation" not in facts:
        return False
    organisation = facts["organisation"]
    if organisation is not None and any(key not in organisation for key in ORGANISATION_FACTS):
        return False
    if is_stale(facts["contact"]):
        return False
    considered = trace(facts_from_json(facts), POLICY, on)
    return all(c.counts in ("yes", "no") for c in considered) and max(days_in(facts), default=on) < on


def is_stale(contact: Json) -> bool:
    """Tell whether the answer is of a review before this one, which no later stage remembers."""
    answer = contact.get("review_answer")
    return bool(answer) and contact.get("stage") == "review" and answer["on"] < contact["stage_on"]


def days_in(value: Any) -> Iterator[date]:
    """Name every day in the facts."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from days_in(inner)
    elif isinstance(value, str) and value[4:5] == "-":
        yield date.fromisoformat(value)


def begun(facts: Json, verdict: Verdict, on: date) -> Json:
    """The same record after the step has begun that the verdict starts, if it starts one."""
    if verdict.verdict == "keep" or verdict.reached == verdict.verdict:
        return facts
    return facts | {"contact": facts["contact"] | {"stage": verdict.verdict, "stage_on": on.isoformat()}}
