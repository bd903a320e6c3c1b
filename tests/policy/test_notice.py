"""The notice as data: its own words, each sentence with a rule, each rule with a sentence, and a ladder that stands."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from crm_gdpr.policy import Policy, check, load_policy

POLICY = load_policy()
NOTICE = Path(__file__).parents[2].parent / "shared" / "exopen-privacy-notice.sv.txt"
HEADINGS = (
    "Så här hanterar ExOpen personuppgifter",
    "När vi initierar kontakten",
    "När du kontaktar oss",
    "Du besöker någon av våra hemsidor eller tjänster.",
    "Vilka personuppgifter behandlar ExOpen",
    "Hur länge sparas personuppgifter",
)


def changed(part: str | None = None, **values: Any) -> Policy:
    """The packaged policy with other values, in one of its parts or at the top."""
    if part is None:
        return dataclasses.replace(POLICY, **values)
    return dataclasses.replace(POLICY, **{part: dataclasses.replace(getattr(POLICY, part), **values)})


def ladder(review: int, archive: int, erase: int) -> Policy:
    steps = dataclasses.replace(
        POLICY.retention.ladder, review_months=review, archive_months=archive, erase_months=erase
    )
    return changed("retention", ladder=steps)


def found(policy: Policy) -> list[tuple[str, str]]:
    return [(finding.level, finding.key) for finding in check(policy)]


def test_the_sentences_put_together_are_the_notice():
    if not NOTICE.exists():
        pytest.skip(f"THE NOTICE IS NOT COMPARED: {NOTICE.name} is not beside the checkout")
    lines = [line.removeprefix("- ") for line in NOTICE.read_text(encoding="utf-8").splitlines()]
    told = " ".join(line for line in lines if line not in HEADINGS)
    assert " ".join(s.text for s in POLICY.sentences).split() == told.split()


def test_the_packaged_policy_has_nothing_to_complain_of():
    assert check(POLICY) == ()


def test_sentences_are_numbered_in_order():
    assert [s.id for s in POLICY.sentences] == [f"S{n}" for n in range(1, len(POLICY.sentences) + 1)]


def test_a_sentence_without_a_rule_is_an_error():
    orphan = dataclasses.replace(POLICY.sentences[0], id="S36")
    assert found(changed(sentences=(*POLICY.sentences, orphan))) == [("error", "notice.36")]


def test_a_sentence_without_a_rule_may_say_why():
    excused = dataclasses.replace(POLICY.sentences[0], id="S36", no_rule="It greets the reader.")
    assert found(changed(sentences=(*POLICY.sentences, excused))) == []


def test_a_sentence_that_needs_no_rule_and_has_one_is_odd():
    sentences = (dataclasses.replace(POLICY.sentences[0], no_rule="None."), *POLICY.sentences[1:])
    assert found(changed(sentences=sentences)) == [("warning", "notice.1.no_rule")]


def test_a_rule_that_keeps_no_sentence_is_an_error():
    assert ("error", "relationship.keeps") in found(changed("relationship", keeps=()))


def test_a_duty_that_keeps_no_sentence_is_an_error():
    assert ("error", "duties.more") in found(changed(duties={**POLICY.duties, "more": ()}))


def test_a_row_in_the_shadow_of_an_earlier_one_is_odd():
    rows = (POLICY.dialogue[5], *POLICY.dialogue[:5], *POLICY.dialogue[6:])
    assert found(changed(dialogue=rows)) == [("warning", f"dialogue.{n}") for n in range(2, 7)]


def test_a_source_in_the_shadow_of_a_wider_one_is_odd():
    narrow = dataclasses.replace(POLICY.sources[-1], name="narrow", when={"relation": ("customer",), "deal": ("open",)})
    assert found(changed(sources=(*POLICY.sources, narrow))) == [("warning", f"source.{len(POLICY.sources) + 1}")]


def test_a_legitimate_interest_that_nobody_weighed_is_an_error():
    tests = tuple(test for test in POLICY.assessments if test.name != "dealings")
    assert found(changed(assessments=tests)) == [("error", "basis.9")]


def test_a_kind_of_event_without_a_row_is_odd():
    assert found(changed(dialogue=tuple(row for row in POLICY.dialogue if row.kind != "form"))) == [
        ("warning", "dialogue")
    ]


def test_a_source_for_whoever_is_left_is_an_error():
    default = dataclasses.replace(POLICY.sources[-1], name="the rest", when={})
    assert found(changed(sources=(*POLICY.sources, default))) == [("error", f"source.{len(POLICY.sources) + 1}.when")]


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        pytest.param(ladder(12, 21, 24), [], id="review 12, archive 21, erase 24 stands"),
        pytest.param(ladder(6, 9, 12), [], id="three months in the bin stand"),
        pytest.param(ladder(12, 12, 24), [("error", "retention.ladder")], id="review and archive on one day"),
        pytest.param(ladder(24, 21, 12), [("error", "retention.ladder")], id="a ladder upside down"),
        pytest.param(
            ladder(12, 20, 24), [("error", "retention.ladder.archive_months")], id="four months in a bin of 90 days"
        ),
        pytest.param(
            ladder(6, 12, 24), [("error", "retention.ladder.archive_months")], id="a year in a bin of 90 days"
        ),
        pytest.param(
            ladder(12, 22, 24), [("warning", "retention.ladder.erase_months")], id="two months, and a wait of 80 days"
        ),
        pytest.param(
            changed("retention", review_days=32),
            [("warning", "retention.unanswered.archive_months")],
            id="a review that takes longer than its month",
        ),
        pytest.param(
            changed("retention", erase_on_bin_day=91),
            [("error", "retention.erase_on_bin_day")],
            id="erase on a day the bin does not see",
        ),
        pytest.param(changed("retention", erase_on_bin_day=90), [], id="erase on the bin's last day"),
        pytest.param(
            changed("retention", archive_days=86),
            [("error", "retention.archive_days")],
            id="a wait past the day of erasure",
        ),
        pytest.param(
            changed("retention", bin_days=180), [("error", "retention.bin_days")], id="a bin HubSpot does not have"
        ),
        pytest.param(
            changed("retention", unanswered=POLICY.retention.ladder, ladder=POLICY.retention.unanswered),
            [("warning", "retention.unanswered.erase_months")],
            id="those who never answered kept the longest",
        ),
        pytest.param(
            changed("destruction", requested="bin"), [("error", "destruction.requested")], id="a request kept waiting"
        ),
        pytest.param(
            changed("destruction", timed_out="gdpr-delete"),
            [("warning", "destruction.timed_out")],
            id="a blocked address for one who fell silent",
        ),
    ],
)
def test_a_ladder_hubspot_cannot_keep_is_explained(policy: Policy, said: list[tuple[str, str]]):
    assert found(policy) == said


def test_the_explanation_gives_the_days():
    text = check(ladder(12, 12 + 8, 24))[0].text
    for words in (text.sv, text.en):
        assert "120" in words
        assert "90" in words
        assert "30" in words
