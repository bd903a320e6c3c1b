"""Whatever is done in whatever order, the account keeps its promises."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from crm_gdpr.emulator import Portal
from crm_gdpr.emulator.actor import SALES
from crm_gdpr.emulator.errors import NotFound, Refusal
from crm_gdpr.emulator.kinds import KINDS
from crm_gdpr.emulator.unique import held

ADDRESSES = st.sampled_from(["anna@example.se", "bo@example.se", "cia@example.se"])


class Lifetimes(RuleBasedStateMachine):
    """People come, are spoken with, go to the bin, come back, and are erased."""

    people = Bundle("people")

    def __init__(self) -> None:
        super().__init__()
        self.portal = Portal()
        self.gone: set[str] = set()
        self.heirs: dict[str, str] = {}
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

    @rule(address=ADDRESSES)
    def erase_by_address(self, address: str) -> None:
        """Whoever has the address as the first goes; an address nobody has is blocked all the same."""
        holders = {str(r.id) for r in self.portal.live["contacts"] if r.properties.get("email") == address}
        self.portal.gdpr_delete(address, "email", actor=SALES)
        assert address in self.portal.blocklist
        self.gone |= holders

    @rule(target=people, one=people, other=people)
    def merge(self, one: str, other: str) -> str:
        if one == other or not self.portal.is_live(one) or not self.portal.is_live(other):
            return one
        survivor = str(self.portal.merge("contacts", one, other).id)
        self.heirs |= {one: survivor, other: survivor}
        return survivor

    @rule(one=people, other=people)
    def associate(self, one: str, other: str) -> None:
        if one != other and self.portal.is_live(one) and self.portal.is_live(other):
            self.portal.link(("contacts", one), ("contacts", other))

    @rule(person=people, name=st.sampled_from(["Anna", "Bo", ""]))
    def rename(self, person: str, name: str) -> None:
        if self.portal.is_live(person):
            self.portal.edit("contacts", person, firstname=name)

    @rule(person=people, address=ADDRESSES)
    def move(self, person: str, address: str) -> None:
        if self.portal.is_live(person):
            with suppress(Refusal):
                self.portal.edit("contacts", person, email=address)

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
    def no_address_is_shared(self) -> None:
        every = [address for r in self.portal.live["contacts"] for address in set(held(r, "email"))]
        assert len(every) == len(set(every))

    @invariant()
    def old_ids_lead_to_who_they_became(self) -> None:
        for old, heir in self.heirs.items():
            while heir in self.heirs:
                heir = self.heirs[heir]
            assert not self.portal.is_live(old)
            if self.portal.is_live(heir):
                found = self.portal.find("contacts", old)
                assert str(found.id) == heir
                assert old in found.properties["hs_merged_object_ids"].split(";")

    @invariant()
    def history_begins_with_what_is_there(self) -> None:
        for record in self.portal.live["contacts"]:
            versions = record.history("firstname")
            assert (versions[0].value if versions else "") == record.properties.get("firstname", "")

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
