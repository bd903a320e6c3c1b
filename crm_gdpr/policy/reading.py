"""policy.toml into a `Policy`: which words may stand where, and that every citation leads somewhere.

The shapes are in `book.py`, reading by shape in `shape.py`; whether the rules make sense together is for `check.py`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from crm_gdpr.policy.book import Policy
from crm_gdpr.policy.facts_json import LISTED
from crm_gdpr.policy.origin import PROVENANCE, WORDS
from crm_gdpr.policy.person import STRICTEST
from crm_gdpr.policy.shape import PolicyError, Shaper, close_to
from crm_gdpr.policy.usage import CATEGORIES, UsageTable

PACKAGED = Path(__file__).with_name("policy.toml")

IN_FILE = {  # a list is written as tables, each named for what one of them is
    "sentences": "notice",
    "purposes": "purpose",
    "categories": "category",
    "recipients": "recipient",
    "sources": "source",
    "tables": "table",
    "properties": "property",
    "bases": "basis",
    "assessments": "assessment",
}
LEGAL_BASES = (  # Art. 6(1) a-f
    "consent",
    "contract",
    "legal_obligation",
    "vital_interest",
    "public_interest",
    "legitimate_interest",
)
SOURCES = ("outreach", "inbound", "website", "customer", "request", "other", "unknown")
WAYS = ("bin", "gdpr-delete")
ALLOWED: Mapping[str, tuple[str, ...]] = {
    "Purpose.legal_basis": LEGAL_BASES,
    "Recipient.role": ("processor", "controller", "joint_controller"),
    "DialogueRow.kind": tuple(sorted(LISTED["kind"])),
    "DialogueRow.counts": ("yes", "no", "unknown", "planned"),
    "Retention.clock": ("later_of_both", "person"),
    "Relationship.companies": ("any", "primary"),
    "Relationship.subscriptions": ("count", "ignore"),
    "SourceRule.source": SOURCES,
    "SourceRule.demands": tuple(WORDS),
    "People.strictest": SOURCES,
    "BasisRow.legal_basis": LEGAL_BASES,
    "MarketingRow.email": ("opt_out", "prior_consent"),
    "Assessment.sources": SOURCES,
    "Destruction.timed_out": WAYS,
    "Destruction.requested": WAYS,
    "UsageTable.past": ("null", "delete"),
    "UsageProperty.category": CATEGORIES,
}
TOP = {
    "Destruction.max_per_run": 1_000_000,
    "Destruction.max_per_hour": 1_000_000,
    "Destruction.two_approvers_above": 1_000_000,
    "Destruction.automatic_up_to": 1_000_000,
    "Breaker.spike_above": 1_000_000,
    "Breaker.foreign_deletions": 1_000_000,
    "Usage.max_rows": 100_000_000,
    "Usage.batch_rows": 100_000,
}
WHEN: Mapping[str, tuple[str, ...]] = {  # "" is a value that is not set or not known
    **{name: (*sorted(words), "") for name, words in LISTED.items() if name != "kind"},
    "automatic": ("true", ""),
    "request": ("true", ""),
}

DECIDED: Mapping[str, tuple[str, ...]] = {  # the words that grounds and marketing may look at beside origin's
    "source": SOURCES,
    "person": STRICTEST,
    **WORDS,
}


def load_policy(path: Path | None = None) -> Policy:
    """Read a company's policy; without a path ExOpen's, which comes with the package.  Errors name the file."""
    file = path or PACKAGED
    try:
        return read_policy(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as cause:
        raise PolicyError(f"{file}: cannot be read ({cause}); allowed: a TOML file in UTF-8") from cause
    except PolicyError as mistake:
        raise PolicyError(f"{file}: {mistake}") from None


@lru_cache(maxsize=8)
def read_policy(text: str) -> Policy:
    """Read what a policy.toml says; the same text is the same policy."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as cause:
        raise PolicyError(f"is not TOML ({cause})") from cause
    shaper = Shaper(ALLOWED, TOP, IN_FILE)
    policy = shaper.build(Policy, data, "")
    _timezone(policy, shaper)
    _conditions(policy, shaper)
    _usage_tables(policy, shaper)
    _recipients(policy, shaper)
    _unique(policy, shaper)
    _citations(policy, shaper)
    return policy


def citations(policy: Policy) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield every rule's key in the file with the sentences it keeps."""
    yield from ((f"purpose.{at}", purpose.keeps) for at, purpose in enumerate(policy.purposes, 1))
    yield from ((f"category.{at}", category.keeps) for at, category in enumerate(policy.categories, 1))
    yield from ((f"dialogue.{at}", row.keeps) for at, row in enumerate(policy.dialogue, 1))
    yield from ((f"source.{at}", rule.keeps) for at, rule in enumerate(policy.sources, 1))
    yield "people", policy.people.keeps
    yield from ((f"basis.{at}", row.keeps) for at, row in enumerate(policy.bases, 1))
    yield from ((f"marketing.{at}", row.keeps) for at, row in enumerate(policy.marketing, 1))
    yield from ((f"assessment.{at}", test.keeps) for at, test in enumerate(policy.assessments, 1))
    yield "retention", policy.retention.keeps
    yield "relationship", policy.relationship.keeps
    yield "destruction", policy.destruction.keeps
    yield "usage", policy.usage.keeps
    yield from ((f"duties.{name}", keeps) for name, keeps in policy.duties.items())


