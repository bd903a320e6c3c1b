"""By when a person must be told, and what shows that they were; the ids read as Art. 13 and 14."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_gdpr.policy.calendar import add_months
from crm_gdpr.policy.notice import KINDS, Duty, Evidence, told

JAN31 = date(2026, 1, 31)


def mail(on: date, *, carried: bool = True, arrived: bool = True) -> Evidence:
    return Evidence(ref="emails/1", kind="mail", on=on, carried=carried, arrived=arrived)


def call(on: date, *, arrived: bool = True) -> Evidence:
    return Evidence(ref="calls/1", kind="call", on=on, arrived=arrived)


def duty(collected: date | None = date(2026, 3, 10), source: str = "outreach", **facts: object) -> Duty:
    return Duty(source=source, collected_on=collected, **facts)  # type: ignore[arg-type]  # one helper for all facts


@pytest.mark.parametrize(
    ("facts", "on", "state", "due"),
    [
        pytest.param(duty(), date(2026, 3, 10), "open", date(2026, 4, 10), id="on the day of collection"),
        pytest.param(duty(), date(2026, 4, 4), "open", date(2026, 4, 10), id="six days before"),
        pytest.param(duty(), date(2026, 4, 5), "soon", date(2026, 4, 10), id="five days before"),
        pytest.param(duty(), date(2026, 4, 10), "soon", date(2026, 4, 10), id="on the last day"),
        pytest.param(duty(), date(2026, 4, 11), "overdue", date(2026, 4, 10), id="the day after"),
        pytest.param(duty(), date(2026, 5, 9), "overdue", date(2026, 4, 10), id="29 days overdue"),
        pytest.param(duty(), date(2026, 5, 10), "given_up", date(2026, 4, 10), id="30 days overdue: given up"),
        pytest.param(
            duty(source="customer"),
            date(2026, 5, 10),
            "overdue",
            date(2026, 4, 10),
            id="a customer's contact is never given up",
        ),
        pytest.param(
            duty(source="inbound"),
            date(2026, 5, 10),
            "given_up",
            date(2026, 4, 10),
            id="who asked once and was not told",
        ),
        pytest.param(duty(JAN31), date(2026, 2, 28), "soon", date(2026, 2, 28), id="31 January: 28 February"),
        pytest.param(duty(JAN31), date(2026, 3, 1), "overdue", date(2026, 2, 28), id="and not 3 March"),
        pytest.param(
            duty(date(2028, 1, 31)), date(2028, 2, 29), "soon", date(2028, 2, 29), id="29 February in a leap year"
        ),
        pytest.param(duty(date(2026, 8, 31)), date(2026, 9, 30), "soon", date(2026, 9, 30), id="31 August"),
        pytest.param(duty(date(2026, 2, 28)), date(2026, 3, 28), "soon", date(2026, 3, 28), id="28 February"),
        pytest.param(duty(date(2026, 12, 31)), date(2027, 1, 31), "soon", date(2027, 1, 31), id="over the year"),
        pytest.param(
            duty(first_message_on=date(2026, 3, 12)),
            date(2026, 3, 12),
            "overdue",
            date(2026, 3, 12),
            id="a first message without the notice is overdue at once",
        ),
        pytest.param(
            duty(first_message_on=date(2026, 3, 12), evidence=(mail(date(2026, 3, 12)),)),
            date(2026, 3, 12),
            "told",
            date(2026, 3, 12),
            id="a first message that carries it",
        ),
        pytest.param(
            duty(first_disclosed_on=date(2026, 3, 15)),
            date(2026, 3, 15),
            "overdue",
            date(2026, 3, 15),
            id="disclosed to others first",
        ),
        pytest.param(
            duty(first_message_on=date(2026, 6, 1)),
            date(2026, 4, 11),
            "overdue",
            date(2026, 4, 10),
            id="a message after the month does not prolong it",
        ),
        pytest.param(
            duty(first_message_on=date(2026, 1, 5)),
            date(2026, 3, 10),
            "overdue",
            date(2026, 3, 10),
            id="a message before the collection counts from it",
        ),
        pytest.param(
            duty(first_message_on=date(2026, 3, 12), evidence=(mail(date(2026, 3, 12), arrived=False),)),
            date(2026, 3, 13),
            "overdue",
            date(2026, 3, 12),
            id="a mail that bounced told nobody",
        ),
        pytest.param(
            duty(evidence=(mail(date(2026, 3, 12), carried=False),)),
            date(2026, 3, 13),
            "open",
            date(2026, 4, 10),
            id="a mail without the notice told nothing",
        ),
        pytest.param(
            duty(evidence=(call(date(2026, 3, 20)),)),
            date(2026, 3, 20),
            "told",
            date(2026, 4, 10),
            id="by phone",
        ),
        pytest.param(
            duty(evidence=(call(date(2026, 3, 20), arrived=False),)),
            date(2026, 3, 20),
            "open",
            date(2026, 4, 10),
            id="a call nobody answered",
        ),
        pytest.param(
            duty(source="website", evidence=(Evidence(ref="form/2026-1", kind="form", on=date(2026, 3, 10)),)),
            date(2026, 3, 10),
            "told",
            date(2026, 4, 10),
            id="a form that showed the notice",
        ),
        pytest.param(
            duty(evidence=(Evidence(ref="informed", kind="informed", on=date(2026, 3, 1)),)),
            date(2026, 3, 10),
            "told",
            date(2026, 4, 10),
            id="already informed (Art. 14(5)(a))",
        ),
        pytest.param(
            duty(evidence=(mail(date(2026, 4, 20)),)),
            date(2026, 4, 19),
            "overdue",
            date(2026, 4, 10),
            id="later",
        ),
        pytest.param(
            duty(source="inbound", first_message_on=date(2026, 3, 11)),
            date(2026, 3, 11),
            "overdue",
            date(2026, 3, 11),
            id="an answer to who wrote to us must carry it (Art. 13)",
        ),
        pytest.param(
            duty(source="inbound", first_message_on=date(2026, 3, 11), evidence=(mail(date(2026, 3, 11)),)),
            date(2026, 3, 11),
            "told",
            date(2026, 3, 11),
            id="told with the first answer (Art. 13)",
        ),
        pytest.param(duty(None), date(2026, 3, 11), "unknown", None, id="no day of collection"),
        pytest.param(duty(backlog=True), date(2030, 1, 1), "backlog", None, id="there before the clock was started"),
        pytest.param(
            duty(backlog=True, tranche_on=date(2026, 11, 2), first_message_on=date(2026, 3, 11)),
            date(2026, 11, 2),
            "open",
            date(2026, 12, 2),
            id="in a tranche of the bulk notice",
        ),
        pytest.param(
            duty(backlog=True, tranche_on=date(2026, 11, 2)),
            date(2026, 12, 3),
            "overdue",
            date(2026, 12, 2),
            id="left out of the tranche",
        ),
        pytest.param(
            duty(backlog=True, evidence=(mail(date(2024, 5, 2)),)),
            date(2026, 11, 2),
            "told",
            date(2026, 4, 10),
            id="told by a mailing of long ago",
        ),
    ],
)
def test_the_clock_of_the_notice(facts: Duty, on: date, state: str, due: date | None):
    found = told(facts, on)
    assert (found.state, found.due_on) == (state, due)


def test_the_earliest_evidence_counts_and_lateness_is_not_forgotten():
    late = told(duty(evidence=(mail(date(2026, 5, 2)), call(date(2026, 4, 20)))), date(2026, 6, 1))
    assert (late.told_on, late.ref, late.late) == (date(2026, 4, 20), "calls/1", True)
    assert not late.blocks_marketing


@pytest.mark.parametrize(("on", "blocked"), [(date(2026, 4, 10), False), (date(2026, 4, 11), True)])
def test_who_should_have_been_told_is_not_marketed_to(on: date, blocked: bool):
    assert told(duty(), on).blocks_marketing is blocked


def test_the_reason_names_the_article_in_both_languages():
    inbound, outreach = told(duty(source="inbound"), JAN31).because, told(duty(), JAN31).because
    assert "artikel 13" in inbound.sv
    assert "Art. 14" in outreach.en


DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
PROOFS = st.builds(
    Evidence, ref=st.just("x"), kind=st.sampled_from(KINDS), on=DAYS, carried=st.booleans(), arrived=st.booleans()
)
DUTIES = st.builds(
    Duty,
    source=st.sampled_from(("outreach", "inbound", "customer", "unknown")),
    collected_on=DAYS,
    first_message_on=st.none() | DAYS,
    first_disclosed_on=st.none() | DAYS,
    evidence=st.lists(PROOFS, max_size=3).map(tuple),
)


@settings(max_examples=300, deadline=None)
@given(DUTIES, DAYS)
def test_only_evidence_discharges_and_due_is_the_earliest_of_three(facts: Duty, on: date):
    found = told(facts, on)
    assert facts.collected_on
    assert found.due_on
    ends = (add_months(facts.collected_on, 1), facts.first_message_on, facts.first_disclosed_on)
    assert found.due_on == max(facts.collected_on, min(day for day in ends if day))
    proofs = [each for each in facts.evidence if each.carried and each.arrived and each.on <= on]
    assert (found.state == "told") == bool(proofs)
    assert found.late == (bool(proofs) and min(each.on for each in proofs) > found.due_on)
    if on > found.due_on and not proofs:
        assert found.blocks_marketing
