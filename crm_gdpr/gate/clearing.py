"""What goes with a person: their engagements, conversations, files and tickets removed, what others share kept
without them, and what cannot be removed named.

Every step first looks whether it is already done, so that a broken run can start again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from crm_gdpr.gate.attachments import attached, carried_elsewhere
from crm_gdpr.gate.others import Others
from crm_gdpr.gate.protection import WHOLE, Kept, protected, until
from crm_gdpr.store import Store
from crm_gdpr.store.cases import Case
from crm_gdpr.sync import HubSpot
from crm_gdpr.sync.errors import Forbidden
from crm_gdpr.sync.gather import Kinds, kinds_of, still_own
from crm_gdpr.sync.presence import THREADS, split


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
        names = self._others.names_of(case)
        joined = set(case.frozen.get("own", ())) - {*going, *whole}
        remade = {*case.frozen.get("shared", ()), *joined}
        waits, left = self._others.take_out(case, remade, names)
        hidden = self._others.remaking.hidden(waits)
        files, kept_files, left_files = self._files(case, going, waits, grounds)
        waits += self._archive([*going, *self._own_tickets(case)])
        unheard = self._end_conversations(case)
        for ref in files:
            self.hubspot.purge_file(ref.partition("/")[2])
        left += [*left_files, *unheard, *self._others.still_told_of(case, names)]
        if not names.words:  # HubSpot has let go of the names: a person must look
            left += sorted(ref for ref in remade if ref not in waits)
        kept = {**{ref: ref for ref in whole}, **kept_files}
        found = {
            "kept": [str(self._kept(ref, source, grounds[source])) for ref, source in kept.items()],
            "waits": [*waits, *case.frozen.get("threads", ()), *case.frozen.get("twins", ())],
            "left": left,
            "files": files,
            "unread": [*self.kinds.unread, *hidden, *([THREADS] if names.is_crowded else [])],
        }
        self.store.index.forget_events([ref for ref in waits if ref not in left])
        return self.store.cases.keep(case.contact_id, found)

    def take_out(self, case: Case) -> Case:
        """Take somebody in the bin out of what others share while it tells their names; their own is not touched.

        What nobody else is left to share waits for the end of the bin: a copy would be nobody's.
        """
        names = self._others.names_of(case)
        if not names.words:
            return case
        shared = case.frozen.get("shared", ())
        alone, tickets = set(self._alone(case, "shared")), self._own_tickets(case)
        waits, left = self._others.take_out(case, set(shared) - alone, names)
        left += [ref for ref in self._others.still_told_of(case, names) if ref not in tickets]
        return self.store.cases.keep(case.contact_id, {"taken_out": waits, "left": left})

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
    def _others(self) -> Others:
        return Others(hubspot=self.hubspot, store=self.store, kinds=self.kinds)

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
