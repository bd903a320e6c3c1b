"""The journal beside the store: whoever is killed where, what must last is in it, and comes back from it."""

from __future__ import annotations

import json
import os
import signal
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_gdpr.store import Store, appended, journal
from crm_gdpr.store.appended import Appended
from crm_gdpr.store.work import Item

DAY = date(2026, 11, 2)
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
NO = {"scope": "marketing", "about": "", "on": DAY, "channel": "phone", "by": "kim"}


@pytest.fixture
def beside(tmp_path) -> Path:
    return tmp_path / "files" / "journal-1.jsonl"


@pytest.fixture
def make(tmp_path, beside, migrated_store):
    """Make a store of a name over the one journal; the same name is the same store."""
    made = []

    def store(name="store"):
        file = tmp_path / f"{name}.db"
        if not file.exists():
            file.write_bytes(migrated_store.read_bytes())
        made.append(Store(f"sqlite:///{file}", beside))
        return made[-1]

    yield store
    for each in made:
        each.database.close()


@pytest.fixture(scope="module")
def migrated_store(tmp_path_factory):
    file = tmp_path_factory.mktemp("migrated") / "store.db"
    store = Store(f"sqlite:///{file}")
    store.database.migrate()
    store.database.close()
    return file


def say_no(store, contact, digest=None):
    number, _ = store.objections.take(contact, **NO)
    store.suppression.keep(number, [digest or f"d{contact}"])
    return number


def erased(store, contact, state="gone", **frozen):
    store.cases.open(contact_id=contact, subject=f"s{contact}", way="bin", frozen=frozen, on=DAY)
    store.cases.move(contact, state, DAY if state == "gone" else None)


def asked(store, **more):
    return store.requests.open(right="A15", received_on=DAY, due_on=DAY, **{"contact_id": "9", **more})


def lasting(store):
    """Everything that must last, as it stands."""
    by, states = store.objections.carried_by, ("frozen", "in_bin", "awaiting_bin", "restored", "gone", "closed")
    nos = [
        (replace(held, why=None), by(held.id), by(held.id, same=False), store.suppression.count(held.id))
        for held in store.objections.all()
    ]
    cases = {
        replace(case, id=0, frozen=json.dumps(case.frozen, sort_keys=True)) for case in store.cases.in_state(*states)
    }
    return (
        nos,
        cases,
        [(r.id, r.right, r.status, r.contact_id, r.ref, r.received_at) for r in store.requests.all()],
        store.work.overdue(1),
        [(errand.key, errand.task_id) for errand in store.errands.waiting("hold_asked")],
    )


def killed(store, act):
    """Let a process of its own do something that kills it; tell whether it did."""
    store.database.close()
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            act()
        os._exit(0)
    return os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL


def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)


def unreadable(*_):
    raise PermissionError


def peopled(store):
    say_no(store, "1")
    say_no(store, "2")
    store.objections.carry(1, "3", quarantined_on=DAY)
    store.objections.carry(1, "4", same=False)
    store.objections.end(2, state="withdrawn", on=DAY, by="kim", why="she says yes")
    store.suppression.lift(2)
    erased(store, "5", waits=["calls/1"], addresses=["d5"])
    erased(store, "6", "in_bin", own=["calls/2"])
    asked(store, ref="tickets/7", received_at=NOW)
    store.requests.change(asked(store), status="fulfilled", closed_on=DAY, outcome="sent", outcome_why="secret")
    store.errands.open("hold_asked", "hold-asked-9", owner_id="77", on=DAY, contact_id="9")
    store.errands.delivered(1, "501")
    store.errands.open("review", "review-9", owner_id="77", on=DAY, contact_id="9")
    store.work.add_many(
        [Item("k", "objection.take", "interactive", {"contact_id": "8"}, 0)], at=NOW, due_s=0, lasting=True
    )
    store.journal.mark(NOW)


