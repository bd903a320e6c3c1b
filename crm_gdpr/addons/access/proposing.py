"""What a person must look at before an answer goes: the program proposes, certain things first.  Pure.

What is certain is proposed to be hidden; what only looks like a name, or may be the person's own after all, must be
decided.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from crm_gdpr.addons.access.model import Answer, Field, Part, Person, Row
from crm_gdpr.addons.access.redact import BCC, BCC_FIELD, NUMBER, OTHER, STAFF, Words, fold, others_in
from crm_gdpr.addons.access.spotting import addresses, identities, names, phones

HIDE, SHOW, ASK = "hide", "show", "ask"
NOTES = ("notes", "tasks", "comments")
CALLED = ("firstname", "lastname", "email", "hs_additional_emails", "phone", "mobilephone")
TEXT = re.compile(
    r"body|text|html|content|description|notes|subject|(?<!job)title|message|resolution|name$|^file$|^list$|reason|why|"
    r"checked|explanation",
    re.IGNORECASE,
)
NOT_WRITTEN = ("usage", "history", "events", "mailings")  # HubSpot's own words, or read word by word
WORDS_OF_A_TEXT = 4
ORDER = {HIDE: 0, ASK: 1, SHOW: 2}


@dataclass(frozen=True)
class Proposal:
    """Something that may have to be hidden: what, why, what the program thinks, and where it stands."""

    id: str
    what: str
    reason: str
    advice: str
    places: tuple[str, ...] = ()
    context: str = ""


def proposals(answer: Answer) -> tuple[Proposal, ...]:
    """Return what a person must look at, the certain first."""
    found: dict[str, Proposal] = {}
    seen: set[str] = set()
    own, mine, words = {word.casefold() for word in answer.own}, own_pattern(answer.own), Words.of(answer)
    for what, reason, advice in _candidates(answer):
        key = fold(what)
        if key in seen or key in own or not key or is_own(what, mine):
            continue
        seen.add(key)  # whoever is ours stays ours, where they are shown too
        places = tuple(words.places(what, reason))
        if places:
            number = f"p{len(found) + 1}"
            found[key] = Proposal(number, what, reason, advice, tuple(ref for ref, _ in places), places[0][1])
    return tuple(sorted(found.values(), key=lambda each: ORDER[each.advice]))


def notes_of(answer: Answer) -> tuple[Row, ...]:
    """The notes that could be drafts or memory notes; they are disclosed unless a person says why not."""
    return tuple(row for part in answer.parts if part.kind in NOTES for row in part.rows)


def own_pattern(own: Iterable[str]) -> re.Pattern[str] | None:
    words = [re.escape(word) for word in own if word]
    return re.compile("|".join(words), re.IGNORECASE) if words else None


def is_own(what: str, mine: re.Pattern[str] | None) -> bool:
    """A name or number of the person's own, however it is written; part of a longer one is not."""
    if mine is None:
        return False
    if mine.fullmatch(what.strip()):
        return True
    digits = re.sub(r"\D", "", what)
    known = (re.sub(r"\D", "", word) for word in mine.pattern.split("|"))
    return len(digits) >= 8 and any(len(each) >= 8 and each[-8:] == digits[-8:] for each in known)


def _candidates(answer: Answer) -> Iterator[tuple[str, str, str]]:
    people = sorted(answer.people, key=lambda person: person.role != "staff")  # ours are ours wherever they are met
    for person in people:
        yield from _of_person(person)
    yield from _once_called(answer)
    for row in _rows(answer):
        for _, beside in others_in(row, answer.own):
            called = " ".join(each.raw for each in beside if not each.name.endswith("phone"))
            yield from _of_person(Person("other", called if " " in called else ""))
    ours = (answer.contact.rpartition("@")[2].casefold(), *answer.own_domains)
    for text in _texts(answer):
        for address in addresses(text):
            if address.casefold() != answer.contact.casefold():
                yield address, STAFF if address.casefold().rpartition("@")[2] in ours else OTHER, HIDE
        yield from ((number, NUMBER, ASK) for number in identities(text))
        yield from ((number, NUMBER, HIDE) for number in phones(text))
    known = {fold(name) for name in (*(each.name for each in people), *answer.own) if " " in name}
    for text in _free_texts(answer):
        yield from ((name, OTHER, ASK) for name in names(text, known))


def _of_person(person: Person) -> Iterator[tuple[str, str, str]]:
    reason = {"staff": STAFF, "bcc": BCC}.get(person.role, OTHER)
    for address in person.addresses:
        yield address, reason, HIDE
    if person.name:
        yield person.name, reason, HIDE
    yield from ((part, reason, ASK) for part in person.name.split() if len(part) >= 2 and " " in person.name)


def _once_called(answer: Answer) -> Iterator[tuple[str, str, str]]:
    """What the contact was called and reached by before: the person's own, or somebody's whose record it was."""
    for part in answer.parts:
        for row in part.rows if part.kind == "history" else ():
            if row.ref.removeprefix("history/") in CALLED:
                before = (word.strip() for each in row.fields for word in each.raw.split(";"))
                yield from ((word, OTHER, ASK) for word in before if word)


def _rows(answer: Answer) -> Iterator[Row]:
    return (row for part in answer.parts for row in part.rows)


def _texts(answer: Answer) -> Iterator[str]:
    for row in _rows(answer):
        yield from (each.raw for each in row.fields if not BCC_FIELD.search(each.name))


def _free_texts(answer: Answer) -> Iterator[str]:
    for part in answer.parts:
        for row in part.rows if part.kind not in NOT_WRITTEN else ():
            yield from (each.raw for each in row.fields if _is_written(part, each))


def _is_written(part: Part, each: Field) -> bool:
    """Tell words that somebody wrote from codes, dates and names of organisations."""
    if each.value.sv != each.raw or (part.kind, each.name) == ("companies", "name"):
        return False
    return bool(TEXT.search(each.name)) or len(each.raw.split()) >= WORDS_OF_A_TEXT
