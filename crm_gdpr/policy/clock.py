"""Where the clock of retention starts, and when each step is due: rules 1, 2, 7, 8, and the haste of 9 and 10."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from crm_gdpr.policy.book import Ladder, Policy
from crm_gdpr.policy.calendar import add_months
from crm_gdpr.policy.dialogue import YES, Considered
from crm_gdpr.policy.facts import Attested, Contact, Organisation, Unknown
from crm_gdpr.policy.verdict import LastDialogue


@dataclass(frozen=True)
class Case:
    """What is taken for known about a person when a verdict is tried."""

    contact: Contact
    organisation: Organisation | None
    considered: tuple[Considered, ...]

    def of(self, counts: str) -> list[Considered]:
        return [c for c in self.considered if c.counts == counts]


@dataclass(frozen=True)
class Start:
    """The day the clock starts, and the dialogue it starts from, if there is one."""

    on: date
    last: LastDialogue | None
    ended_on: date | None = None


@dataclass(frozen=True)
class Haste:
    """Rule 10: review is due at once from `since`, and an archive begun before `archive_from` came too early."""

    code: str
    since: date
    archive_from: date


@dataclass(frozen=True)
class Steps:
    """When each step is due; `start` is None when only haste counts."""

    start: Start | None
    ladder: Ladder
    policy: Policy
    haste: Haste | None

    @property
    def review_on(self) -> date:
        """The first day on which a review is due."""
        days = [] if self.start is None else [add_months(self.start.on, self.ladder.review_months)]
        return min([*days, *([self.haste.since] if self.haste else [])])

    @property
    def archive_borne_from(self) -> date:
        """The first day on which today's clock bears an archive to have begun."""
        days = [] if self.start is None else [add_months(self.start.on, self.ladder.archive_months)]
        return min([*days, *([self.haste.archive_from] if self.haste else [])])

    def archive_on(self, review_began: date) -> date:
        """The day an archive is due and allowed, for a review begun then (rules 3 and 10)."""
        allowed = review_began + timedelta(days=self.policy.retention.review_days)
        if self.haste or self.start is None:
            return allowed
        return max(allowed, add_months(self.start.on, self.ladder.archive_months))

    def erase_on(self, archive_began: date) -> date:
        """The day an erasure is due and allowed, for an archive begun then (rules 2, 3 and 10)."""
        allowed = archive_began + timedelta(days=self.policy.retention.archive_days)
        if self.haste or self.start is None:
            return allowed
        bin_end = archive_began + timedelta(days=self.policy.retention.erase_on_bin_day)
        return max(allowed, min(bin_end, add_months(self.start.on, self.ladder.erase_months)))


def start_of(case: Case, policy: Policy, on: date) -> Start | None:
    """Rule 1, then 7, then 8: the last dialogue, else the creation; the relationship's end; attested talks."""
    last = _last(case, policy)
    base = last.on if last else _known_day(case.contact.created_on)
    if base is None:
        return None
    ended = _known_day(case.organisation.relationship_ended_on) if case.organisation else None
    start = Start(max(base, ended), last, ended) if ended and ended > base else Start(base, last)
    return _attested(start, case.contact.attested, policy.retention.attested_months, on)


def ladder_of(case: Case, policy: Policy, on: date) -> Ladder:
    """Rule 2: the shorter ladder for those we looked up who never answered."""
    answered = case.of(YES) or any(a.on <= on for a in _attestations(case.contact.attested))
    if case.contact.source != "outreach" or answered or _ever_related(case.organisation):
        return policy.retention.ladder
    return policy.retention.unanswered


def haste_of(case: Case, policy: Policy, on: date) -> Haste | None:
    """Rules 9 and 10: objection, not relevant, or let go in review make review due at once; the earliest counts."""
    contact = case.contact
    asked = {"objected": _known_day(contact.objected_on), "not_relevant": not_relevant_since(contact, on)}
    at_once = {code: day for code, day in asked.items() if day and day <= on}
    if not at_once and not _is_let_go(contact):
        return None
    start = start_of(case, policy, on)
    by_clock = [add_months(start.on, ladder_of(case, policy, on).review_months)] if start else []
    review_on = min([*by_clock, *at_once.values()], default=None)
    if review_on is None:
        return None
    borne_from = review_on + timedelta(days=policy.retention.review_days)
    found = [Haste(code, day, max(day, borne_from)) for code, day in at_once.items()]
    let_go = _let_go_on(case, review_on, on)
    if let_go:
        found.append(Haste("let_go", let_go, let_go))
    if not found:
        return None
    first = min(found, key=lambda h: (h.since, h.archive_from))
    return replace(first, archive_from=min(h.archive_from for h in found))


def _is_let_go(contact: Contact) -> bool:
    answer = contact.review_answer
    return not isinstance(answer, Unknown) and answer is not None and answer.answer == "let_go"


def _let_go_on(case: Case, review_on: date, on: date) -> date | None:
    """Rule 10: the day the owner let go in the review that stands, or in the one before the archive."""
    answer, began = case.contact.review_answer, case.contact.stage_on
    if isinstance(answer, Unknown) or answer is None or answer.answer != "let_go" or began is None or began > on:
        return None
    in_review = case.contact.stage == "review" and review_on <= began <= answer.on
    before_archive = case.contact.stage == "archive" and answer.on <= began
    return answer.on if (in_review or before_archive) and _stands(case, answer.on, on) else None


def not_relevant_since(contact: Contact, on: date) -> date | None:
    """Rule 9: the day a person confirmed that the contact is not relevant any more, if that day has come."""
    found = contact.not_relevant
    if isinstance(found, Unknown) or found is None or found.since > on:
        return None
    return found.since


def _stands(case: Case, answered_on: date, on: date) -> bool:
    """A let-go belongs to its review, and a later dialogue of the person takes it back."""
    if answered_on > on:
        return False
    contact = case.contact
    talks = [c.event.on for c in case.of(YES) if c.whose == "person" and c.event.on]
    talks += [a.on for a in _attestations(contact.attested) if a.on <= on]
    return all(day <= answered_on for day in talks)


def _last(case: Case, policy: Policy) -> LastDialogue | None:
    whose = ("person",) if policy.retention.clock == "person" else ("person", "organisation")
    dated = [(c.event.on, c) for c in case.of(YES) if c.event.on and c.whose in whose]
    if not dated:
        return None
    on, found = max(dated, key=lambda d: (d[0], d[1].whose == "person", d[1].event.ref))
    return LastDialogue(on, found.event.ref, found.whose)


def _attested(start: Start, attested: Iterable[Attested] | Unknown, months: int, on: date) -> Start:
    """Rule 8: an attested talk carries the clock, at most so many months past where it would start without it."""
    newest = max((a.on for a in _attestations(attested) if a.on <= on), default=None)
    if newest is None or newest <= start.on:
        return start
    carried = min(newest, add_months(start.on, months))
    return Start(carried, LastDialogue(carried, f"attested/{newest}", "attested"), None)


def _attestations(attested: Iterable[Attested] | Unknown) -> tuple[Attested, ...]:
    return () if isinstance(attested, Unknown) else tuple(attested)


def _ever_related(organisation: Organisation | None) -> bool:
    if organisation is None:
        return False
    days = (organisation.contract_until, organisation.relationship_ended_on)
    return organisation.customer is True or any(_known_day(day) for day in days)


def _known_day(value: date | Unknown | None) -> date | None:
    return None if isinstance(value, Unknown) else value
