"""The steps of a request: opened, the person named, accepted, read through, released.

Each writes the ledger before the register where a repeated line is better than a lost one.  What was checked to
confirm an identity stays in the register; the ledger only says that it was.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from crm_gdpr.addons.access.drafts import Draft, draft_of, release_file
from crm_gdpr.addons.access.letters import day_of, lay_again
from crm_gdpr.addons.access.redact import Review
from crm_gdpr.policy import Right, Text, due

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.store.requests import Package, Request

LINK_LIVES = timedelta(days=14)
OPEN = ("initiated", "acknowledged", "accepted")
WITH_DATA = (Right.ACCESS.value, Right.PORTABILITY.value)
UNCHECKED_AGAIN = dict.fromkeys(("link_hash", "link_expires_at", "identity_note", "identity_by", "identity_second_by"))


class StepRefused(Exception):
    """A step that this request does not allow; `why` is for people."""

    def __init__(self, why: Text) -> None:
        super().__init__(why.en)
        self.why = why


NOBODY = Text(sv="Ange först vem begäran gäller.", en="Say first whom the request is about.")
CLOSED = Text(sv="Begäran är redan avslutad.", en="The request is closed already.")
NO_NOTE = Text(sv="Beskriv vad som kontrollerades.", en="Describe what was checked.")
UNCHECKED = Text(sv="Identiteten är inte bekräftad.", en="The identity has not been confirmed.")
NO_PACKAGE = Text(sv="Utdraget är inte klart ännu.", en="The answer is not ready yet.")
UNREAD = Text(sv="Ingen har läst igenom utdraget ännu.", en="Nobody has read the answer through yet.")
ANEW = Text(
    sv="Utdraget har gjorts om sedan du läste det. Läs igenom det nya.",
    en="The answer was made anew since you read it. Read the new one through.",
)
USED = Text(
    sv="Utdraget är redan hämtat. Förbered ett nytt.",
    en="The answer has been collected already. Prepare a new one.",
)


def open_request(
    env: Env,
    *,
    right: Right,
    received_on: date,
    contact_id: str | None,
    by: str,
    candidates: Sequence[str] = (),
    **more: Any,
) -> int | None:
    """Register a request, and have its receipt acknowledged; None when its message has opened it before.

    `address` is kept where it is all that is known of whoever asks.
    """
    ref = more.get("ref")
    if ref is not None and env.store.requests.by_ref(ref, right.value) is not None:
        return None
    due_on = due(received_on, extended=False).due_on
    known = {"candidates": list(candidates), "address": more.pop("address", None)}
    detail = {name: value for name, value in known.items() if value}
    env.record(
        "request.opened",
        actor=by,
        contact_id=contact_id,
        right=right.value,
        message=ref,
        received_on=received_on.isoformat(),
        due_on=due_on.isoformat(),
    )
    number = env.store.requests.open(
        right=right.value,
        received_on=received_on,
        due_on=due_on,
        contact_id=contact_id,
        detail=detail or None,
        **more,
    )
    if number is not None:
        env.queue.enqueue("access.acknowledge", f"access-acknowledge-{number}", request_id=number)
    return number


def name_person(env: Env, request: Request, contact_id: str, *, by: str) -> None:
    """Say whom a request is about; only before the identity is confirmed.

    What was checked, and a link on its way, were about whoever was named before.
    """
    if request.status not in ("initiated", "acknowledged"):
        raise StepRefused(CLOSED)
    env.record("request.person_named", actor=by, contact_id=contact_id, request=request.id)
    count_again(env, request)
    env.store.requests.change(request.id, contact_id=contact_id, **UNCHECKED_AGAIN)


def accept(env: Env, request: Request, *, note: str, by: str) -> None:
    """The identity is confirmed: what asks for data is prepared, the rest waits to be carried out."""
    values = {"identity_note": note, "identity_by": by, "identity_at": env.clock.now()}
    env.store.requests.change(request.id, status="accepted", link_hash=None, link_expires_at=None, **values)
    if request.right in WITH_DATA:
        prepare_again(env, request.id)


def count_again(env: Env, request: Request) -> None:
    """The clock rested while the identity was asked for, and runs on from here."""
    if request.paused_on is None:
        return
    days = request.paused_days + (env.today() - request.paused_on).days
    due_on = due(request.received_on, extended=request.extended_on is not None, paused_days=days).due_on
    env.store.requests.change(request.id, paused_on=None, paused_days=days, due_on=due_on)


def prepare_again(env: Env, request_id: int) -> None:
    """Have the answer made, or made anew; while one is being made this changes nothing."""
    env.queue.enqueue("access.prepare", next_key(env, f"access-{request_id}"), request_id=request_id)


def next_key(env: Env, stem: str) -> str:
    """Name the next attempt at something a person may ask for again; one under way keeps its name."""
    attempt = 1
    while env.store.work.state(f"{stem}-{attempt}") in ("done", "failed"):
        attempt += 1
    return f"{stem}-{attempt}"


def look_at(env: Env, request: Request) -> tuple[Package, Draft]:
    """Return the draft to be read through; a request without one says why."""
    package = env.store.requests.package_of(request.id)
    draft = None if package is None else draft_of(env, package)
    if package is None or draft is None or package.contact_id != request.contact_id:
        raise StepRefused(NO_PACKAGE)
    return package, draft


def review(env: Env, request: Request, decided: Review, *, by: str, package_id: int | None = None) -> None:
    """Record that a person has read the answer and decided what is hidden, and build what may be released.

    Whatever only looks like a name must have been decided; `package_id` is the draft that was read, where that is
    another moment than this.
    """
    if request.status != "accepted":
        raise StepRefused(CLOSED)
    package, draft = look_at(env, request)
    if package_id not in (None, package.id):
        raise StepRefused(ANEW)
    sha256 = release_file(env, package, draft, decided)
    hidden = dict(Counter(decided.hidden.values()))
    env.record(
        "package.reviewed",
        actor=by,
        contact_id=package.contact_id,
        request=request.id,
        hidden=hidden,
        notes=len(decided.notes),
        files=len(decided.files),
        original_sha256=package.original_sha256,
        sha256=sha256,
    )
    values = {"sha256": sha256, "reviewed_by": by, "reviewed_at": env.clock.now()}
    env.store.requests.change_package(package.id, token_hash=None, expires_at=None, **values)


def release(env: Env, request: Request, *, by: str) -> str:
    """Let the answer go: return its one-time link, and lay it in HubSpot for support to send.

    Only the token's hash is kept.  Released again, the link before is dead.
    """
    package = releasable(env, request)
    token = secrets.token_urlsafe(32)
    expires_at = env.clock.now() + LINK_LIVES
    env.store.requests.change_package(package.id, token_hash=digest(token), expires_at=expires_at)
    link = f"{env.settings.public_url}/p/{token}"
    lay_again(env, request, "answer", link=link, day=day_of(env, expires_at).isoformat())
    env.record("package.released", actor=by, contact_id=package.contact_id, request=request.id, package=package.id)
    return link


def hand_over(env: Env, request: Request, how: str, *, by: str) -> None:
    """The answer reached the person another way than by the link, which is dead from now on."""
    if not how.strip():
        raise StepRefused(NO_NOTE)
    package = releasable(env, request)
    if not env.store.requests.collect(package.id, env.clock.now()):
        raise StepRefused(USED)
    env.record("package.handed_over", actor=by, contact_id=package.contact_id, package=package.id)
    env.store.requests.change_package(package.id, token_hash=None, expires_at=None)
    told = {"status": "fulfilled", "outcome": "answered", "closed_on": env.today(), "outcome_why": how.strip()}
    env.store.requests.change(request.id, **told)


def releasable(env: Env, request: Request) -> Package:
    """Return the package that may be released, or say why none may."""
    package = env.store.requests.package_of(request.id)
    if request.status != "accepted" or request.identity_by is None:
        raise StepRefused(CLOSED if request.status in ("fulfilled", "rejected") else UNCHECKED)
    if package is None or package.contact_id != request.contact_id:
        raise StepRefused(NO_PACKAGE)
    if package.collected_at is not None:
        raise StepRefused(USED)
    if package.reviewed_by is None:
        raise StepRefused(UNREAD)
    return package


def digest(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
