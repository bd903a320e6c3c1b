"""What goes with a person: their engagements, conversations, files and tickets removed, what others share kept
without them, and what cannot be removed named.

Every step first looks whether it is already done, so that a broken run can start again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from crm_gdpr.gate.attachments import attached, carried_elsewhere
from crm_gdpr.gate.naming import colleagues_of, organisations, words_for
from crm_gdpr.gate.overheard import MOST, overheard
from crm_gdpr.gate.protection import WHOLE, Kept, protected, until
from crm_gdpr.gate.redaction import Words
from crm_gdpr.gate.remaking import Remaking, changes
from crm_gdpr.store import Store
from crm_gdpr.store.cases import Case
from crm_gdpr.sync import HubSpot
from crm_gdpr.sync.errors import Forbidden
from crm_gdpr.sync.gather import Kinds, kinds_of, still_own
from crm_gdpr.sync.presence import THREADS, split
from crm_gdpr.sync.records import Record

TIMELINES = ("companies", "deals", "tickets")
ALWAYS_LEFT = ("feedback_submissions",)  # what somebody answered in a survey: no API removes it


@dataclass(frozen=True, kw_only=True)
class Clearing:
    """Clears what hangs on people; the contacts themselves are not touched here."""

    hubspot: HubSpot
    store: Store
    today: date

    @cached_property
    def kinds(self) -> Kinds:
        """The kinds of record that the account has, looked for once a run."""
        return kinds_of(self.hubspot)

    def clear(self, case: Case) -> Case:
        """Remove, redact or keep with a ground; the case then says what was kept, what waits, what is left."""
        grounds = protected(self.hubspot, case.frozen.get("own", ()), self.kinds)
        whole = [ref for ref in grounds if ref.startswith(f"{WHOLE}/")]
        going = [ref for ref in self._alone(case, "own") if ref not in grounds]
        words = words_for(self.hubspot, case.contact_id)
        colleagues = colleagues_of(self.hubspot, self._companies(case), case.contact_id)
        around = self._nearby(case, colleagues)
        named, perhaps = self._mentions(case, words.beside(around))
        joined = set(case.frozen.get("own", ())) - {*going, *whole}
        remade = sorted({*case.frozen.get("shared", ()), *joined})
        named = sorted({*named, *case.frozen.get("begun", ())} - {*remade})
        waits, left = self._remaking.each(remade, case.contact_id, words)
        for all_of, more in zip(
            (waits, left), self._remaking.each(named, case.contact_id, words.beside(around)), strict=True
        ):
            all_of.extend(more)
        hidden = self._remaking.hidden(waits)
        files, kept_files, left_files = self._files(case, going, waits, grounds)
        waits += self._archive([*going, *self._own_tickets(case)])
        unheard = self._end_conversations(case)
        for ref in files:
            self.hubspot.purge_file(ref.partition("/")[2])
        left += [*perhaps, *left_files, *unheard, *self._still_told_of(case, words.telling().beside(around))]
        left += self._overheard(case, colleagues, words.beside(around))
        if not words:  # HubSpot has let go of the names: a person must look
            left += [ref for ref in remade if ref not in waits]
        kept = {**{ref: ref for ref in whole}, **kept_files}
        found = {
            "kept": [str(self._kept(ref, source, grounds[source])) for ref, source in kept.items()],
            "waits": [*waits, *case.frozen.get("threads", ()), *case.frozen.get("twins", ())],
            "left": left,
            "files": files,
            "unread": [*self.kinds.unread, *hidden, *([THREADS] if len(colleagues) > MOST else [])],
        }
        self.store.index.forget_events([ref for ref in waits if ref not in left])
        return self.store.cases.keep(case.contact_id, found)

    def let_go(self, case: Case) -> list[str]:
        """Let go of what was kept, after its last day; returns what went, or is now a person's to look at."""
        kept = [Kept.read(line) for line in case.frozen.get("kept", ())]
        over = [each.ref for each in kept if each.until < self.today]
        if not over:
            return []
        records = [ref for ref in over if not ref.startswith("files/")]
        own = set(still_own(self.hubspot, records, case.contact_id))
        files = [ref.partition("/")[2] for ref in over if ref.startswith("files/")]
        elsewhere = carried_elsewhere(self.hubspot, files, over, self.kinds)
        left = [*(ref for ref in records if ref not in own), *(f"files/{id_}" for id_ in sorted(elsewhere))]
        self.store.cases.keep(case.contact_id, {"waits": sorted(own), "left": left})
        self._archive([ref for ref in records if ref in own])
        for file_id in files:
            if file_id not in elsewhere:
                self.hubspot.purge_file(file_id)
        self.store.cases.put(case.contact_id, kept=[str(each) for each in kept if each.ref not in over])
        return over

    @cached_property
    def _remaking(self) -> Remaking:
        return Remaking(hubspot=self.hubspot, store=self.store, kinds=self.kinds)

    def _archive(self, refs: Iterable[str]) -> list[str]:
        done = []
        for ref in refs:
            kind, _, id_ = ref.partition("/")
            self.hubspot.archive(kind, id_)
            done.append(ref)
        return done

    def _alone(self, case: Case, part: str) -> list[str]:
        return still_own(self.hubspot, case.frozen.get(part, ()), case.contact_id)

    def _kept(self, ref: str, source: str, ground: str) -> Kept:
        kind, _, id_ = source.partition("/")
        record = self.hubspot.read(kind, id_, ("hs_timestamp",)) or self.hubspot.read(
            kind, id_, ("hs_timestamp",), archived=True
        )
        happened = record.properties.get("hs_timestamp") if record else None
        return Kept(ref, ground, until(ground, happened, self.today))

    def _companies(self, case: Case) -> list[str]:
        return split(case.frozen.get("around", ())).get("companies", [])

    def _nearby(self, case: Case, colleagues: Mapping[str, Record]) -> list[dict[str, str | None]]:
        """Return what colleagues and the organisations are called: words that do not tell this person."""
        return [dict(each.properties) for each in colleagues.values()] + [
            dict(each) for each in organisations(self.hubspot, self._companies(case))
        ]

    def _overheard(self, case: Case, colleagues: Iterable[str], words: Words) -> list[str]:
        """Return the conversations of colleagues that name the person, or may."""
        if not words or THREADS in self.kinds.unread:
            return []
        return [ref for ref in overheard(self.hubspot, colleagues, words) if ref not in case.frozen.get("threads", ())]

    def _mentions(self, case: Case, words: Words) -> tuple[list[str], list[str]]:
        """Return what names the person on the timelines around without being associated with them, and what may."""
        around = split(case.frozen.get("around", ()))
        known = {*case.frozen.get("own", ()), *case.frozen.get("shared", ())}
        named, perhaps = [], []
        for kind in self.kinds.engagements if words else ():
            ids = {
                id_
                for near in TIMELINES
                for several in self.hubspot.associated(near, kind, around.get(near, ())).values()
                for id_ in several
            }
            new = sorted(id_ for id_ in ids if f"{kind}/{id_}" not in known)
            records = self.hubspot.read_many(kind, new, self._remaking.properties(kind)) if new else {}
            for id_, record in records.items():
                if changes(record, words.telling(), case.contact_id):
                    named.append(f"{kind}/{id_}")
                elif changes(record, words.hints(), case.contact_id):
                    perhaps.append(f"{kind}/{id_}")
        return named, perhaps

    def _own_tickets(self, case: Case) -> list[str]:
        """Return the tickets of nobody else; those that carry a request stay until its period is over."""
        tickets = split(case.frozen.get("around", ())).get("tickets", [])
        alone = still_own(self.hubspot, [f"tickets/{id_}" for id_ in tickets], case.contact_id)
        requests = {f"tickets/{request.ticket_id}" for request in self.store.requests.of(case.contact_id)}
        return [ref for ref in alone if ref not in requests]

    def _files(
        self, case: Case, going: Sequence[str], waits: Sequence[str], grounds: dict[str, str]
    ) -> tuple[list[str], dict[str, str], list[str]]:
        """Return the files to erase, those kept with what protects them, and those that others share."""
        others = {*waits, *case.frozen.get("shared", ())} - {*grounds}
        theirs = attached(self.hubspot, [*going, *grounds, *others], self.kinds)
        mine = {ref.partition("/")[2] for ref in case.frozen.get("uploads", ())}
        mine |= {file for ref in going for file in theirs.get(ref, ())}
        kept = {f"files/{file}": ref for ref in grounds for file in theirs.get(ref, ())}
        shared = {file for ref in others for file in theirs.get(ref, ())}
        elsewhere = carried_elsewhere(self.hubspot, mine, [*going, *waits], self.kinds) | shared
        erased = sorted(f"files/{file}" for file in mine - elsewhere if f"files/{file}" not in kept)
        left = sorted(f"files/{file}" for file in shared | (mine & elsewhere) if f"files/{file}" not in kept)
        return erased, kept, left

    def _end_conversations(self, case: Case) -> list[str]:
        """Put the person's conversations in the trash; return those that the app may not."""
        threads = case.frozen.get("threads", ())
        try:
            for ref in threads:
                self.hubspot.archive_thread(ref.partition("/")[2])
        except Forbidden:
            return list(threads)
        return []

    def _still_told_of(self, case: Case, words: Words) -> list[str]:
        """Return the records around whose text names the person, or may: their history cannot be rewritten."""
        found = []
        for kind, ids in split(case.frozen.get("around", ())).items():
            try:
                records = self.hubspot.read_many(kind, ids, self._remaking.properties(kind))
            except Forbidden:
                found += [f"{kind}/{id_}" for id_ in ids]
                continue
            found += [
                f"{kind}/{id_}"
                for id_, record in records.items()
                if kind in ALWAYS_LEFT or changes(record, words, case.contact_id)
            ]
        return found
