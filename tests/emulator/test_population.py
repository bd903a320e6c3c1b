"""The promises of ``population.toml``, checked with a reckoning of silence of our own."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, timedelta

import pytest

from crm_gdpr.emulator import Portal
from crm_gdpr.emulator.activity_log import CONNECTED
from crm_gdpr.emulator.population import populate
from crm_gdpr.emulator.records import Record

FIRST_DAY = date(2026, 11, 2)
ENGAGEMENTS = ("calls", "communications", "emails", "meetings", "notes", "tasks")
ON_TOP = {"hold", "replier", "unclear"}


@pytest.fixture(scope="module")
def account() -> Portal:
    portal = Portal()
    populate(portal, 2_000, 1)
    return portal


def said(record: Record) -> bool:
    """Something a person took part in."""
    read = record.properties.get
    return (
        read("hs_email_direction") == "INCOMING_EMAIL"
        or read("hs_call_disposition") == CONNECTED
        or read("hs_meeting_outcome") == "COMPLETED"
    )


def dialogue(account: Portal, record: Record) -> Iterator[str]:
    for kind in ("emails", "calls", "meetings"):
        yield from (a.properties["hs_timestamp"] for a in neighbours(account, record, kind) if said(a))
    for kind in ("deals", "tickets"):
        yield from (a.properties["createdate"] for a in neighbours(account, record, kind))
    for deal in neighbours(account, record, "deals"):
        yield deal.properties["hs_lastmodifieddate"]
    yield from filter(None, [record.properties.get("recent_conversion_date")])


def neighbours(account: Portal, record: Record, kind: str) -> list[Record]:
    return [account.record(kind, id_) for id_ in account.associated(record, kind)]


def is_kept(account: Portal, company: Record) -> bool:
    """Customers, open deals and open tickets keep everybody there."""
    around = [*neighbours(account, company, "deals"), *neighbours(account, company, "tickets")]
    open_ = any(one.properties["hs_is_closed"] == "false" for one in around)
    return open_ or company.properties["lifecyclestage"] == "customer"


def silent_since(account: Portal, person: Record) -> tuple[date, bool] | None:
    """The last day anybody there said something, and whether nobody ever did; None for those who are kept."""
    companies = neighbours(account, person, "companies")
    if any(is_kept(account, company) for company in companies):
        return None
    around = [person, *companies, *(c for company in companies for c in neighbours(account, company, "contacts"))]
    days = [moment[:10] for record in around for moment in dialogue(account, record)]
    days += [end for company in companies if (end := company.properties.get("contract_end_date"))]
    return date.fromisoformat(max(days, default=person.properties["createdate"][:10])), not days


def months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, 28))


def due(account: Portal, on: date, months: int, never_answered: int) -> set[str]:
    found = set()
    for person in account.live["contacts"]:
        silence = silent_since(account, person)
        if silence and silence[0] <= months_before(on, never_answered if silence[1] else months):
            found.add(str(person.id))
    return found


def to_archive(account: Portal, day: int) -> set[str]:
    extra = {account.cast[part] for part in ON_TOP}
    return due(account, FIRST_DAY + timedelta(days=day), 21, 9) - extra


def test_about_three_hundred_are_to_be_reviewed_on_the_first_day(account: Portal):
    assert 280 <= len(due(account, FIRST_DAY, 12, 8)) <= 320


def test_fifteen_go_in_the_first_wave_and_twenty_five_in_the_second(account: Portal):
    first = to_archive(account, 0)
    assert len(first) == 15
    assert to_archive(account, 31) == first
    assert len(to_archive(account, 116)) == 40
    assert to_archive(account, 140) == to_archive(account, 116)


def test_some_of_the_first_wave_never_answered_at_all(account: Portal):
    people = [account.record("contacts", int(id_)) for id_ in to_archive(account, 0)]
    never = [one for one in people if (silent_since(account, one) or (None, False))[1]]
    assert len(never) == 5
    assert all(one.properties["hs_object_source_detail_1"].startswith("https://") for one in never)


def test_the_cast_plays_its_parts(account: Portal):
    cast, first_wave = account.cast, due(account, FIRST_DAY, 21, 9)
    assert {cast["hold"], cast["replier"], cast["timed_out"], cast["unclear"]} <= first_wave
    assert cast["second_wave"] in to_archive(account, 116) - first_wave
    assert silent_since(account, account.record("contacts", int(cast["customer"]))) is None
    assert not {cast["objector"], cast["erasure"], cast["requester"]["id"]} & due(account, FIRST_DAY, 12, 8)
    assert account.find("contacts", cast["requester"]["email"], "email").id == int(cast["requester"]["id"])


def test_the_replier_has_no_colleague_to_protect(account: Portal):
    replier = account.record("contacts", int(account.cast["replier"]))
    (company,) = neighbours(account, replier, "companies")
    assert neighbours(account, company, "contacts") == [replier]


def test_it_is_the_funnel_it_says_it_is(account: Portal):
    sizes = {kind: len(shelf) for kind, shelf in account.live.items()}
    activities = sum(sizes[kind] for kind in ("emails", "calls", "meetings", "communications", "notes", "tasks"))
    assert sizes["contacts"] == 2_000
    assert 540 <= sizes["companies"] <= 660
    assert 3 <= activities / 2_000 <= 5
    sources = {one.properties["hs_object_source"] for one in account.live["contacts"]}
    assert sources == {"IMPORT", "CRM_UI", "FORM", "EMAIL", "INTEGRATION", "MIGRATION"}


def test_nobody_in_it_can_exist(account: Portal):
    addresses = [one.properties["email"] for one in account.live["contacts"]]
    assert all(address.endswith(".example.se") and address.isascii() for address in addresses)


def test_everything_happened_before_the_first_moment(account: Portal):
    for shelf in account.live.values():
        assert all(record.created_ms < account.clock.now_ms() for record in shelf)


def test_it_is_varied_enough_to_be_measured_against(account: Portal):
    def values(kind: str, name: str) -> set[str | None]:
        return {record.properties.get(name) for record in account.live[kind]}

    assert all(len(account.live[kind]) > 50 for kind in (*ENGAGEMENTS, "companies", "deals", "tickets"))
    assert values("emails", "hs_email_status") == {"SENT", "BOUNCED"}
    assert values("communications", "hs_communication_channel_type") == {"WHATS_APP", "SMS", "LINKEDIN_MESSAGE"}
    assert values("contacts", "lifecyclestage") == {"lead", "opportunity", "customer", "other"}
    assert max(len(neighbours(account, person, "companies")) for person in account.live["contacts"]) == 2
    assert any(person.updated_ms > person.created_ms for person in account.live["contacts"])


def test_whoever_came_by_a_form_has_sent_one_in(account: Portal):
    by_form = {one.properties["email"] for one in account.live["contacts"] if one.actor.source == "FORM"}
    assert {sent.email for sent in account.form_book.submissions} == by_form
    assert {sent.form_id for sent in account.form_book.submissions} == set(account.form_book.forms)


@pytest.mark.parametrize("contacts", [10, 60, 333])
def test_any_size_has_the_cast(contacts: int):
    portal = Portal()
    populate(portal, contacts, 5)
    assert len(portal.live["contacts"]) == contacts
    assert len(portal.cast) == 9


def test_the_same_seed_makes_the_same_account():
    accounts = [Portal(), Portal()]
    for account in accounts:
        populate(account, 80, 4)
    first, second = ([asdict(r) for shelf in account.live.values() for r in shelf] for account in accounts)
    assert first == second


def test_what_the_population_enters_unchecked_would_pass_every_check():
    portal = Portal()
    populate(portal, 200, 2)
    for shelf in portal.live.values():
        for record in shelf:
            assert portal.checked(record.kind, record.properties, record, trusted=True) == record.properties
