"""Letters about a request, in both languages, laid as a note in HubSpot for support to send; the product sends no mail.

Each begins with the number of its request and what it is, so that it is laid once, however often the work is repeated.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from html import escape
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crm_gdpr.addons.access.conduct import RIGHT
from crm_gdpr.addons.access.language import spoken
from crm_gdpr.addons.access.letter_texts import FOR_SUPPORT, LETTERS
from crm_gdpr.policy.addresses import Addresses

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.store.requests import Request


def lay(env: Env, request: Request, letter: str, **told: str) -> None:
    """Lay a letter on the ticket and the contact, unless it lies there already."""
    associations = to(env, request)
    if not associations:
        return
    heading = f"[{request.id} {letter}]"
    hubspot = env.hubspot.interactive()
    kind, id_ = associations[0]
    notes = hubspot.associated(kind, "notes", [id_]).get(id_, ())
    before = hubspot.read_many("notes", notes, ("hs_note_body",)).values()
    if any(heading in (note.properties.get("hs_note_body") or "") for note in before):
        return
    _lay(env, request, letter, associations, **told)


def lay_again(env: Env, request: Request, letter: str, **told: str) -> None:
    """Lay a letter whatever lies there: a new link makes the one before worthless."""
    _lay(env, request, letter, to(env, request), **told)


def _lay(env: Env, request: Request, letter: str, associations: Sequence[tuple[str, str]], **told: str) -> None:
    whom = f": {escape(told['address'])}" if "address" in told else ""
    body = f"<p>[{request.id} {letter}] {FOR_SUPPORT[letter].sv} / {FOR_SUPPORT[letter].en}{whom}</p>"
    language = spoken(request.language)
    for each in (language, "en" if language == "sv" else "sv"):
        body += f"<hr>{html(text(env, request, letter, each, **told))}"
    stamp = env.clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    values = {"hs_timestamp": stamp, "hs_note_body": body}
    env.hubspot.interactive().create("notes", values, associations=associations)


def of_nothing(env: Env, request: Request) -> str:
    """Return the letter that says what is true: the coded address of somebody who said no is held too."""
    digests = env.digests(Addresses.of([request.address], ()).every()) if request.address else frozenset()
    return "nothing_but_no" if env.store.suppression.known(digests) else "nothing"


def unlaid(env: Env, request: Request) -> str | None:
    """Return the letter to send where there is neither ticket nor contact to lay one on."""
    if request.ticket_id is not None or to(env, request):
        return None
    last = {"nothing_held": of_nothing(env, request), "refused": "refused"}.get(request.outcome or "")
    letter = last or ("extended" if request.extended_on else "received")
    languages = (spoken(request.language), "sv", "en")
    return "\n\n".join(text(env, request, letter, each) for each in dict.fromkeys(languages))


def text(env: Env, request: Request, letter: str, language: str, **told: str) -> str:
    """Return a letter in one language."""
    controller = env.policy.controller
    known = {
        "number": str(request.id),
        "right": RIGHT[request.right].in_(language),
        "received": request.received_on.isoformat(),
        "due": request.due_on.isoformat(),
        "controller": controller.name,
        "contact": controller.contact,
        "why": request.extended_why if letter == "extended" else request.outcome_why or "",
    }
    return LETTERS[letter].in_(language).format(**{**known, **told})


def text_as_note(said: str) -> str:
    """What a note says, as a note shows it."""
    return html(said)


def html(letter: str) -> str:
    """A letter as a note shows it: what people wrote into it stays text."""
    paragraphs = (escape(part).replace("\n", "<br>") for part in letter.split("\n\n"))
    return "".join(f"<p>{part}</p>" for part in paragraphs)


def day_of(env: Env, at: datetime) -> date:
    return at.astimezone(ZoneInfo(env.policy.controller.timezone)).date()


def to(env: Env, request: Request) -> list[tuple[str, str]]:
    """Where a letter is laid: on the ticket, and on the person while HubSpot has them live; its bin takes none."""
    person = request.contact_id
    is_live = person is not None and env.hubspot.interactive().read("contacts", person, ()) is not None
    named = (("tickets", request.ticket_id), ("contacts", person if is_live else None))
    return [(kind, id_) for kind, id_ in named if id_ is not None]