def _timezone(policy: Policy, shaper: Shaper) -> None:
    name = policy.controller.timezone
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError) as cause:
        raise shaper.refusal("controller.timezone", name, "a time zone such as 'Europe/Stockholm'") from cause


def _conditions(policy: Policy, shaper: Shaper) -> None:
    for at, row in enumerate(policy.dialogue, 1):
        for name, values in row.when.items():
            key = f"dialogue.{at}.when.{name}"
            shaper.one_of(name, tuple(WHEN), key, list(values))
            _values(values, WHEN[name], key, shaper)
    for at, rule in enumerate(policy.sources, 1):
        for name, values in rule.when.items():
            key = f"source.{at}.when.{name}"
            shaper.one_of(name, (*PROVENANCE, *WORDS), key, list(values))
            _values(values, WORDS.get(name, values), key, shaper)
    _decided(policy, shaper)


def _decided(policy: Policy, shaper: Shaper) -> None:
    """What grounds and marketing look at, and that they speak of purposes there are."""
    rows = [(f"basis.{at}", row.when) for at, row in enumerate(policy.bases, 1)]
    rows += [(f"marketing.{at}", row.when) for at, row in enumerate(policy.marketing, 1)]
    for place, when in rows:
        for name, values in when.items():
            shaper.one_of(name, tuple(DECIDED), f"{place}.when.{name}", list(values))
            _values(values, DECIDED[name], f"{place}.when.{name}", shaper)
    purposes = [purpose.name for purpose in policy.purposes]
    named = [(f"basis.{at}.purpose", row.purpose) for at, row in enumerate(policy.bases, 1)]
    named += [(f"assessment.{at}.purpose", test.purpose) for at, test in enumerate(policy.assessments, 1)]
    for place, purpose in named:
        if purpose not in purposes:
            raise shaper.refusal(place, purpose, f"the name of a [[purpose]]{close_to(purpose, purposes)}")


def _usage_tables(policy: Policy, shaper: Shaper) -> None:
    for at, table in enumerate(policy.usage.tables, 1):
        key = f"usage.table.{at}"
        if "@" in table.database and ":" in table.database.partition("@")[0].partition("://")[2]:
            raise shaper.refusal(
                f"{key}.database", "a URL with a password", "a URL without one, or env:NAME, the setting that holds it"
            )
        if not table.person:
            raise shaper.refusal(f"{key}.person", {}, 'a column for at least one HubSpot property, such as "email"')
        if not table.personal:
            raise shaper.refusal(f"{key}.personal", {}, "columns for at least one of " + ", ".join(CATEGORIES))
        for category in table.personal:
            shaper.one_of(category, CATEGORIES, f"{key}.personal.{category}", table.personal[category])
        _personal_columns(table, key, shaper)


def _personal_columns(table: UsageTable, key: str, shaper: Shaper) -> None:
    """Emptied columns may neither date nor tell apart the rows, and each has one period."""
    seen: set[str] = {table.key, table.time}
    for category, columns in table.personal.items():
        for column in columns:
            if column in seen:
                raise shaper.refusal(
                    f"{key}.personal.{category}", column, "columns that are neither `key` nor `time`, each named once"
                )
            seen.add(column)


def _values(values: tuple[str, ...], words: tuple[str, ...], key: str, shaper: Shaper) -> None:
    if not values:
        raise shaper.refusal(key, [], "a list of at least one value")
    for at, value in enumerate(values, 1):
        if value not in words:
            raise shaper.refusal(f"{key}.{at}", value, ", ".join(map(repr, words)) + close_to(value, words))


def _recipients(policy: Policy, shaper: Shaper) -> None:
    purposes = tuple(purpose.name for purpose in policy.purposes)
    for at, recipient in enumerate(policy.recipients, 1):
        if recipient.only_for:
            _values(recipient.only_for, purposes, f"recipient.{at}.only_for", shaper)


def _unique(policy: Policy, shaper: Shaper) -> None:
    named = {
        "notice.{}.id": [s.id for s in policy.sentences],
        "purpose.{}.name": [p.name for p in policy.purposes],
        "category.{}.name": [c.name for c in policy.categories],
        "recipient.{}.name": [r.name for r in policy.recipients],
        "source.{}.name": [s.name for s in policy.sources],
        "usage.table.{}.name": [t.name for t in policy.usage.tables],
        "assessment.{}.name": [a.name for a in policy.assessments],
    }
    for key, names in named.items():
        for at, name in enumerate(names, 1):
            if name in names[: at - 1]:
                raise shaper.refusal(key.format(at), name, "a name no other row has")


def _citations(policy: Policy, shaper: Shaper) -> None:
    ids = [sentence.id for sentence in policy.sentences]
    for key, keeps in citations(policy):
        for at, cited in enumerate(keeps, 1):
            if cited not in ids:
                place = f"{key}.{at}" if key.startswith("duties.") else f"{key}.keeps.{at}"
                raise shaper.refusal(place, cited, f"the id of a sentence in [[notice]]{close_to(cited, ids)}")
