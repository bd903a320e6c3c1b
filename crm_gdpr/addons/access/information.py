"""The information that must come with the data, Art. 15(1)(a)-(h) and 15(2), as it holds for one person.  Pure.

Only purposes in force and categories with content are named; the period is the computed one, with what it rests on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from crm_gdpr.addon import Holding
from crm_gdpr.addons.access import wording
from crm_gdpr.addons.access.model import Element, Part
from crm_gdpr.policy import UNKNOWN, Facts, Policy, Source, Text, Verdict


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
    source: Source

    @property
    def customer(self) -> bool:
        """Whether the person stands for a customer."""
        organisation = self.facts.organisation if self.facts else None
        if organisation is not None and organisation is not UNKNOWN:
            return organisation.customer is True
        return self.properties.get("lifecyclestage") in self.policy.relationship.lifecycle_stages


def information(about: Circumstances) -> tuple[Element, ...]:
    """Return each element with the sentences that apply, in the order of the article."""
    elements = (
        ("15(1)", wording.CONFIRMATION, (wording.confirmed(about.policy.controller),)),
        ("15(1)(a)", wording.PURPOSES, tuple(purposes(about))),
        ("15(1)(b)", wording.CATEGORIES, tuple(categories(about))),
        ("15(1)(c)", wording.RECIPIENTS, tuple(wording.recipient(r) for r in about.policy.recipients)),
        ("15(1)(d)", wording.PERIOD, tuple(period(about))),
        ("15(1)(e)", wording.RIGHTS, (*wording.YOUR_RIGHTS, wording.write_to(about.policy.controller))),
        ("15(1)(f)", wording.COMPLAINT, (wording.IMY,)),
        ("15(1)(g)", wording.SOURCE, tuple(source(about))),
        ("15(1)(h)", wording.AUTOMATED, tuple(automated(about))),
        ("15(2)", wording.SAFEGUARDS, tuple(wording.safeguard(r) for r in about.policy.recipients)),
    )
    return tuple(Element(article, title, lines) for article, title, lines in elements if lines)


def categories(about: Circumstances) -> Iterator[Text]:
    """Yield the categories that have content, each datum in one: the notice's, and those that addons add."""
    noticed = {category.name: category.title for category in about.policy.categories}
    held = {holding.category: holding.title for holding in about.holdings}
    shown = {part.category for part in about.parts if part.included}
    yield from (title for name, title in noticed.items() if name in shown or name == "rights")
    yield from (held.get(name, wording.label(name)) for name in sorted(shown - set(noticed)))


def automated(about: Circumstances) -> Iterator[Text]:
    """Yield that nothing is decided by machines alone, and what is scored where something is (Art. 15(1)(h))."""
    yield wording.NO_AUTOMATED
    if any(about.properties.get(name) for name in wording.SCORES):
        yield wording.SCORED


def left_out(parts: Iterable[Part]) -> Element:
    """Return what is not included and why (Art. 15(4)): only what does occur in this answer."""
    parts = tuple(parts)
    reasons = {reason for part in parts for reason in (*part.redacted, *part.withheld)}
    withheld = (text for reason, text in wording.WITHHELD.items() if reason in reasons)
    unread = (wording.not_read(part.title, part.not_read) for part in parts if part.not_read)
    return Element("15(4)", wording.LEFT_OUT, (*withheld, *unread, wording.BEYOND_REACH))


def purposes(about: Circumstances) -> Iterator[Text]:
    """Yield the purposes in force, each with its ground (Art. 6(1))."""
    objected = bool(about.properties.get("gdpr_objected_on"))
    in_force = {
        "sales": not about.customer and not objected,
        "customer_support": about.customer,
        "website": "usage" in about.present,
        "dealings": about.properties.get("gdpr_source") == "other",
    }
    for purpose in about.policy.purposes:
        if in_force.get(purpose.name, True):
            yield wording.purpose(purpose)


def period(about: Circumstances) -> Iterator[Text]:
    """Yield the computed period with what it rests on, then the period of each thing kept."""
    if about.verdict is None:
        yield wording.NOT_COMPUTED
    else:
        yield from (reason.text for reason in about.verdict.because)
        if about.verdict.next is not None:
            yield wording.then(about.verdict.next.step, about.verdict.next.on)
    ladder = about.policy.retention.ladder
    if not about.customer:
        yield wording.ladder(ladder)
    by_period: dict[Text, list[Text]] = {}
    for holding in about.holdings:
        if holding.category in about.present:
            by_period.setdefault(holding.period, []).append(holding.title)
    yield from (wording.kept(titles, period) for period, titles in by_period.items())


def source(about: Circumstances) -> Iterator[Text]:
    """Yield where the data comes from: as recorded, with the evidence, or that it is not known."""
    recorded = about.properties.get("gdpr_source")
    if not recorded or recorded == "unknown":
        yield wording.SOURCE_UNKNOWN
        return
    yield about.source.why if about.source.source == recorded else wording.source_recorded(recorded)
    evidence, day = about.properties.get("gdpr_source_evidence"), about.properties.get("gdpr_collected_on")
    if evidence:
        yield wording.evidence(evidence)
    if day:
        yield wording.collected(day)
