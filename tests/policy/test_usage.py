"""When usage data is past its period, and what is done with it then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from crm_gdpr.policy import PolicyError, Text, load_policy
from crm_gdpr.policy.calendar import DAY
from crm_gdpr.policy.reading import PACKAGED
from crm_gdpr.policy.usage import UsageTable, clearings, last_past

USAGE = load_policy().usage
VIEWS = UsageTable(
    name="views",
    title=Text(sv="Visningar", en="Views"),
    database="sqlite:///views.db",
    table="views",
    key="id",
    time="seen_at",
    person={"email": "visitor"},
    personal={"ip": ("address",), "interaction": ("path", "pressed")},
    past="delete",
)


@pytest.mark.parametrize(
    ("category", "on", "last"),
    [
        ("ip", "2026-04-01", "2026-01-01"),
        ("device", "2026-03-01", "2025-12-01"),
        ("interaction", "2026-05-10", "2025-05-10"),
        ("interaction", "2025-02-28", "2024-02-29"),  # the leap day has passed with the 28th
        ("interaction", "2024-02-28", "2023-02-28"),
        ("interaction", "2024-02-29", "2023-02-28"),
        ("interaction", "2024-03-01", "2023-03-01"),
    ],
)
def test_the_last_day_past_its_period(category, on, last):
    assert last_past(category, USAGE, date.fromisoformat(on)) == date.fromisoformat(last)


def test_no_day_is_past_before_the_day_before_it():
    day, before = date(2023, 1, 1), date.min
    for _ in range(1500):
        now = last_past("interaction", USAGE, day)
        assert now >= before
        day, before = day + DAY, now


def test_a_row_is_deleted_with_the_last_of_its_periods():
    done = [(each.action, each.category, each.columns) for each in clearings(VIEWS, USAGE, date(2026, 6, 1))]
    assert done == [("null", "ip", ("address",)), ("delete", "interaction", ())]


def test_a_row_that_stays_is_emptied_of_every_category():
    kept = replace(VIEWS, past="null")
    done = [(each.action, each.category) for each in clearings(kept, USAGE, date(2026, 6, 1))]
    assert done == [("null", "ip"), ("null", "interaction")]


@pytest.mark.parametrize(
    ("spoilt", "message"),
    [
        ('database = "postgresql://web:secret@db.example.com/web"', "a URL with a password"),
        ("person = {}", "at least one HubSpot property"),
        ("personal = {}", "at least one of ip, device, interaction"),
        ('personal = { cookies = ["jar"] }', "is not a key here"),
        ('personal = { ip = ["id"] }', "neither `key` nor `time`"),
        ('personal = { ip = ["at"] }', "neither `key` nor `time`"),
        ('personal = { ip = ["a"], device = ["a"] }', "each named once"),
        ('past = "burn"', "'null', 'delete'"),
    ],
)
def test_a_table_that_cannot_be_kept_is_refused(tmp_path, spoilt, message):
    file = tmp_path / "policy.toml"
    whole = {
        "database": 'database = "env:VIEWS"',
        "person": 'person = { email = "visitor" }',
        "personal": 'personal = { ip = ["address"] }',
        "past": 'past = "delete"',
    }
    whole[spoilt.partition(" ")[0]] = spoilt
    table = [
        *whole.values(),
        'name = "views"',
        'title = { sv = "V", en = "V" }',
        'table = "v"',
        'key = "id"',
        'time = "at"',
    ]
    file.write_text("\n".join([PACKAGED.read_text(), "[[usage.table]]", *table]))
    with pytest.raises(PolicyError, match=message) as refused:
        load_policy(file)
    assert "secret" not in str(refused.value)
