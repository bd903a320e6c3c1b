"""When a request must be answered (Art. 12(3); Regulation 1182/71)."""

from datetime import date

import pytest

from crm_gdpr.policy import Right, SubjectRequest, due


@pytest.mark.parametrize(
    ("received", "extended", "due"),
    [
        pytest.param(date(2026, 3, 5), False, date(2026, 4, 7), id="one month, over Easter"),
        pytest.param(date(2026, 1, 31), False, date(2026, 3, 2), id="a short month ends early, on a Saturday"),
        pytest.param(date(2028, 1, 31), False, date(2028, 2, 29), id="unless it leaps"),
        pytest.param(date(2026, 11, 30), True, date(2027, 3, 1), id="two months more when extended"),
        pytest.param(date(2026, 9, 1), False, date(2026, 10, 1), id="one month to the date"),
        pytest.param(date(2026, 8, 10), False, date(2026, 9, 10), id="31 days in a long month"),
        pytest.param(date(2026, 2, 10), False, date(2026, 3, 10), id="28 days in a short one"),
        pytest.param(date(2026, 8, 31), False, date(2026, 9, 30), id="a month without a 31st"),
        pytest.param(date(2027, 1, 29), False, date(2027, 3, 1), id="29 January, 28 February a Sunday"),
        pytest.param(date(2028, 1, 29), False, date(2028, 2, 29), id="29 January in a leap year"),
        pytest.param(date(2026, 9, 10), False, date(2026, 10, 12), id="a Saturday moves to Monday"),
        pytest.param(date(2026, 9, 11), False, date(2026, 10, 12), id="a Sunday moves to Monday"),
        pytest.param(date(2026, 12, 1), False, date(2027, 1, 4), id="New Year's Day, a Friday"),
        pytest.param(date(2026, 12, 6), False, date(2027, 1, 7), id="Epiphany"),
        pytest.param(date(2026, 3, 3), False, date(2026, 4, 7), id="Good Friday"),
        pytest.param(date(2026, 3, 4), False, date(2026, 4, 7), id="the Saturday before Easter"),
        pytest.param(date(2026, 3, 6), False, date(2026, 4, 7), id="Easter Monday"),
        pytest.param(date(2026, 3, 7), False, date(2026, 4, 7), id="the day after Easter Monday"),
        pytest.param(date(2026, 3, 2), False, date(2026, 4, 2), id="Maundy Thursday is a working day"),
        pytest.param(date(2026, 4, 1), False, date(2026, 5, 4), id="May Day, a Friday"),
        pytest.param(date(2026, 4, 14), False, date(2026, 5, 15), id="Ascension Day, always a Thursday"),
        pytest.param(date(2026, 4, 24), False, date(2026, 5, 25), id="Whit Sunday, and Whit Monday is none"),
        pytest.param(date(2024, 5, 6), False, date(2024, 6, 7), id="the National Day, a Thursday"),
        pytest.param(date(2026, 5, 19), False, date(2026, 6, 22), id="Midsummer Eve"),
        pytest.param(date(2027, 5, 26), False, date(2027, 6, 28), id="Midsummer Day"),
        pytest.param(date(2026, 9, 30), False, date(2026, 10, 30), id="the day before All Saints' Day"),
        pytest.param(date(2026, 10, 1), False, date(2026, 11, 2), id="the day after it, a Sunday"),
        pytest.param(date(2026, 11, 24), False, date(2026, 12, 28), id="Christmas Eve"),
        pytest.param(date(2025, 11, 26), False, date(2025, 12, 29), id="Boxing Day, a Friday"),
        pytest.param(date(2026, 11, 30), False, date(2026, 12, 30), id="the day before New Year's Eve"),
        pytest.param(date(2026, 12, 31), False, date(2027, 2, 1), id="received on New Year's Eve"),
        pytest.param(date(2027, 11, 30), False, date(2027, 12, 30), id="a Thursday among the holidays"),
        pytest.param(
            date(2026, 4, 4), False, date(2026, 5, 4), id="received on a Saturday, the clock runs all the same"
        ),
        pytest.param(date(2026, 1, 5), True, date(2026, 4, 7), id="three months, over Easter"),
        pytest.param(date(2026, 9, 24), True, date(2026, 12, 28), id="three months, over Christmas"),
        pytest.param(date(2027, 11, 30), True, date(2028, 2, 29), id="three months to a leap day"),
        pytest.param(date(2026, 3, 19), True, date(2026, 6, 22), id="three months, over Midsummer"),
        pytest.param(date(2026, 10, 31), True, date(2027, 2, 1), id="three months over the new year, to a Sunday"),
    ],
)
def test_a_request_falls_due(received: date, extended: bool, due: date):
    request = SubjectRequest(right=Right.ACCESS, received_on=received, extended=extended)
    assert request.due_on == due


def test_every_step_has_its_reason():
    steps = [(step.on.isoformat(), step.text.en) for step in due(date(2026, 3, 5), extended=False).steps]
    assert steps == [
        ("2026-03-05", "The request was received."),
        ("2026-04-05", "One month after the receipt."),
        ("2026-04-05", "The day is Easter Sunday; the period moves to the next working day."),
        ("2026-04-06", "The day is Easter Monday; the period moves to the next working day."),
        ("2026-04-07", "The last day to answer."),
    ]


def test_a_short_month_is_explained():
    texts = [step.text.sv for step in due(date(2028, 1, 31), extended=False).steps]
    assert "En månad efter att begäran kom in; månaden har bara 29 dagar och slutar här." in texts


def test_an_extension_is_announced_within_the_first_month():
    announced = due(date(2026, 11, 30), extended=True).steps[1]
    assert announced.on == date(2026, 12, 30)
    assert "Art. 12(3)" in announced.text.en


def test_steps_stand_in_the_order_of_time():
    days = [step.on for step in due(date(2026, 9, 24), extended=True).steps]
    assert days == sorted(days)


def test_rights_are_named_by_their_article():
    assert {right.name: right.value for right in Right} == {
        "ACCESS": "A15",
        "RECTIFICATION": "A16",
        "ERASURE": "A17",
        "RESTRICTION": "A18",
        "PORTABILITY": "A20",
        "OBJECTION": "A21",
    }
