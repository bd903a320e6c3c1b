"""What is not the person's own: other people in texts and headers (Art. 15(4)).  Pure.

The program proposes (`proposing.py`), a person decides, and only then is anything released.  Secret recipients and
the ids of our staff are no question at all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from crm_gdpr.addons.access.kinds import PERHAPS, SURE
from crm_gdpr.addons.access.model import Answer, Field, Part, Row
from crm_gdpr.policy import Text

OTHER, STAFF, BCC, NUMBER, MEMORY = "other_person", "staff", "bcc", "number", "memory_note"
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

STAFF_FIELD = re.compile(
    r"(?:^|_)(?:owner|user)_ids?(?:_|\b)|updated_by|created_by|^(?:taken_|gdpr_\w+_)?by\b", re.IGNORECASE
)
STAFF_ID = re.compile(r"\buserId:\d+")
BCC_FIELD = re.compile(r"bcc", re.IGNORECASE)
OF_ONE = re.compile(r"(.*?)(?:first_?name|last_?name|full_?name|(?:mobile_?)?phone)$", re.IGNORECASE)


@dataclass(frozen=True)
class Review:
    """What a person decided: what is hidden, by reason; which notes and files stay with us."""

    hidden: Mapping[str, str] = field(default_factory=dict)
    notes: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()


def redacted(answer: Answer, review: Review) -> Answer:
    """Return the answer as it may be released: what was decided is hidden, and what is never disclosed is gone."""
    parts = tuple(_redact_part(part, review, answer.own) for part in answer.parts)
    hide = _hider(review.hidden, Counter(), exchanged=False)
    files = tuple(replace(each, name=hide(each.name, "raw")) for each in answer.files if each.id not in review.files)
    return replace(answer, parts=parts, people=(), files=files)


def leaks(answer: Answer, review: Review) -> list[str]:
    """Return what was to be hidden and is still there: nothing, or the answer is not released."""
    everywhere = [what for what, reason in review.hidden.items() if reason != STAFF]
    words = Words.of(answer)
    return [what for what in everywhere if any(True for _ in words.places(what, OTHER))]


def others_in(row: Row, own: Iterable[str]) -> Iterator[tuple[Field, tuple[Field, ...]]]:
    """Yield each address in a row that is not the person's, with the names and numbers that stand beside it."""
    mine = {fold(word) for word in own}
    for address in row.fields:
        if address.name.casefold().endswith("email") and "@" in address.raw and fold(address.raw) not in mine:
            before = address.name[: -len("email")].casefold()
            beside = ((each, OF_ONE.match(each.name)) for each in row.fields)
            yield address, tuple(each for each, hit in beside if hit and hit.group(1).casefold() == before)


@dataclass(frozen=True)
class Words:
    """All words of an answer, row by row and as one text, to find things in without reading it a thousand times."""

    rows: tuple[tuple[str, str, tuple[str, ...], str], ...]  # kind, ref, texts, texts folded
    whole: str

    @classmethod
    def of(cls, answer: Answer) -> Words:
        rows = []
        for part in answer.parts:
            for row in part.rows:
                texts = tuple(text for each in row.fields for text in dict.fromkeys((each.raw, each.value.sv)))
                rows.append((part.kind, row.ref or part.kind, texts, fold("\n".join(texts))))
        return cls(tuple(rows), "\n".join(folded for *_, folded in rows))

    def places(self, what: str, reason: str) -> Iterator[tuple[str, str]]:
        """Yield each record that has it, with the words around it."""
        key, pattern = fold(what), _literal(what)
        if key not in self.whole:
            return
        for kind, ref, texts, folded in self.rows:
            if key in folded and not (reason == STAFF and kind in EXCHANGED):
                hit = next((hit for text in texts if (hit := pattern.search(text))), None)
                if hit is not None:
                    yield ref, _context(hit)


def fold(text: str) -> str:
    """Make alike whatever a search without regard to case and spacing takes for alike, every i among them."""
    return " ".join(text.split()).casefold().replace("i\u0307", "i").replace("\u0131", "i")


def _context(hit: re.Match[str]) -> str:
    start, end = max(0, hit.start() - 40), hit.end() + 40
    return " ".join(hit.string[start:end].split())


def _literal(what: str) -> re.Pattern[str]:
    """What is hidden is found however it is spaced and cased, in the genitive too, but not inside another word."""
    words = r"\s+".join(re.escape(word) for word in what.split())
    genitive = r"(?:['\u2019]?s)?" if what[-1:].isalpha() and "@" not in what else ""
    return re.compile(rf"(?<!\w){words}{genitive}(?!\w)", re.IGNORECASE)


def _redact_part(part: Part, review: Review, own: tuple[str, ...]) -> Part:
    kept = tuple(row for row in part.rows if row.ref not in review.notes)
    gone = len(part.rows) - len(kept)
    withheld = {**part.withheld, **({MEMORY: gone} if gone else {})}
    counts: Counter[str] = Counter(part.redacted)
    hide = _hider(review.hidden, counts, exchanged=part.kind in EXCHANGED)
    rows = tuple(_redact_row(row, hide, counts, own) for row in kept)
    return replace(part, rows=rows, withheld=withheld, redacted=dict(+counts))


def _redact_row(row: Row, hide: Callable[[str, str], str], counts: Counter[str], own: tuple[str, ...]) -> Row:
    fields = [(each, _redact_field(each, hide, counts, own)) for each in row.fields]  # a form may repeat a name
    for address, beside in others_in(row, own):
        gone = next(now for was, now in fields if was is address)
        if gone.raw != address.raw:  # whoever is hidden is hidden with their name
            theirs = {id(each) for each in beside}
            fields = [
                (was, replace(was, value=gone.value, raw=gone.raw) if id(was) in theirs else now) for was, now in fields
            ]
    title = Text(sv=hide(row.title.sv, "sv"), en=hide(row.title.en, "en"))
    return replace(row, title=title, fields=tuple(now for _, now in fields))


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
    value = Text(*(STAFF_ID.sub(REASONS[STAFF].in_(lang), hide(each.value.in_(lang), lang)) for lang in ("sv", "en")))
    counts[STAFF] += bool(STAFF_ID.search(each.raw))
    return replace(each, value=value, raw=STAFF_ID.sub(f"[{STAFF}]", hide(each.raw, "raw")))


def _folded(words: Iterable[str]) -> set[str]:
    return {word.casefold() for word in words}


def _hider(hidden: Mapping[str, str], counts: Counter[str], *, exchanged: bool) -> Callable[[str, str], str]:
    """Return what replaces all that is hidden in one kind, the longest first; each place counts once."""
    wanted = {what: reason for what, reason in hidden.items() if not (exchanged and reason == STAFF)}
    reasons = {fold(what): reason for what, reason in wanted.items()}
    ordered = [(fold(what), f"(?:{_literal(what).pattern})") for what in sorted(wanted, key=len, reverse=True)]

    def hide(text: str, language: str) -> str:
        def replaced(hit: re.Match[str]) -> str:
            said = fold(hit.group())
            reason = reasons.get(said) or reasons.get(said.removesuffix("s").rstrip("'\u2019")) or OTHER
            counts[reason] += language == "raw"
            return f"[{reason}]" if language == "raw" else f"[{REASONS[reason].in_(language)}]"

        folded = fold(text)
        present = [pattern for key, pattern in ordered if key in folded]  # few of thousands stand in one text
        return re.sub("|".join(present), replaced, text, flags=re.IGNORECASE) if present else text

    return hide
