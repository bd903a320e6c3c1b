"""Proof over made-up lives: a manual tag is never overwritten, and lost or doubled webhooks leave no trace."""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crm_gdpr.addons.provenance.handlers import company_changed, contact_changed, tag_waiting
from crm_gdpr.addons.provenance.scanning import tag_everyone
from crm_gdpr.addons.provenance.tagging import TAGS
from crm_gdpr.emulator import Portal
from crm_gdpr.emulator.actor import imported, user
from crm_gdpr.emulator.deliveries import Trouble
from crm_gdpr.emulator.errors import Refusal
from crm_gdpr.env import Env, Event

KIM = user(9002)
CHOICES = ("inbound", "website", "customer", "other")
DONE = ("edit", "choose", "merge", "archive", "restore", "reimport", "customer")
STEPS = st.lists(st.tuples(st.sampled_from(DONE), st.integers(0, 2), st.sampled_from(CHOICES), st.booleans()))
LIVES = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Life:
    """A few contacts of one company and what people do to them; `chosen` is what must stand."""

    def __init__(self, portal: Portal, env: Env, number: int) -> None:
        self.portal, self.env, self.number = portal, env, number
        self.firm = portal.add_company()
        self.people = [self._add(n) for n in range(3)]
        self.chosen: dict[str, str] = {}

    def _add(self, n: int) -> str:
        address = f"p{n}.{self.number}@firm.example.com"
        jane = self.portal.add_contact(email=address, company="Firman AB", hs_object_source=("FORM", "EMAIL")[n % 2])
        self.portal.link(("contacts", jane), ("companies", self.firm))
        return jane

    def hear(self, *contacts: str, lost: bool, of: str | None = None) -> None:
        self.portal.advance(seconds=5)
        told = Event(type="contact.propertyChange", object_id="", occurred_ms=1, property_name=of)
        for jane in () if lost else contacts:
            contact_changed(self.env, [replace(told, object_id=jane)])
        tag_waiting(self.env)

    def step(self, what: str, who: int, source: str, lost: bool) -> None:
        jane = self.people[who]
        with suppress(Refusal):
            getattr(self, what)(jane, who, source)
        self.hear(*{*self.people, jane}, lost=lost)

    def edit(self, jane: str, who: int, source: str) -> None:
        self.portal.edit("contacts", jane, actor=KIM, jobtitle=source)

    def choose(self, jane: str, who: int, source: str) -> None:
        """Choosing what is there already is no edit: HubSpot tells nobody, and it stays ours."""
        if self.portal.is_live(jane) and self.portal.value("contacts", jane, "gdpr_source") != source:
            self.portal.edit("contacts", jane, actor=KIM, gdpr_source=source)
            self.chosen[jane] = source

    def merge(self, jane: str, who: int, source: str) -> None:
        other = self.people[(who + 1) % 3]
        survivor = str(self.portal.merge("contacts", jane, other).id)
        mine = self.chosen.pop(jane, None)
        theirs = self.chosen.pop(other, None)
        if mine:
            self.chosen[survivor] = mine
        elif theirs and self.portal.value("contacts", survivor, "gdpr_source") == theirs:
            self.chosen[survivor] = theirs
        self.people = [survivor if one in (jane, other) else one for one in self.people]

    def archive(self, jane: str, who: int, source: str) -> None:
        self.portal.archive("contacts", jane)

    def restore(self, jane: str, who: int, source: str) -> None:
        self.portal.restore("contacts", jane)

    def reimport(self, jane: str, who: int, source: str) -> None:
        """An import writes its own source over whatever stands; that much is heard of."""
        if self.portal.is_live(jane):
            self.portal.advance(seconds=5)
            self.portal.edit("contacts", jane, actor=imported("77", "lista.csv"), lastname=source, gdpr_source=source)
            self.hear(jane, lost=False, of="gdpr_source")

    def customer(self, jane: str, who: int, source: str) -> None:
        self.portal.edit("companies", self.firm, gdpr_customer="true")


def test_whatever_happens_a_manual_tag_is_never_overwritten(portal: Portal, env: Env):
    numbers = iter(range(1_000))

    @LIVES
    @given(STEPS)
    @example([("choose", 0, "inbound", True), ("reimport", 0, "website", False)])  # the choice was never heard of
    def holds(steps: list[tuple[str, int, str, bool]]) -> None:
        life = Life(portal, env, next(numbers))
        life.hear(*life.people, lost=False)
        for step in steps[:8]:
            life.step(*step)
            stands(life)
        life.hear(*life.people, lost=False)
        stands(life)

    def stands(life: Life) -> None:
        for jane, source in life.chosen.items():
            if portal.is_live(jane):
                assert portal.value("contacts", jane, "gdpr_source") == source

    holds()
    tag_everyone(env)


