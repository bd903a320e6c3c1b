"""The notice that is sent: it says everything, shows the objection first, and asks nothing."""

import dataclasses

import pytest

from crm_gdpr.policy.notice_text import ELEMENTS, NAMES, OBJECTION, Part, Template, lint, load_template
from crm_gdpr.policy.text import Text

NOTICE = load_template()


def with_parts(*parts: Part) -> Template:
    return dataclasses.replace(NOTICE, parts=parts)


def changed(article: str, sv: str, en: str) -> Template:
    return with_parts(*(Part(p.article, Text(sv, en)) if p.article == article else p for p in NOTICE.parts))


def found(template: Template) -> list[str]:
    return [finding.key for finding in lint(template)]


def test_the_packaged_notice_may_be_sent():
    assert lint(NOTICE) == ()


@pytest.mark.parametrize("article", ELEMENTS)
def test_a_notice_that_lacks_an_element_is_refused(article: str):
    assert found(with_parts(*(p for p in NOTICE.parts if p.article != article)))[0] == article


@pytest.mark.parametrize("language", ["sv", "en"])
def test_an_element_in_one_language_is_lacking(language: str):
    empty = {"sv": "x", "en": "x", language: " "}
    assert "14(2)(f)" in found(changed("14(2)(f)", **empty))


def test_an_objection_further_down_is_hidden():
    assert found(with_parts(*NOTICE.parts[1:], NOTICE.parts[0])) == [OBJECTION]


def test_an_objection_without_its_link_or_its_word_is_hidden():
    assert found(changed(OBJECTION, "Du kan invända.", "You may object: {objection_link}")) == [f"{OBJECTION}.sv"]
    assert found(changed(OBJECTION, "Du kan invända: {objection_link}", "Click {objection_link}")) == [
        f"{OBJECTION}.en"
    ]


@pytest.mark.parametrize(
    ("sv", "en"),
    [
        pytest.param("Vill du se uppgifterna?", "Your data.", id="a question"),
        pytest.param("Dina uppgifter.", "Your data. May we call you", id="a question without its mark"),
        pytest.param("Uppgifter: Får vi ringa dig", "Your data.", id="the same in Swedish"),
        pytest.param("Dina uppgifter.", "Your data. Book a demo with us.", id="a sale"),
    ],
)
def test_a_notice_that_asks_or_sells_is_refused(sv: str, en: str):
    assert len(found(changed("14(1)(d)", sv, en))) == 1


def test_a_name_nobody_fills_in_is_refused():
    assert found(changed("14(1)(d)", "Uppgifterna om {firstname}", "The data")) == ["14(1)(d).sv"]


@pytest.mark.parametrize("article", [article for article in ELEMENTS if article != OBJECTION])
def test_a_paragraph_that_speaks_of_something_else_leaves_its_element_out(article: str):
    assert found(changed(article, "Hej och hå.", "Hello.")) == [f"{article}.sv", f"{article}.en"]


def test_the_mark_shows_the_version():
    assert found(dataclasses.replace(NOTICE, mark="GDPR")) == ["mark"]
    letter = NOTICE.written("sv", dict.fromkeys(NAMES, "X"))
    assert letter.endswith(NOTICE.mark)
    assert letter.startswith("Du har rätt att när som helst invända")
    assert "{" not in letter
