"""Read everything about a person, step by step.  Broken off half-way, the reading goes on where it stopped.

A kind that may not be read, for want of a scope, is named with what is missing; any other failure stops the reading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from crm_gdpr.addons.access import around, elsewhere, person
from crm_gdpr.addons.access.conduct import action, label
from crm_gdpr.addons.access.files import keep, kept, let_go
from crm_gdpr.addons.access.grounds import RECORDED
from crm_gdpr.addons.access.meaning import Meaning, moment, same
from crm_gdpr.addons.access.model import Field, Found, Part, Row, found_from
from crm_gdpr.addons.access.reader import Reader, not_allowed
from crm_gdpr.addons.access.wording import BY_HAND
from crm_gdpr.policy import Text

if TYPE_CHECKING:
    from crm_gdpr.env import Env


@dataclass(frozen=True)
class Step:
    """One step of the reading, and what it is called should it not be allowed."""

    name: str
    title: Text
    read: Callable[[Reader], Found]


BESIDE = (
    Step("conversations", elsewhere.CHATS, elsewhere.conversations),
    Step("forms", elsewhere.FORMS, elsewhere.forms),
    Step("lists", elsewhere.LISTS, elsewhere.lists),
    Step("mailings", elsewhere.MAILINGS, elsewhere.mailings),
    Step("events", elsewhere.EVENTS, elsewhere.events),
    Step("staff", Text(sv="Våra medarbetare", en="Our own people"), elsewhere.staff),
)
FIXED, A_CALL = 30, 100  # an answer may cost so many calls, and one for each hundred records of a kind
BY_WHOM = ("by", "taken_by")
# What HubSpot may keep besides, and no step reads: whoever reads the answer through looks there.
BEYOND = Part(
    "beyond",
    Text(sv="Projekt, kontrakt och deltagande i evenemang", en="Projects, contracts and attendance at events"),
    "correspondence",
    (),
    0,
    not_read=BY_HAND,
)


def gather(reader: Reader, request_id: int) -> Found:
    """Return all that is held about a person; nothing when HubSpot no longer knows them."""
    if not reader.is_here:
        return Found()
    steps = (
        Step("contact", person.CONTACT, person.contact),
        *(Step(kind.name, kind.title, around.records(kind)) for kind in reader.kinds),
        *BESIDE,
    )
    whole = Found(parts=(*_unknown_types(reader), *_sensitive(reader)))
    for number, step in enumerate(steps):
        _tell(reader.env, request_id, step.name, number, len(steps) + 1)
        whole = together(whole, _once(reader, request_id, step))
    others = [id_ for id_ in dict.fromkeys(whole.others) if id_ != reader.contact_id][: room(reader, whole)]
    named = _allowed(
        reader, Step("names", elsewhere.COLLEAGUES_TITLE, lambda r: Found(people=elsewhere.named(r, others)))
    )
    whole = together(whole, named, Found(parts=(*sections(reader), BEYOND)))
    return replace(whole, calls=whole.calls + reader.calls.total())


def room(reader: Reader, found: Found) -> int:
    """Return how many names of others may be read within what an answer may cost; those met in talks come first."""
    records = sum(-(-part.found // A_CALL) for part in found.parts if part.kind != "history")
    left = FIXED + records - found.calls - reader.calls.total()
    return A_CALL * max(1, left)


def forget(env: Env, request_id: int, kinds: Iterable[str]) -> None:
    """Let go of what a finished reading kept on its way."""
    for name in (*kinds, "contact", *(step.name for step in BESIDE)):
        let_go(env, f"{request_id}-{name}")
    env.store.notes.drop(progress(request_id))


def progress(request_id: int) -> str:
    """The name under which the pages find how far a reading has come."""
    return f"access.progress.{request_id}"


def together(*found: Found) -> Found:
    return Found(
        tuple(part for each in found for part in each.parts),
        tuple(dict.fromkeys(one for each in found for one in each.people)),
        tuple(dict.fromkeys(id_ for each in found for id_ in each.others)),
        tuple(dict.fromkeys(file for each in found for file in each.files)),
        tuple(dict.fromkeys(word for each in found for word in each.own)),
        sum(each.calls for each in found),
    )


def sections(reader: Reader) -> Iterator[Part]:
    """Read what each addon exports; a section without a value is left out."""
    env = reader.ours()
    category = {p.name: p.category for p in env.registry.properties}
    for section in env.registry.export_sections:
        rows = [row for each in section.read(env, reader.contact_id) if (row := _row(each, reader.meaning)).fields]
        held = {category[name] for name in section.covers if category.get(name)}
        if rows:
            yield Part("section", section.title, min(held, default="rights"), tuple(rows), len(rows))


def _unknown_types(reader: Reader) -> tuple[Part, ...]:
    """Say so where it could not be read which object types the account has made itself."""
    title = Text(sv="Egna objekttyper i HubSpot", en="Custom object types in HubSpot")
    lacking = reader.types_not_read
    return (Part("object_types", title, "correspondence", (), 0, not_read=lacking),) if lacking else ()


def _sensitive(reader: Reader) -> tuple[Part, ...]:
    """Say so where sensitive properties, of the person or of what is around them, may not be read."""
    kinds = ("contacts", *(kind for kind, ids in reader.associated.items() if ids))
    lacking = ", ".join(dict.fromkeys(scope for kind in kinds for scope in reader.sensitive(kind)["lacking"]))
    title = Text(sv="Känsliga egenskaper i HubSpot", en="Sensitive properties in HubSpot")
    return (Part("sensitive", title, "correspondence", (), 0, not_read=lacking),) if lacking else ()


def _once(reader: Reader, request_id: int, step: Step) -> Found:
    """Take a step, or take what it found before the reading was broken off."""
    name = f"{request_id}-{step.name}"
    before: Mapping[str, Any] | None = kept(reader.env, name)
    if before is not None:
        return found_from(before)
    calls = reader.calls.total()
    found = _allowed(reader, step)
    keep(reader.env, name, replace(found, calls=reader.calls.total() - calls))
    return found  # its calls are counted with those of this attempt


def _allowed(reader: Reader, step: Step) -> Found:
    """A step that HubSpot forbids is told with the scopes it lacks; nothing of it is silently missed."""
    try:
        return step.read(reader)
    except Exception as error:
        lacking = not_allowed(error)
        if lacking is None:
            raise
        return Found(parts=(Part(step.name, step.title, "correspondence", (), 0, not_read=lacking),))


def _tell(env: Env, request_id: int, step: str, done: int, total: int) -> None:
    env.store.notes.put(progress(request_id), {"step": step, "done": done, "of": total})


def _row(values: Mapping[str, Any], meaning: Meaning) -> Row:
    """A row that names a property is read in that property's words; any other as it stands."""
    name, value = values.get("name"), values.get("value")
    if isinstance(name, str):
        rest = {k: v for k, v in values.items() if k not in ("name", "value")}
        first = (meaning.field(name, str(value)),) if value else ()
        return Row(same(""), (*first, *_plain(rest, meaning)) if first else ())
    return Row(same(""), tuple(_plain(values, meaning)))


def _plain(values: Mapping[str, Any], meaning: Meaning) -> Iterator[Field]:
    """Values that are no property: a `Text` speaks for itself, the ledger's words have theirs.

    Who on our side did it stays with us (CJEU C-579/21).
    """
    for name, value in values.items():
        if value not in (None, "", [], {}) and name not in BY_WHOM:
            text = _words(name, value, meaning)
            yield Field(name, label(name), text, text.en if isinstance(value, Text) else str(value))


def _words(name: str, value: Any, meaning: Meaning) -> Text:
    if isinstance(value, Text):
        return value
    if name == "action":
        return action(str(value))
    if name == "at":
        return same(moment(str(value), meaning.zone))
    if isinstance(value, Mapping):  # the ledger's grounds, by purpose
        return meaning.field(RECORDED, "; ".join(f"{k}: {v}" for k, v in value.items())).value
    return meaning.field(f"gdpr_{name}", str(value)).value