def cohort(portal: Portal, name: str, size: int) -> tuple[list[str], list[str], list[tuple[str, str]]]:
    """The same people and companies under another name, and what HubSpot would say of them."""
    firms = [portal.add_company(name=f"{name} {n} AB") for n in range(size // 4)]
    people, told = [], []
    for n in range(size):
        source = ("FORM", "EMAIL", "MIGRATION", "CRM_UI")[n % 4]
        detail = {"hs_object_source_detail_1": "https://example.com/om", "jobtitle": "CTO"} if n % 4 == 3 else {}
        values = {"hs_object_source": source, "hs_object_source_id": "7", "createdate": "2026-10-05T08:00:00Z"}
        jane = portal.add_contact(email=f"p{n}@{name}.example.com", **values, **detail)
        portal.link(("contacts", jane), ("companies", firms[n // 4 % len(firms)]))
        people.append(jane)
        told.append(("contact", jane))
    return people, firms, told


def later(portal: Portal, people: list[str], firms: list[str]) -> list[tuple[str, str]]:
    """What happens after the first tags: companies become customers, people decide."""
    for firm in firms[::2]:
        portal.edit("companies", firm, gdpr_customer="true")
    for jane in people[::5]:
        portal.edit("contacts", jane, actor=KIM, gdpr_class="sole_trader")
    return [*(("company", firm) for firm in firms[::2]), *(("contact", jane) for jane in people[::5])]


def say(env: Env, told: list[tuple[str, str]]) -> None:
    for kind, id_ in told:
        handler = contact_changed if kind == "contact" else company_changed
        handler(env, [Event(type=f"{kind}.propertyChange", object_id=id_, occurred_ms=1)])
        if len(told) < 50 or int(id_) % 7 == 0:
            tag_waiting(env)
    tag_waiting(env)


def tags(portal: Portal, people: list[str]) -> list[dict[str, str | None]]:
    return [{name: portal.value("contacts", jane, name) or "" for name in TAGS} for jane in people]


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow), pytest.param(3, marks=pytest.mark.slow)])
def test_lost_doubled_late_and_shuffled_webhooks_leave_the_same_tags(portal: Portal, env: Env, seed: int):
    chance = random.Random(seed)  # noqa: S311 - made-up trouble, nothing secret
    portal.clock.stop(portal.clock.now_ms())
    good, bad = cohort(portal, "good", 24), cohort(portal, "bad", 24)
    say(env, good[2])
    first = [fact for fact in bad[2] for _ in range(chance.choice((1, 1, 2))) if chance.random() > 0.05]
    chance.shuffle(first)
    late, now = first[:8], first[8:]
    say(env, now)
    then = later(portal, good[0], good[1])
    worse = later(portal, bad[0], bad[1])
    say(env, then)
    mixed = [fact for fact in (*worse, *worse, *late) if chance.random() > 0.05]
    chance.shuffle(mixed)
    say(env, mixed)
    faultless = tags(portal, good[0])
    tag_everyone(env)
    assert tags(portal, bad[0]) == faultless
    assert tags(portal, good[0]) == faultless


def test_at_the_front_door_too_lost_and_doubled_deliveries_leave_the_same_tags(portal, env, emulator, settle):
    portal.clock.stop(portal.clock.now_ms())
    worlds = {}
    for name, trouble in (("good", Trouble()), ("bad", Trouble(duplicate=0.5, drop=0.5))):
        emulator.webhooks.trouble = trouble
        worlds[name], firms, _ = cohort(portal, name, 12)
        settle()
        for jane in worlds[name][1::4]:
            portal.add_deal(contacts=[jane], dealstage="closedwon")
        settle()
        later(portal, worlds[name], firms)
        settle()
        for act in (portal.archive, portal.restore):
            act("contacts", worlds[name][2])
            settle()
    emulator.webhooks.trouble = Trouble()
    faultless = tags(portal, worlds["good"])
    tag_everyone(env)
    assert tags(portal, worlds["bad"]) == faultless
    assert tags(portal, worlds["good"]) == faultless
    assert {"customer", "website", "inbound", "outreach", "unknown"} >= {each["gdpr_source"] for each in faultless}
