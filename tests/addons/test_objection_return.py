"""Stories: a no outlives the record.  Erased, merged, restored or imported again, the person is known."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_gdpr.addons.objection import taking
from crm_gdpr.addons.objection.scan import scan_fully
from crm_gdpr.addons.objection.taking import object_to
from crm_gdpr.emulator.actor import SALES, Actor, app, form, imported, mail
from crm_gdpr.emulator.faults import Fault
from crm_gdpr.sync import HubSpotError
from tests.addons.door import has_no_way, night, notes, papers, tasks
from tests.addons.nights import told

NEWS = 1_104
JANE, MOBILE = "jane@example.com", "070-174 06 05"
BACK_BY_OTHERS = {
    "an import": imported("77"),
    "an app": app(99, "sync"),
    "a colleague": SALES,
    "nobody known": Actor(""),
}
BACK_THEMSELVES = {"a form": form("f-1"), "a mail": mail("hej@example.se"), "a chat": Actor("CONVERSATIONS", "1")}


@pytest.fixture
def gone(portal, env, settle):
    """Jane said no, and was then erased for good."""
    jane = portal.add_contact(email=JANE, mobilephone=MOBILE)
    settle()
    object_to(env, jane, how="phone", by="kim", on=env.today())
    settle()
    portal.purge(jane)
    portal.blocklist.clear()  # HubSpot's own list stops some ways back; ours must not need it
    settle()
    return jane


@pytest.mark.parametrize("way", BACK_BY_OTHERS)
def test_who_said_no_and_is_brought_back_is_quarantined_and_never_deleted(portal, env, gone, settle, way):
    owner = portal.add_owner("kim@example.se", "Kim", "Ek")
    back = portal.add_contact(actor=BACK_BY_OTHERS[way], email="Jane+lead@Example.com", hubspot_owner_id=owner)
    settle()
    assert portal.is_live(back)
    assert not portal.value("contacts", back, "hubspot_owner_id")
    assert portal.value("contacts", back, "gdpr_quarantined_on") == env.today().isoformat()
    assert portal.value("contacts", back, "gdpr_objected_on") == env.store.objections.get(1).objected_on.isoformat()
    assert has_no_way(portal, "jane+lead@example.com")
    assert any("Sagt nej tidigare" in subject for subject in tasks(portal, back))
    assert any("no owner" in body.lower() for body in papers(portal, back, "tasks", "hs_task_body"))
    assert "objection.quarantined" in told(env, back)
    assert notes(portal, back) == []


@pytest.mark.parametrize("way", BACK_THEMSELVES)
def test_who_comes_back_by_themselves_is_answered_and_only_marketing_stays_blocked(portal, env, gone, settle, way):
    owner = portal.add_owner("kim@example.se", "Kim", "Ek")
    back = portal.add_contact(actor=BACK_THEMSELVES[way], email=JANE, hubspot_owner_id=owner)
    answer = portal.log("task", [back], hs_task_type="CALL", hs_task_subject="Ring upp")
    settle()
    assert portal.value("contacts", back, "hubspot_owner_id") == owner
    assert not portal.value("contacts", back, "gdpr_quarantined_on")
    assert portal.value("contacts", back, "gdpr_objected_on")
    assert has_no_way(portal)
    assert portal.value("tasks", answer, "hs_task_status") == "NOT_STARTED"
    assert "Answer what they ask" in notes(portal, back)[0]
    assert "objection.returned" in told(env, back)


def test_an_import_of_hundreds_costs_a_reading_for_each_hundred(portal, env, gone, emulator, settle):
    back = portal.add_contact(actor=imported("77"), email=JANE)
    for number in range(149):
        portal.add_contact(actor=imported("77"), email=f"import{number}@example.com")
    everyone = [str(record.id) for record in portal.live["contacts"]]
    env.store.lists.add("objection.contacts", everyone, at=env.clock.now())
    emulator.guard.calls.clear()
    env.registry.jobs["objection.meet_waiting"].run(env)
    calls = [path for (_, path, _), count in emulator.guard.calls.items() for _ in range(count)]
    assert sum(path.endswith("/<kind>/batch/read") for path in calls) == 2
    assert not any(path.endswith("/<kind>/<id_>") for method, path, _ in emulator.guard.calls if method == "GET")
    settle()
    assert portal.value("contacts", back, "gdpr_quarantined_on")


def test_the_mobile_number_tells_without_an_address(portal, gone, settle):
    back = portal.add_contact(actor=imported("77"), phone="+46 (0)70 174 06 05")
    settle()
    assert portal.value("contacts", back, "gdpr_quarantined_on")


def test_somebody_else_is_left_alone(portal, env, gone, settle):
    other = portal.add_contact(actor=imported("77"), email="john@example.com", phone="070-174 06 06")
    settle()
    assert not portal.value("contacts", other, "gdpr_objected_on")
    assert env.store.objections.of([other]) == []


def test_a_colleague_on_the_same_number_is_left_alone(portal, env, settle):
    jane = portal.add_contact(email=JANE, phone="08-123 456 78", mobilephone=MOBILE)
    settle()
    object_to(env, jane, how="phone", by="kim")
    colleague = portal.add_contact(email="john@example.com", phone="+46 8 123 456 78", mobilephone=MOBILE)
    nameless = portal.add_contact(phone="08 12345678")
    settle()
    assert not portal.value("contacts", colleague, "gdpr_quarantined_on")
    assert portal.value("contacts", nameless, "gdpr_quarantined_on")


def test_someone_who_simply_timed_out_is_not_suppressed(portal, env, settle):
    portal.archive("contacts", portal.add_contact(email=JANE))
    portal.advance(days=91)
    settle()
    back = portal.add_contact(actor=imported("77"), email=JANE)
    night(env, settle)
    assert env.store.suppression.count() == 0
    assert not portal.value("contacts", back, "gdpr_quarantined_on")


def test_an_address_given_to_another_contact_brings_the_no_along(portal, gone, settle):
    blank = portal.add_contact(firstname="Jane")
    settle()
    assert not portal.value("contacts", blank, "gdpr_objected_on")
    portal.edit("contacts", blank, email=JANE)
    settle()
    assert portal.value("contacts", blank, "gdpr_quarantined_on")


def test_a_second_person_is_released_once_and_stays_so(portal, env, gone, settle):
    back = portal.add_contact(actor=imported("77"), mobilephone=MOBILE)
    settle()
    assert portal.value("contacts", back, "gdpr_quarantined_on")
    portal.edit("contacts", back, email="other@example.com")
    settle()
    taking.release(env, 1, back, by="sam")
    settle()
    night(env, settle)
    portal.edit("contacts", back, phone="070-174 06 07")
    settle()
    assert not portal.value("contacts", back, "gdpr_quarantined_on")
    assert not portal.value("contacts", back, "gdpr_objected_on")
    assert "objection.released" in told(env, back)
    portal.purge(back)
    portal.blocklist.clear()
    again = portal.add_contact(actor=imported("77"), email="other@example.com")
    settle()
    assert not portal.value("contacts", again, "gdpr_quarantined_on"), "the address is somebody else's"


def test_an_owner_given_in_quarantine_is_taken_back_in_the_night(portal, env, gone, settle):
    back = portal.add_contact(actor=imported("77"), email=JANE)
    settle()
    portal.edit("contacts", back, hubspot_owner_id=portal.add_owner("kim@example.se", "Kim", "Ek"))
    night(env, settle)
    assert not portal.value("contacts", back, "hubspot_owner_id")


def test_an_edit_of_the_quarantine_is_put_back_at_once(portal, env, gone, settle):
    back = portal.add_contact(actor=imported("77"), email=JANE)
    settle()
    why = portal.value("contacts", back, "gdpr_quarantine_why")
    owner = portal.add_owner("kim@example.se", "Kim", "Ek")
    portal.edit("contacts", back, gdpr_quarantined_on="", gdpr_quarantine_why="", hubspot_owner_id=owner)
    settle()
    assert portal.value("contacts", back, "gdpr_quarantined_on") == env.today().isoformat()
    assert portal.value("contacts", back, "gdpr_quarantine_why") == why
    assert not portal.value("contacts", back, "hubspot_owner_id")
    assert "objection.put_back" in told(env, back)


def test_nobody_is_released_who_is_not_in_quarantine(env, portal, settle):
    jane = portal.add_contact(email=JANE)
    object_to(env, jane, how="phone", by="kim")
    settle()
    with pytest.raises(taking.ObjectionRefused, match="not in quarantine"):
        taking.release(env, 1, jane, by="sam")
    assert env.store.suppression.count() == 1


def test_a_no_written_down_by_somebody_who_then_deletes_the_contact_is_kept(portal, env, settle):
    jane = portal.add_contact(email=JANE)
    settle()
    portal.edit("contacts", jane, gdpr_no_contact="no_contact")
    portal.archive("contacts", jane, actor=SALES)
    settle()
    (held,) = env.store.objections.of([jane])
    assert (held.channel, held.state, env.store.suppression.count()) == ("property", "holds", 1)
    assert env.store.work.failed() == []
    back = portal.add_contact(actor=imported("77"), email=JANE)
    settle()
    assert portal.value("contacts", back, "gdpr_quarantined_on")


def test_a_no_that_no_webhook_told_is_found_when_the_contact_is_deleted(portal, env, emulator, settle):
    jane = portal.add_contact(email=JANE)
    emulator.webhooks.trouble.drop = 1.0
    portal.unsubscribe_all(JANE)
    settle()
    emulator.webhooks.trouble.drop = 0.0
    portal.archive("contacts", jane, actor=SALES)
    settle()
    assert [held.channel for held in env.store.objections.of([jane])] == ["unsubscribe"]


# The no arrives while somebody brings the person back


def test_a_no_from_the_recycle_bin_reaches_who_was_imported_meanwhile(portal, env, settle):
    jane = portal.add_contact(email=JANE)
    portal.archive("contacts", jane)
    back = portal.add_contact(actor=imported("77"), email=JANE)
    settle()
    assert not portal.value("contacts", back, "gdpr_quarantined_on")
    object_to(env, jane, how="link", by="the person")
    settle()
    assert portal.value("contacts", back, "gdpr_quarantined_on") == env.today().isoformat()
    assert has_no_way(portal)


def test_a_no_after_the_erasure_reaches_who_was_imported_meanwhile(portal, env, settle):
    jane = portal.add_contact(email=JANE)
    night(env, settle)
    digests = sorted(env.digests([("email", JANE)]))
    env.store.cases.open(contact_id=jane, subject="-", way="bin", frozen={"addresses": digests}, on=env.today())
    portal.purge(jane)
    portal.blocklist.clear()
    back = portal.add_contact(actor=imported("77"), email=JANE)
    settle()
    object_to(env, jane, how="link", by="the person")
    settle()
    assert portal.value("contacts", back, "gdpr_quarantined_on") == env.today().isoformat()


def test_the_night_after_a_no_finds_the_person_under_another_way_of_writing(portal, env, settle):
    jane, tagged = portal.add_contact(email=JANE), portal.add_contact(email="jane+fair@example.com")
    night(env, settle)
    portal.advance(days=20)
    env.queue.enqueue("objection.scan", "scan-before")
    settle()
    object_to(env, jane, how="phone", by="kim")
    settle()
    portal.advance(days=1)
    env.queue.enqueue("objection.scan", "scan-after")
    settle()
    assert portal.value("contacts", tagged, "gdpr_objected_on")
    assert has_no_way(portal, "jane+fair@example.com")


def test_a_no_undone_twice_in_a_day_is_done_again_by_each_scan(portal, env, work):
    jane = portal.add_contact(email=JANE)
    object_to(env, jane, how="phone", by="kim")
    work()
    scan_fully(env)
    for _ in range(2):
        portal.advance(minutes=90)
        portal.edit("contacts", jane, gdpr_objected_on="")
        scan_fully(env)
        work()
        assert portal.value("contacts", jane, "gdpr_objected_on")


# One that cannot be met keeps no other


def test_a_contact_that_cannot_be_met_holds_up_nobody_and_stays_on_the_list(portal, env, gone, emulator, settle):
    kim = portal.add_contact(email="kim@example.com")
    portal.unsubscribe_all("kim@example.com")
    settle()
    taking.withdraw(env, env.store.objections.of([kim])[0].id, by="sam", why="phoned")
    settle()
    back = portal.add_contact(actor=imported("77"), email=JANE)
    emulator.guard.faults.waiting.append(Fault(match="/unsubscribe-all", method="GET", status=400, times=1))
    env.store.lists.add("objection.contacts", [kim, back], at=env.clock.now())
    with pytest.raises(HubSpotError):
        env.registry.jobs["objection.meet_waiting"].run(env)
    assert [item.id for item in env.store.lists.waiting("objection.contacts", 9)] == [kim]
    assert [held.id for held in env.store.objections.of([back])] == [1]
    env.registry.jobs["objection.meet_waiting"].run(env)
    assert env.store.lists.count("objection.contacts") == 0


def test_when_the_no_is_withdrawn_the_one_who_came_back_is_let_out(portal, env, gone, settle):
    back = portal.add_contact(actor=imported("77"), email=JANE)
    settle()
    portal.advance(minutes=5)
    taking.withdraw(env, 1, by="sam", why="called and wants to hear from us")
    night(env, settle)
    assert not portal.value("contacts", back, "gdpr_quarantined_on")
    assert not portal.value("contacts", back, "gdpr_objected_on")


@pytest.mark.parametrize("new_id", [True, False], ids=["under a new id", "under the first id"])
@pytest.mark.parametrize("objector_first", [True, False])
def test_a_merge_carries_the_no_and_is_no_quarantine(portal, env, settle, new_id, objector_first):
    portal.switches = portal.switches.changed(merge_makes_new_record=new_id)
    jane, other = portal.add_contact(email=JANE), portal.add_contact(email="j.doe@example.com")
    settle()
    object_to(env, jane, how="phone", by="kim")
    settle()
    merged = portal.merge("contacts", *((jane, other) if objector_first else (other, jane)))
    settle()
    survivor = str(merged.id)
    assert portal.value("contacts", survivor, "gdpr_objected_on")
    assert not portal.value("contacts", survivor, "gdpr_quarantined_on")
    assert has_no_way(portal, str(portal.value("contacts", survivor, "email")))
    portal.purge(survivor)
    portal.blocklist.clear()
    settle()
    back = portal.add_contact(actor=imported("77"), email="j.doe@example.com")
    settle()
    assert portal.value("contacts", back, "gdpr_quarantined_on"), "the other address is the person's too"


def test_what_a_lost_webhook_missed_is_found_in_the_night(portal, env, gone, emulator, settle):
    emulator.webhooks.trouble.drop = 1.0
    back = portal.add_contact(actor=imported("77"), email=JANE)
    settle()
    assert not portal.value("contacts", back, "gdpr_quarantined_on")
    night(env, settle)
    assert portal.value("contacts", back, "gdpr_quarantined_on")


def test_a_no_that_the_night_itself_finds_is_known_for_those_met_before(portal, env, emulator, settle):
    emulator.webhooks.trouble.drop = 1.0
    twin = portal.add_contact(mobilephone=MOBILE)
    jane = portal.add_contact(email=JANE, mobilephone=MOBILE)
    portal.unsubscribe_all(JANE)
    night(env, settle)
    assert portal.value("contacts", jane, "gdpr_objected_on")
    assert portal.value("contacts", twin, "gdpr_quarantined_on")


# An objection is never lost

STEPS = (
    *("say no", "press the link", "edit", "merge", "archive", "restore", "erase", "import", "form"),
    *("clear the mark", "new address"),
)
LIVES = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 1)), min_size=2, max_size=6)
NUMBERS = count()


class World:
    """Two people, under whatever ids and addresses they have at the moment."""

    def __init__(self, portal, env, settle):
        self.portal, self.env, self.settle = portal, env, settle
        self.name = f"w{next(NUMBERS)}"
        self.addresses = {person: [f"{self.name}.{person}@example.com"] for person in (0, 1)}
        self.live, self.binned, self.said_no = {}, {}, set()
        for person in (0, 1):
            self.come(person, SALES, 0)
        self.told = dict(self.live)  # whose link stands in the notice they were sent
        settle()

    def come(self, person, actor, which):
        if person not in self.live:
            self.binned.pop(person, None)
            address = self.addresses[person][which % len(self.addresses[person])]
            self.live[person] = self.portal.add_contact(actor=actor, email=address)

    def another(self, person):
        new = f"{self.name}.{person}.{len(self.addresses[person])}@example.com"
        self.addresses[person].append(new)
        return new

    def do(self, what, person):
        if what in ("import", "form"):
            self.come(person, imported("77") if what == "import" else form("f-1"), len(self.addresses[person]) // 2)
        elif what == "press the link" and person in self.told:
            object_to(self.env, self.told[person], how="link", by="the person")
            self.said_no.add(person)
        elif what == "restore" and person in self.binned:
            self.live[person] = self.binned.pop(person)
            self.portal.restore("contacts", self.live[person])
        elif person in self.live and what not in ("restore", "press the link"):
            getattr(self, what.replace(" ", "_"))(person, self.live[person])
        self.settle()

    def say_no(self, person, mine):
        self.portal.edit("contacts", mine, gdpr_no_contact="no_contact")
        self.said_no.add(person)

    def edit(self, person, mine):
        self.portal.edit("contacts", mine, firstname="Edited", lifecyclestage="opportunity")

    def clear_the_mark(self, person, mine):
        self.portal.edit("contacts", mine, gdpr_objected_on="", gdpr_objected_how="", gdpr_no_contact="")

    def new_address(self, person, mine):
        self.portal.edit("contacts", mine, email=self.another(person))

    def merge(self, person, mine):
        twin = self.portal.add_contact(email=self.another(person))
        self.live[person] = str(self.portal.merge("contacts", mine, twin).id)

    def archive(self, person, mine):
        self.portal.archive("contacts", mine)
        self.binned[person] = self.live.pop(person)

    def erase(self, person, mine):
        self.portal.purge(mine)
        self.portal.blocklist.clear()
        del self.live[person]
        if self.told.get(person) == mine:
            del self.told[person]


def check_that_no_objection_is_lost(portal, env, settle, steps):
    world = World(portal, env, settle)
    for step in steps:
        world.do(*step)
        for person, contact_id in world.live.items():
            marked = bool(portal.value("contacts", contact_id, "gdpr_objected_on"))
            assert marked == (person in world.said_no), (step, steps)
            address = str(portal.value("contacts", contact_id, "email"))
            assert has_no_way(portal, address) == (person in world.said_no), (step, steps)


QUICK = settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
LONG = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@QUICK
@given(LIVES)
def test_an_objection_is_never_lost(portal, env, settle, steps):
    check_that_no_objection_is_lost(portal, env, settle, [("say no", 0), *steps])


@pytest.mark.slow
@LONG
@given(LIVES)
def test_an_objection_is_never_lost_over_many_lives(portal, env, settle, steps):
    check_that_no_objection_is_lost(portal, env, settle, steps)


# After one full scan lost webhooks have made no difference


def play(portal, env, emulator, settle, drop):
    """Live through the same, with a share of the deliveries lost; then one full scan."""
    name, before = f"play{drop}", [f"before{n}" for n in range(4)]
    at = {
        who: portal.add_contact(email=f"{name}.{who}@example.com") for who in (*before, *(f"p{n}" for n in range(12)))
    }
    settle()
    for who in before:
        object_to(env, at[who], how="phone", by="kim")
    settle()
    for who in before[:3]:
        portal.purge(at.pop(who))
    portal.blocklist.clear()
    settle()
    emulator.webhooks.trouble.drop = emulator.webhooks.trouble.duplicate = drop
    steps = [
        *(lambda who=who: at.update({who: portal.add_contact(actor=imported("7"), email=f"{name}.{who}@example.com")})
          for who in before[:2]),
        lambda: at.update(before2=portal.add_contact(actor=form("f"), email=f"{name}.before2@example.com")),
        *(lambda n=n: portal.edit("contacts", at[f"p{n}"], gdpr_no_contact="no_contact") for n in (0, 1)),
        *(lambda n=n: portal.unsubscribe_all(f"{name}.p{n}@example.com") for n in (2, 3)),
        *(lambda n=n: portal.unsubscribe(f"{name}.p{n}@example.com", NEWS) for n in (4, 5)),
        lambda: portal.edit("contacts", at["before3"], gdpr_objected_on="", gdpr_objected_how=""),
        lambda: at.update(before3=str(portal.merge("contacts", at.pop("p6"), at["before3"]).id)),
        lambda: portal.edit("contacts", at["p7"], gdpr_no_contact="on_grounds"),
        lambda: portal.edit("contacts", at["p8"], firstname="Nothing else"),
    ]  # fmt: skip
    for step in steps:
        step()
        settle()
    night(env, settle)
    emulator.webhooks.trouble.drop = emulator.webhooks.trouble.duplicate = 0
    names = ("gdpr_objected_on", "gdpr_quarantined_on", "gdpr_restricted", "hs_email_optout")
    seen = {}
    for who, contact_id in at.items():
        values = tuple(bool(portal.value("contacts", contact_id, one)) for one in names)
        carried = sorted((o.scope, o.about, o.state) for o in env.store.objections.of([contact_id]))
        seen[who] = (values, carried)
    return seen


def test_after_one_full_scan_lost_webhooks_have_made_no_difference(portal, env, emulator, settle):
    faultless = play(portal, env, emulator, settle, 0)
    assert sum(values[1] for values, _ in faultless.values()) == 2
    assert {who for who, (values, _) in faultless.items() if values[0]} == {
        *("before0", "before1", "before2", "before3", "p0", "p1", "p2", "p3")
    }
    assert play(portal, env, emulator, settle, 0.4) == faultless


@pytest.mark.slow
@pytest.mark.parametrize("drop", [0.05, 0.2, 0.8, 1.0])
def test_nor_have_they_at_any_share(portal, env, emulator, settle, drop):
    assert play(portal, env, emulator, settle, drop) == play(portal, env, emulator, settle, 0)
