"""Whatever is done in whatever order, the account keeps its promises."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from crm_gdpr.emulator import Portal
from crm_gdpr.emulator.actor import SALES
from crm_gdpr.emulator.errors import NotFound, Refusal
from crm_gdpr.emulator.kinds import KINDS
from crm_gdpr.emulator.switches import CHOICES
from crm_gdpr.emulator.unique import held

ADDRESSES = st.sampled_from(["anna@example.se", "bo@example.se", "cia@example.se"])
KEEPING, ARCHIVED = (st.sampled_from(CHOICES[name]) for name in ("merge_keeps", "purge_archived"))


class Lifetimes(RuleBasedStateMachine):
    """People come, are spoken with, go to the bin, come back, and are erased."""

    people = Bundle("people")

    def __init__(self) -> None:
        super().__init__()
        self.portal = Portal()
        self.gone: set[str] = set()
        self.heirs: dict[str, str] = {}
        self.company, self.other = self.portal.add_company(), self.portal.add_company(name="Andra AB")

    @initialize(new=st.booleans(), stays=st.booleans(), go=st.booleans(), keeps=KEEPING, archived=ARCHIVED)
    def undocumented(self, new: bool, stays: bool, go: bool, keeps: str, archived: str) -> None:
        """Whatever HubSpot leaves unsaid, the promises hold."""
        self.portal.switches = self.portal.switches.changed(
            merge_makes_new_record=new,
            old_address_stays=stays,
            lonely_activities_go=go,
            merge_keeps=keeps,
            purge_archived=archived,
        )

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

    @rule(person=people, kind=st.sampled_from(["email", "note", "task", "meeting"]))
    def log(self, person: str, kind: str) -> None:
        if self.portal.is_live(person):
            self.portal.log(kind, [person])

    @rule(person=people, first=st.booleans())
    def join_a_company(self, person: str, first: bool) -> None:
        company = self.company if first else self.other
        if self.portal.is_live(person) and self.portal.is_live(company):
            self.portal.link(("contacts", person), ("companies", company))

    @rule(person=people, first=st.booleans())
    def leave_a_company(self, person: str, first: bool) -> None:
        company = self.company if first else self.other
        if self.portal.is_live(person) and self.portal.is_live(company):
            self.portal.dissociate(("contacts", int(person)), ("companies", int(company)), actor=SALES)

    @rule()
    def merge_the_companies(self) -> None:
        if self.portal.is_live(self.company) and self.portal.is_live(self.other):
            self.company = str(self.portal.merge("companies", self.company, self.other).id)
            self.other = self.portal.add_company(name="Tredje AB")

    @rule()
    def throw_the_other_company_away_or_bring_it_back(self) -> None:
        move = self.portal.archive if self.portal.is_live(self.other) else self.portal.restore
        if not self.portal.is_gone(self.other):
            move("companies", self.other)

    @rule()
    def come_back_to_this_moment(self) -> None:
        self.portal.restore_snapshot(self.portal.snapshot())

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
        accepted = self.portal.is_archived(person) and self.portal.switches.purge_archived == "accept"
        if self.portal.is_live(person) or accepted:
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
        self.heirs |= {old: survivor for old in (one, other) if old != survivor}
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
    def no_address_is_shared_or_held_twice(self) -> None:
        every = [address for r in self.portal.live["contacts"] for address in held(r, "email")]
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
            for name in ("firstname", "email", "lifecyclestage"):
                versions = record.history(name)
                assert (versions[0].value if versions else "") == record.properties.get(name, "")

    @invariant()
    def associations_lead_to_live_records_and_back(self) -> None:
        filled = [kind for kind, shelf in self.portal.live.items() if len(shelf)]
        for kind in filled:
            for record in self.portal.live[kind]:
                for to_kind in filled:
                    for id_ in self.portal.associated(record, to_kind):
                        other = self.portal.record(to_kind, id_)
                        assert record.id in self.portal.associated(other, kind)

    @invariant()
    def the_roll_up_counts_what_was_had(self) -> None:
        for record in self.portal.live["contacts"]:
            had = sum(len(self.portal.associated(record, kind)) for kind in ("calls", "emails", "meetings"))
            assert record.properties["num_contacted_notes"] == str(had)

    @invariant()
    def the_primary_company_is_one_that_is_there_or_in_the_bin_and_the_property_says_so(self) -> None:
        for record in self.portal.live["contacts"]:
            primary = self.portal.primary_company(("contacts", record.id))
            assert record.properties.get("associatedcompanyid") == (None if primary is None else str(primary))
            assert primary is None or not self.portal.is_gone(str(primary))
            assert sum(1 in types for types in self.portal.associated(record, "companies").values()) <= 1

    @invariant()
    def nothing_points_at_the_gone(self) -> None:
        for person in self.gone:
            assert not list(self.portal.links.everything(("contacts", int(person))))

    @invariant()
    def an_activity_is_somewhere_and_goes_only_if_the_switch_says_so(self) -> None:
        for kind in ("notes", "emails", "meetings"):
            assert self.portal.switches.lonely_activities_go or not len(self.portal.bin[kind])

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
