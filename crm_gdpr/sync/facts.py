"""HubSpot records as facts of the policy.  Pure: records in, facts out.

A property that is not on the record, or cannot be read, is UNKNOWN; an empty one is known to be so.  Our own
properties are absent until they are installed, so nobody is judged before that.
"""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar
from zoneinfo import ZoneInfo

from crm_gdpr.policy.book import Policy, Relationship
from crm_gdpr.policy.facts import UNKNOWN, Attested, Contact, NotRelevant, Organisation, ReviewAnswer, Unknown
from crm_gdpr.sync.events import FORM_PROPERTIES, PROPERTIES
from crm_gdpr.sync.mail import is_marked
from crm_gdpr.sync.records import Record
from crm_gdpr.sync.schemas import instant

T = TypeVar("T")

CONTACT_PROPERTIES = (
    *("createdate", "associatedcompanyid", "lifecyclestage", *FORM_PROPERTIES),
    *("gdpr_source", "gdpr_hold_reason", "gdpr_restricted", "gdpr_objected_on", "gdpr_erasure_requested_on"),
    *("gdpr_attested_on", "gdpr_attested_reason", "gdpr_review_answer", "gdpr_review_answered_on"),
    *("gdpr_not_relevant_since", "gdpr_not_relevant_why"),
)
ANSWERS = ("attest", "let_go", "hold")
FLAGS = {"true": True, "false": False, "": False}
HOLD = "gdpr_hold_reason"  # on contact, company and deal
STAGE = {"deals": "dealstage", "tickets": "hs_pipeline_stage"}


def company_properties(relationship: Relationship) -> tuple[str, ...]:
    """What a company must be asked for, with the names the policy gives to contract and manual flag."""
    named = (relationship.contract_until, relationship.manual_flag, relationship.subscription_until)
    return ("lifecyclestage", HOLD, *filter(None, named))


def event_properties(kind: str, relationship: Relationship) -> tuple[str, ...]:
    """What an engagement, ticket or deal must be asked for; of a deal, whether it binds too."""
    return (*PROPERTIES[kind], *(deal_properties(relationship) if kind == "deals" else ()))


def deal_properties(relationship: Relationship) -> tuple[str, ...]:
    """What tells whether a deal binds: won, on hold, and the end of its contract where the account has it."""
    return ("hs_is_closed_won", HOLD, *filter(None, (relationship.deal_contract_until,)))


def zone_of(policy: Policy) -> ZoneInfo:
    """The controller's time zone, in which a day is a day."""
    return ZoneInfo(policy.controller.timezone)


def contact_facts(record: Record, zone: ZoneInfo) -> Contact:
    """A person's own facts.  Stage and open requests are not HubSpot's to know: the caller fills them in."""
    has = _Reader(record.properties)
    created = instant(record.properties.get("createdate"))
    return Contact(
        id=record.id,
        created_on=created.astimezone(zone).date() if created else UNKNOWN,
        source=has.text("gdpr_source"),
        hold=has.text("gdpr_hold_reason"),
        restricted=has.flag("gdpr_restricted"),
        objected_on=has.day("gdpr_objected_on"),
        attested=_attested(has),
        review_answer=_answer(has),
        erasure_requested_on=has.day("gdpr_erasure_requested_on"),
        not_relevant=_not_relevant(has),
    )


def organisation_of(contact: Record, relationship: Relationship) -> str | Unknown | None:
    """The company a person stands for: the primary one, or the only one.

    Several without a primary one is unknown; so is none at all for someone whose own stage says customer.
    """
    if primary := contact.properties.get("associatedcompanyid"):
        return primary
    companies = contact.associations.get("companies", ())
    if len(companies) > 1:
        return UNKNOWN
    if is_customer_by_stage(contact, relationship) and not companies:
        return UNKNOWN
    return companies[0] if companies else None


def organisation_facts(
    company: Record, deals: Iterable[Record], tickets: Iterable[Record], relationship: Relationship
) -> Organisation:
    """An organisation's facts, its dialogue apart; ``deals`` and ``tickets`` are those still open."""
    has = _Reader(company.properties)
    customer = _customer(has, relationship)
    named = filter(None, (relationship.contract_until, relationship.subscription_until))
    contract_until = _latest([has.day(name) for name in named])
    return Organisation(
        id=company.id,
        customer=customer,
        contract_until=contract_until,
        relationship_ended_on=None if customer is True else contract_until,
        open_deals=tuple(f"deals/{each.id}" for each in deals),
        open_tickets=tuple(f"tickets/{each.id}" for each in tickets if not is_marked(each.properties.get("subject"))),
    )


