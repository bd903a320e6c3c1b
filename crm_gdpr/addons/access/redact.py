"""What is not the person's own: other people in texts and headers (Art. 15(4)).  Pure.

The program proposes, a person decides, and only then is anything released.  What is certain is proposed to be hidden;
what only looks like a name must be decided.  Secret recipients and the ids of our staff are no question at all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from crm_gdpr.addons.access.kinds import PERHAPS, SURE
from crm_gdpr.addons.access.model import Answer, Field, Part, Person, Row
from crm_gdpr.policy import Text

OTHER, STAFF, BCC, NUMBER, MEMORY = "other_person", "staff", "bcc", "number", "memory_note"
HIDE, SHOW, ASK = "hide", "show", "ask"
REASONS = {
    OTHER: Text(sv="en annan person", en="another person"),
    STAFF: Text(sv="en medarbetare hos oss", en="one of our staff"),
    BCC: Text(sv="dold mottagare", en="a secret recipient"),
    NUMBER: Text(sv="ett nummer som inte är ditt", en="a number that is not yours"),
    MEMORY: Text(
        sv="utkast eller minnesanteckning (5 kap. 2 § dataskyddslagen)",
        en="a draft or memory note (Swedish Data Protection Act 5:2)",
    ),
}
EXCHANGED = frozenset(kind.name for kind in (*SURE, *PERHAPS) if kind.exchanged) | {"conversations", "tickets"}
NOTES = ("notes", "tasks")
UNTOUCHED = ("section", "forms", "mailings", "lists")  # our own words, and the person's

STAFF_FIELD = re.compile(r"(?:^|_)(?:owner|user)_ids?(?:_|$)|_by_user_id$|updated_by|created_by", re.IGNORECASE)
BCC_FIELD = re.compile(r"bcc", re.IGNORECASE)
ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
PHONE = re.compile(r"(?<![\w/.:-])\+?\d[\d\s()/-]{6,}\d(?![\w-])")
IDENTITY = re.compile(r"(?<!\d)(?:19|20)?\d{6}[-+]\d{4}(?!\d)")  # personnummer
ONE_NAME = r"[A-ZÅÄÖÉ][a-zåäöéü]+(?:-[A-ZÅÄÖ][a-zåäöé]+)?"
NAME = re.compile(rf"(?<![\w.@-]){ONE_NAME}(?:[ \u00a0]{ONE_NAME})+")
TEXT = re.compile(r"body|text|html|content|description|notes|subject|title|message|resolution", re.IGNORECASE)
TEXT_TYPES = ("conversations",)


@dataclass(frozen=True)
class Proposal:
    """Something that may have to be hidden: what, why, what the program thinks, and where it stands."""

    id: str
    what: str
    reason: str
    advice: str
    places: tuple[str, ...] = ()
    context: str = ""


@dataclass(frozen=True)
class Review:
    """What a person decided: what is hidden, by reason; which notes and files stay with us."""

    hidden: Mapping[str, str] = field(default_factory=dict)
    notes: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()


def proposals(answer: Answer) -> tuple[Proposal, ...]:
    """Return what a person must look at, the certain first."""
    found: dict[str, Proposal] = {}
    own, mine, words = {word.casefold() for word in answer.own}, own_pattern(answer.own), Words.of(answer)
    for what, reason, advice in _candidates(answer):
        key = _fold(what)
        if key in found or key in own or not key or _is_own(what, mine):
            continue
        places = tuple(words.places(what, reason))
        if places:
            number = f"p{len(found) + 1}"
            found[key] = Proposal(number, what, reason, advice, tuple(ref for ref, _ in places), places[0][1])
    order = {HIDE: 0, ASK: 1, SHOW: 2}
    return tuple(sorted(found.values(), key=lambda each: order[each.advice]))


def notes_of(answer: Answer) -> tuple[Row, ...]:
    """The notes that could be drafts or memory notes; they are disclosed unless a person says why not."""
    return tuple(row for part in answer.parts if part.kind in NOTES for row in part.rows)


def redacted(answer: Answer, review: Review) -> Answer:
    """Return the answer as it may be released: what was decided is hidden, and what is never disclosed is gone."""
    parts = tuple(_redact_part(part, review, answer.own) for part in answer.parts)
    files = tuple(each for each in answer.files if each.id not in review.files)
    return replace(answer, parts=parts, people=(), files=files)


def leaks(answer: Answer, review: Review) -> list[str]:
    """Return what was to be hidden and is still there: nothing, or the answer is not released."""
    everywhere = [what for what, reason in review.hidden.items() if reason != STAFF]
    words = Words.of(answer)
    return [what for what in everywhere if any(True for _ in words.places(what, OTHER))]


def _candidates(answer: Answer) -> Iterator[tuple[str, str, str]]:
    for person in answer.people:
        yield from _of_person(person)
    known = [name.casefold() for name in (*(each.name for each in answer.people), *answer.own) if " " in name]
    domain = answer.contact.rpartition("@")[2].casefold()
    for text in _texts(answer):
        for address in ADDRESS.findall(text):
            if address.casefold() != answer.contact.casefold():
                ours = address.casefold().endswith(f"@{domain}")
                yield address, STAFF if ours else OTHER, HIDE
        yield from ((number, NUMBER, HIDE) for number in IDENTITY.findall(text))
        yield from ((number.strip(), NUMBER, HIDE) for number in PHONE.findall(text) if _is_phone(number))
    for text in _free_texts(answer):
        for name in NAME.findall(text):  # "Hälsningar Anna Ek" is Anna Ek, who is known already
            if not any(each in _fold(name) for each in known):
                yield name, OTHER, ASK


def _of_person(person: Person) -> Iterator[tuple[str, str, str]]:
    reason = {"staff": STAFF, "bcc": BCC}.get(person.role, OTHER)
    for address in person.addresses:
        yield address, reason, HIDE
    if person.name:
        yield person.name, reason, HIDE
    yield from ((part, reason, ASK) for part in person.name.split() if len(part) >= 3 and " " in person.name)


def _is_phone(number: str) -> bool:
    digits = re.sub(r"\D", "", number)
    return 8 <= len(digits) <= 15 and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", number.strip()[:10])


def own_pattern(own: Iterable[str]) -> re.Pattern[str] | None:
    words = [re.escape(word) for word in own if word]
    return re.compile("|".join(words), re.IGNORECASE) if words else None


def _is_own(what: str, mine: re.Pattern[str] | None) -> bool:
    """A name or number of the person's own, however it is written; part of a longer one is not."""
    if mine is None:
        return False
    if mine.fullmatch(what.strip()):
        return True
    digits = re.sub(r"\D", "", what)
    known = (re.sub(r"\D", "", word) for word in mine.pattern.split("|"))
    return len(digits) >= 8 and any(len(each) >= 8 and each[-8:] == digits[-8:] for each in known)


