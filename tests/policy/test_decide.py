"""The rules of the verdict, one clause a row: what each permits next to what it refuses."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from crm_gdpr.policy import Verdict, decide, facts_from_json, load_policy

POLICY = load_policy()
TODAY = "2026-06-15"
Json = dict[str, Any]

CONTACT: Json = {
    "id": "101", "created_on": "2015-01-01", "source": "website", "hold": None, "restricted": False,
    "request_open": False, "objected_on": None, "stage": None, "stage_on": None, "attested": [],
    "review_answer": None, "erasure_requested_on": None, "not_relevant": None,
}  # fmt: skip
ORGANISATION: Json = {
    "id": "7", "customer": False, "contract_until": None, "relationship_ended_on": None,
    "open_deals": [], "open_tickets": [], "dialogue": [],
}  # fmt: skip


def life(*dialogue: Json, org: Json | None = None, **contact: Any) -> Json:
    """A person of whom everything is known: created in 2015, silent, protected by nothing, of no organisation."""
    return {"contact": CONTACT | contact, "dialogue": list(dialogue), "organisation": org}


def firm(*dialogue: Json, **facts: Any) -> Json:
    return ORGANISATION | {"dialogue": list(dialogue)} | facts


def review(on: str) -> Json:
    return {"stage": "review", "stage_on": on}


def archive(on: str) -> Json:
    return {"stage": "archive", "stage_on": on}


def form(on: str | None, ref: str = "forms/1") -> Json:
    return {"ref": ref, "kind": "form", "on": on}


def mail(on: str, direction: str | None = "in", **more: Any) -> Json:
    return {"ref": "emails/1", "kind": "email", "direction": direction, "on": on} | more


def call(on: str | None, disposition: str | None = None) -> Json:
    return {"ref": "calls/1", "kind": "call", "on": on, "disposition": disposition}


def meeting(on: str | None, outcome: str | None = None) -> Json:
    return {"ref": "meetings/1", "kind": "meeting", "on": on, "outcome": outcome}


def deal(on: str) -> Json:
    return {"ref": "deals/1", "kind": "deal", "on": on}


def talk(on: str) -> Json:
    return {"on": on, "reason": "met at a fair"}


def let_go(on: str, answer: str = "let_go") -> Json:
    return {"on": on, "answer": answer}


def left(since: str) -> Json:
    return {"since": since, "why": "left"}


def without(facts: Json, *keys: str) -> Json:
    """The same facts, one of them not known."""
    *path, last = keys
    if not path:
        return {key: value for key, value in facts.items() if key != last}
    return facts | {path[0]: without(facts[path[0]], last)}


def judged(facts: Json, on: str) -> Verdict:
    return decide(facts_from_json(facts), POLICY, date.fromisoformat(on))


def said(verdict: Verdict) -> str:
    """The verdict and its next step in one line, as the rows write it."""
    step = verdict.next
    return f"{verdict.verdict}, {step.step} {step.on}" if step else verdict.verdict


def rested(verdict: Verdict) -> str | None:
    last = verdict.last_dialogue
    return f"{last.on} {last.ref} {last.whose}" if last else None


def codes(verdict: Verdict) -> set[str]:
    return {reason.code for reason in verdict.because}


def clause(name: str, facts: Json, says: str, *more: Any) -> Any:
    """A row judged today."""
    return pytest.param(facts, TODAY, says, *more, id=name)


def dated(name: str, facts: Json, on: str, says: str, *more: Any) -> Any:
    """A row judged on a day of its own."""
    return pytest.param(facts, on, says, *more, id=name)


DOOMED = life(form("2024-01-01"), org=firm(), **archive("2026-01-01"))
COLD = {"source": "outreach", "created_on": "2025-10-15"}


@pytest.mark.parametrize(("facts", "on", "says", "rests"), [
    clause("it starts at the last dialogue",
           life(form("2025-06-15")), "review, archive 2027-03-15", "2025-06-15 forms/1 person"),
    clause("whose period has not passed a day sooner",
           life(form("2025-06-16")), "keep, review 2026-06-16", "2025-06-16 forms/1 person"),
    clause("at the last of several, in any order",
           life(mail("2025-12-01"), form("2024-01-01")), "keep, review 2026-12-01", "2025-12-01 emails/1 person"),
    clause("with none on record, at the creation",
           life(created_on="2025-06-15"), "review, archive 2027-03-15", None),
    clause("and not a day sooner",
           life(created_on="2025-06-16"), "keep, review 2026-06-16", None),
    clause("at the dialogue even where the contact was created later",
           life(form("2025-06-15"), created_on="2026-01-01"), "review, archive 2027-03-15",
           "2025-06-15 forms/1 person"),
    clause("at the organisation's dialogue where that is later",
           life(form("2024-01-01"), org=firm(deal("2026-01-10"))), "keep, review 2027-01-10",
           "2026-01-10 deals/1 organisation"),
    clause("at a colleague's dialogue too",
           life(org=firm(mail("2026-01-10"))), "keep, review 2027-01-10", "2026-01-10 emails/1 organisation"),
    clause("at the person's where that is later",
           life(form("2026-02-10"), org=firm(deal("2026-01-10"))), "keep, review 2027-02-10",
           "2026-02-10 forms/1 person"),
    clause("with neither it is unknown", life(created_on=None), "unknown", None),
    clause("unknown too when the creation is not known", without(life(), "contact", "created_on"), "unknown", None),
    clause("after rule 4: a hold keeps without a clock", life(created_on=None, hold={"reason": "dispute"}), "keep",
           None),
    clause("a dialogue does without the creation", life(form("2025-06-15"), created_on=None),
           "review, archive 2027-03-15", "2025-06-15 forms/1 person"),
])  # fmt: skip
def test_rule_1_where_the_clock_starts(facts: Json, on: str, says: str, rests: str | None) -> None:
    verdict = judged(facts, on)
    assert (said(verdict), rested(verdict)) == (says, rests)


@pytest.mark.parametrize(("facts", "on", "says"), [
    dated("archive at 21 months, that day included",
          life(form("2024-09-15"), **review("2025-09-15")), "2026-06-15", "archive, erase 2026-09-08"),
    dated("not on the day before",
          life(form("2024-09-15"), **review("2025-09-15")), "2026-06-14", "review, archive 2026-06-15"),
    dated("erase on the 85th day since the archive where that comes before 24 months",
          life(form("2024-09-15"), **archive("2026-06-15")), "2026-09-08", "erase"),
    dated("not on the 84th",
          life(form("2024-09-15"), **archive("2026-06-15")), "2026-09-07", "archive, erase 2026-09-08"),
    dated("erase at 24 months where that comes before the 85th day",
          life(form("2024-06-15"), **archive("2026-03-25")), "2026-06-15", "erase"),
    dated("not on the day before that",
          life(form("2024-06-15"), **archive("2026-03-25")), "2026-06-14", "archive, erase 2026-06-15"),
    dated("29 February and twelve months is 28 February", life(form("2024-02-29")), "2025-02-28",
          "review, archive 2025-11-29"),
    dated("not the 27th", life(form("2024-02-29")), "2025-02-27", "keep, review 2025-02-28"),
    dated("31 May and 21 months is the last of February",
          life(form("2024-05-31"), **review("2025-05-31")), "2026-02-28", "archive, erase 2026-05-24"),
    dated("not a day sooner",
          life(form("2024-05-31"), **review("2025-05-31")), "2026-02-27", "review, archive 2026-02-28"),
    dated("29 February and 24 months is 28 February",
          life(form("2024-02-29"), **archive("2025-12-10")), "2026-02-28", "erase"),
    dated("which the day before is not",
          life(form("2024-02-29"), **archive("2025-12-10")), "2026-02-27", "archive, erase 2026-02-28"),
    dated("30 June and eight months is 28 February",
          life(source="outreach", created_on="2025-06-30"), "2026-02-28", "review, archive 2026-03-30"),
    dated("unless it leaps", life(source="outreach", created_on="2027-06-30"), "2028-02-28",
          "keep, review 2028-02-29"),
])  # fmt: skip
def test_rule_2_the_ladder(facts: Json, on: str, says: str) -> None:
    assert said(judged(facts, on)) == says


@pytest.mark.parametrize(("facts", "on", "says"), [
    clause("review at eight months for those who never answered", life(**COLD), "review, archive 2026-07-15"),
    clause("not a day sooner", life(**COLD | {"created_on": "2025-10-16"}), "keep, review 2026-06-16"),
    clause("archive at nine", life(source="outreach", created_on="2025-09-15", **review("2026-05-15")),
           "archive, erase 2026-09-08"),
    clause("not a day sooner than nine", life(source="outreach", created_on="2025-09-16", **review("2026-05-16")),
           "review, archive 2026-06-16"),
    clause("erase at twelve", life(source="outreach", created_on="2025-06-15", **archive("2026-03-25")), "erase"),
    clause("not a day sooner than twelve",
           life(source="outreach", created_on="2025-06-16", **archive("2026-03-25")), "archive, erase 2026-06-16"),
    clause("our own mail is no answer", life(mail("2025-11-01", "out"), **COLD), "review, archive 2026-07-15"),
    clause("an answer that lies ahead is none yet", life(form("2026-06-16"), **COLD), "review, archive 2026-07-15"),
    clause("nor is a talk that lies ahead", life(attested=[talk("2026-06-16")], **COLD),
           "review, archive 2026-07-15"),
    clause("not for those who came by themselves", life(created_on="2025-10-15"), "keep, review 2026-10-15"),
    clause("not where nobody knows how they came", life(source=None, created_on="2025-10-15"),
           "keep, review 2026-10-15"),
    clause("not for those who answered", life(form("2025-10-15"), **COLD), "keep, review 2026-10-15"),
    clause("not where the organisation answered", life(org=firm(mail("2025-10-15")), **COLD),
           "keep, review 2026-10-15"),
    clause("not where a talk is attested", life(attested=[talk("2025-10-15")], **COLD), "keep, review 2026-10-15"),
    clause("not after a relationship", life(org=firm(relationship_ended_on="2020-01-01"), **COLD),
           "keep, review 2026-10-15"),
    clause("not after a contract", life(org=firm(contract_until="2020-01-01"), **COLD), "keep, review 2026-10-15"),
    clause("but for an organisation that never was more", life(org=firm(), **COLD), "review, archive 2026-07-15"),
])  # fmt: skip
def test_rule_2_the_shorter_ladder(facts: Json, on: str, says: str) -> None:
    assert said(judged(facts, on)) == says


def test_rule_2_the_shorter_ladder_is_named_where_it_is_climbed() -> None:
    assert "unanswered" in codes(judged(life(**COLD), TODAY))
    assert "unanswered" not in codes(judged(life(form("2025-10-15"), **COLD), TODAY))


@pytest.mark.parametrize(("facts", "on", "says"), [
    clause("a backlog begins with a review", life(), "review, archive 2026-07-15"),
    clause("archive needs a review begun 30 days before", life(**review("2026-05-16")), "archive, erase 2026-09-03"),
    clause("29 do not do", life(**review("2026-05-17")), "review, archive 2026-06-16"),
    clause("erase needs an archive begun 80 days before", life(**archive("2026-03-27")), "erase"),
    clause("79 do not do", life(**archive("2026-03-28")), "archive, erase 2026-06-16"),
    clause("80 days weigh more than 24 months", life(form("2024-06-15"), **archive("2026-04-01")),
           "archive, erase 2026-06-20"),
    clause("an old review leads to archive, never to erase", life(**review("2018-01-01")),
           "archive, erase 2026-09-03"),
    clause("a review counts from the day it was due", life(form("2024-09-15"), **review("2025-09-15")),
           "archive, erase 2026-09-08"),
    clause("one begun before that does not", life(form("2024-09-15"), **review("2025-09-14")),
           "review, archive 2026-07-15"),
    clause("an archive counts from the day it was due", life(form("2024-06-15"), **archive("2026-03-15")), "erase"),
    clause("one begun before that sends back", life(form("2024-06-15"), **archive("2026-03-14")),
           "review, archive 2026-07-15"),
    clause("a dialogue after all takes a review back", life(form("2026-05-20"), **review("2026-05-01")),
           "keep, review 2027-05-20"),
    clause("and an archive", life(form("2026-05-20"), **archive("2026-05-01")), "keep, review 2027-05-20"),
    clause("the organisation's too", life(org=firm(deal("2026-05-20")), **archive("2026-05-01")),
           "keep, review 2027-05-20"),
    clause("a step that begins tomorrow is not reached", life(**archive("2026-06-16")), "review, archive 2026-07-15"),
    clause("a step without a day is not reached", life(stage="archive"), "review, archive 2026-07-15"),
    clause("the step reached stands while the next is not due", life(**archive("2026-06-14")),
           "archive, erase 2026-09-02"),
])  # fmt: skip
def test_rule_3_no_step_is_skipped(facts: Json, on: str, says: str) -> None:
    assert said(judged(facts, on)) == says


@pytest.mark.parametrize(("facts", "on", "says", "code"), [
    clause("nothing keeps", DOOMED, "erase", "erase_due"),
    clause("a hold", life(hold={"reason": "dispute"}, **archive("2026-01-01")), "keep", "hold"),
    clause("a restriction", life(restricted=True, **archive("2026-01-01")), "keep", "restricted"),
    clause("an open request", life(request_open=True, **archive("2026-01-01")), "keep", "request_open"),
    clause("a customer", life(org=firm(customer=True), **archive("2026-01-01")), "keep", "customer"),
    clause("an open deal", life(org=firm(open_deals=["12"]), **archive("2026-01-01")), "keep", "open_deal"),
    clause("an open ticket", life(org=firm(open_tickets=["34"]), **archive("2026-01-01")), "keep", "open_ticket"),
    clause("a contract that runs, that day included",
           life(org=firm(contract_until=TODAY), **archive("2026-01-01")), "keep", "contract_runs"),
    clause("not one that has run out",
           life(org=firm(contract_until="2026-06-14"), **archive("2026-01-01")), "erase", "erase_due"),
    clause("a hold keeps those who objected", life(objected_on="2025-01-01", hold={"reason": "dispute"}), "keep",
           "hold"),
    clause("a customer's contact who objected is kept",
           life(objected_on="2025-01-01", org=firm(customer=True)), "keep", "customer"),
    clause("one let go is kept while a deal is open",
           life(review_answer=let_go("2026-02-01"), org=firm(open_deals=["12"]), **review("2026-01-10")), "keep",
           "open_deal"),
])  # fmt: skip
def test_rule_4_what_keeps(facts: Json, on: str, says: str, code: str) -> None:
    verdict = judged(facts, on)
    assert said(verdict) == says
    assert code in codes(verdict)


@pytest.mark.parametrize(("dialogue", "theirs", "says"), [
    pytest.param([meeting("2026-07-01", "SCHEDULED")], [], "review", id="a meeting to come holds back"),
    pytest.param([], [meeting("2026-07-01", "SCHEDULED")], "review", id="a colleague's too"),
    pytest.param([meeting(TODAY, "SCHEDULED")], [], "review", id="today's too"),
    pytest.param([meeting("2026-07-01")], [], "review", id="one without an outcome too"),
    pytest.param([meeting("2026-07-01", "CANCELED")], [], "erase", id="not one that is cancelled"),
    pytest.param([meeting("2026-07-01", "RESCHEDULED")], [], "erase", id="not one that was moved"),
    pytest.param([meeting("2026-07-01", "COMPLETED")], [], "erase", id="not one closed before its day"),
    pytest.param([meeting("2026-06-14", "SCHEDULED")], [], "unknown", id="one that passed unclosed is unknown"),
    pytest.param([meeting("2026-07-01", "ELSEWHERE")], [], "unknown", id="so is one with an outcome nobody lists"),
    pytest.param([form("2026-07-01")], [], "erase", id="nothing else to come holds back"),
])  # fmt: skip
def test_rule_5_a_planned_meeting_caps_erase(dialogue: list[Json], theirs: list[Json], says: str) -> None:
    verdict = judged(life(*dialogue, org=firm(*theirs), **archive("2026-01-01")), TODAY)
    assert verdict.verdict == says
    assert ("planned_meeting" in codes(verdict)) == (says == "review")


@pytest.mark.parametrize(("facts", "on", "says"), [
    clause("archive becomes review", life(meeting("2026-07-01"), **review("2026-01-01")), "review"),
    clause("an archive that stands becomes review", life(meeting("2026-07-01"), **archive("2026-06-01")), "review"),
    clause("review stays", life(meeting("2026-07-01")), "review"),
    clause("keep stays", life(form("2026-01-01"), meeting("2026-07-01")), "keep"),
    clause("those who objected are held back too",
           life(meeting("2026-07-01"), objected_on="2026-01-01", **review("2026-01-01")), "review"),
])  # fmt: skip
def test_rule_5_caps_no_more_than_that(facts: Json, on: str, says: str) -> None:
    assert judged(facts, on).verdict == says


PROTECTIVE = [("contact", key) for key in ("hold", "restricted", "request_open", "attested")] + [("dialogue",)]
PROTECTIVE += [("organisation", key) for key in ORGANISATION if key != "id"] + [("organisation",)]
HARMLESS = [("contact", key) for key in ("source", "objected_on", "review_answer", "not_relevant")]
HARMLESS += [("contact", "erasure_requested_on")]


@pytest.mark.parametrize("path", PROTECTIVE, ids=".".join)
def test_rule_6_a_protective_fact_not_known_is_unknown(path: tuple[str, ...]) -> None:
    verdict = judged(without(DOOMED, *path), TODAY)
    assert said(verdict) == "unknown"
    named = {reason.ref for reason in verdict.because if reason.code == "unknown_fact"}
    assert named == {".".join(path).removeprefix("contact.")}


@pytest.mark.parametrize("path", PROTECTIVE, ids=".".join)
def test_rule_6_but_only_where_it_could_save_the_record(path: tuple[str, ...]) -> None:
    due_for_review = life(org=firm())
    assert judged(without(due_for_review, *path), TODAY).verdict == "review"


@pytest.mark.parametrize("path", HARMLESS, ids=".".join)
def test_rule_6_other_facts_protect_nobody(path: tuple[str, ...]) -> None:
    assert judged(without(DOOMED, *path), TODAY).verdict == "erase"


def test_rule_6_an_absent_stage_is_none_reached() -> None:
    assert said(judged(without(DOOMED, "contact", "stage"), TODAY)) == "review, archive 2026-07-15"


@pytest.mark.parametrize(("facts", "on", "says"), [
    clause("a call nobody closed may have been a dialogue", life(call("2026-06-01"), **archive("2026-01-01")),
           "unknown"),
    clause("one so long ago that it saves nothing is no matter", life(call("2016-01-01"), **archive("2026-01-01")),
           "erase"),
    clause("the organisation's unclear call matters", life(org=firm(call("2026-06-01")), **archive("2026-01-01")),
           "unknown"),
    clause("an unclear call to come is none", life(call("2026-06-16"), **archive("2026-01-01")), "erase"),
    clause("an event without a day may be of today", life(call(None, "connected"), **archive("2026-01-01")),
           "unknown"),
    clause("our own mail without a day is no dialogue on any",
           life({"ref": "emails/1", "kind": "email", "direction": "out"}, **archive("2026-01-01")), "erase"),
    clause("talks nobody asked about cannot carry a clock this far",
           without(life(**archive("2026-01-01")), "contact", "attested"), "erase"),
    clause("an unclear answer may end the shorter ladder",
           life(call("2025-06-15"), source="outreach", created_on="2025-06-15", **archive("2026-03-25")), "unknown"),
    clause("an old unread list may hold a meeting to come: those who objected",
           without(life(objected_on="2026-01-01", **archive("2026-02-01")), "dialogue"), "unknown"),
    clause("the organisation's unread list as well",
           life(objected_on="2026-01-01", org=without(firm(), "dialogue"), **archive("2026-02-01")), "unknown"),
    clause("an unclear meeting of today may be to come: those who objected",
           life(meeting(TODAY, "ELSEWHERE"), objected_on="2026-01-01", **archive("2026-02-01")), "unknown"),
    clause("an unclear call helps none of those who objected",
           life(call("2026-06-01"), objected_on="2026-01-01", **archive("2026-02-01")), "erase"),
    clause("nothing of the organisation matters to one who left",
           without(life(not_relevant=left("2026-01-01"), **archive("2026-02-01")), "organisation"), "erase"),
])  # fmt: skip
def test_rule_6_what_is_not_clear(facts: Json, on: str, says: str) -> None:
    assert judged(facts, on).verdict == says


@pytest.mark.parametrize(("facts", "on", "says"), [
    clause("the ladder starts at its end", life(org=firm(relationship_ended_on="2025-06-15")),
           "review, archive 2027-03-15"),
    clause("not a day sooner", life(org=firm(relationship_ended_on="2025-06-16")), "keep, review 2026-06-16"),
    clause("at a dialogue where that is later",
           life(form("2026-01-10"), org=firm(relationship_ended_on="2025-06-15")), "keep, review 2027-01-10"),
    clause("at its end where that is later",
           life(form("2024-01-10"), org=firm(relationship_ended_on="2025-06-16")), "keep, review 2026-06-16"),
    clause("an end in review sends back",
           life(org=firm(relationship_ended_on="2026-06-01"), **review("2026-05-01")), "keep, review 2027-06-01"),
])  # fmt: skip
def test_rule_7_the_relationship_ended(facts: Json, on: str, says: str) -> None:
    assert said(judged(facts, on)) == says


@pytest.mark.parametrize(("facts", "on", "says", "rests"), [
    clause("it counts on its day", life(form("2025-01-01"), attested=[talk("2025-06-16")]),
           "keep, review 2026-06-16", "2025-06-16 attested/2025-06-16 attested"),
    clause("that day and no more", life(form("2025-01-01"), attested=[talk("2025-06-15")]),
           "review, archive 2027-03-15", "2025-06-15 attested/2025-06-15 attested"),
    clause("but carries the clock twelve months at most", life(form("2024-01-01"), attested=[talk("2026-06-01")]),
           "review, archive 2026-10-01", "2025-01-01 attested/2026-06-01 attested"),
    clause("from the creation where there is no dialogue", life(attested=[talk("2026-06-01")]),
           "review, archive 2026-07-15", "2016-01-01 attested/2026-06-01 attested"),
    clause("and a month end clamps", life(form("2024-02-29"), attested=[talk("2026-06-01")]),
           "review, archive 2026-11-28", "2025-02-28 attested/2026-06-01 attested"),
    clause("two talks carry it no further",
           life(form("2024-01-01"), attested=[talk("2024-12-01"), talk("2025-11-01")]),
           "review, archive 2026-10-01", "2025-01-01 attested/2025-11-01 attested"),
    clause("a later dialogue weighs more", life(form("2026-01-01"), attested=[talk("2025-12-01")]),
           "keep, review 2027-01-01", "2026-01-01 forms/1 person"),
    clause("the organisation's too", life(org=firm(deal("2026-01-01")), attested=[talk("2025-12-01")]),
           "keep, review 2027-01-01", "2026-01-01 deals/1 organisation"),
    clause("a talk that lies ahead does not count", life(form("2025-06-15"), attested=[talk("2026-06-16")]),
           "review, archive 2027-03-15", "2025-06-15 forms/1 person"),
    clause("today's does", life(form("2025-06-15"), attested=[talk("2026-06-15")]),
           "keep, review 2027-06-15", "2026-06-15 attested/2026-06-15 attested"),
])  # fmt: skip
def test_rule_8_an_attested_talk(facts: Json, on: str, says: str, rests: str) -> None:
    verdict = judged(facts, on)
    assert (said(verdict), rested(verdict)) == (says, rests)


GONE = left("2026-01-01")


@pytest.mark.parametrize(("facts", "on", "says"), [
    clause("review is due at once", life(form("2026-06-01"), not_relevant=GONE), "review, archive 2026-07-15"),
    clause("not before the day", life(form("2026-06-01"), not_relevant=left("2026-06-16")), "keep, review 2027-06-01"),
    clause("the customer does not protect", life(org=firm(customer=True), not_relevant=GONE, **archive("2026-02-01")),
           "erase"),
    clause("nor its deals", life(org=firm(open_deals=["1"]), not_relevant=GONE, **archive("2026-02-01")), "erase"),
    clause("nor its tickets", life(org=firm(open_tickets=["1"]), not_relevant=GONE, **archive("2026-02-01")), "erase"),
    clause("nor its contract",
           life(org=firm(contract_until="2030-01-01"), not_relevant=GONE, **archive("2026-02-01")), "erase"),
    clause("nor the end of its relationship",
           life(org=firm(relationship_ended_on="2026-06-01"), not_relevant=GONE, **archive("2026-02-01")), "erase"),
    clause("nor its dialogue", life(org=firm(deal("2026-06-01")), not_relevant=GONE, **archive("2026-02-01")), "erase"),
    clause("nor its meeting to come",
           life(org=firm(meeting("2026-07-01")), not_relevant=GONE, **archive("2026-02-01")), "erase"),
    clause("nor anything of it that is not known",
           life(org={"id": "7"}, not_relevant=GONE, **archive("2026-02-01")), "erase"),
    clause("the person's hold does",
           life(hold={"reason": "dispute"}, not_relevant=GONE, **archive("2026-02-01")), "keep"),
    clause("the person's restriction does", life(restricted=True, not_relevant=GONE, **archive("2026-02-01")), "keep"),
    clause("the person's own meeting to come holds back",
           life(meeting("2026-07-01"), not_relevant=GONE, **archive("2026-02-01")), "review, erase 2026-07-02"),
    clause("no dates are needed", life(created_on=None, not_relevant=GONE), "review, archive 2026-07-15"),
])  # fmt: skip
def test_rule_9_not_relevant_any_more(facts: Json, on: str, says: str) -> None:
    assert said(judged(facts, on)) == says


def test_rule_9_the_organisation_is_not_named_for_one_who_left() -> None:
    verdict = judged(life(form("2025-01-01"), org=firm(deal("2026-01-01")), not_relevant=GONE), TODAY)
    assert rested(verdict) == "2025-01-01 forms/1 person"
    assert "not_relevant" in codes(verdict)


FRESH = form("2026-01-01")
DUE = form("2025-01-01")


@pytest.mark.parametrize(("facts", "on", "says"), [
    clause("an objection makes review due at once", life(FRESH, objected_on=TODAY), "review, archive 2026-07-15"),
    clause("not before its day", life(FRESH, objected_on="2026-06-16"), "keep, review 2027-01-01"),
    clause("archive 30 days after the review began",
           life(FRESH, objected_on="2026-05-16", **review("2026-05-16")), "archive, erase 2026-09-03"),
    clause("29 do not do", life(FRESH, objected_on="2026-05-17", **review("2026-05-17")), "review, archive 2026-06-16"),
    clause("erase 80 days after the archive began",
           life(FRESH, objected_on="2026-01-01", **archive("2026-03-27")), "erase"),
    clause("79 are too few", life(FRESH, objected_on="2026-01-01", **archive("2026-03-28")),
           "archive, erase 2026-06-16"),
    clause("no dialogue afterwards takes it back",
           life(form("2026-06-14"), objected_on="2026-01-01", **archive("2026-03-27")), "erase"),
    clause("no dates are needed", life(created_on=None, objected_on=TODAY), "review, archive 2026-07-15"),
    clause("a review from before the objection is not borne by it",
           life(FRESH, objected_on="2026-05-10", **review("2026-05-09")), "review, archive 2026-07-15"),
    clause("nor an archive", life(FRESH, objected_on="2026-05-10", **archive("2026-05-09")),
           "review, archive 2026-07-15"),
    clause("nor one that no review can have come 30 days before",
           life(FRESH, objected_on="2026-05-10", **archive("2026-06-08")), "review, archive 2026-07-15"),
    clause("one 30 days after the objection is",
           life(FRESH, objected_on="2026-05-10", **archive("2026-06-09")), "archive, erase 2026-08-28"),
    clause("a review that the clock began lets archive come sooner, and that stands",
           life(DUE, objected_on="2026-06-01", **archive("2026-06-05")), "archive, erase 2026-08-24"),
    clause("the review that the clock bears goes on",
           life(DUE, objected_on="2026-06-01", **review("2026-05-16")), "archive, erase 2026-09-03"),
    dated("let go in review: archive after 30 days",
          life(DUE, review_answer=let_go("2026-02-01"), **review("2026-01-10")), "2026-02-09",
          "archive, erase 2026-04-30"),
    dated("not after 29", life(DUE, review_answer=let_go("2026-02-01"), **review("2026-01-10")), "2026-02-08",
          "review, archive 2026-02-09"),
    clause("let go late: archive the same day", life(DUE, review_answer=let_go(TODAY), **review("2026-01-10")),
           "archive, erase 2026-09-03"),
    clause("let go tomorrow is not yet", life(DUE, review_answer=let_go("2026-06-16"), **review("2026-01-10")),
           "review, archive 2026-10-01"),
    clause("an archive begun after the letting go stands",
           life(DUE, review_answer=let_go("2026-02-01"), **archive("2026-03-27")), "erase"),
    clause("attested in review: the clock decides",
           life(DUE, review_answer=let_go("2026-02-01", "attest"), **review("2026-01-10")),
           "review, archive 2026-10-01"),
    clause("held in review: the clock decides",
           life(DUE, review_answer=let_go("2026-02-01", "hold"), **review("2026-01-10")),
           "review, archive 2026-10-01"),
    clause("an answer to an earlier review is none to this",
           life(DUE, review_answer=let_go("2026-01-09"), **review("2026-01-10")), "review, archive 2026-10-01"),
    clause("the person's dialogue takes a letting go back",
           life(form("2026-02-02"), review_answer=let_go("2026-02-01"), **review("2026-01-10")),
           "keep, review 2027-02-02"),
    clause("so does an attested talk",
           life(DUE, attested=[talk("2026-02-02")], review_answer=let_go("2026-02-01"), **review("2026-01-10")),
           "keep, review 2027-01-01"),
    clause("without a review nobody was let go in one", life(FRESH, review_answer=let_go("2026-02-01")),
           "keep, review 2027-01-01"),
])  # fmt: skip
def test_rule_10_objected_or_let_go(facts: Json, on: str, says: str) -> None:
    assert said(judged(facts, on)) == says


ASKED = {"erasure_requested_on": "2026-06-01"}


@pytest.mark.parametrize(("facts", "on", "says", "code"), [
    clause("erase without a ladder", life(FRESH, **ASKED), "erase", "erasure_requested"),
    clause("without any clock", life(created_on=None, **ASKED), "erase", "erasure_requested"),
    clause("on the day itself", life(FRESH, erasure_requested_on=TODAY), "erase", "erasure_requested"),
    clause("a hold keeps", life(hold={"reason": "dispute"}, **ASKED), "keep", "hold"),
    clause("a restriction does not", life(restricted=True, **ASKED), "erase", "erasure_requested"),
    clause("nor another open request", life(request_open=True, **ASKED), "erase", "erasure_requested"),
    clause("nor a meeting to come", life(meeting("2026-07-01"), **ASKED), "erase", "erasure_requested"),
    clause("nor an open deal", life(org=firm(open_deals=["1"]), **ASKED), "erase", "erasure_requested"),
    clause("nor an open ticket", life(org=firm(open_tickets=["1"]), **ASKED), "erase", "erasure_requested"),
    clause("for a customer's contact a person decides", life(org=firm(customer=True), **ASKED), "unknown",
           "customer_decision"),
    clause("while the contract runs too", life(org=firm(contract_until=TODAY), **ASKED), "unknown",
           "customer_decision"),
    clause("not when it has run out", life(org=firm(contract_until="2026-06-14"), **ASKED), "erase",
           "erasure_requested"),
    clause("a hold keeps a customer's contact", life(org=firm(customer=True), hold={"reason": "claim"}, **ASKED),
           "keep", "hold"),
    clause("one who left a customer is erased", life(org=firm(customer=True), not_relevant=GONE, **ASKED), "erase",
           "erasure_requested"),
    clause("a hold not known is unknown", without(life(**ASKED), "contact", "hold"), "unknown", "unknown_fact"),
    clause("a customer not known too", life(org=without(firm(), "customer"), **ASKED), "unknown", "unknown_fact"),
    clause("an organisation not known too", without(life(**ASKED), "organisation"), "unknown", "unknown_fact"),
    clause("what cannot keep need not be known", without(life(**ASKED), "contact", "restricted"), "erase",
           "erasure_requested"),
    clause("nor need the dialogue", without(life(**ASKED), "dialogue"), "erase", "erasure_requested"),
])  # fmt: skip
def test_rule_11_erasure_requested(facts: Json, on: str, says: str, code: str) -> None:
    verdict = judged(facts, on)
    assert said(verdict) == says
    assert code in codes(verdict)


@pytest.mark.parametrize(("facts", "on", "says", "rests"), [
    clause("a dialogue to come does not count", life(form("2025-06-15", "forms/1"), form("2026-06-16", "forms/2")),
           "review, archive 2027-03-15", "2025-06-15 forms/1 person"),
    clause("today's does", life(form("2025-06-15", "forms/1"), form("2026-06-15", "forms/2")),
           "keep, review 2027-06-15", "2026-06-15 forms/2 person"),
    clause("one that came twice counts once", life(form("2025-06-15"), form("2025-06-15")),
           "review, archive 2027-03-15", "2025-06-15 forms/1 person"),
    clause("one that the organisation shows too is the person's",
           life(form("2025-06-15"), org=firm(form("2025-06-15"))),
           "review, archive 2027-03-15", "2025-06-15 forms/1 person"),
])  # fmt: skip
def test_rule_12_what_counts_once_and_not_yet(facts: Json, on: str, says: str, rests: str) -> None:
    verdict = judged(facts, on)
    assert (said(verdict), rested(verdict)) == (says, rests)


def test_a_verdict_is_written_as_the_page_shows_it() -> None:
    written = judged(life(form("2025-06-15")), TODAY).to_json()
    because = written.pop("because")
    assert written == {
        "contact": "101",
        "verdict": "review",
        "last_dialogue": {"on": "2025-06-15", "ref": "forms/1", "whose": "person"},
        "next": {"step": "archive", "on": "2027-03-15"},
    }
    assert because[0]["code"] == "last_dialogue"
    assert because[0]["ref"] == "forms/1"
    assert set(because[0]["text"]) == {"sv", "en"}
