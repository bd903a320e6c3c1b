"""Silence means let go when the archive is due, and a second digest thirty days before says so."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from crm_gdpr.policy.book import Review
from crm_gdpr.policy.silence import Told, may_let_go, must_be_told
from crm_gdpr.policy.text import Text
from crm_gdpr.policy.verdict import Next, Reason, Verdict

ON = date(2027, 7, 20)


def due(days_ago, *codes):
    reasons = tuple(Reason(code, Text("?", "?")) for code in codes or ("last_dialogue", "due"))
    return Verdict("101", "archive", reasons, reached="review", since=ON - timedelta(days=days_ago))


def coming(days, *codes):
    reasons = tuple(Reason(code, Text("?", "?")) for code in codes or ("last_dialogue",))
    return Verdict("101", "review", reasons, next=Next("archive", ON + timedelta(days=days)), reached="review")


def told(began, again=None):
    """So many days ago."""
    return Told(ON - timedelta(days=began), None if again is None else ON - timedelta(days=again))


@pytest.mark.parametrize(
    ("verdict", "told", "goes", "is_told"),
    [
        pytest.param(due(0), told(270, 37), True, False, id="told again in time, due today"),
        pytest.param(due(0), told(270, 30), True, False, id="told again thirty days ago"),
        pytest.param(due(0), told(270, 29), False, False, id="told again too late waits"),
        pytest.param(due(0), told(270), False, True, id="never told again"),
        pytest.param(due(0), told(31), True, False, id="the first digest has just said it"),
        pytest.param(due(0), told(37), True, False, id="or a week before that"),
        pytest.param(due(0), told(38), False, True, id="but not longer ago"),
        pytest.param(due(60), told(90), True, False, id="the caps have left them for two months"),
        pytest.param(due(350), told(390), False, True, id="a year has passed since anybody was asked"),
        pytest.param(due(340), told(600, 370), False, True, id="or told again"),
        pytest.param(due(340), told(600, 31), True, False, id="told again since"),
        pytest.param(due(400, "let_go", "due"), told(430), True, False, id="the owner let go"),
        pytest.param(due(400, "objected", "due"), told(430), True, False, id="the person objected"),
        pytest.param(due(400, "not_relevant", "due"), told(430), True, False, id="the person has left"),
        pytest.param(due(0), None, False, True, id="nothing is known of any digest"),
        pytest.param(coming(37), told(230), True, True, id="coming up"),
        pytest.param(coming(38), told(230), True, False, id="not yet"),
        pytest.param(coming(20), told(230, 10), True, False, id="told again already"),
        pytest.param(coming(20), told(10), True, False, id="the first digest says it now"),
        pytest.param(coming(20), told(600, 300), True, True, id="told again, and then the dialogue went on"),
        pytest.param(coming(20, "let_go"), told(230), True, False, id="answered already"),
    ],
)
def test_silence(verdict, told, goes, is_told):
    assert (may_let_go(verdict, told, Review(), ON), must_be_told(verdict, told, Review(), ON)) == (goes, is_told)


@pytest.mark.parametrize(
    "verdict",
    [Verdict("101", "keep", ()), Verdict("101", "erase", (), reached="archive"), Verdict("101", "unknown", ())],
    ids=lambda verdict: verdict.verdict,
)
def test_no_other_step_waits_for_it(verdict):
    assert may_let_go(verdict, None, Review(), ON)
    assert not must_be_told(verdict, None, Review(), ON)
