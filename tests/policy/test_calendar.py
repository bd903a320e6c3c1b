"""Months that end early, and the days on which no period ends in Sweden."""

from datetime import date

import pytest

from crm_gdpr.policy.calendar import add_months, closed, easter, next_working_day, swedish_holidays


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        pytest.param(date(2026, 8, 31), 6, date(2027, 2, 28), id="31 August and six months"),
        pytest.param(date(2027, 8, 31), 6, date(2028, 2, 29), id="unless it leaps"),
        pytest.param(date(2026, 1, 15), 1, date(2026, 2, 15), id="the same date"),
        pytest.param(date(2026, 12, 31), 2, date(2027, 2, 28), id="over the new year"),
        pytest.param(date(2024, 2, 29), 12, date(2025, 2, 28), id="a leap day has no birthday"),
        pytest.param(date(2026, 10, 31), 1, date(2026, 11, 30), id="thirty days have November"),
        pytest.param(date(2026, 11, 15), 1, date(2026, 12, 15), id="into December"),
        pytest.param(date(2026, 3, 31), -1, date(2026, 2, 28), id="backwards"),
        pytest.param(date(9999, 6, 1), 12, date.max, id="the calendar ends"),
    ],
)
def test_months_are_calendar_months(day: date, months: int, then: date):
    assert add_months(day, months) == then


@pytest.mark.parametrize(
    ("year", "sunday"),
    [(2024, "03-31"), (2025, "04-20"), (2026, "04-05"), (2027, "03-28"), (2028, "04-16"), (2038, "04-25")],
)
def test_easter_falls(year: int, sunday: str):
    assert easter(year) == date.fromisoformat(f"{year}-{sunday}")


@pytest.mark.parametrize(
    ("day", "name"),
    [
        pytest.param("2026-01-01", "nyårsdagen"),
        pytest.param("2026-01-06", "trettondedag jul"),
        pytest.param("2026-04-03", "långfredagen"),
        pytest.param("2026-04-05", "påskdagen"),
        pytest.param("2026-04-06", "annandag påsk"),
        pytest.param("2026-05-01", "första maj"),
        pytest.param("2026-05-14", "Kristi himmelsfärdsdag"),
        pytest.param("2026-05-24", "pingstdagen"),
        pytest.param("2026-06-06", "nationaldagen"),
        pytest.param("2026-06-19", "midsommarafton"),
        pytest.param("2026-06-20", "midsommardagen"),
        pytest.param("2026-10-31", "alla helgons dag"),
        pytest.param("2026-12-24", "julafton"),
        pytest.param("2026-12-25", "juldagen"),
        pytest.param("2026-12-26", "annandag jul"),
        pytest.param("2026-12-31", "nyårsafton"),
        pytest.param("2024-11-02", "alla helgons dag"),
        pytest.param("2027-06-25", "midsommarafton"),
        pytest.param("2027-11-06", "alla helgons dag"),
    ],
)
def test_a_holiday_has_its_name(day: str, name: str):
    found = closed(date.fromisoformat(day))
    assert found is not None
    assert found.sv == name


def test_a_year_has_sixteen_such_days():
    assert len(swedish_holidays(2026)) == 16


@pytest.mark.parametrize(
    "day",
    [
        pytest.param("2026-04-02", id="Maundy Thursday"),
        pytest.param("2026-05-25", id="Whit Monday, a working day since 2005"),
        pytest.param("2026-04-30", id="Walpurgis Eve"),
        pytest.param("2026-01-05", id="Twelfth Night"),
        pytest.param("2026-05-15", id="the Friday after Ascension"),
        pytest.param("2026-12-23", id="the day before Christmas Eve"),
    ],
)
def test_a_period_may_end_on(day: str):
    assert closed(date.fromisoformat(day)) is None


@pytest.mark.parametrize(
    ("day", "then"),
    [
        pytest.param("2026-11-11", "2026-11-11", id="a working day stays"),
        pytest.param("2026-11-14", "2026-11-16", id="a Saturday goes to Monday"),
        pytest.param("2026-04-03", "2026-04-07", id="Good Friday goes past Easter"),
        pytest.param("2026-12-24", "2026-12-28", id="Christmas Eve goes past Christmas and its Sunday"),
        pytest.param("2026-12-31", "2027-01-04", id="New Year's Eve goes past the weekend"),
        pytest.param("2026-06-19", "2026-06-22", id="Midsummer Eve goes past the weekend"),
    ],
)
def test_the_next_working_day(day: str, then: str):
    assert next_working_day(date.fromisoformat(day)).isoformat() == then
