"""What others keep of a person: what they share, what names the person on a timeline, a record or in a conversation.

A person is taken out of it by what they are called, so this works only while HubSpot still tells the names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from crm_gdpr.gate.naming import colleagues_of, organisations, words_for
from crm_gdpr.gate.overheard import MOST, overheard
from crm_gdpr.gate.redaction import Values, Words
from crm_gdpr.gate.remaking import Remaking, changes
from crm_gdpr.store import Store
from crm_gdpr.store.cases import Case
from crm_gdpr.sync import HubSpot
from crm_gdpr.sync.errors import Forbidden
from crm_gdpr.sync.gather import Kinds
from crm_gdpr.sync.presence import THREADS, split
from crm_gdpr.sync.records import Record

TIMELINES = ("companies", "deals", "tickets")
ALWAYS_LEFT = ("feedback_submissions",)  # what somebody answered in a survey: no API removes it


@dataclass(frozen=True)
class Names:
    """The words a person is known by, and those that tell somebody else: colleagues, and the organisations."""

    words: Words
    colleagues: Mapping[str, Record]
    around: Sequence[Values]

    @cached_property
    def alone(self) -> Words:
        """The words that are not somebody else's too."""
        return self.words.beside(self.around)

    @property
    def is_crowded(self) -> bool:
        """Tell whether there are more colleagues than those whose conversations are read."""
        return len(self.colleagues) > MOST


@dataclass(frozen=True, kw_only=True)
class Others:
    """Takes people out of what others keep, in one run."""

    hubspot: HubSpot
    store: Store
    kinds: Kinds

    @cached_property
    def remaking(self) -> Remaking:
        """What makes engagements anew, once for all people of a run."""
        return Remaking(hubspot=self.hubspot, store=self.store, kinds=self.kinds)

    def names_of(self, case: Case) -> Names:
        """Return what the person is called, and those around them."""
        companies = split(case.frozen.get("around", ())).get("companies", [])
        colleagues = colleagues_of(self.hubspot, companies, case.contact_id)
        around = [dict(each.properties) for each in colleagues.values()]
        around += [dict(each) for each in organisations(self.hubspot, companies)]
        return Names(words_for(self.hubspot, case.contact_id), colleagues, around)

    def take_out(self, case: Case, shared: Iterable[str], names: Names) -> tuple[list[str], list[str]]:
        """Make anew, without the person, what is shared and what only names them.

        Returns the originals that wait in the bin, and what is a person's to look at.
        """
        named, perhaps = self._mentions(case, names.alone)
        remade = sorted(set(shared))
        named = sorted({*named, *case.frozen.get("begun", ())} - {*remade})
        waits, left = self.remaking.each(remade, case.contact_id, names.words)
        waits_too, left_too = self.remaking.each(named, case.contact_id, names.alone)
        return [*waits, *waits_too], [*left, *left_too, *perhaps]

    def still_told_of(self, case: Case, names: Names) -> list[str]:
        """Return the records around and the conversations of colleagues that name the person, or may."""
        return [*self._records(case, names.words.telling().beside(names.around)), *self._conversations(case, names)]

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
            records = self.hubspot.read_many(kind, new, self.remaking.properties(kind)) if new else {}
            for id_, record in records.items():
                if changes(record, words.telling(), case.contact_id):
                    named.append(f"{kind}/{id_}")
                elif changes(record, words.hints(), case.contact_id):
                    perhaps.append(f"{kind}/{id_}")
        return named, perhaps

    def _records(self, case: Case, words: Words) -> list[str]:
        """Return the records around whose text names the person, or may: their history cannot be rewritten."""
        found = []
        for kind, ids in split(case.frozen.get("around", ())).items():
            try:
                records = self.hubspot.read_many(kind, ids, self.remaking.properties(kind))
            except Forbidden:
                found += [f"{kind}/{id_}" for id_ in ids]
                continue
            found += [
                f"{kind}/{id_}"
                for id_, record in records.items()
                if kind in ALWAYS_LEFT or changes(record, words, case.contact_id)
            ]
        return found

    def _conversations(self, case: Case, names: Names) -> list[str]:
        if not names.alone or THREADS in self.kinds.unread:
            return []
        known = case.frozen.get("threads", ())
        return [ref for ref in overheard(self.hubspot, names.colleagues, names.alone) if ref not in known]