def test_a_store_that_is_lost_gets_back_what_must_last(make):
    store, other = make(), make("other")
    store.suppression.check("fingerprint of the key")
    peopled(store)
    assert other.journal.catch_up()
    assert lasting(other) == lasting(store)
    assert other.suppression.fingerprint() == "fingerprint of the key"
    assert other.stages.get("6") == ("archive", DAY)
    older = other.journal.older()
    assert (older.since, older.until) == (None, "2026-11-02T09:00:00+00:00")
    assert older.back == {
        "objections": ["1", "2"],
        "cases": ["5", "6"],
        "requests": ["1", "2"],
        "errands": ["hold-asked-9"],
        "work": ["k"],
    }
    assert not other.journal.catch_up()
    assert not other.journal.is_behind()


def test_the_journal_says_nothing_that_a_person_wrote(make, beside):
    peopled(make())
    assert "secret" not in beside.read_text()
    assert "she says" not in beside.read_text()
    assert beside.stat().st_mode & 0o077 == 0


def test_what_comes_back_ends_no_objection_and_closes_no_request(make, tmp_path):
    store = make()
    say_no(store, "1")
    number = asked(store)
    copy = (tmp_path / "store.db", tmp_path / "copy.db")
    store.database.close()
    copy[1].write_bytes(copy[0].read_bytes())
    store.objections.carry(1, "2", same=False)
    store.objections.end(1, state="withdrawn", on=DAY, by="kim", why="yes")
    store.suppression.lift(1)
    store.requests.change(number, status="rejected", closed_on=DAY)
    older = make("copy")
    assert older.journal.catch_up()
    assert older.objections.get(1).in_force
    assert older.suppression.known(["d1"]) == {"d1": {1}}
    assert older.objections.carried_by(1, same=False) == []
    assert older.requests.get(number).is_open
    assert older.journal.older().again == {"objections": ["1"], "requests": [str(number)]}


def test_a_no_that_was_upheld_since_holds_for_everything(make, tmp_path):
    store = make()
    store.objections.take("1", **{**NO, "scope": "processing"})
    store.database.close()
    (tmp_path / "copy.db").write_bytes((tmp_path / "store.db").read_bytes())
    store.objections.end(1, state="upheld", on=DAY, by="sam", why="yes")
    older = make("copy")
    older.journal.catch_up()
    assert older.objections.get(1).state == "upheld"


def test_a_number_taken_meanwhile_stays_with_who_has_it(make, monkeypatch):
    """The journal could not be read while the older copy took a no of its own."""
    say_no(make(), "1")
    other = make("other")
    with monkeypatch.context() as broken:
        broken.setattr(Appended, "last", unreadable)
        other.objections.take("2", **{**NO, "channel": "mail"})
    other.journal.catch_up()
    assert {other.objections.get(n).channel: other.objections.carried_by(n) for n in (1, 2)} == {
        "mail": ["2"],
        "phone": ["1"],
    }
    assert other.suppression.known(["d1"]) == {"d1": {2}}


def test_a_request_that_its_message_has_opened_anew_is_not_there_twice(make):
    asked(make(), ref="tickets/7")
    other = make("other")
    other.database.close()
    with other.database.write() as connection:  # before anything noticed that this is an older copy
        connection.exec_driver_sql(
            "INSERT INTO requests (id, right, status, received_on, due_on, ref, paused_days) "
            "VALUES (5, 'A15', 'initiated', '2026-11-02', '2026-11-02', 'tickets/7', 0)"
        )
    other.journal.catch_up()
    assert [each.id for each in other.requests.all()] == [5]
    assert asked(other) == 6


KILLS = {
    "before the commit": (journal.Journal, "note"),
    "after the commit": (journal.Journal, "flush"),
    "before the line": (Appended, "append"),
    "after the line": (journal, "_settle"),
}


@pytest.mark.parametrize("when", KILLS)
def test_whoever_dies_over_a_no_leaves_store_and_journal_at_one(make, monkeypatch, when):
    store = make()
    say_no(store, "1")
    with monkeypatch.context() as deadly:
        deadly.setattr(*KILLS[when], die)
        assert killed(store, lambda: store.objections.take("2", **NO))
    assert not store.journal.is_ahead()
    say_no(store, "3")
    store.journal.mark(NOW)
    assert store.journal.older() is None
    assert store.journal.anew() is None
    rebuilt = make("rebuilt")
    rebuilt.journal.catch_up()
    assert lasting(rebuilt) == lasting(store)
    assert len(store.objections.all()) == (2 if when == "before the commit" else 3)