def _texts(answer: Answer) -> Iterator[str]:
    for part in answer.parts:
        if part.kind not in UNTOUCHED:
            yield from (each.raw for row in part.rows for each in row.fields if not BCC_FIELD.search(each.name))


def _free_texts(answer: Answer) -> Iterator[str]:
    for part in answer.parts:
        if part.kind not in (*UNTOUCHED, "contacts", "usage", "history", "events", "companies"):
            for row in part.rows:
                yield from (each.raw for each in row.fields if TEXT.search(each.name) or part.kind in TEXT_TYPES)


@dataclass(frozen=True)
class Words:
    """All words of an answer, row by row and as one text, to find things in without reading it a thousand times."""

    rows: tuple[tuple[str, str, tuple[str, ...], str], ...]  # kind, ref, texts, texts folded
    whole: str

    @classmethod
    def of(cls, answer: Answer) -> Words:
        rows = []
        for part in answer.parts:
            for row in part.rows if part.kind not in UNTOUCHED else ():
                texts = tuple(text for each in row.fields for text in dict.fromkeys((each.raw, each.value.sv)))
                rows.append((part.kind, row.ref or part.kind, texts, _fold("\n".join(texts))))
        return cls(tuple(rows), "\n".join(folded for *_, folded in rows))

    def places(self, what: str, reason: str) -> Iterator[tuple[str, str]]:
        """Yield each record that has it, with the words around it."""
        key, pattern = _fold(what), _literal(what)
        if key not in self.whole:
            return
        for kind, ref, texts, folded in self.rows:
            if key in folded and not (reason == STAFF and kind in EXCHANGED):
                hit = next((hit for text in texts if (hit := pattern.search(text))), None)
                if hit is not None:
                    yield ref, _context(hit)


