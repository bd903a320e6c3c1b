"""What policy.toml says, as values: the notice, the rules that keep it, and who is behind it all.

The reader is in `reading.py`, the self-check in `check.py`; here are the shapes only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from crm_gdpr.policy.book_people import Assessment, BasisRow, MarketingRow, People, SourceRule
from crm_gdpr.policy.text import Text
from crm_gdpr.policy.usage import Usage


@dataclass(frozen=True)
class Sentence:
    """One sentence of the notice; `no_rule` says why it needs none."""

    id: str
    text: str
    no_rule: str | None = None


@dataclass(frozen=True)
class Controller:
    """Who answers for the data (Art. 4(7)), and where people turn.

    `officer`: the e-mail of the HubSpot user who gets what no owner answers for.
    """

    name: str
    contact: str
    timezone: str
    officer: str = ""


@dataclass(frozen=True)
class Purpose:
    """Why data is kept, and on what ground (Art. 6(1))."""

    name: str
    title: Text
    legal_basis: str
    keeps: tuple[str, ...]


@dataclass(frozen=True)
class Category:
    """A kind of personal data, in the notice's words."""

    name: str
    title: Text
    keeps: tuple[str, ...]


@dataclass(frozen=True)
class Recipient:
    """Who else sees the data (Art. 15(1)(c)), and what protects it outside the EEA (Art. 46).

    `notify`: where a signed call tells them of an erasure (Art. 19); without it a person is asked to.
    `only_for`: the purposes it sees data for; without any it sees everybody's.
    """

    name: str
    role: str
    title: Text
    safeguard: Text
    notify: str = ""
    only_for: tuple[str, ...] = ()


@dataclass(frozen=True)
class DialogueRow:
    """One row of what is a dialogue; the first row whose `when` fits an event decides.

    `when` maps a field to its allowed values; "" stands for a value that is not known or not set.
    `counts`: yes · no · unknown · planned (planned while the day has not passed, unknown after it).
    """

    kind: str
    when: Mapping[str, tuple[str, ...]]
    counts: str
    why: Text
    keeps: tuple[str, ...]


@dataclass(frozen=True)
class Ladder:
    """Months of silence until each step."""

    review_months: int
    archive_months: int
    erase_months: int


@dataclass(frozen=True)
class Retention:
    """How long those who are not customers are kept (Art. 5(1)(e)).

    `clock`: `later_of_both` (the person's or the organisation's last dialogue) or `person`.
    """

    clock: str
    ladder: Ladder
    unanswered: Ladder
    review_days: int
    archive_days: int
    bin_days: int
    erase_on_bin_day: int
    attested_months: int
    keeps: tuple[str, ...]


@dataclass(frozen=True)
class Review:
    """How owners are asked: one task a week each, about so many people at most, and once more before the archive.

    Who stays unknown is asked about too: the owner first, then the officer.
    """

    digest_days: int = 7
    digest_people: int = 25
    remind_days: int = 30
    unknown_owner_days: int = 30
    unknown_officer_days: int = 60


@dataclass(frozen=True)
class Relationship:
    """Which HubSpot fields say that an organisation is a customer; the next two may not be there.

    `subscription_until`: a day on the company like that of the contract; `deal_contract_until`: one on a won deal.
    `companies`: of a person with several, `any` may protect them, or the `primary` one alone.
    `subscriptions`: whether HubSpot's own `count`, or are left out (`ignore`); one runs unless its status is among
    `subscription_ended`.
    """

    lifecycle_stages: tuple[str, ...]
    contract_until: str
    manual_flag: str
    keeps: tuple[str, ...]
    subscription_until: str = ""
    deal_contract_until: str = ""
    companies: str = "any"
    subscriptions: str = "count"
    subscription_ended: tuple[str, ...] = ("canceled", "cancelled", "expired")


@dataclass(frozen=True)
class Destruction:
    """When anything may be destroyed, how much at a time, who approves, and which way (`bin` or `gdpr-delete`).

    A plan that destroys more than `two_approvers_above` people takes two names; with `automatic`, one that destroys
    `automatic_up_to` at most takes none.
    """

    armed: bool
    max_per_run: int
    max_share: float
    timed_out: str
    requested: str
    keeps: tuple[str, ...]
    max_per_hour: int = 100
    two_approvers_above: int = 100
    automatic: bool = False
    automatic_up_to: int = 10

    def people_a_day(self, people: int) -> int:
        """Return the cap: a number, or a share of everyone there is, but never nobody."""
        return min(self.max_per_run, max(1, int(people * self.max_share)))


@dataclass(frozen=True)
class Breaker:
    """What stops all destruction until a named person lets it go on."""

    clock_jump_days: int
    spike_factor: int = 5  # a plan this many times the median of 30 days...
    spike_above: int = 50  # ...that destroys more people than this
    customers_down: float = 0.1
    foreign_deletions: int = 20  # a day, by others than us


@dataclass(frozen=True)
class Policy:
    """The whole of policy.toml."""

    version: str
    controller: Controller
    sentences: tuple[Sentence, ...]
    purposes: tuple[Purpose, ...]
    categories: tuple[Category, ...]
    recipients: tuple[Recipient, ...]
    dialogue: tuple[DialogueRow, ...]
    retention: Retention
    people: People
    sources: tuple[SourceRule, ...]
    bases: tuple[BasisRow, ...]
    marketing: tuple[MarketingRow, ...]
    assessments: tuple[Assessment, ...]
    relationship: Relationship
    destruction: Destruction
    breaker: Breaker
    usage: Usage
    duties: Mapping[str, tuple[str, ...]]
    review: Review = Review()
    security: tuple[Text, ...] = ()

    @cached_property
    def rows_met(self) -> dict[object, DialogueRow | None]:
        """The row that decided each way an event was met with so far; kept, so that each is looked up once."""
        return {}