@pytest.mark.parametrize("kept", range(0, 400, 80))
def test_a_torn_line_is_passed_over_and_written_again(make, monkeypatch, beside, kept):
    store = make()
    say_no(store, "1")
    write = appended._write

    def torn(path, how, content):
        write(path, how, content[:kept])
        die()

    with monkeypatch.context() as deadly:
        deadly.setattr(appended, "_write", torn)
        assert killed(store, lambda: store.objections.take("2", **NO))
    assert not store.journal.is_ahead()
    store.journal.mark(NOW)
    rebuilt = make("rebuilt")
    rebuilt.journal.catch_up()
    assert lasting(rebuilt) == lasting(store)
    assert len(lasting(rebuilt)[0]) == 2


@pytest.mark.parametrize("when", [(Path, "replace"), (appended, "_sync"), (journal, "_settle")])
def test_whoever_dies_over_the_nightly_rewriting_loses_nothing(make, monkeypatch, when):
    store = make()
    peopled(store)
    with monkeypatch.context() as deadly:
        deadly.setattr(*when, die)
        assert killed(store, store.journal.rewrite)
    assert not store.journal.is_ahead()
    assert not store.journal.is_behind()
    rebuilt = make("rebuilt")
    rebuilt.journal.catch_up()
    assert lasting(rebuilt) == lasting(store)


def test_whoever_dies_over_putting_back_leaves_it_to_the_next(make, monkeypatch):
    store, other = make(), make("other")
    peopled(store)
    with monkeypatch.context() as deadly:
        deadly.setattr(journal, "put", die)
        assert killed(other, other.journal.catch_up)
    assert other.objections.all() == []
    assert other.journal.catch_up()
    assert lasting(other) == lasting(store)


def test_four_processes_write_one_journal(make):
    store = make()
    store.database.close()
    children = []
    for number in range(4):
        child = os.fork()
        if child == 0:
            code = 1
            with suppress(BaseException):
                mine = make()
                for each in range(4):
                    say_no(mine, f"{number}{each}")
                    mine.journal.mark(NOW) if each % 3 else mine.journal.rewrite()
                code = 0
            os._exit(code)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 4
    assert len(store.objections.all()) == 16
    rebuilt = make("rebuilt")
    rebuilt.journal.catch_up()
    assert lasting(rebuilt) == lasting(store)
    assert store.journal.anew() is None


@pytest.mark.parametrize("is_older", [False, True], ids=["gone", "an older copy"])
def test_a_journal_that_is_gone_or_older_is_written_anew_and_told(make, beside, is_older):
    store = make()
    say_no(store, "1")
    before = beside.read_bytes()
    say_no(store, "2")
    beside.unlink()
    if is_older:
        beside.write_bytes(before)
    assert store.journal.is_behind()
    say_no(store, "3")
    assert not store.journal.is_behind()
    assert store.journal.anew() == {"had": 2 if is_older else 0, "wanted": 4}
    assert store.journal.anew() is None
    rebuilt = make("rebuilt")
    rebuilt.journal.catch_up()
    assert lasting(rebuilt) == lasting(store)


