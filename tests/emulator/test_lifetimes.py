"""Whatever is done in whatever order, the account keeps its promises."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from crm_gdpr.emulator import Portal
from crm_gdpr.emulator.errors import NotFound, Refusal
from crm_gdpr.emulator.kinds import KINDS

ADDRESSES = st.sampled_from(["anna@example.se", "bo@example.se", "cia@example.se"])


class Lifetimes(RuleBasedStateMachine):
    """People come, are spoken with, go to the bin, come back, and are erased."""

    people = Bundle("people")

    def __init__(self) -> None:
        super().__init__()
        self.portal = Portal()
        self.gone: set[str] = set()
        self.company = self.portal.add_company()

    @rule(target=people, address=ADDRESSES)
    def add(self, address: str) -> str:
        try:
            return self.portal.add_contact(email=address)
        except Refusal:
            return self.portal.add_contact(firstname="Utan adress")

    @rule(person=people)
    def speak(self, person: str) -> None:
        if self.portal.is_live(person):
            self.portal.log("call", [person], [self.company])

    @rule(person=people)
    def join_the_company(self, person: str) -> None:
        if self.portal.is_live(person):
            self.portal.link(("contacts", person), ("companies", self.company))

    @rule(person=people)
    def archive(self, person: str) -> None:
        if self.portal.is_live(person):
            self.portal.archive("contacts", person)

    @rule(person=people)
    def restore(self, person: str) -> None:
        if self.portal.is_archived(person):
            try:
                self.portal.restore("contacts", person)
            except Refusal:
                assert self.portal.is_archived(person)

    @rule(person=people)
    def purge(self, person: str) -> None:
        if self.portal.is_live(person):
            self.portal.purge(person)
            self.gone.add(person)

    @rule(days=st.integers(1, 60))
    def wait(self, days: int) -> None:
        binned = {str(record.id) for record in self.portal.bin["contacts"]}
        self.portal.advance(days=days)
        self.gone |= {person for person in binned if self.portal.is_gone(person)}

    @invariant()
    def the_gone_stay_gone(self) -> None:
        assert all(self.portal.is_gone(person) for person in self.gone)

    @invariant()
    def nobody_is_in_two_places(self) -> None:
        for kind in KINDS:
            assert not {r.id for r in self.portal.live[kind]} & {r.id for r in self.portal.bin[kind]}

    @invariant()
    def an_address_has_one_live_holder_and_is_found(self) -> None:
        held = [r.properties["email"] for r in self.portal.live["contacts"] if "email" in r.properties]
        assert len(held) == len(set(held))
        for address in held:
            assert self.portal.find("contacts", address, "email").properties["email"] == address

    @invariant()
    def associations_lead_to_live_records_and_back(self) -> None:
        for kind in KINDS:
            for record in self.portal.live[kind]:
                for to_kind in KINDS:
                    for id_ in self.portal.associated(record, to_kind):
                        other = self.portal.record(to_kind, id_)
                        assert record.id in self.portal.associated(other, kind)

    @invariant()
    def the_roll_up_counts_the_calls(self) -> None:
        for record in self.portal.live["contacts"]:
            calls = len(self.portal.associated(record, "calls"))
            assert record.properties["num_contacted_notes"] == str(calls)

    @invariant()
    def an_erased_person_cannot_be_read(self) -> None:
        for person in self.gone:
            for archived in (True, False):
                with pytest.raises(NotFound):
                    self.portal.find("contacts", person, archived=archived)


TestLifetimes = Lifetimes.TestCase
TestLifetimes.settings = settings(
    max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
