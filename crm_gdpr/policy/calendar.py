"""Months as the law counts them, and the days on which no period ends in Sweden.  Pure.

Swedish holidays follow lag (1989:253), as it stands since 2005; lag (1930:173) puts Saturdays and three eves beside
them. Nothing here asks what day it is.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta

from crm_gdpr.policy.text import Text

DAY = timedelta(days=1)
SATURDAY, SUNDAY = 5, 6

FIXED: Mapping[tuple[int, int], Text] = {
    (1, 1): Text(sv="nyårsdagen", en="New Year's Day"),
    (1, 6): Text(sv="trettondedag jul", en="Epiphany"),
    (5, 1): Text(sv="första maj", en="May Day"),
    (6, 6): Text(sv="nationaldagen", en="the National Day"),
    (12, 24): Text(sv="julafton", en="Christmas Eve"),
    (12, 25): Text(sv="juldagen", en="Christmas Day"),
    (12, 26): Text(sv="annandag jul", en="Boxing Day"),
    (12, 31): Text(sv="nyårsafton", en="New Year's Eve"),
}
AFTER_EASTER: Mapping[int, Text] = {
    -2: Text(sv="långfredagen", en="Good Friday"),
    0: Text(sv="påskdagen", en="Easter Sunday"),
    1: Text(sv="annandag påsk", en="Easter Monday"),
    39: Text(sv="Kristi himmelsfärdsdag", en="Ascension Day"),
    49: Text(sv="pingstdagen", en="Whit Sunday"),
}
MIDSUMMER_EVE = Text(sv="midsommarafton", en="Midsummer Eve")
MIDSUMMER_DAY = Text(sv="midsommardagen", en="Midsummer Day")
ALL_SAINTS = Text(sv="alla helgons dag", en="All Saints' Day")
WEEKEND = {SATURDAY: Text(sv="en lördag", en="a Saturday"), SUNDAY: Text(sv="en söndag", en="a Sunday")}


def add_months(day: date, months: int) -> date:
    """Return the same date so many months later; a month too short ends early, and the calendar ends in 9999."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def easter(year: int) -> date:
    """Return Easter Sunday by the Gregorian computus, as Meeus, Jones and Butcher write it."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - century // 4 - correction + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def swedish_holidays(year: int) -> dict[date, Text]:
    """Return a year's public holidays and the three eves that count as such, with their names."""
    midsummer = _on_or_after(date(year, 6, 20), SATURDAY)
    return {
        **{date(year, month, day): name for (month, day), name in FIXED.items()},
        **{easter(year) + timedelta(days=days): name for days, name in AFTER_EASTER.items()},
        midsummer - DAY: MIDSUMMER_EVE,
        midsummer: MIDSUMMER_DAY,
        _on_or_after(date(year, 10, 31), SATURDAY): ALL_SAINTS,
    }


def closed(day: date) -> Text | None:
    """Return why no period ends on this day, or None on a working day."""
    return swedish_holidays(day.year).get(day) or WEEKEND.get(day.weekday())


def next_working_day(day: date) -> date:
    """Return the day itself if it is a working day, else the first one after it."""
    while closed(day):
        day += DAY
    return day


def _on_or_after(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % 7)
