"""A copy of the store, and its return, as an operator restores one."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from crm_gdpr.env import Env


class Copy:
    """The store as it is now; put back as often as wanted, with the journal beside it as it was or as it is then."""

    def __init__(self, env: Env) -> None:
        self._url, self._journal = env.settings.database_url, env.settings.journal
        self._store = sqlite3.connect(":memory:")
        with self._live() as live:
            live.backup(self._store)
        self._told = self._journal.read_bytes() if self._journal.exists() else None

    def put_back(self, *, journal_too: bool = False) -> None:
        with self._live() as live:
            self._store.backup(live)
        if journal_too:
            self._journal.unlink(missing_ok=True)
            if self._told is not None:
                self._journal.write_bytes(self._told)

    def _live(self) -> closing[sqlite3.Connection]:
        return closing(sqlite3.connect(self._url.removeprefix("sqlite:///")))
