"""Take a no, decide on one, or let one go when the person says otherwise (Art. 21).

The ledger is written before the store, where a line too many is better than one too few.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from crm_gdpr.addons.objection import wording
from crm_gdpr.addons.objection.person import (
    MARK,
    NO_CONTACT,
    OWNER,
    PROPERTIES,
    QUARANTINE,
    RESTRICTED,
    TO_MEET,
    addresses_of,
    emails_of,
)
from crm_gdpr.policy import Right, Text

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.store.objections import Objection
    from crm_gdpr.sync import Record

MARKETING, TYPE, PROCESSING = "marketing", "type", "processing"
OPEN = ("initiated", "acknowledged", "accepted")


class ObjectionRefused(Exception):
    """A step that this objection does not allow; `why` is for people."""

    def __init__(self, why: Text) -> None:
        super().__init__(why.en)
        self.why = why


def object_to(  # noqa: PLR0913 - what is told of a no, all by name
    env: Env, contact_id: str, *, how: str, by: str, scope: str = MARKETING, about: str = "", on: date | None = None
) -> int | None:
    """Take a no for a contact; returns its number, or None for a contact that is gone."""
    said: dict[str, Any] = {"how": how, "by": by, "scope": scope, "about": about, "on": on}
    record = env.hubspot.read("contacts", contact_id, PROPERTIES)
    if record is not None:
        return take(env, record, **said)
    binned = env.hubspot.read("contacts", contact_id, PROPERTIES, archived=True)
    digests = _last_known(env, contact_id, binned)
    if not digests:
        env.record("contact.gone", actor="objection", contact_id=contact_id, event="objection")
        return None
    number = _keep(env, contact_id, digests, **said)
    _look_for_them(env, number, binned)
    return number


def take_later(env: Env, contact_id: str, how: str, by: str, scope: str = MARKETING, on: str | None = None) -> None:
    """Job `objection.take`: contact_id, how (a key of CHANNELS), by, and if need be scope and the day."""
    object_to(env, contact_id, how=how, by=by, scope=scope, on=date.fromisoformat(on) if on else None)


def take(  # noqa: PLR0913 - what is told of a no, all by name
    env: Env,
    record: Record,
    *,
    how: str,
    by: str,
    scope: str = MARKETING,
    about: str = "",
    on: date | None = None,
    why: str = "taken",
) -> int:
    """Take a no for a contact that was read; taken before, the first one stands and is made to hold."""
    digests = env.digests(addresses_of(record).every())
    number = _keep(env, record.id, digests, how=how, by=by, scope=scope, about=about, on=on)
    enforce_later(env, number, record.id, why)
    return number


def _keep(  # noqa: PLR0913 - what is told of a no, all by name
    env: Env, contact_id: str, digests: Iterable[str], *, how: str, by: str, scope: str, about: str, on: date | None
) -> int:
    """Keep a no, and by what the person is known again."""
    day = on or env.today()
    if not any(o.in_force and (o.scope, o.about) == (scope, about) for o in env.store.objections.of([contact_id])):
        detail = {"scope": scope, "about": about, "how": how, "on": day.isoformat()}
        env.record("objection.recorded", actor=by, contact_id=contact_id, **detail)
    number, _ = env.store.objections.take(contact_id, scope=scope, about=about, on=day, channel=how, by=by)
    env.store.suppression.keep(number, digests)
    return number


def _look_for_them(env: Env, objection_id: int, binned: Record | None) -> None:
    """They may be back already under another id, and have been met before this no was said."""
    if binned is not None:
        back = env.hubspot.by_address(emails_of(binned), (), archived=False)
        env.store.lists.add(TO_MEET, [record.id for record in back], at=env.clock.now())
        env.queue.wake("objection.meet_waiting")
    env.queue.enqueue("objection.scan", f"objection-{objection_id}-scan")


def _last_known(env: Env, contact_id: str, binned: Record | None) -> Iterable[str]:
    """Return the digests of somebody in the recycle bin, or of whom only the erasure list still knows."""
    if binned is not None:
        return env.digests(addresses_of(binned).every())
    case = env.store.cases.of(contact_id)
    return case.frozen.get("addresses", ()) if case else ()


def remember(env: Env, objection_id: int, record: Record) -> int:
    """Hash every address and number of the person, so that the no survives the record; returns how many were new."""
    return env.store.suppression.keep(objection_id, env.digests(addresses_of(record).every()))


def enforce_later(env: Env, objection_id: int, contact_id: str, why: str) -> None:
    """Leave the work on every channel to a worker; why: taken, found, merged, returned, ..."""
    key = f"{_enforcing(objection_id, contact_id)}{why}"
    env.queue.enqueue("objection.enforce", key, objection_id=objection_id, contact_id=contact_id, why=why)


def is_being_enforced(env: Env, objection_id: int, contact_id: str) -> bool:
    """Tell whether work to make a no hold for a contact is on its way."""
    return env.store.work.is_open(_enforcing(objection_id, contact_id))


def _enforcing(objection_id: int, contact_id: str) -> str:
    return f"objection-{objection_id}-{contact_id}-"


def mark(env: Env, record: Record) -> bool:
    """Let the contact show what holds for it; True when something had to be written."""
    changed = unshown(env, record)
    if changed:
        env.hubspot.update("contacts", record.id, changed)
    return bool(changed)


def unshown(env: Env, record: Record) -> dict[str, str]:
    """Return what holds for a contact and does not stand on it."""
    wanted = shown(env.store.objections.of([record.id])) | _quarantine(env, record)
    return {name: value for name, value in wanted.items() if (record.properties.get(name) or "") != value}


def _quarantine(env: Env, record: Record) -> dict[str, str]:
    """Who is in quarantine has no owner and the reason on the record; the record itself stays."""
    found = env.store.objections.quarantine(record.id)
    held = env.store.objections.get(found[0]) if found else None
    if found is None or held is None:
        return {}
    why = wording.quarantined(held.objected_on, record.properties.get("hs_object_source") or "unknown")
    return dict(zip((*QUARANTINE, OWNER), (found[1].isoformat(), why, ""), strict=True))


def shown(objections: list[Objection]) -> dict[str, str]:
    """Return what stands on a contact for the objections in force; the first day stands."""
    full = [o for o in objections if o.in_force and (o.scope == MARKETING or o.state == "upheld")]
    pending = any(o.scope == PROCESSING and o.state == "holds" for o in objections)
    wanted = {RESTRICTED: "true"} if pending else {}
    if full:
        first = min(full, key=lambda o: (o.objected_on, o.id))
        wanted |= dict(zip(MARK, (first.objected_on.isoformat(), wording.channel(first.channel)), strict=True))
    return wanted


def withdraw(env: Env, objection_id: int, *, by: str, why: str) -> None:
    """The person says otherwise: the no ends, its hashes go, and nobody is subscribed to anything by that."""
    held = _in_force(env, objection_id, why)
    _end(env, held, state="withdrawn", by=by, why=why)


def decide_on(env: Env, objection_id: int, *, upheld: bool, by: str, why: str) -> None:
    """Decide an objection on other grounds, with reasons; upheld, it holds like a no to everything (Art. 21(1))."""
    held = _in_force(env, objection_id, why)
    if held.scope != PROCESSING or held.state != "holds":
        raise ObjectionRefused(wording.NOT_PENDING)
    if not upheld:
        _end(env, held, state="overruled", by=by, why=why)
        return
    _tell(env, held, "objection.upheld", by)
    env.store.objections.end(held.id, state="upheld", on=env.today(), by=by, why=why.strip())
    for contact_id in env.store.objections.carried_by(held.id):
        _show_again(env, held, contact_id)
        enforce_later(env, held.id, contact_id, "upheld")


def release(env: Env, objection_id: int, contact_id: str, *, by: str) -> None:
    """A person looked: the quarantined contact is somebody else, and so are its e-mail addresses."""
    held = env.store.objections.get(objection_id)
    if held is None:
        raise ObjectionRefused(wording.UNKNOWN)
    if contact_id in env.store.objections.carried_by(held.id) and not env.store.objections.quarantine(contact_id):
        raise ObjectionRefused(wording.NOT_QUARANTINED)
    env.record("objection.released", actor=by, contact_id=contact_id, objection=held.id)
    record = env.hubspot.read("contacts", contact_id, PROPERTIES)
    if record is not None:
        emails = (each for each in addresses_of(record).every() if each[0] == "email")
        env.store.suppression.drop(held.id, env.digests(emails))
    env.store.objections.carry(held.id, contact_id, same=False)
    _show_again(env, held, contact_id)


def _in_force(env: Env, objection_id: int, why: str) -> Objection:
    held = env.store.objections.get(objection_id)
    if held is None:
        raise ObjectionRefused(wording.UNKNOWN)
    if not held.in_force:
        raise ObjectionRefused(wording.ENDED)
    if not why.strip():
        raise ObjectionRefused(wording.NO_REASON)
    return held


def _end(env: Env, held: Objection, *, state: str, by: str, why: str) -> None:
    _tell(env, held, f"objection.{state}", by)
    env.store.objections.end(held.id, state=state, on=env.today(), by=by, why=why.strip())
    env.store.suppression.lift(held.id)
    for contact_id in env.store.objections.carried_by(held.id):
        _show_again(env, held, contact_id)


def _tell(env: Env, held: Objection, action: str, by: str) -> None:
    for contact_id in env.store.objections.carried_by(held.id):
        env.record(action, actor=by, contact_id=contact_id, objection=held.id, scope=held.scope)


def _show_again(env: Env, held: Objection, contact_id: str) -> None:
    """Clear what no longer holds on a contact, and write what still does."""
    if env.hubspot.read("contacts", contact_id, ()) is None:
        return
    cleared = dict.fromkeys((NO_CONTACT, *MARK, *QUARANTINE), "")
    if held.scope == PROCESSING and not _asked_for_restriction(env, contact_id):
        cleared[RESTRICTED] = ""
    env.hubspot.update("contacts", contact_id, {**cleared, **shown(env.store.objections.of([contact_id]))})


def _asked_for_restriction(env: Env, contact_id: str) -> bool:
    return any(r.right == Right.RESTRICTION.value and r.status in OPEN for r in env.store.requests.of(contact_id))
