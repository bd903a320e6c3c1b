"""What binds a person beside their own record: what the organisation bought or subscribes to, and holds.  Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from crm_gdpr.policy.facts import UNKNOWN, Contact, Organisation, Unknown


def with_relations(known: Organisation, ends: Iterable[date | None]) -> Organisation:
    """Add won deals, and a stage of customer on the person: each with the end of its contract, where it has one.

    What has no end of its own ends with the organisation's contract; where that has none either, it is a customer until
    a person says otherwise.
    """
    ends = tuple(ends)
    if not ends:
        return known
    contract = known.contract_until
    customer = True if contract is None and None in ends else known.customer
    days = [day for day in (contract, *ends) if isinstance(day, date)]
    until = UNKNOWN if isinstance(contract, Unknown) else max(days, default=None)
    return replace(
        known, customer=customer, contract_until=until, relationship_ended_on=None if customer is True else until
    )


def with_subscriptions(known: Organisation, ended: Iterable[date | Unknown | None]) -> Organisation:
    """Add subscriptions: each with the day it ended, None while it runs, UNKNOWN where that could not be read.

    One that runs makes a customer, whatever contract has ended; the last to end ended the relationship.
    """
    ended = tuple(ended)
    if known.customer is True or not ended:
        return known
    if None in ended:
        return replace(known, customer=True, relationship_ended_on=None)
    if UNKNOWN in ended:
        return replace(known, customer=UNKNOWN)
    days = [day for day in (known.relationship_ended_on, *ended) if isinstance(day, date)]
    until = UNKNOWN if known.relationship_ended_on is UNKNOWN else max(days)
    return replace(known, relationship_ended_on=until)


def with_hold(contact: Contact, around: Iterable[bool | None]) -> Contact:
    """Let a person inherit the holds on their company and its deals; None stands for one that could not be read."""
    around = tuple(around)
    if isinstance(contact.hold, str):
        return contact
    if True in around:
        return replace(contact, hold="inherited")
    return replace(contact, hold=UNKNOWN) if None in around else contact
