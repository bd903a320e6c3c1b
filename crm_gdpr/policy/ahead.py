"""The days of the steps that lie ahead of a person, if nothing happens and nothing keeps them any more.  Pure."""

from __future__ import annotations

from datetime import date

from crm_gdpr.policy.book import Policy
from crm_gdpr.policy.clock import Case, Steps, haste_of, ladder_of, not_relevant_since, start_of
from crm_gdpr.policy.dialogue import trace
from crm_gdpr.policy.facts import Facts, Unknown
from crm_gdpr.policy.verdict import ARCHIVE, ERASE, REVIEW, Next


def steps_ahead(facts: Facts, policy: Policy, on: date, reached: str | None = None) -> tuple[Next, ...]:
    """Return each step still to come with its day; none where no clock runs.  `reached` is the step they stand on."""
    steps = _steps(facts, policy, on)
    if steps is None:
        return ()
    began = facts.contact.stage_on or on
    review = began if reached in (REVIEW, ARCHIVE) else max(steps.review_on, on)
    archive = began if reached == ARCHIVE else max(steps.archive_on(review), on)
    days = {REVIEW: review, ARCHIVE: archive, ERASE: max(steps.erase_on(archive), on)}
    behind = {None: (), REVIEW: (REVIEW,), ARCHIVE: (REVIEW, ARCHIVE)}[reached]
    return tuple(Next(step, day) for step, day in days.items() if step not in behind)


def _steps(facts: Facts, policy: Policy, on: date) -> Steps | None:
    organisation = None if isinstance(facts.organisation, Unknown) else facts.organisation
    case = Case(facts.contact, organisation, trace(facts, policy, on))
    if not_relevant_since(case.contact, on):
        case = Case(case.contact, None, tuple(c for c in case.considered if c.whose == "person"))
    start, haste = start_of(case, policy, on), haste_of(case, policy, on)
    return None if start is None and haste is None else Steps(start, ladder_of(case, policy, on), policy, haste)
