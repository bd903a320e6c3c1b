"""What must outlive a store that is put back from an older copy: read whole, and put back.

Each kind is named by its table: a no with its carriers and hashes, an erasure case, a request without what was said in
it, a hold that the index alone knows or that waits for the officer, lasting work that is not done.  What is put back
protects more or proves more, never less: it ends no objection, lifts no hold and closes no request.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Connection, Date, Select, Table, delete, insert, select, update

from crm_gdpr.policy import Right
from crm_gdpr.store.cases import Cases
from crm_gdpr.store.errands import Errands
from crm_gdpr.store.objections import IN_FORCE
from crm_gdpr.store.requests import OPEN
from crm_gdpr.store.tables import (
    Instant,
    carriers,
    cases,
    errands,
    objections,
    people,
    requests,
    stages,
    suppressions,
    work,
)
from crm_gdpr.store.touched import judge_anew, note

Told = Mapping[str, Any]
Fact = tuple[str, str, Told]  # kind, key, and all of it
BACK, AGAIN = "back", "again"  # put back; had ended since, and holds again
WRITTEN = {Date: date.fromisoformat, Instant: datetime.fromisoformat}


def _all_but(table: Table, *names: str) -> Select[Any]:
    return select(*(column for column in table.columns if column.name not in names))


IDENTITY = ("identity_note", "identity_by", "identity_second_by", "identity_at", "link_hash", "link_expires_at")
DOING = ("state", "attempt", "due_s", "error", "finished_at")
READ: Mapping[str, tuple[Column[Any], Select[Any]]] = {
    "objections": (objections.c.id, _all_but(objections, "why")),
    "cases": (cases.c.contact_id, _all_but(cases)),
    "requests": (requests.c.id, _all_but(requests, "detail", "extended_why", "outcome_why", *IDENTITY)),
    "people": (people.c.contact_id, select(people.c.contact_id, people.c.facts).where(people.c.archived)),
    "errands": (
        errands.c.key,
        _all_but(errands).where(errands.c.kind == Errands.HOLD_ASKED, errands.c.done_on.is_(None)),
    ),
    "work": (work.c.key, _all_but(work, *DOING).where(work.c.lasting, work.c.state != "done")),
}


def facts(connection: Connection, kind: str | None = None, key: str | None = None) -> Iterator[Fact]:
    """Read everything that must last, or one fact of it."""
    for name, (at, query) in READ.items():
        if kind not in (None, name):
            continue
        more = _known_by(connection, key) if name == objections.name else {}
        wanted = query if key is None else query.where(at == at.type.python_type(key))
        for row in connection.execute(wanted.order_by(at)).mappings():
            told = {each: _plain(value) for each, value in row.items() if each not in ("id", "facts")}
            if "facts" in row:
                told["hold"] = row["facts"].get("hold")
            if key or told.get("hold", True):  # one by one it is told too that there is no hold any more
                number = str(row[at.name])
                yield name, number, {**told, **more.get(number, {})}


def put_back(connection: Connection, kind: str, key: str, told: Told) -> str | None:
    """Put one fact back; returns what that came to, None where the store knows as much."""
    put = PUT.get(kind)
    return None if put is None else put(connection, key, told)


def _known_by(connection: Connection, number: str | None) -> dict[str, dict[str, Any]]:
    """Return the carriers and hashes of every no, or of one."""
    found: dict[str, dict[str, Any]] = defaultdict(lambda: {"carriers": [], "digests": []})
    for table in (carriers, suppressions):
        query = select(table) if number is None else select(table).where(table.c.objection_id == int(number))
        for row in connection.execute(query):
            each = found[str(row.objection_id)]
            if table is suppressions:
                each["digests"].append(row.digest)
            else:
                each["carriers"].append([row.contact_id, row.same, _plain(row.quarantined_on)])
    return found


def _put_no(connection: Connection, key: str, told: Told) -> str | None:
    wanted = _typed(objections, told)
    number, here = _place(connection, objections, key, wanted, ("scope", "about", "objected_on", "channel", "by"))
    changed = here is None
    if here is not None and (here["state"], wanted["state"]) == ("holds", "upheld"):
        ending = {name: wanted[name] for name in ("state", "ended_on", "ended_by")}
        connection.execute(update(objections).where(objections.c.id == number).values(**ending))
        changed = True
    known = _known_by(connection, str(number))[str(number)]
    there = {contact_id for contact_id, *_ in known["carriers"]}
    names = ("contact_id", "same", "quarantined_on")
    new = [dict(zip(names, each, strict=True)) for each in told.get("carriers", ()) if each[0] not in there]
    if here is not None:  # a person who was let go of since may be let go of again, by a person
        new = [each for each in new if each["same"]]
    for each in new:
        connection.execute(insert(carriers).values(objection_id=number, **_typed(carriers, each)))
    hashes = sorted({*told.get("digests", ())} - {*known["digests"]})
    for digest in hashes:
        connection.execute(insert(suppressions).values(objection_id=number, digest=digest))
    if here is not None and here["state"] in IN_FORCE and wanted["state"] not in IN_FORCE:
        return AGAIN
    return BACK if changed or new or hashes else None


def _put_case(connection: Connection, contact_id: str, told: Told) -> str | None:
    wanted = _typed(cases, told)
    here = connection.execute(select(cases).where(cases.c.contact_id == contact_id)).first()
    if here is not None and {name: here._mapping[name] for name in wanted} == wanted:
        return None
    connection.execute(delete(cases).where(cases.c.contact_id == contact_id))
    connection.execute(insert(cases).values(**({} if here is None else {"id": here.id}), **wanted))
    _stand(connection, contact_id, wanted)
    return BACK


def _stand(connection: Connection, contact_id: str, case: Told) -> None:
    """Let the ladder say the same: archived by us on that day, or back at its start when somebody restored them."""
    if case["state"] not in (*Cases.IN_BIN, "restored"):
        return
    connection.execute(delete(stages).where(stages.c.contact_id == contact_id))
    if case["way"] == "bin" and case["state"] in Cases.IN_BIN:
        step = {"stage": "archive", "stage_on": case["opened_on"]}
        connection.execute(insert(stages).values(contact_id=contact_id, **step))
    lies = update(people).where(people.c.contact_id == contact_id)
    connection.execute(lies.values(archived=case["state"] in Cases.IN_BIN, digest=None))
    judge_anew(connection, [contact_id])


def _put_request(connection: Connection, key: str, told: Told) -> str | None:
    """Put a request back as one to be looked at: who had proved who they are, proves it again."""
    wanted, is_open = _typed(requests, told), told["status"] in OPEN
    same = requests.c.ref.is_not(None) & (requests.c.ref == wanted["ref"]) & (requests.c.right == wanted["right"])
    if connection.execute(select(requests.c.id).where(same, requests.c.id != int(key))).first() is not None:
        return None  # its message has opened it anew
    started = {**wanted, "status": "initiated"} if is_open else wanted
    _, here = _place(connection, requests, key, started, ("right", "received_on", "ref"))
    if here is not None and (is_open or here["status"] not in OPEN):
        return None
    if (wanted["right"], wanted["status"]) == (Right.ERASURE.value, "rejected"):
        _drop_wish(connection, wanted["contact_id"])
    return BACK if here is None else AGAIN


def _drop_wish(connection: Connection, contact_id: str | None) -> None:
    """Let nobody in the recycle bin be erased for a wish that was refused."""
    note(connection, (people.c.contact_id == contact_id) & people.c.archived, {"erasure_requested_on": None})


def _put_hold(connection: Connection, contact_id: str, told: Told) -> str | None:
    which = people.c.contact_id == contact_id
    known = connection.execute(select(people.c.facts).where(which)).scalar()
    if known is None or not told["hold"]:
        return AGAIN if known is not None and known.get("hold") else None
    if known.get("hold"):
        return None
    note(connection, which, {"hold": told["hold"]})
    return BACK


def _put_errand(connection: Connection, key: str, told: Told) -> str | None:
    if connection.execute(select(errands.c.key).where(errands.c.key == key)).first() is not None:
        return None
    connection.execute(insert(errands).values(**_typed(errands, told)))
    return BACK


def _put_work(connection: Connection, key: str, told: Told) -> str | None:
    """Let it be done, if need be again: whoever looks for what is overdue finds it."""
    if connection.execute(select(work.c.key).where(work.c.key == key)).first() is not None:
        return None
    connection.execute(insert(work).values(**_typed(work, told), state="waiting", due_s=0.0))
    return BACK


def _place(connection: Connection, table: Table, key: str, wanted: Told, same: tuple[str, ...]) -> tuple[int, Any]:
    """Return the number of a row and what stands there; where there is none it is written, if need be as another."""
    here = connection.execute(select(table).where(table.c.id == int(key))).mappings().first()
    if here is not None and all(here[name] == wanted[name] for name in same):
        return int(key), here
    numbered = {"id": int(key)} if here is None else {}
    made = connection.execute(insert(table).values(**numbered, **wanted)).inserted_primary_key
    return int(made[0]), None  # type: ignore[index]  # a single insert has one key


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _typed(table: Table, told: Told) -> dict[str, Any]:
    """Return what is told as the table has it; what this version does not know is left out."""
    found = {}
    for column in table.columns:
        if column.name in told:
            value, read = told[column.name], WRITTEN.get(type(column.type))
            found[column.name] = value if read is None or value is None else read(value)
    return found


PUT: Mapping[str, Callable[[Connection, str, Told], str | None]] = {
    "objections": _put_no,
    "cases": _put_case,
    "requests": _put_request,
    "people": _put_hold,
    "errands": _put_errand,
    "work": _put_work,
}
