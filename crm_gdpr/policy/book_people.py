"""What policy.toml says of where people come from, on what ground they are kept, and who may be mailed: the shapes.

The rules over them are in `source.py`, `basis.py`, `person.py` and `assessment.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from crm_gdpr.policy.text import Text


@dataclass(frozen=True)
class SourceRule:
    """One rule of where a contact comes from; the first whose `when` fits decides.

    `when` maps a HubSpot property, or a word of `origin.py`, to patterns: exact values, or `text*` for a beginning.
    `demands` names the words that must be known too; where one is not, the source is unknown, for the reason `lacking`.
    """

    name: str
    when: Mapping[str, tuple[str, ...]]
    source: str
    why: Text
    keeps: tuple[str, ...]
    demands: tuple[str, ...] = ()
    lacking: Text | None = None


@dataclass(frozen=True)
class People:
    """How to tell an employee from a role mailbox, a natural person and a sole trader.

    `strictest` orders the sources for a merge of two records: the first of those recorded stands.
    """

    role_mailboxes: tuple[str, ...]
    private_domains: tuple[str, ...]
    own_domains: tuple[str, ...]
    sole_trader_words: tuple[str, ...]
    organisation_number: str
    strictest: tuple[str, ...]
    keeps: tuple[str, ...]


@dataclass(frozen=True)
class BasisRow:
    """The ground of one purpose for the people that `when` fits; for each purpose the first row that fits decides."""

    purpose: str
    when: Mapping[str, tuple[str, ...]]
    legal_basis: str
    why: Text
    keeps: tuple[str, ...]


@dataclass(frozen=True)
class MarketingRow:
    """Whether e-mail marketing needs prior consent or an opt-out (19 § marknadsföringslagen); the first row decides."""

    when: Mapping[str, tuple[str, ...]]
    email: str
    why: Text
    keeps: tuple[str, ...]


@dataclass(frozen=True)
class Assessment:
    """A balancing test (Art. 6(1)(f)): interest and person weighed for a purpose, reviewed every year."""

    name: str
    sources: tuple[str, ...]
    purpose: str
    version: str
    reviewed_on: date
    outcome: Text
    keeps: tuple[str, ...]