class Life:
    """A store that lives on in spite of everything: what is done to it, and what must be true when it is lost."""

    def __init__(self, store):
        self.store = store

    def no(self, who):
        say_no(self.store, str(who))

    def joined(self, who):
        if self.store.objections.get(1) is None:
            return
        self.store.objections.carry(1, str(who))
        self.store.suppression.keep(1, [f"d{who}"])

    def released(self, who):
        if self.store.objections.get(1) is None:
            return
        self.store.objections.carry(1, str(who), same=False)
        self.store.suppression.drop(1, [f"d{who}"])

    def withdrawn(self, who):
        self.store.objections.end(who + 1, state="withdrawn", on=DAY, by="kim", why="yes")
        self.store.suppression.lift(who + 1)

    def archived(self, who):
        erased(self.store, str(who), "in_bin")

    def gone(self, who):
        erased(self.store, str(who), "gone")

    def asked(self, who):
        asked(self.store, contact_id=str(who))

    def answered(self, who):
        self.store.requests.change(who + 1, status="fulfilled", closed_on=DAY)

    def killed(self, who):
        """Dies after the commit, before the line."""
        self.store.journal.flush, flush = (lambda: None), self.store.journal.flush
        self.no(who)
        self.store.journal.flush = flush

    def night(self, _):
        self.store.journal.rewrite()

    def live(self, acts):
        for name, who in acts:
            getattr(self, name)(who)


ACTS = st.lists(
    st.tuples(st.sampled_from([name for name in vars(Life) if name[0] != "_" and name != "live"]), st.integers(0, 3)),
    max_size=8,
)


def protected(store):
    """Every no in force with its hashes and carriers, and every open request."""
    nos = {held.id: (frozenset(store.objections.carried_by(held.id)), frozenset(kept(store, held.id)))
           for held in store.objections.all() if held.in_force}  # fmt: skip
    return nos, {each.id for each in store.requests.all(open_only=True)}


def kept(store, number):
    return [
        digest for digest, numbers in store.suppression.known([f"d{n}" for n in range(4)]).items() if number in numbers
    ]


@given(before=ACTS, after=ACTS)
@settings(max_examples=12, deadline=None)
def test_whatever_happened_a_restored_copy_protects_as_much_as_either(migrated_store, before, after):
    with TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "store.db").write_bytes(migrated_store.read_bytes())
        store, restored = (Store(f"sqlite:///{home / name}.db", home / "j.jsonl") for name in ("store", "copy"))
        Life(store).live(before)
        store.database.close()
        (home / "copy.db").write_bytes((home / "store.db").read_bytes())
        then = protected(store)
        Life(store).live(after)
        store.journal.mark(NOW)
        assert restored.journal.catch_up()
        for nos, requests in (then, protected(store)):
            have, open_now = protected(restored)
            assert requests <= open_now
            assert all(have[n][0] >= carriers and have[n][1] >= digests for n, (carriers, digests) in nos.items())
        assert lasting(restored)[1] == lasting(store)[1], "erasure cases stand as they stood"
        numbers = [held.id for held in store.objections.all()]
        assert say_no(restored, "new") > max(numbers, default=0)
        assert not restored.journal.is_behind()
        store.database.close()
        restored.database.close()


def test_a_journal_that_begins_late_holds_what_was_before(make, tmp_path, beside):
    bare = make()
    Store(f"sqlite:///{tmp_path / 'store.db'}").objections.take("1", **NO)
    bare.journal.mark(NOW)
    assert '"key": "1"' in beside.read_text()
    assert bare.journal.anew() is None


def test_a_journal_that_cannot_be_written_keeps_nobody_from_saying_no(make, beside):
    store = make()
    beside.parent.write_text("a file where the folder should be")
    say_no(store, "1")
    with pytest.raises(OSError, match="journal"):
        store.journal.mark(NOW)
    beside.parent.unlink()
    store.journal.mark(NOW)
    rebuilt = make("rebuilt")
    rebuilt.journal.catch_up()
    assert lasting(rebuilt) == lasting(store)


def test_nothing_outlives_its_period_in_the_journal(make, beside):
    store = make()
    peopled(store)
    store.cases.move("5", "closed", DAY)
    later = date(2026, 11, 3)
    store.cases.forget_before(later)
    store.objections.forget(later)
    store.requests.forget(later)
    store.work.done("k", at=NOW)
    store.errands.done(1, DAY)
    store.journal.rewrite()
    kept = [(line["kind"], line["key"]) for line in Appended(beside).lines() if "kind" in line]
    assert kept == [("objections", "1"), ("cases", "6"), ("requests", "1")]
    assert "dd2" not in beside.read_text()
    assert not store.journal.is_ahead()
