"""The information that must come with the data, Art. 15(1)(a)-(h) and 15(2), as it holds for one person.  Pure.

Only purposes in force and categories with content are named; the period is the computed one, with what it rests on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from crm_gdpr.addon import Holding
from crm_gdpr.addons.access import wording
from crm_gdpr.addons.access.conduct import label
from crm_gdpr.addons.access.grounds import has_consented, recorded
from crm_gdpr.addons.access.model import Element, Part
from crm_gdpr.addons.access.origin import source
from crm_gdpr.addons.register.__manifest__ import LADDER
from crm_gdpr.policy import UNKNOWN, Facts, Policy, Source, Text, Verdict, reasons
from crm_gdpr.policy.book import Recipient
from crm_gdpr.policy.verdict import KEEP, Next


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """What the information rests on.  `present` names the categories with content; no facts: not indexed yet."""

    policy: Policy
    holdings: tuple[Holding, ...]
    present: frozenset[str]
    parts: tuple[Part, ...]
    properties: Mapping[str, str | None]
    facts: Facts | None
    verdict: Verdict | None
    steps: tuple[Next, ...]
    source: Source
    portable: bool

    @property
    def customer(self) -> bool:
        """Whether the person stands for a customer."""
        organisation = self.facts.organisation if self.facts else None
        if organisation is not None and organisation is not UNKNOWN:
            return organisation.customer is True
        return self.properties.get("lifecyclestage") in self.policy.relationship.lifecycle_stages

    @property
    def objected_on(self) -> str | None:
        return self.properties.get("gdpr_objected_on") or None

    @property
    def recipients(self) -> tuple[Recipient, ...]:
        """Those who see this person's data: for a purpose that is in force for them."""
        return tuple(r for r in self.policy.recipients if not r.only_for or self.grounds.keys() & set(r.only_for))

    @property
    def grounds(self) -> dict[str, str]:
        """The purposes in force with their grounds: those recorded, and those that this answer shows to be."""
        usual = {purpose.name: purpose.legal_basis for purpose in self.policy.purposes}
        found = recorded(self.properties)
        if not self.properties.get("gdpr_source"):  # not tagged yet
            found["customer_support" if self.customer else "sales"] = "legitimate_interest"
        if "usage" in self.present:
            found.setdefault("website", usual.get("website", "legitimate_interest"))
        if self.objected_on:
            found.pop("sales", None)
        return {**found, "keep_records_right": usual.get("keep_records_right", "legal_obligation")}


def information(about: Circumstances) -> tuple[Element, ...]:
    """Return each element with the sentences that apply, in the order of the article."""
    elements = (
        ("15(1)", wording.CONFIRMATION, (wording.confirmed(about.policy.controller),)),
        ("15(1)(a)", wording.PURPOSES, tuple(purposes(about))),
        ("15(1)(b)", wording.CATEGORIES, tuple(categories(about))),
        ("15(1)(c)", wording.RECIPIENTS, tuple(wording.recipient(r) for r in about.recipients)),
        ("15(1)(d)", wording.PERIOD, tuple(period(about))),
        ("15(1)(e)", wording.RIGHTS, tuple(rights(about))),
        ("15(1)(f)", wording.COMPLAINT, (wording.IMY,)),
        ("15(1)(g)", wording.SOURCE, tuple(source(about.properties, about.source))),
        ("15(1)(h)", wording.AUTOMATED, tuple(automated(about))),
        ("15(2)", wording.SAFEGUARDS, tuple(wording.safeguard(r) for r in about.recipients)),
    )
    return tuple(Element(article, title, lines) for article, title, lines in elements if lines)


def purposes(about: Circumstances) -> Iterator[Text]:
    """Yield the purposes in force, each with its ground (Art. 6(1)); where none could be found, that."""
    if about.properties.get("gdpr_source") == "unknown" and not recorded(about.properties):
        yield wording.NO_GROUND
    grounds = about.grounds
    for purpose in about.policy.purposes:
        if purpose.name in grounds:
            yield wording.purpose(purpose, grounds[purpose.name])


def categories(about: Circumstances) -> Iterator[Text]:
    """Yield the categories that have content, each datum in one: the notice's, and those that addons add."""
    noticed = {category.name: category.title for category in about.policy.categories}
    held = {holding.category: holding.title for holding in about.holdings}
    shown = {part.category for part in about.parts if part.included}
    yield from (title for name, title in noticed.items() if name in shown or name == "rights")
    yield from (held.get(name, label(name)) for name in sorted(shown - set(noticed)))


def period(about: Circumstances) -> Iterator[Text]:
    """Yield what the period rests on with the days of the steps ahead, then the period of each thing kept."""
    if about.verdict is None:
        yield wording.NOT_COMPUTED
    else:
        yield from _counted(about, about.verdict)
    with_contact = wording.WHILE_CUSTOMER if about.customer else wording.UNTIL_ERASED
    by_period: dict[Text, list[Text]] = {}
    for holding in about.holdings:
        if holding.category in about.present:
            its = with_contact if holding.period == LADDER else holding.period
            by_period.setdefault(its, []).append(holding.title)
    yield from (wording.kept(titles, its) for its, titles in by_period.items())


def _counted(about: Circumstances, verdict: Verdict) -> Iterator[Text]:
    """Yield the reasons, the dialogue that the clock counts from, and the days it gives."""
    yield from (wording.rests_on(reason) for reason in verdict.because)
    if about.customer:
        yield wording.after_the_relationship(about.policy.retention.ladder)
    elif about.steps:
        if verdict.last_dialogue and not any(reason.code == "last_dialogue" for reason in verdict.because):
            yield reasons.rests_on(verdict.last_dialogue).text
        yield wording.ahead(about.steps, kept=verdict.next is None and verdict.verdict == KEEP)


def rights(about: Circumstances) -> Iterator[Text]:
    """Yield the rights this person has, for the grounds that their data rests on."""
    yield wording.RECTIFICATION
    yield wording.ERASURE_AND_RESTRICTION
    if has_consented(about.properties):
        yield wording.WITHDRAWAL
    if about.portable:
        yield wording.PORTABILITY
    if about.objected_on:
        yield wording.objected(about.objected_on)
    if "legitimate_interest" in about.grounds.values():
        yield wording.OBJECTION
    yield wording.write_to(about.policy.controller)


def automated(about: Circumstances) -> Iterator[Text]:
    """Yield what is decided by machines, if anything, and what is scored where something is (Art. 15(1)(h))."""
    yield wording.APPROVED_BY_POLICY if about.policy.destruction.automatic else wording.NO_AUTOMATED
    if any(about.properties.get(name) for name in wording.SCORES):
        yield wording.SCORED


def left_out(parts: Iterable[Part]) -> Element | None:
    """Return what is not included and why (Art. 15(4)): only what does occur in this answer; None where all is."""
    parts = tuple(parts)
    reasons = {reason for part in parts for reason in (*part.redacted, *part.withheld)}
    withheld = (text for reason, text in wording.WITHHELD.items() if reason in reasons)
    unread = (wording.not_read(part.title, part.not_read) for part in parts if part.not_read)
    visits = (wording.BEYOND_REACH,) if any(part.category == "usage" and part.rows for part in parts) else ()
    lines = (*withheld, *unread, *visits)
    return Element("15(4)", wording.LEFT_OUT, lines) if lines else None