def is_customer_by_stage(contact: Record, relationship: Relationship) -> bool:
    """Whether the person's own stage says customer."""
    return contact.properties.get("lifecyclestage") in relationship.lifecycle_stages


def is_held(record: Record) -> bool | None:
    """Whether a company or deal is on hold; None when that could not be read."""
    return bool(record.properties[HOLD]) if HOLD in record.properties else None


def is_won(deal: Record) -> bool:
    """Whether a deal was won."""
    return deal.properties.get("hs_is_closed_won") == "true"


def contract_end(deal: Record, relationship: Relationship) -> date | None:
    """The end of a won deal's own contract; None where it has none, or none that can be read."""
    found = _Reader(deal.properties).day(relationship.deal_contract_until)
    return None if isinstance(found, Unknown) else found


def bound_by(deals: Iterable[Record], relationship: Relationship) -> list[date | None]:
    """The ends of the contracts of those deals that were won."""
    return [contract_end(deal, relationship) for deal in deals if is_won(deal)]


def _latest(days: Sequence[date | Unknown | None]) -> date | Unknown | None:
    known = [day for day in days if isinstance(day, date)]
    return UNKNOWN if UNKNOWN in days else max(known, default=None)


def is_open(record: Record, closed_stages: Container[str]) -> bool:
    """Whether a deal or ticket is open; one that does not say is, since what is open keeps."""
    closed = record.properties.get("hs_is_closed")
    if closed in ("true", "false"):
        return closed == "false"
    return record.properties.get(STAGE[record.kind]) not in closed_stages


def closed_stages(pipelines: Iterable[Mapping[str, object]]) -> frozenset[str]:
    """The stages of deals or tickets that close them, from the portal's own pipelines."""
    stages = [stage for pipeline in pipelines for stage in _list(pipeline.get("stages"))]
    return frozenset(str(stage["id"]) for stage in stages if _closes(stage.get("metadata")))


def _closes(metadata: object) -> bool:
    known = metadata if isinstance(metadata, dict) else {}
    return known.get("isClosed") == "true" or known.get("ticketState") == "CLOSED"


def _list(value: object) -> list[Mapping[str, object]]:
    return value if isinstance(value, list) else []


class _Reader:
    """Reads values, telling what is absent from what is empty."""

    def __init__(self, properties: Mapping[str, str | None]) -> None:
        self._properties = properties

    def text(self, name: str) -> str | Unknown | None:
        return self._read(name, str)

    def day(self, name: str) -> date | Unknown | None:
        return self._read(name, _day)

    def flag(self, name: str) -> bool | Unknown:
        if name not in self._properties:
            return UNKNOWN
        return FLAGS.get(self._properties[name] or "", UNKNOWN)

    def _read(self, name: str, read: Callable[[str], T | Unknown]) -> T | Unknown | None:
        if name not in self._properties:
            return UNKNOWN
        value = self._properties[name]
        return read(value) if value else None


def _day(value: str) -> date | Unknown:
    """A date property, YYYY-MM-DD or midnight UTC."""
    at = instant(value)
    try:
        return at.date() if at else date.fromisoformat(value)
    except ValueError:
        return UNKNOWN


def _customer(has: _Reader, relationship: Relationship) -> bool | Unknown:
    """A customer by stage or by the flag a person set; unknown while either is not known and neither says yes."""
    stage, flag = has.text("lifecyclestage"), has.flag(relationship.manual_flag)
    if flag is True or stage in relationship.lifecycle_stages:
        return True
    return UNKNOWN if UNKNOWN in (stage, flag) else False


def _attested(has: _Reader) -> tuple[Attested, ...] | Unknown:
    on, reason = has.day("gdpr_attested_on"), has.text("gdpr_attested_reason")
    if isinstance(on, Unknown) or isinstance(reason, Unknown):
        return UNKNOWN
    return (Attested(on, reason or ""),) if on else ()


def _answer(has: _Reader) -> ReviewAnswer | Unknown | None:
    answer, on = has.text("gdpr_review_answer"), has.day("gdpr_review_answered_on")
    if answer is None:
        return None
    if isinstance(on, Unknown) or on is None or answer not in ANSWERS:
        return UNKNOWN
    return ReviewAnswer(on, str(answer))


def _not_relevant(has: _Reader) -> NotRelevant | Unknown | None:
    since, why = has.day("gdpr_not_relevant_since"), has.text("gdpr_not_relevant_why")
    if isinstance(since, Unknown) or isinstance(why, Unknown):
        return UNKNOWN
    return NotRelevant(since, why or "") if since else None
