"""Everything a contact's tags say, decided at once: source, class, ground of each purpose, and e-mail marketing.  Pure.

What a person overruled stands; of merged records the strictest source does.  Without a current balancing test for the
ground of a purpose there is no tag: the source is unknown, for that reason (Art. 6(1)(f)).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from crm_gdpr.policy.basis import Basis, bases
from crm_gdpr.policy.book import Policy
from crm_gdpr.policy.origin import origin
from crm_gdpr.policy.person import Marketing, marketing, person_class
from crm_gdpr.policy.source import UNKNOWN_SOURCE, Source, classify, strictest
from crm_gdpr.policy.text import Text

Values = Mapping[str, str | None]

BY_A_PERSON = Text(sv="En människa bestämde källan.", en="A person decided the source.")
MERGED = Text(sv="Strängaste källan av sammanslagna kontakter.", en="The strictest source of merged contacts.")


@dataclass(frozen=True, kw_only=True)
class Around:
    """The records around a contact, and what our own books add.

    `merged`: sources recorded of records merged into it; `overruled`: `source` and `person` as someone decided them.
    """

    companies: tuple[Values, ...] = ()
    deals: tuple[Values, ...] = ()
    merged: Collection[str] = ()
    request_first: bool = False
    overruled: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Provenance:
    """What a contact's tags say, and why.

    `sources`: how the person first came to us, what merged records add, and what holds now.  `lapsed`: unknown only
    because a balancing test is not current.
    """

    source: Source
    person: str
    bases: tuple[Basis, ...]
    marketing: Marketing
    words: Mapping[str, str]
    sources: tuple[str, ...] = ()
    lapsed: bool = False


def provenance(contact: Values, around: Around, policy: Policy, on: date) -> Provenance:
    """Decide the tags of one contact."""
    known = origin(contact, policy, on, companies=around.companies, deals=around.deals)
    known["request"] = "first" if around.request_first else ""
    source = _source(known, around, policy)
    person = around.overruled.get("person") or person_class(contact, around.companies, policy)
    words = {**known, "source": source.source, "person": person}
    grounds = bases(words, policy, on)
    lacking = [ground for ground in grounds if not ground.stands]
    lapsed = bool(lacking) and "source" not in around.overruled
    if lapsed:
        source = Source(UNKNOWN_SOURCE, source.rule, _no_test(source.source, lacking), source.rests_on)
    return Provenance(
        source=source,
        person=person,
        bases=() if lapsed else tuple(ground for ground in grounds if ground.stands),
        marketing=marketing(words, contact.get("hs_legal_basis"), policy),
        words=words,
        sources=tuple(dict.fromkeys((_first(known, policy), *around.merged, source.source))),
        lapsed=lapsed,
    )


def _first(known: Mapping[str, str], policy: Policy) -> str:
    """How the person came to us, whatever became of the organisation since."""
    since = ("relation", "deal", "company_type", "lifecyclestage")
    return classify({**known, **dict.fromkeys(since, "")}, policy).source


def _source(known: Mapping[str, str], around: Around, policy: Policy) -> Source:
    decided = around.overruled.get("source")
    if decided:
        return Source(decided, None, BY_A_PERSON, ("gdpr_source",))
    found = classify(known, policy)
    kept = strictest((found.source, *around.merged), policy)
    return found if kept == found.source else Source(kept, found.rule, MERGED, found.rests_on)


def _no_test(source: str, lacking: Iterable[Basis]) -> Text:
    purposes = ", ".join(ground.purpose for ground in lacking)
    return Text(
        sv=f"Ingen aktuell intresseavvägning för {source} och {purposes}.",
        en=f"No current balancing test for {source} and {purposes}.",
    )
