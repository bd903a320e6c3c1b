"""Which messages ask for a right, and for which."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_gdpr.policy import Right, asked
from crm_gdpr.policy.quoting import own_words
from tests.policy.mails import ALL, MARKED, NOTHING


@pytest.mark.parametrize(("subject", "text", "rights"), ALL, ids=[f"{s} | {t[:30]}" for s, t, _ in ALL])
def test_a_mail_asks_for_what_it_asks_for(subject, text, rights):
    assert " ".join(sorted(asked(subject, text))) == rights


def test_there_are_sixty_mails_of_each_sort():
    assert len(ALL) >= 60
    assert len(NOTHING) >= 20


@pytest.mark.parametrize(("subject", "text", "rights"), MARKED, ids=[s for s, _, _ in MARKED])
def test_a_marked_mail_opens_a_request_by_its_subject_alone(subject, text, rights):
    assert asked(subject)


def test_what_went_to_a_list_opens_nothing():
    assert asked("Vilka uppgifter har ni om mig?", "Läs vår artikel.", bulk=True) == ()
    assert asked("Tips om registerutdrag", "Vi begär registerutdrag.", bulk=True) == ()


def test_a_mark_with_own_words_counts_even_from_a_list():
    assert asked("GDPR", "Vilka uppgifter har ni om mig?", bulk=True) == (Right.ACCESS,)


def test_quoted_words_are_not_the_writers():
    assert own_words("Hej\n> gammalt\nslut") == "Hej\nslut"
    assert own_words("Hej\nFrån: sam@example.com\ngammalt") == "Hej"


@settings(max_examples=150, deadline=500)
@given(st.text(max_size=200), st.text(max_size=2000))
def test_any_text_is_read(subject, text):
    assert set(asked(subject, text)) <= set(Right)


def test_a_huge_text_is_read_in_moments():
    assert asked("x", "jag vill radera " * 20_000) == ()
