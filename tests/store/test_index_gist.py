"""What the night reads of the index is less than all of it, and the verdict is the same, reasons included."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from crm_gdpr import quick_json
from crm_gdpr.policy import Gist, decide, facts_from_json, load_policy, stands_until
from crm_gdpr.store.tables import events, links, organisations, people
from crm_gdpr.sync.scan import SEVERAL, Company, Found, Person, Rows
from tests.policy import lives

POLICY = load_policy()
PEOPLE, COMPANIES = ("1", "2", "3", "4"), ("71", "72")
PREFIX = {"email": "emails", "call": "calls", "meeting": "meetings", "ticket": "tickets", "deal": "deals"}

rarely = lives.seldom


@st.composite
def worlds(draw):
    """Some people, where they work, and what was said; many of them have a part in the same event."""
    on = draw(lives.todays)

    def facts(**life):
        return facts_from_json(lives.dated(life, on))

    rows = Rows(
        people=[
            Person(
                facts(contact=draw(lives.people) | {"id": id_}).contact,
                company := draw(lives.options(None, SEVERAL, *COMPANIES)),
                {},
                customer=draw(rarely(False, True)),
                others=tuple({*draw(st.sets(st.sampled_from(COMPANIES)))} - {company}) if company in COMPANIES else (),
            )
            for id_ in PEOPLE
        ],
        companies=[
            Company(
                facts(contact={"id": "1"}, organisation=draw(lives.organisation) | {"id": id_}).organisation,
                held=draw(rarely(False, True, None)),
            )
            for id_ in COMPANIES[: draw(st.integers(1, 2))]
        ],
        events=[draw(found(number, facts)) for number in range(draw(st.integers(0, 8)))],
    )
    stages = {id_: draw(lives.standing) for id_ in PEOPLE if draw(st.booleans())}
    return on, rows, lives.dated(stages, on)


@st.composite
def found(draw, number, facts):
    told = draw(lives.events)
    (event,) = facts(
        contact={"id": "1"}, dialogue=[told | {"ref": f"{PREFIX.get(told['kind'], 'notes')}/{number}"}]
    ).dialogue
    concerned = st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3, unique=True)
    companies = st.lists(st.sampled_from(COMPANIES), max_size=1)
    is_open = event.kind in ("deal", "ticket") and draw(st.booleans())
    binds = {"won": draw(st.booleans()), "held": draw(rarely(False, True, None))} if event.kind == "deal" else {}
    return Found(event, tuple(draw(concerned)), tuple(draw(companies)), is_open, **binds)


def fill(store, rows, stages) -> None:
    with store.database.write() as connection:
        for table in (people, organisations, events, links):
            connection.execute(delete(table))
    for kind, of_kind in (("contacts", {"people": rows.people}), ("companies", {"companies": rows.companies})):
        store.index.keep(kind, Rows(**of_kind), 1)
    store.index.keep("emails", Rows(events=rows.events), 1)
    for id_ in PEOPLE:
        store.stages.clear(id_)
    for id_, standing in stages.items():
        store.stages.reach([id_], standing["stage"], date.fromisoformat(standing["stage_on"]))


@settings(max_examples=40, deadline=None, suppress_health_check=[*HealthCheck])
@given(world=worlds())
def test_the_verdict_of_the_night_is_the_verdict_on_everything(store, world):
    on, rows, stages = world
    fill(store, rows, stages)
    whole = {known.contact_id: known for known in store.index.everyone()}
    gists = {known.contact_id: known for known in store.index.everyone(gist=Gist(POLICY, on))}
    assert sorted(whole) == sorted(gists) == sorted(PEOPLE)
    for id_, known in whole.items():
        short, verdict = gists[id_].facts, decide(known.facts, POLICY, on)
        assert decide(short, POLICY, on) == verdict
        until = min(stands_until(short, verdict, on), date(2040, 1, 1))
        assert decide(known.facts, POLICY, until - timedelta(days=1)).verdict == verdict.verdict


def test_a_customer_without_a_company_is_one_by_a_ticket_that_counts_for_nothing(store):
    on = date(2026, 6, 15)
    contact = facts_from_json({"contact": {"id": "1", "created_on": "2026-01-10"}}).contact
    (ticket,) = facts_from_json(
        {
            "contact": {"id": "1"},
            "dialogue": [{"ref": "tickets/5", "kind": "ticket", "on": "2026-02-01", "direction": "out"}],
        }
    ).dialogue
    store.index.keep("contacts", Rows(people=[Person(contact, None, {}, customer=True)]), 1)
    store.index.keep("tickets", Rows(events=[Found(ticket, ("1",))]), 1)
    for gist in (None, Gist(POLICY, on)):
        (known,) = store.index.everyone(gist=gist)
        assert known.facts.organisation.customer is True


@pytest.fixture
def jane(store):
    contact = facts_from_json({"contact": {"id": "1", "created_on": "2026-01-10"}}).contact
    store.index.keep("contacts", Rows(people=[Person(contact, None, {})]), 1)
    return store.index.known("1")


def test_what_is_learnt_while_somebody_is_judged_is_not_lost(store, jane):
    on = date(2026, 6, 15)
    judged = (jane, decide(jane.facts, POLICY, on), date(2027, 1, 10))
    store.index.judge_anew(["1"])
    store.index.save([judged])
    assert [known.contact_id for known in store.index.everyone(due_on=on)] == ["1"]


def test_who_was_judged_is_not_due_until_that_day(store, jane):
    store.index.save([(jane, decide(jane.facts, POLICY, date(2026, 6, 15)), date(2027, 1, 10))])
    assert list(store.index.everyone(due_on=date(2027, 1, 9))) == []
    assert [known.contact_id for known in store.index.everyone(due_on=date(2027, 1, 10))] == ["1"]


def test_half_a_surrogate_in_an_answer_is_read_all_the_same():
    assert quick_json.loads(b'{"subject": "\\ud83d"}') == {"subject": "\ud83d"}
    assert quick_json.loads(quick_json.dumps({"subject": "\ud83d"})) == {"subject": "\ud83d"}