def _fold(text: str) -> str:
    """Make alike whatever a search without regard to case and spacing takes for alike, every i among them."""
    return " ".join(text.split()).casefold().replace("i\u0307", "i").replace("\u0131", "i")


def _context(hit: re.Match[str]) -> str:
    start, end = max(0, hit.start() - 40), hit.end() + 40
    return " ".join(hit.string[start:end].split())


def _literal(what: str) -> re.Pattern[str]:
    """What is hidden is found however it is spaced and cased, but not inside another word."""
    words = r"\s+".join(re.escape(word) for word in what.split())
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)


def _redact_part(part: Part, review: Review, own: tuple[str, ...]) -> Part:
    kept = tuple(row for row in part.rows if row.ref not in review.notes)
    gone = len(part.rows) - len(kept)
    withheld = {**part.withheld, **({MEMORY: gone} if gone else {})}
    counts: Counter[str] = Counter(part.redacted)
    if part.kind in UNTOUCHED:
        return replace(part, rows=kept, withheld=withheld)
    hide = _hider(review.hidden, counts, exchanged=part.kind in EXCHANGED)
    rows = tuple(_redact_row(row, hide, counts, own) for row in kept)
    return replace(part, rows=rows, withheld=withheld, redacted=dict(counts))


def _redact_row(row: Row, hide: Callable[[str, str], str], counts: Counter[str], own: tuple[str, ...]) -> Row:
    return replace(
        row,
        title=Text(sv=hide(row.title.sv, "sv"), en=hide(row.title.en, "en")),
        fields=tuple(_redact_field(each, hide, counts, own) for each in row.fields),
    )


def _redact_field(each: Field, hide: Callable[[str, str], str], counts: Counter[str], own: tuple[str, ...]) -> Field:
    if STAFF_FIELD.search(each.name):
        counts[STAFF] += 1
        return replace(each, value=REASONS[STAFF], raw=f"[{STAFF}]")
    if BCC_FIELD.search(each.name):
        kept = "; ".join(
            part.strip() for part in re.split(r"[;,]", each.raw) if part.strip().casefold() in _folded(own)
        )
        counts[BCC] += kept != each.raw
        return replace(each, value=Text(sv=kept or "–", en=kept or "–"), raw=kept)
    value = Text(sv=hide(each.value.sv, "sv"), en=hide(each.value.en, "en"))
    return replace(each, value=value, raw=hide(each.raw, "raw"))


def _folded(words: Iterable[str]) -> set[str]:
    return {word.casefold() for word in words}


def _hider(hidden: Mapping[str, str], counts: Counter[str], *, exchanged: bool) -> Callable[[str, str], str]:
    """Return what replaces all that is hidden in one kind, the longest first; each place counts once."""
    wanted = {what: reason for what, reason in hidden.items() if not (exchanged and reason == STAFF)}
    reasons = {_fold(what): reason for what, reason in wanted.items()}
    ordered = [(_fold(what), f"(?:{_literal(what).pattern})") for what in sorted(wanted, key=len, reverse=True)]

    def hide(text: str, language: str) -> str:
        def replaced(hit: re.Match[str]) -> str:
            reason = reasons.get(_fold(hit.group()), OTHER)
            counts[reason] += language == "raw"
            return f"[{reason}]" if language == "raw" else f"[{REASONS[reason].in_(language)}]"

        folded = _fold(text)
        present = [pattern for key, pattern in ordered if key in folded]  # few of thousands stand in one text
        return re.sub("|".join(present), replaced, text, flags=re.IGNORECASE) if present else text

    return hide
